//! The rows of identifiers, and the birth of customers.

use super::graph::{Found, Link};
use crate::{
    search::{self, Words},
    stream::Known,
    values::NEVER,
};
use records::{BulkInsert, FromQueryResult, InList, RecordsError, RecordsResult, Sql, in_lists, values};
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;
use vocabulary::{CustomerId, Timestamp, id::Ordinal};

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
    linked_at: Option<i64>,
    linked_by: Option<String>,
}

#[derive(FromQueryResult)]
struct CustomerRow {
    customer: i64,
    customer_id: Uuid,
}

#[derive(FromQueryResult)]
struct AskedRow {
    asked: Uuid,
    customer: i64,
    customer_id: Uuid,
}

/// Which customers these identifiers mean; those that nobody has seen are left out.
pub(super) async fn find_identifiers<S: Sql>(sql: &S, identifiers: &[String]) -> RecordsResult<HashMap<String, Found>> {
    let mut found = HashMap::with_capacity(identifiers.len());
    for list in in_lists(identifiers.iter().map(String::as_str)) {
        let text = format!(
            "SELECT identifier, customer, linked_at, linked_by FROM identifiers WHERE identifier IN ({})",
            list.places
        );
        for row in sql.all::<IdentifierRow>(&text, list.values).await? {
            let link = row.linked_at.zip(row.linked_by);
            let link = link.map(|(at, by)| Link { at: Timestamp::from_micros(at), by });
            found.insert(row.identifier, Found { customer: row.customer.map(ordinal).transpose()?, link });
        }
    }
    Ok(found)
}

/// The customer that this number of the shop means.
pub async fn find_user<S: Sql>(sql: &S, site: &str, user_id: &str) -> RecordsResult<Option<Ordinal>> {
    let identifier = super::user_identifier(site, user_id);
    let found = find_identifiers(sql, std::slice::from_ref(&identifier)).await?.remove(&identifier);
    Ok(found.and_then(|found| found.customer))
}

#[derive(FromQueryResult)]
struct NumberRow {
    identifier: String,
    customer: i64,
}

/// The shop's own numbers of these customers: more than one when people were found to be one.
pub(crate) async fn numbers_of<S: Sql>(sql: &S, customers: &[Ordinal]) -> RecordsResult<HashMap<i64, Vec<String>>> {
    let mut found: HashMap<i64, Vec<String>> = HashMap::with_capacity(customers.len());
    for list in numbers(customers) {
        let text = format!(
            "SELECT identifier, customer FROM identifiers WHERE customer IN ({}) ORDER BY seen_at, identifier",
            list.places
        );
        for row in sql.all::<NumberRow>(&text, list.values).await? {
            let number = super::number_of(&row.identifier).map(str::to_owned);
            found.entry(row.customer).or_default().extend(number);
        }
    }
    Ok(found)
}

/// The customers that were found to be somebody else, each with the one who stayed. Those of whom nobody speaks any more
/// lead to themselves.
pub async fn redirects<S: Sql>(sql: &S) -> RecordsResult<HashMap<Ordinal, Ordinal>> {
    let rows: Vec<RedirectRow> =
        sql.all("SELECT customer, redirect_to FROM customers WHERE redirect_to IS NOT NULL", vec![]).await?;
    rows.into_iter().map(|row| Ok((ordinal(row.customer)?, ordinal(row.redirect_to)?))).collect()
}

#[derive(FromQueryResult)]
struct RedirectRow {
    customer: i64,
    redirect_to: i64,
}

/// The same people by the numbers that they have now.
pub async fn as_they_are_now<S: Sql>(sql: &S, people: RoaringBitmap) -> RecordsResult<RoaringBitmap> {
    let redirects = redirects(sql).await?;
    Ok(if redirects.is_empty() {
        people
    } else {
        people.into_iter().map(|person| redirects.get(&person).copied().unwrap_or(person)).collect()
    })
}

