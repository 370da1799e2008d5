//! A row of an order: typed, with its class and its key, or a sentence about what is wrong with it.

use super::{
    field::Field,
    numbers,
    presets::{LineRules, ec_cube, online_retail, rakuten},
    synonyms::plain,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use vocabulary::{Money, money::Decimal};

/// What a line is, for counting. Every line that is not rejected is exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineClass {
    /// Bought by a customer who can be found again.
    Purchase,
    /// Bought by somebody who left no number, mail or telephone.
    NoCustomer,
    /// Money given back: amounts are negative.
    Refund,
    /// Given for nothing.
    Free,
    /// An entry of bookkeeping, bought by nobody.
    Adjustment,
    /// Of an order that was cancelled or sent back as a whole: kept, and counted nowhere.
    Cancelled,
}

impl LineClass {
    /// All of them, in the order of the report.
    pub const ALL: [LineClass; 6] = [
        LineClass::Purchase,
        LineClass::NoCustomer,
        LineClass::Refund,
        LineClass::Free,
        LineClass::Adjustment,
        LineClass::Cancelled,
    ];

    /// The name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            LineClass::Purchase => "purchase",
            LineClass::NoCustomer => "no_customer",
            LineClass::Refund => "refund",
            LineClass::Free => "free",
            LineClass::Adjustment => "adjustment",
            LineClass::Cancelled => "cancelled",
        }
    }
}

/// Whether a line is a thing, or money for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A product.
    Product,
    /// Postage, charges, discounts, taxes, points: no product.
    Fee,
}

/// Names a line within its order, for ever: the same line of the same file gives the same key however the file is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineKey {
    /// Hash of what the line says, or of the shop's own id of the line.
    pub content: u64,
    /// Which of several identical lines of the order, from 0.
    pub ordinal: u32,
}

impl fmt::Display for LineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}-{}", self.content, self.ordinal)
    }
}
impl fmt::Debug for LineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderLine {
    /// Line of the file.
    pub line: u64,
    /// Its name within the order.
    pub key: LineKey,
    /// What it is, for counting.
    pub class: LineClass,
    /// Product or fee.
    pub item: ItemKind,
    /// The shop's code of the product; may be empty.
    pub sku: String,
    /// Name of the product; may be empty.
    pub product_name: String,
    /// How many; negative for refunds.
    pub quantity: i64,
    /// The exact price of one, where the file has it.
    pub unit_price: Option<Decimal>,
    /// Price × quantity (or the file's own total), rounded half to even at this line.
    pub amount: Money,
}

/// What the classification looks at.
pub(crate) struct LineFacts<'a> {
    pub order_number: &'a str,
    pub status: OrderStatus,
    pub item: ItemKind,
    pub quantity: i64,
    pub amount_minor: i64,
    pub is_free: bool,
    pub has_customer: bool,
}

/// What became of an order as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// It stands.
    Placed,
    /// It was cancelled, or sent back as a whole.
    Cancelled,
}

/// The class of a line. The order of the rules is the meaning of the classes: an adjustment is one whatever it costs, a
/// credit note gives back even nothing, what costs nothing is free whoever took it.
pub(crate) fn class_of(rules: LineRules, facts: &LineFacts<'_>) -> LineClass {
    let is_online_retail = rules == LineRules::OnlineRetail;
    let is_given_back = match is_online_retail {
        true => facts.order_number.starts_with(['C', 'c']),
        false => facts.item == ItemKind::Product && (facts.quantity < 0 || facts.amount_minor < 0) && !facts.is_free,
    };
    if is_online_retail && facts.order_number.starts_with(['A', 'a']) {
        LineClass::Adjustment
    } else if facts.status == OrderStatus::Cancelled {
        LineClass::Cancelled
    } else if is_given_back {
        LineClass::Refund
    } else if facts.is_free {
        LineClass::Free
    } else if !facts.has_customer {
        LineClass::NoCustomer
    } else {
        LineClass::Purchase
    }
}

/// Product or fee, by the file's kind of line, the code or the name.
pub(crate) fn item_of(rules: LineRules, kind: &str, sku: &str, product_name: &str) -> ItemKind {
    let is_fee = match rules {
        LineRules::OnlineRetail => {
            !sku.starts_with(|first: char| first.is_ascii_digit())
                && online_retail::FEE_CODES.iter().any(|code| code.eq_ignore_ascii_case(sku))
        }
        LineRules::EcCube if !kind.is_empty() => !ec_cube::PRODUCT.contains(&kind),
        _ if !kind.is_empty() => is_fee_kind(kind),
        _ => is_fee_name(product_name) || is_fee_name(sku),
    };
    if is_fee { ItemKind::Fee } else { ItemKind::Product }
}

