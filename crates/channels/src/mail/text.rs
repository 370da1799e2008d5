//! The words-only alternative of a mail.
//!
//! From blocks it is written as a person would write it; from an expert's MJML it is read off
//! the page. Both are templates like the page itself, with the same tracked links.

use super::blocks::{Block, BlockError, Language, Product, products_of, web_addresses};
use super::compile::Link;
use super::footer::Footer;
use super::markup::{Reader, Tag, Token, VOID, decode};
use super::tags::{Piece, inert, split};

/// The blocks in words.
pub(crate) fn from_blocks(blocks: &[Block], products: &[Product], links: &[Link]) -> Result<String, BlockError> {
    let mut parts = Vec::new();
    for block in blocks {
        parts.push(block_text(block, products, links)?);
    }
    parts.retain(|part| !part.trim().is_empty());
    Ok(parts.join("\n\n"))
}

fn block_text(block: &Block, products: &[Product], links: &[Link]) -> Result<String, BlockError> {
    Ok(match block {
        Block::Heading { text } => format!("■ {}", words(text, links)?.replace('\n', " ")),
        Block::Text { text } => words(text.replace("\r\n", "\n").trim_matches('\n'), links)?,
        Block::Products { skus } => {
            let lines = products_of(skus, products)?.into_iter().map(|product| product_text(product, links));
            lines.collect::<Vec<_>>().join("\n")
        }
        Block::Button { label, url } => format!("▼ {}\n{}", words(label, links)?, address(url, links)),
        Block::Image { alt, .. } if alt.trim().is_empty() => String::new(),
        Block::Image { alt, .. } => format!("［{}］", inert(alt)),
        Block::Divider {} => "――――――――――".to_owned(),
    })
}

fn product_text(product: &Product, links: &[Link]) -> String {
    let line = format!("・{}　{}", inert(&product.name), inert(&product.price));
    match &product.url {
        Some(url) => format!("{line}\n　{}", address(url, links)),
        None => line,
    }
}

fn words(text: &str, links: &[Link]) -> Result<String, BlockError> {
    let pieces = split(text)?;
    Ok(pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Tag(tag) => tag,
            Piece::Text(words) => linked(words, links),
        })
        .collect())
}

fn linked(words: &str, links: &[Link]) -> String {
    let part = |(part, is_address)| if is_address { address(part, links) } else { inert(part) };
    web_addresses(words).into_iter().map(part).collect()
}

/// The tracked address of a link, or the address itself where none is tracked.
fn address(url: &str, links: &[Link]) -> String {
    let normal = super::links::Target::parse(url);
    let target = normal.as_ref().map_or(url, |target| target.as_str());
    match links.iter().find(|link| link.url == target) {
        Some(link) => format!("{{{{ click[{}] }}}}", link.index),
        None => inert(url),
    }
}

/// The footer in words.
pub(crate) fn footer_text(footer: &Footer, language: Language) -> String {
    let said = footer.words(language);
    format!(
        "――――――――――\n{reason}\n{stop}: {{{{ unsubscribe_url }}}}\n{preference}\n\n{sender}\n{address}\n",
        reason = inert(&said.reason),
        stop = said.stop,
        preference = inert(&said.preference),
        sender = inert(&footer.sender_name),
        address = inert(&footer.postal_address),
    )
}

/// A page read aloud: what is hidden is left out, links are followed by their address.
/// Markers for template tags are words to it and survive.
pub(crate) fn from_html(page: &str) -> String {
    let mut reading = Reading::default();
    for token in Reader::new(page) {
        match token {
            Token::Open(tag) => reading.open(&tag),
            Token::Close(name) => reading.close(&name),
            Token::Text(text) if reading.hidden.is_empty() => reading.say(text),
            Token::Text(_) | Token::Other => {}
        }
    }
    tidy(&reading.words)
}

#[derive(Default)]
struct Reading {
    words: String,
    /// Open elements below (and with) the first hidden one.
    hidden: Vec<String>,
    address: Option<String>,
}

impl Reading {
    fn open(&mut self, tag: &Tag<'_>) {
        let has_end = !tag.is_closed && !VOID.contains(&tag.name.as_str());
        if !self.hidden.is_empty() || is_hidden(tag) {
            if has_end {
                self.hidden.push(tag.name.clone());
            }
            return;
        }
        match tag.name.as_str() {
            "br" => self.words.push('\n'),
            "img" => self.say(tag.attribute("alt").map_or("", |alt| alt.value)),
            "a" => self.address = tag.attribute("href").map(|href| decode(href.value)),
            name => self.part(name),
        }
    }

    fn close(&mut self, name: &str) {
        if let Some(place) = self.hidden.iter().rposition(|open| open == name) {
            self.hidden.truncate(place);
            return;
        }
        match (name, self.address.take()) {
            ("a", Some(address)) => {
                self.words.push(' ');
                self.words.push_str(&address);
                self.words.push(' ');
            }
            (name, address) => {
                self.address = address;
                self.part(name);
            }
        }
    }

    fn part(&mut self, name: &str) {
        match name {
            "td" | "th" => self.words.push(' '),
            "p" | "div" | "tr" | "table" | "h1" | "h2" | "h3" | "h4" | "ul" | "ol" | "li" | "hr" => {
                self.words.push('\n')
            }
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        let text = decode(text);
        let mut was_space = self.words.ends_with(char::is_whitespace);
        for letter in text.chars() {
            let is_space = letter.is_ascii_whitespace();
            if is_space && was_space {
                continue;
            }
            self.words.push(if is_space { ' ' } else { letter });
            was_space = is_space;
        }
    }
}

fn is_hidden(tag: &Tag<'_>) -> bool {
    let style = tag.attribute("style").map_or(String::new(), |style| style.value.replace(' ', ""));
    matches!(tag.name.as_str(), "head" | "style" | "script" | "title") || style.contains("display:none")
}

/// Lines without spaces at their ends and at most one empty line in a row.
fn tidy(words: &str) -> String {
    let mut lines: Vec<&str> = words.lines().map(str::trim).collect();
    lines.dedup_by(|next, last| next.is_empty() && last.is_empty());
    lines.join("\n").trim().to_owned()
}
