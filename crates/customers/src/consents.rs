//! Consent follows the stream: the latest word of a person on each channel.
//!
//! Words of the same instant: the more restrictive one holds.

use crate::stream::{Batch, Projection};
use async_trait::async_trait;
use records::{BulkInsert, FromQueryResult, RecordsResult, Sql, Tx, values};
use serde_json::Value;
use std::collections::HashMap;
use vocabulary::{
    Event, Timestamp,
    consent::{Channel, Consent, ConsentState},
    event::names,
    id::Ordinal,
};

/// Keeps `consents`.
pub struct ConsentsProjection;

#[async_trait]
impl Projection for ConsentsProjection {
    async fn apply(&self, tx: &Tx, batch: &Batch, _history: &mut history::Append) -> RecordsResult<()> {
        let mut latest: HashMap<(Ordinal, Channel), Consent> = HashMap::new();
        for resolved in batch.events.iter().filter(|resolved| !resolved.event.is_simulated) {
            let Some(known) = resolved.customer else { continue };
            for consent in consents_of_event(&resolved.event) {
                let entry = latest.entry((known.ordinal, consent.channel)).or_insert_with(|| consent.clone());
                if (consent.at, consent.state) > (entry.at, entry.state) {
                    *entry = consent;
                }
            }
        }
        let granted = latest
            .iter()
            .filter(|((_, channel), consent)| *channel == Channel::Email && consent.state == ConsentState::Granted);
        let granted: Vec<Ordinal> = granted.map(|((customer, _), _)| *customer).collect();
        save(tx, latest).await?;
        lift(tx, &granted).await
    }
}

/// What an event says of consent: `Consent Changed {channel, state, basis}`, `Unsubscribed`, or `consents: […]` among
/// the traits of an `identify`.
pub fn consents_of_event(event: &Event) -> Vec<Consent> {
    match event.name.as_str() {
        names::UNSUBSCRIBED => {
            let basis = event.properties.get("basis").and_then(Value::as_str).unwrap_or("unsubscribed").to_owned();
            vec![Consent { channel: Channel::Email, state: ConsentState::Denied, at: event.occurred_at, basis }]
        }
        names::CONSENT_CHANGED => {
            consent_of(&Value::Object(event.properties.clone()), event.occurred_at).into_iter().collect()
        }
        _ => {
            let list = event.traits.get("consents").and_then(Value::as_array);
            list.into_iter().flatten().filter_map(|value| consent_of(value, event.occurred_at)).collect()
        }
    }
}

fn consent_of(value: &Value, at: Timestamp) -> Option<Consent> {
    let text = |field: &str| value.get(field).and_then(Value::as_str);
    let stated_at = text("at").and_then(|at| at.parse().ok()).unwrap_or(at);
    let basis = text("basis").unwrap_or("api").chars().take(200).collect();
    Some(Consent {
        channel: text("channel")?.parse().ok()?,
        state: ConsentState::from_name(text("state")?)?,
        at: stated_at,
        basis,
    })
}

async fn save(tx: &Tx, latest: HashMap<(Ordinal, Channel), Consent>) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "consents (customer, channel, state, basis, stated_at)",
        "ON CONFLICT (customer, channel) DO UPDATE SET state = excluded.state, basis = excluded.basis, stated_at = excluded.stated_at \
         WHERE excluded.stated_at > consents.stated_at OR (excluded.stated_at = consents.stated_at AND excluded.state = 'denied')",
    );
    let mut sorted: Vec<_> = latest.into_iter().collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    for ((customer, channel), consent) in sorted {
        rows.push(values![
            i64::from(customer),
            channel.name(),
            consent.state.name(),
            consent.basis,
            consent.at.micros()
        ]);
    }
    rows.run(tx).await.map(|_| ())
}

/// People of one question.
const CHUNK: usize = 500;

/// A yes lifts what an earlier no of the same person has stopped; what a mail server or a person's click in a mail has
/// stopped stays.
async fn lift(tx: &Tx, granted: &[Ordinal]) -> RecordsResult<()> {
    for chunk in granted.chunks(CHUNK) {
        let places: Vec<String> = (1..=chunk.len()).map(|place| format!("${place}")).collect();
        let text = format!(
            "SELECT s.address AS value FROM customers c JOIN suppressions s ON s.address = c.email AND s.reason = 'withdrawn' \
             JOIN consents p ON p.customer = c.customer AND p.channel = 'email' AND p.state = 'granted' \
             AND p.stated_at > s.suppressed_at WHERE c.customer IN ({})",
            places.join(", ")
        );
        let bound = chunk.iter().map(|customer| i64::from(*customer).into()).collect();
        for address in tx.column::<String>(&text, bound).await? {
            tx.execute("DELETE FROM suppressions WHERE address = $1 AND reason = 'withdrawn'", values![address])
                .await?;
        }
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    channel: String,
    state: String,
    basis: String,
    stated_at: i64,
}

/// What a person said on each channel.
pub async fn of_customer<S: Sql>(sql: &S, customer: Ordinal) -> RecordsResult<Vec<Consent>> {
    let rows: Vec<Row> = sql
        .all("SELECT channel, state, basis, stated_at FROM consents WHERE customer = $1", values![i64::from(customer)])
        .await?;
    let consent = |row: Row| {
        let (channel, state) = (row.channel.parse().ok()?, ConsentState::from_name(&row.state)?);
        Some(Consent { channel, state, at: Timestamp::from_micros(row.stated_at), basis: row.basis })
    };
    Ok(rows.into_iter().filter_map(consent).collect())
}
