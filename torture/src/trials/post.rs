//! One bad address, one slow server stops nobody else; each state is visible.

use crate::{
    Ground, Report,
    http::Client,
    mail_server::{MailServer, Treatment},
    postfix::{self, Postfix},
    program::{Home, free_port},
    shop::Shop,
};
use serde_json::{Value, json};
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// How the addresses of a campaign are treated, by their names.
fn by_name(recipient: &str) -> Treatment {
    match recipient {
        name if name.starts_with("hang") => Treatment::HangAfterContent,
        name if name.starts_with("busy") => Treatment::Busy,
        name if name.starts_with("lost") => Treatment::LoseAfterContent,
        _ => Treatment::Take,
    }
}

fn named(name: &str, count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("{name}{number}@example.com")).collect()
}

/// Through a real Postfix: an address that it refuses, servers that hang, close and break off, a refused connection and
/// a certificate that nobody trusts. Healthy recipients get their mail, once, and about as fast as always.
pub fn one_bad_address_stops_nobody(ground: &Ground) -> Result<Report, String> {
    if let Some(reason) = postfix::missing() {
        return Err(reason.to_owned());
    }
    let folder = tempfile::Builder::new().prefix("najimi-torture-").tempdir().unwrap();
    let office = Postfix::start(folder.path());
    let (healthy, bad) = (ground.pick(60, 500), 4);
    let mut shop = Shop::open_at(Home::new(&ground.najimi, folder.path()));
    for name in ["hang", "busy", "lost", "gone"] {
        shop.people(&named(name, bad));
    }
    shop.people(&named("m", healthy));
    let all = healthy + 4 * bad;

    // Nobody listens: everything waits, and the screen says why.
    shop.use_mail_server(free_port(), "none", true);
    let campaign = shop.send_campaign("post");
    wait_for_trouble(&mut shop, &campaign, "connect");
    // The way is not safe: nothing is sent over it.
    shop.use_mail_server(office.port, "starttls", true);
    wait_for_trouble(&mut shop, &campaign, "secure");
    assert_eq!(office.delivered().len(), 0, "nothing goes over a way that cannot be trusted");
    let before = shop.delivery(&campaign).unwrap();
    assert_eq!((before.open(), before.count("failed")), (all as u64, 0), "everybody's trouble costs nobody anything");

    let front = MailServer::open_with(&folder.path().join("front.log"), Some(office.port), by_name);
    shop.use_mail_server(front.port, "none", true);
    let mut last = Value::Null;
    let mut operator = shop.operator();
    let path = format!("/api/campaigns/{campaign}/delivery");
    shop.wait_until("sending around the bad ones", || {
        last = operator.get(&path).unwrap().json();
        last["accepted"] == healthy && last["failed"] == bad && last["unknown"] == bad && last["handed"] == bad
    });
    assert_eq!((&last["queued"], &last["held"], &last["trouble"]), (&json!(bad), &json!(0), &Value::Null), "{last}");
    assert_eq!(reasons(&mut operator, &campaign, "failed", "5.1.1"), bad, "a refusal is shown in the server's words");
    assert_eq!(reasons(&mut operator, &campaign, "queued", "come back later"), bad);
    let begun = Instant::now();
    while office.delivered().len() < healthy && begun.elapsed() < Duration::from_secs(60) {
        sleep(Duration::from_millis(100));
    }
    let mut delivered = office.delivered();
    delivered.sort();
    let mut expected = named("m", healthy);
    expected.sort();
    assert_eq!(delivered, expected, "Postfix has each healthy recipient's mail, once, and nobody else's");
    shop.kill();
    drop(office);

    let report = Report::new("one bad address or slow server stops nobody else", all as u64, "recipients")
        .figure("healthy, delivered by Postfix once each", healthy)
        .figure("refused 550, closed 421, broken off, hanging", format!("{bad} each"));
    if !ground.is_long {
        // Beside other tests a speed shows nothing.
        return Ok(report);
    }
    let speed = speed(ground);
    assert!(speed >= 0.9, "healthy recipients at {speed} of the normal speed");
    Ok(report.figure("speed for the healthy beside the bad ones, of normal", (speed * 100.0).round() / 100.0))
}

fn wait_for_trouble(shop: &mut Shop, campaign: &str, code: &str) {
    let mut operator = shop.operator();
    shop.wait_until("waiting for the trouble to be shown", || {
        let delivery = operator.get(&format!("/api/campaigns/{campaign}/delivery")).unwrap().json();
        delivery["trouble"]["code"] == code
    });
}

/// Messages of a state whose reason holds these words.
fn reasons(operator: &mut Client, campaign: &str, state: &str, words: &str) -> usize {
    let page = operator.get(&format!("/api/campaigns/{campaign}/messages?state={state}&limit=200")).unwrap().json();
    let rows = page["items"].as_array().unwrap().iter();
    rows.filter(|row| row["error"].as_str().is_some_and(|error| error.contains(words))).count()
}

/// How fast healthy recipients get their mails beside bad ones, as a part of how fast they get them alone.
fn speed(ground: &Ground) -> f64 {
    let healthy = 4_000;
    let alone = healthy_seconds(ground, healthy, 0);
    let beside = healthy_seconds(ground, healthy, 10);
    alone / beside
}

/// From the first healthy mail to the last one.
fn healthy_seconds(ground: &Ground, healthy: usize, bad: usize) -> f64 {
    let folder = tempfile::Builder::new().prefix("najimi-torture-").tempdir().unwrap();
    let front = MailServer::open_with(&folder.path().join("front.log"), None, |recipient| {
        if recipient.starts_with("gone") { Treatment::Unknown } else { by_name(recipient) }
    });
    front.take_time(Duration::from_millis(20));
    let mut shop = Shop::open_at(Home::new(&ground.najimi, folder.path()));
    for name in ["hang", "busy", "lost", "gone"] {
        shop.people(&named(name, bad));
    }
    shop.people(&named("m", healthy));
    shop.use_mail_server(front.port, "none", true);
    let campaign = shop.send_campaign("speed");
    let mut operator = shop.operator();
    shop.wait_until("sending", || {
        let delivery = operator.get(&format!("/api/campaigns/{campaign}/delivery")).unwrap().json();
        delivery["accepted"] == healthy
    });
    shop.kill();
    let taken = front.taken();
    let times = taken.iter().filter(|(name, _)| name.starts_with('m')).map(|(_, mails)| mails[0].named_at);
    let (first, last) = (times.clone().min().unwrap(), times.max().unwrap());
    last.duration_since(first).unwrap().as_secs_f64()
}
