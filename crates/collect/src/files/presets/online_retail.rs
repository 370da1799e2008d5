//! UCI Online Retail, as it was published and as the demo shop hands it over.

use super::{Content, LineRules, Preset, PresetId};
use crate::files::field::{Field, FileKind};

/// Orders.
pub const ORDERS: Preset = Preset {
    id: PresetId::OnlineRetail,
    name: "UCI Online Retail",
    content: Content::Import(FileKind::Orders),
    source: "UCI Machine Learning Repository, id 352",
    signature: &["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"],
    signature_min: 7,
    is_exact: false,
    columns: &[
        ("InvoiceNo", Field::OrderNumber),
        ("StockCode", Field::Sku),
        ("Description", Field::ProductName),
        ("Quantity", Field::Quantity),
        ("InvoiceDate", Field::OrderedAt),
        ("UnitPrice", Field::UnitPrice),
        ("CustomerID", Field::CustomerNumber),
        ("Country", Field::Country),
    ],
    rules: LineRules::OnlineRetail,
};

/// The demo shop's orders: the same numbers and codes under Japanese names.
pub const DEMO_ORDERS: Preset = Preset {
    id: PresetId::DemoOrders,
    name: "デモのお店の注文CSV",
    content: Content::Import(FileKind::Orders),
    source: "crates/demo/src/files.rs",
    signature: &["注文番号", "受注日", "会員ID", "商品コード", "商品名", "個数", "価格", "通貨"],
    signature_min: 8,
    is_exact: true,
    columns: &[
        ("注文番号", Field::OrderNumber),
        ("受注日", Field::OrderedAt),
        ("会員ID", Field::CustomerNumber),
        ("商品コード", Field::Sku),
        ("商品名", Field::ProductName),
        ("個数", Field::Quantity),
        ("価格", Field::UnitPrice),
        ("通貨", Field::Currency),
    ],
    rules: LineRules::OnlineRetail,
};

/// Stock codes that are no products: postage, carriage, manual entries, discounts, samples, commissions, bank charges,
/// donations, bad debt (read from the file's own descriptions).
pub const FEE_CODES: [&str; 12] =
    ["POST", "DOT", "M", "D", "C2", "CARRIAGE", "BANK CHARGES", "AMAZONFEE", "CRUK", "S", "PADS", "B"];
