//! Secrets: 256 bits of chance, given out once, kept as their SHA-256.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::fmt;

/// A secret. `reveal` is the way out; its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub(crate) fn new() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }
    /// A new one that can be recognised by its first letters.
    pub(crate) fn with_prefix(prefix: &str) -> Self {
        Self(format!("{prefix}{}", Self::new().0))
    }
    /// One that somebody brings.
    pub(crate) fn brought(text: &str) -> Self {
        Self(text.to_owned())
    }
    /// The text, to be given to the person it is for.
    pub fn reveal(&self) -> &str {
        &self.0
    }
    /// What is kept of it. It is looked up by this value, so nothing can be learned from how long that takes.
    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
