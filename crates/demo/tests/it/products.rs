//! One stock code, one name.

use std::collections::HashSet;

use crate::shop;

#[test]
fn the_500_most_sold_products_have_japanese_names_of_their_own() {
    let best_sellers = shop().best_sellers().unwrap();
    let names: HashSet<_> = best_sellers.iter().map(|product| &product.japanese).collect();
    assert_eq!(best_sellers.len(), 500);
    assert_eq!(names.len(), 500);
    assert!(names.iter().all(|name| !name.is_ascii()));
}

#[test]
fn a_name_is_japanese_then_english_then_the_stock_code() {
    let products = shop().products().unwrap();
    assert_eq!(products.name("85123A"), "白いハートの吊りキャンドルホルダー");
    assert_eq!(products.name("22771"), "アクリルのつまみ 透明");
    assert_eq!(products.name("21669"), "陶器のつまみ 青しま");
    assert_eq!(products.name("10002"), "INFLATABLE POLITICAL GLOBE");
    assert_eq!(products.name("POST"), "送料");
    assert_eq!(products.name("no such code"), "no such code");
}
