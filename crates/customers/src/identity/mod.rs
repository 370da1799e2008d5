//! Who is who: the identifiers that an event carries, and the customer that they mean.
//!
//! A shop's own number (user id) makes a customer; a visitor's anonymous id does not. A visitor's id belongs to the
//! first person who came with it, by the time of the events: a shared device is no proof that two people are one. Only
//! an alias (`userId` is the same person as `previousId`) makes two customers one, when both are numbers of the shop: the
//! older one stays, the id of the other leads to it for ever, and a no to a channel outlives a yes. An alias of a
//! visitor's id says whose it is, like any event that came with both.
//!
//! Invariant: which identifiers mean the same person follows from the events alone, not from the order in which they
//! arrive (shown in `tests/it/identity/arrive.rs`). Events keep the identifier that they came with for ever; whom a
//! visitor's event counted for was decided when it was taken in.

mod graph;
mod presence;
pub mod sql;

pub use presence::PresenceProjection;

use crate::stream::{Merged, Resolved};
use graph::{Found, Graph};
use records::{RecordsResult, Tx};
use std::collections::HashMap;
use vocabulary::{CustomerId, Event, Timestamp, event::EventKind, id::Ordinal};

/// The property of an alias that holds the other identifier.
pub const PREVIOUS_ID: &str = "previous_id";

/// The identifier of a shop's own number, in the words of the table. A colon in the site's name does not move the
/// border between site and number.
pub fn user_identifier(site: &str, user_id: &str) -> String {
    format!("user:{}:{user_id}", site.replace('%', "%25").replace(':', "%3A"))
}

/// The number in an identifier that [`user_identifier`] made.
pub(crate) fn number_of(identifier: &str) -> Option<&str> {
    identifier.strip_prefix("user:")?.split_once(':').map(|(_, number)| number)
}

/// The identifier of a visitor.
pub fn anonymous_identifier(anonymous_id: &str) -> String {
    format!("anonymous:{anonymous_id}")
}

/// Finds the customer of every event; makes customers for numbers that are new, and one of two that are one person.
pub async fn resolve(tx: &Tx, events: Vec<(u64, Event)>, now: Timestamp) -> RecordsResult<Vec<Resolved>> {
    let mut identifiers: Vec<String> = events.iter().flat_map(|(_, event)| mentioned(event)).collect();
    identifiers.sort_unstable();
    identifiers.dedup();
    let mut known = sql::find_identifiers(tx, &identifiers).await?;
    let waiting = waiting(tx, &events, &mut known).await?;
    let addressed: Vec<CustomerId> = events.iter().filter_map(|(_, event)| event.customer_id).collect();
    let addressed = sql::find_customers(tx, &addressed).await?;
    let ordinals: Vec<Ordinal> = known.values().filter_map(|found| found.customer).collect();
    let ordinals = [ordinals, addressed.values().map(|known| known.ordinal).collect()].concat();
    let customers = sql::people_of(tx, &ordinals).await?;
    let mut graph = Graph::new(known, waiting, addressed, customers, sql::next_ordinal(tx).await?, now);
    let joined: Vec<Vec<(Ordinal, Ordinal)>> = events.iter().map(|(_, event)| graph.learn(event)).collect();
    graph.save(tx).await?;
    let resolved = |((position, event), joined): ((u64, Event), Vec<(Ordinal, Ordinal)>)| {
        let (customer, node) = (graph.customer_of(&event), own(&event).next());
        let merged = joined.into_iter().filter_map(|(gone, stays)| {
            Some(Merged { from: graph.known_as(gone)?, into: graph.known_as(graph.current(stays))? })
        });
        Resolved { position, customer, node, merged: merged.collect(), event }
    };
    Ok(events.into_iter().zip(joined).map(resolved).collect())
}

/// The aliases that wait for the numbers that come for the first time, by the number; whom they name joins what is known.
async fn waiting(
    tx: &Tx,
    events: &[(u64, Event)],
    known: &mut HashMap<String, Found>,
) -> RecordsResult<HashMap<String, Vec<String>>> {
    let users = events
        .iter()
        .filter_map(|(_, event)| event.user_id.as_deref().map(|user_id| user_identifier(&event.source, user_id)));
    let mut new: Vec<String> = users.filter(|identifier| !known.contains_key(identifier)).collect();
    new.sort_unstable();
    new.dedup();
    let waiting = sql::find_aliases(tx, &new).await?;
    let named: Vec<String> =
        waiting.values().flatten().filter(|identifier| !known.contains_key(*identifier)).cloned().collect();
    known.extend(sql::find_identifiers(tx, &named).await?);
    Ok(waiting)
}

/// The identifiers that an event came with, the surest first.
fn own(event: &Event) -> impl Iterator<Item = String> {
    let user = event.user_id.as_deref().map(|user_id| user_identifier(&event.source, user_id));
    let anonymous = event.anonymous_id.as_deref().map(anonymous_identifier);
    user.into_iter().chain(anonymous)
}

/// All identifiers that an event speaks of.
fn mentioned(event: &Event) -> impl Iterator<Item = String> {
    let previous = alias(event).map(|(_, previous)| previous);
    let previous = previous.into_iter().flat_map(|id| [user_identifier(&event.source, id), anonymous_identifier(id)]);
    own(event).chain(previous)
}

/// The two identities that an alias calls one: the number, and what the person was called before.
fn alias(event: &Event) -> Option<(&str, &str)> {
    let previous = event.properties.get(PREVIOUS_ID)?.as_str()?;
    let user_id = event.user_id.as_deref()?;
    (event.kind == EventKind::Alias && previous != user_id).then_some((user_id, previous))
}
