//! A question to the history: SQL with named, typed, bound values.

/// A value that is bound to a `$name` in the SQL; never pasted into its text.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number.
    I64(i64),
    /// A number with a fraction.
    F64(f64),
    /// Text.
    Text(String),
    /// True or false.
    Bool(bool),
    /// An instant, in microseconds since 1970 UTC; compares with `ordered_at` and the like.
    Instant(i64),
    /// Whole numbers for `column IN ($name)`.
    I64List(Vec<i64>),
    /// Texts for `column IN ($name)`.
    TextList(Vec<String>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::I64(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Value::I64(value.into())
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Value::F64(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Value::Text(value)
    }
}

impl From<Vec<i64>> for Value {
    fn from(value: Vec<i64>) -> Self {
        Value::I64List(value)
    }
}

impl From<Vec<String>> for Value {
    fn from(value: Vec<String>) -> Self {
        Value::TextList(value)
    }
}

/// SQL over `orders`, `order_lines` and `events` with its bound values.
///
/// ```
/// let query = history::Query::new(
///     "SELECT customer, count(*) AS orders FROM orders
///      WHERE kind = 'order' AND local_day >= $first_day AND customer IN ($customers)
///      GROUP BY customer",
/// )
/// .bind("first_day", 20_680_i64)
/// .bind("customers", vec![1_i64, 5, 8]);
/// assert_eq!(query.parameters().len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    sql: String,
    parameters: Vec<(String, Value)>,
}

impl Query {
    /// A question without values yet. The text is the program's own, never a user's.
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), parameters: Vec::new() }
    }

    /// Binds a value to `$name`. Binding a name again replaces its value.
    #[must_use]
    pub fn bind(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self.parameters.push((name.to_owned(), value.into()));
        self
    }

    /// Binds an instant (microseconds since 1970 UTC) to `$name`.
    #[must_use]
    pub fn bind_instant(self, name: &str, micros: i64) -> Self {
        self.bind_value(name, Value::Instant(micros))
    }

    /// Binds a value that is already typed.
    #[must_use]
    pub fn bind_value(mut self, name: &str, value: Value) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self.parameters.push((name.to_owned(), value));
        self
    }

    /// The SQL text.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The bound values.
    pub fn parameters(&self) -> &[(String, Value)] {
        &self.parameters
    }
}
