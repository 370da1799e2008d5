//! Template tags inside text: finding them, keeping them whole, and reading Liquid spellings.
//!
//! A writer may paste `{{ customer.family_name | default: "お客様" }}`; the engine wants
//! `default("お客様")`. Everything that is not a tag is plain text and never becomes one.

/// A stretch of a mail as its writer typed it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Words without any meaning to the template engine.
    Text(&'a str),
    /// A whole tag with its braces, in the engine's own spelling.
    Tag(String),
}

/// A text cannot be cut into words and tags. Holds the beginning of the tag.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TagError {
    #[error("the tag `{0}` is not closed")]
    Unclosed(String),
    #[error("the tag `{0}` is too long")]
    TooLong(String),
    #[error("there are too many tags, from `{0}` on")]
    TooMany(String),
    #[error("the tag `{0}` is not available in mails")]
    Unavailable(String),
}

/// Bytes of one tag. The engine reads and drops chains (`a + a + …`, `a | upper | …`) by calling itself, so their length
/// is bounded before it sees them.
const TAG_BYTES_MAX: usize = 2 * 1024;
/// Tags of one text.
const TAGS_MAX: usize = 2_000;
/// Those of them that are `{% … %}`, which the engine nests.
const STATEMENTS_MAX: usize = 500;
/// Lists and their parts, of which each may hold the one before.
const BRACKETS_MAX: usize = 200;
/// What a mail needs. Others reach outside of it, leave the escaping, or write what was escaped for another place.
const STATEMENTS: &[&str] = &["if", "elif", "else", "endif", "for", "endfor", "set"];

/// Cuts a text into words and tags. Comments vanish.
pub(crate) fn split(source: &str) -> Result<Vec<Piece<'_>>, TagError> {
    let mut pieces = Vec::new();
    let (mut tags, mut statements, mut brackets) = (0_usize, 0_usize, 0_usize);
    let mut has_comment_end = true;
    let mut text_start = 0;
    let mut at = 0;
    while let Some(open) = next_open(source, at) {
        let kind = &source[open..open + 2];
        let is_comment = kind == "{#";
        let close = if is_comment && !has_comment_end { None } else { find_close(source, open + 2, kind) };
        let begun = || source[open..].chars().take(30).collect::<String>();
        let Some(close) = close else {
            if is_comment {
                // A style sheet may hold `{#id`; that is no comment.
                has_comment_end = false;
                at = open + 2;
                continue;
            }
            return Err(TagError::Unclosed(begun()));
        };
        push_text(&mut pieces, &source[text_start..open]);
        if !is_comment {
            tags += 1;
            statements += usize::from(kind == "{%");
            if close - open > TAG_BYTES_MAX {
                return Err(TagError::TooLong(begun()));
            }
            brackets += source[open + 2..close].matches(['[', '{']).count();
            if tags > TAGS_MAX || statements > STATEMENTS_MAX || brackets > BRACKETS_MAX {
                return Err(TagError::TooMany(begun()));
            }
            let tag = normalise(kind, &source[open + 2..close]);
            if find_close(&tag, 2, kind) != Some(tag.len() - 2) {
                return Err(TagError::Unclosed(begun()));
            }
            if kind == "{%" && !STATEMENTS.contains(&word_of(&tag)) {
                return Err(TagError::Unavailable(begun()));
            }
            pieces.push(Piece::Tag(tag));
        }
        at = close + 2;
        text_start = at;
    }
    push_text(&mut pieces, &source[text_start..]);
    Ok(pieces)
}

/// `if` of `{%- if … %}`; empty when there is none, which the engine explains.
fn word_of(statement: &str) -> &str {
    let inside = statement.trim_start_matches(['{', '%', '-', '+']).trim_start();
    let length = inside.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(inside.len());
    &inside[..length]
}

/// A template that prints exactly these words, whatever braces they hold.
pub(crate) fn inert(words: &str) -> String {
    words.replace('{', "{{ \"{\" }}")
}

