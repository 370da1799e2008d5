//! Who may be reached: about 78 % allow mail, some refuse, some never said, some stopped it.

use chrono::{Days, NaiveDateTime};

use super::person::{Channel, Consent, Decision};
use crate::calendar::DEMO_TODAY;
use crate::dice::Dice;

/// Where a person could tick the box for mail.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Order,
    Registration,
}

impl Form {
    fn basis(self) -> &'static str {
        match self {
            Self::Order => "注文画面で",
            Self::Registration => "会員登録で",
        }
    }
}

const MAIL_ALLOWED_PERCENT: f64 = 78.0;
const MAIL_REFUSED_PERCENT: f64 = 8.0;
const PHONE_ALLOWED_PERCENT: f64 = 15.0;
const PHONE_REFUSED_PERCENT: f64 = 12.0;
const POST_ALLOWED_PERCENT: f64 = 32.0;
const POST_REFUSED_PERCENT: f64 = 5.0;
const UNSUBSCRIBED_PERCENT: f64 = 2.0;

/// The decisions of one person, made when the first form was sent.
pub(super) fn consents(id: &str, at: NaiveDateTime, form: Form, has_phone: bool) -> Vec<Consent> {
    let mut dice = Dice::of_text("consent", id);
    let mut decide = |channel, allowed, refused, refusal_basis| {
        let drawn = dice.share() * 100.0;
        let (decision, basis) = if drawn < allowed {
            (Decision::Allowed, form.basis())
        } else if drawn < allowed + refused {
            (Decision::Refused, refusal_basis)
        } else {
            return None;
        };
        Some(Consent { channel, decision, at, basis })
    };
    let mail = decide(Channel::Mail, MAIL_ALLOWED_PERCENT, MAIL_REFUSED_PERCENT, form.basis());
    let phone = decide(Channel::Phone, PHONE_ALLOWED_PERCENT, PHONE_REFUSED_PERCENT, "かけないでください");
    let post = decide(Channel::Post, POST_ALLOWED_PERCENT, POST_REFUSED_PERCENT, "送らないでください");
    [mail, phone.filter(|_| has_phone), post].into_iter().flatten().collect()
}

/// The time at which a person who allowed mail stopped it again, for a few.
pub(super) fn unsubscribed_at(id: &str, allowed_at: NaiveDateTime) -> Option<NaiveDateTime> {
    let mut dice = Dice::of_text("unsubscribed", id);
    if !dice.chance(UNSUBSCRIBED_PERCENT) {
        return None;
    }
    let room_days = (DEMO_TODAY - allowed_at.date()).num_days() - 9;
    let days = 7 + dice.below(u64::try_from(room_days).ok().filter(|room| *room > 0)?);
    allowed_at.checked_add_days(Days::new(days))
}
