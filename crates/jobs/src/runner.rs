//! The runner: claims jobs under a lease, runs several at a time, writes down how each ended.

use crate::{
    JobContext, Jobs, Work,
    settle::{self, Outcome, Run, settle},
    sql::{self, Claimed, Ending},
    work::Signals,
};
use records::{Actor, RecordsResult};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinSet, time};
use vocabulary::{Timestamp, id::new_uuid};

/// Who the changes of a runner belong to.
const RUNNER: Actor = Actor::System("jobs");
/// How long a job is held without a sign of life.
const LEASE_SECONDS: i64 = 15;
/// How often a lease is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(3);
/// How often progress is written down.
const WRITE_EVERY: Duration = Duration::from_millis(500);
/// How often an idle runner looks for work.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How often ended jobs are cleared away.
const CLEAR_EVERY: Duration = Duration::from_secs(3600);
/// How long an ended job can be looked at, in days.
const KEPT_DAYS: i64 = 30;
/// How long a shutdown waits for works to reach a safe point.
const GRACE: Duration = Duration::from_secs(10);
/// How many times the end of a job is tried to be written before its lease is left to run out.
const END_ATTEMPTS_MAX: u32 = 6;

/// Runs jobs.
#[derive(Clone)]
pub struct Runner {
    jobs: Jobs,
    works: Arc<BTreeMap<&'static str, Arc<dyn Work>>>,
    at_once_max: usize,
}

impl Runner {
    /// A runner of these works; jobs of other kinds are left to others.
    pub fn new(jobs: Jobs, works: Vec<Arc<dyn Work>>) -> Self {
        for work in &works {
            jobs.declare(work.kind(), work.permission());
        }
        let works = works.into_iter().map(|work| (work.kind(), work)).collect();
        Self { jobs, works: Arc::new(works), at_once_max: 4 }
    }

    /// At most so many jobs at a time (4 when not said).
    #[must_use]
    pub fn at_once_max(mut self, at_once_max: usize) -> Self {
        self.at_once_max = at_once_max.max(1);
        self
    }

    /// Runs until `shutdown` holds `true`, then lets the works reach a safe point.
    pub async fn run(self, mut shutdown: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        let mut clear = time::interval(CLEAR_EVERY);
        loop {
            self.start_due(&mut running).await;
            tokio::select! {
                () = told_to_stop(&mut shutdown) => break,
                Some(_) = running.join_next() => {}
                _ = clear.tick() => self.clear().await,
                () = time::sleep(LOOK_EVERY) => {}
            }
        }
        self.stop(running).await;
    }

    /// Runs all jobs that are due, and those that they queue, to the end. For tests and the command line.
    pub async fn drain(&self) -> RecordsResult<usize> {
        let mut count = 0;
        loop {
            let claimed = self.claim(self.at_once_max).await?;
            if claimed.is_empty() {
                return Ok(count);
            }
            count += claimed.len();
            claimed.into_iter().map(|claimed| self.clone().execute(claimed)).collect::<JoinSet<_>>().join_all().await;
        }
    }

