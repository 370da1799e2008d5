//! The history follows the records: it takes in the rows of each batch and writes them while the next ones come.

use super::{Pipeline, PipelineError};
use history::Append;
use std::{sync::Arc, time::Duration};
use tokio::{sync::mpsc, task::JoinHandle, time};

/// How often it is looked whether rows have waited long enough.
const LOOK_EVERY: Duration = Duration::from_secs(1);

type Writing = JoinHandle<Result<(), PipelineError>>;

/// Follows until nobody hands rows over any more, then writes what waits.
pub async fn follow(pipeline: Arc<Pipeline>, mut waiting: mpsc::Receiver<Append>) -> Result<(), PipelineError> {
    let (mut look, mut writing) = (time::interval(LOOK_EVERY), None);
    loop {
        tokio::select! {
            append = waiting.recv() => match append {
                Some(append) => take(&pipeline, append, &mut writing).await?,
                None => break,
            },
            _ = look.tick() => {}
        }
        write_if_due(&pipeline, &mut writing).await?;
    }
    end(&mut writing).await?;
    pipeline.flush().await
}

async fn take(pipeline: &Pipeline, append: Append, writing: &mut Option<Writing>) -> Result<(), PipelineError> {
    let (lane, until) = (append.lane, append.until);
    if pipeline.is_full_with(&append) {
        end(writing).await?;
    }
    pipeline.give(append).await?;
    pipeline.done.set(lane, until);
    Ok(())
}

/// Begins to write what is due, unless writing goes on already.
async fn write_if_due(pipeline: &Arc<Pipeline>, writing: &mut Option<Writing>) -> Result<(), PipelineError> {
    if writing.as_ref().is_none_or(JoinHandle::is_finished) {
        end(writing).await?;
        let pipeline = pipeline.clone();
        *writing = Some(tokio::spawn(async move { pipeline.flush_if_due().await }));
    }
    Ok(())
}

async fn end(writing: &mut Option<Writing>) -> Result<(), PipelineError> {
    match writing.take() {
        Some(writing) => writing.await?,
        None => Ok(()),
    }
}
