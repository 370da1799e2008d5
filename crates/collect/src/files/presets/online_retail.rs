//! UCI Online Retail: the demo's orders.

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

/// Stock codes that are no products: postage, carriage, manual entries, discounts, samples, commissions, bank charges,
/// donations, bad debt (read from the file's own descriptions).
pub const FEE_CODES: [&str; 12] =
    ["POST", "DOT", "M", "D", "C2", "CARRIAGE", "BANK CHARGES", "AMAZONFEE", "CRUK", "S", "PADS", "B"];
