//! The bytes of a message: read back as a mail program would, and safe from injection.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use channels::mail::{
    HeaderText, MailAddress, MessageError, MessageUrls, OutgoingMail, RenderedMail, Sender, build_message,
};

use super::{MESSAGE, compile_text, compile_with, sato, urls};

fn sender() -> Sender {
    Sender {
        name: HeaderText::parse("くらしの店 なじみ").unwrap(),
        address: MailAddress::parse("mise@najimi.example").unwrap(),
    }
}

/// 2026-11-13 10:00:00 in Japan.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_794_531_600)
}

fn message_to(address: &str, mail: &RenderedMail) -> OutgoingMail {
    let compiled = compile_text("x");
    build_message(MESSAGE, &sender(), &MailAddress::parse(address).unwrap(), mail, &urls(&compiled), now()).unwrap()
}

fn printed(subject: &str, text: &str) -> RenderedMail {
    let block = channels::mail::Block::Text { text: text.to_owned() };
    let mail = compile_with(subject, &[block], None).unwrap();
    mail.render(&sato(), &urls(&mail)).unwrap()
}

/// A message as RFC 5322 and 2045 read it: unfolded headers and decoded parts.
struct Parsed {
    headers: BTreeMap<String, String>,
    parts: Vec<(String, String)>,
}

fn parse(message: &[u8]) -> Parsed {
    assert!(message.is_ascii(), "7-bit on the wire");
    let message = std::str::from_utf8(message).unwrap();
    assert!(message.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n', '\0'])));
    let (head, rest) = message.split_once("\r\n\r\n").unwrap();
    let headers = parse_headers(head);
    let boundary = headers["content-type"].split_once("boundary=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let fence = format!("--{boundary}");
    let parts = rest.split(&fence).skip(1).filter(|part| !part.starts_with("--")).map(parse_part);
    Parsed { parts: parts.collect(), headers }
}

fn parse_headers(head: &str) -> BTreeMap<String, String> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let line = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_ascii_lowercase(), decode_words(value))
    };
    unfolded.split("\r\n").map(line).collect()
}

/// `=?utf-8?b?…?=` (RFC 2047); the space between two of them belongs to neither.
fn decode_words(value: &str) -> String {
    let mut result = String::new();
    let mut was_encoded = false;
    for word in value.split(' ') {
        let encoded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        if !(result.is_empty() || was_encoded && encoded.is_some()) {
            result.push(' ');
        }
        match encoded {
            Some(letters) => result.push_str(&String::from_utf8(from_base64(letters)).unwrap()),
            None => result.push_str(word),
        }
        was_encoded = encoded.is_some();
    }
    result
}

fn from_base64(letters: &str) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(letters.replace("\r\n", "")).unwrap()
}

fn parse_part(part: &str) -> (String, String) {
    let (head, content) = part.trim_start_matches("\r\n").split_once("\r\n\r\n").unwrap();
    let headers = parse_headers(head);
    let content = content.strip_suffix("\r\n").unwrap_or(content);
    let bytes = match headers["content-transfer-encoding"].as_str() {
        "base64" => from_base64(content),
        "quoted-printable" => from_quoted_printable(content),
        _ => content.as_bytes().to_vec(),
    };
    (headers["content-type"].clone(), String::from_utf8(bytes).unwrap())
}

fn from_quoted_printable(content: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let content = content.replace("=\r\n", "");
    let mut rest = content.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'=' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    bytes
}

#[test]
fn a_message_reads_back_as_it_was_written() {
    let mail = printed(
        "{{ customer.family_name }}様、お変わりありませんか。季節の便りをお届けします🍵",
        "こんにちは、佐藤様。\n\n.\n.一行だけの点",
    );
    let message = message_to("hanako@example.com", &mail);
    let parsed = parse(&message.bytes);
    let header = |name: &str| parsed.headers[name].as_str();
    assert_eq!(header("subject"), mail.subject);
    assert_eq!(header("from"), "くらしの店 なじみ <mise@najimi.example>");
    assert_eq!(header("to"), "hanako@example.com");
    assert_eq!(header("date"), "Fri, 13 Nov 2026 01:00:00 +0000");
    assert_eq!(header("message-id"), format!("<{}@najimi.example>", MESSAGE.as_simple()));
    assert_eq!(header("mime-version"), "1.0");
    assert!(header("content-type").starts_with("multipart/alternative"));
    let unix = |text: &str| text.replace("\r\n", "\n");
    let (text, html) = (&parsed.parts[0], &parsed.parts[1]);
    assert_eq!(
        (parsed.parts.len(), text.0.as_str(), html.0.as_str()),
        (2, "text/plain; charset=utf-8", "text/html; charset=utf-8")
    );
    assert_eq!(unix(&text.1), unix(&mail.text));
    assert_eq!(unix(&html.1), unix(&mail.html));
    let shown: BTreeMap<_, _> = message.headers.iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
    assert!(shown.iter().all(|(name, value)| header(name) == *value), "the screen shows what was sent");
}

