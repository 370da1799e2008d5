//! What can go wrong with access, and what each case is on the wire.

use crate::Problem;
use records::RecordsError;
use vocabulary::email::EmailError;

/// An error of this crate.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// Wrong mail or password; which of them is not said.
    #[error("mail or password are wrong")]
    SignInFailed,
    /// Too many tries.
    #[error("too many tries, wait {seconds} s")]
    TooManyTries {
        /// Until the next one.
        seconds: u32,
    },
    /// A link that was used, has ended or never was.
    #[error("the link is not valid")]
    LinkInvalid,
    /// The set-up is over.
    #[error("the installation is set up")]
    SetUpAlready,
    /// The password that is to be replaced is wrong.
    #[error("the current password is wrong")]
    PasswordWrong,
    /// Too short or too long.
    #[error("a password has 10 to 200 letters")]
    PasswordLength,
    /// Too many sign-ins at once.
    #[error("too many sign-ins at once")]
    Busy,
    /// The computation of a password's hash was refused.
    #[error("a password could not be hashed")]
    Hashing,
    /// Not a mail address.
    #[error("not a mail address")]
    Email(#[from] EmailError),
    /// No mail address at all.
    #[error("the mail address is missing")]
    EmailMissing,
    /// Another operator has it.
    #[error("another operator has this mail address")]
    EmailTaken,
    /// Nothing, or too much.
    #[error("`{field}` must have 1 to {letters_max} letters")]
    TextLength {
        /// Which field.
        field: &'static str,
        /// How long it may be.
        letters_max: usize,
    },
    /// A value that is not understood; the sentence says what would be.
    #[error("`{field}`: {sentence}")]
    Value {
        /// Which field.
        field: &'static str,
        /// What it should be.
        sentence: String,
    },
    /// Somebody must answer for the installation.
    #[error("the last active owner stays")]
    LastOwner,
    /// There is no such thing.
    #[error("no such {0}")]
    Unknown(&'static str),
    /// More than are kept.
    #[error("there are {max} {what} already")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many are kept.
        max: usize,
    },
    /// The records failed.
    #[error("the records failed")]
    Records(#[from] RecordsError),
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::SignInFailed => Problem::unauthorized("sign_in_failed")
                .detail("The mail address or the password is wrong.")
                .hint("Check both. An owner can give you a one-time sign-in link."),
            AccessError::TooManyTries { seconds } => Problem::too_many("too_many_tries")
                .detail(format!("There were too many tries. The next one is possible in {seconds} seconds."))
                .hint("Wait, or ask an owner for a one-time sign-in link.")
                .retry_after(seconds),
            AccessError::LinkInvalid => Problem::unauthorized("link_invalid")
                .detail("This link was used already, has ended, or is not whole.")
                .hint("Ask for a new one: an owner makes it on the page of operators, or `najimi operator link` does."),
            AccessError::SetUpAlready => {
                Problem::conflict("setup_done").detail("This installation is set up already.").hint("Sign in.")
            }
            AccessError::PasswordWrong => {
                Problem::unprocessable("password_wrong").detail("The current password is wrong.")
            }
            AccessError::PasswordLength => Problem::unprocessable("password_length")
                .detail("A password has 10 to 200 letters.")
                .hint("Several words in a row are easy to remember and hard to guess."),
            AccessError::Busy => Problem::unavailable("sign_in_busy")
                .detail("Many people sign in at this moment.")
                .hint("Try again in a moment.")
                .retry_after(2),
            AccessError::Hashing => Problem::from_cause(&error),
            AccessError::Email(cause) => Problem::unprocessable("email_unfit").detail(format!("{cause}.")),
            AccessError::EmailMissing => Problem::unprocessable("email_unfit").detail("The mail address is missing."),
            AccessError::EmailTaken => Problem::conflict("email_taken")
                .detail("Another operator has this mail address.")
                .hint("Use another address, or change the operator who has it."),
            AccessError::TextLength { field, letters_max } => {
                Problem::unprocessable("text_length").detail(format!("`{field}` must have 1 to {letters_max} letters."))
            }
            AccessError::Value { field, sentence } => {
                Problem::unprocessable("value_unfit").detail(format!("`{field}`: {sentence}."))
            }
            AccessError::LastOwner => Problem::conflict("last_owner")
                .detail("This is the last active owner of the installation.")
                .hint("Make somebody else an owner first."),
            AccessError::Unknown(what) => Problem::unknown(what),
            AccessError::TooMany { what, max } => Problem::conflict("too_many_kept")
                .detail(format!("There are {max} {what} already, the most that are kept."))
                .hint("Remove one that is not needed any more."),
            AccessError::Records(cause) => cause.into(),
        }
    }
}
