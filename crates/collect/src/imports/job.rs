//! The work behind an import. It may be begun again after a crash: lines have keys, so what was told is told again and
//! changes nothing.

use super::{
    Rejected,
    api::Imports,
    effect::EffectCounter,
    file::{self, Opened},
    raw,
    run::{self, ImportError, Imported},
    sql::{self, Import, ImportState},
    undo::ImportUndo,
};
use crate::files::{FileError, Progress, Watch};
use access::{ImportsRun, Permission};
use async_trait::async_trait;
use jobs::{JobContext, JobError, Work};
use records::Actor;
use serde::{Deserialize, Serialize};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use vocabulary::id::ImportId;

/// The kind of job that imports a file.
pub const IMPORT_RUN: &str = "import.run";
/// Who the changes of the job belong to.
pub(super) const IMPORTER: Actor = Actor::System("imports");
/// How often the pipeline is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What is queued.
#[derive(Serialize, Deserialize)]
pub(super) struct ImportInput {
    pub import_id: ImportId,
}

/// The works of imports.
pub fn works(imports: Imports) -> Vec<Arc<dyn Work>> {
    vec![Arc::new(ImportRun { imports: imports.clone() }), Arc::new(ImportUndo { imports })]
}

struct ImportRun {
    imports: Imports,
}

/// What the reading thread brings back.
type Read = Result<(Imported, Vec<(Rejected, String)>), ImportError>;

#[async_trait]
impl Work for ImportRun {
    fn kind(&self) -> &'static str {
        IMPORT_RUN
    }

    fn permission(&self) -> &'static str {
        ImportsRun::NAME
    }

    async fn run(&self, job: JobContext) -> Result<serde_json::Value, JobError> {
        let input: ImportInput = job.input()?;
        let reader = self.imports.records.reader();
        let import = sql::find(&reader, input.import_id).await?.filter(|import| import.job_id == Some(job.job_id()));
        let import = import.ok_or_else(|| JobError::failed("This import is no more.", "Bring the file in again."))?;
        let import = match import.state {
            ImportState::Running => self.import(&job, import).await?,
            _ => import,
        };
        if import.state == ImportState::Failed {
            let sentence = import.error.unwrap_or_default();
            return Err(JobError::failed(sentence, "Mend the file and bring it in again."));
        }
        if import.state == ImportState::Done {
            // Told to stop, it is done all the same: what is read is read.
            let _ = catch_up(&self.imports, &job, import.journal_end.unwrap_or(0)).await;
        }
        Ok(
            serde_json::json!({ "import_id": import.id, "lines": import.lines, "classes": import.classes, "effect": import.effect }),
        )
    }
}

impl ImportRun {
    async fn import(&self, job: &JobContext, mut import: Import) -> Result<Import, JobError> {
        let told = self.begin(job, import.id).await?;
        let file = Opened::started(&self.imports.folder, &import, self.imports.currency);
        let file = file.ok_or_else(|| JobError::failed("This import was never started.", "Start it from its page."))?;
        let (reader, options) = (self.imports.records.reader(), &file.options);
        let effect = EffectCounter::new(reader, import.id, &options.source, options.now);
        let (imports, thread_job) = (self.imports.clone(), job.clone());
        let read = tokio::task::spawn_blocking(move || read(&imports, &thread_job, &file, effect, told)).await;
        let read = read.map_err(|_| JobError::retry("The reading of the file broke off; the log holds the cause."))?;
        let problems = self.outcome(&mut import, read)?;
        let tx = self.imports.records.begin(&IMPORTER, "import.end").await?;
        if !job.holds(&tx).await? {
            return Err(JobError::Cancelled);
        }
        sql::save_outcome(&tx, &import, &problems).await?;
        tx.commit().await?;
        Ok(import)
    }

    /// Counts a run, and tells how many events the runs before have made durable.
    async fn begin(&self, job: &JobContext, id: ImportId) -> Result<u64, JobError> {
        let tx = self.imports.records.begin(&IMPORTER, "import.begin").await?;
        if !job.holds(&tx).await? {
            return Err(JobError::Cancelled);
        }
        let told = sql::begin_run(&tx, id).await?;
        tx.commit().await?;
        Ok(told)
    }

