//! The people are invented, the same every time, and varied enough for every step of a funnel.

use std::collections::HashSet;

use chrono::{Datelike, Days};
use demo::{Channel, DEMO_TODAY, Decision, Person, PersonKind, Sex, is_deliverable};

use crate::shop;

fn people() -> Vec<Person> {
    shop().people().unwrap().map(Result::unwrap).collect()
}

fn share(people: &[&Person], is_so: impl Fn(&Person) -> bool) -> f64 {
    100.0 * people.iter().filter(|person| is_so(person)).count() as f64 / people.len() as f64
}

#[test]
fn there_are_4372_buyers_and_17599_members() {
    let people = people();
    let members = people.iter().filter(|person| person.kind == PersonKind::Member).count();
    assert_eq!(people.len() - members, 4_372);
    assert_eq!(members, 17_599);
    assert!(people[..4_372].iter().all(|person| person.kind == PersonKind::Buyer));
}

#[test]
fn about_78_percent_allow_mail_and_each_step_of_a_funnel_loses_somebody() {
    let people = people();
    for kind in [PersonKind::Buyer, PersonKind::Member] {
        let group: Vec<_> = people.iter().filter(|person| person.kind == kind).collect();
        let allowed = share(&group, Person::allowed_mail);
        assert!((77.0..=79.0).contains(&allowed), "{kind:?} {allowed}");
        let broken = share(&group, |person| !is_deliverable(&person.mail));
        assert!((0.8..=2.0).contains(&broken), "{kind:?} {broken}");
        let stopped = share(&group, |person| person.unsubscribed_at.is_some());
        assert!((0.8..=2.2).contains(&stopped), "{kind:?} {stopped}");
        for channel in [Channel::Mail, Channel::Phone, Channel::Post] {
            for decision in [Decision::Allowed, Decision::Refused] {
                let decided =
                    |person: &Person| person.consent(channel).is_some_and(|consent| consent.decision == decision);
                assert!(group.iter().any(|person| decided(person)), "{kind:?} {channel:?} {decision:?}");
            }
            assert!(group.iter().any(|person| person.consent(channel).is_none()));
        }
    }
}

#[test]
fn mails_phones_ids_and_companies_belong_to_one_person_each() {
    let people = people();
    let unique = |values: Vec<&String>| values.iter().collect::<HashSet<_>>().len() == values.len();
    assert!(unique(people.iter().map(|person| &person.mail).collect()));
    assert!(unique(people.iter().map(|person| &person.id).collect()));
    assert!(unique(people.iter().filter_map(|person| person.phone.as_ref()).collect()));
    assert!(unique(people.iter().filter_map(|person| person.company.as_ref()).collect()));
}

#[test]
fn no_address_and_no_telephone_can_reach_anybody() {
    for person in people() {
        if is_deliverable(&person.mail) {
            assert!(person.mail.ends_with("@example.com"), "{}", person.mail);
        }
        if let Some(phone) = person.phone {
            assert!(phone.starts_with("070-000"), "{phone}");
        }
    }
}

#[test]
fn the_same_folder_gives_the_same_people() {
    assert_eq!(people(), people());
}

#[test]
fn many_of_the_heavy_buyers_are_trade() {
    let shop = shop();
    let heavy: HashSet<String> = shop
        .buyers()
        .unwrap()
        .into_iter()
        .filter(|buyer| buyer.spent_pence >= 150_000 || buyer.units >= 1_000)
        .map(|buyer| buyer.customer.to_string())
        .collect();
    let people = people();
    let heavy: Vec<_> = people.iter().filter(|person| heavy.contains(&person.id)).collect();
    let trade = share(&heavy, |person| person.company.is_some());
    assert!((45.0..=58.0).contains(&trade), "{trade} of {}", heavy.len());
}

#[test]
fn chihiro_morishita_is_who_the_guide_says() {
    let people = people();
    let regular = people.iter().find(|person| person.id == "16928").unwrap();
    assert_eq!((regular.family.as_str(), regular.given.as_str()), ("森下", "千尋"));
    assert_eq!(regular.company.as_deref(), Some("つまみと把手 森下商店"));
    assert_eq!(regular.mail, "c.morishita@example.com");
    assert_eq!(regular.birthday.to_string(), "1979-04-08");
    assert_eq!(regular.since.date().to_string(), "2025-12-03");
    assert!(regular.is_reachable_by_mail());
    assert_eq!(regular.consent(Channel::Phone).unwrap().decision, Decision::Refused);
    assert_eq!(regular.consent(Channel::Post), None);
}

#[test]
fn members_joined_in_the_two_years_before_today_and_consent_is_never_later() {
    let two_years_ago = DEMO_TODAY.checked_sub_days(Days::new(731)).unwrap();
    for person in people() {
        if person.kind == PersonKind::Member {
            assert!((two_years_ago..DEMO_TODAY).contains(&person.since.date()));
        }
        assert!(person.consents.iter().all(|consent| consent.at == person.since));
        if let Some(stopped) = person.unsubscribed_at {
            assert!(stopped > person.since && stopped.date() < DEMO_TODAY);
            assert!(person.allowed_mail());
        }
    }
}

#[test]
fn buyers_are_grown_up_with_a_reading_and_members_mostly_have_one() {
    let people = people();
    let (buyers, members) = people.split_at(4_372);
    assert!(buyers.iter().all(|person| person.family_kana.is_some() && person.given_kana.is_some()));
    assert!(buyers.iter().all(|person| (1949..=2004).contains(&person.birthday.year())));
    let members: Vec<_> = members.iter().collect();
    assert!(share(&members, |person| person.family_kana.is_some()) > 90.0);
    assert!(share(&members, |person| person.sex == Some(Sex::Female)) > 75.0);
}
