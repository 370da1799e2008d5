//! Handing mails to the server: marked as handed first, then the wire, then what became of it.

use super::{
    Printer, SENDER, Sender,
    capture::Addressed,
    flight::{Done, Landing},
    ledger::Ledger,
    present::Present,
    trouble::{self, Trouble},
};
use crate::{
    contents::Ready,
    mail::{Outcome, SmtpTransport, retry_after},
    outbox::{ClaimedMessage, Ending},
};
use records::RecordsResult;
use std::sync::Arc;
use vocabulary::Timestamp;

/// So often in a row everyone's fault must be met before all wait: a server may refuse one connection too many.
const FAULTS_MAX: u32 = 3;
/// How long a message waits that met everyone's fault, in seconds.
const FAULT_PAUSE: i64 = 5;

impl Sender {
    /// Claims and starts as much as there is room for. True when more could be done at once.
    pub(super) async fn send(&mut self, present: &Present) -> RecordsResult<bool> {
        if self.note_fault(present).await? {
            return Ok(false);
        }
        let trouble = trouble::read(&self.channels.inner.records.reader()).await?;
        let at_once = match &trouble {
            Some(trouble) if self.channels.wall_now() < trouble.next_try_at => {
                self.release_waiting().await;
                return Ok(false);
            }
            // One message tries whether it is over.
            Some(_) => 1,
            None => self.limits.at_once_max.max(1),
        };
        let room = self.flight.room(at_once, &self.limits);
        if room > 0 && self.flight.waiting.is_empty() {
            self.fetch(present, if trouble.is_some() { 1 } else { self.limits.group_max }).await?;
        }
        let mut started = 0;
        while started < room {
            let Some(addressed) = self.flight.waiting.pop_front() else { break };
            self.start(present, addressed).await?;
            started += 1;
        }
        Ok(started > 0 && started < room)
    }

