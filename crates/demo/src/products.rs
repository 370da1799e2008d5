//! What the demo shop calls its goods: one stock code, one name.

use std::collections::HashMap;

use serde::Deserialize;

use crate::folder::{DemoError, DemoFolder};

/// Lines that are fees, corrections or vouchers rather than goods, and what a shop here calls them.
const NOT_GOODS: [(&str, &str); 17] = [
    ("POST", "送料"),
    ("DOT", "送料（通販）"),
    ("C2", "配送料"),
    ("M", "手入力"),
    ("m", "手入力"),
    ("D", "値引き"),
    ("S", "見本"),
    ("BANK CHARGES", "銀行手数料"),
    ("AMAZONFEE", "Amazon手数料"),
    ("CRUK", "寄付手数料"),
    ("B", "貸倒れの調整"),
    ("PADS", "クッションの中身"),
    ("gift_0001_10", "ギフト券 10ポンド"),
    ("gift_0001_20", "ギフト券 20ポンド"),
    ("gift_0001_30", "ギフト券 30ポンド"),
    ("gift_0001_40", "ギフト券 40ポンド"),
    ("gift_0001_50", "ギフト券 50ポンド"),
];

/// One of the 500 most sold products.
#[derive(Debug, Clone, Deserialize)]
pub struct Product {
    /// Stock code.
    pub sku: String,
    /// English name without stray spaces.
    pub english: String,
    /// Japanese name, as a zakka shop would print it.
    pub japanese: String,
}

/// The name of each stock code.
#[derive(Debug, Clone, Default)]
pub struct Products {
    names: HashMap<String, String>,
}

impl Products {
    pub(crate) fn open(folder: &DemoFolder) -> Result<Self, DemoError> {
        let catalogue: Vec<(String, String)> = folder.table("catalogue.csv")?;
        let english = catalogue.into_iter().map(|(sku, description)| (sku, clean(&description)));
        let japanese = folder.best_sellers()?.into_iter().map(|product| (product.sku, product.japanese));
        let not_goods = NOT_GOODS.iter().map(|(sku, name)| ((*sku).to_owned(), (*name).to_owned()));
        Ok(Self { names: english.chain(japanese).chain(not_goods).collect() })
    }

    /// The name on the screen: Japanese where there is one, the stock code where there is none.
    pub fn name<'a>(&'a self, sku: &'a str) -> &'a str {
        match self.names.get(sku).map(String::as_str) {
            None | Some("") => sku,
            Some(name) => name,
        }
    }
}

/// An English name without doubled spaces, spaces before commas and a trailing full stop.
fn clean(description: &str) -> String {
    let words: Vec<&str> = description.split_whitespace().collect();
    words.join(" ").replace(" ,", ",").trim_end_matches([' ', '.', ',']).to_owned()
}
