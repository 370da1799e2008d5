//! What a campaign brought so far: both arms counted, and, once the window is over, what chance cannot explain.

use super::{
    arms::Arms,
    harm::Harm,
    sql::{self, Bought, Response},
};
use crate::{
    Engage,
    campaigns::{CampaignError, campaign::Campaign, window::Window},
};
use experiments::{
    ArmBuyers, ArmSales, ArmSizes, Interval, TooFew, Verdict, buyers_share, permutation_seed, permutations_for,
    sales_per_head, verdict,
};
use roaring::RoaringBitmap;
use std::collections::HashMap;
use vocabulary::id::CampaignId;

/// One arm, as assigned.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counted {
    pub assigned: u64,
    pub buyers: u64,
    /// Sales after refunds, of everybody.
    pub sales: i64,
    pub opened: u64,
    pub clicked: u64,
    pub unsubscribed: u64,
    /// People whose first order was on the n-th day.
    first_orders: Vec<u64>,
    /// Sales of those who have any.
    amounts: Vec<i64>,
}

impl Counted {
    /// The share of buyers, as a fraction.
    pub fn rate(&self) -> f64 {
        self.buyers as f64 / self.assigned.max(1) as f64
    }

    /// Mean sales in minor units.
    pub fn per_head(&self) -> f64 {
        self.sales as f64 / self.assigned.max(1) as f64
    }
}

/// The differences treated − control once they may be judged.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Differences {
    pub rate: Result<Interval, TooFew>,
    pub sales: Result<Interval, TooFew>,
    /// Random rearrangements behind the interval of the sales.
    pub permutations: usize,
}

/// What a campaign brought so far.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(super) window: Window,
    pub(super) treated: Counted,
    pub(super) control: Counted,
    pub(super) merged: u64,
    /// None before the window is over.
    pub(super) differences: Option<Differences>,
    pub(super) verdict: Verdict,
    pub(super) harm: Harm,
}

impl Outcome {
    /// Shares of people who have bought up to each day: (day, treated, control).
    pub(super) fn daily(&self) -> Vec<(u32, f64, f64)> {
        let share = |sum: u64, arm: &Counted| sum as f64 / arm.assigned.max(1) as f64;
        let (mut treated, mut control) = (0, 0);
        (0..=self.window.day_n())
            .map(|day| {
                let on = |arm: &Counted| arm.first_orders.get(day as usize).copied().unwrap_or(0);
                treated += on(&self.treated);
                control += on(&self.control);
                (day, share(treated, &self.treated), share(control, &self.control))
            })
            .collect()
    }
}

impl Engage {
    /// Counts and judges. Dear: asked through the cache.
    pub(super) async fn compute(&self, campaign: &Campaign, window: Window) -> Result<Outcome, CampaignError> {
        let history = self.inner.history.as_ref();
        let arms = self.assigned(campaign).await?;
        let bought = sql::bought(history, campaign, &window, window.until()).await?;
        let responses = sql::responses(history, campaign, &window).await?;
        let delivered = if campaign.is_settled { campaign.sent } else { self.sent_now(campaign.campaign_id).await? };
        let usual = self.usual(campaign).await?;
        let id = campaign.campaign_id;
        // Counting a million people and rearranging them 4,999 times is no work for the threads that answer requests.
        let judged =
            tokio::task::spawn_blocking(move || judge(id, window, &arms, &bought, &responses, delivered, usual));
        judged.await.map_err(|_| CampaignError::GivenUp)
    }
}

fn judge(
    id: CampaignId,
    window: Window,
    arms: &Arms,
    bought: &[Bought],
    responses: &[(Response, u32)],
    delivered: u64,
    usual: Option<f64>,
) -> Outcome {
    let bought = by_person(arms, bought);
    let treated = count(&arms.treated, arms, &bought, responses, &window);
    let control = count(&arms.control, arms, &bought, responses, &window);
    let differences = window.is_over.then(|| differences(id, &treated, &control));
    let sizes = ArmSizes { treated: treated.assigned, control: control.assigned };
    // Before the window is over the verdict looks at the sizes only.
    let rate = differences.as_ref().map_or(Err(TooFew::NobodyBought), |found| found.rate);
    Outcome {
        verdict: verdict(window.days_over(), window.days, &rate, sizes),
        harm: Harm::new(treated.unsubscribed, delivered, usual),
        merged: arms.merged,
        window,
        treated,
        control,
        differences,
    }
}

/// What each person bought, after merges.
fn by_person(arms: &Arms, bought: &[Bought]) -> HashMap<u32, Bought> {
    let mut people: HashMap<u32, Bought> = HashMap::with_capacity(bought.len());
    for one in bought {
        let customer = arms.now(one.customer);
        let person = people.entry(customer).or_insert(Bought { customer, first_day: None, sales: 0 });
        person.sales += one.sales;
        person.first_day = [person.first_day, one.first_day].into_iter().flatten().min();
    }
    people
}

fn count(
    people: &RoaringBitmap,
    arms: &Arms,
    bought: &HashMap<u32, Bought>,
    responses: &[(Response, u32)],
    window: &Window,
) -> Counted {
    let mut counted =
        Counted { assigned: people.len(), first_orders: vec![0; window.days as usize + 1], ..Counted::default() };
    for person in bought.values().filter(|person| people.contains(person.customer)) {
        counted.sales += person.sales;
        counted.amounts.push(person.sales);
        if let Some(day) = person.first_day {
            counted.buyers += 1;
            let place = usize::try_from(day.since(window.started_day)).unwrap_or(0).min(window.days as usize);
            counted.first_orders[place] += 1;
        }
    }
    // Always in the same order, so that the rearrangements are always the same.
    counted.amounts.sort_unstable();
    let number = |wanted: Response| {
        let who = responses.iter().filter(|(response, _)| *response == wanted).map(|(_, person)| arms.now(*person));
        (who.collect::<RoaringBitmap>() & people).len()
    };
    (counted.opened, counted.clicked) = (number(Response::Opened), number(Response::Clicked));
    counted.unsubscribed = number(Response::Unsubscribed);
    counted
}

fn differences(id: CampaignId, treated: &Counted, control: &Counted) -> Differences {
    let buyers = |arm: &Counted| ArmBuyers::new(arm.buyers, arm.assigned);
    let sales = |arm: &Counted| ArmSales::new(arm.assigned, arm.amounts.iter().copied());
    let (one, other) = (sales(treated), sales(control));
    let permutations = permutations_for(&one, &other);
    let seed = permutation_seed(id.uuid().as_bytes());
    Differences {
        rate: buyers_share(buyers(treated), buyers(control)),
        sales: sales_per_head(&one, &other, seed, permutations),
        permutations,
    }
}
