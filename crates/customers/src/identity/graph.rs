//! What is known of the identifiers of a batch, and what the batch adds.

use super::{alias, anonymous_identifier, sql, user_identifier};
use crate::{
    origin::{Origin, undone_by},
    stream::Known,
};
use records::{RecordsResult, Tx};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vocabulary::{CustomerId, Event, Timestamp, id::Ordinal};

/// An identifier, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Whom it means.
    pub customer: Option<Ordinal>,
    /// Of a visitor's id: the event by which it came to its person.
    pub link: Option<Link>,
}

/// The event by which a visitor's id came to a person; the smallest holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    /// When it happened.
    pub at: Timestamp,
    /// The identifier of the person.
    pub by: String,
}

pub(super) struct Graph {
    known: HashMap<String, Found>,
    /// Who is the same person as a number that nobody came with yet.
    waiting: HashMap<String, Vec<String>>,
    addressed: HashMap<CustomerId, Known>,
    customers: HashMap<Ordinal, sql::Person>,
    merged: BTreeMap<Ordinal, Ordinal>,
    /// What the present event has merged: who goes, and who stays.
    joined: Vec<(Ordinal, Ordinal)>,
    new_aliases: BTreeSet<(String, String)>,
    first_new: Ordinal,
    next: Ordinal,
    new_customers: Vec<(Ordinal, String)>,
    /// People who were known by files only, and now otherwise too.
    vouched: BTreeSet<Ordinal>,
    /// People whom nobody knew any more, and who are spoken of again.
    returned: BTreeSet<Ordinal>,
    changed: BTreeSet<String>,
    now: Timestamp,
}

impl Graph {
    pub fn new(
        known: HashMap<String, Found>,
        waiting: HashMap<String, Vec<String>>,
        addressed: HashMap<CustomerId, Known>,
        customers: HashMap<Ordinal, sql::Person>,
        next: Ordinal,
        now: Timestamp,
    ) -> Self {
        Self {
            known,
            waiting,
            addressed,
            customers,
            merged: BTreeMap::new(),
            joined: Vec::new(),
            new_aliases: BTreeSet::new(),
            first_new: next,
            next,
            new_customers: Vec::new(),
            vouched: BTreeSet::new(),
            returned: BTreeSet::new(),
            changed: BTreeSet::new(),
            now,
        }
    }

    /// Takes in what an event says of who is who. Of customers that it makes one: who goes, and who stays. An event
    /// that takes a word back says nothing of anybody.
    pub fn learn(&mut self, event: &Event) -> Vec<(Ordinal, Ordinal)> {
        if undone_by(event).is_some() {
            return Vec::new();
        }
        let anonymous = event.anonymous_id.as_deref().map(anonymous_identifier);
        match (self.person_of(event), anonymous) {
            (Some((by, customer)), Some(anonymous)) => self.link(anonymous, customer, event.occurred_at, by),
            (None, Some(anonymous)) => self.visit(anonymous, Origin::of(event)),
            _ => {}
        }
        if let Some((user_id, previous)) = alias(event) {
            self.learn_alias(event, user_id, previous);
        }
        std::mem::take(&mut self.joined)
    }

    fn visit(&mut self, anonymous: String, origin: Origin) {
        match self.known.get(&anonymous) {
            Some(Found { customer: Some(customer), .. }) => self.meet(*customer, origin),
            Some(_) => {}
            None => {
                self.known.insert(anonymous.clone(), Found::default());
                self.changed.insert(anonymous);
            }
        }
    }

    fn learn_alias(&mut self, event: &Event, user_id: &str, previous: &str) {
        let by = user_identifier(&event.source, user_id);
        let customer = self.customer_of_user(&by, user_id);
        self.link(anonymous_identifier(previous), customer, event.occurred_at, by.clone());
        let previous = user_identifier(&event.source, previous);
        match self.known.get(&previous).and_then(|found| found.customer) {
            Some(other) => {
                self.unite(other, customer);
                self.meet(customer, Origin::of(event));
            }
            None => self.waiting.entry(previous.clone()).or_default().push(by.clone()),
        }
        self.new_aliases.insert((previous, by));
    }

    /// Somebody speaks of this person.
    fn meet(&mut self, ordinal: Ordinal, origin: Origin) {
        let ordinal = self.current(ordinal);
        let Some(person) = self.customers.get_mut(&ordinal) else { return };
        if std::mem::take(&mut person.is_hidden) {
            self.returned.insert(ordinal);
        }
        if person.is_of_imports && !origin.is_import() {
            person.is_of_imports = false;
            if ordinal < self.first_new {
                self.vouched.insert(ordinal);
            }
        }
    }

