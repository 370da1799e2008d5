//! The way of messages: queued once, captured or sent once, each told as it was.

use crate::{
    post_office::PostOffice,
    shop::{CAMPAIGN, Shop, limits, office},
};
use access::Role;
use axum::http::{Method, StatusCode};
use channels::{
    Sender, SenderLimits,
    mail::SmtpLimits,
    outbox::{self, Delivery},
    sendings::{self, SendingState},
};
use std::{collections::BTreeMap, time::Duration};
use vocabulary::event::names;

testing::on_both! {
    async fn queueing_twice_is_queueing_once(shop: Shop) {
        let people = shop.people(3).await;
        assert_eq!(shop.queue(CAMPAIGN, &people).await, 3);
        assert_eq!(shop.queue(CAMPAIGN, &people).await, 0);
        assert!(!outbox::is_finished(&shop.records.reader(), CAMPAIGN).await.unwrap());
        shop.send().await;
        assert_eq!(shop.queue(CAMPAIGN, &people).await, 0, "nor after they were sent");
        shop.send().await;
        assert_eq!(shop.delivery(CAMPAIGN).await, Delivery { captured: 3, total: 3, ..Delivery::default() });
        assert!(outbox::is_finished(&shop.records.reader(), CAMPAIGN).await.unwrap());
        assert_eq!(shop.told(names::MAIL_CAPTURED).await.len(), 3);
        assert_eq!(shop.told(names::MAIL_ACCEPTED).await.len(), 0, "kept is not delivered");
    }

    async fn while_all_sending_is_paused_nothing_is_sent_or_kept(shop: Shop) {
        let owner = shop.sign_in(Role::Owner).await;
        let people = shop.people(3).await;
        shop.queue(CAMPAIGN, &people).await;
        let change = |is_paused: bool| Some(serde_json::json!({ "is_paused": is_paused }));
        let paused = shop.call(&owner, Method::PUT, "/api/settings/sending", change(true)).await;
        assert_eq!((paused.status, paused.json()["pause"]["reason"].as_str()), (StatusCode::OK, Some("asked")));
        shop.send().await;
        assert_eq!(shop.delivery(CAMPAIGN).await, Delivery { queued: 3, total: 3, ..Delivery::default() });
        let told = shop.call(&owner, Method::GET, &format!("/api/campaigns/{CAMPAIGN}/delivery"), None).await.json();
        assert_eq!(told["trouble"]["code"], "paused");

        let resumed = shop.call(&owner, Method::PUT, "/api/settings/sending", change(false)).await;
        assert!(resumed.json()["pause"].is_null());
        shop.send().await;
        assert_eq!(shop.delivery(CAMPAIGN).await, Delivery { captured: 3, total: 3, ..Delivery::default() });
        for action in ["sending.pause", "sending.resume"] {
            assert_eq!(shop.count(&format!("audit_log WHERE action = '{action}'")).await, 1, "{action}");
        }
    }

    async fn who_says_no_between_planning_and_sending_gets_nothing(shop: Shop) {
        let office = office(&shop).await;
        let people = shop.people(3).await;
        shop.queue(CAMPAIGN, &people).await;
        shop.say(2, "denied").await;
        shop.send().await;
        let expected = Delivery { accepted: 2, skipped: vec![("no_consent".to_owned(), 1)], total: 3, ..Delivery::default() };
        assert_eq!(shop.delivery(CAMPAIGN).await, expected);
        assert!(!office.delivered().contains_key("p2@example.com"));
    }

    async fn who_says_no_while_waiting_for_the_wire_gets_nothing(shop: Shop) {
        let office = office(&shop).await;
        // One line only, and its first mail hangs; the others were claimed with it.
        for customer in 1..=4 {
            shop.person(customer, &format!("mute{customer}@example.com")).await;
        }
        shop.queue(CAMPAIGN, &[1, 2, 3, 4]).await;
        let mut sender = Sender::new(shop.channels.clone(), SenderLimits { at_once_max: 1, ..limits() });
        let sending = tokio::spawn(async move { sender.drain().await.unwrap() });
        while office.delivered().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        for customer in 1..=4 {
            shop.say(customer, "denied").await;
        }
        sending.await.unwrap();
        assert_eq!(office.delivered().len(), 1);
        let delivery = shop.delivery(CAMPAIGN).await;
        assert_eq!((delivery.unknown, delivery.skipped), (1, vec![("no_consent".to_owned(), 3)]));
    }

    async fn one_bad_address_and_one_mute_server_stop_nobody(shop: Shop) {
        let office = office(&shop).await;
        for (customer, name) in ["p1", "gone2", "busy3", "lost4", "mute5", "p6"].iter().enumerate() {
            shop.person(u32::try_from(customer).unwrap() + 1, &format!("{name}@example.com")).await;
        }
        shop.queue(CAMPAIGN, &[1, 2, 3, 4, 5, 6]).await;
        shop.send().await;
        let expected = Delivery { accepted: 2, failed: 1, unknown: 2, queued: 1, total: 6, ..Delivery::default() };
        assert_eq!(shop.delivery(CAMPAIGN).await, expected);
        assert_eq!(shop.count("suppressions WHERE address = 'gone2@example.com' AND reason = 'bounced'").await, 1);
        assert_eq!((shop.told(names::MAIL_ACCEPTED).await.len(), shop.told(names::MAIL_FAILED).await.len()), (2, 1));
        shop.send().await;
        assert_eq!(shop.delivery(CAMPAIGN).await, expected, "not before its time");
        for _ in 0..8 {
            shop.pass_seconds(12 * 3_600);
            shop.send().await;
        }
        let expected = Delivery { accepted: 2, failed: 2, unknown: 2, total: 6, ..Delivery::default() };
        assert_eq!(shop.delivery(CAMPAIGN).await, expected, "given up in the end");
        let once = ["lost4", "mute5", "p1", "p6"].map(|name| (format!("{name}@example.com"), 1));
        assert_eq!(office.delivered(), BTreeMap::from(once), "nothing twice");
    }

    async fn a_few_recipients_whose_server_falls_silent_slow_nobody_down(shop: Shop) {
        let office = office(&shop).await;
        for customer in 1..=24 {
            let name = if customer % 4 == 0 { "mute" } else { "p" };
            shop.person(customer, &format!("{name}{customer}@example.com")).await;
        }
        shop.queue(CAMPAIGN, &(1..=24).collect::<Vec<_>>()).await;
        let patient = SmtpLimits { content_timeout: Duration::from_secs(60), ..limits().smtp };
        let narrow = SenderLimits { at_once_max: 2, stuck_after: Duration::from_millis(100), smtp: patient, ..limits() };
        let mut sender = Sender::new(shop.channels.clone(), narrow);
        let sending = tokio::spawn(async move { sender.drain().await });
        while shop.delivery(CAMPAIGN).await.accepted < 18 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let delivery = shop.delivery(CAMPAIGN).await;
        assert_eq!((delivery.unknown, delivery.handed + delivery.claimed), (0, 6), "the silent ones are still waited for");
        sending.abort();
        assert!(office.delivered().values().all(|count| *count == 1));
    }

    async fn what_may_have_been_delivered_is_sent_again_only_when_the_settings_say_so(shop: Shop) {
        let office = office(&shop).await;
        shop.save_settings(|settings| {
            settings.smtp = Some(crate::shop::server(office.port));
            settings.hold_unknown = false;
        }).await;
        shop.person(1, "lost1@example.com").await;
        shop.queue(CAMPAIGN, &[1]).await;
        for _ in 0..6 {
            shop.send().await;
            shop.pass_seconds(3_600);
        }
        assert_eq!(office.delivered()["lost1@example.com"], 3, "again, and not for ever");
        assert_eq!(shop.delivery(CAMPAIGN).await, Delivery { unknown: 1, total: 1, ..Delivery::default() });
    }

    async fn a_server_that_is_away_costs_nobody_an_attempt(shop: Shop) {
        let people = shop.people(5).await;
        shop.use_office(1).await;
        shop.queue(CAMPAIGN, &people).await;
        shop.send().await;
        let cookie = shop.sign_in(Role::Viewer).await;
        let path = format!("/api/campaigns/{CAMPAIGN}/delivery");
        let delivery = shop.call(&cookie, Method::GET, &path, None).await.json();
        assert_eq!((delivery["queued"].as_u64(), delivery["failed"].as_u64()), (Some(5), Some(0)));
        assert_eq!(delivery["trouble"]["code"], "connect", "{delivery}");
        let office = PostOffice::open().await;
        shop.use_office(office.port).await;
        shop.pass_seconds(60);
        shop.send().await;
        assert_eq!(shop.delivery(CAMPAIGN).await, Delivery { accepted: 5, total: 5, ..Delivery::default() });
        let delivery = shop.call(&cookie, Method::GET, &path, None).await;
        assert_eq!((delivery.status, &delivery.json()["trouble"]), (StatusCode::OK, &serde_json::Value::Null));
        assert_eq!(shop.count("messages WHERE attempts = 1").await, 5);
    }

    async fn a_paused_campaign_waits_and_a_stopped_one_is_over(shop: Shop) {
        let people = shop.people(4).await;
        shop.queue(CAMPAIGN, &people).await;
        assert!(shop.change(async |tx| sendings::pause(tx, CAMPAIGN).await.unwrap()).await);
        shop.send().await;
        assert_eq!(shop.delivery(CAMPAIGN).await.queued, 4);
        assert!(shop.change(async |tx| sendings::resume(tx, CAMPAIGN).await.unwrap()).await);
        assert!(shop.change(async |tx| sendings::stop(tx, CAMPAIGN).await.unwrap()).await);
        assert!(!shop.change(async |tx| sendings::resume(tx, CAMPAIGN).await.unwrap()).await, "over is over");
        shop.person(5, "p5@example.com").await;
        shop.queue(CAMPAIGN, &[5]).await;
        shop.send().await;
        let expected = Delivery { skipped: vec![("stopped".to_owned(), 5)], total: 5, ..Delivery::default() };
        assert_eq!(shop.delivery(CAMPAIGN).await, expected);
        assert_eq!(sendings::state(&shop.records.reader(), CAMPAIGN).await.unwrap(), Some(SendingState::Stopped));
        assert!(outbox::is_finished(&shop.records.reader(), CAMPAIGN).await.unwrap());
    }

    async fn nobody_is_written_to_without_a_sender_and_the_screen_says_so(shop: Shop) {
        shop.people(1).await;
        shop.queue(CAMPAIGN, &[1]).await;
        shop.save_settings(|settings| settings.from_address = String::new()).await;
        shop.send().await;
        let cookie = shop.sign_in(Role::Owner).await;
        let delivery = shop.call(&cookie, Method::GET, &format!("/api/campaigns/{CAMPAIGN}/delivery"), None).await.json();
        assert_eq!((&delivery["queued"], &delivery["trouble"]["code"]), (&1.into(), &"settings".into()));
        shop.save_settings(|_| {}).await;
        shop.send().await;
        assert_eq!(shop.delivery(CAMPAIGN).await.captured, 1);
    }

    async fn a_running_sender_finds_what_is_queued_and_ends_when_told(shop: Shop) {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let running = tokio::spawn(Sender::new(shop.channels.clone(), limits()).run(stopped));
        let people = shop.people(3).await;
        shop.queue(CAMPAIGN, &people).await;
        shop.channels.wake();
        while !outbox::is_finished(&shop.records.reader(), CAMPAIGN).await.unwrap() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!(shop.delivery(CAMPAIGN).await.captured, 3);
    }
}
