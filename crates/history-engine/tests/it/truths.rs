//! The real orders of a shop (UCI Online Retail): counts and sums as they are known, to the penny.

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::prelude::{CsvReadOptions, SessionConfig, SessionContext};
use history::{Append, HistoryReader, Lane, LineKind, OrderKind, OrderLineRow, OrderRow, Query};
use history_engine::{History, Options};
use std::path::{Path, PathBuf};
use std::time::Instant;

const FILE: &str = "transactions/online_retail_2010-12_2011-12.csv.zst";

fn data_file() -> Option<PathBuf> {
    let workspace = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let data = std::env::var_os("NAJIMI_TEST_DATA").map_or(workspace.join("../shared/data"), PathBuf::from);
    Some(data.join(FILE)).filter(|file| file.exists())
}

/// A line of the file.
struct Line {
    invoice: String,
    sku: String,
    name: String,
    quantity: i64,
    at_micros: i64,
    price_micros: i64,
    customer: Option<i64>,
}

async fn lines(file: &Path) -> Vec<Line> {
    let options = CsvReadOptions::new()
        .file_extension(".csv.zst")
        .file_compression_type(FileCompressionType::ZSTD)
        .schema_infer_max_records(0);
    // One partition keeps the lines in their order.
    let session = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    let batches = session.read_csv(file.to_str().unwrap(), options).await.unwrap().collect().await.unwrap();
    batches.iter().flat_map(lines_of).collect()
}

fn lines_of(batch: &RecordBatch) -> Vec<Line> {
    let columns: Vec<_> = batch.columns().iter().map(|column| cast(column, &DataType::Utf8View).unwrap()).collect();
    let cell = |column: usize, row: usize| columns[column].as_string_view().value(row);
    (0..batch.num_rows())
        .map(|row| Line {
            invoice: cell(0, row).to_owned(),
            sku: cell(1, row).to_owned(),
            name: cell(2, row).to_owned(),
            quantity: cell(3, row).parse().unwrap(),
            at_micros: micros(cell(4, row)),
            price_micros: millionths(cell(5, row)),
            customer: cell(6, row).parse().ok(),
        })
        .collect()
}

/// `2010-12-01 08:26:00` in microseconds since 1970.
fn micros(text: &str) -> i64 {
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap();
    time.and_utc().timestamp_micros()
}

/// `2.55` in millionths.
fn millionths(text: &str) -> i64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    sign * (whole.parse::<i64>().unwrap() * 1_000_000 + format!("{fraction:0<6}").parse::<i64>().unwrap())
}

fn pence(line: &Line) -> i64 {
    let exact = line.price_micros * line.quantity;
    (exact.abs() + 5_000) / 10_000 * exact.signum()
}

fn kind(invoice: &str) -> OrderKind {
    match invoice.as_bytes().first() {
        Some(b'C') => OrderKind::Refund,
        Some(b'A') => OrderKind::Adjustment,
        _ => OrderKind::Order,
    }
}

fn order(lines: &[Line]) -> OrderRow {
    let first = &lines[0];
    let total = lines.iter().map(pence).sum();
    OrderRow {
        order_id: first.invoice.clone(),
        site: "uk".to_owned(),
        number: first.invoice.clone(),
        version: 1,
        customer: first.customer,
        customer_id: None,
        kind: kind(&first.invoice),
        ordered_at: first.at_micros,
        local_day: i32::try_from(first.at_micros.div_euclid(86_400_000_000)).unwrap(),
        amount_minor: total,
        currency: "GBP".to_owned(),
        reporting_minor: total,
        products_minor: total,
        fees_minor: 0,
        quantity: lines.iter().map(|line| line.quantity).sum(),
        is_simulated: false,
    }
}

fn order_line(order: &OrderRow, line: &Line, ordinal: usize) -> OrderLineRow {
    OrderLineRow {
        order_id: order.order_id.clone(),
        site: order.site.clone(),
        number: order.number.clone(),
        version: order.version,
        ordinal: i32::try_from(ordinal).unwrap(),
        customer: order.customer,
        kind: order.kind,
        ordered_at: order.ordered_at,
        local_day: order.local_day,
        sku: line.sku.clone(),
        name: Some(line.name.clone()),
        line_kind: if line.price_micros == 0 { LineKind::Free } else { LineKind::Product },
        quantity: line.quantity,
        unit_price_micros: line.price_micros,
        amount_minor: pence(line),
        reporting_minor: pence(line),
        is_simulated: false,
    }
}

