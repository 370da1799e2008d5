//! The parts that a mail is put together from, and how they look.
//!
//! Blocks become MJML: one quiet layout on paper-coloured ground, one column, at home on a phone
//! and in dark mode. Words of a writer are escaped; only template tags keep their meaning.

use std::{collections::HashMap, fmt::Write as _};

use serde::{Deserialize, Serialize};

use super::footer::{Footer, footer_mjml};
use super::links::{Target, UrlError};
use super::tags::{Piece, TagError, inert_html, split};

/// One part of a mail, as it is saved and sent over the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    /// Paragraphs; an empty line parts them, web addresses become links.
    Text {
        /// May hold template tags.
        text: String,
    },
    /// One line that names what follows.
    Heading {
        /// May hold template tags.
        text: String,
    },
    /// Products with name and price.
    Products {
        /// In the order in which they are shown.
        skus: Vec<String>,
    },
    /// The thing to do.
    Button {
        /// What it says; may hold template tags.
        label: String,
        /// A fixed web address.
        url: String,
    },
    /// A picture.
    Image {
        /// Its fixed web address.
        url: String,
        /// What it shows, for those who cannot see it.
        alt: String,
    },
    /// A thin line.
    Divider {},
}

impl Block {
    /// Bytes of its texts.
    pub(crate) fn size_bytes(&self) -> usize {
        match self {
            Self::Text { text } | Self::Heading { text } => text.len(),
            Self::Products { skus } => skus.iter().map(|sku| sku.len() + 1).sum(),
            Self::Button { label, url } => label.len() + url.len(),
            Self::Image { url, alt } => url.len() + alt.len(),
            Self::Divider {} => 0,
        }
    }
}

/// A product as the mail shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The shop's own code.
    pub sku: String,
    /// The name for customers.
    pub name: String,
    /// Ready to read, such as `1,980円`.
    pub price: String,
    /// Its page, when the shop has told it.
    pub url: Option<String>,
}

/// The language of what we say ourselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// 日本語
    #[default]
    Ja,
    /// English
    En,
}

/// A block cannot become part of a mail.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BlockError {
    #[error(transparent)]
    Tag(#[from] TagError),
    #[error(transparent)]
    Url(#[from] UrlError),
    #[error("the product `{0}` is not known")]
    Product(String),
}

/// The products that a block names, in its order.
pub(crate) fn products_of<'a>(skus: &[String], products: &'a [Product]) -> Result<Vec<&'a Product>, BlockError> {
    let known: HashMap<&str, &Product> = products.iter().map(|product| (product.sku.as_str(), product)).collect();
    let find = |sku: &String| known.get(sku.as_str()).copied().ok_or_else(|| BlockError::Product(sku.clone()));
    skus.iter().map(find).collect()
}

/// Everything that the layout shows.
pub(crate) struct Page<'a> {
    pub subject: &'a str,
    pub preheader: &'a str,
    pub blocks: &'a [Block],
    pub products: &'a [Product],
    pub footer: &'a Footer,
    pub language: Language,
}

/// The whole mail in MJML, template tags still in place.
pub(crate) fn to_mjml(page: &Page<'_>) -> Result<String, BlockError> {
    let mut body = String::new();
    for block in page.blocks {
        body.push_str(&block_mjml(block, page.products)?);
    }
    let language = match page.language {
        Language::Ja => "ja",
        Language::En => "en",
    };
    Ok(format!(
        "<mjml lang=\"{language}\"><mj-head><mj-title>{title}</mj-title><mj-preview>{preview}</mj-preview>{HEAD}</mj-head>\
         <mj-body background-color=\"#f7f5f0\" css-class=\"ground\">\
         <mj-section padding=\"28px 16px 14px\"><mj-column><mj-text css-class=\"soft\" align=\"center\" \
         font-size=\"14px\" letter-spacing=\"1.5px\" color=\"#48443b\" padding=\"0\">{sender}</mj-text></mj-column></mj-section>\
         <mj-section css-class=\"sheet\" background-color=\"#ffffff\" border-radius=\"10px\" padding=\"28px 12px\">\
         <mj-column>{body}</mj-column></mj-section>{footer}</mj-body></mjml>",
        title = phrase(page.subject)?,
        preview = phrase(page.preheader)?,
        sender = inert_html(&page.footer.sender_name),
        footer = footer_mjml(page.footer, page.language),
    ))
}

macro_rules! font {
    () => {
        "Hiragino Sans, Hiragino Kaku Gothic ProN, Yu Gothic, Meiryo, Noto Sans JP, Noto Sans CJK JP, Helvetica, Arial, sans-serif"
    };
}
/// Japanese fonts of the reader's own machine.
pub(crate) const FONT: &str = font!();

