//! Letting days pass: the orders that were held back arrive, and the clock moves.

use super::{DemoShop, load};
use async_trait::async_trait;
use collect::ingest::Intake;
use jobs::{JobContext, JobError, Work};
use records::Records;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, atomic::Ordering};
use vocabulary::Day;

/// The name of the job.
pub const KIND: &str = "demo.advance";

/// Which days pass.
#[derive(Serialize, Deserialize)]
pub struct AdvanceInput {
    /// The demo's today before.
    pub from: Day,
    /// The demo's today afterwards.
    pub to: Day,
}

struct Advance {
    demo: DemoShop,
    intake: Intake,
    records: Records,
}

impl DemoShop {
    /// The work that lets days pass.
    pub fn advance_work(&self, intake: Intake, records: Records) -> Arc<dyn Work> {
        Arc::new(Advance { demo: self.clone(), intake, records })
    }

    pub(super) fn begin_advancing(&self) -> bool {
        !self.inner.is_advancing.swap(true, Ordering::AcqRel)
    }

    pub(super) fn end_advancing(&self) {
        self.inner.is_advancing.store(false, Ordering::Release);
    }
}

#[async_trait]
impl Work for Advance {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn permission(&self) -> &'static str {
        "demo.advance"
    }

    async fn run(&self, job: JobContext) -> Result<serde_json::Value, JobError> {
        let AdvanceInput { from, to } = job.input()?;
        let ended = self.pass(from, to, &job).await;
        self.demo.end_advancing();
        ended.map_err(|error| JobError::retry(format!("{error:#}")))?;
        Ok(serde_json::json!({ "today": to }))
    }
}

impl Advance {
    async fn pass(&self, from: Day, to: Day, job: &JobContext) -> anyhow::Result<()> {
        job.progress(0, Some(2), "orders");
        // First the clock, then the orders: what arrives is not of the future. What came before the last try broke
        // off is told again and changes nothing.
        if to > self.demo.today() {
            self.demo.set_today(&self.records, to).await?;
        }
        load::import_days(&self.demo, &self.intake, self.intake.live.clone(), from.plus(1), to).await?;
        job.progress(1, Some(2), "pipeline");
        load::follow(&self.intake, &|_| {}).await;
        Ok(())
    }
}