/// Loads the file in stretches of the journal, flushing as a server would.
async fn load(history: &History, file: &Path) {
    let mut lines = lines(file).await;
    // The sort keeps the order of lines within an invoice.
    lines.sort_by(|one, other| one.invoice.cmp(&other.invoice));
    let invoices: Vec<&[Line]> = lines.chunk_by(|one, other| one.invoice == other.invoice).collect();
    let mut position = 0;
    for stretch in invoices.chunks(2_000) {
        let until = position + u64::try_from(stretch.len()).unwrap();
        let mut append = Append::new(Lane::Backfill, position, until);
        for (place, invoice) in (position..).zip(stretch) {
            let order = order(invoice);
            for (ordinal, line) in invoice.iter().enumerate() {
                append.order_line(place, order_line(&order, line, ordinal));
            }
            append.order(place, order);
        }
        history.append(append).await.unwrap();
        history.flush_if_due(crate::shop::NOW).await.unwrap();
        position = until;
    }
    history.flush(crate::shop::NOW).await.unwrap();
}

const F2: &str = "
    WITH numbered AS (
        SELECT customer, local_day,
               row_number() OVER (PARTITION BY customer ORDER BY ordered_at) AS place
        FROM orders WHERE kind = 'order' AND reporting_minor > 0 AND customer IS NOT NULL
    ), firsts AS (
        SELECT customer,
               min(local_day) FILTER (WHERE place = 1) AS first_day,
               min(local_day) FILTER (WHERE place = 2) AS second_day
        FROM numbered WHERE place <= 2 GROUP BY customer
    )
    SELECT date_part('year', cast(first_day AS date)) * 100 + date_part('month', cast(first_day AS date)) AS cohort,
           count(*) AS buyers,
           count(*) FILTER (WHERE second_day - first_day <= $days) AS again
    FROM firsts GROUP BY 1 ORDER BY 1";

#[tokio::test]
async fn the_real_orders_add_up_to_the_penny() {
    let Some(file) = data_file() else {
        eprintln!("skipped 1: the file of real orders is not there (NAJIMI_TEST_DATA)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path(), Options { compact_files_min: 2, ..Options::default() }).await.unwrap();
    let begin = Instant::now();
    load(&history, &file).await;
    eprintln!("541,909 lines loaded in {:.1?}", begin.elapsed());
    for round in ["as written", "compacted"] {
        let begin = Instant::now();
        assert_truths(&history).await;
        eprintln!("{round}: answers in {:.1?}", begin.elapsed());
        history.compact(crate::shop::NOW).await.unwrap();
    }
}

async fn assert_truths(history: &History) {
    let ask = async |sql: &str| history.query(&Query::new(sql).bind("days", 90_i64)).await.unwrap();
    let rows = ask("SELECT count(*) AS n, sum(reporting_minor) AS s FROM order_lines").await;
    assert_eq!((rows.single_i64("n").unwrap(), rows.single_i64("s").unwrap()), (541_909, 974_774_793));
    let exact = ask("SELECT sum(unit_price_micros * quantity) AS s FROM order_lines").await;
    assert_eq!(exact.single_i64("s").unwrap(), 9_747_747_934_000);

    let kinds =
        ask("SELECT kind, count(*) AS n, sum(reporting_minor) AS s FROM orders GROUP BY kind ORDER BY kind").await;
    assert_eq!(kinds.texts("kind").unwrap().values(), ["adjustment", "order", "refund"]);
    assert_eq!(kinds.i64s("n").unwrap().values(), [3, 22_061, 3_836]);
    assert_eq!(kinds.i64s("s").unwrap().values(), [-1_106_206, 891_140_790 + 174_421_458, -89_681_249]);

    let people = ask("SELECT count(DISTINCT customer) AS all_people,
                             count(DISTINCT customer) FILTER (WHERE kind = 'order' AND reporting_minor > 0) AS buyers
                      FROM orders")
    .await;
    assert_eq!((people.single_i64("all_people").unwrap(), people.single_i64("buyers").unwrap()), (4_372, 4_338));

    let again = ask(F2).await;
    assert_eq!(
        again.i64s("buyers").unwrap().values(),
        [885, 417, 380, 452, 300, 284, 242, 188, 169, 299, 358, 323, 41]
    );
    assert_eq!(again.i64s("again").unwrap().values(), [527, 204, 167, 189, 126, 109, 94, 82, 78, 143, 124, 85, 1]);
}
