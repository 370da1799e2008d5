//! Consent: for which channel a person said yes or no, when, and on what basis.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A way to reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Electronic mail.
    Email,
    /// Telephone call.
    Phone,
    /// Letter and postcard.
    Post,
}

impl Channel {
    /// All of them, in the order of the screens.
    pub const ALL: [Channel; 3] = [Channel::Email, Channel::Phone, Channel::Post];
    /// The name in tables, URLs and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Phone => "phone",
            Channel::Post => "post",
        }
    }
}

impl FromStr for Channel {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.name() == text)
            .ok_or_else(|| format!("`{text}` is not a channel; use email, phone or post"))
    }
}

/// What a person said about a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Said yes.
    Granted,
    /// Said no, or took the yes back.
    Denied,
}

impl ConsentState {
    /// The name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            ConsentState::Granted => "granted",
            ConsentState::Denied => "denied",
        }
    }
    /// Read from a table.
    pub fn from_name(name: &str) -> Option<Self> {
        [ConsentState::Granted, ConsentState::Denied].into_iter().find(|state| state.name() == name)
    }
}

/// One statement about one channel, with its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Which channel.
    pub channel: Channel,
    /// Yes or no.
    pub state: ConsentState,
    /// When it was said.
    pub at: Timestamp,
    /// On what basis it is believed, in words: 注文画面で, 会員登録で, declared at import.
    pub basis: String,
}
