//! One connection to a mail server, step by step, so that the step of a failure is known.

use std::error::Error;
use std::future::Future;
use std::io;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::line_stream::LineStream;
use super::{Outcome, Security, SmtpLimits, SmtpSettings, Stage};
use crate::mail::message::OutgoingMail;

/// A step that did not work.
#[derive(Debug)]
pub(super) struct Trouble {
    pub stage: Stage,
    /// The server's code, when it answered.
    pub code: Option<u16>,
    pub text: String,
}

/// An open, greeted, protected and signed-in connection.
pub(super) struct Conversation {
    connection: AsyncSmtpConnection,
    limits: SmtpLimits,
    pub mails: u32,
    pub last_used: Instant,
}

/// What a connection needs beside the settings.
pub(super) struct Way<'a> {
    pub settings: &'a SmtpSettings,
    pub limits: SmtpLimits,
    pub tls: Option<&'a TlsParameters>,
}

impl Conversation {
    pub async fn open(way: &Way<'_>) -> Result<Self, Trouble> {
        let hello = hello_name();
        let limit = way.limits.connect_timeout;
        let mut connection = match (way.settings.security, way.tls) {
            (Security::Tls, Some(tls)) => open_encrypted(way, tls, &hello).await?,
            (Security::StartTls, Some(tls)) => {
                let plain = open_plain(way, &hello).await?;
                secure(plain, tls, &hello, limit).await?
            }
            (Security::None, _) => open_plain(way, &hello).await?,
            (_, None) => return Err(trouble(Stage::Secure, "TLS is not set up")),
        };
        if let (Some(username), Some(password)) = (&way.settings.username, &way.settings.password) {
            let credentials = Credentials::new(username.clone(), password.reveal().to_owned());
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            within(limit, Stage::SignIn, connection.auth(&mechanisms, &credentials)).await?;
        }
        Ok(Self { connection, limits: way.limits, mails: 0, last_used: Instant::now() })
    }

    /// The whole way of one mail; the answer is the server's words on taking it.
    pub async fn send(&mut self, mail: &OutgoingMail) -> Result<String, Trouble> {
        let limit = self.limits.command_timeout;
        self.mails += 1;
        let from = Mail::new(Some(mail.from.to_lettre()), vec![]);
        within(limit, Stage::Sender, self.connection.command(from)).await?;
        let to = Rcpt::new(mail.to.to_lettre(), vec![]);
        within(limit, Stage::Recipient, self.connection.command(to)).await?;
        let go_on = within(limit, Stage::Data, self.connection.command(Data)).await?;
        if !go_on.has_code(354) {
            return Err(trouble(Stage::Data, "the server did not ask for the content"));
        }
        let content = self.connection.message(&mail.bytes);
        let answer = within(self.limits.content_timeout, Stage::Content, content).await?;
        if u16::from(answer.code()) / 100 != 2 {
            return Err(trouble(Stage::Content, "the server did not say whether it took the mail"));
        }
        self.last_used = Instant::now();
        Ok(words(&answer))
    }

    /// Makes the connection ready for another mail after a refusal; false when it is of no use.
    pub async fn recover(&mut self, trouble: &Trouble) -> bool {
        let is_answered = trouble.code.is_some_and(|code| code != 421);
        if !is_answered {
            return false;
        }
        self.last_used = Instant::now();
        within(self.limits.command_timeout, trouble.stage, self.connection.command(Rset)).await.is_ok()
    }

    /// Says goodbye, without waiting long for the answer.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(2), self.connection.quit()).await;
    }

    pub fn is_fresh(&self) -> bool {
        self.mails < self.limits.mails_per_connection_max && self.last_used.elapsed() < self.limits.idle_max
    }
}

async fn open_plain(way: &Way<'_>, hello: &ClientId) -> Result<AsyncSmtpConnection, Trouble> {
    let limit = way.limits.connect_timeout;
    let address = (way.settings.host.as_str(), way.settings.port);
    let socket = match tokio::time::timeout(limit, TcpStream::connect(address)).await {
        Ok(Ok(socket)) => socket,
        Ok(Err(error)) => return Err(trouble(Stage::Connect, &format!("the server cannot be reached: {error}"))),
        Err(_) => return Err(trouble(Stage::Connect, "the server did not answer in time")),
    };
    // Small commands and short answers: waiting for more to send only costs time.
    let _ = socket.set_nodelay(true);
    let stream = Box::new(LineStream::new(socket));
    within(limit, Stage::Connect, AsyncSmtpConnection::connect_with_transport(stream, hello)).await
}

