//! Consent is read at the moment of sending; a person unsubscribes, and no program does it for them.

use crate::{
    Ground, Report,
    chance::Chance,
    http::Client,
    mail_server::MailServer,
    program::Home,
    report::{quantile, seconds},
    shop::{Shop, address},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
    time::{Duration, Instant, SystemTime},
};

/// People who say no while a campaign to them goes out, and when that was acknowledged.
struct Refusing {
    source: Client,
    people: Vec<usize>,
    chance: Chance,
    rest: Duration,
}

impl Refusing {
    fn run(mut self) -> Vec<(usize, SystemTime)> {
        let mut said = Vec::new();
        for person in std::mem::take(&mut self.people) {
            thread::sleep(self.rest);
            let user = format!("m{person}");
            // A no is a no, in whatever words of the API.
            let (path, event) = match self.chance.between(0, 3) {
                0 => (
                    "/v1/track",
                    json!({ "event": "Consent Changed", "userId": user, "properties": { "channel": "email", "state": "denied" } }),
                ),
                1 => ("/v1/track", json!({ "event": "Unsubscribed", "userId": user })),
                _ => (
                    "/v1/identify",
                    json!({ "userId": user, "traits": { "consents": [{ "channel": "email", "state": "denied" }] } }),
                ),
            };
            self.source.send("POST", path, &event).unwrap().json();
            said.push((person, SystemTime::now()));
        }
        said
    }
}

/// Half of the people withdraw while a campaign goes out: nobody is written to after their no was acknowledged.
pub fn read_at_the_moment_of_sending(ground: &Ground) -> Result<Report, String> {
    let (members, clients) = (ground.pick(480, 6_000), 4);
    let folder = tempfile::Builder::new().prefix("najimi-torture-").tempdir().unwrap();
    let server = MailServer::open(&folder.path().join("taken.log"));
    // While people withdraw, so slow that most do it before their turn.
    server.take_time(Duration::from_millis(200));
    let mut shop = Shop::open_at(Home::new(&ground.najimi, folder.path()));
    shop.members(members);
    shop.use_mail_server(server.port, "none", true);
    let mut chance = Chance::new(ground.seed);
    let mut people: Vec<usize> = (1..=members).filter(|_| chance.one_in(2)).collect();
    for place in (1..people.len()).rev() {
        people.swap(place, chance.between(0, place as u64 + 1) as usize);
    }
    let campaign = shop.send_campaign("consent");
    shop.wait_until("beginning to send", || server.count() > 0);
    let threads: Vec<_> = (0..clients)
        .map(|client| {
            let people = people.iter().skip(client).step_by(clients).copied().collect();
            let chance = Chance::new(ground.seed + client as u64);
            let refusing = Refusing { source: shop.source(), people, chance, rest: Duration::from_millis(5) };
            thread::spawn(move || refusing.run())
        })
        .collect();
    let said: BTreeMap<usize, SystemTime> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    server.take_time(Duration::from_millis(2));
    let mut operator = shop.operator();
    shop.wait_until("sending the rest", || {
        let delivery = operator.get(&format!("/api/campaigns/{campaign}/delivery")).unwrap().json();
        delivery["queued"] == 0 && delivery["claimed"] == 0 && delivery["handed"] == 0 && delivery["total"] == members
    });
    let delivery = shop.delivery(&campaign).unwrap();
    say_yes_again(&mut shop, *said.keys().next().unwrap());
    shop.stop();
    let taken = server.taken();
    let handed = shop
        .books()
        .pairs("SELECT address AS name, sent_at AS value FROM messages WHERE state IN ('accepted', 'unknown', 'held')");
    let micros = |at: SystemTime| at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_micros() as i64;
    let (mut after, mut on_its_way, mut longest) = (0, 0, Duration::ZERO);
    for (person, said_at) in &said {
        let Some(mails) = taken.get(&address(*person)) else { continue };
        // When the program gave it to the wire: the last moment at which it could still ask.
        after += u64::from(handed.get(&address(*person)).is_some_and(|at| *at > micros(*said_at)));
        if let Ok(late) = mails[0].named_at.duration_since(*said_at) {
            on_its_way += 1;
            longest = longest.max(late);
        }
    }
    let refused = delivery.skipped("no_consent") + delivery.skipped("suppressed");
    assert_eq!(after, 0, "mails that left after their person's no was acknowledged");
    assert_eq!(delivery.count("accepted") + refused, members as u64, "{delivery:?}");
    assert_eq!(taken.len() as u64, delivery.count("accepted"));
    assert!(refused > said.len() as u64 / 4, "too few withdrew before their turn for this to show anything: {refused}");
    Ok(Report::new("consent is read at the moment of sending", said.len() as u64, "withdrawals under load")
        .figure("mails", taken.len())
        .figure("withdrawn before their turn, not sent", refused)
        .figure("sent after the withdrawal was acknowledged", after)
        .figure("on the wire already when it was acknowledged", on_its_way)
        .figure("of these the longest, in seconds", seconds(longest)))
}

/// A yes lifts what an earlier no has stopped.
fn say_yes_again(shop: &mut Shop, person: usize) {
    let consents = json!([{ "channel": "email", "state": "granted", "basis": "店頭" }]);
    let event = json!({ "userId": format!("m{person}"), "traits": { "consents": consents } });
    let address = address(person);
    let stopped = format!("SELECT COUNT(*) AS value FROM suppressions WHERE address = '{address}'");
    assert_eq!(shop.books().number(&stopped), 1, "a no stops the address at once");
    shop.source().send("POST", "/v1/identify", &event).unwrap().json();
    shop.catch_up();
    assert_eq!(shop.books().number(&stopped), 0, "a later yes lifts it");
}

