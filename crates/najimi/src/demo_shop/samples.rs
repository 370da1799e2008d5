//! Two finished campaigns with simulated answers, so that a result can be looked at on the first day. Every simulated
//! event is marked and stands outside of all totals.

use super::{DemoShop, SITE, ZONE};
use crate::shop::Shop;
use bytes::Bytes;
use channels::mail::{Language, ReadyMailId, ready_mail};
use customers::{
    identity::user_identifier,
    orders::{Line, OrderState},
};
use demo::{Arm, SampleCampaign, SampleResponse, sample_responses};
use engage::{Mail, insert_sample, sample_site};
use history::{LineKind, OrderKind};
use records::{Actor, Sql, Value};
use roaring::RoaringBitmap;
use serde_json::{Map, json};
use std::collections::HashMap;
use vocabulary::{
    Currency, Event, EventId, Timestamp,
    event::{EventKind, names},
    id::CampaignId,
    money::Decimal,
};

/// Inserts both campaigns and appends what their people did.
pub async fn insert(shop: &Shop, demo: &DemoShop) -> anyhow::Result<()> {
    for campaign in [SampleCampaign::A, SampleCampaign::B] {
        let audience = demo.inner.files.sample_audience(campaign)?;
        let responses: Vec<SampleResponse> = sample_responses(campaign, audience).collect();
        let ordinals = ordinals(shop, &responses).await?;
        let arm = |arm: Arm| -> RoaringBitmap {
            responses
                .iter()
                .filter(|response| response.arm == arm)
                .filter_map(|response| ordinals.get(&response.customer))
                .copied()
                .collect()
        };
        let started_at = ZONE.local(campaign.sent_at());
        let mail = ready_mail(ReadyMailId::NewArrivals, Language::Ja, &shop.installation.public_url, &[]);
        let tx = shop.ground.records.begin(&Actor::System("demo"), "demo.sample").await?;
        let id = insert_sample(
            &tx,
            engage::SampleCampaign {
                name: campaign.name().to_owned(),
                mail: Mail {
                    subject: campaign.subject().to_owned(),
                    preheader: mail.preheader,
                    from_name: shop.installation.company.clone(),
                    from_address: String::new(),
                    blocks: mail.blocks,
                    mjml: None,
                },
                segment_text: "1回以上買った人".to_owned(),
                holdout: 0.5,
                started_at,
                treated: arm(Arm::Sent),
                control: arm(Arm::Comparison),
                true_effect: campaign.true_effect_points() / 100.0,
            },
        )
        .await?;
        tx.commit().await?;
        append(shop, id, campaign.name(), started_at, &responses).await?;
    }
    Ok(())
}

async fn ordinals(shop: &Shop, responses: &[SampleResponse]) -> anyhow::Result<HashMap<u32, u32>> {
    let reader = shop.ground.records.reader();
    let mut found = HashMap::with_capacity(responses.len());
    for chunk in responses.chunks(500) {
        let places: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let bound: Vec<Value> =
            chunk.iter().map(|response| Value::from(user_identifier(SITE, &response.customer.to_string()))).collect();
        let text = format!(
            "SELECT identifier || ' ' || CAST(customer AS TEXT) AS value FROM identifiers WHERE customer IS NOT NULL AND identifier IN ({})",
            places.join(", ")
        );
        for pair in reader.column::<String>(&text, bound).await? {
            let parsed = pair.rsplit_once(' ').and_then(|(identifier, ordinal)| {
                let number: u32 = identifier.rsplit(':').next()?.parse().ok()?;
                Some((number, ordinal.parse::<u32>().ok()?))
            });
            found.extend(parsed);
        }
    }
    Ok(found)
}

async fn append(
    shop: &Shop,
    id: CampaignId,
    name: &str,
    started_at: Timestamp,
    responses: &[SampleResponse],
) -> anyhow::Result<()> {
    let mut payloads = Vec::new();
    for response in responses {
        for event in events(id, name, started_at, response) {
            payloads.push(Bytes::from(serde_json::to_vec(&event)?));
        }
    }
    for group in payloads.chunks(2_000) {
        shop.intake.backfill.append(group.to_vec()).await?;
    }
    Ok(())
}

fn events(id: CampaignId, name: &str, started_at: Timestamp, response: &SampleResponse) -> Vec<Event> {
    let sent = (response.arm == Arm::Sent).then_some((names::MAIL_CAPTURED, started_at));
    let at = |name: &'static str, wall: Option<chrono::NaiveDateTime>| wall.map(|wall| (name, ZONE.local(wall)));
    let mails = [
        sent,
        at(names::MAIL_OPENED, response.opened_at),
        at(names::MAIL_CLICKED, response.clicked_at),
        at(names::UNSUBSCRIBED, response.unsubscribed_at),
    ];
    let mut events: Vec<Event> =
        mails.into_iter().flatten().map(|(what, at)| mail_event(id, name, what, at, response.customer)).collect();
    events.extend(response.bought_at.map(|wall| order_event(id, ZONE.local(wall), response)));
    events
}

fn mail_event(id: CampaignId, name: &str, what: &str, at: Timestamp, customer: u32) -> Event {
    let properties = json!({ "campaign_id": id, "campaign_name": name, "channel": "email" });
    simulated(
        what,
        at,
        customer,
        format!("sample:{id}:{customer}:{what}"),
        properties.as_object().cloned().unwrap_or_default(),
    )
}

fn order_event(id: CampaignId, at: Timestamp, response: &SampleResponse) -> Event {
    let amount = i64::try_from(response.amount_pence).unwrap_or(i64::MAX);
    let line = Line {
        key: "0".to_owned(),
        sku: "SIMULATED".to_owned(),
        name: "simulated".to_owned(),
        quantity: 1,
        unit_price: format!("{}.{:02}", amount / 100, amount % 100).parse().unwrap_or(Decimal::whole(0)),
        amount,
        kind: LineKind::Product,
    };
    let state = OrderState {
        site: sample_site(id),
        number: format!("S{}", response.customer),
        kind: OrderKind::Order,
        currency: Currency::GBP,
        rate: demo::JPY_PER_GBP.to_string().parse().ok(),
        is_partial: false,
        lines: vec![line],
    };
    let mut properties = Map::new();
    properties.insert("order".to_owned(), serde_json::to_value(&state).unwrap_or_default());
    simulated(
        names::ORDER_COMPLETED,
        at,
        response.customer,
        format!("sample:{id}:{}:order", response.customer),
        properties,
    )
}

fn simulated(
    name: &str,
    at: Timestamp,
    customer: u32,
    message_id: String,
    properties: Map<String, serde_json::Value>,
) -> Event {
    Event {
        id: EventId::from(vocabulary::id::name_based(&[SITE, &message_id])),
        source: SITE.to_owned(),
        message_id,
        kind: EventKind::Track,
        name: name.to_owned(),
        occurred_at: at,
        received_at: at,
        user_id: Some(customer.to_string()),
        anonymous_id: None,
        customer_id: None,
        properties,
        traits: Map::new(),
        context: Map::new(),
        is_simulated: true,
    }
}