async fn secure(
    mut connection: AsyncSmtpConnection,
    tls: &TlsParameters,
    hello: &ClientId,
    limit: Duration,
) -> Result<AsyncSmtpConnection, Trouble> {
    if !connection.can_starttls() {
        return Err(trouble(Stage::Secure, "the server does not offer STARTTLS"));
    }
    within(limit, Stage::Secure, connection.starttls(tls.clone(), hello)).await?;
    Ok(connection)
}

async fn open_encrypted(way: &Way<'_>, tls: &TlsParameters, hello: &ClientId) -> Result<AsyncSmtpConnection, Trouble> {
    let limit = way.limits.connect_timeout;
    let address = (way.settings.host.as_str(), way.settings.port);
    let opening = AsyncSmtpConnection::connect_tokio1(address, Some(limit), hello, Some(tls.clone()), None);
    // The library connects and protects in one step; what TLS does not like is invalid data to it.
    match tokio::time::timeout(limit, opening).await {
        Ok(Err(error)) if is_invalid_data(&error) => Err(trouble(Stage::Secure, &reason(&error))),
        Ok(opened) => within(limit, Stage::Connect, std::future::ready(opened)).await,
        Err(_) => Err(trouble(Stage::Connect, "the server did not answer in time")),
    }
}

async fn within<T>(
    limit: Duration,
    stage: Stage,
    step: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(limit, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Trouble { stage, code: error.status().map(u16::from), text: reason(&error) }),
        Err(_) => Err(trouble(stage, "the server did not answer in time")),
    }
}

/// The server's words, or what happened to the connection: the innermost cause says it best.
fn reason(error: &SmtpError) -> String {
    causes(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}

fn is_invalid_data(error: &SmtpError) -> bool {
    let is_invalid = |error: &io::Error| error.kind() == io::ErrorKind::InvalidData;
    causes(error).filter_map(|cause| cause.downcast_ref()).any(is_invalid)
}

fn causes(error: &SmtpError) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (*cause).source())
}

fn trouble(stage: Stage, text: &str) -> Trouble {
    Trouble { stage, code: None, text: text.to_owned() }
}

fn words(response: &Response) -> String {
    response.message().collect::<Vec<_>>().join(" ")
}

/// This machine's name, unless it could not stand in a command.
fn hello_name() -> ClientId {
    match ClientId::default() {
        ClientId::Domain(name) if !is_host_name(&name) => ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST),
        name => name,
    }
}

fn is_host_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() < 254
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}

impl Trouble {
    /// What this means for the mail. The recipient's address is taken out of the server's words.
    pub fn into_outcome(self, recipient: Option<&str>) -> Outcome {
        let text = clean(&self.text, recipient);
        let stage = if is_sign_in_code(self.code) { self.stage.min(Stage::SignIn) } else { self.stage };
        match (stage, self.code) {
            (Stage::Content, None) => Outcome::Unknown { text },
            (Stage::Recipient | Stage::Data | Stage::Content, Some(code)) if code >= 500 => Outcome::Failed {
                is_address_bad: stage == Stage::Recipient && says_no_such_address(code, &text),
                code,
                text,
            },
            (stage, code) => Outcome::RetryLater { stage, code, text },
        }
    }
}

/// "Sign in first" and the like, at whatever step it is said (RFC 4954).
fn is_sign_in_code(code: Option<u16>) -> bool {
    matches!(code, Some(530 | 534 | 535 | 538))
}

/// By the extended code where there is one (RFC 3463, 5.1.x and 5.2.1), else by the plain code.
fn says_no_such_address(code: u16, text: &str) -> bool {
    const GONE: &[&str] = &["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_extended = first.starts_with("5.") && first.split('.').count() == 3;
    if is_extended { GONE.contains(&first) } else { matches!(code, 550 | 551 | 553) }
}

pub(super) fn clean(text: &str, recipient: Option<&str>) -> String {
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(500).collect();
    match recipient {
        Some(recipient) => text.replace(recipient, "…").trim().to_owned(),
        None => text.trim().to_owned(),
    }
}
