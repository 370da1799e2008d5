//! Printing: one message for one person, from the content that its sending began with.

use super::present::Fixed;
use crate::{
    Channels,
    contents::Ready,
    mail::{self, LinkKey, MailAddress, MessageUrls, OutgoingMail, RenderedMail, build_message},
    outbox::ClaimedMessage,
    people::values_of,
};
use customers::profile::sql::ProfileRow;
use records::{RecordsError, RecordsResult};
use serde::{Deserialize, Serialize};
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};
use uuid::Uuid;
use vocabulary::Timestamp;

/// Prints messages.
#[derive(Clone)]
pub(crate) struct Printer {
    pub fixed: Arc<Fixed>,
    pub key: LinkKey,
    /// Stands in the mail's date.
    pub now: Timestamp,
}

/// A mail with what its person sees of it.
pub(crate) struct Printed {
    pub mail: RenderedMail,
    pub outgoing: OutgoingMail,
}

impl Printer {
    /// For an operator's eyes; none before the installation is set up.
    pub async fn for_screens(channels: &Channels) -> RecordsResult<Option<Self>> {
        let (Some(installation), Some(public_url)) = (channels.installation(), channels.public_url()) else {
            return Ok(None);
        };
        let fixed = Arc::new(Fixed::of(channels.mail_settings().await?, installation, public_url));
        Ok(Some(Self { fixed, key: channels.inner.link_key.clone(), now: channels.now() }))
    }

    /// Prints a mail; `has_picture` is whether its opening is told of. The error is a sentence without personal data.
    pub fn print(
        &self,
        ready: &Ready,
        message: &ClaimedMessage,
        person: &ProfileRow,
        has_picture: bool,
    ) -> Result<Printed, String> {
        let sender = self.sender(ready).ok_or("the sender's name and address are not set")?;
        let to = MailAddress::parse(&message.address).map_err(|error| error.to_string())?;
        let urls = self.urls(ready, message.message_id, has_picture);
        let values = values_of(person, &self.fixed.installation);
        let mail = ready.mail.render(&values, &urls).map_err(|error| error.to_string())?;
        let outgoing = build_message(message.message_id, &sender, &to, &mail, &urls, system_time(self.now))
            .map_err(|error| error.to_string())?;
        Ok(Printed { mail, outgoing })
    }

    /// Prints again what was sent earlier, for an operator's eyes: links lead to their targets, and nobody can stop the
    /// mails in the person's name.
    pub fn print_again(&self, ready: &Ready, person: &ProfileRow) -> Result<RenderedMail, String> {
        let urls = MessageUrls::preview(ready.links.iter().map(|link| link.url.clone()));
        let values = values_of(person, &self.fixed.installation);
        ready.mail.render(&values, &urls).map_err(|error| error.to_string())
    }

    /// A kept mail with the same addresses as one that is printed again.
    pub fn shown(&self, mut kept: Kept, ready: &Ready, message_id: Uuid) -> Kept {
        let tracked = self.urls(ready, message_id, false);
        let shown = MessageUrls::preview(ready.links.iter().map(|link| link.url.clone()));
        let pairs = tracked.click.iter().zip(&shown.click).chain([(&tracked.unsubscribe, &shown.unsubscribe)]);
        for (address, target) in pairs {
            for part in [&mut kept.html, &mut kept.text] {
                *part = replaced(part, address, target);
            }
        }
        for (name, value) in &mut kept.headers {
            if name == "List-Unsubscribe" {
                *value = "…".to_owned();
            }
        }
        kept
    }

    /// The tracked addresses of a message's links, in their order.
    pub fn click_urls(&self, ready: &Ready, message_id: Uuid) -> Vec<String> {
        self.urls(ready, message_id, false).click
    }

    fn sender(&self, ready: &Ready) -> Option<mail::Sender> {
        ready.sender().or_else(|| self.fixed.sender.clone())
    }

    fn urls(&self, ready: &Ready, message_id: Uuid, has_picture: bool) -> MessageUrls {
        let links = ready.mail.links().len();
        let mut urls = MessageUrls::tracked(&self.fixed.public_url, &self.key, message_id, links);
        urls.open = urls.open.filter(|_| has_picture);
        urls
    }
}

/// The page with another address in the place of this one, also where it was printed when we were found elsewhere: a
/// token stays good.
fn replaced(page: &str, address: &str, target: &str) -> String {
    let token = address.rsplit('/').next().unwrap_or(address);
    let mut result = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = rest.find(token) {
        let start = rest[..at].rfind("http").unwrap_or(at);
        result.push_str(&rest[..start]);
        result.push_str(target);
        rest = &rest[at + token.len()..];
    }
    result.push_str(rest);
    result
}

pub(crate) fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at.micros()).unwrap_or(0))
}

/// A mail that was kept instead of sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub subject: String,
    pub html: String,
    pub text: String,
    pub headers: Vec<(String, String)>,
}

/// How hard kept mails are compressed: a third of the size of level 1 is not to be had for ten times the work.
const LEVEL: i32 = 3;
/// The largest mail that is read back.
const KEPT_BYTES_MAX: usize = 16 << 20;

impl Kept {
    /// As it stands in the table.
    pub fn packed(printed: Printed) -> Result<Vec<u8>, String> {
        let Printed { mail, outgoing } = printed;
        let kept = Self { subject: mail.subject, html: mail.html, text: mail.text, headers: outgoing.headers };
        let bytes = serde_json::to_vec(&kept).map_err(|error| error.to_string())?;
        zstd::bulk::compress(&bytes, LEVEL).map_err(|error| error.to_string())
    }

    /// As it was printed.
    pub fn unpacked(bytes: &[u8]) -> Result<Self, RecordsError> {
        let unreadable = || RecordsError::unreadable("captured_messages.content");
        let bytes = zstd::bulk::decompress(bytes, KEPT_BYTES_MAX).map_err(|_| unreadable())?;
        serde_json::from_slice(&bytes).map_err(|_| unreadable())
    }
}
