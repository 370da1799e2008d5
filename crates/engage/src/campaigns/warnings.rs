//! What would embarrass a shop and yet can be sent: links that lead nowhere real, a list without products, words that
//! were meant to be replaced. Pure; the screens say it before sending, and nothing is refused because of it.

use super::Mail;
use channels::mail::{Block, Language, ReadyMailId, Target, ready_mail};

/// What is the matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WarningCode {
    /// A link leads to an address that stands for another one.
    LinkPlaceholder,
    /// A list of products has none.
    ProductsEmpty,
    /// The mail tells of new products and shows none.
    ProductsMissing,
    /// Words that stand for others.
    TextPlaceholder,
    /// A text, a heading or a button without words.
    BlockEmpty,
}

impl WarningCode {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LinkPlaceholder => "link_placeholder",
            Self::ProductsEmpty => "products_empty",
            Self::ProductsMissing => "products_missing",
            Self::TextPlaceholder => "text_placeholder",
            Self::BlockEmpty => "block_empty",
        }
    }
}

/// One thing to look at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Warning {
    pub code: WarningCode,
    /// Its place among the parts, from 0; none where it is no single part.
    pub block: Option<usize>,
    /// The address or the words in question.
    pub what: String,
}

/// Names that lead nowhere for good (RFC 2606, RFC 6761), and this machine.
const RESERVED_NAMES: [&str; 8] =
    ["example.com", "example.net", "example.org", "example", "invalid", "test", "localhost", "127.0.0.1"];
/// Bytes that are looked at of what begins like an address.
const ADDRESS_BYTES_MAX: usize = 2_001;
/// Things of one mail that are told; a mail with more is looked at again anyway.
const WARNINGS_MAX: usize = 50;
/// Words that a writer leaves where others are to come.
const PLACEHOLDERS: [&str; 10] =
    ["○○", "〇〇", "◯◯", "●●", "××", "ここに文章", "ここに本文", "サンプルテキスト", "lorem ipsum", "todo:"];

/// All that should be looked at again. `own` is where we are found ourselves: no stand-in, wherever that is.
pub(crate) fn of_mail(mail: &Mail, own: Option<&str>) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = Vec::new();
    for words in [&mail.subject, &mail.preheader] {
        warnings.extend(of_words(None, words, own));
    }
    match &mail.mjml {
        Some(mjml) => warnings.extend(of_words(None, mjml, own)),
        None => {
            warnings.extend(mail.blocks.iter().enumerate().flat_map(|(at, block)| of_block(at, block, own)));
            warnings.extend(of_arrivals(mail));
        }
    }
    warnings.truncate(WARNINGS_MAX);
    warnings
}

fn of_block(at: usize, block: &Block, own: Option<&str>) -> Vec<Warning> {
    let here = |code, what: &str| Warning { code, block: Some(at), what: what.to_owned() };
    let empty = |words: &str| words.trim().is_empty().then(|| here(WarningCode::BlockEmpty, ""));
    let mut found = Vec::new();
    match block {
        Block::Text { text } | Block::Heading { text } => {
            found.extend(empty(text));
            found.extend(of_words(Some(at), text, own));
        }
        Block::Button { label, url } => {
            found.extend(empty(label));
            found.extend(of_words(Some(at), label, own));
            found.extend(of_words(Some(at), url, own));
        }
        Block::Image { url, .. } => found.extend(of_words(Some(at), url, own)),
        Block::Products { skus } if skus.is_empty() => found.push(here(WarningCode::ProductsEmpty, "")),
        Block::Products { .. } | Block::Divider {} => {}
    }
    found
}

/// Stand-ins among these words and the addresses in them.
fn of_words(block: Option<usize>, words: &str, own: Option<&str>) -> Vec<Warning> {
    let lower = words.to_lowercase();
    let placeholder = PLACEHOLDERS.into_iter().find(|mark| lower.contains(mark));
    let texts = placeholder.map(|mark| Warning { code: WarningCode::TextPlaceholder, block, what: mark.to_owned() });
    let is_stand_in = |address: &&str| leads_nowhere(address) && own.is_none_or(|own| host(own) != host(address));
    let links = addresses(words).filter(is_stand_in);
    let links = links.map(|address| Warning { code: WarningCode::LinkPlaceholder, block, what: address.to_owned() });
    texts.into_iter().chain(links).take(WARNINGS_MAX).collect()
}

/// The web addresses that stand in words or markup; every letter is read once.
fn addresses(words: &str) -> impl Iterator<Item = &str> {
    let ends = |letter: char| letter.is_whitespace() || "\"'<>()（）「」、。{}".contains(letter);
    let mut rest = words;
    let candidates = std::iter::from_fn(move || {
        let from = &rest[rest.find("http")?..];
        let near = &from[..from.floor_char_boundary(ADDRESS_BYTES_MAX)];
        let (address, behind) = from.split_at(near.find(ends).unwrap_or(near.len()));
        rest = behind;
        Some(address)
    });
    candidates.filter(|address| Target::parse(address).is_ok())
}

