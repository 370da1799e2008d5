//! From the claim to the end: handing over, what became of it, and what a crash left behind.

use super::ClaimedMessage;
use crate::{
    events::{Told, event},
    gate,
};
use records::{BulkInsert, FromQueryResult, InList, RecordsResult, Sql, Tx, in_lists, values};
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;
use vocabulary::{Timestamp, event::names};

/// When a change is made, by both clocks, and what holds then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub now: Timestamp,
    pub wall_now: Timestamp,
    /// What may have been delivered is not sent again.
    pub hold_unknown: bool,
}

/// What became of a message in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A mail server took it.
    Accepted,
    /// It will not go; the words say why. The address may be the reason.
    Failed { words: String, is_address_bad: bool },
    /// The connection was lost after the content.
    Unknown { words: String },
    /// Not now; not before this instant by the wall clock.
    Retry { words: String, due_at: Timestamp },
    /// Nothing was tried, or others were at fault: the attempt does not count. Not before this instant.
    Release { due_at: Timestamp },
}

/// Says that a message goes on the wire now, if it still may: its sending runs, consent stands, the address is not
/// stopped. False: it must not be sent.
pub(crate) async fn hand(tx: &Tx, message: &ClaimedMessage, at: Moment) -> RecordsResult<bool> {
    let text = format!(
        "UPDATE messages SET state = 'handed', sent_at = $3, changed_at = $3 \
         WHERE message_id = $1 AND claim_id = $2 AND state = 'claimed' AND {}",
        gate::may_go()
    );
    Ok(tx.execute(&text, values![message.message_id, message.claim_id, at.now.micros()]).await? == 1)
}

/// Writes down what became of a message. False when it is no longer in this hand: nothing changes then.
pub(crate) async fn settle(tx: &mut Tx, message: &ClaimedMessage, ending: &Ending, at: Moment) -> RecordsResult<bool> {
    let is_written = match ending {
        Ending::Accepted => close(tx, message, "accepted", None, at).await?,
        Ending::Failed { words, .. } => close(tx, message, "failed", Some(words), at).await?,
        Ending::Unknown { words } => match another_try(message, at) {
            Some(due_at) => requeue(tx, message, Some(words), due_at, false).await?,
            None => close(tx, message, "unknown", Some(words), at).await?,
        },
        Ending::Retry { words, due_at } => requeue(tx, message, Some(words), *due_at, false).await?,
        Ending::Release { due_at } => requeue(tx, message, None, *due_at, true).await?,
    };
    if is_written {
        tell(tx, message, ending, at).await?;
    }
    Ok(is_written)
}

/// A person may get a mail so often because nobody knows whether it arrived.
const UNKNOWN_TRIES_MAX: u32 = 3;

/// When a message that may have been delivered is sent again: never where it is held, and not for ever elsewhere, since
/// a server that takes each one and never says so would fill somebody's mailbox.
fn another_try(message: &ClaimedMessage, at: Moment) -> Option<Timestamp> {
    if at.hold_unknown || message.attempt >= UNKNOWN_TRIES_MAX {
        return None;
    }
    let pause = crate::mail::retry_after(message.attempt)?;
    Some(at.wall_now.plus_seconds(i64::try_from(pause.as_secs()).unwrap_or(0)))
}

/// What is known of a message after its lease ran out (`held`) is overruled by what its own claim learns later.
async fn close(
    tx: &Tx,
    message: &ClaimedMessage,
    state: &'static str,
    words: Option<&String>,
    at: Moment,
) -> RecordsResult<bool> {
    let text = "UPDATE messages SET state = $3, reason = $4, changed_at = $5, settled_at = $6 \
                WHERE message_id = $1 AND claim_id = $2 AND state IN ('claimed', 'handed', 'held')";
    let bound =
        values![message.message_id, message.claim_id, state, words.cloned(), at.now.micros(), at.wall_now.micros()];
    Ok(tx.execute(text, bound).await? == 1)
}

async fn requeue(
    tx: &Tx,
    message: &ClaimedMessage,
    words: Option<&String>,
    due_at: Timestamp,
    is_attempt_free: bool,
) -> RecordsResult<bool> {
    let text = "UPDATE messages SET state = 'queued', reason = $3, due_at = $4, attempts = attempts - $5, claim_id = NULL \
                WHERE message_id = $1 AND claim_id = $2 AND state IN ('claimed', 'handed')";
    let free = i64::from(is_attempt_free);
    let bound = values![message.message_id, message.claim_id, words.cloned(), due_at.micros(), free];
    let is_written = tx.execute(text, bound).await? == 1;
    super::skip_stopped(tx, message.sending_id).await?;
    Ok(is_written)
}

async fn tell(tx: &mut Tx, message: &ClaimedMessage, ending: &Ending, at: Moment) -> RecordsResult<()> {
    match ending {
        Ending::Accepted => tx.emit(event(&Told::of(message), names::MAIL_ACCEPTED, at.now)),
        Ending::Failed { is_address_bad, .. } => {
            tx.emit(event(&Told::of(message), names::MAIL_FAILED, at.now));
            if *is_address_bad {
                gate::suppress(tx, &message.address, "bounced", at.now).await?;
            }
        }
        Ending::Unknown { .. } | Ending::Retry { .. } | Ending::Release { .. } => {}
    }
    Ok(())
}

