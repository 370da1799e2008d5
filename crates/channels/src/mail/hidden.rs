//! Template tags kept out of sight of parsers that know nothing of them.

use super::compile::MailError;
use super::tags::{Piece, inert, split};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A text whose template tags are replaced by words that no parser stumbles over.
pub(crate) struct Hidden {
    /// What parsers may read.
    pub text: String,
    tags: Vec<String>,
    /// The beginning of every such word.
    pub marker: String,
}

impl Hidden {
    /// Hides every tag of a text.
    pub fn hide(source: &str) -> Result<Self, MailError> {
        let marker = marker_of(source);
        if source.contains(&marker) {
            return Err(MailError::MarkupForbidden(marker));
        }
        let mut hidden = Self { text: String::with_capacity(source.len()), tags: Vec::new(), marker };
        for piece in split(source)? {
            match piece {
                Piece::Text(text) => hidden.text.push_str(text),
                Piece::Tag(tag) => {
                    let word = hidden.add(tag);
                    hidden.text.push_str(&word);
                }
            }
        }
        Ok(hidden)
    }

    /// Keeps a tag and gives the word that stands for it.
    pub fn add(&mut self, tag: String) -> String {
        self.tags.push(tag);
        format!("{}{:06}", self.marker, self.tags.len() - 1)
    }

    /// Puts the tags back; braces that are none of ours lose their meaning.
    pub fn restore(&self, page: &str) -> String {
        let mut result = String::with_capacity(page.len() + 40 * self.tags.len());
        let mut rest = page;
        while let Some(at) = rest.find(&self.marker) {
            result.push_str(&tame(&rest[..at], true));
            let (tag, behind) = self.read(&rest[at + self.marker.len()..]);
            result.push_str(tag.unwrap_or_default());
            rest = behind;
        }
        result.push_str(&tame(rest, false));
        result
    }

    /// The tags whose words stand in this text.
    pub fn tags_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        text.split(&self.marker).skip(1).filter_map(|behind| self.read(behind).0)
    }

    /// The tag that a marker stands for, and what follows its word.
    fn read<'a>(&self, behind_marker: &'a str) -> (Option<&str>, &'a str) {
        let (digits, behind) = behind_marker.split_at_checked(6).unwrap_or(("", behind_marker));
        let tag = digits.parse().ok().and_then(|place: usize| self.tags.get(place));
        (tag.map(String::as_str), behind)
    }

    /// The tag that this text is, when it is nothing else.
    pub fn tag_of(&self, text: &str) -> Option<&str> {
        let place: usize = text.trim().strip_prefix(&self.marker)?.parse().ok()?;
        self.tags.get(place).map(String::as_str)
    }
}

/// Makes braces of style sheets harmless, which might otherwise open a tag or a comment.
fn tame(text: &str, is_before_tag: bool) -> String {
    let mut result = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        let next = text[at + letter.len_utf8()..].chars().next();
        let opens = letter == '{' && (matches!(next, Some('{' | '%' | '#')) || (next.is_none() && is_before_tag));
        if opens {
            result.push_str(&inert("{"));
        } else {
            result.push(letter);
        }
    }
    result
}

/// A word that no writer can type into the very text that it is made from, and that is as long for every text.
fn marker_of(source: &str) -> String {
    let digest = Sha256::digest(source.as_bytes());
    let mut marker = "zq".to_owned();
    for byte in &digest[..8] {
        // Writing to a String cannot fail.
        let _ = write!(marker, "{byte:02x}");
    }
    marker + "qz"
}