    /// Puts into the import what the reading found. One that was stopped stays `running`: its job tells by whom.
    fn outcome(&self, import: &mut Import, read: Read) -> Result<Vec<(Rejected, String)>, JobError> {
        import.finished_at = Some(self.imports.clock.now());
        let (imported, problems) = match read {
            Ok(read) => read,
            Err(ImportError::File(FileError::Io(error))) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%error, "the file of an import could not be read");
                return Err(JobError::retry("The file could not be read."));
            }
            Err(ImportError::File(error)) => {
                (import.state, import.error) = (ImportState::Failed, Some(error.to_string()));
                return Ok(Vec::new());
            }
            Err(ImportError::Journal(error)) => {
                tracing::error!(%error, "an import could not be kept in the journal");
                return Err(JobError::retry("The journal does not take events at the moment."));
            }
            Err(ImportError::Records(error)) => return Err(error.into()),
            Err(ImportError::Replaced) => return Err(JobError::Cancelled),
        };
        import.state = if imported.summary.is_stopped { ImportState::Running } else { ImportState::Done };
        import.lines = Some(imported.lines);
        import.last_line = Some(imported.summary.progress.lines);
        import.classes = imported.classes;
        import.effect = imported.effect;
        import.journal_end = Some(self.imports.intake.backfill.end());
        Ok(problems)
    }
}

/// Waits until what was told up to `end` is in the tables.
pub(super) async fn catch_up(imports: &Imports, job: &JobContext, end: u64) -> Result<(), JobError> {
    while imports.intake.done.positions().backfill < end {
        if job.is_cancelled() {
            return Err(JobError::Cancelled);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// Reads the file on a thread that may wait.
fn read(imports: &Imports, job: &JobContext, file: &Opened, effect: EffectCounter, told: u64) -> Read {
    let runtime = tokio::runtime::Handle::current();
    let mut note = |told| runtime.block_on(note(imports, job, file.options.import_id, told));
    let stop = AtomicBool::new(false);
    let mut tell = |progress: &Progress| {
        job.progress(progress.lines, lines_total(progress), "");
        stop.store(job.is_cancelled(), Ordering::Relaxed);
    };
    let read = file.read();
    let run = run::Job {
        source: file.source()?,
        mapping: &file.mapping,
        read: &read,
        options: &file.options,
        journal: Some(imports.intake.backfill.clone()),
        effect: Some(effect),
        notes: Some(run::Notes { told, note: &mut note }),
    };
    let imported = run::run(run, Watch { stop: Some(&stop), progress: Some(&mut tell) })?;
    let problems = with_raw(file, &imported)?;
    Ok((imported, problems))
}

/// Notes how many events are durable, so that a run after a crash goes on there.
async fn note(imports: &Imports, job: &JobContext, id: ImportId, told: u64) -> Result<(), ImportError> {
    let tx = imports.records.begin(&IMPORTER, "import.note").await?;
    if !job.holds(&tx).await? {
        return Err(ImportError::Replaced);
    }
    sql::save_told(&tx, id, told).await?;
    Ok(tx.commit().await?)
}

/// Lines in all, reckoned from the bytes that were taken; to two figures, for it is no count.
fn lines_total(progress: &Progress) -> Option<u64> {
    let total = progress.bytes_total.filter(|_| progress.bytes_read > 0 && progress.lines > 0)?;
    let lines = u128::from(progress.lines) * u128::from(total) / u128::from(progress.bytes_read);
    let lines = u64::try_from(lines).ok()?.max(progress.lines);
    let unit = 10_u64.pow(lines.checked_ilog10().unwrap_or(0).saturating_sub(1));
    Some(if progress.bytes_read >= total { progress.lines } else { lines.div_ceil(unit) * unit })
}

fn with_raw(file: &Opened, imported: &Imported) -> Result<Vec<(Rejected, String)>, FileError> {
    if imported.problems.is_empty() {
        return Ok(Vec::new());
    }
    let mut problems = imported.problems.clone();
    problems.sort_by_key(|problem| problem.line);
    problems.dedup_by_key(|problem| problem.line);
    let encoding = file::look(&file.path, file.mapping.kind, file.encoding)?.encoding;
    let numbers: Vec<u64> = problems.iter().map(|problem| problem.line).collect();
    let texts = raw::lines(file.source()?, encoding, &numbers)?;
    Ok(problems.into_iter().zip(texts).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_reckoned_to_two_figures_until_the_end_is_reached() {
        let at =
            |bytes_read| Progress { lines: 2_000, bytes_read, bytes_total: Some(1_000_000), ..Progress::default() };
        assert_eq!(lines_total(&at(0)), None);
        assert_eq!(lines_total(&at(30_000)), Some(67_000));
        assert_eq!(lines_total(&at(1_000_000)), Some(2_000));
    }
}
