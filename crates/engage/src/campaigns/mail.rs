//! The mail of a campaign: as its writer left it, and with all that it needs to be compiled.

use super::{CampaignError, sql};
use channels::{
    contents::Content,
    mail::{Block, Footer, HeaderText, Language, MailAddress, MailSource, Product, Sender},
    settings::MailSettings,
};
use records::{RecordsResult, Sql};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::Currency;

/// Bytes of a mail that are kept.
const BYTES_MAX: usize = 256 * 1024;
/// Blocks of a mail that are kept.
const BLOCKS_MAX: usize = 200;

/// A mail as its writer left it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// One line; may hold template tags.
    pub subject: String,
    /// What inboxes show beside the subject.
    pub preheader: String,
    /// The sender's name; the one of the settings when empty.
    pub from_name: String,
    /// The sender's address; the one of the settings when empty.
    pub from_address: String,
    /// The parts.
    pub blocks: Vec<Block>,
    /// An expert's own MJML; wins over the parts.
    pub mjml: Option<String>,
}

impl Mail {
    /// Refuses what is too large to be kept.
    pub(crate) fn check_size(&self) -> Result<(), CampaignError> {
        let bytes = serde_json::to_string(self).map_or(usize::MAX, |json| json.len());
        if bytes > BYTES_MAX || self.blocks.len() > BLOCKS_MAX {
            return Err(CampaignError::MailTooLarge { bytes_max: BYTES_MAX });
        }
        Ok(())
    }

    /// The products that the parts name, each once.
    pub(crate) fn skus(&self) -> Vec<String> {
        let mut skus: Vec<String> = self
            .blocks
            .iter()
            .flat_map(|block| match block {
                Block::Products { skus } => skus.clone(),
                _ => Vec::new(),
            })
            .collect();
        skus.sort_unstable();
        skus.dedup();
        skus
    }

    /// Japanese unless it is written without any Japanese letter.
    fn language(&self) -> Language {
        // A Japanese shop may write in English: its name does not count.
        let json =
            serde_json::to_string(&(&self.subject, &self.preheader, &self.blocks, &self.mjml)).unwrap_or_default();
        let is_japanese = |letter: char| matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
        let is_written = !self.subject.trim().is_empty() && (!self.blocks.is_empty() || self.mjml.is_some());
        if is_written && !json.chars().any(is_japanese) { Language::En } else { Language::Ja }
    }
}

/// Who sends, as a writer and the settings say it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sending {
    /// The settings say it, or the mail does.
    By(Sender),
    /// Nobody said it.
    Missing,
    /// It is no address or no name.
    Invalid,
}

/// What a mail needs beside itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Surroundings {
    pub products: Vec<Product>,
    pub footer: Footer,
    pub language: Language,
    pub sending: Sending,
}

impl Surroundings {
    /// Reads them.
    pub async fn of<S: Sql>(sql: &S, mail: &Mail, settings: &MailSettings, currency: Currency) -> RecordsResult<Self> {
        let found = sql::find_products(sql, &mail.skus()).await?;
        let products = found.into_iter().map(|row| product(row, currency)).collect();
        let sending = sending(mail, settings);
        let mut footer = settings.footer();
        // The law wants the sender under the mail, so it is the one who sends this mail.
        if let Sending::By(sender) = &sending {
            footer.sender_name = sender.name.as_str().to_owned();
        }
        Ok(Self { products, footer, language: mail.language(), sending })
    }

    /// The mail for the compiler.
    pub fn source<'a>(&'a self, mail: &'a Mail) -> MailSource<'a> {
        MailSource {
            subject: &mail.subject,
            preheader: &mail.preheader,
            blocks: &mail.blocks,
            mjml: mail.mjml.as_deref(),
            products: &self.products,
            footer: &self.footer,
            language: self.language,
        }
    }

    /// The mail as it is to be kept for its sending.
    pub fn content(&self, mail: &Mail) -> Content {
        let content = Content::of(&self.source(mail));
        match &self.sending {
            Sending::By(sender) => content.from(sender),
            Sending::Missing | Sending::Invalid => content,
        }
    }
}

fn sending(mail: &Mail, settings: &MailSettings) -> Sending {
    let said = |own: &str, general: &str| {
        if own.trim().is_empty() { general.trim().to_owned() } else { own.trim().to_owned() }
    };
    let name = said(&mail.from_name, &settings.from_name);
    let address = said(&mail.from_address, &settings.from_address);
    if name.is_empty() || address.is_empty() {
        return Sending::Missing;
    }
    match (HeaderText::parse(&name), MailAddress::parse(&address)) {
        (Ok(name), Ok(address)) => Sending::By(Sender { name, address }),
        _ => Sending::Invalid,
    }
}

fn product(row: sql::ProductRow, currency: Currency) -> Product {
    Product { price: price_text(row.price, currency), sku: row.sku, name: row.name, url: None }
}

/// `1,980円`, `GBP 12.50`.
fn price_text(minor: i64, currency: Currency) -> String {
    let unit = 10_u64.pow(currency.digits());
    let (whole, rest) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    let sign = if minor < 0 { "−" } else { "" };
    let whole = grouped(whole);
    match currency.digits() as usize {
        0 if currency == Currency::JPY => format!("{sign}{whole}円"),
        0 => format!("{currency} {sign}{whole}"),
        width => format!("{currency} {sign}{whole}.{rest:0width$}"),
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_written_as_people_read_them() {
        assert_eq!(price_text(1_980, Currency::JPY), "1,980円");
        assert_eq!(price_text(1_234_567, Currency::JPY), "1,234,567円");
        assert_eq!(price_text(250, Currency::GBP), "GBP 2.50");
        assert_eq!(price_text(0, Currency::JPY), "0円");
    }

    #[test]
    fn a_mail_without_japanese_letters_gets_an_english_footer() {
        let text = |text: &str| vec![Block::Text { text: text.to_owned() }];
        let english = Mail { subject: "Hello".to_owned(), blocks: text("Come in"), ..Mail::default() };
        assert_eq!(english.language(), Language::En);
        let japanese = Mail { blocks: text("ごぶさたしております"), ..english };
        assert_eq!(japanese.language(), Language::Ja);
        assert_eq!(Mail::default().language(), Language::Ja);
    }
}
