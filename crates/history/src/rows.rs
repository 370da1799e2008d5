//! An answer: small column vectors with their own accessors.

use crate::HistoryError;

/// The cells of a column, some of which may be empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Cells<T> {
    values: Vec<T>,
    /// One flag per cell, only when at least one is empty.
    empty: Option<Vec<bool>>,
}

impl<T: Default> FromIterator<Option<T>> for Cells<T> {
    fn from_iter<I: IntoIterator<Item = Option<T>>>(cells: I) -> Self {
        let mut values = Vec::new();
        let mut empty = Vec::new();
        let mut any_empty = false;
        for cell in cells {
            any_empty |= cell.is_none();
            empty.push(cell.is_none());
            values.push(cell.unwrap_or_default());
        }
        Self { values, empty: any_empty.then_some(empty) }
    }
}

impl<T> Cells<T> {
    /// Cells none of which is empty.
    pub fn full(values: Vec<T>) -> Self {
        Self { values, empty: None }
    }

    /// The value in a row; `None` when it is empty or there is no such row.
    pub fn get(&self, row: usize) -> Option<&T> {
        if self.is_empty_at(row) {
            return None;
        }
        self.values.get(row)
    }

    /// True when the cell holds nothing.
    pub fn is_empty_at(&self, row: usize) -> bool {
        self.empty.as_ref().is_some_and(|empty| empty.get(row).copied().unwrap_or(true))
    }

    /// All values; empty cells hold the type's default (0, "", false).
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// The cells in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<&T>> {
        (0..self.values.len()).map(|row| self.get(row))
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// True when there is no cell.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// One column of an answer. Instants are microseconds, dates are days since 1970.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Whole numbers, instants and dates.
    I64(Cells<i64>),
    /// Numbers with a fraction.
    F64(Cells<f64>),
    /// Texts.
    Text(Cells<String>),
    /// True or false.
    Bool(Cells<bool>),
}

impl Column {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        match self {
            Column::I64(cells) => cells.len(),
            Column::F64(cells) => cells.len(),
            Column::Text(cells) => cells.len(),
            Column::Bool(cells) => cells.len(),
        }
    }

    /// True when there is no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn kind(&self) -> &'static str {
        match self {
            Column::I64(_) => "whole numbers",
            Column::F64(_) => "fractions",
            Column::Text(_) => "texts",
            Column::Bool(_) => "flags",
        }
    }
}

/// An answer: named columns of the same length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    names: Vec<String>,
    columns: Vec<Column>,
}

impl Rows {
    /// Rows from named columns; all must have the same length.
    pub fn new(named: Vec<(String, Column)>) -> Self {
        let (names, columns) = named.into_iter().unzip();
        Self { names, columns }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }

    /// True when there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names of the columns, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Result<&Column, HistoryError> {
        let place = self.names.iter().position(|known| known == name);
        place.and_then(|place| self.columns.get(place)).ok_or_else(|| wrong(name, "is not in the answer".to_owned()))
    }

    /// A column of whole numbers, instants or dates.
    pub fn i64s(&self, name: &str) -> Result<&Cells<i64>, HistoryError> {
        match self.column(name)? {
            Column::I64(cells) => Ok(cells),
            other => Err(holds(name, other)),
        }
    }

    /// A column of numbers with a fraction.
    pub fn f64s(&self, name: &str) -> Result<&Cells<f64>, HistoryError> {
        match self.column(name)? {
            Column::F64(cells) => Ok(cells),
            other => Err(holds(name, other)),
        }
    }

    /// A column of texts.
    pub fn texts(&self, name: &str) -> Result<&Cells<String>, HistoryError> {
        match self.column(name)? {
            Column::Text(cells) => Ok(cells),
            other => Err(holds(name, other)),
        }
    }

    /// A column of flags.
    pub fn bools(&self, name: &str) -> Result<&Cells<bool>, HistoryError> {
        match self.column(name)? {
            Column::Bool(cells) => Ok(cells),
            other => Err(holds(name, other)),
        }
    }

    /// The whole number of an answer that has one row; an empty sum is 0.
    pub fn single_i64(&self, name: &str) -> Result<i64, HistoryError> {
        Ok(self.i64s(name)?.get(0).copied().unwrap_or(0))
    }
}

fn holds(name: &str, column: &Column) -> HistoryError {
    wrong(name, format!("holds {}", column.kind()))
}

fn wrong(name: &str, reason: String) -> HistoryError {
    HistoryError::Answer { column: name.to_owned(), reason }
}
