//! EC-CUBE 4: orders with a line for each item (postage, fees and discounts are lines too), members, products.

use super::{Content, LineRules, Preset, PresetId};
use crate::files::field::{Field, FileKind};

/// The file in which EC-CUBE keeps its default columns.
const SOURCE: &str = "EC-CUBE 4, src/Eccube/Resource/doctrine/import_csv/ja/dtb_csv.csv";

/// Orders. 値引き, 送料 and the like stand in every line of an order, and again as lines of their own (明細区分): only the
/// lines are counted.
pub const ORDERS: Preset = Preset {
    id: PresetId::EcCube4Orders,
    name: "EC-CUBE 4 受注CSV",
    content: Content::Import(FileKind::Orders),
    source: SOURCE,
    signature: &["注文番号", "注文詳細ID", "明細区分(ID)", "対応状況(ID)", "お名前(姓)", "商品規格ID", "出荷ID"],
    signature_min: 5,
    is_exact: false,
    columns: &[
        ("注文番号", Field::OrderNumber),
        ("注文ID", Field::OrderNumber),
        ("注文詳細ID", Field::LineId),
        ("会員ID", Field::CustomerNumber),
        ("お名前(姓)", Field::FamilyName),
        ("お名前(名)", Field::GivenName),
        ("お名前(セイ)", Field::FamilyKana),
        ("お名前(メイ)", Field::GivenKana),
        ("会社名", Field::Company),
        ("郵便番号", Field::PostalCode),
        ("都道府県(名称)", Field::Prefecture),
        ("都道府県(ID)", Field::Prefecture),
        ("住所1", Field::Address1),
        ("住所2", Field::Address2),
        ("メールアドレス", Field::Email),
        ("TEL", Field::Phone),
        ("性別(名称)", Field::Sex),
        ("性別(ID)", Field::Sex),
        ("誕生日", Field::Birthday),
        ("対応状況(ID)", Field::Status),
        ("対応状況(名称)", Field::Status),
        ("受注日", Field::OrderedAt),
        ("商品コード", Field::Sku),
        ("商品ID", Field::Sku),
        ("商品名", Field::ProductName),
        ("価格", Field::UnitPrice),
        ("個数", Field::Quantity),
        ("明細区分(ID)", Field::ItemKind),
        ("明細区分(名称)", Field::ItemKind),
    ],
    rules: LineRules::EcCube,
};

/// Members.
pub const CUSTOMERS: Preset = Preset {
    id: PresetId::EcCube4Customers,
    name: "EC-CUBE 4 会員CSV",
    content: Content::Import(FileKind::Customers),
    source: SOURCE,
    signature: &["会員ID", "お名前(姓)", "初回購入日", "最終購入日", "購入回数", "会員ステータス(ID)", "登録日"],
    signature_min: 5,
    is_exact: false,
    columns: &[
        ("会員ID", Field::CustomerNumber),
        ("お名前(姓)", Field::FamilyName),
        ("お名前(名)", Field::GivenName),
        ("お名前(セイ)", Field::FamilyKana),
        ("お名前(メイ)", Field::GivenKana),
        ("会社名", Field::Company),
        ("郵便番号", Field::PostalCode),
        ("都道府県(名称)", Field::Prefecture),
        ("都道府県(ID)", Field::Prefecture),
        ("住所1", Field::Address1),
        ("住所2", Field::Address2),
        ("メールアドレス", Field::Email),
        ("TEL", Field::Phone),
        ("性別(名称)", Field::Sex),
        ("性別(ID)", Field::Sex),
        ("誕生日", Field::Birthday),
        ("登録日", Field::JoinedAt),
        ("メルマガ", Field::ConsentEmail),
    ],
    rules: LineRules::EcCube,
};

/// Products.
pub const PRODUCTS: Preset = Preset {
    id: PresetId::EcCube4Products,
    name: "EC-CUBE 4 の商品CSV",
    content: Content::Other,
    source: SOURCE,
    signature: &["商品ID", "公開ステータス(ID)", "商品規格ID", "販売種別(ID)", "在庫数無制限フラグ", "販売価格"],
    signature_min: 5,
    is_exact: false,
    columns: &[],
    rules: LineRules::General,
};

/// Categories.
pub const CATEGORIES: Preset = Preset {
    id: PresetId::EcCube4Categories,
    name: "EC-CUBE 4 のカテゴリCSV",
    content: Content::Other,
    source: SOURCE,
    signature: &["カテゴリID", "カテゴリ名", "親カテゴリID"],
    signature_min: 3,
    is_exact: false,
    columns: &[],
    rules: LineRules::General,
};

/// States of an order in which it was given up (`mtb_order_status`: 3 注文取消し, 9 返品).
pub const CANCELLED: [&str; 2] = ["3", "9"];
/// States in which it was never placed (7 決済処理中, 8 購入処理中).
pub const NOT_PLACED: [&str; 2] = ["7", "8"];
/// The kind of line that is a product (`mtb_order_item_type`: 1 商品; 2 送料, 3 手数料, 4 割引, 5 税, 6 ポイント are not).
pub const PRODUCT: [&str; 2] = ["1", "商品"];
