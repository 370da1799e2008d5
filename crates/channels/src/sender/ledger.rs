//! The ledger: writes down what happens to messages in hand, many in one commit, since each commit waits for the disk.

use super::SENDER;
use crate::{
    Channels,
    outbox::{self, ClaimedMessage, Ending, Moment},
    settings,
};
use records::{RecordsResult, Tx};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Entries of one commit.
const COMMIT_MAX: usize = 100;
/// How long the records may be away before what happened is given up: the lease then says what is known.
const TRIES_MAX: u32 = 120;
const PAUSE: Duration = Duration::from_millis(500);

/// Takes entries. Cheap to clone.
#[derive(Clone)]
pub(super) struct Ledger {
    entries: mpsc::Sender<Entry>,
    channels: Channels,
}

struct Entry {
    message: ClaimedMessage,
    change: Change,
    answer: oneshot::Sender<bool>,
}

enum Change {
    Hand,
    Settle(Ending),
}

impl Ledger {
    /// Starts writing.
    pub fn start(channels: Channels) -> Self {
        let (entries, received) = mpsc::channel(COMMIT_MAX * 2);
        let ledger = Self { entries, channels: channels.clone() };
        tokio::spawn(write(Writer { channels }, received));
        ledger
    }

    /// Says that a message goes on the wire now. True only when that is on the disk.
    pub async fn hand(&self, message: ClaimedMessage) -> bool {
        self.enter(message, Change::Hand).await
    }

    /// Writes down what became of a message. False when it was no longer in this hand.
    pub async fn settle(&self, message: ClaimedMessage, ending: Ending) -> bool {
        self.enter(message, Change::Settle(ending)).await
    }

    async fn enter(&self, message: ClaimedMessage, change: Change) -> bool {
        let (answer, answered) = oneshot::channel();
        self.entries.send(Entry { message, change, answer }).await.is_ok() && answered.await.unwrap_or(false)
    }

    /// Now, by both clocks, as a transaction sees the settings.
    pub async fn moment(&self, tx: &Tx) -> RecordsResult<Moment> {
        moment(&self.channels, tx).await
    }
}

async fn moment(channels: &Channels, tx: &Tx) -> RecordsResult<Moment> {
    let hold_unknown = settings::read(tx).await?.hold_unknown;
    Ok(Moment { now: channels.now(), wall_now: channels.wall_now(), hold_unknown })
}

struct Writer {
    channels: Channels,
}

async fn write(writer: Writer, mut received: mpsc::Receiver<Entry>) {
    let mut entries = Vec::with_capacity(COMMIT_MAX);
    while received.recv_many(&mut entries, COMMIT_MAX).await > 0 {
        writer.commit(std::mem::take(&mut entries)).await;
    }
}

impl Writer {
    /// All entries in one commit; when the records refuse it for a reason that stays, each by itself.
    async fn commit(&self, entries: Vec<Entry>) {
        let changes: Vec<&Entry> = entries.iter().collect();
        let answers = match self.persist(&changes).await {
            Some(answers) => answers,
            None if changes.len() > 1 => {
                let mut answers = Vec::with_capacity(changes.len());
                for change in changes {
                    answers.push(self.persist(&[change]).await.is_some_and(|answers| answers == [true]));
                }
                answers
            }
            None => vec![false],
        };
        for (entry, answer) in entries.into_iter().zip(answers) {
            let _ = entry.answer.send(answer);
        }
    }

    async fn persist(&self, entries: &[&Entry]) -> Option<Vec<bool>> {
        for _ in 0..TRIES_MAX {
            match self.attempt(entries).await {
                Ok(answers) => return Some(answers),
                Err(error) if error.is_transient() => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "messages could not be written down; trying again"
                    );
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "messages could not be written down");
                    return None;
                }
            }
        }
        None
    }

    async fn attempt(&self, entries: &[&Entry]) -> RecordsResult<Vec<bool>> {
        let mut tx = self.channels.inner.records.begin(&SENDER, "messages.settle").await?;
        let at = moment(&self.channels, &tx).await?;
        let mut answers = Vec::with_capacity(entries.len());
        for entry in entries {
            answers.push(match &entry.change {
                Change::Hand => outbox::hand(&tx, &entry.message, at).await?,
                Change::Settle(ending) => outbox::settle(&mut tx, &entry.message, ending, at).await?,
            });
        }
        tx.commit().await?;
        Ok(answers)
    }
}
