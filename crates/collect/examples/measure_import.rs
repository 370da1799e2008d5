//! How fast a file of orders becomes events in the journal, and what it costs in memory: brought in over HTTP, looked
//! at, and run as a job, as in a shop.
//!
//! `cargo run --profile start -p collect --example measure_import -- 4000000000` makes a file of about so many bytes;
//! a number below 1,000 repeats the Online Retail file of `NAJIMI_TEST_DATA` so often, with other order numbers.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, dead_code)]

#[path = "../tests/it/imports/shop.rs"]
mod shop;
#[path = "../tests/it/imports/stream.rs"]
mod stream;

use axum::{body::Body, http::Method};
use bytes::Bytes;
use serde_json::{Value, json};
use shop::Shop;
use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Read, Write},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Kilobytes of memory that this process holds (`VmRSS`) or held at the most (`VmHWM`).
fn memory_kb(which: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(which)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The largest that the memory was while nobody looked.
static PEAK_KB: AtomicU64 = AtomicU64::new(0);

fn watch_memory() {
    std::thread::spawn(|| {
        loop {
            PEAK_KB.fetch_max(memory_kb("VmRSS"), Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(20));
        }
    });
}

fn generate(path: &Path, bytes: u64) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    out.write_all("注文番号,会員番号,注文日時,商品コード,商品名,数量,単価,メールアドレス,氏名\n".as_bytes()).unwrap();
    let (mut written, mut order) = (0, 0_u64);
    while written < bytes {
        let customer = order.wrapping_mul(2_654_435_761) % 2_000_000;
        for line in 0..4 {
            let sku = (order * 7 + line * 13) % 40_000;
            let (day, hour) = (order / 4_000 % 28 + 1, order % 24);
            let text = format!(
                "{order:09},{customer},2026-{:02}-{day:02} {hour:02}:15:00,SKU-{sku:05},せっけん {sku},{},{},kaiin{customer}@example.com,森下 千尋\n",
                order / 112_000 % 10 + 1,
                line + 1,
                480 + sku % 90 * 10
            );
            out.write_all(text.as_bytes()).unwrap();
            written += text.len() as u64;
        }
        order += 1;
    }
}

fn repeat(path: &Path, from: &Path, times: u64) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    for time in 0..times {
        let unpacked = zstd::Decoder::new(File::open(from).unwrap()).unwrap();
        for (number, line) in BufReader::new(unpacked).lines().enumerate() {
            let line = line.unwrap();
            match (number, time, line.split_at(1)) {
                (0, 0, _) => writeln!(out, "{line}").unwrap(),
                (0, ..) => {}
                (_, _, (first @ ("C" | "A"), rest)) => writeln!(out, "{first}{time}{rest}").unwrap(),
                _ => writeln!(out, "{time}{line}").unwrap(),
            }
        }
    }
}

fn body(path: &Path) -> Body {
    let head = "--line\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\norders\r\n--line\r\n\
        content-disposition: form-data; name=\"file\"; filename=\"orders.csv\"\r\n\r\n";
    let parts =
        std::io::Cursor::new(head).chain(File::open(path).unwrap()).chain(std::io::Cursor::new("\r\n--line--\r\n"));
    let chunks = futures::stream::unfold(parts, |mut parts| async move {
        let mut chunk = vec![0; 64 << 10];
        let count = parts.read(&mut chunk).unwrap();
        chunk.truncate(count);
        (count > 0).then(|| (Ok::<_, std::io::Error>(Bytes::from(chunk)), parts))
    });
    Body::from_stream(chunks)
}

fn choices(preview: &Value) -> Value {
    let columns = preview["columns"].as_array().unwrap();
    let mapping: serde_json::Map<String, Value> =
        columns.iter().map(|column| (column["index"].to_string(), column["field"].clone())).collect();
    let mut options = preview["options"].clone();
    options["rate"] = json!("150");
    json!({ "mapping": mapping, "options": options })
}

async fn measure(shop: Shop) {
    let size: u64 = std::env::args().nth(1).map_or(100_000_000, |size| size.parse().unwrap());
    let file = shop.folder.parent().unwrap().join("measured.csv");
    if size < 1_000 {
        let data = std::env::var("NAJIMI_TEST_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
        repeat(&file, &Path::new(&data).join("transactions/online_retail_2010-12_2011-12.csv.zst"), size);
    } else {
        generate(&file, size);
    }
    let bytes = std::fs::metadata(&file).unwrap().len();
    let cookie = shop.sign_in().await;
    let before = memory_kb("VmRSS");
    watch_memory();
    let begun = Instant::now();
    let uploaded = shop.upload_body(&cookie, body(&file)).await.json();
    println!("uploaded and looked at {} MB in {:.1} s", bytes >> 20, begun.elapsed().as_secs_f64());
    let path = format!("/api/imports/{}", uploaded["import_id"].as_str().unwrap());
    shop.call(&cookie, Method::POST, &format!("{path}/start"), Some(choices(&uploaded["preview"]))).await.json();
    let begun = Instant::now();
    shop.work().await;
    let seconds = begun.elapsed().as_secs_f64();
    let done = shop.call(&cookie, Method::GET, &path, None).await.json();
    let lines = done["lines"].as_u64().unwrap();
    println!(
        "{lines} lines journalled in {seconds:.1} s: {:.0} lines/s, {} events",
        lines as f64 / seconds,
        shop.intake.backfill.end()
    );
    println!(
        "memory: {} MB before, {} MB at the most (+{} MB)",
        before >> 10,
        PEAK_KB.load(Ordering::Relaxed) >> 10,
        (PEAK_KB.load(Ordering::Relaxed) - before) >> 10
    );
    println!("{} {} {}", done["state"], done["classes"], done["effect"]);
}

fn main() {
    testing::run_on_sqlite(measure);
}