    async fn start_due(&self, running: &mut JoinSet<()>) {
        let free = self.at_once_max - running.len().min(self.at_once_max);
        if free == 0 {
            return;
        }
        match self.claim(free).await {
            Ok(claimed) => claimed.into_iter().for_each(|claimed| {
                running.spawn(self.clone().execute(claimed));
            }),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "jobs could not be claimed"),
        }
    }

    async fn claim(&self, jobs_max: usize) -> RecordsResult<Vec<Claimed>> {
        let kinds: Vec<&'static str> = self.works.keys().copied().collect();
        let now = self.jobs.clock.now();
        if kinds.is_empty() || !sql::is_any_due(&self.jobs.records.reader(), &kinds, now).await? {
            return Ok(Vec::new());
        }
        let tx = self.jobs.records.begin(&RUNNER, "job.claim").await?;
        let claimed = sql::claim(&tx, &kinds, jobs_max, new_uuid(now), now, lease_until(now)).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    async fn execute(self, claimed: Claimed) {
        let job_id = claimed.job.job_id;
        let Some(work) = self.works.get(claimed.job.kind.as_str()).cloned() else { return };
        let signals = Arc::new(Signals::starting_at(claimed.job.progress.clone()));
        self.jobs.running().insert(job_id, signals.clone());
        if let Some(ending) = self.perform(&claimed, work, &signals).await {
            self.end(&claimed, &signals, &ending).await;
        }
        self.jobs.running().remove(&job_id);
    }

    /// Runs the work while its lease is kept; nothing when the lease was lost to another runner.
    async fn perform(&self, claimed: &Claimed, work: Arc<dyn Work>, signals: &Arc<Signals>) -> Option<Ending> {
        let (attempts, attempts_max) = (claimed.job.attempts, work.attempts_max());
        if claimed.is_cancel_requested {
            return Some(settle::cancelled());
        }
        if attempts > attempts_max {
            let sentence = "Najimi stopped each time while it worked on this.".to_owned();
            return Some(settle::failed(sentence, Some("See the log of Najimi for the cause.".to_owned())));
        }
        let context = JobContext {
            job_id: claimed.job.job_id,
            input: claimed.input.as_str().into(),
            lease: claimed.lease,
            attempt: attempts,
            signals: signals.clone(),
            jobs: self.jobs.clone(),
        };
        // In a task of its own, so that a panic ends one job and not the runner; dropped, the set aborts it.
        let mut task = JoinSet::new();
        task.spawn(async move { work.run(context).await });
        let outcome = self.watch(claimed, signals, &mut task).await?;
        Some(settle(outcome, signals, &Run { attempts, attempts_max, now: self.jobs.clock.now() }))
    }

    async fn watch(
        &self,
        claimed: &Claimed,
        signals: &Signals,
        task: &mut JoinSet<Result<serde_json::Value, crate::JobError>>,
    ) -> Option<Outcome> {
        let mut write = time::interval(WRITE_EVERY);
        let mut renewed = time::Instant::now();
        loop {
            tokio::select! {
                outcome = task.join_next() => return outcome,
                _ = write.tick() => {}
            }
            if !signals.take_changed() && renewed.elapsed() < RENEW_EVERY {
                continue;
            }
            match self.keep(claimed, signals).await {
                Ok(Some(is_cancelled)) => {
                    renewed = time::Instant::now();
                    if is_cancelled {
                        signals.cancel();
                    }
                }
                Ok(None) => {
                    tracing::warn!(job_id = %claimed.job.job_id, "gave up a job that another runner took over");
                    return None;
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "the lease of a job was not renewed")
                }
            }
        }
    }

    async fn keep(&self, claimed: &Claimed, signals: &Signals) -> RecordsResult<Option<bool>> {
        let tx = self.jobs.records.begin(&RUNNER, "job.keep").await?;
        let until = lease_until(self.jobs.clock.now());
        let kept = sql::keep(&tx, claimed.job.job_id, claimed.lease, &signals.progress(), until).await?;
        tx.commit().await?;
        Ok(kept)
    }

    async fn end(&self, claimed: &Claimed, signals: &Signals, ending: &Ending) {
        let job_id = claimed.job.job_id;
        for attempt in 1..=END_ATTEMPTS_MAX {
            match self.write_end(claimed, signals, ending).await {
                Ok(_) => {
                    tracing::info!(%job_id, kind = claimed.job.kind, state = ending.state.name(), error = ending.error, "a run of a job ended");
                    return;
                }
                Err(error) if attempt == END_ATTEMPTS_MAX || !error.is_transient() => {
                    tracing::error!(%job_id, error = &error as &dyn std::error::Error, "the end of a job was not written; it will run again");
                }
                Err(_) => time::sleep(Duration::from_millis(100 << attempt)).await,
            }
        }
    }

    async fn write_end(&self, claimed: &Claimed, signals: &Signals, ending: &Ending) -> RecordsResult<bool> {
        let tx = self.jobs.records.begin(&RUNNER, "job.end").await?;
        let ended =
            sql::end(&tx, claimed.job.job_id, claimed.lease, &signals.progress(), ending, self.jobs.clock.now())
                .await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Tells all works to stop and waits for them. Those that reach no safe point in time are broken off; the lease of
    /// their jobs runs out, or [`Jobs::take_over`] frees them after the start.
    async fn stop(&self, mut running: JoinSet<()>) {
        self.jobs.running().values().for_each(|signals| signals.stop());
        let _ = time::timeout(GRACE, async { while running.join_next().await.is_some() {} }).await;
        let left = running.len();
        running.shutdown().await;
        self.jobs.running().clear();
        if left > 0 {
            tracing::warn!(count = left, "jobs reached no safe point in time; they will run again");
        }
    }

    async fn clear(&self) {
        let before = self.jobs.clock.now().plus_days(-KEPT_DAYS);
        let cleared = async {
            let tx = self.jobs.records.begin(&RUNNER, "job.forget").await?;
            sql::forget(&tx, before).await?;
            tx.commit().await
        };
        if let Err(error) = cleared.await {
            tracing::warn!(error = &error as &dyn std::error::Error, "ended jobs were not cleared away");
        }
    }
}

/// Resolves when `shutdown` holds `true`, or when nobody is left who could say so.
async fn told_to_stop(shutdown: &mut watch::Receiver<bool>) {
    while !*shutdown.borrow_and_update() {
        if shutdown.changed().await.is_err() {
            return;
        }
    }
}

fn lease_until(now: Timestamp) -> Timestamp {
    now.plus_seconds(LEASE_SECONDS)
}