fn is_fee_kind(kind: &str) -> bool {
    !matches!(plain(kind).as_str(), "商品" | "product" | "item" | "通常" | "1")
}

/// A line that is called 送料 or 代引手数料 is no product; 送料無料キャンペーンTシャツ would be one, were it sold.
fn is_fee_name(name: &str) -> bool {
    // Most names are told apart by their first letter alone; only the others are compared.
    const FIRSTS: &str = "送配手代決値割クｸポﾎ消ラﾗギｷpPsSdDtT";
    const WHOLE: [&str; 21] = [
        "送料",
        "配送料",
        "手数料",
        "代引手数料",
        "代引き手数料",
        "決済手数料",
        "値引き",
        "値引",
        "割引",
        "クーポン",
        "クーポン割引",
        "ポイント",
        "ポイント利用",
        "消費税",
        "ラッピング料",
        "ギフトラッピング料",
        "postage",
        "shipping",
        "discount",
        "tax",
        "tip",
    ];
    let is_possible = name.len() <= 60 && name.starts_with(|first| FIRSTS.contains(first));
    is_possible && WHOLE.contains(&plain(name).as_str())
}

/// What a status says of the whole order; `None` when it was never placed.
pub(crate) fn status_of(rules: LineRules, status: &str) -> Option<OrderStatus> {
    const GIVEN_UP: [&str; 8] = ["cancelled", "canceled", "cancel", "refunded", "voided", "returned", "無効", "不成立"];
    const NEVER_PLACED: [&str; 4] = ["購入処理中", "決済処理中", "abandoned", "draft"];
    if status.is_empty() || rules == LineRules::OnlineRetail {
        return Some(OrderStatus::Placed);
    }
    let of_cart = match rules {
        LineRules::EcCube if ec_cube::NOT_PLACED.contains(&status) => return None,
        LineRules::EcCube => ec_cube::CANCELLED.contains(&status),
        LineRules::Rakuten => rakuten::CANCELLED.contains(&status),
        LineRules::General | LineRules::OnlineRetail => false,
    };
    let word = plain(status);
    let is_of_whole = ["一部", "待ち", "申請", "依頼"].iter().all(|part| !word.contains(part));
    let is_given_up = of_cart
        || GIVEN_UP.contains(&word.as_str())
        || (is_of_whole && ["キャンセル", "取消", "取り消", "返品"].iter().any(|part| word.contains(part)));
    match () {
        () if NEVER_PLACED.contains(&word.as_str()) => None,
        () if is_given_up => Some(OrderStatus::Cancelled),
        () => Some(OrderStatus::Placed),
    }
}

/// Hash of what a line says. Stable for ever: it is stored as the line's key (FNV-1a, mixed at its end).
pub(crate) fn content_hash(sku: &str, product_name: &str, quantity: i64, amount_minor: i64) -> u64 {
    let mut hash = Fnv::default();
    hash.push(sku.as_bytes());
    hash.push(product_name.as_bytes());
    hash.push(&quantity.to_le_bytes());
    hash.push(&amount_minor.to_le_bytes());
    hash.finish()
}

/// Hash of one text, such as an order number or the shop's id of a line.
pub(crate) fn text_hash(text: &str) -> u64 {
    let mut hash = Fnv::default();
    hash.push(text.as_bytes());
    hash.finish()
}

struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn push(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0x1f]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    fn finish(self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^ (mixed >> 33)
    }
}

/// Quantity, price and amount of a line.
#[derive(Clone, Copy)]
pub(crate) struct LineMoney {
    pub quantity: i64,
    pub unit_price: Option<Decimal>,
    pub amount_minor: i64,
}

/// What is wrong with an amount.
pub(crate) enum MoneyProblem {
    Missing(Field),
    Unreadable(Field),
    TooLarge(Field),
}

