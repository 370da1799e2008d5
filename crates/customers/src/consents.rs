//! Consent follows the stream: the latest word of a person on each channel.
//!
//! Words of the same instant: the more restrictive one holds. Each origin's latest word is kept (`consent_words`), so
//! that an import can be taken back. When two people turn out to be one, a no of either holds, until they say yes anew
//! after the last word of both. Nobody can have said a word after it was told: a date ahead of that would stand against
//! every later no.

use crate::{
    origin::{Origin, undone_by},
    stream::{Batch, Merged, Projection},
};
use async_trait::async_trait;
use records::{BulkInsert, FromQueryResult, RecordsError, RecordsResult, Sql, Tx, in_lists, values};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{
    Event, Timestamp,
    consent::{Channel, Consent, ConsentState},
    event::names,
    id::Ordinal,
};

/// Keeps `consents` and `consent_words`.
pub struct ConsentsProjection;

/// Whose word on which channel, and who brought it.
type WordKey = (Ordinal, Channel, Origin);

#[async_trait]
impl Projection for ConsentsProjection {
    async fn apply(&self, tx: &Tx, batch: &Batch, _history: &mut history::Append) -> RecordsResult<()> {
        for (_, merged) in batch.merges() {
            unite(tx, merged).await?;
        }
        let mut words: BTreeMap<WordKey, Consent> = BTreeMap::new();
        let mut withdrawn: BTreeSet<(Ordinal, Origin)> = BTreeSet::new();
        for resolved in batch.events.iter().filter(|resolved| !resolved.event.is_simulated) {
            let Some(known) = resolved.customer else { continue };
            if let (Some(origin), true) = (undone_by(&resolved.event), resolved.event.user_id.is_some()) {
                words.retain(|(customer, _, of), _| (*customer, *of) != (known.ordinal, origin));
                withdrawn.insert((known.ordinal, origin));
            }
            for mut consent in consents_of_event(&resolved.event) {
                consent.at = consent.at.min(resolved.event.received_at);
                let key = (known.ordinal, consent.channel, Origin::of(&resolved.event));
                let entry = words.entry(key).or_insert_with(|| consent.clone());
                if is_stronger(&consent, entry) {
                    *entry = consent;
                }
            }
        }
        let is_granted =
            |channel: Channel, consent: &Consent| channel == Channel::Email && consent.state == ConsentState::Granted;
        let granted: BTreeSet<Ordinal> = words
            .iter()
            .filter(|((_, channel, _), consent)| is_granted(*channel, consent))
            .map(|((customer, _, _), _)| *customer)
            .collect();
        withdraw(tx, &withdrawn).await?;
        save(tx, words).await?;
        lift(tx, &granted.into_iter().collect::<Vec<_>>()).await
    }
}

/// Whether a word holds against another.
fn is_stronger(word: &Consent, other: &Consent) -> bool {
    (word.at, word.state) > (other.at, other.state)
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

/// A no holds, from the later of both words on.
const RESTRICTIVE: &str = "SET state = CASE WHEN 'denied' IN (told.state, excluded.state) THEN 'denied' ELSE 'granted' END, \
    basis = CASE WHEN told.state <> excluded.state AND excluded.state = 'denied' THEN excluded.basis \
      WHEN told.state = excluded.state AND excluded.stated_at > told.stated_at THEN excluded.basis ELSE told.basis END, \
    stated_at = CASE WHEN excluded.stated_at > told.stated_at THEN excluded.stated_at ELSE told.stated_at END";

/// The words of two people who are one. A no that holds stays even when the file that brought it is taken back.
async fn unite(tx: &Tx, merged: Merged) -> RecordsResult<()> {
    let (from, into) = (i64::from(merged.from.ordinal), i64::from(merged.into.ordinal));
    let words = format!(
        "INSERT INTO consent_words AS told (customer, channel, origin, state, basis, stated_at) \
         SELECT CAST($1 AS BIGINT), channel, origin, state, basis, stated_at FROM consent_words WHERE customer = $2 \
         ON CONFLICT (customer, channel, origin) DO UPDATE {RESTRICTIVE}"
    );
    let latest = format!(
        "INSERT INTO consents AS told (customer, channel, state, basis, stated_at) \
         SELECT CAST($1 AS BIGINT), channel, state, basis, stated_at FROM consents WHERE customer = $2 \
         ON CONFLICT (customer, channel) DO UPDATE {RESTRICTIVE}"
    );
    let kept = format!(
        "INSERT INTO consent_words AS told (customer, channel, origin, state, basis, stated_at) \
         SELECT customer, channel, '', state, basis, stated_at FROM consents WHERE customer = $1 AND state = 'denied' \
         ON CONFLICT (customer, channel, origin) DO UPDATE {RESTRICTIVE}"
    );
    tx.execute(&words, values![into, from]).await?;
    tx.execute(&latest, values![into, from]).await?;
    tx.execute(&kept, values![into]).await?;
    tx.execute("DELETE FROM consent_words WHERE customer = $1", values![from]).await?;
    tx.execute("DELETE FROM consents WHERE customer = $1", values![from]).await.map(|_| ())
}

/// A later word holds; at the same instant a no does.
const STRONGER: &str = "SET state = excluded.state, basis = excluded.basis, stated_at = excluded.stated_at \
    WHERE excluded.stated_at > told.stated_at OR (excluded.stated_at = told.stated_at AND excluded.state = 'denied')";

async fn save(tx: &Tx, words: BTreeMap<WordKey, Consent>) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "consent_words AS told (customer, channel, origin, state, basis, stated_at)",
        &format!("ON CONFLICT (customer, channel, origin) DO UPDATE {STRONGER}"),
    );
    let mut latest: BTreeMap<(Ordinal, Channel), Consent> = BTreeMap::new();
    for ((customer, channel, origin), word) in words {
        rows.push(values![
            i64::from(customer),
            channel.name(),
            origin.text(),
            word.state.name(),
            word.basis.clone(),
            word.at.micros()
        ]);
        let entry = latest.entry((customer, channel)).or_insert_with(|| word.clone());
        if is_stronger(&word, entry) {
            *entry = word;
        }
    }
    rows.run(tx).await?;
    save_latest(tx, latest).await
}

