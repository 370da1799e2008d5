//! Mail addresses as shops hold them.
//!
//! Invariant: an `Email` holds visible ASCII only (no CR, LF, NUL or space), has one mailbox and one domain, and is at
//! most 254 bytes. Old carrier addresses with dots in a row or before the @ are accepted, for they receive mail.

use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Bytes of an address (RFC 5321, 4.5.3.1.3, less the angle brackets).
const BYTES_MAX: usize = 254;
/// Bytes before the @ (RFC 5321, 4.5.3.1.1).
const MAILBOX_BYTES_MAX: usize = 64;
/// Mailboxes that exporters write where no address is known.
const NOBODY: [&str; 12] = [
    "noemail", "no-email", "no_email", "nomail", "no-mail", "no_mail", "none", "null", "unknown", "dummy", "nobody",
    "notfound",
];
/// Words that people write where no address is known.
const NOTHING: [&str; 9] = ["-", "--", "none", "null", "n/a", "なし", "無し", "未登録", "不明"];
/// Domains of addresses that a mall gives out in place of the buyer's own: other order, other address.
const RELAYS: [&str; 5] = [
    "pc.fw.rakuten.ne.jp",
    "fw.rakuten.ne.jp",
    "marketplace.amazon.co.jp",
    "marketplace.amazon.com",
    "yshopping.yahoo.co.jp",
];

/// A mail address that can be written to. Its `Debug` hides it; `reveal` is the way out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// Why a text is not a mail address. The address itself is never in the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Longer than an address may be.
    #[error("the mail address is longer than 254 bytes")]
    TooLong,
    /// A character that no address holds.
    #[error("the mail address holds a character that mail addresses cannot have")]
    Character,
    /// Not one mailbox, an @ and a domain.
    #[error("a mail address has the form `name@example.com`")]
    Form,
}

impl Email {
    /// Reads an address. `None` for nothing and for what exporters write instead of nothing.
    pub fn parse(text: &str) -> Result<Option<Self>, EmailError> {
        let text = text.trim_matches([' ', '\u{3000}', '\t', '\u{feff}']);
        if text.len() > BYTES_MAX * 4 {
            return Err(EmailError::TooLong);
        }
        let narrow: String = if text.is_ascii() { text.to_owned() } else { text.nfkc().collect() };
        let address = narrow.strip_prefix("mailto:").unwrap_or(&narrow);
        if address.is_empty() || NOTHING.iter().any(|nothing| address.eq_ignore_ascii_case(nothing)) {
            return Ok(None);
        }
        let (mailbox, domain) = check(address)?;
        let domain = domain.to_ascii_lowercase();
        if NOBODY.iter().any(|nobody| mailbox.eq_ignore_ascii_case(nobody)) || domain.ends_with(".invalid") {
            return Ok(None);
        }
        Ok(Some(Self(format!("{mailbox}@{domain}"))))
    }

    /// The address, for sending and for showing to those who may see it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// One spelling for all spellings of an address. A shop may know a person by it, also by a mall's relay address.
    pub fn canonical(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// What is equal for two spellings of one mailbox; `None` for a mall's relay address, which is no identity.
    pub fn matching_key(&self) -> Option<String> {
        (!self.is_relay()).then(|| self.canonical())
    }

    /// Whether a mall gave this address out in place of the buyer's own.
    pub fn is_relay(&self) -> bool {
        RELAYS.contains(&self.parts().1)
    }

    /// The address for `MAIL FROM` and `RCPT TO`: a mailbox with dots in a row is quoted (RFC 5321, 4.1.2).
    pub fn envelope_form(&self) -> String {
        let (mailbox, domain) = self.parts();
        let is_odd = mailbox.starts_with('.') || mailbox.ends_with('.') || mailbox.contains("..");
        if is_odd && !mailbox.starts_with('"') { format!("\"{mailbox}\"@{domain}") } else { self.0.clone() }
    }

    /// The address with its middle hidden, for previews: `t***@example.com`.
    pub fn masked(&self) -> String {
        let (mailbox, domain) = self.parts();
        format!("{}***@{domain}", mailbox.chars().next().unwrap_or('*'))
    }

    fn parts(&self) -> (&str, &str) {
        self.0.rsplit_once('@').unwrap_or((&self.0, ""))
    }
}

fn check(address: &str) -> Result<(&str, &str), EmailError> {
    if address.len() > BYTES_MAX {
        return Err(EmailError::TooLong);
    }
    if !address.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(EmailError::Character);
    }
    let (mailbox, domain) = address.rsplit_once('@').ok_or(EmailError::Form)?;
    if mailbox.is_empty() || mailbox.len() > MAILBOX_BYTES_MAX || !is_domain(domain) {
        return Err(EmailError::Form);
    }
    let quoted = mailbox.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let is_mailbox = match quoted {
        Some(inside) => !inside.is_empty() && !inside.contains(['"', '\\']),
        None => mailbox.bytes().all(is_mailbox_byte),
    };
    if is_mailbox { Ok((mailbox, domain)) } else { Err(EmailError::Character) }
}

