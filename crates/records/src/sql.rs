//! Asking and telling in SQL: one text for both databases, values always bound.

use crate::{Dialect, RecordsError, RecordsResult};
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult, Statement, TryGetable, Value};
use std::future::Future;

/// What understands SQL: a [`Reader`] or a transaction.
pub trait Sql: Sync {
    /// The connection below.
    type Connection: ConnectionTrait;
    /// The connection below.
    fn connection(&self) -> &Self::Connection;
    /// Which database it is.
    fn dialect(&self) -> Dialect;

    /// All rows.
    fn all<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = RecordsResult<Vec<T>>> + Send {
        let statement = statement(self.dialect(), sql, values);
        async move {
            let rows = self.connection().query_all_raw(statement).await?;
            Ok(rows.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, _>>()?)
        }
    }
    /// The first row, if there is one.
    fn one<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = RecordsResult<Option<T>>> + Send {
        let statement = statement(self.dialect(), sql, values);
        async move {
            let row = self.connection().query_one_raw(statement).await?;
            Ok(row.map(|row| T::from_query_result(&row, "")).transpose()?)
        }
    }
    /// The column `value` of the first row.
    fn scalar<T: TryGetable + Send>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = RecordsResult<Option<T>>> + Send {
        let statement = statement(self.dialect(), sql, values);
        async move {
            let row = self.connection().query_one_raw(statement).await?;
            Ok(row.map(|row| row.try_get::<T>("", "value")).transpose()?)
        }
    }
    /// The column `value` of all rows.
    fn column<T: TryGetable + Send>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = RecordsResult<Vec<T>>> + Send {
        let statement = statement(self.dialect(), sql, values);
        async move {
            let rows = self.connection().query_all_raw(statement).await?;
            Ok(rows.iter().map(|row| row.try_get::<T>("", "value")).collect::<Result<_, _>>()?)
        }
    }
    /// Changes rows and tells how many.
    fn execute(&self, sql: &str, values: Vec<Value>) -> impl Future<Output = RecordsResult<u64>> + Send {
        let statement = statement(self.dialect(), sql, values);
        async move { Ok(self.connection().execute_raw(statement).await.map_err(RecordsError::from)?.rows_affected()) }
    }
    /// The words that lock the rows that are read until the commit; nothing on SQLite, whose writer is alone anyway.
    fn for_update(&self) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE",
        }
    }
}

/// Places that may have names. SQLite keeps a list of all names, which is searched for each place that is bound.
const NAMED_PLACES_MAX: usize = 32;

fn statement(dialect: Dialect, sql: &str, values: Vec<Value>) -> Statement {
    let is_long = dialect == Dialect::Sqlite && values.len() > NAMED_PLACES_MAX;
    let nameless = if is_long { nameless(sql, values.len()) } else { None };
    Statement::from_sql_and_values(dialect.into(), nameless.as_deref().unwrap_or(sql), values)
}

/// The same text with `?` for `$1`, `$2`, …, when they stand in their order and each once.
fn nameless(sql: &str, places: usize) -> Option<String> {
    let mut parts = sql.split('$');
    let mut text = String::with_capacity(sql.len());
    text.push_str(parts.next()?);
    let mut found = 0;
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        found += 1;
        if part[..digits].parse() != Ok(found) {
            return None;
        }
        text.push('?');
        text.push_str(&part[digits..]);
    }
    (found == places).then_some(text)
}

/// For questions only.
#[derive(Clone)]
pub struct Reader {
    connection: DatabaseConnection,
    dialect: Dialect,
}

impl Reader {
    pub(crate) fn new(connection: DatabaseConnection, dialect: Dialect) -> Self {
        Self { connection, dialect }
    }
}

impl Sql for Reader {
    type Connection = DatabaseConnection;
    fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }
    fn dialect(&self) -> Dialect {
        self.dialect
    }
}

/// Rows of one statement, and values of one list; both databases are fastest near this.
const ROWS_PER_STATEMENT: usize = 512;
/// Statements of up to so many rows exist in every size; larger ones in powers of two only. A database understands a
/// text of thousands of places as slowly as it runs it, so texts are few and met again.
const EVERY_SIZE_MAX: usize = 16;
/// Bound values of one statement (SQLite allows 32,766).
const VALUES_PER_STATEMENT: usize = 30_000;