/// Words as HTML that neither a browser nor the template engine takes for anything else.
pub(crate) fn inert_html(words: &str) -> String {
    let mut html = String::with_capacity(words.len() + 16);
    for letter in words.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '{' => html.push_str("&#123;"),
            _ => html.push(letter),
        }
    }
    html
}

fn push_text<'a>(pieces: &mut Vec<Piece<'a>>, text: &'a str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

fn next_open(source: &str, from: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    (from..bytes.len().saturating_sub(1)).find(|&at| bytes[at] == b'{' && matches!(bytes[at + 1], b'{' | b'%' | b'#'))
}

/// Where the closing braces of a tag begin. Braces within quotes or brackets do not count, just as for the engine: else
/// it would read on in what are words here.
fn find_close(source: &str, from: usize, kind: &str) -> Option<usize> {
    let end = match kind {
        "{{" => b'}',
        "{%" => b'%',
        _ => return source[from..].find("#}").map(|at| from + at),
    };
    let bytes = source.as_bytes();
    let (mut quote, mut depth, mut at) = (None, 0_i64, from);
    while at < bytes.len() {
        let (letter, length) = letter_at(bytes, at);
        match (quote, letter) {
            (Some(_), b'\\') => at += bytes.get(at + 1).map_or(0, |_| letter_at(bytes, at + 1).1),
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(letter),
            (None, letter) if depth == 0 && letter == end && bytes.get(at + 1) == Some(&b'}') => return Some(at),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth -= 1,
            (None, _) => {}
        }
        at += length;
    }
    None
}

/// A letter of a tag and its bytes; quotes may be written as entities.
fn letter_at(bytes: &[u8], at: usize) -> (u8, usize) {
    match &bytes[at..] {
        [b'&', b'q', b'u', b'o', b't', b';', ..] => (b'"', 6),
        [b'&', b'#', b'3', b'9', b';', ..] => (b'\'', 5),
        rest => (rest[0], 1),
    }
}

fn normalise(kind: &str, inside: &str) -> String {
    let close = if kind == "{{" { "}}" } else { "%}" };
    let inside = inside.replace("&quot;", "\"").replace("&#39;", "'");
    let inside = if kind == "{%" { liquid_statement(&inside) } else { inside };
    format!("{kind}{}{close}", liquid_filters(&inside))
}

/// `elsif`, `unless` and `endunless` in the engine's words.
fn liquid_statement(inside: &str) -> String {
    let lead = inside.strip_prefix('-').map_or("", |_| "-");
    let tail = inside.strip_suffix('-').map_or("", |_| "-");
    let body = inside.trim_matches(|letter: char| letter == '-' || letter.is_whitespace());
    let (word, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    let body = match word {
        "elsif" => format!("elif {rest}"),
        "unless" => format!("if not ({rest})"),
        "endunless" => "endif".to_owned(),
        _ => body.to_owned(),
    };
    format!("{lead} {body} {tail}")
}

/// `| name: a, b` becomes `| name(a, b)`; what is already spelt so stays.
fn liquid_filters(inside: &str) -> String {
    let mut result = String::with_capacity(inside.len() + 4);
    for (place, part) in split_outside_quotes(inside, '|').into_iter().enumerate() {
        if place > 0 {
            result.push('|');
        }
        match liquid_call(part).filter(|_| place > 0) {
            Some(call) => result.push_str(&call),
            None => result.push_str(part),
        }
    }
    result
}

fn liquid_call(part: &str) -> Option<String> {
    let (name, arguments) = part.split_once(':')?;
    let name = name.trim();
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if !is_name {
        return None;
    }
    let (arguments, tail) = match arguments.trim_end().strip_suffix('-') {
        Some(arguments) => (arguments, "-"),
        None => (arguments, ""),
    };
    Some(format!(" {name}({}) {tail}", arguments.trim()))
}

fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut quote = None;
    let mut start = 0;
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (Some(_), '\\') => {
                letters.next();
            }
            (Some(open), letter) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, letter) if letter == separator => {
                parts.push(&text[start..at]);
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