/// `atext` of RFC 5322 and the dot, wherever it stands.
fn is_mailbox_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn is_domain(domain: &str) -> bool {
    let mut labels = 0;
    let is_fine = domain.split('.').all(|label| {
        labels += 1;
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    });
    let is_number = domain.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    is_fine && labels >= 2 && !is_number
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(***)")
    }
}

/// For storage: `#[serde(with = "vocabulary::email::revealed")]` on an `Option<Email>` writes it out.
pub mod revealed {
    use super::Email;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes the address out.
    pub fn serialize<S: Serializer>(email: &Option<Email>, serializer: S) -> Result<S::Ok, S::Error> {
        email.as_ref().map(Email::reveal).serialize(serializer)
    }

    /// Reads an address that was written out.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Email>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Email::parse(text.as_deref().unwrap_or("")).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> Option<String> {
        Email::parse(text).unwrap().map(|email| email.reveal().to_owned())
    }

    #[test]
    fn addresses_as_shops_hold_them() {
        for (text, address) in [
            ("taro@example.com", "taro@example.com"),
            (" Taro.Y@EXAMPLE.Co.JP　", "Taro.Y@example.co.jp"),
            ("a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
            (".abc@ezweb.ne.jp", ".abc@ezweb.ne.jp"),
            ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "taro@example.com"),
            ("\"a..b\"@docomo.ne.jp", "\"a..b\"@docomo.ne.jp"),
            ("o'neil+shop@example.com", "o'neil+shop@example.com"),
        ] {
            assert_eq!(parsed(text).as_deref(), Some(address), "{text}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_nothing() {
        for text in ["", "　", "-", "なし", "NULL", "noemail@example.com", "NoMail@shop.jp", "x@nowhere.invalid"] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "taro",
            "@example.com",
            "taro@",
            "taro@example",
            "ta ro@example.com",
            "taro@exa mple.com",
            "a@b@c.com",
            "taro@example.com\r\nBcc: x@y.jp",
            "taro\0@example.com",
            "太郎@example.com",
            "taro@192.168.0.1",
            "taro@-example.com",
            "<taro@example.com>",
            "a,b@example.com",
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
        assert_eq!(Email::parse(&format!("a@{}.com", "b".repeat(2_000))), Err(EmailError::TooLong));
    }

    #[test]
    fn a_relay_is_no_identity_and_odd_mailboxes_are_quoted_on_the_wire() {
        let email = |text| Email::parse(text).unwrap().unwrap();
        assert_eq!(email("abc123@pc.fw.rakuten.ne.jp").matching_key(), None);
        assert_eq!(email("TARO@Example.com").matching_key().as_deref(), Some("taro@example.com"));
        assert_eq!(email("a..b@docomo.ne.jp").envelope_form(), "\"a..b\"@docomo.ne.jp");
        assert_eq!(email("taro@example.com").masked(), "t***@example.com");
        assert_eq!(format!("{:?}", email("taro@example.com")), "Email(***)");
    }

    proptest! {
        #[test]
        fn no_address_can_break_a_header(text in any::<String>()) {
            if let Ok(Some(email)) = Email::parse(&text) {
                prop_assert!(email.reveal().bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert!(email.reveal().len() <= 254);
            }
        }
        #[test]
        fn reading_again_changes_nothing(text in "[a-zA-Z0-9._+-]{1,20}@[a-zA-Z0-9-]{1,10}\\.[a-z]{2,3}") {
            if let Ok(Some(email)) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.reveal()), Ok(Some(email)));
            }
        }
    }
}
