//! Files whose columns are known: the exports of carts, and our own.
//!
//! Columns are found by name and never by place, for shops choose which columns they export. Names are facts of the
//! carts' public code (`source` of each preset).

pub(crate) mod ec_cube;
mod najimi;
pub(crate) mod online_retail;
pub(crate) mod rakuten;
mod shopify;

use super::{
    field::{Field, FileKind},
    synonyms::plain,
};
use serde::{Deserialize, Serialize};

/// A known layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresetId {
    /// EC-CUBE 4, orders (受注CSV) and shipments (配送CSV), which have the same columns.
    EcCube4Orders,
    /// EC-CUBE 4, members (会員CSV).
    EcCube4Customers,
    /// EC-CUBE 4, products (商品CSV).
    EcCube4Products,
    /// EC-CUBE 4, categories (カテゴリCSV).
    EcCube4Categories,
    /// Shopify, orders.
    ShopifyOrders,
    /// Shopify, customers.
    ShopifyCustomers,
    /// Rakuten RMS, orders (受注CSV, 通常購入).
    RakutenOrders,
    /// Yamato B2 Cloud, shipping labels.
    YamatoShipments,
    /// UCI Online Retail.
    OnlineRetail,
    /// The demo shop's orders: Online Retail in the words of a Japanese cart.
    DemoOrders,
    /// Orders with our own column names.
    NajimiOrders,
    /// Customers with our own column names.
    NajimiCustomers,
}

/// What a known layout holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Something that can be imported.
    Import(FileKind),
    /// Something else.
    Other,
}

/// How lines of a known layout are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineRules {
    /// By amount, quantity, status and name.
    #[default]
    General,
    /// By the letters in front of invoice numbers and by stock codes.
    OnlineRetail,
    /// By the numbers of EC-CUBE's states and kinds of lines.
    EcCube,
    /// By the numbers of Rakuten's states.
    Rakuten,
}

/// A known layout.
#[derive(Debug)]
pub struct Preset {
    /// Which.
    pub id: PresetId,
    /// Its name for people.
    pub name: &'static str,
    /// What it holds.
    pub content: Content,
    /// Where the names are known from.
    pub source: &'static str,
    /// Names that show it.
    pub signature: &'static [&'static str],
    /// How many of them must be there.
    pub signature_min: usize,
    /// Whether there may be no other column beside them.
    pub is_exact: bool,
    /// What its columns mean; of several for one field the first that is there counts.
    pub columns: &'static [(&'static str, Field)],
    /// How its lines are told apart.
    pub rules: LineRules,
}

/// All known layouts.
pub const ALL: [&Preset; 12] = [
    &najimi::ORDERS,
    &najimi::CUSTOMERS,
    &online_retail::ORDERS,
    &online_retail::DEMO_ORDERS,
    &ec_cube::ORDERS,
    &ec_cube::CUSTOMERS,
    &ec_cube::PRODUCTS,
    &ec_cube::CATEGORIES,
    &shopify::ORDERS,
    &shopify::CUSTOMERS,
    &rakuten::ORDERS,
    &rakuten::SHIPMENTS,
];

impl PresetId {
    /// The layout itself.
    pub fn preset(self) -> &'static Preset {
        ALL.into_iter().find(|preset| preset.id == self).unwrap_or(&najimi::ORDERS)
    }
}

/// The known layout that these columns show.
pub fn recognise(header: &[String]) -> Option<&'static Preset> {
    let names: Vec<String> = header.iter().map(|name| plain(name)).collect();
    let has = |name: &&&str| names.contains(&plain(name));
    ALL.into_iter().find(|preset| {
        let is_exact = !preset.is_exact || header.len() == preset.signature.len();
        is_exact && preset.signature.iter().filter(has).count() >= preset.signature_min
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_recognises_its_own_signature_and_no_other() {
        for preset in ALL {
            let header: Vec<String> = preset.signature.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(recognise(&header).map(|found| found.id), Some(preset.id));
            assert!(preset.signature_min <= preset.signature.len());
        }
        assert!(recognise(&["氏名".to_owned(), "住所".to_owned()]).is_none());
    }
}
