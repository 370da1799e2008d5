//! An import is taken back: everything is as if its file had never been read.

use super::{choices, shop::Shop};
use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use vocabulary::{
    Event, EventId,
    event::{EventKind, names},
};

/// Random numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

#[derive(Clone)]
enum Deed {
    Import {
        kind: &'static str,
        file: String,
    },
    Event(Box<Event>),
    /// Takes back what the deed of this place brought.
    Undo(usize),
}

const DAYS: [&str; 4] = ["2026-09-30 23:30", "2026-10-01 00:10", "2026-10-20 12:00", "2026-11-01 08:00"];

fn orders(dice: &mut Dice) -> String {
    let mut file = String::from(
        "order_number,customer_number,ordered_at,sku,product_name,quantity,unit_price,email,family_name,given_name,cancelled_at\n",
    );
    for _ in 0..=dice.below(8) {
        let number = dice.below(6);
        let customer = if number == 5 { String::new() } else { format!("C{}", dice.below(2) + number / 2) };
        let (day, quantity, price) = (dice.one(&DAYS), dice.one(&["1", "2", "-1"]), dice.one(&["0", "100", "250"]));
        let (sku, email) = (dice.one(&["A-1", "B-2", "C-3"]), dice.one(&["", "a@example.com", "b@example.com"]));
        let (name, cancelled) = (dice.one(&["", "森下", "佐藤"]), dice.one(&["", "", "", "2026-11-02"]));
        file += &format!(
            "N{number},{customer},{day},{sku},石けん{sku},{quantity},{price},{email},{name},千尋,{cancelled}\n"
        );
    }
    file
}

fn people(dice: &mut Dice) -> String {
    let mut file = String::from(
        "customer_number,family_name,given_name,family_kana,given_kana,email,phone,consent_email,consent_email_at\n",
    );
    for _ in 0..=dice.below(5) {
        let (name, kana) = (dice.one(&["森下", "佐藤", ""]), dice.one(&["モリシタ", "サトウ", ""]));
        let (email, phone) = (dice.one(&["", "a@example.com", "c@example.com"]), dice.one(&["", "09012345678"]));
        let (yes, at) = (dice.one(&["", "1", "0"]), dice.one(&["2026-01-05", "2026-03-01", "2026-03-01"]));
        file += &format!("C{},{name},千尋,{kana},チヒロ,{email},{phone},{yes},{at}\n", dice.below(5));
    }
    file
}

fn event(dice: &mut Dice, place: usize) -> Event {
    let now = testing::START;
    let object = |value: Value| value.as_object().unwrap().clone();
    let mut event = Event {
        id: EventId::new(now),
        source: "shop".to_owned(),
        message_id: format!("live:{place}"),
        kind: EventKind::Track,
        name: "Page".to_owned(),
        occurred_at: now,
        received_at: now,
        user_id: Some(format!("C{}", dice.below(6))),
        anonymous_id: None,
        customer_id: None,
        properties: Map::new(),
        traits: Map::new(),
        context: Map::new(),
        is_simulated: false,
    };
    match dice.below(7) {
        // A visitor who says who they are: what the visitor's id is known by belongs to one person from then on.
        5 => (event.kind, event.anonymous_id) = (EventKind::Identify, Some(dice.one(&["v1", "v2"]).to_owned())),
        6 => {
            (event.user_id, event.anonymous_id) = (None, Some(dice.one(&["v1", "v2"]).to_owned()));
        }
        0 => {
            (event.kind, event.traits) =
                (EventKind::Identify, object(json!({ "email": "live@example.com", "family_name": "生田" })))
        }
        1 => event.kind = EventKind::Identify,
        2 => {
            event.name = names::CONSENT_CHANGED.to_owned();
            event.properties =
                object(json!({ "channel": "email", "state": dice.one(&["granted", "denied"]), "basis": "form" }));
        }
        3 => {
            event.name = names::ORDER_COMPLETED.to_owned();
            event.properties = object(json!({
                "order_id": format!("N{}", dice.below(6)), "currency": "JPY",
                "products": [{ "sku": "A-1", "price": 300, "quantity": 1 }], "shipping": 50
            }));
        }
        _ => {}
    }
    event
}

fn deeds(dice: &mut Dice) -> Vec<Deed> {
    let mut deeds: Vec<Deed> = Vec::new();
    for place in 0..6 + usize::try_from(dice.below(5)).unwrap() {
        let before: Vec<usize> = (0..deeds.len()).filter(|n| matches!(deeds[*n], Deed::Import { .. })).collect();
        let is_undone = |n: usize, deeds: &[Deed]| deeds.iter().any(|deed| matches!(deed, Deed::Undo(m) if *m == n));
        let chosen = before.get(usize::try_from(dice.below(before.len().max(1) as u64)).unwrap()).copied();
        deeds.push(match (dice.below(7), chosen) {
            (0 | 1, Some(n)) if !is_undone(n, &deeds) => Deed::Undo(n),
            (2, Some(n)) => deeds[n].clone(),
            (3, _) => Deed::Event(Box::new(event(dice, place))),
            (4, _) => Deed::Import { kind: "customers", file: people(dice) },
            _ => Deed::Import { kind: "orders", file: orders(dice) },
        });
    }
    deeds
}

