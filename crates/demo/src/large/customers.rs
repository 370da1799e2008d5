//! The customers of the large shop as a customer file: frequent names are frequent.

use std::io::Write;
use std::ops::Range;

use chrono::{Datelike, Days};

use super::LargeShop;
use super::timeline::Timeline;
use crate::calendar::DEMO_TODAY;
use crate::dice::Dice;
use crate::files::{CUSTOMER_COLUMNS, customer_row};
use crate::folder::DemoError;
use crate::people::{Channel, Consent, Decision, Person, PersonKind, Sex, romaji};

pub(super) fn write_customers(shop: &LargeShop, writer: impl Write, customers: Range<u64>) -> Result<u64, DemoError> {
    let mut table = csv::Writer::from_writer(writer);
    if customers.start == 0 {
        table.write_record(CUSTOMER_COLUMNS)?;
    }
    let mut written = 0;
    for customer in customers.start..customers.end.min(shop.options.customers) {
        table.write_record(customer_row(&shop.person(customer)))?;
        written += 1;
    }
    table.flush()?;
    Ok(written)
}

impl LargeShop {
    /// The customer with this number, from 0; its 会員ID is the number plus one, as in the orders.
    pub fn person(&self, customer: u64) -> Person {
        let mut dice = Dice::new("large-person", self.options.seed ^ customer.rotate_left(20));
        let sex = if dice.chance(68.0) { Sex::Female } else { Sex::Male };
        let birthday = DEMO_TODAY.checked_sub_days(Days::new(20 * 365 + dice.below(56 * 365))).unwrap_or(DEMO_TODAY);
        let family = self.names.family(&mut dice);
        let given = self.names.given(sex, birthday.year(), &mut dice);
        let mut timeline = Timeline::default();
        timeline.plan(self, customer);
        let since = timeline.next_order().map_or_else(Default::default, |order| order.at);
        let mail_allowed = dice.chance(78.0);
        Person {
            id: (customer + 1).to_string(),
            kind: PersonKind::Buyer,
            mail: format!("{}.{}{}@example.com", romaji(&family.kana), romaji(&given.kana), customer + 1),
            family: family.written.clone(),
            given: given.written.clone(),
            family_kana: Some(family.kana.clone()),
            given_kana: Some(given.kana.clone()),
            company: None,
            company_kana: None,
            sex: Some(sex),
            birthday,
            postal_code: String::new(),
            prefecture: String::new(),
            city: String::new(),
            street: String::new(),
            phone: None,
            since,
            consents: vec![Consent {
                channel: Channel::Mail,
                decision: if mail_allowed { Decision::Allowed } else { Decision::Refused },
                at: since,
                basis: "注文画面で",
            }],
            unsubscribed_at: None,
        }
    }
}
