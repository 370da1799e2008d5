//! Who may be written to.

use crate::shop::{CAMPAIGN, SECOND, Shop};
use channels::gate::{self, CapSettings, Refusal};
use channels::outbox::Delivery;
use records::{Sql as _, values};
use roaring::RoaringBitmap;
use vocabulary::Day;

testing::on_both! {
    async fn everybody_stands_in_the_first_class_that_applies(shop: Shop) {
        shop.person(1, "p1@example.com").await;
        shop.person_saying(2, "p2@example.com", None).await;
        shop.person_saying(3, "", Some("denied")).await;
        shop.person(4, "").await;
        shop.person(5, "P5@example.com").await;
        shop.person(6, "p6@example.com").await;
        shop.change(async |tx| {
            let text = "INSERT INTO suppressions (address, reason, suppressed_at) VALUES ('p5@example.com', 'bounced', 0)";
            tx.execute(text, values![]).await.unwrap();
        }).await;
        shop.queue(CAMPAIGN, &[6]).await;
        shop.send().await;
        let people: RoaringBitmap = (1..=7).collect();
        let screened = gate::screen(&shop.records.reader(), &people, shop.now(), CapSettings::default()).await.unwrap();
        let of = |class: &RoaringBitmap| class.iter().collect::<Vec<_>>();
        assert_eq!(of(&screened.no_consent), [2, 3, 7], "no word, a no, and nobody we know");
        assert_eq!(of(&screened.bad_address), [4]);
        assert_eq!(of(&screened.suppressed), [5], "in whatever spelling");
        assert_eq!(of(&screened.recently_sent), [6]);
        assert_eq!(of(&screened.sendable), [1]);
    }

    async fn a_second_promotion_within_seven_days_is_skipped_and_goes_out_on_the_seventh(shop: Shop) {
        let cap = CapSettings::default();
        shop.people(1).await;
        shop.queue(CAMPAIGN, &[1]).await;
        shop.queue(SECOND, &[1]).await;
        shop.send().await;
        assert_eq!(shop.delivery(CAMPAIGN).await.captured + shop.delivery(SECOND).await.captured, 1, "queued together, one goes");
        let next = gate::next_mail(&shop.records.reader(), 1, shop.now(), cap).await.unwrap();
        assert_eq!(next.refusal, Some(Refusal::RecentlySent));
        assert_eq!(next.on, Some("2026-11-20".parse::<Day>().unwrap()));
        // Friday 9:30 to the next Friday, a minute past midnight.
        shop.pass_seconds(7 * 86_400 - 9 * 3_600 - 29 * 60);
        let next = gate::next_mail(&shop.records.reader(), 1, shop.now(), cap).await.unwrap();
        assert_eq!((next.refusal, next.on), (None, None));
        let third = uuid::Uuid::from_u128(3);
        shop.queue(third, &[1]).await;
        shop.send().await;
        assert_eq!(shop.delivery(third).await, Delivery { captured: 1, total: 1, ..Delivery::default() });
    }

    async fn two_who_are_one_person_by_now_get_one_mail(shop: Shop) {
        let people = shop.people(3).await;
        shop.queue(CAMPAIGN, &people).await;
        shop.change(async |tx| {
            tx.execute("UPDATE customers SET redirect_to = 2 WHERE customer = 1", values![]).await.unwrap();
        }).await;
        shop.send().await;
        let skipped = vec![("recently_sent".to_owned(), 1)];
        assert_eq!(shop.delivery(CAMPAIGN).await, Delivery { captured: 2, skipped, total: 3, ..Delivery::default() });
        let next = gate::next_mail(&shop.records.reader(), 2, shop.now(), CapSettings::default()).await.unwrap();
        assert_eq!(next.on, Some("2026-11-20".parse::<Day>().unwrap()), "whichever of the two it went to");
    }

    async fn the_cap_is_a_setting(shop: Shop) {
        shop.save_settings(|settings| settings.cap_max = 2).await;
        shop.people(1).await;
        for campaign in 1..=3 {
            shop.queue(uuid::Uuid::from_u128(campaign), &[1]).await;
            shop.send().await;
        }
        assert_eq!(shop.count("messages WHERE state = 'captured'").await, 2);
        assert_eq!(shop.count("messages WHERE state = 'skipped' AND reason = 'recently_sent'").await, 1);
    }
}