/// The customer `gone` is the customer `stays` from now on. Nothing personal stays behind.
pub(super) async fn redirect<S: Sql>(sql: &S, gone: Ordinal, stays: Ordinal) -> RecordsResult<()> {
    let bound = || values![i64::from(stays), i64::from(gone)];
    search::forget(sql, &[i64::from(gone)]).await?;
    sql.execute("UPDATE identifiers SET customer = $1 WHERE customer = $2", bound()).await?;
    sql.execute("UPDATE customers SET redirect_to = $1 WHERE redirect_to = $2", bound()).await?;
    sql.execute(
        "UPDATE customers SET redirect_to = $1, number = NULL, family_name = NULL, given_name = NULL, family_kana = NULL, \
         given_kana = NULL, company = NULL, sort_kana = '', email = NULL, email_problem = NULL, phone = NULL, sex = NULL, \
         birth_year = NULL, birth_month = NULL, birth_day = NULL, postal_code = NULL, prefecture = NULL, city = NULL, \
         street = NULL, joined_day = NULL WHERE customer = $2",
        bound(),
    )
    .await
    .map(|_| ())
}

/// The customers with these ids, as they are now: an id that was merged away leads to the one that stayed.
pub async fn find_customers<S: Sql>(sql: &S, ids: &[CustomerId]) -> RecordsResult<HashMap<CustomerId, Known>> {
    let mut found = HashMap::with_capacity(ids.len());
    for list in in_lists(ids.iter().map(|id| id.uuid())) {
        let text = format!(
            "SELECT i.customer_id AS asked, c.customer, c.customer_id FROM customers i \
             JOIN customers c ON c.customer = COALESCE(i.redirect_to, i.customer) WHERE i.customer_id IN ({})",
            list.places
        );
        for row in sql.all::<AskedRow>(&text, list.values).await? {
            found.insert(row.asked.into(), Known { id: row.customer_id.into(), ordinal: ordinal(row.customer)? });
        }
    }
    Ok(found)
}

/// The ids that the world sees, of these dense numbers.
pub async fn ids_of<S: Sql>(sql: &S, ordinals: &[Ordinal]) -> RecordsResult<HashMap<Ordinal, CustomerId>> {
    let mut found = HashMap::with_capacity(ordinals.len());
    for list in numbers(ordinals) {
        let text = format!("SELECT customer, customer_id FROM customers WHERE customer IN ({})", list.places);
        for row in sql.all::<CustomerRow>(&text, list.values).await? {
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
    for list in numbers(ordinals) {
        let text = format!(
            "SELECT customer, customer_id, redirect_to, is_of_imports FROM customers WHERE customer IN ({})",
            list.places
        );
        for row in sql.all::<PersonRow>(&text, list.values).await? {
            let is_hidden = row.redirect_to == Some(row.customer);
            let person = Person { id: row.customer_id.into(), is_of_imports: row.is_of_imports, is_hidden };
            found.insert(ordinal(row.customer)?, person);
        }
    }
    Ok(found)
}

fn numbers<'a>(ordinals: impl IntoIterator<Item = &'a Ordinal>) -> Vec<InList> {
    in_lists(ordinals.into_iter().map(|ordinal| i64::from(*ordinal)))
}

pub(super) async fn next_ordinal<S: Sql>(sql: &S) -> RecordsResult<Ordinal> {
    let last: Option<i64> =
        sql.scalar::<Option<i64>>("SELECT MAX(customer) AS value FROM customers", vec![]).await?.flatten();
    ordinal(last.map_or(0, |last| last + 1))
}

pub(super) async fn insert_customers<S: Sql>(sql: &S, customers: &[NewCustomer], now: Timestamp) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "customers (customer, customer_id, created_at, number, sort_kana, search_words, is_of_imports)",
        "",
    );
    let mut found_by = Vec::with_capacity(customers.len());
    for new in customers {
        let (ordinal, id, number) = (i64::from(new.ordinal), new.id.uuid(), new.number.clone());
        let words = Words::of_number(&number);
        rows.push(values![ordinal, id, now.micros(), number, "", words.text(), new.is_of_imports]);
        found_by.extend(words.into_iter().map(|word| (word, ordinal)));
    }
    rows.run(sql).await?;
    search::plant(sql, found_by).await?;
    give_figures(sql, customers.iter().map(|new| i64::from(new.ordinal))).await
}

/// These people are known otherwise than by files from now on.
pub(super) async fn vouch<S: Sql>(sql: &S, people: &BTreeSet<Ordinal>) -> RecordsResult<()> {
    for list in numbers(people) {
        let text = format!("UPDATE customers SET is_of_imports = FALSE WHERE customer IN ({})", list.places);
        sql.execute(&text, list.values).await?;
    }
    Ok(())
}

