//! Names of small Japanese shops, for the buyers who are trade: invented, each given out once.

use super::Taken;
use super::names::Named;
use crate::dice::Dice;

/// A company as written and in katakana.
pub(super) struct Company {
    pub(super) written: String,
    pub(super) kana: String,
}

/// What a shop deals in, as its name says it.
const TRADES: [(&str, &str); 14] = [
    ("雑貨", "ザッカ"),
    ("暮らしの道具", "クラシノドウグ"),
    ("贈りもの", "オクリモノ"),
    ("花と雑貨", "ハナトザッカ"),
    ("器", "ウツワ"),
    ("文具", "ブング"),
    ("紙もの", "カミモノ"),
    ("ギフト", "ギフト"),
    ("インテリア", "インテリア"),
    ("喫茶", "キッサ"),
    ("カフェ", "カフェ"),
    ("お菓子", "オカシ"),
    ("手芸", "シュゲイ"),
    ("子ども雑貨", "コドモザッカ"),
];

const SHOPS: [(&str, &str); 60] = [
    ("灯り屋", "アカリヤ"),
    ("こもれび", "コモレビ"),
    ("ひなた", "ヒナタ"),
    ("つむぎ", "ツムギ"),
    ("木の実", "コノミ"),
    ("風花", "カザハナ"),
    ("青い鳥舎", "アオイトリシャ"),
    ("月うさぎ", "ツキウサギ"),
    ("星のかけら", "ホシノカケラ"),
    ("麦の穂", "ムギノホ"),
    ("野ばら", "ノバラ"),
    ("すずらん", "スズラン"),
    ("小径", "コミチ"),
    ("ことり", "コトリ"),
    ("みちくさ", "ミチクサ"),
    ("森のとびら", "モリノトビラ"),
    ("水玉堂", "ミズタマドウ"),
    ("糸でんわ", "イトデンワ"),
    ("つばめ舎", "ツバメシャ"),
    ("三日月堂", "ミカヅキドウ"),
    ("白樺", "シラカバ"),
    ("くるみ", "クルミ"),
    ("山ぼうし", "ヤマボウシ"),
    ("波の音", "ナミノオト"),
    ("夕なぎ", "ユウナギ"),
    ("朝つゆ", "アサツユ"),
    ("綿毛", "ワタゲ"),
    ("なないろ", "ナナイロ"),
    ("ひだまり", "ヒダマリ"),
    ("花束", "ハナタバ"),
    ("四つ葉", "ヨツバ"),
    ("銀の匙", "ギンノサジ"),
    ("虹の橋", "ニジノハシ"),
    ("うたたね", "ウタタネ"),
    ("りすの森", "リスノモリ"),
    ("紙ひこうき", "カミヒコウキ"),
    ("帆布舎", "ハンプシャ"),
    ("硝子窓", "ガラスマド"),
    ("丘の上", "オカノウエ"),
    ("坂の途中", "サカノトチュウ"),
    ("路地裏", "ロジウラ"),
    ("縁がわ", "エンガワ"),
    ("日だまり堂", "ヒダマリドウ"),
    ("風見鶏", "カザミドリ"),
    ("小舟", "コブネ"),
    ("港町堂", "ミナトマチドウ"),
    ("れんが通り", "レンガドオリ"),
    ("ぶらんこ", "ブランコ"),
    ("てまり", "テマリ"),
    ("おもちゃ箱", "オモチャバコ"),
    ("ふくろう堂", "フクロウドウ"),
    ("はりねずみ", "ハリネズミ"),
    ("しろつめ草", "シロツメクサ"),
    ("たんぽぽ", "タンポポ"),
    ("れもんの木", "レモンノキ"),
    ("りんごの木", "リンゴノキ"),
    ("さくら草", "サクラソウ"),
    ("あさがお", "アサガオ"),
    ("かすみ草", "カスミソウ"),
    ("まるい石", "マルイイシ"),
];

const FORMS: [&str; 3] = ["株式会社", "有限会社", "合同会社"];

/// A shop name that nobody has yet.
pub(super) fn company(customer: u64, owner: &Named, taken: &mut Taken) -> Company {
    let mut dice = Dice::new("company", customer);
    for _ in 0..8 {
        let company = drawn(owner, &mut dice);
        if taken.companies.insert(company.written.clone()) {
            return company;
        }
    }
    let (trade, trade_kana) = TRADES[dice.index(TRADES.len())];
    let company = Company {
        written: format!("{trade} {}商店 {customer}", owner.written),
        kana: format!("{trade_kana}{}ショウテン", katakana(&owner.kana)),
    };
    taken.companies.insert(company.written.clone());
    company
}

fn drawn(owner: &Named, dice: &mut Dice) -> Company {
    let (trade, trade_kana) = *dice.pick(&TRADES);
    let (shop, shop_kana) = *dice.pick(&SHOPS);
    let family = &owner.written;
    let family_kana = katakana(&owner.kana);
    let (written, kana) = match dice.below(10) {
        0 | 1 => (format!("{trade}の{}", owner.kana), format!("{trade_kana}ノ{family_kana}")),
        2 => (format!("{family}商店"), format!("{family_kana}ショウテン")),
        3 => (format!("{trade} {family}商店"), format!("{trade_kana}{family_kana}ショウテン")),
        4 => (format!("有限会社 {family}商会"), format!("{family_kana}ショウカイ")),
        5 | 6 => (format!("{} {shop}", dice.pick(&FORMS)), shop_kana.to_owned()),
        _ => (format!("{trade} {shop}"), format!("{trade_kana}{shop_kana}")),
    };
    Company { written, kana }
}

/// Hiragana as katakana.
pub(crate) fn katakana(hiragana: &str) -> String {
    hiragana
        .chars()
        .map(|letter| match letter {
            'ぁ'..='ゖ' => char::from_u32(letter as u32 + 0x60).unwrap_or(letter),
            other => other,
        })
        .collect()
}
