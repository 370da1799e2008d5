//! Carries events that a change told of from the outbox to the journal.

use super::PipelineError;
use bytes::Bytes;
use journal::Journal;
use records::{Actor, Records, delete_outbox, read_outbox};
use std::time::Duration;
use tokio::sync::watch;

/// Events of one round.
const ROUND: u32 = 1_000;

/// Runs until `shutdown` becomes true.
pub async fn relay_outbox(
    records: Records,
    live: Journal,
    mut shutdown: watch::Receiver<bool>,
) -> Result<(), PipelineError> {
    while !*shutdown.borrow() {
        match round(&records, &live).await {
            Ok(0) => tokio::select! {
                () = records.outbox_filled() => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                _ = shutdown.changed() => {}
            },
            Ok(_) => {}
            Err(PipelineError::Records(error)) if error.is_transient() => {
                tokio::time::sleep(Duration::from_millis(500)).await
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Carries what waits, and tells how many it was.
async fn round(records: &Records, live: &Journal) -> Result<usize, PipelineError> {
    let waiting = read_outbox(&records.reader(), ROUND).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let payloads: Result<Vec<Bytes>, _> = waiting.iter().map(|row| row.event.to_json().map(Bytes::from)).collect();
    live.append(payloads.map_err(std::io::Error::from)?).await?;
    let tx = records.begin(&Actor::System("relay"), "outbox.relay").await?;
    delete_outbox(&tx, &waiting.iter().map(|row| row.event_id).collect::<Vec<_>>()).await?;
    tx.commit().await?;
    Ok(waiting.len())
}
