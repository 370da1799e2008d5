//! The 4,372 customer numbers of the orders, each as a person; many of the largest are trade.

use chrono::{Days, NaiveDate, NaiveDateTime};
use serde::Deserialize;

use super::Taken;
use super::address::{Place, street};
use super::company::{Company, company};
use super::consent::{Form, consents, unsubscribed_at};
use super::mail::{Holder, address};
use super::names::{NameList, Named};
use super::person::{Channel, Consent, Decision, Person, PersonKind, Sex};
use super::phone::phone;
use crate::calendar::shift;
use crate::dice::Dice;
use crate::folder::{DemoError, DemoFolder};

/// What one customer number bought in all.
#[derive(Debug, Clone, Deserialize)]
pub struct Buyer {
    /// Customer number of the orders.
    pub customer: u32,
    /// Original local time of the first line, sale or return.
    #[serde(with = "local_time")]
    pub first_line_at: NaiveDateTime,
    /// Orders with at least one paid line.
    pub orders: u32,
    /// Pieces bought, before returns.
    pub units: u64,
    /// Pence spent, before returns.
    pub spent_pence: u64,
}

/// From here on a buyer orders like a shop rather than a household.
const HEAVY_SPENT_PENCE: u64 = 150_000;
const HEAVY_UNITS: u64 = 1_000;
const TRADE_PERCENT_OF_HEAVY: f64 = 52.0;
const TRADE_PERCENT_OF_OTHERS: f64 = 3.0;
const FEMALE_PERCENT: f64 = 70.0;
const NO_SEX_PERCENT: f64 = 4.0;
const PHONE_PERCENT: f64 = 92.0;

/// The regular whom guide and screens show: fixed by hand, everything else as drawn.
pub(super) const REGULAR: Regular = Regular {
    customer: 16_928,
    mail: "c.morishita@example.com",
    company: "つまみと把手 森下商店",
    company_kana: "ツマミトトッテモリシタショウテン",
};

pub(super) struct Regular {
    customer: u32,
    pub(super) mail: &'static str,
    pub(super) company: &'static str,
    company_kana: &'static str,
}

/// Makes people out of customer numbers.
pub(super) struct BuyerMaker {
    names: NameList,
    places: Vec<Place>,
}

impl BuyerMaker {
    pub(super) fn open(folder: &DemoFolder) -> Result<Self, DemoError> {
        let places: Vec<Place> = folder.table("places.csv")?;
        if places.is_empty() {
            return Err(DemoError::cell("list of places", "places.csv"));
        }
        Ok(Self { names: NameList::open(folder)?, places })
    }

    pub(super) fn make(&self, buyer: &Buyer, ordinal: u64, taken: &mut Taken) -> Result<Person, DemoError> {
        let person = self.drawn(buyer, ordinal, taken);
        if buyer.customer == REGULAR.customer {
            return regular(person);
        }
        Ok(person)
    }

    fn drawn(&self, buyer: &Buyer, ordinal: u64, taken: &mut Taken) -> Person {
        let number = u64::from(buyer.customer);
        let id = buyer.customer.to_string();
        let mut dice = Dice::new("buyer", number);
        let sex = if dice.chance(FEMALE_PERCENT) { Sex::Female } else { Sex::Male };
        let birthday = birthday(&mut dice);
        let born = chrono::Datelike::year(&birthday);
        let family = self.names.family(&mut dice).clone();
        let given = self.names.given(sex, born, &mut dice).clone();
        let trade = is_trade(buyer, &mut dice).then(|| company(number, &family, taken));
        let since = shift(buyer.first_line_at);
        let phone = phone(ordinal, PHONE_PERCENT);
        let consents = consents(&id, since, Form::Order, phone.is_some());
        let holder = Holder { id: &id, family: Some(&family), given: Some(&given), born };
        let mail = match buyer.customer {
            customer if customer == REGULAR.customer => REGULAR.mail.to_owned(),
            _ => address(&holder, taken),
        };
        let place = dice.pick(&self.places);
        let (company, company_kana) = split(trade);
        Person {
            unsubscribed_at: stopped(&id, &consents),
            kind: PersonKind::Buyer,
            family: family.written,
            given: given.written,
            family_kana: Some(family.kana),
            given_kana: Some(given.kana),
            company,
            company_kana,
            sex: (!dice.chance(NO_SEX_PERCENT)).then_some(sex),
            birthday,
            postal_code: place.postal.clone(),
            prefecture: place.prefecture.clone(),
            city: format!("{}{}", place.city, place.town),
            street: street(&mut dice),
            mail,
            phone,
            since,
            consents,
            id,
        }
    }
}

fn is_trade(buyer: &Buyer, dice: &mut Dice) -> bool {
    let is_heavy = buyer.spent_pence >= HEAVY_SPENT_PENCE || buyer.units >= HEAVY_UNITS;
    dice.chance(if is_heavy { TRADE_PERCENT_OF_HEAVY } else { TRADE_PERCENT_OF_OTHERS })
}

/// A birthday between 1950 and 2003, most of them around 1979.
fn birthday(dice: &mut Dice) -> NaiveDate {
    let years = (46.0 + 12.5 * dice.normal()).clamp(23.0, 76.0);
    let days = (years * 365.25) as u64 + dice.below(365);
    crate::calendar::DEMO_TODAY.checked_sub_days(Days::new(days)).unwrap_or(crate::calendar::DEMO_TODAY)
}

/// When the person stopped mail that was allowed before.
pub(super) fn stopped(id: &str, consents: &[Consent]) -> Option<NaiveDateTime> {
    consents
        .iter()
        .find(|consent| consent.channel == Channel::Mail && consent.decision == Decision::Allowed)
        .and_then(|consent| unsubscribed_at(id, consent.at))
}

fn split(company: Option<Company>) -> (Option<String>, Option<String>) {
    match company {
        Some(company) => (Some(company.written), Some(company.kana)),
        None => (None, None),
    }
}

/// 森下 千尋 of Uji, who sells knobs and handles and has not ordered for a while.
fn regular(drawn: Person) -> Result<Person, DemoError> {
    let name = |written: &str, kana: &str| Named { written: written.to_owned(), kana: kana.to_owned() };
    let (family, given) = (name("森下", "もりした"), name("千尋", "ちひろ"));
    let consent = |channel, decision, basis| Consent { channel, decision, at: drawn.since, basis };
    Ok(Person {
        family: family.written,
        given: given.written,
        family_kana: Some(family.kana),
        given_kana: Some(given.kana),
        company: Some(REGULAR.company.to_owned()),
        company_kana: Some(REGULAR.company_kana.to_owned()),
        sex: Some(Sex::Female),
        birthday: NaiveDate::from_ymd_opt(1979, 4, 8).ok_or_else(|| DemoError::cell("birthday", "1979-04-08"))?,
        postal_code: "611-0021".to_owned(),
        prefecture: "京都府".to_owned(),
        city: "宇治市宇治".to_owned(),
        street: "3-12-5".to_owned(),
        phone: drawn.phone.or_else(|| Some("070-0002-9999".to_owned())),
        consents: vec![
            consent(Channel::Mail, Decision::Allowed, "注文画面で"),
            consent(Channel::Phone, Decision::Refused, "かけないでください"),
        ],
        unsubscribed_at: None,
        ..drawn
    })
}

/// Times of the source, `2010-12-01 08:26:00`.
mod local_time {
    use chrono::NaiveDateTime;
    use serde::{Deserialize, Deserializer, de::Error};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDateTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").map_err(D::Error::custom)
    }
}
