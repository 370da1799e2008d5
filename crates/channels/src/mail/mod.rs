//! Mail, from what a writer types to what a server says.
//!
//! [`CompiledMail`] reads blocks or MJML once and prints for each person; [`MessageUrls`] gives
//! every message its own tracked links; [`build_message`] makes the bytes; [`SmtpTransport`]
//! hands them over and tells what became of them. Nothing here knows a database.

mod blocks;
mod compile;
mod footer;
mod forbidden;
mod hidden;
mod links;
mod markup;
mod message;
mod nesting;
mod ready_mails;
mod room;
mod smtp;
mod tags;
mod template;
mod text;
mod values;

pub use blocks::{Block, Language, Product};
pub use compile::{CompiledMail, Link, MailError, MailSource, Preview};
pub use footer::Footer;
pub use links::{LinkKey, MessageUrls, PublicUrl, Purpose, Target, Token, TokenError, UrlError, sign, verify};
pub use message::{HeaderText, MailAddress, MessageError, OutgoingMail, Sender, build_message};
pub use ready_mails::{ReadyMail, ReadyMailId, ready_mail};
pub use room::{BrokenOff, apart, roomy};
pub use smtp::{
    Outcome, Secret, Security, SmtpLimits, SmtpSettings, SmtpSettingsError, SmtpTransport, Stage, retry_after,
};
pub use template::{RenderError, RenderedMail, TemplateLimits};
pub use values::{KNOWN_VALUES, Values};
