//! What people do with a mail: open it, follow a link, stop our mails. No session, no cookie; a token says all.
//!
//! Invariant: a GET changes nothing but for the event that it appends; stopping takes a POST and is in effect when the
//! answer leaves. Everything may come twice and has its effect once (shown in `tests/it/feedback.rs`).

mod pages;
mod public;
mod sql;

pub(crate) use public::router;

use crate::{
    Channels,
    events::{Told, event, event_of},
    gate,
    mail::{Purpose, Token, verify},
};
use bytes::Bytes;
use records::{Actor, RecordsResult};
use serde_json::{Map, Value};
use sql::Addressee;
use vocabulary::{Event, event::names};

/// The message that a token of this purpose names; none for what was not made here or is gone.
async fn addressee(channels: &Channels, letters: &str, purpose: Purpose) -> RecordsResult<Option<(Token, Addressee)>> {
    let Ok(token) = verify(letters, &channels.inner.link_key, purpose) else { return Ok(None) };
    let found = sql::addressee(&channels.inner.records.reader(), token.message_id).await?;
    Ok(found.map(|addressee| (token, addressee)))
}

/// Tells of an opening.
async fn opened(channels: &Channels, told: &Told) {
    append(channels, &event(told, names::MAIL_OPENED, channels.now())).await;
}

/// Where a link leads, and tells that it was followed.
async fn clicked(channels: &Channels, token: Token, addressee: &Addressee) -> RecordsResult<Option<String>> {
    let link = channels.inner.contents.link(addressee.told.sending_id, token.link_index).await?;
    let Some(link) = link else { return Ok(None) };
    let text = |value: &str| Value::String(value.to_owned());
    let more = Map::from_iter([("url".to_owned(), text(&link.url)), ("label".to_owned(), text(&link.label))]);
    let part = token.link_index.to_string();
    append(channels, &event_of(&addressee.told, names::MAIL_CLICKED, &part, more, channels.now())).await;
    Ok(Some(link.url))
}

/// A person who follows a link goes on also when the disk is full; the loss is told in the log.
async fn append(channels: &Channels, event: &Event) {
    let appended = match serde_json::to_vec(event) {
        Ok(payload) => channels.inner.live.append(vec![Bytes::from(payload)]).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    if let Err(error) = appended {
        tracing::error!(
            error,
            event = event.name,
            message_id = event.message_id,
            "what a person did with a mail was lost"
        );
    }
}

/// Stops all mails to a person, at once: their address gets none, their consent is taken back, and the world is told.
async fn unsubscribe(channels: &Channels, addressee: &Addressee) -> RecordsResult<()> {
    let now = channels.now();
    let mut tx = channels.inner.records.begin(&Actor::Customer("unsubscribe link"), "mail.unsubscribe").await?;
    let mut addresses: Vec<&String> = addressee.sent_to.iter().chain(&addressee.address).collect();
    addresses.dedup();
    for address in addresses {
        gate::suppress(&tx, address, "unsubscribed", now).await?;
    }
    sql::deny(&tx, addressee.customer, now).await?;
    tx.emit(event(&addressee.told, names::UNSUBSCRIBED, now));
    tx.about(addressee.told.customer_id, serde_json::json!({ "message_id": addressee.told.message_id }));
    tx.commit().await
}