    /// Claims a group of the first sending that has one.
    async fn fetch(&mut self, present: &Present, messages_max: u32) -> RecordsResult<()> {
        for sending_id in self.running().await? {
            if self.ready(sending_id).await?.is_none() {
                continue;
            }
            loop {
                let (messages, skipped) = self.claim(sending_id, &present.fixed, messages_max).await?;
                self.flight.waiting.extend(messages);
                if !self.flight.waiting.is_empty() {
                    return Ok(());
                }
                if skipped == 0 {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn start(&mut self, present: &Present, (message, person): Addressed) -> RecordsResult<()> {
        let (Some(transport), Some(ready)) =
            (present.transport.clone(), self.channels.inner.contents.get(message.sending_id).await?)
        else {
            return Ok(());
        };
        let printer = self.printer(&present.fixed, self.channels.wall_now());
        let courier = Courier {
            transport,
            ready,
            printer,
            ledger: self.ledger.clone(),
            clock: self.channels.inner.wall_clock.clone(),
        };
        let carried = message.clone();
        self.flight.start(message, async move { courier.carry(carried, &person).await });
        Ok(())
    }

    /// Learns from a message that is no longer on its way.
    pub(super) async fn land(&mut self, done: Done) {
        match done.landing {
            Some(Landing::Fine) => {
                let had_faults = std::mem::take(&mut self.flight.faults) > 0;
                if had_faults {
                    self.write_trouble(None).await;
                }
            }
            Some(Landing::Nothing) => {}
            Some(Landing::EveryonesFault { code, sentence }) => {
                self.flight.faults += 1;
                self.fault(code, &sentence).await;
            }
            None => {
                tracing::error!(message_id = %done.message.message_id, "a message's way broke off by our own fault");
                let words = "interrupted by a fault of the program".to_owned();
                self.ledger.settle(done.message, Ending::Unknown { words }).await;
            }
        }
    }

    async fn fault(&mut self, code: &'static str, sentence: &str) {
        let before = trouble::read(&self.channels.inner.records.reader()).await.ok().flatten();
        let wall_now = self.channels.wall_now();
        // Those that were on their way together are one try.
        let is_counted = before.as_ref().is_none_or(|before| before.next_try_at <= wall_now);
        if is_counted && (before.is_some() || self.flight.faults >= FAULTS_MAX) {
            tracing::warn!(code, sentence, "sending waits: the mail server cannot be used");
            self.write_trouble(Some(Trouble::again(before.as_ref(), code, sentence, wall_now))).await;
        }
    }

    /// Settings that cannot work hold everything, like a server that is away. True when there are such.
    pub(super) async fn note_fault(&mut self, present: &Present) -> RecordsResult<bool> {
        let before = trouble::read(&self.channels.inner.records.reader()).await?;
        let is_noted = |sentence: &str| before.as_ref().is_some_and(|before| before.sentence == sentence);
        match &present.fault {
            Some(sentence) if !is_noted(sentence) => {
                let trouble = Trouble::again(None, "settings", sentence, self.channels.wall_now());
                self.write_trouble(Some(trouble)).await;
            }
            // Where mails are kept, no server can be in trouble.
            None if before.as_ref().is_some_and(|before| before.code == "settings" || present.transport.is_none()) => {
                self.write_trouble(None).await;
            }
            _ => {}
        }
        Ok(present.fault.is_some())
    }

    async fn write_trouble(&self, trouble: Option<Trouble>) {
        let write = async {
            let tx = self.channels.inner.records.begin(&SENDER, "mail.trouble").await?;
            match &trouble {
                Some(trouble) => trouble::save(&tx, trouble).await?,
                None => trouble::clear(&tx).await?,
            }
            tx.commit().await
        };
        if let Err(error) = write.await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a trouble of the mail server could not be noted");
        }
    }

    /// Puts back what was claimed and not started.
    pub(super) async fn release_waiting(&mut self) {
        let due_at = self.channels.wall_now();
        for (message, _) in std::mem::take(&mut self.flight.waiting) {
            self.ledger.settle(message, Ending::Release { due_at }).await;
        }
    }
}

/// Carries one message.
struct Courier {
    transport: Arc<SmtpTransport>,
    ready: Arc<Ready>,
    printer: Printer,
    ledger: Ledger,
    clock: vocabulary::SharedClock,
}

impl Courier {
    async fn carry(self, message: ClaimedMessage, person: &customers::profile::sql::ProfileRow) -> Landing {
        let printed = match self.printer.print(&self.ready, &message, person, true) {
            Ok(printed) => printed,
            Err(words) => {
                self.ledger.settle(message, Ending::Failed { words, is_address_bad: false }).await;
                return Landing::Nothing;
            }
        };
        if !self.ledger.hand(message.clone()).await {
            // Stopped, withdrawn or paused meanwhile: the next claim says which.
            self.ledger.settle(message, Ending::Release { due_at: self.clock.now() }).await;
            return Landing::Nothing;
        }
        let outcome = self.transport.send(&printed.outgoing).await;
        let ending = ending(&outcome, message.attempt, self.clock.now());
        if !self.ledger.settle(message.clone(), ending).await {
            tracing::warn!(message_id = %message.message_id, "what became of a message came too late to be written down");
        }
        match outcome {
            Outcome::RetryLater { stage, text, .. } if outcome_is_shared(stage) => {
                Landing::EveryonesFault { code: trouble::code(stage), sentence: text }
            }
            _ => Landing::Fine,
        }
    }
}

fn outcome_is_shared(stage: crate::mail::Stage) -> bool {
    Outcome::RetryLater { stage, code: None, text: String::new() }.is_everyones_fault()
}

/// What the server's word means for the message.
fn ending(outcome: &Outcome, attempt: u32, wall_now: Timestamp) -> Ending {
    match outcome {
        Outcome::Accepted { .. } => Ending::Accepted,
        Outcome::Failed { is_address_bad, text, .. } => {
            Ending::Failed { words: text.clone(), is_address_bad: *is_address_bad }
        }
        Outcome::Unknown { text } => Ending::Unknown { words: text.clone() },
        Outcome::RetryLater { .. } if outcome.is_everyones_fault() => {
            Ending::Release { due_at: wall_now.plus_seconds(FAULT_PAUSE) }
        }
        Outcome::RetryLater { text, .. } => match retry_after(attempt) {
            Some(pause) => {
                let seconds = i64::try_from(pause.as_secs()).unwrap_or(i64::MAX / 2_000_000);
                Ending::Retry { words: text.clone(), due_at: wall_now.plus_seconds(seconds) }
            }
            None => Ending::Failed { words: format!("given up after {attempt} tries: {text}"), is_address_bad: false },
        },
    }
}
