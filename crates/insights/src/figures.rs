//! Where figures come from: the history, the records, the clock, and the answers given before.

use crate::{
    Buyers, InsightsError,
    buyers::BEFORE_DAYS,
    cache::{Cache, Question},
    sql,
};
use history::{HistoryReader, Positions};
use records::Records;
use roaring::RoaringBitmap;
use segments::{everyone::Everyone, tree::SegmentTree};
use std::{sync::Arc, time::Duration};
use vocabulary::{Currency, Day, SharedClock, Zone, consent::Channel};

/// Figures that are kept, small ones.
const PAGES_MAX: usize = 256;
/// Tables with a row a person that are kept; each is 32 bytes a buyer at most.
const TABLES_MAX: usize = 8;

/// Answers questions about the shop. Cloning is cheap; all clones share what they know.
#[derive(Clone)]
pub struct Figures {
    /// The records.
    pub records: Records,
    /// The history.
    pub history: Arc<dyn HistoryReader>,
    /// The shop's clock (the demo's, where there is one).
    pub clock: SharedClock,
    /// Where the shop counts its days.
    pub zone: Zone,
    /// The currency of its reports.
    pub currency: Currency,
    pub(crate) pages: Cache,
    tables: Cache,
}

impl Figures {
    /// `stale_max`: how long a dear answer may be given out after the history has moved on, while a fresh one is made;
    /// nought where every answer has to be as of this moment (the demo, tests).
    pub fn new(
        records: Records,
        history: Arc<dyn HistoryReader>,
        clock: SharedClock,
        zone: Zone,
        currency: Currency,
        stale_max: Duration,
    ) -> Self {
        let pages = Cache::new(PAGES_MAX, stale_max);
        // Pages are made of tables: a page as of a position needs tables as of that position.
        let tables = Cache::new(TABLES_MAX, Duration::ZERO);
        Self { records, history, clock, zone, currency, pages, tables }
    }

    /// The present local day of the shop.
    pub fn today(&self) -> Day {
        self.zone.day(self.clock.now())
    }

    pub(crate) fn position(&self) -> Positions {
        self.history.position()
    }

    /// Everyone who ordered, as of a day.
    pub async fn buyers(&self, today: Day) -> Result<Arc<Buyers>, InsightsError> {
        let history = self.history.clone();
        let compute = move || async move {
            let people = sql::buyers(history.as_ref(), today, today.plus(-BEFORE_DAYS)).await?;
            Ok(Buyers { today, people })
        };
        self.tables.get(Question::new("buyers", today), self.position(), compute).await
    }

    /// The people who ordered again within `window` days of their first order, as far as is known on a day.
    pub(crate) async fn second_buyers(&self, today: Day, window: i32) -> Result<Arc<RoaringBitmap>, InsightsError> {
        let history = self.history.clone();
        let compute = move || async move { sql::second_buyers(history.as_ref(), today, window).await };
        self.tables.get(Question::new("second_buyers", today).with(window), self.position(), compute).await
    }

    /// What each person bought in the `days` days up to a day, the highest first.
    pub(crate) async fn ranking(&self, today: Day, days: i32) -> Result<Arc<Vec<(u32, i64)>>, InsightsError> {
        let history = self.history.clone();
        let compute = move || async move {
            let mut people = sql::sales_between(history.as_ref(), today.plus(1 - days), today).await?;
            people.sort_unstable_by_key(|(customer, sales)| (std::cmp::Reverse(*sales), *customer));
            Ok(people)
        };
        self.tables.get(Question::new("ranking", today).with(days), self.position(), compute).await
    }

    /// The people who can be sent a mail.
    pub(crate) async fn mailable(&self) -> Result<Arc<RoaringBitmap>, InsightsError> {
        let everyone = self.everyone();
        let compute =
            move || async move { Ok(everyone.people(&SegmentTree::Reachable { channel: Channel::Email }).await?) };
        self.tables.get(Question::new("mailable", self.today()), self.position(), compute).await
    }

    pub(crate) fn everyone(&self) -> Everyone {
        Everyone { reader: self.records.reader(), history: self.history.clone(), today: self.today() }
    }
}