async fn save_latest(tx: &Tx, latest: BTreeMap<(Ordinal, Channel), Consent>) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "consents AS told (customer, channel, state, basis, stated_at)",
        &format!("ON CONFLICT (customer, channel) DO UPDATE {STRONGER}"),
    );
    for ((customer, channel), consent) in latest {
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

/// A yes lifts what an earlier no of the same person has stopped; what a mail server or a person's click in a mail has
/// stopped stays.
async fn lift(tx: &Tx, granted: &[Ordinal]) -> RecordsResult<()> {
    for list in in_lists(granted.iter().map(|customer| i64::from(*customer))) {
        let text = format!(
            "SELECT s.address AS value FROM customers c JOIN suppressions s ON s.address = c.email AND s.reason = 'withdrawn' \
             JOIN consents p ON p.customer = c.customer AND p.channel = 'email' AND p.state = 'granted' \
             AND p.stated_at > s.suppressed_at WHERE c.customer IN ({})",
            list.places
        );
        for address in tx.column::<String>(&text, list.values).await? {
            tx.execute("DELETE FROM suppressions WHERE address = $1 AND reason = 'withdrawn'", values![address])
                .await?;
        }
    }
    Ok(())
}

/// Takes back what these origins said of these people. Where such a word was the one that counted, the strongest of
/// those that remain counts instead.
async fn withdraw(tx: &Tx, withdrawn: &BTreeSet<(Ordinal, Origin)>) -> RecordsResult<()> {
    let mut orphaned: BTreeSet<Ordinal> = BTreeSet::new();
    for (customer, origin) in withdrawn {
        let gone = tx
            .execute(
                "DELETE FROM consents WHERE customer = $1 AND EXISTS (SELECT 1 FROM consent_words w WHERE w.customer = consents.customer \
                 AND w.channel = consents.channel AND w.origin = $2 AND w.state = consents.state AND w.stated_at = consents.stated_at)",
                values![i64::from(*customer), origin.text()],
            )
            .await?;
        tx.execute(
            "DELETE FROM consent_words WHERE customer = $1 AND origin = $2",
            values![i64::from(*customer), origin.text()],
        )
        .await?;
        orphaned.extend((gone > 0).then_some(*customer));
    }
    let orphaned: Vec<Ordinal> = orphaned.into_iter().collect();
    save_latest(tx, strongest(tx, &orphaned).await?).await
}

/// The word that counts on each channel.
async fn strongest(tx: &Tx, customers: &[Ordinal]) -> RecordsResult<BTreeMap<(Ordinal, Channel), Consent>> {
    #[derive(FromQueryResult)]
    struct Word {
        customer: i64,
        channel: String,
        state: String,
        basis: String,
        stated_at: i64,
    }
    let mut words: Vec<Word> = Vec::new();
    for list in in_lists(customers.iter().map(|customer| i64::from(*customer))) {
        // Of words that are equal the one of the earliest file is shown, as if the others had never come.
        let text = format!(
            "SELECT customer, channel, state, basis, stated_at FROM consent_words WHERE customer IN ({}) ORDER BY origin",
            list.places
        );
        words.extend(tx.all::<Word>(&text, list.values).await?);
    }
    let mut found: BTreeMap<(Ordinal, Channel), Consent> = BTreeMap::new();
    for word in words {
        let unreadable = || RecordsError::unreadable("consent_words");
        let customer = Ordinal::try_from(word.customer).map_err(|_| unreadable())?;
        let channel: Channel = word.channel.parse().map_err(|_| unreadable())?;
        let state = ConsentState::from_name(&word.state).ok_or_else(unreadable)?;
        let at = Timestamp::from_micros(word.stated_at);
        let consent = Consent { channel, state, at, basis: word.basis };
        let entry = found.entry((customer, channel)).or_insert_with(|| consent.clone());
        if is_stronger(&consent, entry) {
            *entry = consent;
        }
    }
    Ok(found)
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
