//! The process dies in the middle of an import: after the start the import goes on, its account is that of one that was
//! never disturbed, and nothing is there twice: what comes twice bears the same id, by which the pipeline drops it.

use super::{choices, shop::Shop};
use axum::http::Method;
use serde_json::Value;
use std::{
    collections::HashSet,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};
use vocabulary::Event;

const CHILD: &str = "NAJIMI_TEST_IMPORT_CHILD";
const ORDERS: u64 = 40_000;

/// Orders of two lines, with some that are given back, free, broken or of nobody.
fn file() -> String {
    let mut file = String::from("order_number,customer_number,ordered_at,sku,product_name,quantity,unit_price\n");
    for order in 0..ORDERS {
        let customer = if order % 9 == 0 { String::new() } else { format!("C{}", order % 3_000) };
        let (day, sku) = (order % 28 + 1, order % 500);
        let quantity = if order % 31 == 0 { "-1" } else { "2" };
        let price = if order % 47 == 0 { "0" } else { "1280" };
        let _ = writeln!(file, "N{order},{customer},2026-10-{day:02} 10:00,S{sku},石けん,{quantity},{price}");
        let quantity = if order % 101 == 0 { "many" } else { "1" };
        let _ = writeln!(file, "N{order},{customer},2026-10-{day:02} 10:00,T{sku},手ぬぐい,{quantity},990");
    }
    file
}

/// What the process that will be killed does: it runs the jobs.
#[test]
fn a_process_to_be_killed() {
    let Some(at) = std::env::var_os(CHILD) else { return };
    let at = at.into_string().unwrap();
    let (url, home) = at.split_once('\n').unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let shop = Shop::at(url, PathBuf::from(home)).await;
        shop.take_over().await;
        shop.work().await;
    });
}

fn start(url: &str, home: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "imports::resume::a_process_to_be_killed"])
        .env(CHILD, format!("{url}\n{}", home.display()))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn journalled_bytes(home: &Path) -> u64 {
    let files = std::fs::read_dir(home.join("backfill")).unwrap();
    files.filter_map(|file| file.unwrap().metadata().ok()).map(|file| file.len()).sum()
}

/// Starts the import and lets it die `kills` times, each time when some more of the file is in the journal.
async fn import(shop: &mut Shop, cookie: &str, kills: u64) -> (Value, u64) {
    let uploaded = shop.upload(cookie, "orders", &file()).await.json();
    let path = format!("/api/imports/{}", uploaded["import_id"].as_str().unwrap());
    shop.call(cookie, Method::POST, &format!("{path}/start"), Some(choices(&uploaded["preview"]))).await.json();
    let (url, home) = shop.close();
    let mut killed = 0;
    for kill in 0..kills {
        let before = journalled_bytes(&home);
        let mut child = start(&url, &home);
        while journalled_bytes(&home) < before + 1_000_000 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_millis(kill * 37 % 90));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
    }
    assert!(start(&url, &home).wait().unwrap().success());
    shop.open().await;
    let done = shop.call(cookie, Method::GET, &path, None).await.json();
    assert_eq!(done["state"], "done", "{done}");
    (done, killed)
}

/// What the journal holds from a place on, in its order, without what the pipeline drops and what is given anew each
/// time; and how many events there are in all.
fn told(shop: &Shop, from: u64) -> (Vec<String>, u64) {
    let (mut at, mut seen, mut events) = (from, HashSet::new(), Vec::new());
    loop {
        let entries = shop.intake.backfill.read_from(at, 5_000, 16 << 20).unwrap();
        let Some(last) = entries.last() else { return (events, at - from) };
        at = last.position + 1;
        for entry in &entries {
            let event: Event = serde_json::from_slice(&entry.payload).unwrap();
            if seen.insert(event.message_id.clone()) {
                let line = event.message_id.splitn(4, ':').last().unwrap().to_owned();
                events.push(format!("{line} {:?} {} {}", event.user_id, event.occurred_at, event.properties["order"]));
            }
        }
    }
}

testing::on_both! {
    async fn an_import_goes_on_after_the_process_was_killed(shop: Shop) {
        let kills: u64 = std::env::var("NAJIMI_TEST_KILLS").map_or(4, |kills| kills.parse().unwrap());
        let mut shop = shop;
        let cookie = shop.sign_in().await;
        let (undisturbed, _) = import(&mut shop, &cookie, 0).await;
        let (expected, begun) = told(&shop, 0);
        assert_eq!(begun, expected.len() as u64);
        let (disturbed, killed) = import(&mut shop, &cookie, kills).await;
        assert!(killed > 0, "it was never killed in the middle");
        for field in ["lines", "classes", "effect"] {
            assert_eq!(disturbed[field], undisturbed[field], "{field}");
        }
        assert_eq!(disturbed["lines"], ORDERS * 2);
        let (after_kills, entries) = told(&shop, begun);
        assert!(after_kills == expected, "the events differ");
        let count = expected.len();
        eprintln!("{killed} kills in the middle, {entries} entries for {count} events: 0 missing, 0 others");
    }
}
