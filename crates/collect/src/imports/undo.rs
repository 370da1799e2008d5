//! Taking an import back: for each order and each person of whom it speaks one event says that its word no longer
//! counts, and the tables are computed from what others say.
//!
//! Invariant: afterwards everything is as if the file had never been read (`collect/tests/it/imports/undo.rs`). The events follow
//! those of the import on the same lane, and have ids of their own, so a job that is broken off and begun again takes
//! back nothing twice.

use super::{
    api::Imports,
    job::{IMPORTER, catch_up},
    sql::{self, Import, ImportState},
};
use access::{ImportsRun, Permission};
use async_trait::async_trait;
use bytes::Bytes;
use customers::{orders::sql as orders, origin::Origin, profile::sql as profiles};
use jobs::{JobContext, JobError, Work};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;
use vocabulary::{Event, EventId, Timestamp, event::EventKind, event::names, id::ImportId};

/// The kind of job that takes an import back.
pub const IMPORT_UNDO: &str = "import.undo";
/// Orders or people that are asked for at once; their events are made durable together.
const GROUP: i64 = 2_000;

/// What is queued.
#[derive(Serialize, Deserialize)]
pub(super) struct UndoInput {
    pub import_id: ImportId,
}

/// The work of taking imports back.
pub(super) struct ImportUndo {
    pub imports: Imports,
}

#[async_trait]
impl Work for ImportUndo {
    fn kind(&self) -> &'static str {
        IMPORT_UNDO
    }

    fn permission(&self) -> &'static str {
        ImportsRun::NAME
    }

    async fn run(&self, job: JobContext) -> Result<serde_json::Value, JobError> {
        let input: UndoInput = job.input()?;
        let import = sql::find(&self.imports.records.reader(), input.import_id).await?;
        let import = import.filter(|import| import.undo_job_id == Some(job.job_id()));
        let import = import.ok_or_else(|| JobError::failed("This import is no more.", "Nothing was taken back."))?;
        if import.state != ImportState::Undone {
            self.undo(&job, import).await?;
        }
        Ok(serde_json::json!({ "import_id": input.import_id }))
    }
}

impl ImportUndo {
    async fn undo(&self, job: &JobContext, import: Import) -> Result<(), JobError> {
        let lane = &self.imports.intake.backfill;
        // Only what has reached the tables can be found there.
        catch_up(&self.imports, job, lane.end()).await?;
        let mut told = 0;
        self.undo_orders(job, &import, &mut told).await?;
        self.undo_people(job, &import, &mut told).await?;
        catch_up(&self.imports, job, lane.end()).await?;
        let tx = self.imports.records.begin(&IMPORTER, "import.undone").await?;
        if !job.holds(&tx).await? {
            return Err(JobError::Cancelled);
        }
        sql::save_undone(&tx, import.id, self.imports.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    async fn undo_orders(&self, job: &JobContext, import: &Import, told: &mut u64) -> Result<(), JobError> {
        let (reader, origin, now) = (self.imports.records.reader(), Origin::from(import.id), self.imports.clock.now());
        let mut after = Uuid::nil();
        loop {
            let found = orders::told_by(&reader, origin, after, GROUP).await?;
            let Some(last) = found.last() else { return Ok(()) };
            after = last.order_id;
            let undone = found.into_iter().map(|order| {
                let mut event = undone(import.id, &order.site, &order.order_id.to_string(), now);
                event.customer_id = order.customer_id.map(Into::into);
                event.properties.insert("order_number".to_owned(), Value::String(order.number));
                event
            });
            self.tell(job, undone.collect(), told).await?;
        }
    }

    async fn undo_people(&self, job: &JobContext, import: &Import, told: &mut u64) -> Result<(), JobError> {
        let (reader, origin, now) = (self.imports.records.reader(), Origin::from(import.id), self.imports.clock.now());
        let mut after = (String::new(), String::new());
        loop {
            let found = profiles::told_by(&reader, origin, &after, GROUP).await?;
            let Some(last) = found.last() else { return Ok(()) };
            after.clone_from(last);
            let undone = found.into_iter().map(|(source, key)| {
                let mut event = undone(import.id, &source, &format!("person:{source}:{key}"), now);
                event.user_id = Some(key);
                event
            });
            self.tell(job, undone.collect(), told).await?;
        }
    }

    async fn tell(&self, job: &JobContext, events: Vec<Event>, told: &mut u64) -> Result<(), JobError> {
        if job.is_cancelled() {
            return Err(JobError::Cancelled);
        }
        let count = events.len() as u64;
        let payloads: Result<Vec<Bytes>, _> =
            events.iter().map(|event| serde_json::to_vec(event).map(Bytes::from)).collect();
        let payloads = payloads.map_err(|error| JobError::retry(error.to_string()))?;
        self.imports.intake.backfill.append(payloads).await.map_err(|error| {
            tracing::error!(%error, "the taking back of an import could not be kept in the journal");
            JobError::retry("The journal does not take events at the moment.")
        })?;
        *told += count;
        job.progress(*told, None, "");
        Ok(())
    }
}

/// What this import said of this thing no longer counts.
fn undone(import_id: ImportId, source: &str, what: &str, now: Timestamp) -> Event {
    let mut event = Event {
        id: EventId::new(now),
        source: source.to_owned(),
        message_id: format!("undo:{import_id}:{what}"),
        kind: EventKind::Track,
        name: names::IMPORT_UNDONE.to_owned(),
        occurred_at: now,
        received_at: now,
        user_id: None,
        anonymous_id: None,
        customer_id: None,
        properties: Map::new(),
        traits: Map::new(),
        context: Map::new(),
        is_simulated: false,
    };
    event.set_import_id(import_id);
    event
}
