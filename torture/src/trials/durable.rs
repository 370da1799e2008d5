//! Acknowledged only after the disk has confirmed; an error of the disk is never tried away.

use super::traffic::Traffic;
use crate::{
    Ground, Report,
    report::seconds,
    shop::Shop,
    trace::{self, Call},
};
use serde_json::json;
use std::{
    collections::HashMap,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

/// The file of the live journal.
fn journal(shop: &Shop) -> PathBuf {
    shop.home.data.join("journal/live").join(format!("{:020}.log", 0))
}

/// The order of system calls: the answer to an event is written only after `fdatasync` has returned on the file that
/// the event was written to before.
pub fn acknowledged_only_after_the_disk(ground: &Ground) -> Result<Report, String> {
    if let Some(reason) = trace::missing() {
        return Err(reason);
    }
    let (clients, each) = (6, ground.pick(25, 400));
    let mut shop = Shop::open(ground, &[]);
    shop.kill();
    let file = shop.home.log.with_extension("trace");
    let watched = "trace=read,recvfrom,write,writev,sendto,sendmsg,fdatasync";
    shop.home.under = trace::under(&file, &["-y", "-s", "30000", "-e", watched]);
    shop.start();
    let threads: Vec<_> = (0..clients)
        .map(|client| {
            let mut source = shop.source();
            thread::spawn(move || {
                for number in 0..each {
                    let event = json!({ "event": "Looked", "messageId": format!("mark-{client}-{number}-end"), "userId": "u1" });
                    source.send("POST", "/v1/track", &event).unwrap().json();
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    shop.kill();
    // The tracer writes its last lines when the program has ended.
    thread::sleep(Duration::from_millis(500));
    let calls = trace::read(&file);
    let path = journal(&shop).display().to_string();
    let (checked, early, groups) = check_order(&calls, &path);
    assert_eq!(early, 0, "answers before the disk has confirmed");
    assert_eq!(checked, clients * each, "each answer was seen in the trace");
    Ok(Report::new("acknowledged only after the disk has confirmed", checked, "acknowledgements traced")
        .figure("early", early)
        .figure("confirmations of the disk that they shared", groups))
}

/// Counts answers, those that came too early, and confirmations of the disk.
fn check_order(calls: &[Call], path: &str) -> (u64, u64, u64) {
    let on_journal = |call: &&Call| call.file().contains(path);
    let writes: Vec<&Call> = calls.iter().filter(|call| call.is("write")).filter(on_journal).collect();
    let syncs: Vec<&Call> =
        calls.iter().filter(|call| call.is("fdatasync") && call.is_zero()).filter(on_journal).collect();
    let mut asked: HashMap<String, String> = HashMap::new();
    let (mut checked, mut early) = (0, 0);
    for call in calls {
        if call.is("read") || call.is("recvfrom") {
            // From a connection; the pipeline reads the marks from the journal too.
            if let Some(mark) = mark_of(&call.text).filter(|_| call.file().contains("socket:")) {
                asked.insert(call.file().to_owned(), mark);
            }
        } else if call.text.contains("HTTP/1.1 200") && !call.file().contains(path) {
            let Some(mark) = asked.remove(call.file()) else { continue };
            checked += 1;
            let written = writes.iter().find(|write| write.text.contains(&mark));
            let is_confirmed = written.is_some_and(|written| {
                syncs
                    .iter()
                    .any(|sync| sync.thread == written.thread && sync.began > written.ended && sync.ended < call.began)
            });
            early += u64::from(!is_confirmed);
        }
    }
    (checked, early, syncs.len() as u64)
}

fn mark_of(text: &str) -> Option<String> {
    let from = text.find("mark-")?;
    let end = text[from..].find("-end")?;
    Some(text[from..from + end + 4].to_owned())
}

/// `fdatasync` on the journal fails once: nothing is acknowledged from then on, nothing is tried again (the second try
/// would succeed, and lie), and the program says so. After the next start all that was acknowledged is there.
pub fn an_error_of_the_disk_is_never_acknowledged(ground: &Ground) -> Result<Report, String> {
    if let Some(reason) = trace::missing() {
        return Err(reason);
    }
    let trials = ground.pick(1, 10);
    let mut slowest = Duration::ZERO;
    for trial in 0..trials {
        let mut shop = Shop::open(ground, &[]);
        shop.kill();
        let (file, path) = (shop.home.log.with_extension("trace"), journal(&shop));
        let fault = format!("inject=fdatasync:error=EIO:when={}", 12 + trial);
        let path_text = path.display().to_string();
        shop.home.under = trace::under(&file, &["-y", "-P", &path_text, "-e", "trace=fdatasync", "-e", &fault]);
        shop.start();
        let (mut source, mut acknowledged) = (shop.source(), 0_u64);
        let refused = loop {
            let begun = Instant::now();
            let event = json!({ "event": "Order Completed", "messageId": format!("d-{acknowledged}"), "userId": "u1",
                "properties": { "order_id": format!("d-{acknowledged}"), "products": [{ "sku": "TEA", "price": 100, "quantity": 1 }] } });
            let answer = source.send("POST", "/v1/track", &event).unwrap();
            if !answer.is_yes() {
                slowest = slowest.max(begun.elapsed());
                break answer;
            }
            acknowledged += 1;
            assert!(acknowledged < 1_000, "the disk's error was not noticed");
        };
        assert_eq!(refused.status, 503);
        assert!(refused.text().contains("journal_stopped"), "it says why: {}", refused.text());
        let more = json!({ "event": "Looked", "messageId": "late", "userId": "u1" });
        for _ in 0..20 {
            assert_eq!(source.send("POST", "/v1/track", &more).unwrap().status, 503, "and goes on to refuse");
        }
        assert_eq!(shop.visitor().get("/readyz").unwrap().status, 503);
        assert!(shop.operator().get("/api/customers").unwrap().is_yes(), "reading goes on");
        shop.kill();
        thread::sleep(Duration::from_millis(300));
        let calls = trace::read(&file);
        let failed = calls.iter().position(|call| call.text.contains("EIO")).unwrap();
        assert_eq!(
            calls[failed + 1..].iter().filter(|call| call.is("fdatasync")).count(),
            0,
            "the disk is not asked again"
        );
        shop.home.under.clear();
        shop.start();
        shop.catch_up();
        let found = shop.books().number("SELECT COUNT(*) AS value FROM orders WHERE number LIKE 'd-%'") as u64;
        assert!(
            found == acknowledged || found == acknowledged + 1,
            "{acknowledged} were acknowledged, {found} are there"
        );
        let traffic = Traffic::start(&shop, 1, ground.seed, Duration::from_millis(1));
        thread::sleep(Duration::from_millis(200));
        let sent = traffic.end();
        assert!(!sent.numbers.is_empty(), "it accepts again");
        shop.catch_up();
    }
    Ok(Report::new("an error of the disk is never acknowledged and never tried again", trials, "errors of fdatasync")
        .figure("seconds until it refuses and says why, slowest", seconds(slowest)))
}
