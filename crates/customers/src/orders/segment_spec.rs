//! Orders as the Segment e-commerce spec writes them (`Order Completed`, `Order Refunded`, `Order Cancelled`), and as our
//! own imports do.
//!
//! Shape: `order_id`, `currency`, `products: [{product_id | sku, name, price, quantity}]`, `shipping`, `tax`, `discount`;
//! amounts in the currency's main unit. Without `products` the order is one line of its `total`, in which postage, tax
//! and discount are; or of its `revenue`, beside which `shipping` and `tax` stand. Such a line is kept like a fee: it
//! counts in sales and is no product. A cancelled order needs its `order_id` only. Imports put a ready [`OrderState`]
//! under `order`.

use super::{Line, OrderState, is_countable, order::countable_size};
use history::{LineKind, OrderKind};
use serde::Deserialize;
use serde_json::{Map, Value};
use vocabulary::{
    Currency, Event,
    event::names::{ORDER_CANCELLED, ORDER_COMPLETED, ORDER_REFUNDED},
    money::Decimal,
};

/// Why an order event is not taken.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OrderProblem {
    /// Something that is needed is missing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// Something is not what it should be.
    #[error("`{field}` is `{found}`; {allowed}")]
    Wrong {
        /// Which property.
        field: String,
        /// What was found.
        found: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Amounts cannot be brought into the reporting currency.
    #[error("orders in {currency} need a `rate` ({reporting} per {currency})")]
    NoRate {
        /// The order's currency.
        currency: Currency,
        /// The reporting currency.
        reporting: Currency,
    },
}

/// Pieces of one line.
const QUANTITY_MAX: u64 = 1_000_000_000;
/// Lines that one order may have.
const LINES_MAX: usize = 5_000;

/// The order that the event speaks of, if it speaks of one.
pub fn order_of_event(event: &Event, reporting: Currency) -> Result<Option<OrderState>, OrderProblem> {
    let kind = match event.name.as_str() {
        ORDER_COMPLETED => OrderKind::Order,
        ORDER_REFUNDED => OrderKind::Refund,
        ORDER_CANCELLED => OrderKind::Cancelled,
        _ => return Ok(None),
    };
    let properties = &event.properties;
    let state = match properties.get("order") {
        Some(ready) => {
            OrderState::deserialize(ready).map_err(|error| wrong("order", error, "an order state is wanted"))?
        }
        None => from_spec(event, kind, reporting)?,
    };
    match state.rate {
        None if state.lines.is_empty() => {}
        None if state.currency != reporting => {
            return Err(OrderProblem::NoRate { currency: state.currency, reporting });
        }
        Some(rate) if rate.is_zero() || rate.is_negative() => {
            return Err(wrong("rate", rate, "a number above nought is wanted"));
        }
        _ => {}
    }
    if state.site != event.source && !event.is_simulated {
        return Err(wrong("order.site", &state.site, "an order bears the name of its sender"));
    }
    check_size(&state, reporting)?;
    Ok(Some(state))
}

fn check_size(state: &OrderState, reporting: Currency) -> Result<(), OrderProblem> {
    for line in &state.lines {
        if line.quantity.unsigned_abs() > QUANTITY_MAX {
            return Err(wrong("quantity", line.quantity, "it is too large"));
        }
        countable_size(line.amount, state.currency, state.rate, reporting)
            .ok_or_else(|| wrong("price", line.unit_price, "it is too large"))?;
    }
    let amounts = state.lines.iter().map(|line| line.amount);
    if !is_countable(amounts, state.currency, state.rate, reporting) {
        return Err(wrong("products", format!("{} lines", state.lines.len()), "the order is too large"));
    }
    Ok(())
}

fn from_spec(event: &Event, kind: OrderKind, reporting: Currency) -> Result<OrderState, OrderProblem> {
    let properties = &event.properties;
    let order_number = text(properties, "order_id")?.ok_or(OrderProblem::Missing("order_id"))?;
    let currency = match text(properties, "currency")? {
        Some(code) => code.parse().map_err(|_| wrong("currency", &code, "use a code of ISO 4217 such as JPY"))?,
        None => reporting,
    };
    let lines = if kind == OrderKind::Cancelled { Vec::new() } else { lines(properties, kind, currency)? };
    let number = match kind {
        OrderKind::Refund => {
            text(properties, "refund_id")?.unwrap_or_else(|| format!("{order_number}:refund:{}", event.message_id))
        }
        _ => order_number,
    };
    let rate = decimal(properties, "rate")?;
    Ok(OrderState { site: event.source.clone(), number, kind, currency, rate, is_partial: false, lines })
}

