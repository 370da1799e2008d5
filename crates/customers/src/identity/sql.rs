//! The rows of identifiers, and the birth of customers.

use crate::{orders::sql::list, stream::Known, values::NEVER};
use records::{BulkInsert, FromQueryResult, RecordsError, RecordsResult, Sql, Value, values};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;
use vocabulary::{CustomerId, Timestamp, id::Ordinal};

/// Values of one `IN` list.
const CHUNK: usize = 500;

pub(super) struct NewCustomer {
    pub ordinal: Ordinal,
    pub id: CustomerId,
    pub number: String,
    pub is_of_imports: bool,
}

/// What the graph must know of a person.
pub(super) struct Person {
    pub id: CustomerId,
    /// Whether all that is known of them came from files.
    pub is_of_imports: bool,
    /// Whether nothing is known of them any more.
    pub is_hidden: bool,
}

#[derive(FromQueryResult)]
struct IdentifierRow {
    identifier: String,
    customer: Option<i64>,
}

#[derive(FromQueryResult)]
struct CustomerRow {
    customer: i64,
    customer_id: Uuid,
    redirect_to: Option<i64>,
}

/// Which customers these identifiers mean; those that nobody has seen are left out.
pub(super) async fn find_identifiers<S: Sql>(
    sql: &S,
    identifiers: &[String],
) -> RecordsResult<HashMap<String, Option<Ordinal>>> {
    let mut found = HashMap::with_capacity(identifiers.len());
    for chunk in identifiers.chunks(CHUNK) {
        let text = format!("SELECT identifier, customer FROM identifiers WHERE identifier IN ({})", list(chunk.len()));
        let rows: Vec<IdentifierRow> =
            sql.all(&text, chunk.iter().map(|text| Value::from(text.clone())).collect()).await?;
        for row in rows {
            found.insert(row.identifier, row.customer.map(ordinal).transpose()?);
        }
    }
    Ok(found)
}

/// The customer that this number of the shop means.
pub async fn find_user<S: Sql>(sql: &S, site: &str, user_id: &str) -> RecordsResult<Option<Ordinal>> {
    let identifier = super::user_identifier(site, user_id);
    Ok(find_identifiers(sql, std::slice::from_ref(&identifier)).await?.remove(&identifier).flatten())
}

/// The customers with these ids, as they are now: an id that was merged away leads to the one that stayed.
pub async fn find_customers<S: Sql>(sql: &S, ids: &[CustomerId]) -> RecordsResult<HashMap<CustomerId, Known>> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let text = format!(
            "SELECT customer, customer_id, redirect_to FROM customers WHERE customer_id IN ({})",
            list(chunk.len())
        );
        let rows: Vec<CustomerRow> = sql.all(&text, chunk.iter().map(|id| Value::from(id.uuid())).collect()).await?;
        for row in rows {
            let target = ordinal(row.redirect_to.unwrap_or(row.customer))?;
            let id = if row.redirect_to.is_some() {
                ids_of(sql, &[target]).await?.remove(&target)
            } else {
                Some(row.customer_id.into())
            };
            found.extend(id.map(|id| (CustomerId::from(row.customer_id), Known { id, ordinal: target })));
        }
    }
    Ok(found)
}

/// The ids that the world sees, of these dense numbers.
pub async fn ids_of<S: Sql>(sql: &S, ordinals: &[Ordinal]) -> RecordsResult<HashMap<Ordinal, CustomerId>> {
    let mut found = HashMap::with_capacity(ordinals.len());
    for chunk in ordinals.chunks(CHUNK) {
        let text = format!(
            "SELECT customer, customer_id, redirect_to FROM customers WHERE customer IN ({})",
            list(chunk.len())
        );
        let rows: Vec<CustomerRow> = sql.all(&text, chunk.iter().map(|n| Value::from(i64::from(*n))).collect()).await?;
        for row in rows {
            found.insert(ordinal(row.customer)?, row.customer_id.into());
        }
    }
    Ok(found)
}

/// The people with these dense numbers.
pub(super) async fn people_of<S: Sql>(sql: &S, ordinals: &[Ordinal]) -> RecordsResult<HashMap<Ordinal, Person>> {
    #[derive(FromQueryResult)]
    struct PersonRow {
        customer: i64,
        customer_id: Uuid,
        redirect_to: Option<i64>,
        is_of_imports: bool,
    }
    let mut found = HashMap::with_capacity(ordinals.len());
    for chunk in ordinals.chunks(CHUNK) {
        let text = format!(
            "SELECT customer, customer_id, redirect_to, is_of_imports FROM customers WHERE customer IN ({})",
            list(chunk.len())
        );
        for row in sql.all::<PersonRow>(&text, numbers(chunk)).await? {
            let is_hidden = row.redirect_to == Some(row.customer);
            let person = Person { id: row.customer_id.into(), is_of_imports: row.is_of_imports, is_hidden };
            found.insert(ordinal(row.customer)?, person);
        }
    }
    Ok(found)
}

fn numbers(ordinals: &[Ordinal]) -> Vec<Value> {
    ordinals.iter().map(|ordinal| Value::from(i64::from(*ordinal))).collect()
}

