//! What all parts of this crate share.

use crate::{
    SecretKey,
    contents::Contents,
    gate::{self, CapSettings, NextMail},
    mail::{LinkKey, PublicUrl},
    settings::{self, MailSettings},
};
use access::{Access, Installation, MailMode};
use axum::extract::FromRef;
use journal::Journal;
use records::{Records, RecordsResult};
use std::sync::Arc;
use tokio::sync::Notify;
use vocabulary::{SharedClock, Timestamp, Zone, id::Ordinal};

/// What the binary hands in.
#[derive(Clone)]
pub struct NewChannels {
    /// The records.
    pub records: Records,
    /// The journal of what happens now: opens and clicks go there.
    pub live: Journal,
    /// The door; it also knows the company's name, its zone and where it is found.
    pub access: Access,
    /// The shop's clock: when a message counts as sent. The demo's, when this is the demo.
    pub clock: SharedClock,
    /// The clock on the wall: leases and retries.
    pub wall_clock: SharedClock,
    /// The key of the links in mails: 32 bytes from the data folder.
    pub link_key: LinkKey,
    /// The key of secrets at rest: 32 bytes from the data folder.
    pub secret_key: SecretKey,
}

/// The channels. Cheap to clone.
#[derive(Clone)]
pub struct Channels {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub records: Records,
    pub live: Journal,
    pub access: Access,
    pub clock: SharedClock,
    pub wall_clock: SharedClock,
    pub link_key: LinkKey,
    pub secret_key: SecretKey,
    pub contents: Contents,
    pub wake: Notify,
}

impl Channels {
    /// Puts them together.
    pub fn new(new: NewChannels) -> Self {
        let NewChannels { records, live, access, clock, wall_clock, link_key, secret_key } = new;
        let (contents, wake) = (Contents::new(records.reader()), Notify::new());
        Self {
            inner: Arc::new(Inner { records, live, access, clock, wall_clock, link_key, secret_key, contents, wake }),
        }
    }

    /// Tells the sender that something was queued; without it, it looks by itself twice a second.
    pub fn wake(&self) {
        self.inner.wake.notify_one();
    }

    /// How mails leave, for `GET /api/me`.
    pub async fn mail_mode(&self) -> RecordsResult<MailMode> {
        let settings = settings::read(&self.inner.records.reader()).await?;
        Ok(if settings.smtp.is_some() { MailMode::Smtp } else { MailMode::Capture })
    }

    /// The settings of mail, without the password.
    pub async fn mail_settings(&self) -> RecordsResult<MailSettings> {
        settings::read(&self.inner.records.reader()).await
    }

    /// How many promotions a person may get, counted in the shop's own days.
    pub async fn cap(&self) -> RecordsResult<CapSettings> {
        Ok(self.mail_settings().await?.cap(self.zone()))
    }

    /// When a person may be written to next, and the cap that says so.
    pub async fn next_mail(&self, customer: Ordinal) -> RecordsResult<(NextMail, CapSettings)> {
        let cap = self.cap().await?;
        Ok((gate::next_mail(&self.inner.records.reader(), customer, self.now(), cap).await?, cap))
    }

    pub(crate) fn installation(&self) -> Option<Arc<Installation>> {
        self.inner.access.installation()
    }

    pub(crate) fn zone(&self) -> Zone {
        self.installation().map_or(Zone::TOKYO, |installation| installation.zone)
    }

    pub(crate) fn public_url(&self) -> Option<PublicUrl> {
        PublicUrl::parse(&self.installation()?.public_url).ok()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn wall_now(&self) -> Timestamp {
        self.inner.wall_clock.now()
    }
}

impl FromRef<Channels> for Access {
    fn from_ref(channels: &Channels) -> Self {
        channels.inner.access.clone()
    }
}
