//! The questions to the history. Values are bound, never pasted into the text.

use crate::campaigns::{CampaignError, SITE_PREFIX, campaign::Campaign, window::Window};
use history::{HistoryReader, Query};
use vocabulary::{Day, event::names, id::CampaignId};

/// What somebody bought within the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bought {
    pub customer: u32,
    /// The local day of the first order; none when there are refunds only.
    pub first_day: Option<Day>,
    /// After refunds, in minor units of the reporting currency.
    pub sales: i64,
}

/// Everybody who has orders or refunds within the window, up to a local day. A simulated campaign counts simulated
/// orders only, and none that were made for another one.
pub(super) async fn bought(
    history: &dyn HistoryReader,
    campaign: &Campaign,
    window: &Window,
    until: Day,
) -> Result<Vec<Bought>, CampaignError> {
    let own = if campaign.is_simulated {
        "is_simulated AND (site = $site OR NOT starts_with(site, $simulated))"
    } else {
        "NOT is_simulated"
    };
    let query = Query::new(format!(
        "SELECT customer, min(local_day) FILTER (WHERE kind = 'order') AS first_day, sum(reporting_minor) AS sales FROM orders \
         WHERE customer IS NOT NULL AND {own} AND local_day >= $from AND local_day <= $until AND ordered_at > $started GROUP BY customer"
    ));
    let mut query = query
        .bind("from", window.first_day.0)
        .bind("until", until.min(window.last_day).0)
        .bind_instant("started", window.started_at.micros());
    if campaign.is_simulated {
        let site = crate::sample_site(campaign.campaign_id);
        query = query.bind("site", site).bind("simulated", SITE_PREFIX);
    }
    let rows = history.query(&query).await?;
    let (customers, first_days, sales) = (rows.i64s("customer")?, rows.i64s("first_day")?, rows.i64s("sales")?);
    let person = |row| {
        let day = first_days.get(row).and_then(|day| i32::try_from(*day).ok()).map(Day);
        let customer = u32::try_from(*customers.get(row)?).ok()?;
        Some(Bought { customer, first_day: day, sales: sales.get(row).copied().unwrap_or(0) })
    };
    Ok((0..rows.len()).filter_map(person).collect())
}

/// What people did with the mails of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Response {
    Opened,
    Clicked,
    Unsubscribed,
}

impl Response {
    fn of(name: &str) -> Option<Self> {
        match name {
            names::MAIL_OPENED => Some(Self::Opened),
            names::MAIL_CLICKED => Some(Self::Clicked),
            names::UNSUBSCRIBED => Some(Self::Unsubscribed),
            _ => None,
        }
    }
}

/// Who did what with the mails of a campaign; everybody once for each.
pub(super) async fn responses(
    history: &dyn HistoryReader,
    campaign: &Campaign,
    window: &Window,
) -> Result<Vec<(Response, u32)>, CampaignError> {
    let query = Query::new(
        "SELECT DISTINCT name, customer FROM events WHERE campaign_id = $campaign AND is_simulated = $simulated \
         AND customer IS NOT NULL AND local_day >= $from AND name IN ($names)",
    );
    let wanted = [names::MAIL_OPENED, names::MAIL_CLICKED, names::UNSUBSCRIBED].map(str::to_owned).to_vec();
    let query = query
        .bind("campaign", campaign.campaign_id.to_string())
        .bind("simulated", campaign.is_simulated)
        .bind("from", window.started_day.0)
        .bind("names", wanted);
    let rows = history.query(&query).await?;
    let (found, customers) = (rows.texts("name")?, rows.i64s("customer")?);
    let response = |row| Some((Response::of(found.get(row)?)?, u32::try_from(*customers.get(row)?).ok()?));
    Ok((0..rows.len()).filter_map(response).collect())
}

/// How many people unsubscribed from these campaigns, everybody once a campaign.
pub(super) async fn unsubscribed(history: &dyn HistoryReader, campaigns: &[CampaignId]) -> Result<u64, CampaignError> {
    let query = Query::new(
        "SELECT count(*) AS people FROM (SELECT DISTINCT campaign_id, customer FROM events \
         WHERE name = $name AND NOT is_simulated AND customer IS NOT NULL AND campaign_id IN ($campaigns)) AS left_us",
    );
    let ids: Vec<String> = campaigns.iter().map(ToString::to_string).collect();
    let rows = history.query(&query.bind("name", names::UNSUBSCRIBED).bind("campaigns", ids)).await?;
    Ok(u64::try_from(rows.single_i64("people")?).unwrap_or(0))
}
