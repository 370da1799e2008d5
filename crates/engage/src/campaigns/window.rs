//! The window of a campaign: the local days in which orders count.
//!
//! Day 0 is the day of sending, from the sending on; days 1 to 28 are the whole local days behind it.

use super::campaign::{Campaign, CampaignState};
use crate::Engage;
use vocabulary::{Day, Timestamp};

/// The window of a campaign that was sent, as of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Orders before this do not count.
    pub started_at: Timestamp,
    /// The day of sending.
    pub started_day: Day,
    /// The first local day whose orders count.
    pub first_day: Day,
    /// The last local day whose orders count.
    pub last_day: Day,
    /// The present local day.
    pub today: Day,
    /// Whole days that count.
    pub days: u32,
    /// The last day is over.
    pub is_over: bool,
}

impl Window {
    /// Days since the sending, at most those of the window.
    pub fn day_n(&self) -> u32 {
        u32::try_from(self.today.since(self.started_day)).unwrap_or(0).min(self.days)
    }

    /// The last local day whose orders can be known.
    pub fn until(&self) -> Day {
        self.last_day.min(self.today)
    }

    /// Whole days that are over, as the verdict wants them.
    pub fn days_over(&self) -> u32 {
        if self.is_over { self.days } else { self.day_n().min(self.days.saturating_sub(1)) }
    }
}

impl Engage {
    /// The window of a campaign, once it was sent.
    pub(crate) fn window(&self, campaign: &Campaign) -> Option<Window> {
        let started_at = campaign.started_at?;
        let started_day = self.zone().day(started_at);
        let days = campaign.window_days;
        let last_day = started_day.plus(i32::try_from(days).unwrap_or(0));
        // A day that arrives whole was there before anything was sent on it; simulated orders follow the sending.
        let is_day_of_sending_void = self.inner.days_arrive_whole && !campaign.is_simulated;
        let first_day = if is_day_of_sending_void { started_day.plus(1) } else { started_day };
        let is_over = self.last_whole_day() >= last_day;
        Some(Window { started_at, started_day, first_day, last_day, today: self.today(), days, is_over })
    }

    /// Where a campaign stands now: measuring has finished when its window is over.
    pub(crate) fn state(&self, campaign: &Campaign) -> CampaignState {
        let is_over = self.window(campaign).is_some_and(|window| window.is_over);
        match campaign.state {
            CampaignState::Measuring if is_over => CampaignState::Finished,
            state => state,
        }
    }
}
