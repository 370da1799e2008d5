//! Claiming: the gate's word on each message, in the transaction that takes it in hand.

use crate::gate::{self, CapSettings, Refusal};
use records::{FromQueryResult, InList, Reader, RecordsError, RecordsResult, Sql, Tx, in_lists, values};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;
use vocabulary::{CustomerId, Timestamp, id::Ordinal};

/// Under which a group of messages is taken in hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    /// Names the group.
    pub claim_id: Uuid,
    /// By the wall clock: afterwards others may take the messages.
    pub lease_until: Timestamp,
    /// By the shop's clock.
    pub now: Timestamp,
    /// By the wall clock.
    pub wall_now: Timestamp,
    /// The cap that holds.
    pub cap: CapSettings,
    /// Messages of the group.
    pub messages_max: u32,
}

/// A message in hand.
#[derive(Clone, Debug)]
pub(crate) struct ClaimedMessage {
    pub message_id: Uuid,
    pub claim_id: Uuid,
    pub sending_id: Uuid,
    /// The campaign's name.
    pub name: String,
    pub customer: Ordinal,
    /// The person whom events are about.
    pub customer_id: CustomerId,
    /// Personal: never into a log.
    pub address: String,
    /// From 1.
    pub attempt: u32,
}

/// Sendings that run and have something open.
pub(crate) async fn running(reader: &Reader) -> RecordsResult<Vec<Uuid>> {
    let text =
        "SELECT sending_id AS value FROM sendings WHERE is_open AND state = 'running' ORDER BY opened_at, sending_id";
    reader.column(text, vec![]).await
}

#[derive(FromQueryResult)]
struct SendingRow {
    name: String,
    state: String,
}

#[derive(FromQueryResult)]
struct WaitingRow {
    message_id: Uuid,
    customer: i64,
    attempts: i64,
}

/// Takes a group of a sending's messages in hand. Those that the gate refuses are skipped with its reason; the number
/// of them stands beside.
pub(crate) async fn claim(tx: &Tx, sending_id: Uuid, claim: &Claim) -> RecordsResult<(Vec<ClaimedMessage>, usize)> {
    let lock = tx.for_update();
    let text = format!("SELECT name, state FROM sendings WHERE sending_id = $1{lock}");
    let sending = tx.one::<SendingRow>(&text, values![sending_id]).await?;
    let Some(sending) = sending.filter(|sending| sending.state == "running") else { return Ok((Vec::new(), 0)) };
    let text = format!(
        "SELECT message_id, customer, attempts FROM messages WHERE sending_id = $1 AND state = 'queued' AND due_at <= $2 \
         ORDER BY due_at, message_id LIMIT $3{lock}"
    );
    let bound = values![sending_id, claim.wall_now.micros(), i64::from(claim.messages_max)];
    let waiting: Vec<WaitingRow> = tx.all(&text, bound).await?;
    if waiting.is_empty() {
        close_when_done(tx, sending_id).await?;
        return Ok((Vec::new(), 0));
    }
    let sorted = sort(tx, waiting, &Sorting { sending_id, name: &sending.name, claim }).await?;
    for (refusal, messages) in &sorted.refused {
        skip(tx, messages, *refusal, claim).await?;
    }
    take(tx, &sorted.claimed, claim).await?;
    Ok((sorted.claimed, sorted.refused.values().map(Vec::len).sum()))
}

/// A sending with nothing open is not looked at any more.
async fn close_when_done(tx: &Tx, sending_id: Uuid) -> RecordsResult<()> {
    let text = "UPDATE sendings SET is_open = FALSE WHERE sending_id = $1 AND NOT EXISTS \
                (SELECT 1 FROM messages WHERE sending_id = $1 AND state IN ('queued', 'claimed', 'handed'))";
    tx.execute(text, values![sending_id]).await.map(|_| ())
}

struct Sorting<'a> {
    sending_id: Uuid,
    name: &'a str,
    claim: &'a Claim,
}

#[derive(Default)]
struct Sorted {
    claimed: Vec<ClaimedMessage>,
    refused: BTreeMap<Refusal, Vec<Uuid>>,
}

async fn sort(tx: &Tx, waiting: Vec<WaitingRow>, sorting: &Sorting<'_>) -> RecordsResult<Sorted> {
    let ordinal = |value: i64| Ordinal::try_from(value).map_err(|_| RecordsError::unreadable("messages.customer"));
    let people: Vec<Ordinal> = waiting.iter().map(|row| ordinal(row.customer)).collect::<Result<_, _>>()?;
    let claim = sorting.claim;
    let mut standings = gate::standings(tx, &people, claim.now, claim.cap).await?;
    let mut sorted = Sorted::default();
    // Two of the group may be one person by now: what the first one gets counts for the second.
    let mut taken: HashMap<Uuid, i64> = HashMap::new();
    for (row, customer) in waiting.into_iter().zip(people) {
        let mut standing = standings.remove(&customer);
        if let Some(standing) = &mut standing {
            standing.recent += taken.get(&standing.customer_id).copied().unwrap_or(0);
        }
        let refusal = standing.as_ref().map_or(Some(Refusal::NoConsent), |standing| standing.refusal(claim.cap));
        match (refusal, standing.and_then(|standing| Some((standing.customer_id, standing.address?)))) {
            (None, Some((customer_id, address))) => {
                *taken.entry(customer_id).or_default() += 1;
                sorted.claimed.push(ClaimedMessage {
                    message_id: row.message_id,
                    claim_id: claim.claim_id,
                    sending_id: sorting.sending_id,
                    name: sorting.name.to_owned(),
                    customer,
                    customer_id: customer_id.into(),
                    address,
                    attempt: u32::try_from(row.attempts).unwrap_or(u32::MAX).saturating_add(1),
                });
            }
            (refusal, _) => {
                sorted.refused.entry(refusal.unwrap_or(Refusal::BadAddress)).or_default().push(row.message_id);
            }
        }
    }
    Ok(sorted)
}

async fn skip(tx: &Tx, messages: &[Uuid], refusal: Refusal, claim: &Claim) -> RecordsResult<()> {
    for InList { places, mut values } in in_lists(messages.iter().copied()) {
        let n = values.len();
        let text = format!(
            "UPDATE messages SET state = 'skipped', reason = ${}, changed_at = ${}, settled_at = ${} WHERE message_id IN ({places})",
            n + 1,
            n + 2,
            n + 3
        );
        values.extend(values![refusal.name(), claim.now.micros(), claim.wall_now.micros()]);
        tx.execute(&text, values).await?;
    }
    Ok(())
}

async fn take(tx: &Tx, messages: &[ClaimedMessage], claim: &Claim) -> RecordsResult<()> {
    for InList { places, mut values } in in_lists(messages.iter().map(|message| message.message_id)) {
        let n = values.len();
        let text = format!(
            "UPDATE messages SET state = 'claimed', reason = NULL, claim_id = ${}, lease_until = ${}, sent_at = ${}, \
             changed_at = ${}, attempts = attempts + 1, address = (SELECT c.email FROM customers i JOIN customers c \
             ON c.customer = COALESCE(i.redirect_to, i.customer) WHERE i.customer = messages.customer) \
             WHERE message_id IN ({places})",
            n + 1,
            n + 2,
            n + 3,
            n + 3
        );
        values.extend(values![claim.claim_id, claim.lease_until.micros(), claim.now.micros()]);
        tx.execute(&text, values).await?;
    }
    Ok(())
}
