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

/// A tag was opened and not closed; holds the beginning of it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the tag `{0}` is not closed")]
pub(crate) struct UnclosedTag(pub String);

/// Cuts a text into words and tags. Comments vanish.
pub(crate) fn split(source: &str) -> Result<Vec<Piece<'_>>, UnclosedTag> {
    let mut pieces = Vec::new();
    let mut text_start = 0;
    let mut at = 0;
    while let Some(open) = next_open(source, at) {
        let kind = &source[open..open + 2];
        let Some(close) = find_close(source, open + 2, kind) else {
            if kind == "{#" {
                // A style sheet may hold `{#id`; that is no comment.
                at = open + 2;
                continue;
            }
            return Err(UnclosedTag(source[open..].chars().take(30).collect()));
        };
        push_text(&mut pieces, &source[text_start..open]);
        if kind != "{#" {
            pieces.push(Piece::Tag(normalise(kind, &source[open + 2..close])));
        }
        at = close + 2;
        text_start = at;
    }
    push_text(&mut pieces, &source[text_start..]);
    Ok(pieces)
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

/// Where the closing braces of a tag begin; braces within quotes do not count.
fn find_close(source: &str, from: usize, kind: &str) -> Option<usize> {
    let end = match kind {
        "{{" => b'}',
        "{%" => b'%',
        _ => b'#',
    };
    let bytes = source.as_bytes();
    let mut quote = None;
    let mut at = from;
    while at + 1 < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if open == byte => quote = None,
            (None, byte @ (b'"' | b'\'')) if kind != "{#" => quote = Some(byte),
            (None, byte) if byte == end && bytes[at + 1] == b'}' => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
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
