//! Three mails that a shop can send as they are: warm, short, without a discount.

use super::blocks::{Block, Language};

/// Which ready mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadyMailId {
    /// To regulars who have stayed away (休眠), without a discount.
    LongTime,
    /// What is new in the shop.
    NewArrivals,
    /// Thanks after a purchase.
    ThankYou,
}

impl ReadyMailId {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::LongTime, Self::NewArrivals, Self::ThankYou];
}

/// A mail to start from. Products are chosen by the writer; the button leads to the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyMail {
    /// One line.
    pub subject: String,
    /// What inboxes show beside it.
    pub preheader: String,
    /// Its parts.
    pub blocks: Vec<Block>,
}

/// Gives the mail with the shop's address in its button and these products in its middle.
pub fn ready_mail(id: ReadyMailId, language: Language, shop_url: &str, skus: &[String]) -> ReadyMail {
    let words = match (id, language) {
        (ReadyMailId::LongTime, Language::Ja) => LONG_TIME_JA,
        (ReadyMailId::LongTime, Language::En) => LONG_TIME_EN,
        (ReadyMailId::NewArrivals, Language::Ja) => NEW_ARRIVALS_JA,
        (ReadyMailId::NewArrivals, Language::En) => NEW_ARRIVALS_EN,
        (ReadyMailId::ThankYou, Language::Ja) => THANK_YOU_JA,
        (ReadyMailId::ThankYou, Language::En) => THANK_YOU_EN,
    };
    words.put_together(shop_url, skus)
}

struct Words {
    subject: &'static str,
    preheader: &'static str,
    heading: &'static str,
    opening: &'static str,
    closing: &'static str,
    button: &'static str,
}

impl Words {
    fn put_together(&self, shop_url: &str, skus: &[String]) -> ReadyMail {
        let mut blocks =
            vec![Block::Heading { text: self.heading.to_owned() }, Block::Text { text: self.opening.to_owned() }];
        if !skus.is_empty() {
            blocks.push(Block::Products { skus: skus.to_vec() });
        }
        blocks.push(Block::Button { label: self.button.to_owned(), url: shop_url.to_owned() });
        blocks.push(Block::Text { text: self.closing.to_owned() });
        ReadyMail { subject: self.subject.to_owned(), preheader: self.preheader.to_owned(), blocks }
    }
}

const LONG_TIME_JA: Words = Words {
    subject: "{{ customer.family_name | default: \"お客\" }}様、お変わりありませんか",
    preheader: "このごろの店のようすを、少しだけお知らせします。",
    heading: "ごぶさたしております",
    opening: "{{ customer.family_name | default: \"お客\" }}様\n\n\
        {{ shop.name }}です。以前お選びいただいた品は、その後いかがでしょうか。\n\n\
        しばらくお目にかかれず、どうしていらっしゃるかと思い、お便りしました。\
        季節がかわり、店の棚も少しずつ入れかわっています。",
    closing: "お急ぎではありません。お時間のあるときに、のぞいていただけたらうれしく思います。\n\n\
        お使いの品のことで気になることがありましたら、このメールにそのままご返信ください。店の者がお返事いたします。",
    button: "いまの店をのぞいてみる",
};

const NEW_ARRIVALS_JA: Words = Words {
    subject: "新しい品が入りました｜{{ shop.name }}",
    preheader: "入荷したばかりの品を、いちばんにお知らせします。",
    heading: "新しい品が届きました",
    opening: "{{ customer.family_name | default: \"お客\" }}様\n\n\
        いつもありがとうございます。{{ shop.name }}です。\n\n\
        新しい品が店に並びました。ひとつずつ手に取って選んだものばかりです。\
        気になるものがありましたら、どうぞごゆっくりご覧ください。",
    closing: "数の少ない品もございます。在庫は商品ページでお確かめください。\n\n\
        大きさや色で迷われたら、このメールへのご返信でお気軽にお尋ねください。",
    button: "新しい品を見る",
};

const THANK_YOU_JA: Words = Words {
    subject: "お買い上げありがとうございました｜{{ shop.name }}",
    preheader: "お届けした品について、ひとことお礼を申し上げます。",
    heading: "ありがとうございました",
    opening: "{{ customer.family_name | default: \"お客\" }}様\n\n\
        このたびは{{ shop.name }}をお選びいただき、ありがとうございました。\n\n\
        お届けした品に、お困りの点はありませんか。\
        使い方や手入れで分からないことがありましたら、いつでもお尋ねください。",
    closing: "傷や不足などお気づきの点がありましたら、お手数ですがこのメールにご返信ください。すぐにお調べいたします。\n\n\
        またお目にかかれますことを、店の一同、楽しみにしております。",
    button: "店のページを見る",
};

const LONG_TIME_EN: Words = Words {
    subject: "How have you been, {{ customer.full_name | default: \"friend\" }}?",
    preheader: "A short note on what is going on in our shop.",
    heading: "It has been a while",
    opening: "Dear {{ customer.full_name | default: \"customer\" }},\n\n\
        This is {{ shop.name }}. How are you getting on with what you chose from us?\n\n\
        We have not seen you for some time and wondered how you are. \
        The season has turned, and so have some of our shelves.",
    closing: "There is no hurry. Drop in whenever you have a moment.\n\n\
        If anything you bought needs a hand, just reply to this mail. Someone from the shop will answer.",
    button: "See what the shop looks like now",
};

const NEW_ARRIVALS_EN: Words = Words {
    subject: "New in our shop | {{ shop.name }}",
    preheader: "Just unpacked, and you hear of it first.",
    heading: "New things have arrived",
    opening: "Dear {{ customer.full_name | default: \"customer\" }},\n\n\
        Thank you for being with {{ shop.name }}.\n\n\
        Something new stands on our shelves, each piece chosen by hand. \
        Take your time and look around.",
    closing: "Some of it we have only a few of; the product page tells what is left.\n\n\
        Not sure about a size or a colour? Reply to this mail and ask us.",
    button: "See what is new",
};

const THANK_YOU_EN: Words = Words {
    subject: "Thank you for your order | {{ shop.name }}",
    preheader: "A word of thanks for what you chose.",
    heading: "Thank you",
    opening: "Dear {{ customer.full_name | default: \"customer\" }},\n\n\
        Thank you for choosing {{ shop.name }}.\n\n\
        Is everything as you hoped? If you would like to know how to use it or how to look after it, ask us any time.",
    closing: "If something is damaged or missing, please reply to this mail and we will look into it at once.\n\n\
        All of us in the shop look forward to seeing you again.",
    button: "Visit the shop",
};
