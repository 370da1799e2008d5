//! To whom a campaign goes: its segment evaluated, what the gate leaves of it, and the draw.

use super::{CampaignError, campaign::Whom};
use crate::Engage;
use channels::gate::{self, Screened};
use customers::identity;
use experiments::{Arm, Draw};
use records::{RecordsResult, Sql};
use roaring::RoaringBitmap;
use segments::{text, tree::SegmentTree};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use vocabulary::{Day, id::CampaignId};

/// The people of a campaign in conditions and in words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Audience {
    pub tree: SegmentTree,
    /// The segment's name; the readable form of conditions without one.
    pub text: String,
}

impl Engage {
    /// The conditions behind a choice; nothing when nobody was chosen, an error when the segment is gone.
    pub(crate) async fn audience(&self, whom: &Whom) -> Result<Option<Audience>, CampaignError> {
        match whom {
            Whom::Nobody => Ok(None),
            Whom::Tree(tree) => Ok(Some(Audience { text: text::write(tree), tree: tree.clone() })),
            Whom::Segment(id) => {
                let found = segments::sql::find(&self.reader(), *id).await?.ok_or(CampaignError::SegmentUnknown)?;
                Ok(Some(Audience { tree: found.tree, text: found.name }))
            }
        }
    }

    /// The people as of now.
    pub(crate) async fn people(&self, tree: &SegmentTree) -> Result<Arc<RoaringBitmap>, CampaignError> {
        let today = self.today();
        let people = Arc::new(self.everyone(today).people(tree).await?);
        self.inner.lately.keep(tree, today, people.clone());
        Ok(people)
    }

    /// The people as of now or of some seconds ago: good enough for a writer who is typing.
    pub(crate) async fn people_lately(&self, tree: &SegmentTree) -> Result<Arc<RoaringBitmap>, CampaignError> {
        match self.inner.lately.find(tree, self.today()) {
            Some(people) => Ok(people),
            None => self.people(tree).await,
        }
    }

    /// What the gate says of these people as of now.
    pub(crate) async fn screen(&self, people: &RoaringBitmap) -> Result<Screened, CampaignError> {
        let cap = self.inner.channels.cap().await?;
        Ok(gate::screen(&self.reader(), people, self.now(), cap).await?)
    }
}

/// People drawn at once before the thread goes on with other work.
const DRAWN_AT_ONCE: usize = 5_000;

/// Draws the comparison group of each share: who is in it.
pub(crate) async fn draw<S: Sql>(
    sql: &S,
    campaign_id: CampaignId,
    people: &RoaringBitmap,
    holdouts: &[f64],
) -> RecordsResult<Vec<RoaringBitmap>> {
    let id = campaign_id.uuid();
    let draws: Vec<Draw> = holdouts.iter().map(|holdout| Draw::new(id.as_bytes(), *holdout)).collect();
    let mut controls = vec![RoaringBitmap::new(); draws.len()];
    let everyone: Vec<u32> = people.iter().collect();
    for chunk in everyone.chunks(DRAWN_AT_ONCE) {
        for (person, customer_id) in identity::sql::ids_of(sql, chunk).await? {
            for (draw, control) in draws.iter().zip(&mut controls) {
                if draw.arm(customer_id.uuid().as_bytes()) == Arm::Control {
                    control.insert(person);
                }
            }
        }
        tokio::task::yield_now().await;
    }
    Ok(controls)
}

/// Segments that are remembered at the most.
const LATELY_MAX: usize = 64;

/// The people of segments that were evaluated some seconds ago.
pub(crate) struct Lately {
    found: Mutex<HashMap<String, Found>>,
    stale_max: Duration,
}

struct Found {
    today: Day,
    at: Instant,
    people: Arc<RoaringBitmap>,
}

impl Lately {
    /// Remembers people for so long.
    pub fn new(stale_max: Duration) -> Self {
        Self { found: Mutex::default(), stale_max }
    }

    /// The people, if they were found within the last seconds.
    pub fn find(&self, tree: &SegmentTree, today: Day) -> Option<Arc<RoaringBitmap>> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let found = found.get(&text::write(tree))?;
        (found.today == today && found.at.elapsed() < self.stale_max).then(|| found.people.clone())
    }

    fn keep(&self, tree: &SegmentTree, today: Day, people: Arc<RoaringBitmap>) {
        let mut kept = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= LATELY_MAX {
            kept.retain(|_, found| found.at.elapsed() < self.stale_max);
        }
        if kept.len() < LATELY_MAX {
            kept.insert(text::write(tree), Found { today, at: Instant::now(), people });
        }
    }
}