/// Many rows into one table, by few statements.
pub struct BulkInsert {
    head: String,
    tail: String,
    columns: usize,
    values: Vec<Value>,
}

impl BulkInsert {
    /// `table (a, b, c)`, and what to do `ON CONFLICT …` (may be empty).
    pub fn into(table_and_columns: &str, on_conflict: &str) -> Self {
        let columns = table_and_columns.matches(',').count() + 1;
        Self {
            head: format!("INSERT INTO {table_and_columns} VALUES "),
            tail: on_conflict.to_owned(),
            columns,
            values: Vec::new(),
        }
    }
    /// Adds a row: as many values as there are columns.
    pub fn push(&mut self, row: Vec<Value>) {
        debug_assert_eq!(row.len(), self.columns, "{}", self.head);
        self.values.extend(row);
    }
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
    /// Writes all rows and tells how many the database took.
    pub async fn run<S: Sql>(self, sql: &S) -> RecordsResult<u64> {
        let mut taken = 0;
        for (text, values) in self.statements() {
            taken += sql.execute(&text, values).await?;
        }
        Ok(taken)
    }
    /// Writes all rows and gives the column `value` of what `RETURNING` returns.
    pub async fn run_returning<T: TryGetable + Send, S: Sql>(self, sql: &S) -> RecordsResult<Vec<T>> {
        let mut returned = Vec::new();
        for (text, values) in self.statements() {
            returned.extend(sql.column::<T>(&text, values).await?);
        }
        Ok(returned)
    }

    fn statements(self) -> impl Iterator<Item = (String, Vec<Value>)> {
        let Self { head, tail, columns, values } = self;
        let mut values = values.into_iter();
        std::iter::from_fn(move || {
            let rows = rows_of_statement(values.len() / columns, columns)?;
            let text = format!("{head}{} {tail}", placeholders(rows, columns));
            Some((text, values.by_ref().take(rows * columns).collect()))
        })
    }
}

/// How many of the rows that are left go into the next statement.
fn rows_of_statement(left: usize, columns: usize) -> Option<usize> {
    let most = left.min(ROWS_PER_STATEMENT).min(VALUES_PER_STATEMENT / columns);
    match most {
        0 => None,
        few if few <= EVERY_SIZE_MAX => Some(few),
        many => Some(1 << many.ilog2()),
    }
}

/// `($1,$2),($3,$4)`.
fn placeholders(rows: usize, columns: usize) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { "," };
            let _ = write!(text, "{comma}${}", row * columns + column + 1);
        }
        text.push(')');
    }
    text
}

/// Values for `IN (…)`, as many as one statement takes.
pub struct InList {
    /// `$1, $2, …`.
    pub places: String,
    /// What is bound to them; the last value is repeated to make up one of few sizes.
    pub values: Vec<Value>,
}

/// The lists that these values make.
pub fn in_lists<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> Vec<InList> {
    let (mut values, mut lists) = (values.into_iter(), Vec::new());
    loop {
        let mut bound: Vec<Value> = values.by_ref().take(ROWS_PER_STATEMENT).map(Into::into).collect();
        let Some(last) = bound.last().cloned() else { return lists };
        if bound.len() > EVERY_SIZE_MAX {
            bound.resize(bound.len().next_power_of_two(), last);
        }
        let places: Vec<String> = (1..=bound.len()).map(|n| format!("${n}")).collect();
        lists.push(InList { places: places.join(", "), values: bound });
    }
}

/// A text that is searched for as it stands in `LIKE … ESCAPE '\'`.
pub fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lose_their_names_only_where_their_order_says_the_same() {
        assert_eq!(nameless("a IN ($1, $2) AND b = $3", 3).as_deref(), Some("a IN (?, ?) AND b = ?"));
        for other in ["a = $2 AND b = $1", "a = $1 OR b = $1", "a = '$'", "a = $1"] {
            assert_eq!(nameless(other, 2), None, "{other}");
        }
    }
}