    /// The customer of an event, after all that was learned.
    pub fn customer_of(&self, event: &Event) -> Option<Known> {
        let addressed = event.customer_id.and_then(|id| self.addressed.get(&id)).map(|known| known.ordinal);
        let by_identifier = || {
            let user = event.user_id.as_deref().map(|user_id| user_identifier(&event.source, user_id));
            let identifier = user.or_else(|| event.anonymous_id.as_deref().map(anonymous_identifier))?;
            self.known.get(&identifier)?.customer
        };
        self.known_as(self.current(addressed.or_else(by_identifier)?))
    }

    /// A customer with the id that the world sees.
    pub fn known_as(&self, ordinal: Ordinal) -> Option<Known> {
        self.customers.get(&ordinal).map(|person| Known { id: person.id, ordinal })
    }

    /// Who a customer is after the merges of this batch.
    pub fn current(&self, mut ordinal: Ordinal) -> Ordinal {
        while let Some(stays) = self.merged.get(&ordinal) {
            ordinal = *stays;
        }
        ordinal
    }

    /// Writes what the batch has added.
    pub async fn save(&self, tx: &Tx) -> RecordsResult<()> {
        sql::insert_customers(tx, &self.newborn(), self.now).await?;
        sql::vouch(tx, &self.vouched).await?;
        sql::bring_back(tx, &self.returned).await?;
        let changed = self.changed.iter().filter_map(|identifier| {
            let found = self.known.get(identifier)?.clone();
            let customer = found.customer.map(|customer| self.current(customer));
            Some((identifier.as_str(), Found { customer, ..found }))
        });
        sql::save_identifiers(tx, changed, self.now).await?;
        sql::save_aliases(tx, &self.new_aliases).await?;
        for gone in self.merged.keys() {
            sql::redirect(tx, *gone, self.current(*gone)).await?;
        }
        Ok(())
    }

    /// The person whom an event names for sure, with the identifier that names them.
    fn person_of(&mut self, event: &Event) -> Option<(String, Ordinal)> {
        if let Some(known) = event.customer_id.and_then(|id| self.addressed.get(&id)) {
            return Some((format!("customer:{}", known.id), known.ordinal));
        }
        let user_id = event.user_id.as_deref()?;
        let identifier = user_identifier(&event.source, user_id);
        let customer = self.customer_of_user(&identifier, user_id);
        self.meet(customer, Origin::of(event));
        Some((identifier, customer))
    }

    /// The people who were not there before this batch.
    fn newborn(&self) -> Vec<sql::NewCustomer> {
        let person = |(ordinal, number): &(Ordinal, String)| {
            let person = self.customers.get(ordinal)?;
            let (id, is_of_imports) = (person.id, person.is_of_imports);
            Some(sql::NewCustomer { ordinal: *ordinal, id, number: number.clone(), is_of_imports })
        };
        self.new_customers.iter().filter_map(person).collect()
    }

    /// The customer of a number; a new one for a number that is new, unless an alias has said whose it is.
    fn customer_of_user(&mut self, identifier: &str, number: &str) -> Ordinal {
        if let Some(customer) = self.known.get(identifier).and_then(|found| found.customer) {
            return self.current(customer);
        }
        let namesakes = self.waiting.remove(identifier).unwrap_or_default();
        let namesakes: Vec<Ordinal> = namesakes.iter().filter_map(|by| self.known.get(by)?.customer).collect();
        let customer = namesakes.first().copied().unwrap_or_else(|| self.be_born(number));
        self.known.insert(identifier.to_owned(), Found { customer: Some(customer), link: None });
        self.changed.insert(identifier.to_owned());
        namesakes.into_iter().for_each(|other| self.unite(customer, other));
        self.current(customer)
    }

    fn be_born(&mut self, number: &str) -> Ordinal {
        let (ordinal, id) = (self.next, CustomerId::new(self.now));
        self.next += 1;
        self.new_customers.push((ordinal, number.to_owned()));
        // Until somebody else speaks of them: whoever does is met at once.
        self.customers.insert(ordinal, sql::Person { id, is_of_imports: true, is_hidden: false });
        ordinal
    }

    /// A visitor's id belongs to the first person who came with it.
    fn link(&mut self, anonymous: String, customer: Ordinal, at: Timestamp, by: String) {
        let link = Link { at, by };
        let found = self.known.entry(anonymous.clone()).or_default();
        if found.link.as_ref().is_none_or(|before| link < *before) {
            *found = Found { customer: Some(customer), link: Some(link) };
            self.changed.insert(anonymous);
        }
    }

    /// Two customers are one person; the older one stays.
    fn unite(&mut self, one: Ordinal, other: Ordinal) {
        let (one, other) = (self.current(one), self.current(other));
        let (stays, gone) = (one.min(other), one.max(other));
        if stays != gone {
            self.merged.insert(gone, stays);
            self.joined.push((gone, stays));
            let was_known_otherwise = self.customers.get(&gone).is_some_and(|person| !person.is_of_imports);
            if was_known_otherwise {
                self.meet(stays, Origin::ANYBODY);
            }
        }
    }
}
