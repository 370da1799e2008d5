//! The three ready mails, as their readers get them.

use channels::mail::{
    CompiledMail, Language, MailSource, MessageUrls, PublicUrl, ReadyMailId, RenderedMail, TemplateLimits, Values,
    ready_mail,
};

use super::{MESSAGE, footer, key, products, sato};

fn compile(id: ReadyMailId, language: Language) -> CompiledMail {
    let mail = ready_mail(id, language, "https://shop.example/", &["85123A".to_owned()]);
    let source = MailSource {
        subject: &mail.subject,
        preheader: &mail.preheader,
        blocks: &mail.blocks,
        mjml: None,
        products: &products(),
        footer: &footer(),
        language,
    };
    CompiledMail::compile(&source, TemplateLimits::default()).unwrap()
}

fn print(id: ReadyMailId, language: Language, values: &Values) -> RenderedMail {
    let mail = compile(id, language);
    let public_url = PublicUrl::parse("https://crm.example").unwrap();
    mail.render(values, &MessageUrls::tracked(&public_url, &key(), MESSAGE, mail.links().len())).unwrap()
}

/// Subject and words, without the footer that every mail has.
fn short(id: ReadyMailId, language: Language) -> String {
    let mail = print(id, language, &sato());
    let words = mail.text.split("――――――――――").next().unwrap().trim_end().to_owned();
    format!("{}\n\n{words}", mail.subject)
}

#[test]
fn they_print_for_a_person_of_whom_little_is_known() {
    for id in ReadyMailId::ALL {
        for language in [Language::Ja, Language::En] {
            assert!(compile(id, language).unknown_names().is_empty());
            let mail = print(id, language, &Values::new().with("shop.name", "なじみ"));
            assert!(!mail.text.contains("{{") && !mail.html.contains("{{"));
            assert!(language == Language::En || mail.html.contains("お客様"), "never a bare 様");
        }
    }
}

#[test]
fn they_promise_no_discount() {
    for id in ReadyMailId::ALL {
        let words = short(id, Language::Ja) + &short(id, Language::En);
        assert!(
            !["割引", "クーポン", "円引き", "％", "discount", "coupon", "% off"]
                .iter()
                .any(|word| words.contains(word))
        );
    }
}

#[test]
fn long_time_in_japanese() {
    insta::assert_snapshot!(short(ReadyMailId::LongTime, Language::Ja), @r#"
    佐藤様、お変わりありませんか

    ■ ごぶさたしております

    佐藤様

    くらしの店 なじみです。以前お選びいただいた品は、その後いかがでしょうか。

    しばらくお目にかかれず、どうしていらっしゃるかと思い、お便りしました。季節がかわり、店の棚も少しずつ入れかわっています。

    ・白いハートの灯り　536円

    ▼ いまの店をのぞいてみる
    https://crm.example/c/AZgAAAAAcACAAAAAAAAAAQAAY7cLTo0HCYbbwfNi

    お急ぎではありません。お時間のあるときに、のぞいていただけたらうれしく思います。

    お使いの品のことで気になることがありましたら、このメールにそのままご返信ください。店の者がお返事いたします。
    "#);
}

#[test]
fn long_time_in_english() {
    insta::assert_snapshot!(short(ReadyMailId::LongTime, Language::En), @r#"
    How have you been, 佐藤 花子?

    ■ It has been a while

    Dear 佐藤 花子,

    This is くらしの店 なじみ. How are you getting on with what you chose from us?

    We have not seen you for some time and wondered how you are. The season has turned, and so have some of our shelves.

    ・白いハートの灯り　536円

    ▼ See what the shop looks like now
    https://crm.example/c/AZgAAAAAcACAAAAAAAAAAQAAY7cLTo0HCYbbwfNi

    There is no hurry. Drop in whenever you have a moment.

    If anything you bought needs a hand, just reply to this mail. Someone from the shop will answer.
    "#);
}

#[test]
fn new_arrivals_in_japanese() {
    insta::assert_snapshot!(short(ReadyMailId::NewArrivals, Language::Ja), @r#"
    新しい品が入りました｜くらしの店 なじみ

    ■ 新しい品が届きました

    佐藤様

    いつもありがとうございます。くらしの店 なじみです。

    新しい品が店に並びました。ひとつずつ手に取って選んだものばかりです。気になるものがありましたら、どうぞごゆっくりご覧ください。

    ・白いハートの灯り　536円

    ▼ 新しい品を見る
    https://crm.example/c/AZgAAAAAcACAAAAAAAAAAQAAY7cLTo0HCYbbwfNi

    数の少ない品もございます。在庫は商品ページでお確かめください。

    大きさや色で迷われたら、このメールへのご返信でお気軽にお尋ねください。
    "#);
}

#[test]
fn new_arrivals_in_english() {
    insta::assert_snapshot!(short(ReadyMailId::NewArrivals, Language::En), @r#"
    New in our shop | くらしの店 なじみ

    ■ New things have arrived

    Dear 佐藤 花子,

    Thank you for being with くらしの店 なじみ.

    Something new stands on our shelves, each piece chosen by hand. Take your time and look around.

    ・白いハートの灯り　536円

    ▼ See what is new
    https://crm.example/c/AZgAAAAAcACAAAAAAAAAAQAAY7cLTo0HCYbbwfNi

    Some of it we have only a few of; the product page tells what is left.

    Not sure about a size or a colour? Reply to this mail and ask us.
    "#);
}

#[test]
fn thank_you_in_japanese() {
    insta::assert_snapshot!(short(ReadyMailId::ThankYou, Language::Ja), @r#"
    お買い上げありがとうございました｜くらしの店 なじみ

    ■ ありがとうございました

    佐藤様

    このたびはくらしの店 なじみをお選びいただき、ありがとうございました。

    お届けした品に、お困りの点はありませんか。使い方や手入れで分からないことがありましたら、いつでもお尋ねください。

    ・白いハートの灯り　536円

    ▼ 店のページを見る
    https://crm.example/c/AZgAAAAAcACAAAAAAAAAAQAAY7cLTo0HCYbbwfNi

    傷や不足などお気づきの点がありましたら、お手数ですがこのメールにご返信ください。すぐにお調べいたします。

    またお目にかかれますことを、店の一同、楽しみにしております。
    "#);
}

#[test]
fn thank_you_in_english() {
    insta::assert_snapshot!(short(ReadyMailId::ThankYou, Language::En), @r#"
    Thank you for your order | くらしの店 なじみ

    ■ Thank you

    Dear 佐藤 花子,

    Thank you for choosing くらしの店 なじみ.

    Is everything as you hoped? If you would like to know how to use it or how to look after it, ask us any time.

    ・白いハートの灯り　536円

    ▼ Visit the shop
    https://crm.example/c/AZgAAAAAcACAAAAAAAAAAQAAY7cLTo0HCYbbwfNi

    If something is damaged or missing, please reply to this mail and we will look into it at once.

    All of us in the shop look forward to seeing you again.
    "#);
}
