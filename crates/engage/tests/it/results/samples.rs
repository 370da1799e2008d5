//! Sample campaigns: simulated answers, a printed truth, and nothing of it in the totals.

use crate::shop::{Shop, order};
use engage::{Mail, SampleCampaign, insert_sample, sample_site};
use roaring::RoaringBitmap;
use serde_json::{Value, json};
use vocabulary::Event;

fn sample(shop: &Shop, name: &str) -> SampleCampaign {
    SampleCampaign {
        name: name.to_owned(),
        mail: Mail { subject: "秋の新しい柄がそろいました".to_owned(), ..Mail::default() },
        segment_text: "メールを受け取れる人".to_owned(),
        holdout: 0.5,
        started_at: shop.now().plus_days(-40),
        treated: (0..30).collect(),
        control: (30..60).collect(),
        true_effect: 0.06,
    }
}

fn simulated(number: u32, shop: &Shop, site: &str) -> Event {
    let at = shop.now().plus_days(-40).plus_seconds(i64::from(number) * 3_600 + 300);
    let mut event = Event { is_simulated: true, ..order(number, at, 4_000) };
    let order = json!({
        "site": site, "number": format!("S{number}-{site}"), "kind": "order", "currency": "JPY", "rate": null, "is_partial": false,
        "lines": [{ "key": "p0", "sku": "A1", "name": "白い皿", "quantity": 1, "unit_price": "4000", "amount": 4000, "kind": "product" }],
    });
    event.properties.insert("order".to_owned(), order);
    event
}

testing::on_both! {
    async fn a_sample_counts_its_own_simulated_orders_only(shop: Shop) {
        shop.members(60).await;
        let (one, other) = (sample(&shop, "見本A"), sample(&shop, "見本B"));
        let (id, other_id) = (one.campaign_id(), other.campaign_id());
        for sample in [one.clone(), other, one] {
            shop.change(async |tx| insert_sample(tx, sample).await.unwrap()).await;
        }
        assert_eq!(shop.count("campaigns").await, 2, "inserted twice is inserted once");
        // Members 1 to 30 are the people 0 to 29: the treated arm.
        let mut events: Vec<Event> = (1..=18).map(|number| simulated(number, &shop, &sample_site(id))).collect();
        events.extend((31..=36).map(|number| simulated(number, &shop, &sample_site(id))));
        events.extend((40..=59).map(|number| simulated(number, &shop, &sample_site(other_id))));
        shop.happens(events).await;
        shop.bought(50..=60, 35, 9_000).await;

        let result = shop.get(&format!("/api/campaigns/{id}/result")).await;
        assert_eq!((&result["treated"]["buyers"], &result["control"]["buyers"]), (&json!(18), &json!(6)));
        assert_eq!((&result["is_simulated"], &result["true_effect"]), (&json!(true), &json!(0.06)));
        assert_eq!((&result["verdict"], &result["treated"]["sent"]), (&json!("more"), &json!(30)));
        assert!(result["daily"][0]["treated"].as_f64().unwrap() > 0.0, "answers begin minutes after the sending");
        let chosen = shop.people(&result["treated"]["people"]).await;
        assert_eq!(chosen, (0..30).collect::<RoaringBitmap>());
        let rows = serde_json::to_value(engage::campaign_rows(&shop.engage).await.unwrap()).unwrap();
        let row = rows.as_array().unwrap().iter().find(|row| row["campaign_id"] == json!(id.to_string())).unwrap();
        assert_eq!((&row["state"], &row["headline"]["code"]), (&json!("finished"), &json!("result_more")));
        assert_eq!(row["problems"], Value::Null);
    }
}
