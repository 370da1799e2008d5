//! A person of the demo shop, with everything that a shop's customer file says.

use chrono::{NaiveDate, NaiveDateTime};

/// Whether the person has ever ordered in the real data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonKind {
    /// One of the 4,372 customer numbers of the orders.
    Buyer,
    /// A member who never bought (会員・未購入).
    Member,
}

/// Sex as the shop's form asks for it; no answer is `None` on the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 女性
    Female,
    /// 男性
    Male,
}

/// A way to reach a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// メール
    Mail,
    /// 電話
    Phone,
    /// 郵便
    Post,
}

/// What the person said about being reached. Silence is no consent on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// 同意あり
    Allowed,
    /// 同意なし
    Refused,
}

/// One decision with the time and place at which it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Way that the decision is about.
    pub channel: Channel,
    /// Yes or no.
    pub decision: Decision,
    /// Local time of the decision.
    pub at: NaiveDateTime,
    /// Where it was given (注文画面で, 会員登録で …).
    pub basis: &'static str,
}

/// A fictitious person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// 会員ID: the customer number of the orders, or the member's id in the source.
    pub id: String,
    /// Buyer or member without a purchase.
    pub kind: PersonKind,
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Family name in hiragana, where the reading is known.
    pub family_kana: Option<String>,
    /// Given name in hiragana, where the reading is known.
    pub given_kana: Option<String>,
    /// Company or shop of a trade customer.
    pub company: Option<String>,
    /// Company in katakana.
    pub company_kana: Option<String>,
    /// Sex, where answered.
    pub sex: Option<Sex>,
    /// Birthday.
    pub birthday: NaiveDate,
    /// Postal code, `611-0021`.
    pub postal_code: String,
    /// Prefecture.
    pub prefecture: String,
    /// City and town.
    pub city: String,
    /// Number and building (invented).
    pub street: String,
    /// Mail address under example.com; some are written so that they cannot be delivered.
    pub mail: String,
    /// Telephone that nobody has.
    pub phone: Option<String>,
    /// Local time of the first order line, or of joining for a member.
    pub since: NaiveDateTime,
    /// Decisions on record, at most one for each channel.
    pub consents: Vec<Consent>,
    /// Local time of unsubscribing from mail, if the person has.
    pub unsubscribed_at: Option<NaiveDateTime>,
}

impl Person {
    /// The decision on record for this channel.
    pub fn consent(&self, channel: Channel) -> Option<&Consent> {
        self.consents.iter().find(|consent| consent.channel == channel)
    }

    /// Whether mail was allowed at some time, even if stopped since.
    pub fn allowed_mail(&self) -> bool {
        self.consent(Channel::Mail).is_some_and(|consent| consent.decision == Decision::Allowed)
    }

    /// Whether a mail may be sent and can arrive: allowed, not stopped, well-formed address.
    pub fn is_reachable_by_mail(&self) -> bool {
        self.allowed_mail() && self.unsubscribed_at.is_none() && super::is_deliverable(&self.mail)
    }
}
