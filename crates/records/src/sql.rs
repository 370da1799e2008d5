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
        let statement = Statement::from_sql_and_values(self.dialect().into(), sql, values);
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
        let statement = Statement::from_sql_and_values(self.dialect().into(), sql, values);
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
        let statement = Statement::from_sql_and_values(self.dialect().into(), sql, values);
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
        let statement = Statement::from_sql_and_values(self.dialect().into(), sql, values);
        async move {
            let rows = self.connection().query_all_raw(statement).await?;
            Ok(rows.iter().map(|row| row.try_get::<T>("", "value")).collect::<Result<_, _>>()?)
        }
    }
    /// Changes rows and tells how many.
    fn execute(&self, sql: &str, values: Vec<Value>) -> impl Future<Output = RecordsResult<u64>> + Send {
        let statement = Statement::from_sql_and_values(self.dialect().into(), sql, values);
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

/// Rows of one statement; both databases are fastest near this.
const ROWS_PER_STATEMENT: usize = 500;
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
        let per_statement = ROWS_PER_STATEMENT.min(VALUES_PER_STATEMENT / self.columns) * self.columns;
        let (mut taken, mut values) = (0, self.values.into_iter().peekable());
        while values.peek().is_some() {
            let chunk: Vec<Value> = values.by_ref().take(per_statement).collect();
            let text = format!("{}{} {}", self.head, placeholders(chunk.len() / self.columns, self.columns), self.tail);
            taken += sql.execute(&text, chunk).await?;
        }
        Ok(taken)
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

/// A text that is searched for as it stands in `LIKE … ESCAPE '\'`.
pub fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
