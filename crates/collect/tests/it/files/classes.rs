//! Every line of the real file has exactly one class.

use super::{options, orders_with, source, unfailing};
use collect::{
    files::{FileKind, LineClass, OrderItem, Source, TableOptions, Watch, inspect, read_orders},
    imports::{ImportOptions, PersonConsent, import_orders},
};
use demo::DemoFolder;
use history::OrderKind;
use serde::Deserialize;
use std::{
    collections::{HashMap, HashSet},
    convert::Infallible,
    path::{Path, PathBuf},
    time::Instant,
};
use vocabulary::{Currency, Day, Zone, id::ImportId};

/// All order lines of the demo shop, which are those of Online Retail.
fn demo_orders(folder: &Path) -> PathBuf {
    let demo = DemoFolder::open(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo")).unwrap();
    let path = folder.join("orders.csv");
    let file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    let day = |text: &str| text.parse::<Day>().unwrap().date();
    demo.write_orders_csv(file, day("2000-01-01"), day("2100-01-01")).unwrap();
    path
}

#[test]
fn every_line_of_online_retail_is_counted_in_its_class() {
    let folder = tempfile::tempdir().unwrap();
    let path = demo_orders(folder.path());
    let open = || Source::open(&path, &TableOptions::default().limits).unwrap();
    let mapping = inspect(open(), None, &TableOptions::default()).unwrap().proposal.mapping;
    let mut options = options();
    (options.currency, options.now) = (Currency::GBP, "2027-06-01T00:00:00Z".parse().unwrap());
    let mut keys = HashSet::new();
    let mut sums = [0_i64; LineClass::ALL.len()];
    let mut numbers = HashSet::new();
    let started = Instant::now();
    let summary = read_orders(open(), &mapping, &options, Watch::default(), |item| -> Result<(), Infallible> {
        let OrderItem::Part(part) = item else { panic!("no line of this file is rejected: {item:?}") };
        for line in &part.lines {
            sums[line.class as usize] += line.amount.minor;
            assert!(keys.insert((part.order_number.clone(), line.key)), "two lines with one key");
        }
        numbers.insert(part.order_number);
        Ok(())
    });
    let summary = unfailing(summary).unwrap();
    eprintln!("{} lines in {:?}", summary.progress.lines, started.elapsed());
    let classes = LineClass::ALL.map(|class| (class, summary.of(class)));
    assert_eq!(
        classes,
        [
            (LineClass::Purchase, 397_884),
            (LineClass::NoCustomer, 132_219),
            (LineClass::Refund, 9_288),
            (LineClass::Free, 2_515),
            (LineClass::Adjustment, 3),
            (LineClass::Cancelled, 0),
        ]
    );
    assert_eq!((summary.progress.accepted, summary.progress.rejected, summary.progress.lines), (541_909, 0, 541_910));
    assert_eq!((keys.len(), numbers.len()), (541_909, 25_900));
    assert_eq!(sums[..5], [891_140_790, 174_421_458, -89_681_249, 0, -1_106_206], "pence");
    assert_eq!(sums.iter().sum::<i64>(), 974_774_793);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_orders_of_online_retail_are_of_the_kinds_that_their_numbers_tell() {
    let folder = tempfile::tempdir().unwrap();
    let path = demo_orders(folder.path());
    let open = move || Source::open(&path, &TableOptions::default().limits).unwrap();
    let mapping = inspect(open(), None, &TableOptions::default()).unwrap().proposal.mapping;
    let journal = journal::Journal::open(&folder.path().join("journal"), journal::Limits::default()).unwrap().0;
    // Later than the last order of the demo's year.
    let now = "2027-06-01T00:00:00Z".parse().unwrap();
    let (mut read, taken) = (options(), journal.clone());
    (read.currency, read.now) = (Currency::GBP, now);
    let options = ImportOptions {
        import_id: ImportId::new(now),
        source: "shop".into(),
        currency: Currency::GBP,
        reporting: Currency::GBP,
        rate: None,
        zone: Zone::TOKYO,
        consent: PersonConsent::None,
        now,
    };
    let import = move || import_orders(open(), &mapping, &read, &options, taken, Watch::default());
    let imported = tokio::task::spawn_blocking(import).await.unwrap().unwrap();
    let mut kinds: HashMap<String, OrderKind> = HashMap::new();
    let mut at = 0;
    while at < imported.events {
        for entry in journal.read_from(at, 5_000, 64 << 20).unwrap() {
            let Told { properties: Properties { order } } = serde_json::from_slice(&entry.payload).unwrap();
            let other = kinds.insert(order.number, order.kind);
            assert!(other.is_none_or(|other| other == order.kind), "parts of one order are of one kind");
            at = entry.position + 1;
        }
    }
    let of = |wanted: &[OrderKind]| kinds.values().filter(|kind| wanted.contains(kind)).count();
    let counts = [of(&[OrderKind::Order, OrderKind::Free]), of(&[OrderKind::Refund]), of(&[OrderKind::Adjustment])];
    assert_eq!((counts, kinds.len()), ([22_061, 3_836, 3], 25_900));
}

/// What is looked at of an event that an import told.
#[derive(Deserialize)]
struct Told {
    properties: Properties,
}

#[derive(Deserialize)]
struct Properties {
    order: ToldOrder,
}

#[derive(Deserialize)]
struct ToldOrder {
    number: String,
    kind: OrderKind,
}

#[test]
fn a_file_sorted_otherwise_gives_the_same_keys() {
    let header = "order_number,ordered_at,sku,product_name,quantity,unit_price,customer_number\n";
    let lines = [
        "1,2026-11-01,A,りんご,1,100,7\n",
        "1,2026-11-01,A,りんご,1,100,7\n",
        "1,2026-11-01,B,みかん,2,50,7\n",
        "2,2026-11-02,A,りんご,1,100,8\n",
        "1,2026-11-01,A,りんご,1,100,7\n",
    ];
    let keys = |order: &[usize], line_keys_max: usize| {
        let file = order.iter().fold(header.to_owned(), |file, line| file + lines[*line]);
        let mut options = options();
        options.table.limits.line_keys_max = line_keys_max;
        let found = orders_with(file, &options).unwrap();
        let mut keys: Vec<String> = found
            .parts
            .iter()
            .flat_map(|part| part.lines.iter().map(|line| format!("{} {}", part.order_number, line.key)))
            .collect();
        keys.sort();
        keys
    };
    let expected = keys(&[0, 1, 2, 3, 4], 1_000);
    assert_eq!(expected.len(), 5);
    assert_eq!(expected.iter().collect::<HashSet<_>>().len(), 5, "identical lines survive");
    assert_eq!(keys(&[4, 3, 2, 1, 0], 1_000), expected);
    assert_eq!(keys(&[2, 0, 3, 1, 4], 1), expected, "also when counts lie on disk");
    let half = keys(&[3, 0, 1], 1_000);
    assert!(half.iter().all(|key| expected.contains(key)), "an overlapping file adds nothing new");
}

#[test]
fn a_stopped_reading_says_so_and_can_go_on_behind_a_line() {
    let mut file = "order_number,ordered_at,sku,quantity,unit_price,customer_number\n".to_owned();
    for number in 0..10_000 {
        file += &format!("{},2026-11-01,A,1,100,7\n", number / 3);
    }
    let mapping = super::mapping(&file, FileKind::Orders).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let (mut first, mut last_line) = (Vec::new(), 0);
    let watch = Watch { stop: Some(&stop), progress: None };
    let summary = read_orders(source(&file).unwrap(), &mapping, &options(), watch, |item| -> Result<(), Infallible> {
        let OrderItem::Part(part) = item else { panic!() };
        last_line = part.last_line;
        first.extend(part.lines.iter().map(|line| (part.order_number.clone(), line.key)));
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    });
    let summary = unfailing(summary).unwrap();
    assert!(summary.is_stopped && summary.progress.accepted < 10_000);

    let mut rest_options = options();
    rest_options.resume_after_line = last_line;
    let rest = orders_with(&file, &rest_options).unwrap();
    let rest = rest.parts.iter().flat_map(|part| part.lines.iter().map(|line| (part.order_number.clone(), line.key)));
    let both: HashSet<_> = first.iter().cloned().chain(rest).collect();
    assert_eq!(both.len(), 10_000, "nothing is lost between the two");
}
