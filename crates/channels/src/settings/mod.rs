//! Settings of mail: who sends, over which server, how often at the most.
//!
//! Invariant: the server's password is sealed with a key that is not in the database, and nothing gives it out again;
//! it is kept over a change of settings only for the server and user that it was given for (shown in
//! `tests/it/settings.rs`).

pub(crate) mod api;
mod checks;

use crate::{
    SecretKey,
    gate::CapSettings,
    mail::{Footer, HeaderText, MailAddress, Secret, Security, Sender, SmtpSettings, SmtpSettingsError},
    secret_key::SealError,
};
pub use checks::SettingsError;
use records::{RecordsError, RecordsResult, Sql, Tx, values};
use serde::{Deserialize, Serialize};
use vocabulary::Zone;

/// The settings of mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailSettings {
    /// The shop's name as people see it.
    pub from_name: String,
    /// Its address; answers come there.
    pub from_address: String,
    /// The mail server; none until one is set, and mails are kept instead of sent.
    pub smtp: Option<Server>,
    /// A message that may have been delivered is held instead of sent again.
    pub hold_unknown: bool,
    /// The cap's window in local days.
    pub cap_days: u32,
    /// Promotions within it.
    pub cap_max: u32,
    /// The postal address under every mail (特定電子メール法).
    pub footer_address: String,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            from_name: String::new(),
            from_address: String::new(),
            smtp: None,
            hold_unknown: true,
            cap_days: 7,
            cap_max: 1,
            footer_address: String::new(),
        }
    }
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Its name.
    pub host: String,
    /// 587, 465 or another.
    pub port: u16,
    /// How the way is protected.
    pub security: SecurityName,
    /// Who signs in.
    pub username: Option<String>,
    /// The password, sealed.
    pub(crate) password_sealed: Option<String>,
}

/// How the way to the server is protected, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecurityName {
    /// Plain at first, then TLS.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Nothing; on this machine only.
    None,
}

impl From<SecurityName> for Security {
    fn from(name: SecurityName) -> Self {
        match name {
            SecurityName::Starttls => Self::StartTls,
            SecurityName::Tls => Self::Tls,
            SecurityName::None => Self::None,
        }
    }
}

/// What a sealed password is bound to.
const PASSWORD: &str = "najimi smtp password 1";

/// Why the mail server cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServerError {
    /// The password cannot be opened.
    #[error("the stored password cannot be opened, since the key file was replaced; enter the password again")]
    Sealed(#[from] SealError),
    /// The settings cannot work.
    #[error(transparent)]
    Settings(#[from] SmtpSettingsError),
}

impl Server {
    /// A server that asks for no sign-in: one on this machine.
    pub fn without_sign_in(host: &str, port: u16, security: SecurityName) -> Self {
        Self { host: host.to_owned(), port, security, username: None, password_sealed: None }
    }

    /// Ready to connect with.
    pub(crate) fn unsealed(&self, key: &SecretKey) -> Result<SmtpSettings, ServerError> {
        let password: Option<Secret> =
            self.password_sealed.as_deref().map(|sealed| key.open(sealed, PASSWORD)).transpose()?;
        Ok(SmtpSettings::new(&self.host, self.port, self.security.into(), self.username.clone(), password)?)
    }
}

impl MailSettings {
    /// How many promotions a person may get.
    pub fn cap(&self, zone: Zone) -> CapSettings {
        CapSettings { days: self.cap_days, max: self.cap_max, zone }
    }

    /// What stands under every mail.
    pub fn footer(&self) -> Footer {
        Footer {
            sender_name: self.from_name.clone(),
            postal_address: self.footer_address.clone(),
            contact: self.from_address.clone(),
        }
    }

    /// Who sends; none before it is set.
    pub fn sender(&self) -> Option<Sender> {
        let name = HeaderText::parse(&self.from_name).ok().filter(|name| !name.as_str().is_empty())?;
        Some(Sender { name, address: MailAddress::parse(&self.from_address).ok()? })
    }
}

const NAME: &str = "channels.mail";

/// The settings; their defaults before somebody has saved any.
pub async fn read<S: Sql>(sql: &S) -> RecordsResult<MailSettings> {
    let found: Option<String> = sql.scalar("SELECT value FROM settings WHERE name = $1", values![NAME]).await?;
    found.map_or_else(
        || Ok(MailSettings::default()),
        |text| serde_json::from_str(&text).map_err(|_| RecordsError::unreadable("settings.channels.mail")),
    )
}

/// Keeps the settings as they are; for the set-up of the demo and the command line.
pub async fn save(tx: &Tx, settings: &MailSettings) -> RecordsResult<()> {
    let text = serde_json::to_string(settings).map_err(|_| RecordsError::unreadable("settings.channels.mail"))?;
    put(tx, NAME, text).await
}

/// Writes one row of the settings.
pub(crate) async fn put(tx: &Tx, name: &str, value: String) -> RecordsResult<()> {
    let text =
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(text, values![name, value]).await.map(|_| ())
}
