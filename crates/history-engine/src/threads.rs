//! The engine's own threads: a long question must not hold up requests, and a deep plan needs
//! more stack than a request's thread has.

use crate::failure::engine;
use history::HistoryError;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// Stack of one thread; unoptimised plans of deep expressions use several MiB.
const STACK_BYTES: usize = 16 << 20;

pub(crate) struct Threads {
    runtime: Option<Runtime>,
}

/// Stops the work when nobody waits for it any more.
struct Work<T>(JoinHandle<T>);

impl<T> Drop for Work<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Threads {
    pub(crate) fn start(cores: usize) -> Result<Self, HistoryError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(cores.max(2))
            .thread_name("history")
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()
            .map_err(engine)?;
        Ok(Self { runtime: Some(runtime) })
    }

    /// Runs on the engine's threads. When the returned future is dropped, the work is stopped.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, HistoryError>> + Send + 'static,
    ) -> Result<T, HistoryError> {
        let Some(runtime) = &self.runtime else { return Err(engine("the threads have ended")) };
        let mut work = Work(runtime.spawn(work));
        (&mut work.0).await.map_err(engine)?
    }

    /// The same for work that must reach its end even when nobody waits for it.
    pub(crate) async fn run_to_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, HistoryError>> + Send + 'static,
    ) -> Result<T, HistoryError> {
        let Some(runtime) = &self.runtime else { return Err(engine("the threads have ended")) };
        runtime.spawn(work).await.map_err(engine)?
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // A runtime may not wait for its threads inside of another one.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