/// Hides those of these people of whom nobody speaks any more.
pub(super) async fn hide<S: Sql>(sql: &S, people: &BTreeSet<Ordinal>) -> RecordsResult<()> {
    for list in numbers(people) {
        let text = format!(
            "UPDATE customers SET redirect_to = customer WHERE customer IN ({}) AND is_of_imports AND redirect_to IS NULL \
             AND NOT EXISTS (SELECT 1 FROM source_records s WHERE s.customer = customers.customer) \
             AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = customers.customer) \
             AND NOT EXISTS (SELECT 1 FROM order_statements t WHERE t.customer = customers.customer) RETURNING customer AS value",
            list.places
        );
        let hidden = sql.column::<i64>(&text, list.values).await?;
        search::forget(sql, &hidden).await?;
        for InList { places, values } in in_lists(hidden) {
            sql.execute(&format!("DELETE FROM customer_values WHERE customer IN ({places})"), values).await?;
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
    for list in numbers(people) {
        let text = format!(
            "UPDATE customers SET redirect_to = NULL WHERE customer IN ({}) RETURNING customer, number",
            list.places
        );
        let returned: Vec<Returned> = sql.all(&text, list.values).await?;
        give_figures(sql, returned.iter().map(|row| row.customer)).await?;
        let numbered =
            returned.into_iter().map(|row| (row.customer, Words::of_number(&row.number.unwrap_or_default())));
        search::add(sql, numbered.collect()).await?;
    }
    Ok(())
}

/// What everybody has who is there: figures, which are nought.
async fn give_figures<S: Sql>(sql: &S, people: impl Iterator<Item = i64>) -> RecordsResult<()> {
    let mut zeros = BulkInsert::into(
        "customer_values (customer, orders, sales, refunds, refund_count, last_order_day)",
        "ON CONFLICT (customer) DO NOTHING",
    );
    people.for_each(|customer| zeros.push(values![customer, 0_i64, 0_i64, 0_i64, 0_i64, NEVER]));
    zeros.run(sql).await.map(|_| ())
}

#[derive(FromQueryResult)]
struct AliasRow {
    previous: String,
    identifier: String,
}

/// Who was said to be the same person as these, by what they were called before.
pub(super) async fn find_aliases<S: Sql>(sql: &S, previous: &[String]) -> RecordsResult<HashMap<String, Vec<String>>> {
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for list in in_lists(previous.iter().map(String::as_str)) {
        let text = format!(
            "SELECT previous, identifier FROM aliases WHERE previous IN ({}) ORDER BY previous, identifier",
            list.places
        );
        for row in sql.all::<AliasRow>(&text, list.values).await? {
            found.entry(row.previous).or_default().push(row.identifier);
        }
    }
    Ok(found)
}

pub(super) async fn save_aliases<S: Sql>(sql: &S, aliases: &BTreeSet<(String, String)>) -> RecordsResult<()> {
    let mut rows = BulkInsert::into("aliases (previous, identifier)", "ON CONFLICT DO NOTHING");
    aliases.iter().for_each(|(previous, identifier)| rows.push(values![previous.clone(), identifier.clone()]));
    rows.run(sql).await.map(|_| ())
}

/// Writes what identifiers mean. A number is one by which its customer is found.
pub(super) async fn save_identifiers<S: Sql>(
    sql: &S,
    changed: impl Iterator<Item = (&str, Found)>,
    now: Timestamp,
) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "identifiers (identifier, customer, seen_at, linked_at, linked_by)",
        "ON CONFLICT (identifier) DO UPDATE SET customer = excluded.customer, linked_at = excluded.linked_at, \
         linked_by = excluded.linked_by",
    );
    let mut found_by: BTreeMap<i64, Words> = BTreeMap::new();
    for (identifier, found) in changed {
        if let (Some(number), Some(customer)) = (super::number_of(identifier), found.customer) {
            found_by.entry(i64::from(customer)).or_default().join(Words::of_number(number));
        }
        let (at, by) = found.link.map(|link| (link.at.micros(), link.by)).unzip();
        rows.push(values![identifier, found.customer.map(i64::from), now.micros(), at, by]);
    }
    rows.run(sql).await?;
    search::add(sql, found_by).await
}

fn ordinal(value: i64) -> RecordsResult<Ordinal> {
    Ordinal::try_from(value).map_err(|_| RecordsError::unreadable("customer"))
}
