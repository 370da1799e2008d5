//! Backup and restore: under load, row by row, and with every kind of damage.

use super::{
    home::{Home, Server},
    rows,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// Sends batches until it is told to stop, and keeps its own list of what was acknowledged.
struct Load {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<Vec<u64>>>,
    threads: Vec<JoinHandle<()>>,
}

/// Events of one request.
const BATCH: u64 = 40;

impl Load {
    fn on(server: &Server, first: u64) -> Self {
        let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let key = server.key();
        let threads = (0..2_u64).map(|worker| {
            let (stop, acknowledged) = (stop.clone(), acknowledged.clone());
            let (address, key) = (server.address.clone(), key.clone());
            std::thread::spawn(move || {
                let mut next = first + worker * 1_000_000;
                while !stop.load(Ordering::Relaxed) {
                    let batch: Vec<Value> = (next..next + BATCH).map(event).collect();
                    let body = json!({ "batch": batch }).to_string();
                    let bearer = format!("Bearer {key}");
                    let answer =
                        super::home::call(&address, "POST", "/v1/batch", &[("authorization", &bearer)], &body).unwrap();
                    assert_eq!(answer.0, 200, "{answer:?}");
                    acknowledged.lock().unwrap().extend(next..next + BATCH);
                    next += BATCH;
                }
            })
        });
        Self { threads: threads.collect(), stop, acknowledged }
    }

    fn acknowledged(&self) -> Vec<u64> {
        self.acknowledged.lock().unwrap().clone()
    }

    fn wait_for(&self, events: usize) {
        while self.acknowledged.lock().unwrap().len() < events {
            assert!(self.threads.iter().all(|thread| !thread.is_finished()), "the load has broken off");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn stop(self) -> Vec<u64> {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.into_iter().for_each(|thread| thread.join().unwrap());
        Arc::into_inner(self.acknowledged).unwrap().into_inner().unwrap()
    }
}

/// Every fifth is an order, the others tell what somebody did.
fn event(n: u64) -> Value {
    let user = format!("u{}", n % 97);
    if n.is_multiple_of(5) {
        let products =
            json!([{ "product_id": format!("S{}", n % 11), "name": "皿", "price": 100, "quantity": 1 + n % 3 }]);
        let properties =
            json!({ "order_id": format!("o{n}"), "currency": "JPY", "total": 100 * (1 + n % 3), "products": products });
        json!({ "type": "track", "event": "Order Completed", "userId": user, "messageId": format!("m{n}"), "properties": properties })
    } else {
        json!({ "type": "track", "event": format!("Seen {n}"), "userId": user, "messageId": format!("m{n}") })
    }
}

/// How often each event is in the history, by its number.
fn times(home: &Home) -> BTreeMap<u64, i64> {
    let mut times = BTreeMap::new();
    let seen =
        home.ask("SELECT SUBSTR(name, 6) AS n, COUNT(*) AS times FROM events WHERE name LIKE 'Seen %' GROUP BY name");
    let orders = home.ask("SELECT SUBSTR(number, 2) AS n, COUNT(*) AS times FROM orders GROUP BY number");
    for row in seen.iter().chain(&orders) {
        times.insert(row["n"].as_str().unwrap().parse().unwrap(), row["times"].as_i64().unwrap());
    }
    times
}

fn sums(home: &Home) -> Vec<Value> {
    home.ask(
        "SELECT (SELECT COUNT(*) FROM orders) AS orders, (SELECT SUM(amount_minor) FROM orders) AS amount, \
         (SELECT COUNT(*) FROM order_lines) AS lines, (SELECT SUM(quantity) FROM order_lines) AS pieces, \
         (SELECT COUNT(*) FROM events) AS events, (SELECT COUNT(DISTINCT event_id) FROM events) AS event_ids",
    )
}

fn backup(home: &Home, name: &str) -> (PathBuf, Value) {
    let file = home.beside(name);
    let told = home.done(&["backup", file.to_str().unwrap(), "--json"]);
    (file, serde_json::from_str(&told).unwrap())
}

testing::on_both! {
    async fn all_that_was_acknowledged_is_in_a_backup_under_load(home: Home) {
        let server = home.serve();
        let load = Load::on(&server, 0);
        load.wait_for(2_000);
        let before = load.acknowledged();
        let (file, told) = backup(&home, "under-load.tar.zst");
        let during = load.acknowledged().len() - before.len();
        load.wait_for(before.len() + during + 400);
        let after = load.stop();
        server.stop();
        assert!(told["journal"]["live"].as_u64().unwrap() >= before.len() as u64, "{told}");

        let copy = home.another().await;
        copy.done(&["restore", file.to_str().unwrap()]);
        let server = copy.serve();
        assert!(server.said().contains("sending is paused since this copy was restored from the backup of 20"), "{}", server.said());
        server_catches_up(server);
        let times = times(&copy);
        for n in &before {
            assert_eq!(times.get(n), Some(&1), "event {n} was acknowledged before the backup");
        }
        let (doubled, unknown): (Vec<_>, Vec<_>) = (
            times.iter().filter(|(_, times)| **times != 1).collect(),
            times.keys().filter(|n| !after.contains(n)).collect(),
        );
        assert_eq!((doubled, unknown), (vec![], vec![]), "nothing twice, nothing that was not sent");
        eprintln!("{} acknowledged before, {during} while the backup was taken; {} restored, each once", before.len(), times.len());
        copy.forget_database(&home).await;
    }

    async fn a_quiet_copy_is_equal_row_by_row(home: Home) {
        let mut server = home.serve();
        let load = Load::on(&server, 0);
        load.wait_for(400);
        load.stop();
        let orders = home.file("orders.csv", "注文番号,受注日,会員ID,商品コード,商品名,個数,価格\n1,2026-10-01 10:00,7,A-1,皿,2,1200\n");
        home.done(&["import", "orders", orders.to_str().unwrap()]);
        server.catch_up();
        server.sign_in();
        let (file, _) = backup(&home, "quiet.tar.zst");
        let check = home.done(&["restore", "--check", file.to_str().unwrap()]);
        assert!(check.contains("is whole"), "{check}");
        server.stop();

        let copy = home.another().await;
        copy.done(&["restore", file.to_str().unwrap()]);
        let (mut ours, mut theirs) = (rows::all(&home).await, rows::all(&copy).await);
        assert_eq!(shown_pause(&copy)["is_paused"], true);
        // The restore itself is in the log, the pause and its own folder in the settings; what goes on by itself may have
        // gone on.
        for rows in [&mut ours, &mut theirs] {
            let of_the_copy = |row: &String| row.contains("channels.pause") || row.contains("records.folder");
            rows.get_mut("settings").unwrap().retain(|row| !of_the_copy(row));
            rows.get_mut("audit_log").unwrap().retain(|row| !row.contains("backup.restore"));
            rows.remove("history_pending");
        }
        for (table, rows) in &ours {
            assert_eq!(rows, &theirs[table], "{table}");
        }
        assert_eq!(ours.len(), theirs.len());
        for file in ["links.key", "secrets.key"] {
            assert_eq!(std::fs::read(home.data().join(file)).unwrap(), std::fs::read(copy.data().join(file)).unwrap());
        }
        server_catches_up(copy.serve());
        assert_eq!(sums(&copy), sums(&home));

        // What is restored is a shop like any: it goes on.
        let mut server = copy.serve();
        server.sign_in();
        let lines = server.get("/api/imports");
        assert!(lines.1.contains("orders.csv"), "{lines:?}");
        copy.done(&["sending", "resume"]);
        assert_eq!(shown_pause(&copy)["is_paused"], false);
        server.stop();
        let into_full = copy.najimi(&["restore", file.to_str().unwrap()]);
        assert!(into_full.code == 1 && into_full.err.contains("is not empty"), "{into_full:?}");
        copy.forget_database(&home).await;
    }
}

fn shown_pause(home: &Home) -> Value {
    serde_json::from_str(&home.done(&["sending", "show", "--json"])).unwrap()
}

fn server_catches_up(mut server: Server) {
    server.sign_in();
    server.catch_up();
    server.stop();
}

#[test]
fn a_backup_goes_to_the_database_that_it_came_from() {
    let home = Home::new(String::new());
    home.set_up();
    let (file, told) = backup(&home, "small.tar.zst");
    assert_eq!(told["database"], "sqlite");
    let again = home.najimi(&["backup", file.to_str().unwrap()]);
    assert!(again.code == 1 && again.err.contains("is not empty"), "nothing is written over: {again:?}");
    let other = Home::new("postgres://nobody@127.0.0.1:1/nothing".to_owned());
    let told = other.najimi(&["restore", file.to_str().unwrap()]);
    assert!(
        told.code == 1 && told.err.contains("holds records of sqlite, and `records.url` names postgres"),
        "{told:?}"
    );
    assert!(!other.data().exists(), "nothing is left behind");
    let nothing = Home::new(String::new()).najimi(&["backup", "somewhere.tar.zst"]);
    assert!(nothing.code == 1 && nothing.err.contains("there is nothing to back up"), "{nothing:?}");
    let folder = home.beside("backups");
    std::fs::create_dir(&folder).unwrap();
    home.done(&["backup", folder.to_str().unwrap()]);
    let names: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.len() == 1 && names[0].starts_with("najimi-20") && names[0].ends_with("Z.tar.zst"), "{names:?}");
}

/// Damaged copies of one backup.
const DAMAGES: u64 = 160;

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap()
    }
}

