//! A few connections to one server, kept open between mails.

use std::sync::{Mutex, PoisonError};

use lettre::transport::smtp::client::{TlsParameters, TlsVersion};
use tokio::sync::Semaphore;

use super::conversation::{Conversation, Trouble, Way, clean};
use super::{Outcome, Security, SmtpLimits, SmtpSettings, SmtpSettingsError, Stage};
use crate::mail::message::OutgoingMail;

/// Sends mails over a server. Shared between tasks; holds at most `connections_max` connections.
pub struct SmtpTransport {
    settings: SmtpSettings,
    limits: SmtpLimits,
    tls: Option<TlsParameters>,
    idle: Mutex<Vec<Conversation>>,
    slots: Semaphore,
}

impl std::fmt::Debug for SmtpTransport {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SmtpTransport").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl SmtpTransport {
    /// Prepares; nothing is connected yet. Certificates are those that this machine trusts.
    pub fn new(settings: SmtpSettings, limits: SmtpLimits) -> Result<Self, SmtpSettingsError> {
        let tls = match settings.security {
            Security::None => None,
            Security::StartTls | Security::Tls => Some(trust(&settings.host)?),
        };
        let slots = Semaphore::new(limits.connections_max.max(1));
        Ok(Self { settings, limits, tls, idle: Mutex::default(), slots })
    }

    /// Hands over one mail. When this is cancelled, its connection is closed and the mail's fate
    /// is unknown to the caller.
    pub async fn send(&self, mail: &OutgoingMail) -> Outcome {
        let Ok(_slot) = self.slots.acquire().await else {
            return Outcome::RetryLater { stage: Stage::Connect, code: None, text: "sending was closed".to_owned() };
        };
        let recipient = mail.to.reveal();
        match self.converse(mail).await {
            Ok(response) => Outcome::Accepted { response: clean(&response, Some(&recipient)) },
            Err(trouble) => trouble.into_outcome(Some(&recipient)),
        }
    }

    /// Connects and signs in, and sends nothing.
    pub async fn check(&self) -> Result<(), Outcome> {
        match Conversation::open(&self.way()).await {
            Ok(conversation) => {
                conversation.close().await;
                Ok(())
            }
            Err(trouble) => Err(trouble.into_outcome(None)),
        }
    }

    /// Says goodbye on all connections that are not in use.
    pub async fn close(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for conversation in idle {
            conversation.close().await;
        }
    }

    async fn converse(&self, mail: &OutgoingMail) -> Result<String, Trouble> {
        if let Some(conversation) = self.take_idle() {
            match self.send_over(conversation, mail).await {
                // The server closed it while nobody spoke; nothing was said yet, so start anew.
                Err(trouble) if trouble.stage == Stage::Sender && is_gone(&trouble) => {}
                answer => return answer,
            }
        }
        let conversation = Conversation::open(&self.way()).await?;
        self.send_over(conversation, mail).await
    }

    async fn send_over(&self, mut conversation: Conversation, mail: &OutgoingMail) -> Result<String, Trouble> {
        let answer = conversation.send(mail).await;
        let is_usable = match &answer {
            Ok(_) => true,
            Err(trouble) => conversation.recover(trouble).await,
        };
        if is_usable && conversation.is_fresh() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conversation);
        } else if is_usable {
            conversation.close().await;
        }
        answer
    }

    fn take_idle(&self) -> Option<Conversation> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(Conversation::is_fresh);
        idle.pop()
    }

    fn way(&self) -> Way<'_> {
        Way { settings: &self.settings, limits: self.limits, tls: self.tls.as_ref() }
    }
}

fn is_gone(trouble: &Trouble) -> bool {
    matches!(trouble.code, None | Some(421))
}

fn trust(host: &str) -> Result<TlsParameters, SmtpSettingsError> {
    TlsParameters::builder(host.to_owned())
        .set_min_tls_version(TlsVersion::Tlsv12)
        .build_rustls()
        .map_err(|_| SmtpSettingsError::Host)
}
