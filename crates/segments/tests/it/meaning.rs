//! A segment has one meaning: whoever is found over everyone is in when asked alone, and nobody else.

use crate::{
    trees::{DAYS, SKUS, tree},
    world::{NewYork, World, alias, consent, identify, order, page, refund, track},
};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use segments::tree::SegmentTree;
use serde_json::json;
use std::sync::atomic::{AtomicU32, Ordering};
use testing::on_both;
use tokio::runtime::Handle;
use vocabulary::{Event, event::names};

/// Something that somebody did: so many days ago, in that minute of the day.
#[derive(Clone, Debug)]
struct Deed {
    days: i32,
    minute: i64,
    what: What,
    is_simulated: bool,
}

#[derive(Clone, Debug)]
enum What {
    Order { sku: usize, yen: i64 },
    Refund { yen: i64 },
    Did { name: &'static str },
    Page { name: &'static str },
}

#[derive(Clone, Debug)]
struct Somebody {
    sex: Option<&'static str>,
    birthday: Option<&'static str>,
    prefecture: Option<&'static str>,
    company: Option<&'static str>,
    email: Option<&'static str>,
    consent: Option<bool>,
    is_stopped: bool,
    deeds: Vec<Deed>,
    /// Turns out to be one of those before.
    is_also: Option<usize>,
}

fn deed() -> impl Strategy<Value = Deed> {
    let yen = prop_oneof![Just(0), 1..400_i64, select(vec![1_000, 3_000])];
    let what = prop_oneof![
        4 => (0..SKUS.len(), yen.clone()).prop_map(|(sku, yen)| What::Order { sku, yen }),
        1 => yen.prop_map(|yen| What::Refund { yen }),
        2 => select(vec![names::MAIL_OPENED, names::MAIL_CLICKED, "Wishlist Filled"]).prop_map(|name| What::Did { name }),
        2 => select(vec![names::PAGE, names::MAIL_OPENED, "Home"]).prop_map(|name| What::Page { name }),
    ];
    let minute = prop_oneof![Just(0), Just(1_439), 0..1_440_i64];
    (select(DAYS.to_vec()), minute, what, proptest::bool::weighted(0.1))
        .prop_map(|(days, minute, what, is_simulated)| Deed { days, minute, what, is_simulated })
}

fn somebody() -> impl Strategy<Value = Somebody> {
    // Near the day on which the stories are asked, 13 to 16 November; a leap day; parts of a birthday only.
    let birthdays = vec![
        "1980-11-12",
        "1980-11-13",
        "1980-11-14",
        "1980-11-16",
        "1980-02-29",
        "1979-12-31",
        "1981-01-01",
        "--11-13",
        "1980-11",
        "--02",
    ];
    let facts = (
        option::of(select(vec!["male", "female", "declined"])),
        option::of(select(birthdays)),
        option::of(select(vec!["北海道", "青森県", "岩手県"])),
        option::of(select(vec!["山田商店", ""])),
        option::of(select(vec!["Hanako@Example.com", "taro@example.com", "no address"])),
        option::of(any::<bool>()),
        proptest::bool::weighted(0.2),
    );
    (facts, vec(deed(), 0..8), option::weighted(0.3, 0..8_usize)).prop_map(
        |((sex, birthday, prefecture, company, email, consent, is_stopped), deeds, is_also)| Somebody {
            sex,
            birthday,
            prefecture,
            company,
            email,
            consent,
            is_stopped,
            deeds,
            is_also,
        },
    )
}

impl Somebody {
    fn events(&self, world: &World, number: &str) -> Vec<Event> {
        let email = self.email.map(|email| format!("{number}.{email}"));
        let mut traits = json!({ "sex": self.sex, "birthday": self.birthday, "prefecture": self.prefecture, "company": self.company, "email": email });
        traits.as_object_mut().unwrap().retain(|_, fact| !fact.is_null());
        let mut events = vec![identify(number, traits)];
        events.extend(self.consent.map(|is_yes| consent(number, if is_yes { "granted" } else { "denied" })));
        for (n, deed) in self.deeds.iter().enumerate() {
            let at = world.ago(deed.days, deed.minute);
            let event = match &deed.what {
                What::Order { sku, yen } => order(number, &format!("{number}/{n}"), at, SKUS[*sku], *yen),
                What::Refund { yen } => refund(number, &format!("{number}/{n}"), at, *yen),
                What::Did { name } => track(number, name, at),
                What::Page { name } => Event { name: (*name).to_owned(), ..page(number, at) },
            };
            events.push(Event { is_simulated: deed.is_simulated, ..event });
        }
        events
    }
}

static CASES: AtomicU32 = AtomicU32::new(0);

async fn told(world: &World, people: &[Somebody], trees: &[SegmentTree], days_on: i32) {
    let case = CASES.fetch_add(1, Ordering::SeqCst);
    let numbers: Vec<String> = (0..people.len()).map(|place| format!("{case}-{place}")).collect();
    for (somebody, number) in people.iter().zip(&numbers) {
        world.happens(somebody.events(world, number)).await;
        if let Some(email) = somebody.email.filter(|_| somebody.is_stopped) {
            world.stop(&format!("{number}.{email}").to_lowercase()).await;
        }
    }
    for (place, somebody) in people.iter().enumerate() {
        if let Some(other) = somebody.is_also.map(|other| other % people.len()).filter(|other| *other != place) {
            world.happens(vec![alias(&numbers[place], &numbers[other])]).await;
        }
    }
    trees.iter().for_each(|tree| tree.check().unwrap());
    world.members(&numbers, trees, world.first_day().plus(days_on)).await;
}

fn in_many_cases(cases: u32, world: &World) {
    let mut runner =
        TestRunner::new(Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() });
    let drawn = (vec(somebody(), 1..7), vec(tree(), 1..4), 0..4_i32);
    let tell = |(people, trees, days_on): (Vec<Somebody>, Vec<SegmentTree>, i32)| {
        Handle::current().block_on(told(world, &people, &trees, days_on));
        Ok(())
    };
    tokio::task::block_in_place(|| runner.run(&drawn, tell)).unwrap();
}

on_both! {
    async fn both_evaluators_mean_the_same_people(world: World) {
        in_many_cases(40, &world);
    }

    async fn they_do_so_where_clocks_are_put_forward_and_back(shop: NewYork) {
        in_many_cases(12, &shop.0);
    }
}