/// Keeps printed mails of a claim instead of sending them, where they still may go; the rest stays claimed. Tells how
/// many were kept.
pub(crate) async fn capture(
    tx: &mut Tx,
    claim_id: Uuid,
    printed: Vec<(ClaimedMessage, Vec<u8>)>,
    at: Moment,
) -> RecordsResult<usize> {
    let mut kept: HashSet<Uuid> = HashSet::with_capacity(printed.len());
    for InList { places, mut values } in in_lists(printed.iter().map(|(message, _)| message.message_id)) {
        let n = values.len();
        let text = format!(
            "UPDATE messages SET state = 'captured', sent_at = ${}, changed_at = ${}, settled_at = ${} \
             WHERE claim_id = ${} AND state = 'claimed' AND message_id IN ({places}) AND {} RETURNING message_id AS value",
            n + 1,
            n + 1,
            n + 2,
            n + 3,
            gate::may_go()
        );
        values.extend(values![at.now.micros(), at.wall_now.micros(), claim_id]);
        kept.extend(tx.column::<Uuid>(&text, values).await?);
    }
    let mut rows = BulkInsert::into("captured_messages (message_id, content)", "ON CONFLICT DO NOTHING");
    for (message, content) in printed.into_iter().filter(|(message, _)| kept.contains(&message.message_id)) {
        tx.emit(event(&Told::of(&message), names::MAIL_CAPTURED, at.now));
        rows.push(values![message.message_id, content]);
    }
    rows.run(tx).await?;
    Ok(kept.len())
}

/// Whatever a claim still has in hand when its work is over: what was not handed waits again, what was is held.
pub(crate) async fn end_claim(tx: &Tx, claim_id: Uuid, at: Moment) -> RecordsResult<()> {
    let left = left(tx, "lease_until >= 0 AND claim_id = $1", values![claim_id]).await?;
    put_back(tx, left, at).await
}

/// Renews the leases of these claims.
pub(crate) async fn renew(tx: &Tx, claims: &[Uuid], lease_until: Timestamp) -> RecordsResult<()> {
    for InList { places, mut values } in in_lists(claims.iter().copied()) {
        let text = format!(
            "UPDATE messages SET lease_until = ${} WHERE state IN ('claimed', 'handed') AND lease_until >= 0 AND claim_id IN ({places})",
            values.len() + 1
        );
        values.push(lease_until.micros().into());
        tx.execute(&text, values).await?;
    }
    Ok(())
}

/// Takes care of what a program that ended has left in hand (its lease ended before `expired_at`), and tells how many
/// messages it was.
pub(crate) async fn recover(tx: &Tx, expired_at: Timestamp, at: Moment) -> RecordsResult<usize> {
    let left = left(tx, "lease_until < $1", values![expired_at.micros()]).await?;
    let count = left.len();
    put_back(tx, left, at).await?;
    Ok(count)
}

#[derive(FromQueryResult)]
struct LeftRow {
    message_id: Uuid,
    sending_id: Uuid,
    state: String,
}

async fn left(tx: &Tx, condition: &str, bound: Vec<records::Value>) -> RecordsResult<Vec<LeftRow>> {
    let lock = tx.for_update();
    let text = format!(
        "SELECT message_id, sending_id, state FROM messages WHERE state IN ('claimed', 'handed') AND {condition}{lock}"
    );
    tx.all(&text, bound).await
}

async fn put_back(tx: &Tx, left: Vec<LeftRow>, at: Moment) -> RecordsResult<()> {
    let sendings: BTreeSet<Uuid> = left.iter().map(|row| row.sending_id).collect();
    let (handed, claimed): (Vec<_>, Vec<_>) = left.into_iter().partition(|row| row.state == "handed");
    for row in claimed {
        let text = "UPDATE messages SET state = 'queued', due_at = $2, attempts = attempts - 1, claim_id = NULL \
                    WHERE message_id = $1 AND state = 'claimed'";
        tx.execute(text, values![row.message_id, at.wall_now.micros()]).await?;
    }
    for row in handed {
        // Its claim stays written, so that a late word of whoever had it in hand still counts.
        let text = if at.hold_unknown {
            "UPDATE messages SET state = 'held', reason = 'interrupted', changed_at = $2, settled_at = $3 \
             WHERE message_id = $1 AND state = 'handed'"
        } else {
            "UPDATE messages SET state = 'queued', reason = 'interrupted', changed_at = $2, due_at = $3, claim_id = NULL \
             WHERE message_id = $1 AND state = 'handed'"
        };
        tx.execute(text, values![row.message_id, at.now.micros(), at.wall_now.micros()]).await?;
    }
    for sending_id in sendings {
        super::skip_stopped(tx, sending_id).await?;
    }
    Ok(())
}
