//! Template tags kept out of sight of parsers that know nothing of them.

use super::compile::MailError;
use super::tags::{Piece, inert, split};

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
        let mut marker = "zqtagqz".to_owned();
        while source.contains(&marker) {
            marker.push('q');
        }
        let mut hidden = Self { text: String::with_capacity(source.len()), tags: Vec::new(), marker };
        for piece in split(source)? {
            match piece {
                Piece::Text(text) => hidden.text.push_str(text),
                Piece::Tag(tag) if is_autoescape(&tag) => return Err(MailError::Template(NO_AUTOESCAPE.to_owned())),
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
            let digits = rest.get(at + self.marker.len()..at + self.marker.len() + 6).unwrap_or("");
            let tag = digits.parse().ok().and_then(|place: usize| self.tags.get(place));
            result.push_str(tag.map_or("", String::as_str));
            rest = &rest[(at + self.marker.len() + digits.len()).min(rest.len())..];
        }
        result.push_str(&tame(rest, false));
        result
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

/// Switching off the escaping would let a name become markup.
fn is_autoescape(tag: &str) -> bool {
    let inside = tag.trim_start_matches(['{', '%', '-', '+']).trim_start();
    inside.starts_with("autoescape") && tag.starts_with("{%")
}

const NO_AUTOESCAPE: &str = "`autoescape` is not available in mails";
