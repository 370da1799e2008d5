//! What may be saved as settings of mail.

use super::{MailSettings, PASSWORD, SecurityName, Server};
use crate::{
    SecretKey,
    mail::{HeaderText, MailAddress, Secret, SmtpSettings, SmtpSettingsError},
    secret_key::SealError,
};
use access::Problem;

/// Settings that cannot be saved.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Empty, too long, or with a line break.
    #[error("`{0}` is empty, too long or holds a line break")]
    Text(&'static str),
    /// Not a mail address.
    #[error("`from_address` is no mail address")]
    Address,
    /// Outside its bounds.
    #[error("`{field}` must lie between {min} and {max}")]
    Number {
        /// Which field.
        field: &'static str,
        /// The least.
        min: u32,
        /// The most.
        max: u32,
    },
    /// The server's settings cannot work.
    #[error(transparent)]
    Server(#[from] SmtpSettingsError),
    /// Another server or user without its password.
    #[error("the password belongs to another server or user")]
    PasswordNeeded,
    /// The password could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl From<SettingsError> for Problem {
    fn from(error: SettingsError) -> Self {
        let sentence = format!("{error}.");
        match error {
            SettingsError::Text(_) => Problem::unprocessable("mail_text_unfit").detail(sentence),
            SettingsError::Address => {
                Problem::unprocessable("mail_address_unfit").detail(sentence).hint("Write it as name@example.com.")
            }
            SettingsError::Number { .. } => Problem::unprocessable("mail_number_unfit").detail(sentence),
            SettingsError::Server(SmtpSettingsError::Unprotected) => Problem::unprocessable("smtp_unprotected")
                .detail(sentence)
                .hint("Choose STARTTLS (port 587) or TLS (port 465)."),
            SettingsError::Server(_) => Problem::unprocessable("smtp_unfit").detail(sentence),
            SettingsError::PasswordNeeded => Problem::unprocessable("smtp_password_needed")
                .detail("The password was given for another server or user.")
                .hint("Enter the password of this server."),
            SettingsError::Seal(_) => Problem::from_cause(&error),
        }
    }
}

/// A server as somebody has typed it.
#[derive(Clone, Debug)]
pub(crate) struct TypedServer {
    pub host: String,
    pub port: u16,
    pub security: SecurityName,
    pub username: Option<String>,
    /// None to keep the one that was given before.
    pub password: Option<Secret>,
}

/// Letters of a name and of an address under a mail.
const NAME_MAX: usize = 100;
const ADDRESS_MAX: usize = 300;

/// Checks texts and numbers; the server comes apart.
pub(crate) fn checked(settings: MailSettings) -> Result<MailSettings, SettingsError> {
    let from_name = settings.from_name.trim().to_owned();
    let is_name = !from_name.is_empty() && from_name.chars().count() <= NAME_MAX;
    HeaderText::parse(&from_name).ok().filter(|_| is_name).ok_or(SettingsError::Text("from_name"))?;
    let from_address = MailAddress::parse(&settings.from_address).map_err(|_| SettingsError::Address)?.reveal();
    let footer_address = settings.footer_address.trim().to_owned();
    let is_line = |letter: char| !letter.is_control() || letter == '\n';
    let letters = footer_address.chars().count();
    if letters == 0 || letters > ADDRESS_MAX || !footer_address.chars().all(is_line) {
        return Err(SettingsError::Text("footer_address"));
    }
    within("cap_days", settings.cap_days, 365)?;
    within("cap_max", settings.cap_max, 100)?;
    Ok(MailSettings { from_name, from_address, footer_address, ..settings })
}

fn within(field: &'static str, value: u32, max: u32) -> Result<(), SettingsError> {
    if (1..=max).contains(&value) { Ok(()) } else { Err(SettingsError::Number { field, min: 1, max }) }
}

/// Checks a server and seals its password. The one that was given before is kept for the same server and user on an
/// equally protected way only: else whoever may change settings could have it sent to a server of their own.
pub(crate) fn checked_server(
    typed: TypedServer,
    before: Option<&Server>,
    key: &SecretKey,
) -> Result<Server, SettingsError> {
    let username = typed.username.filter(|name| !name.trim().is_empty());
    let host = typed.host.trim().to_ascii_lowercase();
    let is_same = |old: &&Server| {
        (&old.host, old.port, old.security, &old.username) == (&host, typed.port, typed.security, &username)
    };
    let kept = before.filter(is_same).and_then(|old| old.password_sealed.clone());
    let password_sealed = match (&typed.password, &username) {
        (_, None) => None,
        (Some(password), Some(_)) => Some(key.seal(password, PASSWORD)?),
        (None, Some(_)) => Some(kept.ok_or(SettingsError::PasswordNeeded)?),
    };
    // The password itself is checked only when it is new; the kept one was checked when it came.
    let password = username.is_some().then(|| typed.password.unwrap_or_else(|| Secret::new("kept")));
    SmtpSettings::new(&host, typed.port, typed.security.into(), username.clone(), password)?;
    Ok(Server { host, port: typed.port, security: typed.security, username, password_sealed })
}
