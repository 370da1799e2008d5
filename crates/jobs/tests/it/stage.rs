//! A queue, and works that do as they are told.

use async_trait::async_trait;
use jobs::{Job, JobContext, JobError, JobState, Jobs, Runner, Work};
use records::{Actor, Migration};
use serde_json::Value;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use testing::{Stage, TestDatabase};
use tokio::{sync::watch, task::JoinHandle};
use vocabulary::{Clock, Timestamp, id::JobId};

pub const ACTOR: Actor = Actor::System("story");

/// A queue in a fresh database.
pub struct Queue {
    pub database: TestDatabase,
    pub jobs: Jobs,
}

impl Stage for Queue {
    fn migrations() -> Vec<&'static [Migration]> {
        vec![jobs::MIGRATIONS]
    }
    async fn set(database: TestDatabase) -> Self {
        Self { jobs: Jobs::new(database.records.clone(), database.clock.clone()), database }
    }
}

impl Queue {
    /// Queues a job in a transaction of its own.
    pub async fn add(&self, kind: &str, input: Value) -> JobId {
        self.add_at(kind, input, None).await
    }
    pub async fn add_at(&self, kind: &str, input: Value, run_at: Option<Timestamp>) -> JobId {
        let tx = self.database.records.begin(&ACTOR, "story").await.unwrap();
        let job_id = self.jobs.enqueue(&tx, kind, &input, run_at).await.unwrap();
        tx.commit().await.unwrap();
        job_id
    }
    pub async fn add_unique(&self, kind: &str, key: &str) -> JobId {
        let tx = self.database.records.begin(&ACTOR, "story").await.unwrap();
        let job_id = self.jobs.enqueue_unique(&tx, kind, key, &Value::Null, None).await.unwrap();
        tx.commit().await.unwrap();
        job_id
    }
    pub async fn get(&self, job_id: JobId) -> Job {
        self.jobs.get(job_id).await.unwrap().unwrap()
    }
    pub async fn state(&self, job_id: JobId) -> JobState {
        self.get(job_id).await.state
    }
    pub fn runner(&self, work: &Arc<Told>) -> Runner {
        Runner::new(self.jobs.clone(), vec![work.clone()])
    }
    /// A runner of another process: the same records, other connections.
    pub async fn other_process(&self, work: &Arc<Told>) -> (Jobs, Runner) {
        let jobs = Jobs::new(self.database.reopened().await, self.database.clock.clone());
        (jobs.clone(), Runner::new(jobs, vec![work.clone()]))
    }
    pub fn pass_seconds(&self, seconds: i64) {
        self.database.clock.set(self.database.clock.now().plus_seconds(seconds));
    }
}

/// Starts a runner; `true` stops it.
pub fn start(runner: Runner) -> (watch::Sender<bool>, JoinHandle<()>) {
    let (stop, stopped) = watch::channel(false);
    (stop, tokio::spawn(runner.run(stopped)))
}

/// Waits until something is so; fails after ten seconds.
pub async fn until<F: Future<Output = bool>>(mut is_so: impl FnMut() -> F) {
    for _ in 0..500 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come about in ten seconds");
}

type Deed = Box<dyn Fn(u32, &JobContext) -> Answer + Send + Sync>;

/// What a told work does.
pub enum Answer {
    Now(Result<Value, JobError>),
    /// Works on until it is cancelled, then returns this.
    WhenCancelled(Result<Value, JobError>),
    /// Never comes back.
    Never,
    Panic,
}

/// A work whose answer depends on how often it was run.
pub struct Told {
    runs: AtomicU32,
    attempts_max: u32,
    deed: Deed,
}

impl Told {
    pub fn to(deed: impl Fn(u32, &JobContext) -> Answer + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { runs: AtomicU32::new(0), attempts_max: 3, deed: Box::new(deed) })
    }
    pub fn runs(&self) -> u32 {
        self.runs.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Work for Told {
    fn kind(&self) -> &'static str {
        "told"
    }
    fn permission(&self) -> &'static str {
        "imports.run"
    }
    fn attempts_max(&self) -> u32 {
        self.attempts_max
    }
    async fn run(&self, job: JobContext) -> Result<Value, JobError> {
        let run = self.runs.fetch_add(1, Ordering::SeqCst) + 1;
        match (self.deed)(run, &job) {
            Answer::Now(answer) => answer,
            Answer::WhenCancelled(answer) => {
                while !job.is_cancelled() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                answer
            }
            Answer::Never => std::future::pending().await,
            Answer::Panic => panic!("a work that panics"),
        }
    }
}