/// Reads quantity, price and total. A total of the file's own wins over price × quantity.
pub(crate) fn money_of(
    quantity: Option<&str>,
    unit_price: Option<&str>,
    line_total: &str,
    currency: vocabulary::Currency,
) -> Result<LineMoney, MoneyProblem> {
    let quantity = match quantity {
        None => 1,
        Some("") => return Err(MoneyProblem::Missing(Field::Quantity)),
        Some(text) => numbers::whole(text).ok_or(MoneyProblem::Unreadable(Field::Quantity))?,
    };
    let price = match unit_price.filter(|text| !text.is_empty()) {
        Some(text) => Some(numbers::decimal(text).ok_or(MoneyProblem::Unreadable(Field::UnitPrice))?),
        None => None,
    };
    let amount_minor = match (line_total, price) {
        ("", Some(price)) => price.times(quantity, currency).ok_or(MoneyProblem::TooLarge(Field::UnitPrice))?,
        ("", None) => return Err(MoneyProblem::Missing(Field::UnitPrice)),
        (total, _) => {
            let total = numbers::decimal(total).ok_or(MoneyProblem::Unreadable(Field::LineTotal))?;
            total.times(1, currency).ok_or(MoneyProblem::TooLarge(Field::LineTotal))?
        }
    };
    if quantity.unsigned_abs() > QUANTITY_MAX {
        return Err(MoneyProblem::TooLarge(Field::Quantity));
    }
    if amount_minor.unsigned_abs() > AMOUNT_MINOR_MAX {
        return Err(MoneyProblem::TooLarge(if line_total.is_empty() { Field::UnitPrice } else { Field::LineTotal }));
    }
    Ok(LineMoney { quantity, unit_price: price, amount_minor })
}

/// Ten trillion minor units a line: sums of a million of them still fit.
const AMOUNT_MINOR_MAX: u64 = 10_000_000_000_000;
/// Pieces of a line, as the pipeline takes them.
const QUANTITY_MAX: u64 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_rules_is_the_meaning_of_the_classes() {
        let facts = |order_number, amount_minor, quantity, has_customer| LineFacts {
            order_number,
            status: OrderStatus::Placed,
            item: ItemKind::Product,
            quantity,
            amount_minor,
            is_free: amount_minor == 0,
            has_customer,
        };
        for (number, amount, quantity, has_customer, class) in [
            ("536365", 1530, 6, true, LineClass::Purchase),
            ("536365", 1530, 6, false, LineClass::NoCustomer),
            ("C536379", -2750, -1, true, LineClass::Refund),
            ("C536379", 0, -1, false, LineClass::Refund),
            ("A563185", 1_106_206, 1, false, LineClass::Adjustment),
            ("536414", 0, 56, false, LineClass::Free),
            ("536414", 0, -10, true, LineClass::Free),
        ] {
            let facts = facts(number, amount, quantity, has_customer);
            assert_eq!(class_of(LineRules::OnlineRetail, &facts), class, "{number}");
        }
        assert_eq!(class_of(LineRules::General, &facts("C-1", 100, 1, true)), LineClass::Purchase);
        assert_eq!(class_of(LineRules::General, &facts("1", -100, -1, true)), LineClass::Refund);
    }

    #[test]
    fn fees_are_no_products() {
        for (rules, kind, sku, name, item) in [
            (LineRules::OnlineRetail, "", "POST", "POSTAGE", ItemKind::Fee),
            (LineRules::OnlineRetail, "", "m", "Manual", ItemKind::Fee),
            (LineRules::OnlineRetail, "", "85123A", "送料", ItemKind::Product),
            (LineRules::OnlineRetail, "", "DCGS0003", "BOXED GLASS", ItemKind::Product),
            (LineRules::EcCube, "2", "", "送料", ItemKind::Fee),
            (LineRules::EcCube, "1", "A-1", "送料", ItemKind::Product),
            (LineRules::General, "", "", "送　料", ItemKind::Fee),
            (LineRules::General, "", "", "代引き手数料", ItemKind::Fee),
            (LineRules::General, "", "T-1", "送料無料Ｔシャツ", ItemKind::Product),
        ] {
            assert_eq!(item_of(rules, kind, sku, name), item, "{sku} {name}");
        }
    }

    #[test]
    fn states_of_orders() {
        for (rules, status, state) in [
            (LineRules::EcCube, "1", Some(OrderStatus::Placed)),
            (LineRules::EcCube, "3", Some(OrderStatus::Cancelled)),
            (LineRules::EcCube, "9", Some(OrderStatus::Cancelled)),
            (LineRules::EcCube, "注文取消し", Some(OrderStatus::Cancelled)),
            (LineRules::EcCube, "8", None),
            (LineRules::Rakuten, "900", Some(OrderStatus::Cancelled)),
            (LineRules::General, "900", Some(OrderStatus::Placed)),
            (LineRules::General, "Refunded", Some(OrderStatus::Cancelled)),
            (LineRules::General, "partially_refunded", Some(OrderStatus::Placed)),
            (LineRules::General, "一部返品", Some(OrderStatus::Placed)),
            (LineRules::General, "キャンセル済み", Some(OrderStatus::Cancelled)),
            (LineRules::General, "", Some(OrderStatus::Placed)),
        ] {
            assert_eq!(status_of(rules, status), state, "{status}");
        }
    }
}
