//! Rows of the vocabulary become arrow batches with the columns of their table.

use crate::stored::Stored;
use arrow::array::{
    ArrayRef, BooleanArray, Int32Array, Int64Array, RecordBatch, StringViewArray, TimestampMicrosecondArray,
};
use arrow::error::ArrowError;
use history::{EventRow, OrderLineRow, OrderRow, Superseded, month_of_local_day};
use std::sync::Arc;

fn texts<'a>(cells: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringViewArray::from_iter_values(cells))
}

fn maybe_texts<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(cells.collect::<StringViewArray>())
}

fn longs(cells: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(cells))
}

fn maybe_longs(cells: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(cells.collect::<Int64Array>())
}

fn integers(cells: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(cells))
}

fn instants(cells: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from_iter_values(cells).with_timezone("UTC"))
}

fn flags(cells: impl Iterator<Item = bool>) -> ArrayRef {
    Arc::new(cells.map(Some).collect::<BooleanArray>())
}

/// The month of each day; neighbours mostly share theirs, so it is computed once a run.
fn months(days: impl Iterator<Item = i32>) -> ArrayRef {
    let mut last_day = None;
    let mut month = String::new();
    let mut cells = arrow::array::StringViewBuilder::new();
    for day in days {
        if last_day != Some(day) {
            month = month_of_local_day(day);
            last_day = Some(day);
        }
        cells.append_value(&month);
    }
    Arc::new(cells.finish())
}

pub(crate) fn orders(rows: &[OrderRow]) -> Result<RecordBatch, ArrowError> {
    let columns = vec![
        texts(rows.iter().map(|row| row.order_id.as_str())),
        texts(rows.iter().map(|row| row.site.as_str())),
        texts(rows.iter().map(|row| row.number.as_str())),
        longs(rows.iter().map(|row| row.version)),
        maybe_longs(rows.iter().map(|row| row.customer)),
        maybe_texts(rows.iter().map(|row| row.customer_id.as_deref())),
        texts(rows.iter().map(|row| row.kind.as_str())),
        instants(rows.iter().map(|row| row.ordered_at)),
        integers(rows.iter().map(|row| row.local_day)),
        longs(rows.iter().map(|row| row.amount_minor)),
        texts(rows.iter().map(|row| row.currency.as_str())),
        longs(rows.iter().map(|row| row.reporting_minor)),
        longs(rows.iter().map(|row| row.products_minor)),
        longs(rows.iter().map(|row| row.fees_minor)),
        longs(rows.iter().map(|row| row.quantity)),
        flags(rows.iter().map(|row| row.is_simulated)),
        months(rows.iter().map(|row| row.local_day)),
    ];
    RecordBatch::try_new(Stored::Orders.schema(), columns)
}

pub(crate) fn order_lines(rows: &[OrderLineRow]) -> Result<RecordBatch, ArrowError> {
    let columns = vec![
        texts(rows.iter().map(|row| row.order_id.as_str())),
        texts(rows.iter().map(|row| row.site.as_str())),
        texts(rows.iter().map(|row| row.number.as_str())),
        longs(rows.iter().map(|row| row.version)),
        integers(rows.iter().map(|row| row.ordinal)),
        maybe_longs(rows.iter().map(|row| row.customer)),
        texts(rows.iter().map(|row| row.kind.as_str())),
        instants(rows.iter().map(|row| row.ordered_at)),
        integers(rows.iter().map(|row| row.local_day)),
        texts(rows.iter().map(|row| row.sku.as_str())),
        maybe_texts(rows.iter().map(|row| row.name.as_deref())),
        texts(rows.iter().map(|row| row.line_kind.as_str())),
        longs(rows.iter().map(|row| row.quantity)),
        longs(rows.iter().map(|row| row.unit_price_micros)),
        longs(rows.iter().map(|row| row.amount_minor)),
        longs(rows.iter().map(|row| row.reporting_minor)),
        flags(rows.iter().map(|row| row.is_simulated)),
        months(rows.iter().map(|row| row.local_day)),
    ];
    RecordBatch::try_new(Stored::OrderLines.schema(), columns)
}

pub(crate) fn events(rows: &[EventRow]) -> Result<RecordBatch, ArrowError> {
    let columns = vec![
        texts(rows.iter().map(|row| row.event_id.as_str())),
        texts(rows.iter().map(|row| row.source.as_str())),
        texts(rows.iter().map(|row| row.kind.as_str())),
        texts(rows.iter().map(|row| row.name.as_str())),
        maybe_longs(rows.iter().map(|row| row.customer)),
        maybe_texts(rows.iter().map(|row| row.customer_id.as_deref())),
        maybe_texts(rows.iter().map(|row| row.node.as_deref())),
        instants(rows.iter().map(|row| row.occurred_at)),
        instants(rows.iter().map(|row| row.received_at)),
        integers(rows.iter().map(|row| row.local_day)),
        maybe_texts(rows.iter().map(|row| row.campaign_id.as_deref())),
        maybe_texts(rows.iter().map(|row| row.channel.as_deref())),
        maybe_texts(rows.iter().map(|row| row.url.as_deref())),
        maybe_texts(rows.iter().map(|row| row.order_number.as_deref())),
        maybe_texts(rows.iter().map(|row| row.sku.as_deref())),
        maybe_longs(rows.iter().map(|row| row.amount_minor)),
        maybe_texts(rows.iter().map(|row| row.currency.as_deref())),
        maybe_texts(rows.iter().map(|row| row.properties_json.as_deref())),
        flags(rows.iter().map(|row| row.is_simulated)),
        months(rows.iter().map(|row| row.local_day)),
    ];
    RecordBatch::try_new(Stored::Events.schema(), columns)
}

pub(crate) fn superseded(rows: &[Superseded]) -> Result<RecordBatch, ArrowError> {
    let columns = vec![texts(rows.iter().map(|row| row.order_id.as_str())), longs(rows.iter().map(|row| row.version))];
    RecordBatch::try_new(Stored::Superseded.schema(), columns)
}