#[test]
fn a_mail_program_can_unsubscribe_with_one_post() {
    let parsed = parse(&message_to("hanako@example.com", &printed("s", "x")).bytes);
    assert_eq!(parsed.headers["list-unsubscribe"], format!("<{}>", urls(&compile_text("x")).unsubscribe));
    assert_eq!(parsed.headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
}

#[test]
fn a_header_cannot_be_smuggled_in() {
    for text in
        ["a\r\nBcc: all@example.com", "a\nb", "a\rb", "a\0b", "a\u{85}b", "a\u{2028}b", "a\u{202e}b", &"a".repeat(501)]
    {
        assert_eq!(HeaderText::parse(text), Err(MessageError::HeaderText), "{text:?}");
    }
    let mail = RenderedMail { subject: "a\r\nBcc: b@example.com".to_owned(), html: String::new(), text: String::new() };
    let mut addresses = urls(&compile_text("x"));
    let to = MailAddress::parse("hanako@example.com").unwrap();
    let build =
        |mail: &RenderedMail, addresses: &MessageUrls| build_message(MESSAGE, &sender(), &to, mail, addresses, now());
    assert_eq!(build(&mail, &addresses).unwrap_err(), MessageError::HeaderText);
    addresses.unsubscribe = "https://x.example/>\r\nBcc: b@example.com".to_owned();
    assert_eq!(build(&printed("s", "x"), &addresses).unwrap_err(), MessageError::HeaderText);
}

#[test]
fn a_senders_name_with_marks_stays_one_name() {
    for name in ["なじみ, 店 <x@evil.example>", "\"quoted\" (comment)", "Najimi; Inc.", "a@b.example"] {
        let sender = Sender { name: HeaderText::parse(name).unwrap(), ..sender() };
        let to = MailAddress::parse("hanako@example.com").unwrap();
        let urls = urls(&compile_text("x"));
        let bytes = build_message(MESSAGE, &sender, &to, &printed("s", "x"), &urls, now()).unwrap().bytes;
        let from = parse(&bytes).headers["from"].clone();
        assert!(from.ends_with(" <mise@najimi.example>"), "{from}");
    }
}

#[test]
fn addresses_are_taken_as_japan_knows_them_and_nothing_dangerous() {
    for (address, on_the_wire) in [
        ("hanako@example.com", "hanako@example.com"),
        ("Hanako+shop@EXAMPLE.co.jp", "Hanako+shop@example.co.jp"),
        ("a..b.@docomo.ne.jp", "\"a..b.\"@docomo.ne.jp"),
        (".a@ezweb.ne.jp", "\".a\"@ezweb.ne.jp"),
    ] {
        let message = message_to(address, &printed("s", "x"));
        assert!(String::from_utf8(message.bytes).unwrap().contains(&format!("To: {on_the_wire}\r\n")));
        assert!(!format!("{:?}", message.to).contains(address.split_once('@').unwrap().0), "not in logs");
    }
    for address in [
        "",
        "a",
        "@example.com",
        "a@",
        "a@b",
        "a b@example.com",
        "a@exa mple.com",
        "a\r\nRCPT TO:<b@example.com>@example.com",
        "a@example.com\r\nDATA",
        "a\0@example.com",
        "\"a\"@example.com",
        "a>@example.com",
        "a,b@example.com",
        "a@-x.example",
        "a@x..example",
        "花子@example.com",
        "a@例え.example",
        "a@[127.0.0.1]",
        "<a@example.com>",
    ] {
        assert_eq!(MailAddress::parse(address).map(|_| ()), Err(MessageError::Address), "{address:?}");
    }
    assert!(MailAddress::parse(&format!("{}@example.com", "a".repeat(65))).is_err());
}
