//! The 17,599 members who never bought, from 100本ノック, in the two years before the demo's today.

use std::io::Read;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};
use serde::Deserialize;

use super::Taken;
use super::address::street;
use super::buyer::stopped;
use super::consent::{Form, consents};
use super::mail::{Holder, address};
use super::names::Named;
use super::person::{Person, PersonKind, Sex};
use super::phone::phone;
use crate::calendar::DEMO_TODAY;
use crate::dice::Dice;
use crate::folder::{DemoError, DemoFolder};

/// First day of application in the source.
const FIRST_APPLIED: (i32, u32, u32) = (2013, 12, 3);
/// Days from the first to the last application in the source (2013-12-03 to 2019-03-25).
const APPLIED_DAYS: i64 = 1_938;
/// Days over which the members of the demo joined, up to the day before its today.
const JOINED_DAYS: i64 = 729;
const PHONE_PERCENT: f64 = 35.0;

/// A row of `members.csv.zst`.
#[derive(Deserialize)]
pub(super) struct MemberRow {
    id: String,
    family: String,
    given: String,
    family_kana: Option<String>,
    given_kana: Option<String>,
    sex: Option<String>,
    birthday: String,
    postal: String,
    prefecture: String,
    address: String,
    applied: String,
}

/// The rows behind those that gave their place to the buyers.
pub(super) struct Rows(csv::DeserializeRecordsIntoIter<Box<dyn Read + Send>, MemberRow>);

impl Rows {
    pub(super) fn open(folder: &DemoFolder, buyers: usize) -> Result<Self, DemoError> {
        let mut rows = folder.rows("members.csv.zst")?.into_deserialize();
        for row in rows.by_ref().take(buyers) {
            row?;
        }
        Ok(Self(rows))
    }
}

impl Iterator for Rows {
    type Item = Result<MemberRow, DemoError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|row| row.map_err(DemoError::from))
    }
}

/// Makes people out of the rows of the source.
pub(super) struct MemberMaker {
    first_applied: NaiveDate,
}

impl MemberMaker {
    pub(super) fn new() -> Self {
        let (year, month, day) = FIRST_APPLIED;
        Self { first_applied: NaiveDate::from_ymd_opt(year, month, day).unwrap_or(DEMO_TODAY) }
    }

    pub(super) fn make(&self, row: MemberRow, ordinal: u64, taken: &mut Taken) -> Result<Person, DemoError> {
        let mut dice = Dice::of_text("member", &row.id);
        let birthday = date(&row.birthday)?;
        let since = self.joined(date(&row.applied)?, &mut dice)?;
        let named =
            |written: &str, kana: &Option<String>| kana.clone().map(|kana| Named { written: written.to_owned(), kana });
        let (family, given) = (named(&row.family, &row.family_kana), named(&row.given, &row.given_kana));
        let phone = phone(ordinal, PHONE_PERCENT);
        let consents = consents(&row.id, since, Form::Registration, phone.is_some());
        let holder = Holder { id: &row.id, family: family.as_ref(), given: given.as_ref(), born: birthday.year() };
        Ok(Person {
            kind: PersonKind::Member,
            mail: address(&holder, taken),
            unsubscribed_at: stopped(&row.id, &consents),
            company: None,
            company_kana: None,
            sex: sex(row.sex.as_deref())?,
            birthday,
            postal_code: row.postal,
            prefecture: row.prefecture,
            city: row.address,
            street: street(&mut dice),
            phone,
            since,
            consents,
            family: row.family,
            given: row.given,
            family_kana: row.family_kana,
            given_kana: row.given_kana,
            id: row.id,
        })
    }

    /// The day of application, scaled onto the two years before the demo's today.
    fn joined(&self, applied: NaiveDate, dice: &mut Dice) -> Result<NaiveDateTime, DemoError> {
        let after = (applied - self.first_applied).num_days() * (JOINED_DAYS - 1) / APPLIED_DAYS;
        let days_ago = u64::try_from(JOINED_DAYS - after).unwrap_or(1);
        DEMO_TODAY
            .checked_sub_days(Days::new(days_ago))
            .and_then(|day| day.and_hms_opt(9 + dice.below(13) as u32, dice.below(60) as u32, dice.below(60) as u32))
            .ok_or_else(|| DemoError::cell("day of joining", &applied.to_string()))
    }
}

fn sex(code: Option<&str>) -> Result<Option<Sex>, DemoError> {
    match code {
        None => Ok(None),
        Some("F") => Ok(Some(Sex::Female)),
        Some("M") => Ok(Some(Sex::Male)),
        Some(other) => Err(DemoError::cell("sex", other)),
    }
}

fn date(text: &str) -> Result<NaiveDate, DemoError> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| DemoError::cell("date", text))
}
