//! The list as CSV: everybody whom the list shows, in its order, with what a shop may take elsewhere.
//!
//! Who takes personal data out of the house is written down; no cell becomes a formula.

use crate::{
    api::{Customers, chosen},
    list::{self, ListRow, Place, Sort, display_name},
    search::Search,
    values::NEVER,
};
use access::{ApiResult, Caller, CustomersExport, Problem, Query};
use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use futures::stream::try_unfold;
use records::{Reader, RecordsError};
use roaring::RoaringBitmap;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use vocabulary::{Currency, Day};

/// Rows that are read at a time.
const ROWS_AT_ONCE: usize = 2_000;

/// Which people, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// Names, kana, romaji, mail, numbers: the beginning of each word.
    search: Option<String>,
    /// Only the people of this selection.
    selection: Option<String>,
    /// By what it is sorted.
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// The language of the first line: `ja` (when missing) or `en`.
    #[serde(default)]
    #[param(inline)]
    language: HeadLanguage,
}

/// The language of the first line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum HeadLanguage {
    /// 日本語
    #[default]
    Ja,
    /// English
    En,
}

/// Saves the people of the list as CSV, with their mail addresses.
#[utoipa::path(get, path = "/api/customers.csv", tag = "customers", params(ExportQuery), responses((status = 200, body = String, content_type = "text/csv"), (status = 403, body = Problem), (status = 404, body = Problem)), security(("session" = ["customers.export"])))]
pub(crate) async fn export_customers(
    caller: Caller<CustomersExport>,
    State(customers): State<Customers>,
    Query(query): Query<ExportQuery>,
) -> ApiResult<Response> {
    let (reader, currency) = (customers.records.reader(), customers.shop.currency);
    let search = query.search.as_deref().and_then(Search::read);
    let people = match (chosen(&reader, query.selection.as_deref(), search.as_ref()).await?, &search) {
        (None, Some(search)) => Some(search.find(&reader).await?),
        (chosen, _) => chosen,
    };
    let rows = match &people {
        Some(people) => people.len(),
        None => list::count(&reader).await?,
    };
    let mut tx = customers.records.begin(&caller.actor(), "customers.export").await?;
    tx.about(
        "customers",
        serde_json::json!({ "rows": rows, "selection": query.selection, "is_search": search.is_some() }),
    );
    tx.commit().await?;
    let begun = Progress { reader, people, sort: query.sort, place: None, head: Some(head(query.language, currency)) };
    let body = Body::from_stream(try_unfold(Some(begun), move |progress| next(progress, currency)));
    let name = format!("attachment; filename=\"customers-{}.csv\"", customers.today());
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}

/// How far a download is.
struct Progress {
    reader: Reader,
    people: Option<RoaringBitmap>,
    sort: Sort,
    place: Option<Place>,
    /// The first line, until it is written.
    head: Option<String>,
}

type Piece = Option<(String, Option<Progress>)>;

/// The next piece; a failure breaks the download off, so that it does not look whole.
async fn next(progress: Option<Progress>, currency: Currency) -> Result<Piece, RecordsError> {
    let Some(mut progress) = progress else { return Ok(None) };
    let people = progress.people.as_ref();
    let rows = list::find(&progress.reader, people, progress.sort, progress.place.take(), ROWS_AT_ONCE).await;
    let mut rows = rows.inspect_err(|error| tracing::warn!(%error, "a file of customers was broken off"))?;
    let has_more = rows.len() > ROWS_AT_ONCE;
    rows.truncate(ROWS_AT_ONCE);
    progress.place = rows.last().map(|row| row.place(progress.sort));
    let mut text = progress.head.take().unwrap_or_default();
    rows.iter().for_each(|row| text.push_str(&line(&cells(row, currency))));
    Ok(Some((text, has_more.then_some(progress))))
}

/// The sign by which spreadsheets know the encoding, and the names of the columns.
fn head(language: HeadLanguage, currency: Currency) -> String {
    let is_english = language == HeadLanguage::En;
    let names: [&str; 8] = if is_english {
        ["number", "name", "reading", "company", "email", "prefecture", "orders", "sales"]
    } else {
        ["番号", "名前", "フリガナ", "会社", "メール", "都道府県", "注文回数", "売上"]
    };
    let last = if is_english { "last order" } else { "最後の注文日" };
    let mut names = names.map(str::to_owned).to_vec();
    if let Some(sales) = names.last_mut() {
        *sales = format!("{sales} ({currency})");
    }
    names.push(last.to_owned());
    format!("\u{feff}{}", line(&names))
}

fn cells(row: &ListRow, currency: Currency) -> Vec<String> {
    let profile = &row.profile;
    let kana = profile.name().map(|name| name.reveal().full_kana()).unwrap_or_default();
    let last = i32::try_from(row.last_order_day).ok().filter(|_| row.last_order_day > NEVER);
    vec![
        profile.shown_number(true).unwrap_or_default(),
        display_name(profile),
        kana,
        profile.company.clone().unwrap_or_default(),
        profile.email.clone().unwrap_or_default(),
        profile.prefecture_name().unwrap_or_default(),
        row.orders.to_string(),
        major(row.sales, currency),
        last.map(|day| Day(day).to_string()).unwrap_or_default(),
    ]
}

/// An amount in major units: 1980, or 19.80 where a currency has cents.
fn major(minor: i64, currency: Currency) -> String {
    let digits = currency.digits() as usize;
    if digits == 0 {
        return minor.to_string();
    }
    let (sign, text) = (if minor < 0 { "-" } else { "" }, format!("{:0>1$}", minor.unsigned_abs(), digits + 1));
    let (whole, part) = text.split_at(text.len() - digits);
    format!("{sign}{whole}.{part}")
}

fn line(cells: &[String]) -> String {
    let quoted: Vec<String> = cells.iter().map(|cell| quoted(&neutral(cell))).collect();
    format!("{}\r\n", quoted.join(","))
}

fn quoted(cell: &str) -> String {
    let is_plain = !cell.contains(['"', ',', '\r', '\n']);
    if is_plain { cell.to_owned() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
}

/// A cell that no spreadsheet takes for a formula. Numbers stay numbers.
pub fn neutral(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
        && cell.parse::<f64>().is_err();
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            ("-12.5", "-12.5"),
            ("+81 90", "'+81 90"),
            ("佐藤", "佐藤"),
        ] {
            assert_eq!(neutral(cell), written);
        }
    }

    #[test]
    fn amounts_are_written_as_people_write_them() {
        let usd: Currency = "USD".parse().unwrap();
        assert_eq!([major(1_980, Currency::JPY), major(1_980, usd), major(-5, usd)], ["1980", "19.80", "-0.05"]);
    }
}
