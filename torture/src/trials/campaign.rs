//! A campaign is sent once.

use crate::{
    Ground, Report,
    chance::Chance,
    mail_server::MailServer,
    program::Home,
    shop::{Shop, address},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    thread::sleep,
    time::{Duration, Instant},
};

/// Mails that are on the wire at the same time, at the most (`SenderLimits::at_once_max`).
const AT_ONCE_MAX: u64 = 8;

struct Outcome {
    kills: u64,
    members: u64,
    accepted: u64,
    held: u64,
    unknown: u64,
    failed: u64,
    /// Mails by recipient, as the mail server has them.
    taken: BTreeMap<String, usize>,
    /// Kills that met messages in this state.
    met: BTreeMap<String, u64>,
    seconds: f64,
}

/// A campaign goes out while the program is killed again and again.
fn run(ground: &Ground, hold_unknown: bool, members: usize, kills: u64) -> Outcome {
    let mut chance = Chance::new(ground.seed + u64::from(hold_unknown));
    let folder = tempfile::Builder::new().prefix("najimi-torture-").tempdir().unwrap();
    let server = MailServer::open(&folder.path().join("taken.log"));
    server.take_time(Duration::from_millis(2));
    let mut shop = Shop::open_at(Home::new(&ground.najimi, folder.path()));
    shop.members(members);
    shop.use_mail_server(server.port, "none", hold_unknown);
    let begun = Instant::now();
    let campaign = shop.send_campaign("kills");
    let mut met: BTreeMap<String, u64> = BTreeMap::new();
    let mut done = 0;
    for kill in 0..kills {
        // The first ones meet the drawing and the queueing; each later one waits until its share has gone out, so that
        // they are spread over the whole campaign.
        let share = members as u64 * kill.saturating_sub(2) / kills;
        if kill > 2 {
            shop.wait_until("sending", || server.count() >= share);
        }
        sleep(Duration::from_millis(chance.between(0, ground.pick(150, 400))));
        shop.kill();
        done += 1;
        if ground.is_long || kill % 2 == 0 {
            let states = shop.books().pairs("SELECT state AS name, COUNT(*) AS value FROM messages GROUP BY state");
            for state in states.keys() {
                *met.entry(state.clone()).or_default() += 1;
            }
            if states.is_empty() {
                *met.entry("not queued yet".to_owned()).or_default() += 1;
            }
        }
        shop.start();
    }
    let mut last = None;
    let campaign_id = campaign.clone();
    let mut operator = shop.operator();
    shop.wait_until("sending the rest", || {
        let answer = operator.get(&format!("/api/campaigns/{campaign_id}/delivery")).ok();
        last = answer.filter(|answer| answer.is_yes()).map(|answer| crate::shop::Delivery(answer.json()));
        last.as_ref().is_some_and(|last| {
            last.open() == 0 && last.count("accepted") + last.count("held") > 0 && last.0["total"] == members
        })
    });
    let (last, seconds) = (last.unwrap(), begun.elapsed().as_secs_f64());
    shop.stop();
    let taken = server.taken().into_iter().map(|(recipient, mails)| {
        let ids: BTreeSet<_> = mails.iter().map(|mail| &mail.message_id).collect();
        assert_eq!(ids.len(), 1, "{recipient} got mails of different names");
        (recipient, mails.len())
    });
    Outcome {
        kills: done,
        members: members as u64,
        accepted: last.count("accepted"),
        held: last.count("held"),
        unknown: last.count("unknown"),
        failed: last.count("failed"),
        taken: taken.collect(),
        met,
        seconds,
    }
}

impl Outcome {
    fn doubled(&self) -> u64 {
        self.taken.values().map(|count| *count as u64 - 1).sum()
    }

    fn report(&self, promise: &'static str) -> Report {
        Report::new(promise, self.kills, "kills")
            .figure("mails planned", self.members)
            .figure("accepted", self.accepted)
            .figure("held", self.held)
            .figure("delivered, by the mail server's journal", self.taken.len())
            .figure("doubled", self.doubled())
            .figure("kills that met messages of each state", serde_json::json!(self.met))
            .figure("seconds, kills included", (self.seconds * 10.0).round() / 10.0)
    }
}

/// With `hold_unknown`: delivered and held are all, nobody gets two.
pub fn sent_once_when_the_unknown_is_held(ground: &Ground) -> Result<Report, String> {
    let outcome = run(ground, true, ground.pick(1_200, ground.mails), ground.pick(8, 60));
    assert_eq!(outcome.doubled(), 0, "nobody gets two");
    assert_eq!((outcome.unknown, outcome.failed), (0, 0));
    assert_eq!(outcome.accepted + outcome.held, outcome.members, "delivered and held are all");
    assert!(outcome.taken.len() as u64 >= outcome.accepted, "what is called accepted has arrived");
    assert!(outcome.taken.len() as u64 <= outcome.accepted + outcome.held, "what has arrived is accepted or held");
    assert!(outcome.held <= outcome.kills * AT_ONCE_MAX, "only what was on the wire is held");
    Ok(outcome.report("a campaign is sent once (what may have been delivered is held)"))
}

/// With `retry`: everybody gets one, and only those on the wire at a kill may get two.
pub fn sent_at_least_once_when_the_unknown_is_retried(ground: &Ground) -> Result<Report, String> {
    let outcome = run(ground, false, ground.pick(800, ground.mails / 5), ground.pick(5, 50));
    assert_eq!((outcome.held, outcome.unknown, outcome.failed), (0, 0, 0));
    assert_eq!(outcome.accepted, outcome.members, "everybody is written to");
    let missing =
        (1..=outcome.members as usize).filter(|number| !outcome.taken.contains_key(&address(*number))).count();
    assert_eq!(missing, 0, "everybody got it");
    assert!(outcome.doubled() <= outcome.kills * AT_ONCE_MAX, "{} doubled", outcome.doubled());
    Ok(outcome
        .report("a campaign is sent to everybody (what may have been delivered is sent again)")
        .figure("missing", missing)
        .figure("on the wire at the kills, at the most", outcome.kills * AT_ONCE_MAX))
}
