//! Batches of the engine become the small column vectors of the vocabulary.

use crate::failure::engine;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, SchemaRef, TimeUnit};
use history::{Cells, Column, HistoryError, Rows};

/// Rows of an answer. Instants become microseconds and dates days since 1970; exact decimals
/// become fractions.
pub(crate) fn rows(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Rows, HistoryError> {
    let mut named = Vec::with_capacity(schema.fields().len());
    for (index, field) in schema.fields().iter().enumerate() {
        let parts = batches.iter().map(|batch| batch.column(index).clone()).collect::<Vec<_>>();
        named.push((field.name().clone(), column(field.name(), field.data_type(), &parts)?));
    }
    Ok(Rows::new(named))
}

fn column(name: &str, data_type: &DataType, parts: &[ArrayRef]) -> Result<Column, HistoryError> {
    match data_type {
        DataType::Boolean => Ok(Column::Bool(cells(parts.iter().flat_map(|part| part.as_boolean().iter())))),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => fractions(parts),
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
            fractions(parts)
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => texts(parts),
        DataType::Null => Ok(Column::I64(cells(parts.iter().flat_map(|part| vec![None; part.len()])))),
        DataType::Timestamp(_, zone) => {
            let micros = DataType::Timestamp(TimeUnit::Microsecond, zone.clone());
            let parts = cast_all(parts, &micros)?;
            numbers(&parts)
        }
        DataType::Date32 => numbers(&cast_all(parts, &DataType::Int32)?),
        kind if kind.is_integer() => numbers(parts),
        other => Err(HistoryError::Question {
            reason: format!("column `{name}` is of type {other}; answers hold numbers, texts, flags and instants"),
        }),
    }
}

fn cast_all(parts: &[ArrayRef], to: &DataType) -> Result<Vec<ArrayRef>, HistoryError> {
    parts.iter().map(|part| cast(part, to).map_err(engine)).collect()
}

fn numbers(parts: &[ArrayRef]) -> Result<Column, HistoryError> {
    let parts = cast_all(parts, &DataType::Int64)?;
    if parts.iter().all(|part| part.null_count() == 0) {
        let values = parts.iter().flat_map(|part| part.as_primitive::<Int64Type>().values().iter().copied());
        return Ok(Column::I64(Cells::full(values.collect())));
    }
    Ok(Column::I64(cells(parts.iter().flat_map(|part| part.as_primitive::<Int64Type>().iter()))))
}

fn fractions(parts: &[ArrayRef]) -> Result<Column, HistoryError> {
    let parts = cast_all(parts, &DataType::Float64)?;
    Ok(Column::F64(cells(parts.iter().flat_map(|part| part.as_primitive::<Float64Type>().iter()))))
}

fn texts(parts: &[ArrayRef]) -> Result<Column, HistoryError> {
    let parts = cast_all(parts, &DataType::Utf8View)?;
    let texts = parts.iter().flat_map(|part| part.as_string_view().iter());
    Ok(Column::Text(cells(texts.map(|text| text.map(str::to_owned)))))
}

fn cells<T: Default>(cells: impl Iterator<Item = Option<T>>) -> Cells<T> {
    cells.collect()
}