/// Fonts of the reader's own machine, one accent colour, and the same in the dark.
const HEAD: &str = concat!(
    "<mj-attributes>\
    <mj-all font-family=\"",
    font!(),
    "\"/>\
    <mj-text font-size=\"15px\" line-height=\"1.85\" color=\"#1c1a17\" padding=\"8px 16px\"/>\
    <mj-table font-size=\"15px\" line-height=\"1.6\" color=\"#1c1a17\" padding=\"8px 16px\"/>\
    <mj-button background-color=\"#1c614e\" color=\"#ffffff\" font-size=\"15px\" font-weight=\"600\" \
    border-radius=\"7px\" inner-padding=\"14px 30px\" padding=\"16px\"/>\
    <mj-image padding=\"8px 16px\" border-radius=\"6px\"/>\
    <mj-divider border-width=\"1px\" border-color=\"#e3dfd4\" padding=\"14px 16px\"/></mj-attributes>\
    <mj-raw><meta name=\"color-scheme\" content=\"light dark\"><meta name=\"supported-color-schemes\" content=\"light dark\"></mj-raw>\
    <mj-style>:root { color-scheme: light dark; } a { color: #144c3d; } \
    @media (prefers-color-scheme: dark) { \
    .ground, .ground > div, body { background-color: #131412 !important; } \
    .sheet, .sheet table, .sheet td { background-color: #1b1c19 !important; } \
    .sheet div, .sheet td, .sheet h2 { color: #f0ede5 !important; } \
    .sheet a { color: #92d1b9 !important; } \
    .sheet .act table td, .sheet .act td a { background-color: #6fbb9f !important; color: #0d211a !important; } \
    .sheet .act > table > tbody > tr > td { background-color: #6fbb9f !important; } \
    .sheet .rule p, .sheet .row { border-color: #35362f !important; } \
    .soft div, .soft a, .sheet .price { color: #bdb8ab !important; } }</mj-style>"
);

fn block_mjml(block: &Block, products: &[Product]) -> Result<String, BlockError> {
    Ok(match block {
        Block::Heading { text } => format!(
            "<mj-text padding=\"12px 16px 4px\"><h2 style=\"margin:0;font-size:20px;line-height:1.5;font-weight:600;\">{}</h2></mj-text>",
            phrase(text)?
        ),
        Block::Text { text } => format!("<mj-text>{}</mj-text>", paragraphs(text)?),
        Block::Products { skus } => products_mjml(&products_of(skus, products)?)?,
        Block::Button { label, url } => format!(
            "<mj-button css-class=\"act\" href=\"{}\">{}</mj-button>",
            inert_html(Target::parse(url)?.as_str()),
            phrase(label)?
        ),
        Block::Image { url, alt } => {
            let source = Target::parse(url)?;
            format!("<mj-image src=\"{}\" alt=\"{}\"/>", inert_html(source.as_str()), inert_html(alt))
        }
        Block::Divider {} => "<mj-divider css-class=\"rule\"/>".to_owned(),
    })
}

fn products_mjml(products: &[&Product]) -> Result<String, BlockError> {
    let mut rows = String::new();
    for product in products {
        let name = inert_html(&product.name);
        let name = match &product.url {
            Some(url) => format!("<a href=\"{}\">{name}</a>", inert_html(Target::parse(url)?.as_str())),
            None => name,
        };
        // Writing to a String cannot fail.
        let _ = write!(
            rows,
            "<tr><td class=\"row\" style=\"padding:12px 12px 12px 0;border-bottom:1px solid #e3dfd4;\">{name}</td>\
             <td class=\"row price\" style=\"padding:12px 0;border-bottom:1px solid #e3dfd4;text-align:right;white-space:nowrap;color:#635d51;\">{price}</td></tr>",
            price = inert_html(&product.price),
        );
    }
    Ok(format!("<mj-table>{rows}</mj-table>"))
}

/// Escaped words with their tags, on one line.
fn phrase(text: &str) -> Result<String, BlockError> {
    let pieces = split(text)?;
    Ok(pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(words) => inert_html(words),
            Piece::Tag(tag) => tag.clone(),
        })
        .collect())
}

/// Escaped words with tags, links and line breaks.
fn paragraphs(text: &str) -> Result<String, BlockError> {
    let text = text.replace("\r\n", "\n");
    let mut html = String::new();
    let mut pieces = split(text.trim_matches('\n'))?.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Tag(tag) => html.push_str(&tag),
            Piece::Text(words) => html.push_str(&linked(words, pieces.peek().is_some())),
        }
    }
    Ok(html.replace('\n', "<br/>"))
}

/// An address that a tag continues is no fixed address and stays words.
fn linked(words: &str, is_continued: bool) -> String {
    let parts = web_addresses(words);
    let last = parts.len().saturating_sub(1);
    let is_link = |place: usize, is_address: bool| is_address && !(is_continued && place == last);
    parts
        .into_iter()
        .enumerate()
        .map(|(place, (part, is_address))| match is_link(place, is_address) {
            true => format!("<a href=\"{0}\">{0}</a>", inert_html(part)),
            false => inert_html(part),
        })
        .collect()
}

/// Cuts plain words at web addresses, which end where Japanese text or a bracket begins.
pub(crate) fn web_addresses(words: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = words;
    while let Some(start) = find_address(rest) {
        let tail = &rest[start..];
        let is_part = |letter: char| letter.is_ascii_graphic() && !"<>\"'()[]{}|\\^`".contains(letter);
        let length = tail.find(|letter| !is_part(letter)).unwrap_or(tail.len());
        let address = tail[..length].trim_end_matches(['.', ',', ';', ':', '!', '?']);
        parts.push((&rest[..start], false));
        parts.push((address, Target::parse(address).is_ok()));
        rest = &tail[address.len()..];
    }
    parts.push((rest, false));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

fn find_address(words: &str) -> Option<usize> {
    [words.find("https://"), words.find("http://")].into_iter().flatten().min()
}