/// Every link of every mail is fetched three times, as scanners do, and nothing changes; one click stops the mails.
pub fn unsubscribed_by_a_person_only(ground: &Ground) -> Result<Report, String> {
    let members = ground.pick(24, 120);
    let folder = tempfile::Builder::new().prefix("najimi-torture-").tempdir().unwrap();
    let server = MailServer::open(&folder.path().join("taken.log"));
    let mut shop = Shop::open_at(Home::new(&ground.najimi, folder.path()));
    shop.members(members);
    shop.use_mail_server(server.port, "none", true);
    let campaign = shop.send_campaign("links");
    let (path, mut operator) = (format!("/api/campaigns/{campaign}/delivery"), shop.operator());
    shop.wait_until("sending", || operator.get(&path).unwrap().json()["accepted"] == members);
    let start = format!("http://{}", shop.home.address);
    let before = standing(&shop);
    let (mut visitor, mut fetched, mut stops) = (shop.visitor(), 0, BTreeMap::new());
    for (recipient, mails) in server.taken() {
        let mail = readable(mails[0].content.as_deref().unwrap());
        let links = links(&mail, &start);
        for kind in ["/o/", "/c/", "/u/"] {
            assert!(links.iter().any(|link| link.starts_with(kind)), "{recipient} got no link of {kind}");
        }
        for link in &links {
            for _ in 0..3 {
                let answer = visitor.get(link).unwrap();
                assert!(matches!(answer.status, 200 | 302), "{link}: {}", answer.status);
                fetched += 1;
            }
        }
        let header = mail.lines().find_map(|line| line.strip_prefix("List-Unsubscribe:")).unwrap();
        let link = header.split(['<', '>']).nth(1).unwrap().strip_prefix(&start).unwrap().to_owned();
        assert!(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
        stops.insert(recipient, link);
    }
    shop.catch_up();
    assert_eq!(standing(&shop), before, "fetching links changes nothing");
    let mut durations = Vec::new();
    let leaving: BTreeSet<&String> = stops.keys().step_by(2).collect();
    for recipient in &leaving {
        let begun = Instant::now();
        let body = ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click".as_slice());
        let answer = visitor.call("POST", &stops[*recipient], Some(body)).unwrap();
        assert!(answer.is_yes(), "{} {}", answer.status, answer.text());
        durations.push(begun.elapsed());
    }
    let suppressed = shop.books().texts("SELECT address AS value FROM suppressions ORDER BY address", vec![]);
    assert_eq!(
        suppressed,
        leaving.iter().map(|recipient| (*recipient).clone()).collect::<Vec<_>>(),
        "in effect with the answer"
    );
    let second = shop.send_campaign("after");
    let path = format!("/api/campaigns/{second}/delivery");
    let staying = members - leaving.len();
    shop.wait_until("sending to those who stayed", || operator.get(&path).unwrap().json()["accepted"] == staying);
    let twice = server.taken().into_iter().filter(|(_, mails)| mails.len() > 1).map(|(recipient, _)| recipient);
    assert_eq!(twice.filter(|recipient| leaving.contains(recipient)).count(), 0, "who left gets nothing more");
    let slowest = quantile(&mut durations, 1.0);
    assert!(slowest <= ground.pick(10.0, 1.0), "it took {slowest} s");
    Ok(Report::new("unsubscribing works, and by a person only", fetched, "links fetched")
        .figure("changes by fetching", 0)
        .figure("one-click requests", durations.len())
        .figure("seconds until in effect, slowest", slowest))
}

/// All that a fetched link might have changed for a person.
fn standing(shop: &Shop) -> BTreeMap<String, i64> {
    let books = shop.books();
    let mut all = books.pairs("SELECT state AS name, COUNT(*) AS value FROM consents GROUP BY state");
    all.extend(books.pairs("SELECT 'message ' || state AS name, COUNT(*) AS value FROM messages GROUP BY state"));
    all.insert("suppressions".to_owned(), books.number("SELECT COUNT(*) AS value FROM suppressions"));
    all.insert("people".to_owned(), books.number("SELECT COUNT(*) AS value FROM customers"));
    all
}

/// The headers without their folds, and the bodies without their base64.
fn readable(mail: &str) -> String {
    let mut text = mail.replace("\r\n ", " ").replace("\r\n\t", " ");
    for part in mail.split("Content-Transfer-Encoding: base64").skip(1) {
        let body = part.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let letters: String = body.lines().take_while(|line| !line.is_empty() && !line.starts_with("--")).collect();
        text.push_str(&String::from_utf8_lossy(&STANDARD.decode(letters).unwrap()).replace("&#x2f;", "/"));
    }
    text
}

/// Our own links in a mail, without the beginning of the address.
fn links(mail: &str, start: &str) -> BTreeSet<String> {
    let rest = mail.split(start).skip(1);
    let link = |rest: &str| {
        let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || "/-_.~".contains(letter)));
        rest[..end.unwrap_or(rest.len())].to_owned()
    };
    rest.map(link).filter(|link| link.len() > 4).collect()
}
