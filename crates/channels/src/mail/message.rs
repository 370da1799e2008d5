//! The MIME message: what goes over the wire, byte for byte.
//!
//! Invariant: addresses and header texts hold no CR, LF, NUL or other control character; the
//! types refuse them before anything reaches the SMTP library, so nobody adds a header or an
//! SMTP command through a name (shown in `tests/it/mail/message.rs`).

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};
use uuid::Uuid;

use super::links::{MessageUrls, NOWHERE};
use super::template::RenderedMail;

/// An address that is safe on the wire. Shows only its domain in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress {
    local: String,
    domain: String,
}

/// A text cannot stand where it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Not an address that mail can be sent to.
    #[error("this is no mail address")]
    Address,
    /// A control character, or too long for a header.
    #[error("the text holds a line break or is too long")]
    HeaderText,
    /// The library could not put the parts together.
    #[error("the message cannot be built")]
    Build,
}

impl MailAddress {
    /// Reads `name@domain`. Old addresses of Japanese carriers with dots in a row or at the end
    /// (`a..b.@docomo.ne.jp`) are real and accepted.
    pub fn parse(address: &str) -> Result<Self, MessageError> {
        let (local, domain) = address.trim().rsplit_once('@').ok_or(MessageError::Address)?;
        let is_local = (1..=64).contains(&local.len()) && local.bytes().all(is_atom_or_dot);
        if !is_local || !is_domain(domain) {
            return Err(MessageError::Address);
        }
        Ok(Self { local: local.to_owned(), domain: domain.to_ascii_lowercase() })
    }

    /// The address as written. Personal data: for the wire and for eyes that may see it.
    pub fn reveal(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// The part behind the `@`.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// For commands and headers; unusual dots are quoted, as the standard asks.
    pub(crate) fn to_lettre(&self) -> lettre::Address {
        let is_plain = !self.local.starts_with('.') && !self.local.ends_with('.') && !self.local.contains("..");
        // Checked above letter by letter; the library's own check refuses the carriers' dots.
        match is_plain {
            true => lettre::Address::new_dangerous(&self.local, &self.domain),
            false => lettre::Address::new_dangerous(format!("\"{}\"", self.local), &self.domain),
        }
    }
}

impl std::fmt::Debug for MailAddress {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "MailAddress(…@{})", self.domain)
    }
}

/// Letters of an unquoted local part (RFC 5322, `atext`), and the dot.
fn is_atom_or_dot(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte)
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.len() <= 253 && domain.split('.').count() >= 2 && domain.split('.').all(is_label)
        || domain.eq_ignore_ascii_case("localhost")
}

/// One line of text for a header: subject or a sender's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderText(String);

/// Line breaks of all kinds, and marks that turn the direction of writing: they dress one name up as another.
pub(crate) fn is_unfit_for_header(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}')
}

impl HeaderText {
    /// Takes at most 500 letters without any control character.
    pub fn parse(text: &str) -> Result<Self, MessageError> {
        let text = text.trim();
        if text.chars().any(is_unfit_for_header) || text.chars().count() > 500 {
            return Err(MessageError::HeaderText);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who sends, as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The shop's name.
    pub name: HeaderText,
    /// Its address.
    pub address: MailAddress,
}

/// A message ready to be handed to a server or kept. Personal through and through: no `Debug`
/// of its content.
#[derive(Clone)]
pub struct OutgoingMail {
    /// For `MAIL FROM`.
    pub from: MailAddress,
    /// For `RCPT TO`.
    pub to: MailAddress,
    /// Readable headers in their order, for the screen.
    pub headers: Vec<(String, String)>,
    /// The whole message with its headers.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for OutgoingMail {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("OutgoingMail").field("to", &self.to).field("size_bytes", &self.bytes.len()).finish()
    }
}

/// Puts the parts of one message together. One that nobody can be unsubscribed by (a trial, a preview) says nothing of
/// unsubscribing in its headers.
pub fn build_message(
    message_id: Uuid,
    sender: &Sender,
    to: &MailAddress,
    mail: &RenderedMail,
    urls: &MessageUrls,
    now: SystemTime,
) -> Result<OutgoingMail, MessageError> {
    let subject = HeaderText::parse(&mail.subject)?;
    let unsubscribe = (urls.unsubscribe != NOWHERE).then(|| header_address(&urls.unsubscribe)).transpose()?;
    let id = format!("<{}@{}>", message_id.as_simple(), sender.address.domain());
    let envelope = lettre::address::Envelope::new(Some(sender.address.to_lettre()), vec![to.to_lettre()])
        .map_err(|_| MessageError::Build)?;
    let mut builder = Message::builder()
        .date(now)
        .from(Mailbox::new(Some(sender.name.0.clone()), sender.address.to_lettre()))
        .to(Mailbox::new(None, to.to_lettre()))
        .subject(subject.as_str())
        .message_id(Some(id.clone()))
        .envelope(envelope);
    if let Some(address) = &unsubscribe {
        builder = builder
            .raw_header(ascii_header("List-Unsubscribe", address))
            .raw_header(ascii_header("List-Unsubscribe-Post", ONE_CLICK));
    }
    let message = builder.multipart(alternatives(mail)).map_err(|_| MessageError::Build)?;
    let mut headers = vec![
        ("Date", message.headers().get_raw("Date").unwrap_or_default().to_owned()),
        ("From", format!("{} <{}>", sender.name.as_str(), sender.address.reveal())),
        ("To", to.reveal()),
        ("Subject", subject.as_str().to_owned()),
        ("Message-ID", id),
    ];
    if let Some(address) = unsubscribe {
        headers.extend([("List-Unsubscribe", address), ("List-Unsubscribe-Post", ONE_CLICK.to_owned())]);
    }
    let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let bytes = message.formatted();
    Ok(OutgoingMail { from: sender.address.clone(), to: to.clone(), headers, bytes })
}

/// Words first, page second: readers take the last that they can show. Both as base64, which for
/// Japanese is smaller than quoted-printable and ten times faster to make.
fn alternatives(mail: &RenderedMail) -> MultiPart {
    let part = |kind, content: &str| {
        let body = Body::dangerous_pre_encoded(base64_lines(content), ContentTransferEncoding::Base64);
        SinglePart::builder().header(kind).body(body)
    };
    MultiPart::alternative()
        .singlepart(part(ContentType::TEXT_PLAIN, &mail.text))
        .singlepart(part(ContentType::TEXT_HTML, &mail.html))
}

/// Text with CRLF line ends as base64 in lines of 76 letters (RFC 2045, 6.8).
fn base64_lines(content: &str) -> Vec<u8> {
    let letters = STANDARD.encode(content.replace("\r\n", "\n").replace('\n', "\r\n"));
    let mut lines = Vec::with_capacity(letters.len() + letters.len() / 38 + 2);
    for line in letters.as_bytes().chunks(76) {
        if !lines.is_empty() {
            lines.extend_from_slice(b"\r\n");
        }
        lines.extend_from_slice(line);
    }
    lines
}

/// RFC 8058: one POST without a page in between, without cookies.
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

fn header_address(url: &str) -> Result<String, MessageError> {
    let is_safe = url.len() <= 900 && url.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte));
    if is_safe { Ok(format!("<{url}>")) } else { Err(MessageError::HeaderText) }
}

fn ascii_header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.to_owned(), value.to_owned())
}
