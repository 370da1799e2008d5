//! The SQL of jobs. Every write of a runner names its lease, so a runner that lost it changes nothing.

use crate::{Job, JobState, Progress};
use records::{FromQueryResult, RecordsError, RecordsResult, Sql, Tx, values};
use uuid::Uuid;
use vocabulary::{Timestamp, id::JobId};

const COLUMNS: &str = "job_id, kind, input, state, done, total, note, error, hint, result, run_at, attempts, is_cancel_requested, created_at, finished_at";

#[derive(FromQueryResult)]
struct Row {
    job_id: Uuid,
    kind: String,
    input: String,
    state: String,
    done: i64,
    total: Option<i64>,
    note: String,
    error: Option<String>,
    hint: Option<String>,
    result: Option<String>,
    run_at: i64,
    attempts: i64,
    is_cancel_requested: bool,
    created_at: i64,
    finished_at: Option<i64>,
}

impl Row {
    fn job(&self) -> RecordsResult<Job> {
        let result = self.result.as_deref().map(serde_json::from_str).transpose();
        Ok(Job {
            job_id: self.job_id.into(),
            kind: self.kind.clone(),
            state: JobState::read(&self.state)?,
            progress: Progress { done: count(self.done), total: self.total.map(count), note: self.note.clone() },
            error: self.error.clone(),
            hint: self.hint.clone(),
            result: result.map_err(|_| RecordsError::unreadable("jobs.result"))?,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            run_at: Timestamp::from_micros(self.run_at),
            created_at: Timestamp::from_micros(self.created_at),
            finished_at: self.finished_at.map(Timestamp::from_micros),
        })
    }
}

fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}
fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) struct NewJob<'a> {
    pub job_id: JobId,
    pub kind: &'a str,
    pub key: Option<&'a str>,
    pub input: String,
    pub run_at: Timestamp,
    pub now: Timestamp,
}

/// False when an open job has the same kind and key.
pub(crate) async fn insert(tx: &Tx, new: &NewJob<'_>) -> RecordsResult<bool> {
    let inserted = tx
        .execute(
            "INSERT INTO jobs (job_id, kind, unique_key, input, state, done, furthest, note, run_at, attempts, is_cancel_requested, created_at)
             VALUES ($1, $2, $3, $4, 'queued', 0, 0, '', $5, 0, FALSE, $6) ON CONFLICT DO NOTHING",
            values![new.job_id.uuid(), new.kind, new.key.map(str::to_owned), new.input.clone(), new.run_at.micros(), new.now.micros()],
        )
        .await?;
    Ok(inserted == 1)
}

pub(crate) async fn find(sql: &impl Sql, job_id: JobId) -> RecordsResult<Option<Job>> {
    let row: Option<Row> =
        sql.one(&format!("SELECT {COLUMNS} FROM jobs WHERE job_id = $1"), values![job_id.uuid()]).await?;
    row.map(|row| row.job()).transpose()
}

pub(crate) async fn find_open(tx: &Tx, kind: &str, key: &str) -> RecordsResult<Option<JobId>> {
    let text =
        "SELECT job_id AS value FROM jobs WHERE kind = $1 AND unique_key = $2 AND state IN ('queued', 'running')";
    Ok(tx.scalar::<Uuid>(text, values![kind, key]).await?.map(JobId::from))
}

pub(crate) async fn unfinished(sql: &impl Sql, kind: &str) -> RecordsResult<Vec<Job>> {
    let text = format!(
        "SELECT {COLUMNS} FROM jobs WHERE kind = $1 AND state IN ('queued', 'running') ORDER BY run_at, job_id LIMIT 1000"
    );
    sql.all::<Row>(&text, values![kind]).await?.iter().map(Row::job).collect()
}

/// One that waits ends here; one that runs is asked. False when it is neither.
pub(crate) async fn request_cancel(tx: &Tx, job_id: JobId, now: Timestamp) -> RecordsResult<bool> {
    let changed = tx
        .execute(
            "UPDATE jobs SET is_cancel_requested = TRUE,
                 finished_at = CASE WHEN state = 'queued' THEN $2 ELSE finished_at END,
                 state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
             WHERE job_id = $1 AND state IN ('queued', 'running')",
            values![job_id.uuid(), now.micros()],
        )
        .await?;
    Ok(changed == 1)
}

pub(crate) async fn expire_leases(tx: &Tx, now: Timestamp) -> RecordsResult<u64> {
    tx.execute(
        "UPDATE jobs SET lease = NULL, lease_until = $1 WHERE state = 'running' AND lease_until > $1",
        values![now.micros()],
    )
    .await
}

/// A job that a runner holds.
pub(crate) struct Claimed {
    pub job: Job,
    pub input: String,
    pub lease: Uuid,
    pub is_cancel_requested: bool,
}

fn due(kinds: usize, first: usize) -> String {
    let kinds: Vec<String> = (0..kinds).map(|kind| format!("${}", first + kind)).collect();
    format!(
        "((state = 'queued' AND run_at <= $1) OR (state = 'running' AND lease_until <= $1)) AND state IN ('queued', 'running') AND kind IN ({})",
        kinds.join(", ")
    )
}

