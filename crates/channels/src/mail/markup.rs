//! A small reader of HTML: enough to find links, to refuse what does not belong into a mail, and
//! to turn a page into words. It reads what `mrml` writes; it never guesses.

/// One step through a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// Words between tags, entities still encoded.
    Text(&'a str),
    /// `<name …>`.
    Open(Tag<'a>),
    /// `</name>`, lower case.
    Close(String),
    /// Comment, doctype or the like; conditional comments included.
    Other,
}

/// An opening tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// Lower case.
    pub name: String,
    /// Names in lower case with their raw values.
    pub attributes: Vec<Attribute<'a>>,
    /// `<br/>`.
    pub is_closed: bool,
}

/// An attribute and where its raw value stands in the page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    pub name: String,
    pub value: &'a str,
    pub start: usize,
}

impl<'a> Tag<'a> {
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// Elements that have no end tag in HTML.
pub(crate) const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Reads a page from front to back.
pub(crate) struct Reader<'a> {
    page: &'a str,
    at: usize,
    /// Within `<style>` and the like everything is text until its end tag.
    raw: Option<String>,
    /// Look into comments, where mails for Outlook hide markup, and into style sheets.
    is_all_markup: bool,
}

impl<'a> Reader<'a> {
    /// Comments are one token each.
    pub fn new(page: &'a str) -> Self {
        Self { page, at: 0, raw: None, is_all_markup: false }
    }

    /// Whatever looks like markup is read as such, wherever it stands: for a check that must miss nothing.
    pub fn all_markup(page: &'a str) -> Self {
        Self { is_all_markup: true, ..Self::new(page) }
    }

    fn rest(&self) -> &'a str {
        &self.page[self.at..]
    }

    fn take(&mut self, length: usize) -> &'a str {
        let taken = &self.rest()[..length];
        self.at += length;
        taken
    }

    fn read_raw(&mut self, name: &str) -> Token<'a> {
        let rest = self.rest();
        let is_end = |at: &usize| {
            let behind = rest.get(at + 2 + name.len()..).unwrap_or_default();
            rest.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
                && behind.starts_with(|letter: char| letter.is_ascii_whitespace() || letter == '/' || letter == '>')
        };
        let end = rest.match_indices("</").map(|(at, _)| at).find(is_end).unwrap_or(rest.len());
        Token::Text(self.take(end))
    }

    fn read_markup(&mut self) -> Token<'a> {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            let length = if self.is_all_markup { 4 } else { rest.find("-->").map_or(rest.len(), |end| end + 3) };
            self.take(length);
            return Token::Other;
        }
        match rest.as_bytes().get(1) {
            Some(b'!' | b'?') => {
                self.take(rest.find('>').map_or(rest.len(), |end| end + 1));
                Token::Other
            }
            Some(b'/') => {
                let taken = self.take(rest.find('>').map_or(rest.len(), |end| end + 1));
                Token::Close(taken[2..].trim_end_matches('>').trim().to_ascii_lowercase())
            }
            Some(letter) if letter.is_ascii_alphabetic() => self.read_tag(),
            _ => Token::Text(self.take(1)),
        }
    }

    fn read_tag(&mut self) -> Token<'a> {
        self.take(1);
        let name = self.take_until(|letter| letter.is_ascii_whitespace() || letter == '>' || letter == '/');
        let mut tag = Tag { name: name.to_ascii_lowercase(), attributes: Vec::new(), is_closed: false };
        loop {
            self.take_until(|letter| !letter.is_ascii_whitespace());
            match self.rest().as_bytes().first() {
                None => break,
                Some(b'>') => {
                    self.take(1);
                    break;
                }
                Some(b'/') => {
                    self.take(1);
                    tag.is_closed = self.rest().starts_with('>');
                }
                Some(_) => {
                    let attribute = self.read_attribute();
                    tag.attributes.push(attribute);
                }
            }
        }
        let is_raw = matches!(tag.name.as_str(), "style" | "script" | "title" | "textarea") && !tag.is_closed;
        if is_raw && !self.is_all_markup {
            self.raw = Some(tag.name.clone());
        }
        Token::Open(tag)
    }

    fn read_attribute(&mut self) -> Attribute<'a> {
        let name = self.take_until(|letter| letter.is_ascii_whitespace() || "=>/".contains(letter));
        if name.is_empty() {
            // A stray `=`: step over it, so that reading always goes forward.
            let length = self.rest().chars().next().map_or(0, char::len_utf8);
            self.take(length);
        }
        let name = name.to_ascii_lowercase();
        let before_space = self.at;
        self.take_until(|letter| !letter.is_ascii_whitespace());
        if !self.rest().starts_with('=') {
            self.at = before_space;
            return Attribute { name, value: "", start: self.at };
        }
        self.take(1);
        self.take_until(|letter| !letter.is_ascii_whitespace());
        let (value, start) = self.read_value();
        Attribute { name, value, start }
    }

    fn read_value(&mut self) -> (&'a str, usize) {
        match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => {
                self.take(1);
                let start = self.at;
                let value = self.take_until(|letter| letter == quote);
                if !self.rest().is_empty() {
                    self.take(1);
                }
                (value, start)
            }
            _ => {
                let start = self.at;
                (self.take_until(|letter| letter.is_ascii_whitespace() || letter == '>'), start)
            }
        }
    }

    fn take_until(&mut self, is_end: impl Fn(char) -> bool) -> &'a str {
        let length = self.rest().find(is_end).unwrap_or(self.rest().len());
        self.take(length)
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.rest().is_empty() {
            return None;
        }
        if let Some(name) = self.raw.take() {
            return Some(self.read_raw(&name));
        }
        if self.rest().starts_with('<') {
            return Some(self.read_markup());
        }
        let length = self.rest().find('<').unwrap_or(self.rest().len());
        Some(Token::Text(self.take(length)))
    }
}

/// Entities as the letters that they stand for.
pub(crate) fn decode(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        result.push_str(&rest[..start]);
        rest = &rest[start..];
        match entity(rest) {
            Some((letter, length)) => {
                result.push(letter);
                rest = &rest[length..];
            }
            None => {
                result.push('&');
                rest = &rest[1..];
            }
        }
    }
    result.push_str(rest);
    result
}

fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.char_indices().take(12).find(|(_, letter)| *letter == ';')?.0;
    let name = &text[1..end];
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "yen" => '¥',
        "copy" => '©',
        "hellip" => '…',
        "mdash" => '—',
        "ndash" => '–',
        _ => char::from_u32(code_point(name)?)?,
    };
    Some((letter, end + 1))
}

fn code_point(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('#')?;
    match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}