fn host(address: &str) -> String {
    let behind = address.split_once("://").map_or(address, |(_, rest)| rest);
    behind.split(['/', '?', '#', ':']).next().unwrap_or_default().to_lowercase()
}

/// Whether an address only stands for another one.
pub(crate) fn leads_nowhere(address: &str) -> bool {
    let host = host(address);
    RESERVED_NAMES
        .into_iter()
        .any(|name| host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')))
}

/// The ready mail of new arrivals, as it came, that shows none.
fn of_arrivals(mail: &Mail) -> Option<Warning> {
    let lists = mail.blocks.iter().any(|block| matches!(block, Block::Products { .. } | Block::Image { .. }));
    let ready = [Language::Ja, Language::En].map(|language| ready_mail(ReadyMailId::NewArrivals, language, "", &[]));
    let is_ready =
        |block: &Block| matches!(block, Block::Text { .. }) && ready.iter().any(|mail| mail.blocks.contains(block));
    let at = mail.blocks.iter().position(is_ready)?;
    (!lists).then(|| Warning { code: WarningCode::ProductsMissing, block: Some(at), what: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(blocks: Vec<Block>) -> Vec<(&'static str, Option<usize>, String)> {
        let mail = Mail { subject: "お便り".into(), blocks, ..Mail::default() };
        let warnings = of_mail(&mail, Some("http://localhost:8080"));
        warnings.into_iter().map(|warning| (warning.code.name(), warning.block, warning.what)).collect()
    }

    fn text(text: &str) -> Block {
        Block::Text { text: text.into() }
    }

    fn button(url: &str) -> Block {
        Block::Button { label: "見る".into(), url: url.into() }
    }

    #[test]
    fn a_text_of_beginnings_is_read_once_and_tells_fifty_things_at_most() {
        assert_eq!(found(vec![text(&"http".repeat(60_000))]), []);
        assert_eq!(found(vec![text(&"http://a.test ".repeat(5_000))]).len(), WARNINGS_MAX);
    }

    #[test]
    fn each_embarrassment_is_named_with_its_place() {
        let link = |what: &str| ("link_placeholder", what.to_owned());
        let bare = |code| (code, String::new());
        let cases = [
            (button("https://example.com/"), Some(link("https://example.com/"))),
            (button("https://www.example.com/a?b"), Some(link("https://www.example.com/a?b"))),
            (button("https://mise.invalid"), Some(link("https://mise.invalid"))),
            (button("http://127.0.0.1:3000/x"), Some(link("http://127.0.0.1:3000/x"))),
            (button("http://localhost:8080/"), None),
            (button("https://minato.example.jp/"), None),
            (button("https://notexample.com/"), None),
            (button("https://minato-zakka.jp/?from=example.com"), None),
            (text("くわしくは（https://shop.example/new）まで"), Some(link("https://shop.example/new"))),
            (
                Block::Image { url: "https://example.org/a.png".into(), alt: "".into() },
                Some(link("https://example.org/a.png")),
            ),
            (Block::Products { skus: vec![] }, Some(bare("products_empty"))),
            (Block::Products { skus: vec!["A1".into()] }, None),
            (text("○○様、こんにちは"), Some(("text_placeholder", "○○".to_owned()))),
            (Block::Heading { text: "Lorem Ipsum dolor".into() }, Some(("text_placeholder", "lorem ipsum".to_owned()))),
            (text(" \n"), Some(bare("block_empty"))),
            (Block::Button { label: " ".into(), url: "https://minato-zakka.jp".into() }, Some(bare("block_empty"))),
            (Block::Divider {}, None),
        ];
        for (block, expected) in cases {
            let expected: Vec<_> = expected.into_iter().map(|(code, what)| (code, Some(1), what)).collect();
            assert_eq!(found(vec![text("こんにちは"), block.clone()]), expected, "{block:?}");
        }
    }

    #[test]
    fn an_experts_markup_is_looked_at_and_the_parts_behind_it_are_not() {
        let mjml = "<mj-button href=\"https://example.com/\">x</mj-button>";
        let mail = Mail { mjml: Some(mjml.into()), blocks: vec![button("https://example.net")], ..Mail::default() };
        let what: Vec<_> = of_mail(&mail, None).into_iter().map(|warning| (warning.block, warning.what)).collect();
        assert_eq!(what, [(None, "https://example.com/".to_owned())]);
    }

    #[test]
    fn new_arrivals_that_show_none_are_noticed_until_something_is_shown_or_written() {
        let ready = ready_mail(ReadyMailId::NewArrivals, Language::Ja, "https://minato-zakka.jp", &[]).blocks;
        assert_eq!(found(ready.clone()), [("products_missing", Some(1), String::new())]);
        let with = |added: Block| [ready.clone(), vec![added]].concat();
        assert_eq!(found(with(Block::Products { skus: vec!["A1".into()] })), []);
        let thanks = ready_mail(ReadyMailId::ThankYou, Language::En, "https://minato-zakka.jp", &[]).blocks;
        assert_eq!(found(thanks), []);
    }
}
