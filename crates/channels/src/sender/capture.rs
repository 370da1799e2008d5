//! Keeping mails instead of sending them, while no server is set.

use super::{
    Kept, LEASE_SECONDS, Printer, SENDER, Sender,
    present::{Fixed, Present},
};
use crate::{
    contents::Ready,
    mail::{BrokenOff, roomy},
    outbox::{self, Claim, ClaimedMessage, Ending},
    sendings,
};
use customers::profile::sql::{ProfileRow, find_many};
use records::RecordsResult;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;
use vocabulary::id::{Ordinal, new_uuid};

/// A message with its person.
pub(super) type Addressed = (ClaimedMessage, ProfileRow);

/// What printing made of a group.
#[derive(Default)]
struct Group {
    printed: Vec<(ClaimedMessage, Vec<u8>)>,
    failed: Vec<(ClaimedMessage, String)>,
}

impl Sender {
    /// One group of each sending. True when there may be more.
    pub(super) async fn capture(&mut self, present: &Present) -> RecordsResult<bool> {
        self.release_waiting().await;
        if self.note_fault(present).await? {
            return Ok(false);
        }
        let mut is_busy = false;
        for sending_id in self.running().await? {
            let Some(ready) = self.ready(sending_id).await? else { continue };
            let (messages, skipped) = self.claim(sending_id, &present.fixed, self.limits.captures_max).await?;
            is_busy |= skipped > 0 || !messages.is_empty();
            if !messages.is_empty() {
                self.capture_group(ready, present, messages).await?;
            }
        }
        Ok(is_busy)
    }

    async fn capture_group(&self, ready: Arc<Ready>, present: &Present, messages: Vec<Addressed>) -> RecordsResult<()> {
        let Some(claim_id) = messages.first().map(|(message, _)| message.claim_id) else { return Ok(()) };
        let printer = self.printer(&present.fixed, self.channels.now());
        let print = move || roomy(|| print_group(&printer, &ready, messages));
        let group = tokio::task::spawn_blocking(print).await.unwrap_or(Err(BrokenOff));
        let Group { printed, failed } = group.unwrap_or_else(|error| {
            tracing::error!(%error, "printing a group of mails failed");
            Group::default()
        });
        let mut tx = self.channels.inner.records.begin(&SENDER, "messages.capture").await?;
        let at = self.ledger.moment(&tx).await?;
        outbox::capture(&mut tx, claim_id, printed, at).await?;
        for (message, words) in failed {
            outbox::settle(&mut tx, &message, &Ending::Failed { words, is_address_bad: false }, at).await?;
        }
        outbox::end_claim(&tx, claim_id, at).await?;
        tx.commit().await
    }

    /// What a sending says. One that cannot be read is paused, so that it stops nobody else.
    pub(super) async fn ready(&self, sending_id: Uuid) -> RecordsResult<Option<Arc<Ready>>> {
        let sentence = match self.channels.inner.contents.get(sending_id).await {
            Ok(Some(ready)) => return Ok(Some(ready)),
            Ok(None) => "it has no content".to_owned(),
            Err(error) if error.is_transient() => return Err(error),
            Err(error) => error.to_string(),
        };
        tracing::error!(%sending_id, sentence, "paused a sending whose mail cannot be read");
        let tx = self.channels.inner.records.begin(&SENDER, "sending.pause").await?;
        sendings::pause(&tx, sending_id).await?;
        tx.commit().await?;
        Ok(None)
    }

    /// Takes a group in hand, with the people that it goes to.
    pub(super) async fn claim(
        &self,
        sending_id: Uuid,
        fixed: &Fixed,
        messages_max: u32,
    ) -> RecordsResult<(Vec<Addressed>, usize)> {
        let (now, wall_now) = (self.channels.now(), self.channels.wall_now());
        let claim = Claim {
            claim_id: new_uuid(wall_now),
            lease_until: wall_now.plus_seconds(LEASE_SECONDS),
            now,
            wall_now,
            cap: fixed.cap,
            messages_max,
        };
        let tx = self.channels.inner.records.begin(&SENDER, "messages.claim").await?;
        let (messages, skipped) = outbox::claim(&tx, sending_id, &claim).await?;
        tx.commit().await?;
        Ok((self.addressed(messages).await?, skipped))
    }

    async fn addressed(&self, messages: Vec<ClaimedMessage>) -> RecordsResult<Vec<Addressed>> {
        let people: Vec<Ordinal> = messages.iter().map(|message| message.customer).collect();
        let profiles = find_many(&self.channels.inner.records.reader(), &people).await?;
        let profiles: HashMap<i64, ProfileRow> =
            profiles.into_iter().map(|profile| (profile.customer, profile)).collect();
        let with_profile = |message: ClaimedMessage| {
            let profile = profiles.get(&i64::from(message.customer))?.clone();
            Some((message, profile))
        };
        Ok(messages.into_iter().filter_map(with_profile).collect())
    }

    pub(super) fn printer(&self, fixed: &Arc<Fixed>, now: vocabulary::Timestamp) -> Printer {
        Printer { fixed: fixed.clone(), key: self.channels.inner.link_key.clone(), now }
    }
}

fn print_group(printer: &Printer, ready: &Ready, messages: Vec<Addressed>) -> Group {
    let mut group = Group::default();
    for (message, person) in messages {
        // No picture: whoever reads it here is an operator, and that is no opening.
        match printer.print(ready, &message, &person, false).and_then(Kept::packed) {
            Ok(content) => group.printed.push((message, content)),
            Err(words) => group.failed.push((message, words)),
        }
    }
    group
}