fn damage(bytes: &mut Vec<u8>, dice: &mut Dice, kind: u64) {
    let place = dice.below(bytes.len());
    match kind % 5 {
        0 | 1 => bytes[place] ^= 1 << dice.below(8),
        2 => bytes.truncate(place),
        3 => {
            let end = (place + 1 + dice.below(512)).min(bytes.len());
            bytes[place..end].iter_mut().for_each(|byte| *byte = !*byte);
        }
        _ => {
            let end = (place + 1 + dice.below(64)).min(bytes.len());
            bytes.drain(place..end);
        }
    }
}

#[test]
fn every_damage_is_found_and_its_member_named() {
    let home = Home::new(String::new());
    let server = home.serve();
    let load = Load::on(&server, 0);
    load.wait_for(300);
    load.stop();
    server.catch_up();
    server.stop();
    let (file, _) = backup(&home, "whole.tar.zst");
    let whole = std::fs::read(&file).unwrap();
    let mut dice = Dice(7);
    let (mut named, mut undetected) = (0, Vec::new());
    for kind in 0..DAMAGES {
        let mut bytes = whole.clone();
        damage(&mut bytes, &mut dice, kind);
        let damaged = home.file("damaged.tar.zst", &bytes);
        let told = home.najimi(&["restore", "--check", damaged.to_str().unwrap()]);
        if told.code != 1 || told.err.trim().is_empty() {
            undetected.push((kind, told));
        } else if told.err.contains("the backup is damaged in `") {
            named += 1;
        }
    }
    assert!(undetected.is_empty(), "{undetected:?}");
    assert!(named * 10 >= DAMAGES * 8, "only {named} of {DAMAGES} were named");
    eprintln!("{DAMAGES} damaged backups, all found; {named} with the member");
    damaged_restore_leaves_nothing(&home, &whole);
}

fn damaged_restore_leaves_nothing(home: &Home, whole: &[u8]) {
    let mut bytes = whole.to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let file = home.file("damaged.tar.zst", &bytes);
    let other = Home::new(String::new());
    let told = other.najimi(&["restore", file.to_str().unwrap()]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(left_in(other.data().parent().unwrap()).is_empty(), "{:?}", left_in(other.data().parent().unwrap()));
}

fn left_in(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}
