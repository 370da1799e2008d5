//! What stands in the audit log though nothing was changed: who has looked at whom, and that somebody was not let in.
//! It is gathered in memory and written in groups, so that neither costs a commit.

use crate::{Access, AccessError, Operator, sql};
use records::Actor;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use vocabulary::{OperatorId, Timestamp};

/// Who looks at the same again within so many seconds has looked once.
const LOOK_SECONDS: i64 = 600;
/// Notes that wait to be written. There are so many only when the records take none.
const NOTES_MAX: usize = 10_000;

/// One row to be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Note {
    pub at: Timestamp,
    pub actor_kind: &'static str,
    pub actor: String,
    pub action: &'static str,
    pub object: String,
}

type Look = (OperatorId, &'static str, String);

/// What waits to be written, and who has looked at what lately.
#[derive(Default)]
pub(crate) struct Notes(Mutex<Gathered>);

#[derive(Default)]
struct Gathered {
    waiting: Vec<Note>,
    looks: HashMap<Look, Timestamp>,
    /// Notes for which there was no room since they were last written.
    lost: u64,
}

impl Gathered {
    fn look(&mut self, look: Look, now: Timestamp) {
        let is_known = self.looks.get(&look).is_some_and(|at| at.plus_seconds(LOOK_SECONDS) > now);
        if !is_known {
            let (operator, action, object) = look.clone();
            if self.note(Note { at: now, actor_kind: "operator", actor: operator.to_string(), action, object }) {
                self.looks.insert(look, now);
            }
        }
    }

    /// Whether there was room for it.
    fn note(&mut self, note: Note) -> bool {
        let has_room = self.waiting.len() < NOTES_MAX;
        if has_room {
            self.waiting.push(note);
        } else {
            self.lost += 1;
        }
        has_room
    }

    fn take(&mut self, now: Timestamp) -> Vec<Note> {
        self.looks.retain(|_, at| at.plus_seconds(LOOK_SECONDS) > now);
        std::mem::take(&mut self.waiting)
    }
}

impl Notes {
    fn with<T>(&self, work: impl FnOnce(&mut Gathered) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Access {
    /// Notes that somebody looked at something that is nobody else's business, such as a customer's card.
    pub fn note_look(&self, operator: &Operator, action: &'static str, object: impl ToString) {
        let look = (operator.operator_id, action, object.to_string());
        self.inner.notes.with(|notes| notes.look(look, self.inner.clock.now()));
    }

    /// Notes that somebody was not let in, who said to be this operator.
    pub(crate) fn note_refused(&self, operator: Option<OperatorId>) {
        let object = operator.map(|id| id.to_string()).unwrap_or_default();
        let at = self.inner.clock.now();
        let note = Note { at, actor_kind: "visitor", actor: String::new(), action: "session.refused", object };
        self.inner.notes.with(|notes| _ = notes.note(note));
    }

    /// Writes what was noted. When that fails it waits for the next time.
    pub async fn write_notes(&self) -> Result<(), AccessError> {
        let now = self.inner.clock.now();
        let notes = self.inner.notes.with(|notes| notes.take(now));
        if notes.is_empty() {
            return Ok(());
        }
        let written = self.write(&notes).await;
        let lost =
            self.inner.notes.with(|gathered| if written.is_ok() { std::mem::take(&mut gathered.lost) } else { 0 });
        if lost > 0 {
            tracing::warn!(lost, "there was no room for {lost} notes of who looked at what");
        }
        if written.is_err() {
            self.inner.notes.with(|gathered| notes.into_iter().for_each(|note| _ = gathered.note(note)));
        }
        written
    }

    async fn write(&self, notes: &[Note]) -> Result<(), AccessError> {
        let tx = self.inner.records.begin(&Actor::System("audit"), "audit.notes").await?;
        sql::insert_notes(&tx, notes).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_looks_again_and_again_has_looked_once_in_ten_minutes() {
        let (mut notes, somebody) = (Gathered::default(), OperatorId::new(testing::START));
        let looks = [0, 1, 599, 600, 900, 1_200];
        for seconds in looks {
            let now = testing::START.plus_seconds(seconds);
            notes.look((somebody, "customer.read", "a".to_owned()), now);
        }
        notes.look((somebody, "customer.read", "b".to_owned()), testing::START);
        let at: Vec<Timestamp> = notes.waiting.iter().filter(|note| note.object == "a").map(|note| note.at).collect();
        assert_eq!(at, [0, 600, 1_200].map(|seconds| testing::START.plus_seconds(seconds)));
        assert_eq!(notes.take(testing::START.plus_seconds(1_800)).len(), 4);
        assert!(notes.looks.is_empty() && notes.waiting.is_empty(), "what is over is forgotten");
    }
}
