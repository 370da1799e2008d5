//! The verdict on a batch: its rows for the history, kept in the records until the history holds them durably.
//!
//! Only the pipeline knows what was a duplicate and who is who, and it knows it once; so the rows are kept and not
//! computed again.

use super::{Pipeline, PipelineError};
use history::{Append, Lane, Positions};
use records::{FromQueryResult, Records, RecordsResult, Sql, Tx, values};

/// Fast and small enough: the rows live for seconds.
const COMPRESSION: i32 = 1;

pub async fn save(tx: &Tx, append: &Append) -> Result<(), PipelineError> {
    let json = append.to_json().map_err(std::io::Error::from)?;
    let packed = zstd::encode_all(json.as_slice(), COMPRESSION)?;
    tx.execute(
        "INSERT INTO history_pending (lane, from_position, until_position, verdict) VALUES ($1, $2, $3, $4)",
        values![
            append.lane.as_str(),
            i64::try_from(append.from).unwrap_or(i64::MAX),
            i64::try_from(append.until).unwrap_or(i64::MAX),
            packed
        ],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    verdict: Vec<u8>,
}

/// The batches of a lane that end behind `committed`, in order.
pub async fn pending(records: &Records, lane: Lane, committed: u64) -> Result<Vec<Append>, PipelineError> {
    let rows: Vec<Row> = records
        .reader()
        .all(
            "SELECT verdict FROM history_pending WHERE lane = $1 AND until_position > $2 ORDER BY from_position",
            values![lane.as_str(), i64::try_from(committed).unwrap_or(i64::MAX)],
        )
        .await?;
    let unpack = |row: Row| -> Result<Append, PipelineError> {
        let json = zstd::decode_all(row.verdict.as_slice())?;
        Ok(Append::from_json(&json).map_err(std::io::Error::from)?)
    };
    rows.into_iter().map(unpack).collect()
}

/// Forgets the batches that the history holds durably.
pub async fn forget(records: &Records, committed: Positions) -> RecordsResult<()> {
    let tx = records.begin(&Pipeline::actor(), "pipeline.forget").await?;
    for lane in Lane::ALL {
        let position = i64::try_from(committed.of(lane)).unwrap_or(i64::MAX);
        tx.execute(
            "DELETE FROM history_pending WHERE lane = $1 AND until_position <= $2",
            values![lane.as_str(), position],
        )
        .await?;
    }
    tx.commit().await
}
