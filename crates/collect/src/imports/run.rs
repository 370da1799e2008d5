//! Reads a file and appends what it holds to the backfill journal; or only looks what would happen.

use super::{
    classes::{self, CUSTOMER, Counts, REJECTED, Rejected},
    effect::{Effect, EffectCounter},
    events::{ImportOptions, buyer_event, customer_event, order_told},
};
use crate::files::{
    self, CustomerItem, CustomerRow, FileError, FileKind, Mapping, OrderItem, OrderPart, ReadError, ReadOptions,
    Source, Summary, Watch,
};
use bytes::Bytes;
use customers::profile::Facts;
use journal::{Journal, JournalError};
use records::RecordsError;
use vocabulary::Event;

/// Events that are made durable together, and their bytes.
const GROUP: usize = 2_000;
const GROUP_BYTES: usize = 4 << 20;
/// Events after which it is noted how many are durable.
const EVENTS_BETWEEN_NOTES: u64 = 10_000;
/// Rejected lines whose reasons are kept.
const PROBLEMS_MAX: usize = 10_000;

/// Why an import ended early.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read any further.
    #[error(transparent)]
    File(#[from] FileError),
    /// The journal did not take the events.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The records could not be asked.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// Another run has taken this one's place.
    #[error("another run goes on with this import")]
    Replaced,
}

/// How an import went.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// How far it came.
    pub summary: Summary,
    /// Events that are durable.
    pub events: u64,
    /// Lines by class, those that occur, in the order of the report. Their sum is all lines but header and blank ones.
    pub classes: Vec<(String, u64)>,
    /// All lines that the classes count.
    pub lines: u64,
    /// Lines that were not taken, the first of them.
    pub problems: Vec<Rejected>,
    /// What it changes, where it was asked.
    pub effect: Option<Effect>,
}

/// A file with everything that its reading needs.
pub(super) struct Job<'a> {
    pub source: Source,
    pub mapping: &'a Mapping,
    pub read: &'a ReadOptions,
    pub options: &'a ImportOptions,
    /// Where events go; nothing for a mere look.
    pub journal: Option<Journal>,
    pub effect: Option<EffectCounter>,
    pub notes: Option<Notes<'a>>,
}

/// How far earlier runs came, and where it is noted how far this one is. A file gives the same events each time, so the
/// first of them need not be told again.
pub(super) struct Notes<'a> {
    /// Events that are durable already.
    pub told: u64,
    /// Notes a larger number of them.
    pub note: &'a mut dyn FnMut(u64) -> Result<(), ImportError>,
}

/// Reads a whole file, or until the watcher stops it. To be run by `spawn_blocking`.
pub(super) fn run(job: Job<'_>, watch: Watch<'_>) -> Result<Imported, ImportError> {
    let Job { source, mapping, read, options, journal, effect, notes } = job;
    let mut taker = Taker::new(options, journal, effect, notes);
    let summary = match mapping.kind {
        FileKind::Orders => files::read_orders(source, mapping, read, watch, |item| match item {
            OrderItem::Problem(problem) => taker.reject(&(&problem).into()),
            OrderItem::Part(part) => taker.part(part),
        }),
        FileKind::Customers => files::read_customers(source, mapping, read, watch, |item| match item {
            CustomerItem::Problem(problem) => taker.reject(&(&problem).into()),
            CustomerItem::Row(row) => taker.person(*row),
        }),
    };
    taker.finish(summary.map_err(unwrapped)?)
}

/// Imports a file of orders. To be run by `spawn_blocking`.
pub fn import_orders(
    source: Source,
    mapping: &Mapping,
    read: &ReadOptions,
    options: &ImportOptions,
    journal: Journal,
    watch: Watch<'_>,
) -> Result<Imported, ImportError> {
    run(Job { source, mapping, read, options, journal: Some(journal), effect: None, notes: None }, watch)
}

/// Imports a file of customers. To be run by `spawn_blocking`.
pub fn import_customers(
    source: Source,
    mapping: &Mapping,
    read: &ReadOptions,
    options: &ImportOptions,
    journal: Journal,
    watch: Watch<'_>,
) -> Result<Imported, ImportError> {
    run(Job { source, mapping, read, options, journal: Some(journal), effect: None, notes: None }, watch)
}

/// Collects events and appends them in groups. Called from a thread that may wait.
struct Taker<'a> {
    options: &'a ImportOptions,
    journal: Option<Journal>,
    effect: Option<EffectCounter>,
    notes: Option<Notes<'a>>,
    /// Events that earlier runs made durable and that this one has yet to come past.
    known: u64,
    noted: u64,
    runtime: tokio::runtime::Handle,
    waiting: Vec<Bytes>,
    waiting_bytes: usize,
    counts: Counts,
    imported: Imported,
}

