//! A page of the list of customers for what somebody typed: right in its order also where a million people are searched.
//!
//! Where few are meant, all of them are found and sorted by what is short. Where many are, the list is read in its order
//! until a page of them has been met.

use crate::{
    list::{ListRow, Place, Sort, read_in_order},
    profile::sql::COLUMNS,
    search::Gathering,
};
use records::{RecordsResult, Sql, Value};

/// People of a list who are looked at one by one, in the hope that they hold a page of those who are searched for.
pub const WALK_MAX: i64 = 15_000;

/// One more than `rows` rows of those who are searched for, from `place` on.
pub(crate) async fn find<S: Sql>(
    sql: &S,
    gathering: Gathering,
    sort: Sort,
    place: Option<Place>,
    rows: usize,
) -> RecordsResult<Vec<ListRow>> {
    let rows = i64::try_from(rows).unwrap_or(200) + 1;
    let mut bound = Vec::new();
    if let Some(is_meant) = gathering.common_condition(&mut bound) {
        let walked = walk(sql, (&is_meant, bound), sort, place.clone(), rows).await?;
        if walked.len() as i64 == rows {
            return Ok(walked);
        }
    }
    gather(sql, gathering, sort, place, rows).await
}

/// Those who are meant among the next people of the list: where many are meant, a page of them is met soon.
async fn walk<S: Sql>(
    sql: &S,
    (is_meant, mut bound): (&str, Vec<Value>),
    sort: Sort,
    place: Option<Place>,
    rows: i64,
) -> RecordsResult<Vec<ListRow>> {
    let behind = sort.behind(place.clone(), &mut bound);
    let until = sort.until(end_of_walk(sql, sort, place).await?, &mut bound);
    read_in_order(sql, sort, &format!("AND {is_meant} {behind} {until}"), bound, rows).await
}

/// The last person of whom a walk takes notice; none where the list ends before.
async fn end_of_walk<S: Sql>(sql: &S, sort: Sort, place: Option<Place>) -> RecordsResult<Option<Place>> {
    let ((key, direction, _), table, mut bound) = (sort.order(), sort.table(), Vec::new());
    let behind = sort.behind(place, &mut bound);
    let text = format!(
        "SELECT {table}.customer, {key} AS key FROM {} WHERE TRUE {behind} ORDER BY {key} {direction}, {table}.customer {direction} \
         LIMIT 1 OFFSET {WALK_MAX}",
        sort.read()
    );
    let end = sort.keys(sql, &text, bound).await?.into_iter().next();
    Ok(end.map(|(value, customer)| Place(sort, value, customer)))
}

/// All who are meant are sorted by what is short; only a page of them is read whole.
async fn gather<S: Sql>(
    sql: &S,
    Gathering { text, values: mut bound, .. }: Gathering,
    sort: Sort,
    place: Option<Place>,
    rows: i64,
) -> RecordsResult<Vec<ListRow>> {
    let ((key, direction, _), table) = (sort.order(), sort.table());
    let behind = sort.behind(place, &mut bound);
    let read = sort.read();
    let text = format!(
        "SELECT {COLUMNS}, c.sort_kana, v.orders, v.sales, v.last_order_day FROM \
         (SELECT {table}.customer FROM ({text}) s JOIN {read} ON {table}.customer = s.customer WHERE TRUE {behind} \
         ORDER BY {key} {direction}, {table}.customer {direction} LIMIT {rows}) p \
         JOIN customers c ON c.customer = p.customer JOIN customer_values v ON v.customer = p.customer \
         ORDER BY {key} {direction}, {table}.customer {direction}"
    );
    sql.all(&text, bound).await
}
