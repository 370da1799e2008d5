//! What the sender has in hand: messages that were claimed, and those on their way.

use super::{SenderLimits, capture::Addressed};
use crate::outbox::ClaimedMessage;
use std::collections::{BTreeSet, HashMap, VecDeque};
use tokio::{
    task::{Id, JoinSet},
    time::Instant,
};
use uuid::Uuid;

/// How one message's way ended, for the sender itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Landing {
    /// The way to the server works, whatever became of this message.
    Fine,
    /// Not tried, or its end could not be written down.
    Nothing,
    /// The server, the settings or the sender are at fault.
    EveryonesFault { code: &'static str, sentence: String },
}

/// A message that is no longer on its way. Without a landing, its task broke off.
pub(super) struct Done {
    pub message: ClaimedMessage,
    pub landing: Option<Landing>,
}

#[derive(Default)]
pub(super) struct Flight {
    /// Claimed, and not started yet.
    pub waiting: VecDeque<Addressed>,
    tasks: JoinSet<Landing>,
    messages: HashMap<Id, (ClaimedMessage, Instant)>,
    /// Times in a row that everyone's fault was met.
    pub faults: u32,
}

impl Flight {
    /// How many more may start: `at_once_max` that move, beside those that have been stuck for `stuck_after`, and never
    /// more than `connections_max` in all. So a few recipients whose server falls silent stop nobody.
    pub fn room(&self, at_once_max: usize, limits: &SenderLimits) -> usize {
        let moving = self.messages.values().filter(|(_, since)| since.elapsed() < limits.stuck_after).count();
        let free = limits.smtp.connections_max.max(1).saturating_sub(self.tasks.len());
        at_once_max.saturating_sub(moving).min(free)
    }

    /// Sends a message on its way.
    pub fn start(&mut self, message: ClaimedMessage, way: impl Future<Output = Landing> + Send + 'static) {
        let handle = self.tasks.spawn(way);
        self.messages.insert(handle.id(), (message, Instant::now()));
    }

    /// The next message that lands; none when nothing is on its way.
    pub async fn next(&mut self) -> Option<Done> {
        let (id, landing) = match self.tasks.join_next_with_id().await? {
            Ok((id, landing)) => (id, Some(landing)),
            Err(error) => (error.id(), None),
        };
        let (message, _) = self.messages.remove(&id)?;
        Some(Done { message, landing })
    }

    /// The claims that messages in hand belong to.
    pub fn claims(&self) -> Vec<Uuid> {
        let waiting = self.waiting.iter().map(|(message, _)| message.claim_id);
        let claims: BTreeSet<Uuid> =
            self.messages.values().map(|(message, _)| message.claim_id).chain(waiting).collect();
        claims.into_iter().collect()
    }
}