impl<'a> Taker<'a> {
    fn new(
        options: &'a ImportOptions,
        journal: Option<Journal>,
        effect: Option<EffectCounter>,
        notes: Option<Notes<'a>>,
    ) -> Self {
        let runtime = tokio::runtime::Handle::current();
        let known = notes.as_ref().map_or(0, |notes| notes.told);
        Self {
            options,
            journal,
            effect,
            notes,
            known,
            noted: known,
            runtime,
            waiting: Vec::with_capacity(GROUP),
            waiting_bytes: 0,
            counts: Counts::default(),
            imported: Imported::default(),
        }
    }

    fn part(&mut self, mut part: OrderPart) -> Result<(), ImportError> {
        let refusal = classes::refusal(&part, self.options);
        for line in &part.lines {
            let class = classes::class_of(line, &part, refusal);
            if let Some(refusal) = refusal.filter(|_| class == REJECTED) {
                self.imported.keep(refusal.of_line(line.line, part.currency));
            }
            self.counts.add(class);
        }
        if refusal.is_some() {
            return Ok(());
        }
        let buyer = part
            .buyer
            .take()
            .and_then(|buyer| buyer_event(*buyer, part.customer_number.as_deref(), part.ordered_at, self.options));
        self.push(buyer)?;
        let told = order_told(part, self.options);
        let payload = self.journal.is_some().then(|| told.payload(self.options).ok()).flatten();
        if let Some(effect) = &mut self.effect {
            effect.order(told)?;
        }
        payload.map_or(Ok(()), |payload| self.push_payload(payload))
    }

    fn person(&mut self, row: CustomerRow) -> Result<(), ImportError> {
        if let Some(problem) = classes::problem_of(&row) {
            return self.reject(&(&problem).into());
        }
        self.counts.add(CUSTOMER);
        let event = customer_event(row, self.options);
        if let (Some(effect), Some(event)) = (&mut self.effect, &event) {
            effect.person(event.user_id.as_deref().unwrap_or_default(), Facts::from_traits(&event.traits))?;
        }
        self.push(event)
    }

    fn reject(&mut self, rejected: &Rejected) -> Result<(), ImportError> {
        self.counts.add(REJECTED);
        self.imported.keep(rejected.clone());
        Ok(())
    }

    fn push(&mut self, event: Option<Event>) -> Result<(), ImportError> {
        let payload = event.filter(|_| self.journal.is_some()).and_then(|event| event.to_json().ok());
        payload.map_or(Ok(()), |payload| self.push_payload(payload))
    }

    fn push_payload(&mut self, payload: Vec<u8>) -> Result<(), ImportError> {
        if self.known > 0 {
            self.known -= 1;
            self.imported.events += 1;
            return Ok(());
        }
        self.waiting_bytes += payload.len();
        self.waiting.push(Bytes::from(payload));
        if self.waiting.len() >= GROUP || self.waiting_bytes >= GROUP_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ImportError> {
        if let Some(effect) = &mut self.effect {
            effect.settle()?;
        }
        let group = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        let Some(journal) = self.journal.as_ref().filter(|_| !group.is_empty()) else { return Ok(()) };
        self.imported.events += group.len() as u64;
        self.runtime.block_on(journal.append(group))?;
        match &mut self.notes {
            Some(notes) if self.imported.events >= self.noted + EVENTS_BETWEEN_NOTES => {
                self.noted = self.imported.events;
                (notes.note)(self.noted)
            }
            _ => Ok(()),
        }
    }

    fn finish(mut self, summary: Summary) -> Result<Imported, ImportError> {
        self.flush()?;
        self.imported.summary = summary;
        self.imported.classes = self.counts.in_order();
        self.imported.lines = self.counts.total();
        self.imported.effect = self.effect.map(EffectCounter::finish).transpose()?.flatten();
        Ok(self.imported)
    }
}

impl Imported {
    fn keep(&mut self, rejected: Rejected) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(rejected);
        }
    }

    /// Lines that were not taken.
    pub fn rejected(&self) -> u64 {
        self.classes.iter().find(|(class, _)| class == REJECTED).map_or(0, |(_, count)| *count)
    }
}

fn unwrapped(error: ReadError<ImportError>) -> ImportError {
    match error {
        ReadError::File(error) => error.into(),
        ReadError::Taker(error) => error,
    }
}
