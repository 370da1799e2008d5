//! A sender that ends in the middle: nothing is sent twice, nothing is lost in silence.

use crate::shop::{CAMPAIGN, Shop, limits, office};
use channels::{Channels, Sender, outbox};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// A process of its own, as far as one process can play it: when it ends, its tasks end where they stand.
struct Process(Option<Runtime>);

impl Process {
    fn start(channels: Channels) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.spawn(async move {
            let (_keep, shutdown) = tokio::sync::watch::channel(false);
            let limits = channels::SenderLimits { group_max: 7, ..limits() };
            Sender::new(channels, limits).run(shutdown).await;
        });
        Self(Some(runtime))
    }

    fn kill(mut self) {
        self.0.take().unwrap().shutdown_background();
    }
}

async fn pause() {
    tokio::time::sleep(Duration::from_millis(2)).await;
}

testing::on_both! {
    async fn what_was_on_the_wire_is_held_and_what_was_not_goes_out(shop: Shop) {
        let office = office(&shop).await;
        shop.person(1, "mute1@example.com").await;
        for customer in 2..=12 {
            shop.person(customer, &format!("p{customer}@example.com")).await;
        }
        shop.queue(CAMPAIGN, &(1..=12).collect::<Vec<_>>()).await;
        let process = Process::start(shop.another_process().await);
        while !office.delivered().contains_key("mute1@example.com") {
            pause().await;
        }
        process.kill();
        shop.pass_seconds(60);
        Sender::new(shop.channels.clone(), limits()).recover().await.unwrap();
        shop.send().await;
        let delivery = shop.delivery(CAMPAIGN).await;
        assert_eq!(delivery.accepted + delivery.held, 12, "{delivery:?}");
        assert!(delivery.held >= 1 && delivery.open() == 0);
        assert!(office.delivered().values().all(|count| *count == 1), "{:?}", office.delivered());
        assert!(outbox::is_finished(&shop.records.reader(), CAMPAIGN).await.unwrap());
    }

    async fn kill_after_kill_doubles_nothing(shop: Shop) {
        let office = office(&shop).await;
        let people = shop.people(60).await;
        shop.queue(CAMPAIGN, &people).await;
        let count = || office.delivered().values().sum::<usize>();
        for kill in 0..20 {
            if shop.delivery(CAMPAIGN).await.open() == 0 {
                break;
            }
            let process = Process::start(shop.another_process().await);
            let (before, begun) = (count(), Instant::now());
            while count() <= before + kill % 4 && begun.elapsed() < Duration::from_secs(1) {
                pause().await;
            }
            process.kill();
            // The lease runs out before the next one starts.
            shop.pass_seconds(60);
        }
        Sender::new(shop.channels.clone(), limits()).recover().await.unwrap();
        shop.send().await;
        let delivery = shop.delivery(CAMPAIGN).await;
        let delivered = office.delivered();
        assert_eq!(delivery.open(), 0, "{delivery:?}");
        assert!(delivered.values().all(|count| *count == 1), "{delivered:?}");
        assert_eq!(delivery.accepted + delivery.held, 60, "{delivery:?}");
        assert!(delivered.len() as u64 >= delivery.accepted, "what is called accepted has arrived");
    }
}
