//! Who is who: the identifiers that an event carries, and the customer that they mean.
//!
//! A shop's own number (user id) makes a customer; a visitor's anonymous id does not, and joins the customer when both
//! come in one event. Events keep the identifier that they came with for ever.

mod presence;
pub mod sql;

pub use presence::PresenceProjection;

use crate::{
    origin::{Origin, undone_by},
    stream::{Known, Resolved},
};
use records::{RecordsResult, Tx};
use std::collections::{BTreeMap, BTreeSet, HashMap};
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
    customers: HashMap<Ordinal, sql::Person>,
    first_new: Ordinal,
    next: Ordinal,
    new_customers: Vec<(Ordinal, String)>,
    /// People who were known by files only, and now otherwise too.
    vouched: BTreeSet<Ordinal>,
    /// People whom nobody knew any more, and who are spoken of again.
    returned: BTreeSet<Ordinal>,
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
    let customers = sql::people_of(tx, &ordinals).await?;
    let next = sql::next_ordinal(tx).await?;
    let mut graph = Graph {
        known,
        customers,
        first_new: next,
        next,
        new_customers: Vec::new(),
        vouched: BTreeSet::new(),
        returned: BTreeSet::new(),
        changed: BTreeMap::new(),
        now,
    };
    let resolved = events.into_iter().map(|(position, event)| graph.resolve(position, event, &by_id)).collect();
    sql::insert_customers(tx, &graph.newborn(), now).await?;
    sql::vouch(tx, &graph.vouched).await?;
    sql::bring_back(tx, &graph.returned).await?;
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
            Some(user_id) if undone_by(event).is_some() => {
                let known = self.known.get(&user_identifier(&event.source, user_id)).copied().flatten()?;
                return self.customers.get(&known).map(|person| Known { id: person.id, ordinal: known });
            }
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
        self.meet(ordinal, Origin::of(event))
    }

    /// Somebody speaks of this person.
    fn meet(&mut self, ordinal: Ordinal, origin: Origin) -> Option<Known> {
        let person = self.customers.get_mut(&ordinal)?;
        if std::mem::take(&mut person.is_hidden) {
            self.returned.insert(ordinal);
        }
        if person.is_of_imports && !origin.is_import() {
            person.is_of_imports = false;
            if ordinal < self.first_new {
                self.vouched.insert(ordinal);
            }
        }
        Some(Known { id: person.id, ordinal })
    }

    /// The people who were not there before this batch.
    fn newborn(&self) -> Vec<sql::NewCustomer> {
        let person = |(ordinal, number): &(Ordinal, String)| {
            let person = self.customers.get(ordinal)?;
            Some(sql::NewCustomer {
                ordinal: *ordinal,
                id: person.id,
                number: number.clone(),
                is_of_imports: person.is_of_imports,
            })
        };
        self.new_customers.iter().filter_map(person).collect()
    }

    fn customer_of_user(&mut self, identifier: &str, number: &str) -> Ordinal {
        if let Some(Some(ordinal)) = self.known.get(identifier) {
            return *ordinal;
        }
        let (ordinal, id) = (self.next, CustomerId::new(self.now));
        self.next += 1;
        self.new_customers.push((ordinal, number.to_owned()));
        // Until somebody else speaks of them: whoever does is met at once.
        self.customers.insert(ordinal, sql::Person { id, is_of_imports: true, is_hidden: false });
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
