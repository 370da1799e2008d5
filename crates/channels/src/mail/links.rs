//! Links of a mail: every click, opening and unsubscribing comes back through a token of ours.
//!
//! Invariant: a token says which message, which link and what for, and cannot be made without
//! the key; the target of a click is stored with the campaign and never carried in the address,
//! so nobody can use it to send people elsewhere (shown in `tests/it/mail/links.rs`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

const PAYLOAD_BYTES: usize = 19;
/// 88 bits; 19 + 11 bytes are exactly 40 letters, so a token has one spelling only.
const MAC_BYTES: usize = 11;
const TOKEN_LETTERS: usize = 40;
/// Keeps this key's MACs apart from any other use of the same key.
const DOMAIN: &[u8] = b"najimi mail link 1";

/// What a token may be used for, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Follow one link of the mail.
    Click,
    /// Load the picture that tells of an opening.
    Open,
    /// Stop these mails (only by POST).
    Unsubscribe,
}

impl Purpose {
    fn byte(self) -> u8 {
        match self {
            Self::Click => b'c',
            Self::Open => b'o',
            Self::Unsubscribe => b'u',
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Click, Self::Open, Self::Unsubscribe].into_iter().find(|purpose| purpose.byte() == byte)
    }
}

/// What a token says once its MAC has been found right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The message that the link stood in.
    pub message_id: Uuid,
    /// Place of the link within the campaign's list; 0 for other purposes.
    pub link_index: u16,
    /// What it was made for.
    pub purpose: Purpose,
}

/// Why a token is not accepted. To the outside all three are the same 404.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not of our shape: cut off or mistyped.
    #[error("the link is incomplete")]
    Malformed,
    /// Not made with this key.
    #[error("the link was not made here")]
    Forged,
    /// Ours, and made for something else.
    #[error("the link serves another purpose")]
    WrongPurpose,
}

/// The installation's key for links. Shows itself nowhere.
#[derive(Clone)]
pub struct LinkKey(Hmac<Sha256>);

impl LinkKey {
    /// Prepares the key once; signing then hashes the token only.
    pub fn new(secret: &[u8; 32]) -> Self {
        // The same key schedule as `Hmac::new_from_slice`, which cannot fail for any length.
        let mut mac = Hmac::<Sha256>::new(&pad_key(secret).into());
        mac.update(DOMAIN);
        Self(mac)
    }
}

fn pad_key(secret: &[u8; 32]) -> [u8; 64] {
    let mut block = [0; 64];
    block[..32].copy_from_slice(secret);
    block
}

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("LinkKey(…)")
    }
}

/// Makes the 40 letters that stand in an address.
pub fn sign(token: &Token, key: &LinkKey) -> String {
    let mut bytes = [0; PAYLOAD_BYTES + MAC_BYTES];
    bytes[..16].copy_from_slice(token.message_id.as_bytes());
    bytes[16..18].copy_from_slice(&token.link_index.to_be_bytes());
    bytes[18] = token.purpose.byte();
    let mut mac = key.0.clone();
    mac.update(&bytes[..PAYLOAD_BYTES]);
    bytes[PAYLOAD_BYTES..].copy_from_slice(&mac.finalize().into_bytes()[..MAC_BYTES]);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a token that came in for this purpose; the MAC is compared in constant time.
pub fn verify(letters: &str, key: &LinkKey, purpose: Purpose) -> Result<Token, TokenError> {
    if letters.len() != TOKEN_LETTERS {
        return Err(TokenError::Malformed);
    }
    let bytes = URL_SAFE_NO_PAD.decode(letters).map_err(|_| TokenError::Malformed)?;
    let (payload, mac_bytes) = bytes.split_at(PAYLOAD_BYTES);
    let mut mac = key.0.clone();
    mac.update(payload);
    mac.verify_truncated_left(mac_bytes).map_err(|_| TokenError::Forged)?;
    let token = read_payload(payload)?;
    if token.purpose == purpose { Ok(token) } else { Err(TokenError::WrongPurpose) }
}

fn read_payload(payload: &[u8]) -> Result<Token, TokenError> {
    let message_id = Uuid::from_slice(&payload[..16]).map_err(|_| TokenError::Malformed)?;
    let purpose = Purpose::from_byte(payload[18]).ok_or(TokenError::Malformed)?;
    Ok(Token { message_id, link_index: u16::from_be_bytes([payload[16], payload[17]]), purpose })
}

/// An address is not one that a mail may lead to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a web address (https://…)")]
pub struct UrlError(pub String);

/// Where this installation is reached from outside; the beginning of every tracked link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Takes `https://crm.example.jp` or a folder below; no query, no fragment.
    pub fn parse(address: &str) -> Result<Self, UrlError> {
        let target = Target::parse(address)?;
        if target.0.contains(['?', '#']) {
            return Err(UrlError(address.to_owned()));
        }
        Ok(Self(target.0.trim_end_matches('/').to_owned()))
    }

    /// The address without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A web address that a mail leads to: http or https, and safe in a `Location` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(String);

impl Target {
    /// Checks and normalises; Japanese paths become percent-encoded.
    pub fn parse(address: &str) -> Result<Self, UrlError> {
        let refuse = || UrlError(address.chars().take(200).collect());
        if address.len() > 2_000 || address.chars().any(char::is_control) {
            return Err(refuse());
        }
        let url = url::Url::parse(address.trim()).map_err(|_| refuse())?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
        // A name before the host (https://shop.example@evil.example) only serves to mislead.
        if !is_web || !url.username().is_empty() || url.password().is_some() {
            return Err(refuse());
        }
        Ok(Self(url.into()))
    }

    /// The address as it is stored and sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the way out leads in a mail that belongs to nobody.
pub(crate) const NOWHERE: &str = "#";

/// The addresses that one message carries.
#[derive(Debug, Clone)]
pub struct MessageUrls {
    /// One per link of the campaign, in its order.
    pub click: Vec<String>,
    /// The invisible picture; none in a preview, which is not an opening.
    pub open: Option<String>,
    /// Page and one-click address for stopping.
    pub unsubscribe: String,
}

impl MessageUrls {
    /// The tracked addresses of one message.
    pub fn tracked(public_url: &PublicUrl, key: &LinkKey, message_id: Uuid, link_count: usize) -> Self {
        let token = |purpose, link_index| sign(&Token { message_id, link_index, purpose }, key);
        let base = public_url.as_str();
        let count = u16::try_from(link_count).unwrap_or(u16::MAX);
        Self {
            click: (0..count).map(|index| format!("{base}/c/{}", token(Purpose::Click, index))).collect(),
            open: Some(format!("{base}/o/{}.gif", token(Purpose::Open, 0))),
            unsubscribe: format!("{base}/u/{}", token(Purpose::Unsubscribe, 0)),
        }
    }

    /// Addresses for an operator's eyes: links lead to their targets and nothing is counted.
    pub fn preview(targets: impl IntoIterator<Item = String>) -> Self {
        Self { click: targets.into_iter().collect(), open: None, unsubscribe: NOWHERE.to_owned() }
    }
}
