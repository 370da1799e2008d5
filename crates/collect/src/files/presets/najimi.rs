//! Files with our own names of columns (`Field::name`): what Najimi exports, and what its guide shows.

use super::{Content, LineRules, Preset, PresetId};
use crate::files::field::{Field, FileKind};

/// Orders.
pub const ORDERS: Preset = Preset {
    id: PresetId::NajimiOrders,
    name: "Najimi orders",
    content: Content::Import(FileKind::Orders),
    source: "Field::name",
    signature: &["order_number", "ordered_at", "quantity", "unit_price"],
    signature_min: 4,
    is_exact: false,
    columns: OWN_NAMES,
    rules: LineRules::General,
};

/// Customers.
pub const CUSTOMERS: Preset = Preset {
    id: PresetId::NajimiCustomers,
    name: "Najimi customers",
    content: Content::Import(FileKind::Customers),
    source: "Field::name",
    signature: &["customer_number", "family_name", "given_name", "family_kana", "given_kana", "consent_email"],
    signature_min: 4,
    is_exact: false,
    columns: OWN_NAMES,
    rules: LineRules::General,
};

const OWN_NAMES: &[(&str, Field)] = &{
    let mut names = [("", Field::OrderNumber); Field::COUNT];
    let mut at = 0;
    while at < Field::COUNT {
        names[at] = (Field::ALL[at].name(), Field::ALL[at]);
        at += 1;
    }
    names
};
