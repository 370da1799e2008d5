//! Tracked links: what they say, and that nobody else can make one.

use channels::mail::{Block, LinkKey, PublicUrl, Purpose, Target, Token, TokenError, sign, verify};
use uuid::Uuid;

use super::{MESSAGE, compile, key, sato, urls};

#[test]
fn a_token_says_what_was_put_in_and_only_for_its_purpose() {
    for purpose in [Purpose::Click, Purpose::Open, Purpose::Unsubscribe] {
        let token = Token { message_id: MESSAGE, link_index: 513, purpose };
        let letters = sign(&token, &key());
        assert_eq!(letters.len(), 40);
        assert_eq!(verify(&letters, &key(), purpose), Ok(token));
        for other in [Purpose::Click, Purpose::Open, Purpose::Unsubscribe].into_iter().filter(|other| *other != purpose)
        {
            assert_eq!(verify(&letters, &key(), other), Err(TokenError::WrongPurpose));
        }
    }
}

/// Links live in mailboxes for years: this one was computed apart, with HMAC-SHA256 of Python.
#[test]
fn a_link_sent_by_an_earlier_version_still_works() {
    let token = verify("AZgAAAAAcACAAAAAAAAAAQAAY7cLTo0HCYbbwfNi", &key(), Purpose::Click).unwrap();
    assert_eq!(token, Token { message_id: MESSAGE, link_index: 0, purpose: Purpose::Click });
}

#[test]
fn a_changed_token_fails_whichever_letter_was_changed() {
    let letters = sign(&Token { message_id: MESSAGE, link_index: 3, purpose: Purpose::Click }, &key());
    for place in 0..letters.len() {
        for letter in "AZaz09-_".chars().filter(|letter| !letters[place..].starts_with(*letter)) {
            let mut forged = letters.clone();
            forged.replace_range(place..=place, &letter.to_string());
            assert_eq!(verify(&forged, &key(), Purpose::Click), Err(TokenError::Forged));
        }
    }
}

#[test]
fn nonsense_is_no_token() {
    let other_key = LinkKey::new(&[8; 32]);
    let letters = sign(&Token { message_id: Uuid::nil(), link_index: 0, purpose: Purpose::Click }, &other_key);
    assert_eq!(verify(&letters, &key(), Purpose::Click), Err(TokenError::Forged));
    for nonsense in
        ["", "a", &letters[..39], &format!("{letters}="), &"あ".repeat(40), &"=".repeat(40), &"%41".repeat(13)]
    {
        assert_eq!(verify(nonsense, &key(), Purpose::Click), Err(TokenError::Malformed), "{nonsense}");
    }
    assert_eq!(format!("{:?}", key()), "LinkKey(…)");
}

#[test]
fn every_link_of_a_mail_comes_back_to_us() {
    let mail = compile(&[
        Block::Text {
            text: "春の品は https://shop.example/spring?a=1&b=2。次も http://shop.example/b にあります".to_owned(),
        },
        Block::Products { skus: vec!["85123A".to_owned(), "22423".to_owned()] },
        Block::Button {
            label: "{{ customer.family_name }}様の店へ".to_owned(),
            url: "https://shop.example/top".to_owned(),
        },
    ]);
    let links: Vec<_> = mail.links().iter().map(|link| format!("{} {} {}", link.index, link.label, link.url)).collect();
    insta::assert_debug_snapshot!(links, @r#"
    [
        "0 https://shop.example/spring?a=1&b=2 https://shop.example/spring?a=1&b=2",
        "1 http://shop.example/b http://shop.example/b",
        "2 三段のケーキスタンド <花柄> https://shop.example/p/22423",
        "3 {{ customer.family_name }}様の店へ https://shop.example/top",
    ]
    "#);
    let urls = urls(&mail);
    let printed = mail.render(&sato(), &urls).unwrap();
    for (index, address) in urls.click.iter().enumerate() {
        let token = verify(address.rsplit('/').next().unwrap(), &key(), Purpose::Click).unwrap();
        assert_eq!((token.message_id, usize::from(token.link_index)), (MESSAGE, index));
        assert!(printed.html.contains(&format!("href=\"{address}\"")));
        assert!(printed.text.contains(address), "the words lead the same way");
    }
    let open = urls.open.unwrap();
    assert!(printed.html.contains(&format!("<img src=\"{open}\"")));
    assert!(verify(open.rsplit('/').next().unwrap().trim_end_matches(".gif"), &key(), Purpose::Open).is_ok());
}

#[test]
fn an_address_that_values_continue_stays_words() {
    let mail = compile(&[Block::Text { text: "https://shop.example/?n={{ customer.number }}".to_owned() }]);
    assert!(mail.links().is_empty());
}

#[test]
fn only_web_addresses_are_targets() {
    for address in ["https://例え.example/パス", "http://shop.example:8080/a?b=c#d", " https://shop.example "] {
        let target = Target::parse(address).unwrap();
        assert!(target.as_str().is_ascii(), "{target:?} fits into a header");
    }
    for address in [
        "//shop.example",
        "ftp://x.example",
        "data:text/html,x",
        "https://",
        "shop.example",
        "https://a b.example",
        "https://x.example/\r\nSet-Cookie: a=b",
        "https://user:secret@x.example/",
        "mailto:a@x.example",
    ] {
        assert!(Target::parse(address).is_err(), "{address}");
    }
    assert_eq!(PublicUrl::parse("https://crm.example.jp/najimi/").unwrap().as_str(), "https://crm.example.jp/najimi");
    assert!(PublicUrl::parse("https://crm.example.jp/?a").is_err());
}
