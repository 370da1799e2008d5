//! What the sender has in hand: messages that were claimed, and those on their way.

use super::capture::Addressed;
use crate::outbox::ClaimedMessage;
use std::collections::{BTreeSet, HashMap, VecDeque};
use tokio::task::{Id, JoinSet};
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
    messages: HashMap<Id, ClaimedMessage>,
    /// Times in a row that everyone's fault was met.
    pub faults: u32,
}

impl Flight {
    /// Messages on their way.
    pub fn count(&self) -> usize {
        self.tasks.len()
    }

    /// Sends a message on its way.
    pub fn start(&mut self, message: ClaimedMessage, way: impl Future<Output = Landing> + Send + 'static) {
        let handle = self.tasks.spawn(way);
        self.messages.insert(handle.id(), message);
    }

    /// The next message that lands; none when nothing is on its way.
    pub async fn next(&mut self) -> Option<Done> {
        let (id, landing) = match self.tasks.join_next_with_id().await? {
            Ok((id, landing)) => (id, Some(landing)),
            Err(error) => (error.id(), None),
        };
        Some(Done { message: self.messages.remove(&id)?, landing })
    }

    /// The claims that messages in hand belong to.
    pub fn claims(&self) -> Vec<Uuid> {
        let waiting = self.waiting.iter().map(|(message, _)| message.claim_id);
        let claims: BTreeSet<Uuid> = self.messages.values().map(|message| message.claim_id).chain(waiting).collect();
        claims.into_iter().collect()
    }
}