pub(super) async fn next_ordinal<S: Sql>(sql: &S) -> RecordsResult<Ordinal> {
    let last: Option<i64> =
        sql.scalar::<Option<i64>>("SELECT MAX(customer) AS value FROM customers", vec![]).await?.flatten();
    ordinal(last.map_or(0, |last| last + 1))
}

pub(super) async fn insert_customers<S: Sql>(sql: &S, customers: &[NewCustomer], now: Timestamp) -> RecordsResult<()> {
    let mut rows =
        BulkInsert::into("customers (customer, customer_id, created_at, number, sort_kana, is_of_imports)", "");
    for new in customers {
        let (id, number) = (new.id.uuid(), new.number.clone());
        rows.push(values![i64::from(new.ordinal), id, now.micros(), number, "", new.is_of_imports]);
    }
    rows.run(sql).await?;
    give_birth(sql, customers.iter().map(|new| (i64::from(new.ordinal), new.number.clone()))).await
}

/// These people are known otherwise than by files from now on.
pub(super) async fn vouch<S: Sql>(sql: &S, people: &BTreeSet<Ordinal>) -> RecordsResult<()> {
    let people: Vec<Ordinal> = people.iter().copied().collect();
    for chunk in people.chunks(CHUNK) {
        let text = format!("UPDATE customers SET is_of_imports = FALSE WHERE customer IN ({})", list(chunk.len()));
        sql.execute(&text, numbers(chunk)).await?;
    }
    Ok(())
}

/// Hides those of these people of whom nobody speaks any more.
pub(super) async fn hide<S: Sql>(sql: &S, people: &BTreeSet<Ordinal>) -> RecordsResult<()> {
    let people: Vec<Ordinal> = people.iter().copied().collect();
    for chunk in people.chunks(CHUNK) {
        let text = format!(
            "UPDATE customers SET redirect_to = customer WHERE customer IN ({}) AND is_of_imports AND redirect_to IS NULL \
             AND NOT EXISTS (SELECT 1 FROM source_records s WHERE s.customer = customers.customer) \
             AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = customers.customer) \
             AND NOT EXISTS (SELECT 1 FROM order_statements t WHERE t.customer = customers.customer) RETURNING customer AS value",
            list(chunk.len())
        );
        let hidden: Vec<Value> = sql.column::<i64>(&text, numbers(chunk)).await?.into_iter().map(Value::from).collect();
        for table in ["customer_values", "search_tokens"].into_iter().filter(|_| !hidden.is_empty()) {
            let text = format!("DELETE FROM {table} WHERE customer IN ({})", list(hidden.len()));
            sql.execute(&text, hidden.clone()).await?;
        }
    }
    Ok(())
}

/// People of whom nobody spoke any more are there again, as they were born.
pub(super) async fn bring_back<S: Sql>(sql: &S, people: &BTreeSet<Ordinal>) -> RecordsResult<()> {
    #[derive(FromQueryResult)]
    struct Returned {
        customer: i64,
        number: Option<String>,
    }
    let people: Vec<Ordinal> = people.iter().copied().collect();
    for chunk in people.chunks(CHUNK) {
        let text = format!(
            "UPDATE customers SET redirect_to = NULL WHERE customer IN ({}) RETURNING customer, number",
            list(chunk.len())
        );
        let returned: Vec<Returned> = sql.all(&text, numbers(chunk)).await?;
        give_birth(sql, returned.into_iter().map(|row| (row.customer, row.number.unwrap_or_default()))).await?;
    }
    Ok(())
}

/// What everybody has who is there: figures, which are nought, and a number to be found by.
async fn give_birth<S: Sql>(sql: &S, people: impl Iterator<Item = (i64, String)>) -> RecordsResult<()> {
    let mut zeros = BulkInsert::into(
        "customer_values (customer, orders, sales, refunds, refund_count, last_order_day)",
        "ON CONFLICT (customer) DO NOTHING",
    );
    let mut tokens = BulkInsert::into("search_tokens (token, customer)", "ON CONFLICT DO NOTHING");
    for (customer, number) in people {
        zeros.push(values![customer, 0_i64, 0_i64, 0_i64, 0_i64, NEVER]);
        for token in crate::search::number_tokens(&number) {
            tokens.push(values![token, customer]);
        }
    }
    zeros.run(sql).await?;
    tokens.run(sql).await.map(|_| ())
}

pub(super) async fn save_identifiers<S: Sql>(
    sql: &S,
    changed: &BTreeMap<String, Option<Ordinal>>,
    now: Timestamp,
) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "identifiers (identifier, customer, seen_at)",
        "ON CONFLICT (identifier) DO UPDATE SET customer = excluded.customer",
    );
    for (identifier, customer) in changed {
        rows.push(values![identifier.clone(), customer.map(i64::from), now.micros()]);
    }
    rows.run(sql).await.map(|_| ())
}

fn ordinal(value: i64) -> RecordsResult<Ordinal> {
    Ordinal::try_from(value).map_err(|_| RecordsError::unreadable("customer"))
}
