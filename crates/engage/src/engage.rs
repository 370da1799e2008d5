//! What all parts of this crate share.

use crate::{
    campaigns::{audience::Lately, checked::Checked},
    results::Results,
};
use access::{Access, Installation};
use axum::extract::FromRef;
use channels::Channels;
use history::HistoryReader;
use jobs::Jobs;
use records::{Reader, Records};
use segments::everyone::Everyone;
use std::{sync::Arc, time::Duration};
use vocabulary::{Currency, Day, SharedClock, Timestamp, Zone};

/// What the binary hands in.
#[derive(Clone)]
pub struct NewEngage {
    /// The records.
    pub records: Records,
    /// Background work.
    pub jobs: Jobs,
    /// The history.
    pub history: Arc<dyn HistoryReader>,
    /// The door; it also knows the shop's zone and currency.
    pub access: Access,
    /// How messages leave.
    pub channels: Channels,
    /// The shop's clock; the demo's, when this is the demo.
    pub clock: SharedClock,
    /// In the demo a day's orders are there when the day begins. So nothing that is sent on a day can have brought
    /// orders of that day, and the last day of a window is over as soon as it is shown. False for a real shop.
    pub days_arrive_whole: bool,
    /// How long a figure that was computed before is given out when the history has moved on: people of a segment while
    /// somebody types, outcomes of a result. Five seconds do; what is sent is always counted anew.
    pub stale_max: Duration,
}

/// Campaigns and their results. Cheap to clone.
#[derive(Clone)]
pub struct Engage {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub records: Records,
    pub jobs: Jobs,
    pub history: Arc<dyn HistoryReader>,
    pub access: Access,
    pub channels: Channels,
    pub clock: SharedClock,
    pub days_arrive_whole: bool,
    pub lately: Lately,
    pub checked: Checked,
    pub results: Results,
}

impl Engage {
    /// Puts it together.
    pub fn new(new: NewEngage) -> Self {
        let NewEngage { records, jobs, history, access, channels, clock, days_arrive_whole, stale_max } = new;
        let (lately, results) = (Lately::new(stale_max), Results::new(stale_max));
        Self {
            inner: Arc::new(Inner {
                records,
                jobs,
                history,
                access,
                channels,
                clock,
                days_arrive_whole,
                lately,
                checked: Checked::default(),
                results,
            }),
        }
    }

    pub(crate) fn reader(&self) -> Reader {
        self.inner.records.reader()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn installation(&self) -> Option<Arc<Installation>> {
        self.inner.access.installation()
    }

    pub(crate) fn zone(&self) -> Zone {
        self.installation().map_or(Zone::TOKYO, |installation| installation.zone)
    }

    pub(crate) fn currency(&self) -> Currency {
        self.installation().map_or(Currency::JPY, |installation| installation.currency)
    }

    pub(crate) fn today(&self) -> Day {
        self.zone().day(self.now())
    }

    /// The last local day that is over.
    pub(crate) fn last_whole_day(&self) -> Day {
        if self.inner.days_arrive_whole { self.today() } else { self.today().plus(-1) }
    }

    pub(crate) fn everyone(&self, today: Day) -> Everyone {
        Everyone { reader: self.reader(), history: self.inner.history.clone(), today }
    }
}

impl FromRef<Engage> for Access {
    fn from_ref(engage: &Engage) -> Self {
        engage.inner.access.clone()
    }
}
