//! Handing mails to a mail server, and saying honestly what became of each.
//!
//! Invariant: what may have been delivered is never called failed. From the first byte of the
//! content until the server's answer a lost connection is `Unknown`; before it, nothing was
//! handed over and trying again is safe (shown in `tests/it/mail/smtp.rs`).

mod conversation;
mod line_stream;
mod pool;

use std::net::IpAddr;
use std::time::Duration;

pub use pool::SmtpTransport;

/// A password that shows itself nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The password itself: for the sign-in and for encrypting it at rest.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(…)")
    }
}

/// How the way to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Plain at first, then TLS (port 587). A server that does not offer it gets no mail.
    StartTls,
    /// TLS from the first byte (port 465).
    Tls,
    /// Nothing; on this machine only.
    None,
}

/// Which server, and how to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    host: String,
    port: u16,
    security: Security,
    username: Option<String>,
    password: Option<Secret>,
}

/// Settings that cannot work or would not be safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SmtpSettingsError {
    /// Not a host name.
    #[error("the server's name is not a host name")]
    Host,
    /// Unprotected mail may not leave this machine.
    #[error("without TLS only a server on this machine may be used")]
    Unprotected,
    /// A control character in a name or password.
    #[error("user name or password hold a control character")]
    Credentials,
    /// One without the other.
    #[error("user name and password belong together")]
    CredentialsIncomplete,
}

impl SmtpSettings {
    /// Checks what was typed.
    pub fn new(
        host: &str,
        port: u16,
        security: Security,
        username: Option<String>,
        password: Option<Secret>,
    ) -> Result<Self, SmtpSettingsError> {
        let host = host.trim().to_ascii_lowercase();
        let is_host =
            !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
        if !is_host || port == 0 {
            return Err(SmtpSettingsError::Host);
        }
        if security == Security::None && !is_this_machine(&host) {
            return Err(SmtpSettingsError::Unprotected);
        }
        if username.is_some() != password.is_some() {
            return Err(SmtpSettingsError::CredentialsIncomplete);
        }
        let texts = username.iter().map(String::as_str).chain(password.iter().map(Secret::reveal));
        if texts.into_iter().any(|text| text.chars().any(char::is_control)) {
            return Err(SmtpSettingsError::Credentials);
        }
        Ok(Self { host, port, security, username, password })
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// How long and how much.
#[derive(Debug, Clone, Copy)]
pub struct SmtpLimits {
    /// Until a connection stands and has greeted, TLS and sign-in included.
    pub connect_timeout: Duration,
    /// Until a command is answered.
    pub command_timeout: Duration,
    /// Until the content is taken and answered (RFC 5321, 4.5.3.2.6: ten minutes).
    pub content_timeout: Duration,
    /// Connections at the same time.
    pub connections_max: usize,
    /// Mails over one connection.
    pub mails_per_connection_max: u32,
    /// A connection unused for longer is not used again.
    pub idle_max: Duration,
}

impl Default for SmtpLimits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(20),
            command_timeout: Duration::from_secs(60),
            content_timeout: Duration::from_secs(600),
            connections_max: 4,
            mails_per_connection_max: 100,
            idle_max: Duration::from_secs(30),
        }
    }
}

/// How far a conversation had come. The order is that of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Reaching the server and its greeting.
    Connect,
    /// TLS.
    Secure,
    /// User name and password.
    SignIn,
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA`, before any content.
    Data,
    /// The content has begun to flow.
    Content,
}

/// What became of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server has taken responsibility.
    Accepted {
        /// Its own words, often with its queue id.
        response: String,
    },
    /// This mail to this person will not go (5xx).
    Failed {
        /// The address itself is at fault: do not write to it again.
        is_address_bad: bool,
        /// The server's code.
        code: u16,
        /// The server's words.
        text: String,
    },
    /// Nothing was handed over; try again later.
    RetryLater {
        /// Where it got stuck.
        stage: Stage,
        /// The server's code, when it said one.
        code: Option<u16>,
        /// What happened.
        text: String,
    },
    /// May have been delivered, or not: nobody can know.
    Unknown {
        /// What happened.
        text: String,
    },
}

impl Outcome {
    /// The server, the settings or the sender are at fault, so every other mail would meet the
    /// same: pause the sending instead of using up everybody's attempts.
    pub fn is_everyones_fault(&self) -> bool {
        matches!(self, Self::RetryLater { stage, .. } if *stage <= Stage::Sender)
    }
}

/// How long to wait after the n-th attempt (from 1); none when a promotion is no longer news.
pub fn retry_after(attempt: u32) -> Option<Duration> {
    /// Minutes; together less than a day.
    const MINUTES: [u64; 7] = [1, 5, 15, 60, 180, 360, 720];
    let place = usize::try_from(attempt.max(1) - 1).ok()?;
    MINUTES.get(place).map(|minutes| Duration::from_secs(minutes * 60))
}
