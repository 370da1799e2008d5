//! Who is who: the identifiers that an event carries, and the customer that they mean.
//!
//! A shop's own number (user id) makes a customer; a visitor's anonymous id does not, and joins the customer when both
//! come in one event. Events keep the identifier that they came with for ever.

pub mod sql;

use crate::stream::{Known, Resolved};
use records::{RecordsResult, Tx};
use std::collections::{BTreeMap, HashMap};
use vocabulary::{CustomerId, Event, Timestamp, id::Ordinal};

/// The identifier of a shop's own number, in the words of the table.
pub fn user_identifier(site: &str, user_id: &str) -> String {
    format!("user:{site}:{user_id}")
}

/// The identifier of a visitor.
pub fn anonymous_identifier(anonymous_id: &str) -> String {
    format!("anonymous:{anonymous_id}")
}

/// What is known of the identifiers of a batch, and what it adds.
struct Graph {
    known: HashMap<String, Option<Ordinal>>,
    customers: HashMap<Ordinal, CustomerId>,
    next: Ordinal,
    new_customers: Vec<sql::NewCustomer>,
    changed: BTreeMap<String, Option<Ordinal>>,
    now: Timestamp,
}

/// Finds the customer of every event; makes customers for numbers that are new.
pub async fn resolve(tx: &Tx, events: Vec<(u64, Event)>, now: Timestamp) -> RecordsResult<Vec<Resolved>> {
    let mut identifiers: Vec<String> = events.iter().flat_map(|(_, event)| identifiers_of(event)).collect();
    identifiers.sort_unstable();
    identifiers.dedup();
    let known = sql::find_identifiers(tx, &identifiers).await?;
    let addressed: Vec<CustomerId> = events.iter().filter_map(|(_, event)| event.customer_id).collect();
    let by_id = sql::find_customers(tx, &addressed).await?;
    let ordinals: Vec<Ordinal> = known.values().filter_map(|customer| *customer).collect();
    let customers = sql::ids_of(tx, &ordinals).await?;
    let next = sql::next_ordinal(tx).await?;
    let mut graph = Graph { known, customers, next, new_customers: Vec::new(), changed: BTreeMap::new(), now };
    let resolved = events.into_iter().map(|(position, event)| graph.resolve(position, event, &by_id)).collect();
    sql::insert_customers(tx, &graph.new_customers, now).await?;
    sql::save_identifiers(tx, &graph.changed, now).await?;
    Ok(resolved)
}

fn identifiers_of(event: &Event) -> Vec<String> {
    let user = event.user_id.as_deref().map(|user_id| user_identifier(&event.source, user_id));
    let anonymous = event.anonymous_id.as_deref().map(anonymous_identifier);
    user.into_iter().chain(anonymous).collect()
}

impl Graph {
    fn resolve(&mut self, position: u64, event: Event, by_id: &HashMap<CustomerId, Known>) -> Resolved {
        let mut identifiers = identifiers_of(&event);
        let addressed = event.customer_id.and_then(|id| by_id.get(&id).copied());
        let customer = addressed.or_else(|| self.customer_of(&event));
        if let (Some(known), Some(anonymous_id)) = (customer, &event.anonymous_id) {
            self.join(anonymous_identifier(anonymous_id), known.ordinal);
        }
        let node = if identifiers.is_empty() { None } else { Some(identifiers.swap_remove(0)) };
        Resolved { position, event, customer, node }
    }

    fn customer_of(&mut self, event: &Event) -> Option<Known> {
        let ordinal = match &event.user_id {
            Some(user_id) => self.customer_of_user(&user_identifier(&event.source, user_id), user_id),
            None => {
                let identifier = anonymous_identifier(event.anonymous_id.as_deref()?);
                let known = *self.known.entry(identifier.clone()).or_insert_with(|| {
                    self.changed.insert(identifier, None);
                    None
                });
                known?
            }
        };
        self.customers.get(&ordinal).map(|id| Known { id: *id, ordinal })
    }

    fn customer_of_user(&mut self, identifier: &str, number: &str) -> Ordinal {
        if let Some(Some(ordinal)) = self.known.get(identifier) {
            return *ordinal;
        }
        let (ordinal, id) = (self.next, CustomerId::new(self.now));
        self.next += 1;
        self.new_customers.push(sql::NewCustomer { ordinal, id, number: number.to_owned() });
        self.customers.insert(ordinal, id);
        self.known.insert(identifier.to_owned(), Some(ordinal));
        self.changed.insert(identifier.to_owned(), Some(ordinal));
        ordinal
    }

    /// A visitor's id joins a customer once. One that belongs to somebody else stays there: a shared device is no proof.
    fn join(&mut self, anonymous: String, customer: Ordinal) {
        if self.known.get(&anonymous).copied().flatten().is_none() {
            self.known.insert(anonymous.clone(), Some(customer));
            self.changed.insert(anonymous, Some(customer));
        }
    }
}
