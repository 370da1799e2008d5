//! An order as rows of the history.

use super::Order;
use crate::stream::Known;
use history::{Append, OrderLineRow, OrderRow};
use vocabulary::{Currency, Zone};

/// Adds the order's newest state to what goes into the history.
pub fn add(
    append: &mut Append,
    position: u64,
    order: &Order,
    customer: Option<Known>,
    is_simulated: bool,
    reporting: Currency,
    zone: Zone,
) {
    let (totals, state, local_day) = (order.totals(reporting), &order.state, zone.day(order.ordered_at).0);
    let row = OrderRow {
        order_id: order.order_id.to_string(),
        site: state.site.clone(),
        number: state.number.clone(),
        version: order.version,
        customer: customer.map(|known| i64::from(known.ordinal)),
        customer_id: customer.map(|known| known.id.to_string()),
        kind: state.kind,
        ordered_at: order.ordered_at.micros(),
        local_day,
        amount_minor: totals.amount,
        currency: state.currency.to_string(),
        reporting_minor: totals.reporting,
        products_minor: totals.products,
        fees_minor: totals.fees,
        quantity: totals.quantity,
        is_simulated,
    };
    for (ordinal, line) in state.lines.iter().enumerate() {
        append.order_line(position, line_row(&row, ordinal, line, order, reporting));
    }
    append.order(position, row);
}

fn line_row(
    order_row: &OrderRow,
    ordinal: usize,
    line: &super::Line,
    order: &Order,
    reporting: Currency,
) -> OrderLineRow {
    OrderLineRow {
        order_id: order_row.order_id.clone(),
        site: order_row.site.clone(),
        number: order_row.number.clone(),
        version: order_row.version,
        ordinal: i32::try_from(ordinal).unwrap_or(i32::MAX),
        customer: order_row.customer,
        kind: order_row.kind,
        ordered_at: order_row.ordered_at,
        local_day: order_row.local_day,
        sku: line.sku.clone(),
        name: Some(line.name.clone()),
        line_kind: line.kind,
        quantity: line.quantity,
        unit_price_micros: line.unit_price.micros().unwrap_or(0),
        amount_minor: line.amount,
        reporting_minor: order.state.convert(line.amount, reporting),
        is_simulated: order_row.is_simulated,
    }
}
