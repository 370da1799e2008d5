//! The rows of identifiers, and the birth of customers.

use crate::{orders::sql::list, stream::Known, values::NEVER};
use records::{BulkInsert, FromQueryResult, RecordsError, RecordsResult, Sql, Value, values};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;
use vocabulary::{CustomerId, Timestamp, id::Ordinal};

/// Values of one `IN` list.
const CHUNK: usize = 500;

pub(super) struct NewCustomer {
    pub ordinal: Ordinal,
    pub id: CustomerId,
    pub number: String,
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

pub(super) async fn next_ordinal<S: Sql>(sql: &S) -> RecordsResult<Ordinal> {
    let last: Option<i64> =
        sql.scalar::<Option<i64>>("SELECT MAX(customer) AS value FROM customers", vec![]).await?.flatten();
    ordinal(last.map_or(0, |last| last + 1))
}

pub(super) async fn insert_customers<S: Sql>(sql: &S, customers: &[NewCustomer], now: Timestamp) -> RecordsResult<()> {
    let mut rows = BulkInsert::into("customers (customer, customer_id, created_at, number, sort_kana)", "");
    let mut zeros =
        BulkInsert::into("customer_values (customer, orders, sales, refunds, refund_count, last_order_day)", "");
    let mut tokens = BulkInsert::into("search_tokens (token, customer)", "ON CONFLICT DO NOTHING");
    for new in customers {
        let customer = i64::from(new.ordinal);
        rows.push(values![customer, new.id.uuid(), now.micros(), new.number.clone(), ""]);
        zeros.push(values![customer, 0_i64, 0_i64, 0_i64, 0_i64, NEVER]);
        for token in crate::search::number_tokens(&new.number) {
            tokens.push(values![token, customer]);
        }
    }
    rows.run(sql).await?;
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
