//! Stories about mail, and the shop that they happen in.

mod compile;
mod links;
mod message;
mod ready_mails;
mod smtp;
mod smtp_server;
mod template;

use channels::mail::{
    Block, CompiledMail, Footer, Language, LinkKey, MailError, MailSource, MessageUrls, Product, PublicUrl,
    TemplateLimits, Values,
};
use uuid::Uuid;

/// A message id that is the same in every run.
pub const MESSAGE: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001);

pub fn footer() -> Footer {
    Footer {
        sender_name: "くらしの店 なじみ".to_owned(),
        postal_address: "東京都台東区谷中1-2-3".to_owned(),
        contact: "mise@najimi.example".to_owned(),
    }
}

pub fn products() -> Vec<Product> {
    vec![
        Product {
            sku: "22423".to_owned(),
            name: "三段のケーキスタンド <花柄>".to_owned(),
            price: "2,310円".to_owned(),
            url: Some("https://shop.example/p/22423".to_owned()),
        },
        Product {
            sku: "85123A".to_owned(), name: "白いハートの灯り".to_owned(), price: "536円".to_owned(), url: None
        },
    ]
}

pub fn compile_with(subject: &str, blocks: &[Block], mjml: Option<&str>) -> Result<CompiledMail, MailError> {
    let source = MailSource {
        subject,
        preheader: "ごあいさつ",
        blocks,
        mjml,
        products: &products(),
        footer: &footer(),
        language: Language::Ja,
    };
    CompiledMail::compile(&source, TemplateLimits::default())
}

pub fn compile(blocks: &[Block]) -> CompiledMail {
    compile_with("お知らせ", blocks, None).unwrap()
}

pub fn compile_text(text: &str) -> CompiledMail {
    compile(&[Block::Text { text: text.to_owned() }])
}

pub fn sato() -> Values {
    Values::new()
        .with("customer.family_name", "佐藤")
        .with("customer.given_name", "花子")
        .with("customer.full_name", "佐藤 花子")
        .with("shop.name", "くらしの店 なじみ")
}

pub fn key() -> LinkKey {
    LinkKey::new(&[7; 32])
}

pub fn urls(mail: &CompiledMail) -> MessageUrls {
    let public_url = PublicUrl::parse("https://crm.najimi.example/").unwrap();
    MessageUrls::tracked(&public_url, &key(), MESSAGE, mail.links().len())
}

/// The part of a page between its head and its end, for asking what is in it.
pub fn body(html: &str) -> &str {
    &html[html.find("<body").unwrap()..]
}
