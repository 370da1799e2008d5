//! Rakuten RMS orders, and the shipping labels of Yamato B2 that travel beside them.
//!
//! There is no number of the buyer. The mail address, by which the shop knows the buyer instead, is the mall's relay: it
//! joins this buyer with nobody of another shop (`Email::is_relay`).

use super::{Content, LineRules, Preset, PresetId};
use crate::files::field::{Field, FileKind};

/// Orders.
pub const ORDERS: Preset = Preset {
    id: PresetId::RakutenOrders,
    name: "楽天RMS 受注CSV",
    content: Content::Import(FileKind::Orders),
    source: "public importers of the RMS order CSV (158 columns; shops choose among them)",
    signature: &[
        "注文番号",
        "商品管理番号",
        "注文者メールアドレス",
        "注文者姓",
        "注文者電話番号1",
        "送付先ID",
        "楽天会員フラグ",
        "あす楽希望フラグ",
        "商品明細ID",
        "SKU管理番号",
    ],
    signature_min: 4,
    is_exact: false,
    columns: &[
        ("注文番号", Field::OrderNumber),
        ("ステータス", Field::Status),
        ("注文日時", Field::OrderedAt),
        ("注文日", Field::OrderedAt),
        ("注文時間", Field::OrderedTime),
        ("送料合計", Field::Shipping),
        ("代引料合計", Field::Fee),
        ("クーポン利用総額", Field::Discount),
        ("注文者郵便番号1", Field::PostalCode1),
        ("注文者郵便番号2", Field::PostalCode2),
        ("注文者住所都道府県", Field::Prefecture),
        ("注文者住所郡市区", Field::City),
        ("注文者住所それ以降の住所", Field::Address1),
        ("注文者姓", Field::FamilyName),
        ("注文者名", Field::GivenName),
        ("注文者姓カナ", Field::FamilyKana),
        ("注文者名カナ", Field::GivenKana),
        ("注文者電話番号1", Field::Phone1),
        ("注文者電話番号2", Field::Phone2),
        ("注文者電話番号3", Field::Phone3),
        ("注文者メールアドレス", Field::Email),
        ("注文者性別", Field::Sex),
        ("商品明細ID", Field::LineId),
        ("商品名", Field::ProductName),
        ("商品管理番号", Field::Sku),
        ("商品番号", Field::Sku),
        ("商品毎税込価格", Field::UnitPrice),
        ("単価", Field::UnitPrice),
        ("個数", Field::Quantity),
    ],
    rules: LineRules::Rakuten,
};

/// States of an order in which it was given up (800 キャンセル確定待ち, 900 キャンセル確定).
pub const CANCELLED: [&str; 2] = ["800", "900"];

/// Shipping labels: recipients, not buyers.
pub const SHIPMENTS: Preset = Preset {
    id: PresetId::YamatoShipments,
    name: "ヤマトB2クラウドの送り状CSV",
    content: Content::Other,
    source: "public exporters of the B2 Cloud CSV",
    signature: &["お客様管理番号", "送り状種類", "クール区分", "出荷予定日", "お届け先コード", "ご依頼主コード"],
    signature_min: 5,
    is_exact: false,
    columns: &[],
    rules: LineRules::General,
};