impl Shop {
    pub async fn bring(&self, cookie: &str, kind: &str, file: &str) -> String {
        let uploaded = self.upload(cookie, kind, file).await.json();
        let path = format!("/api/imports/{}", uploaded["import_id"].as_str().unwrap());
        let choices = choices(&uploaded["preview"]);
        self.call(cookie, Method::POST, &format!("{path}/start"), Some(choices)).await.json();
        self.work().await;
        path
    }

    pub async fn undo(&self, cookie: &str, path: &str) {
        let undoing = self.call(cookie, Method::POST, &format!("{path}/undo"), Some(json!({}))).await.json();
        assert_eq!(undoing["state"], "undoing");
        self.work().await;
        let undone = self.call(cookie, Method::GET, path, None).await.json();
        assert_eq!(undone["state"], "undone", "{undone}");
    }

    /// Does the deeds at their times, those in `left_out` not.
    async fn play(&self, cookie: &str, deeds: &[Deed], left_out: &[usize], batch_events: usize) -> Vec<String> {
        self.forget().await;
        let mut paths: Vec<String> = Vec::new();
        for (place, deed) in deeds.iter().enumerate() {
            let now = testing::START.plus_seconds(i64::try_from(place).unwrap());
            self.clock.set(now);
            let mut path = String::new();
            match deed {
                _ if left_out.contains(&place) => {}
                Deed::Import { kind, file } => path = self.bring(cookie, kind, file).await,
                Deed::Event(event) => {
                    let event = Event { received_at: now, occurred_at: now, ..(**event).clone() };
                    self.tell(event).await;
                }
                Deed::Undo(place) => self.undo(cookie, &paths[*place]).await,
            }
            paths.push(path);
            self.follow(batch_events).await;
        }
        self.told().await
    }
}

testing::on_both! {
    async fn an_import_that_is_undone_leaves_what_there_would_be_without_it(shop: Shop) {
        let cookie = shop.sign_in().await;
        let (mut undone, mut rows) = (0, 0);
        for case in 0..16 {
            let mut dice = Dice(case * 7_919 + 1);
            let deeds = deeds(&mut dice);
            let undos = deeds.iter().enumerate().filter_map(|(place, deed)| match deed {
                Deed::Undo(of) => Some([place, *of]),
                _ => None,
            });
            let left_out: Vec<usize> = undos.flatten().collect();
            let with = shop.play(&cookie, &deeds, &[], 1 + usize::try_from(dice.below(9)).unwrap()).await;
            let without = shop.play(&cookie, &deeds, &left_out, 1_000).await;
            let (only_with, only_without): (Vec<_>, Vec<_>) = (
                with.iter().filter(|row| !without.contains(row)).collect(),
                without.iter().filter(|row| !with.contains(row)).collect(),
            );
            assert!(with == without, "case {case}:\nonly with:\n{only_with:#?}\nonly without:\n{only_without:#?}");
            (undone, rows) = (undone + left_out.len() / 2, rows + with.len());
        }
        assert!(undone >= 10 && rows > 1_000, "{undone} undone, {rows} rows");
        eprintln!("16 random stories, {undone} imports undone, {rows} rows compared: 0 differences");
    }

    async fn who_came_by_a_file_alone_goes_with_it_and_comes_back_as_the_same(shop: Shop) {
        let cookie = shop.sign_in().await;
        let file = "customer_number,family_name,given_name,family_kana,given_kana,email,consent_email\nC1,森下,千尋,モリシタ,チヒロ,a@example.com,1\n";
        let count = "SELECT COUNT(*) AS value FROM customers WHERE redirect_to IS NULL";
        let path = shop.bring(&cookie, "customers", file).await;
        shop.follow(100).await;
        let id = shop.value::<uuid::Uuid>("SELECT customer_id AS value FROM customers").await;
        shop.undo(&cookie, &path).await;
        shop.follow(100).await;
        assert_eq!(shop.value::<i64>(count).await, 0);
        assert_eq!(shop.value::<i64>("SELECT COUNT(*) AS value FROM search_tokens").await, 0);
        let again = shop.bring(&cookie, "customers", file).await;
        shop.follow(100).await;
        assert_eq!((shop.value::<i64>(count).await, shop.value::<uuid::Uuid>("SELECT customer_id AS value FROM customers").await), (1, id));
        assert_eq!(shop.call(&cookie, Method::GET, &again, None).await.json()["effect"]["new"], 1);
    }

    async fn what_was_undone_cannot_be_undone_or_started_again(shop: Shop) {
        let cookie = shop.sign_in().await;
        let file = orders(&mut Dice(5));
        let uploaded = shop.upload(&cookie, "orders", &file).await.json();
        let fresh = format!("/api/imports/{}", uploaded["import_id"].as_str().unwrap());
        assert_eq!(shop.call(&cookie, Method::POST, &format!("{fresh}/undo"), Some(json!({}))).await.0, StatusCode::CONFLICT);
        let path = shop.bring(&cookie, "orders", &file).await;
        shop.follow(100).await;
        shop.undo(&cookie, &path).await;
        for verb in ["undo", "start"] {
            let refused = shop.call(&cookie, Method::POST, &format!("{path}/{verb}"), Some(choices(&uploaded["preview"]))).await;
            assert_eq!(refused.0, StatusCode::CONFLICT, "{verb}");
        }
    }
}