/// Whether something is due: a question first, so that an idle runner never takes the writer.
pub(crate) async fn is_any_due(sql: &impl Sql, kinds: &[&'static str], now: Timestamp) -> RecordsResult<bool> {
    let mut values = values![now.micros()];
    values.extend(kinds.iter().map(|kind| records::Value::from(*kind)));
    let text = format!("SELECT CAST(1 AS BIGINT) AS value FROM jobs WHERE {} LIMIT 1", due(kinds.len(), 2));
    Ok(sql.scalar::<i64>(&text, values).await?.is_some())
}

/// Takes up to `jobs_max` due jobs under `lease`.
pub(crate) async fn claim(
    tx: &Tx,
    kinds: &[&'static str],
    jobs_max: usize,
    lease: Uuid,
    now: Timestamp,
    lease_until: Timestamp,
) -> RecordsResult<Vec<Claimed>> {
    let skip = if tx.for_update().is_empty() { "" } else { " FOR UPDATE SKIP LOCKED" };
    let mut values = values![now.micros(), lease, lease_until.micros(), stored(jobs_max as u64)];
    values.extend(kinds.iter().map(|kind| records::Value::from(*kind)));
    let text = format!(
        "UPDATE jobs SET state = 'running', lease = $2, lease_until = $3, attempts = attempts + 1
         WHERE job_id IN (SELECT job_id FROM jobs WHERE {} ORDER BY run_at, job_id LIMIT $4{skip}) RETURNING {COLUMNS}",
        due(kinds.len(), 5)
    );
    let mut rows = tx.all::<Row>(&text, values).await?;
    rows.sort_by_key(|row| (row.run_at, row.job_id));
    rows.into_iter()
        .map(|row| {
            Ok(Claimed { job: row.job()?, input: row.input, lease, is_cancel_requested: row.is_cancel_requested })
        })
        .collect()
}

/// Renews the lease and writes the progress. `None` when the lease is lost, else whether the job is to be cancelled.
pub(crate) async fn keep(
    tx: &Tx,
    job_id: JobId,
    lease: Uuid,
    progress: &Progress,
    lease_until: Timestamp,
) -> RecordsResult<Option<bool>> {
    // Getting further than ever forgives earlier attempts: only a job that stands still runs out of them.
    tx.scalar(
        "UPDATE jobs SET lease_until = $3, done = $4, total = $5, note = $6,
             attempts = CASE WHEN $4 > furthest THEN 1 ELSE attempts END,
             furthest = CASE WHEN $4 > furthest THEN $4 ELSE furthest END
         WHERE job_id = $1 AND lease = $2 AND state = 'running' RETURNING is_cancel_requested AS value",
        values![
            job_id.uuid(),
            lease,
            lease_until.micros(),
            stored(progress.done),
            progress.total.map(stored),
            progress.note.clone()
        ],
    )
    .await
}

/// Whether the lease is still held; locks the row until the commit.
pub(crate) async fn holds(tx: &Tx, job_id: JobId, lease: Uuid) -> RecordsResult<bool> {
    let text = format!(
        "SELECT job_id AS value FROM jobs WHERE job_id = $1 AND lease = $2 AND state = 'running'{}",
        tx.for_update()
    );
    Ok(tx.scalar::<Uuid>(&text, values![job_id.uuid(), lease]).await?.is_some())
}

/// How a run ended.
#[derive(Debug, PartialEq)]
pub(crate) struct Ending {
    pub state: JobState,
    pub error: Option<String>,
    pub hint: Option<String>,
    pub result: Option<serde_json::Value>,
    /// For one that goes back into the queue.
    pub run_at: Option<Timestamp>,
    /// Whether this run counts as none (it was stopped by a shutdown).
    pub is_uncounted: bool,
}

/// Writes how a run ended; false when the lease was lost.
pub(crate) async fn end(
    tx: &Tx,
    job_id: JobId,
    lease: Uuid,
    progress: &Progress,
    ending: &Ending,
    now: Timestamp,
) -> RecordsResult<bool> {
    let changed = tx
        .execute(
            "UPDATE jobs SET state = $3, error = $4, hint = $5, result = $6, run_at = COALESCE($7, run_at), finished_at = $8,
                 done = $9, total = $10, note = $11, attempts = attempts - $12, lease = NULL, lease_until = NULL
             WHERE job_id = $1 AND lease = $2 AND state = 'running'",
            values![
                job_id.uuid(),
                lease,
                ending.state.name(),
                ending.error.clone(),
                ending.hint.clone(),
                ending.result.as_ref().map(ToString::to_string),
                ending.run_at.map(Timestamp::micros),
                ending.state.is_finished().then(|| now.micros()),
                stored(progress.done),
                progress.total.map(stored),
                progress.note.clone(),
                i64::from(ending.is_uncounted)
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Forgets jobs that ended before `before`.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> RecordsResult<u64> {
    tx.execute("DELETE FROM jobs WHERE finished_at < $1", values![before.micros()]).await
}