fn lines(properties: &Map<String, Value>, kind: OrderKind, currency: Currency) -> Result<Vec<Line>, OrderProblem> {
    let (sign, sum_sku) = if kind == OrderKind::Refund { (-1, "REFUND") } else { (1, "TOTAL") };
    let fee = |field, sku, sign| fee_line(properties, field, sku, currency, sign);
    let mut lines = product_lines(properties, currency, sign)?;
    let has_products = !lines.is_empty();
    lines.extend(fee("shipping", "SHIPPING", sign)?);
    lines.extend(fee("tax", "TAX", sign)?);
    if has_products {
        lines.extend(fee("discount", "DISCOUNT", -sign)?);
    } else if let Some(total) = fee("total", sum_sku, sign)? {
        lines = vec![total];
    } else {
        let revenue = fee("revenue", sum_sku, sign)?;
        lines.extend(if revenue.is_some() { revenue } else { fee("discount", "DISCOUNT", -sign)? });
    }
    Ok(lines)
}

fn product_lines(properties: &Map<String, Value>, currency: Currency, sign: i64) -> Result<Vec<Line>, OrderProblem> {
    let products = match properties.get("products") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(products)) if products.len() <= LINES_MAX => products,
        Some(other) => return Err(wrong("products", short(other), "a list of at most 5,000 products is wanted")),
    };
    products.iter().enumerate().map(|(index, product)| product_line(index, product, currency, sign)).collect()
}

fn product_line(index: usize, product: &Value, currency: Currency, sign: i64) -> Result<Line, OrderProblem> {
    let Value::Object(product) = product else {
        return Err(wrong(&format!("products[{index}]"), short(product), "an object is wanted"));
    };
    let sku = match text(product, "sku")? {
        Some(sku) => sku,
        None => text(product, "product_id")?.ok_or(OrderProblem::Missing("products[].sku"))?,
    };
    let quantity = match product.get("quantity") {
        None | Some(Value::Null) => 1,
        Some(value) => value
            .as_i64()
            .filter(|pieces| pieces.unsigned_abs() <= QUANTITY_MAX)
            .ok_or_else(|| wrong("quantity", short(value), "a whole number is wanted"))?,
    };
    let unit_price = decimal(product, "price")?.unwrap_or(Decimal::whole(0));
    let amount =
        unit_price.times(quantity * sign, currency).ok_or_else(|| wrong("price", unit_price, "it is too large"))?;
    let kind = if unit_price.is_zero() { LineKind::Free } else { LineKind::Product };
    let name = text(product, "name")?.unwrap_or_else(|| sku.clone());
    Ok(Line { key: format!("p{index}"), sku, name, quantity: quantity * sign, unit_price, amount, kind })
}

fn fee_line(
    properties: &Map<String, Value>,
    field: &'static str,
    sku: &str,
    currency: Currency,
    sign: i64,
) -> Result<Option<Line>, OrderProblem> {
    let Some(price) = decimal(properties, field)?.filter(|price| !price.is_zero()) else { return Ok(None) };
    let amount = price.times(sign, currency).ok_or_else(|| wrong(field, price, "it is too large"))?;
    let key = sku.to_lowercase();
    Ok(Some(Line {
        key,
        sku: sku.to_owned(),
        name: field.to_owned(),
        quantity: sign,
        unit_price: price,
        amount,
        kind: LineKind::Fee,
    }))
}

fn text(object: &Map<String, Value>, field: &str) -> Result<Option<String>, OrderProblem> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) if text.len() <= 255 => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(other) => Err(wrong(field, short(other), "a text of at most 255 bytes is wanted")),
    }
}

fn decimal(object: &Map<String, Value>, field: &str) -> Result<Option<Decimal>, OrderProblem> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => {
            number.to_string().parse().map(Some).map_err(|_| wrong(field, number, "a number such as 12.5 is wanted"))
        }
        Some(Value::String(text)) => {
            text.parse().map(Some).map_err(|_| wrong(field, text, "a number such as 12.5 is wanted"))
        }
        Some(other) => Err(wrong(field, short(other), "a number such as 12.5 is wanted")),
    }
}

fn wrong(field: &str, found: impl ToString, allowed: &'static str) -> OrderProblem {
    OrderProblem::Wrong { field: field.to_owned(), found: found.to_string().chars().take(60).collect(), allowed }
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}
