//! What goes over the wire, and to whom.

use crate::shop::{Shop, TODAY, order};
use access::{Access, ApiResult, Extras, MailMode, MeExtras, NewInstallation, NewOperator, Role};
use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    http::{Method, StatusCode},
};
use history::OrderKind;
use insights::{HomeCampaigns, Insights};
use jobs::Jobs;
use records::{Actor, Migration, Sql, values};
use serde_json::{Value, json};
use std::{net::Ipv4Addr, sync::Arc};
use testing::{Stage, TestDatabase, on_both};
use vocabulary::{Clock, Currency, id::new_uuid};

const PASSWORD: &str = "a long enough password";

/// A small shop behind its door.
struct Screens {
    shop: Shop,
    access: Access,
    router: Router,
}

struct NoExtras;

#[async_trait]
impl MeExtras for NoExtras {
    async fn extras(&self) -> ApiResult<Extras> {
        let (today, now) = (TODAY.parse().unwrap(), testing::START);
        Ok(Extras { today, now, demo: None, mail: MailMode::Capture })
    }
}

struct OneCampaign;

#[async_trait]
impl HomeCampaigns for OneCampaign {
    async fn campaigns(&self) -> ApiResult<Vec<Value>> {
        Ok(vec![json!({ "campaign_id": "c", "name": "おひさしぶりです" })])
    }
}

impl Stage for Screens {
    fn migrations() -> Vec<&'static [Migration]> {
        vec![access::MIGRATIONS, jobs::MIGRATIONS, customers::MIGRATIONS]
    }

    async fn set(database: TestDatabase) -> Self {
        let records = database.records.clone();
        let jobs = Jobs::new(records.clone(), database.clock.clone());
        let access = Access::open(records.clone(), jobs, database.clock.clone(), Arc::new(NoExtras)).await.unwrap();
        let installation = NewInstallation::new("みなと雑貨店", "Asia/Tokyo", "JPY", "http://localhost:8080").unwrap();
        let operator = |role: Role| {
            NewOperator::new(role.name(), &format!("{role}@example.com"), role, Some(PASSWORD.to_owned())).unwrap()
        };
        access.install(installation, operator(Role::Owner)).await.unwrap();
        for role in [Role::Marketer, Role::Agent, Role::Viewer] {
            access.create_operator(&Actor::System("story"), operator(role)).await.unwrap();
        }
        let mut shop = Shop::on(database.clone(), Currency::JPY, TODAY).await;
        shop.add(orders()).await;
        add_people(&database).await;
        let insights =
            Insights { figures: shop.figures.clone(), access: access.clone(), campaigns: Some(Arc::new(OneCampaign)) };
        let (router, _) = insights::routes(insights).split_for_parts();
        Self { shop, access, router }
    }
}

/// Two regulars who stay away, one of whom can be mailed, and somebody who just came.
fn orders() -> Vec<history::OrderRow> {
    let away = |customer: u32, last: &str| {
        let number = |n: u32| format!("{customer}-{n}");
        vec![
            order(&number(1), customer, OrderKind::Order, "2026-02-01", 1_000),
            order(&number(2), customer, OrderKind::Order, "2026-03-01", 1_000),
            order(&number(3), customer, OrderKind::Order, last, 1_000),
        ]
    };
    let mut orders = [away(1, "2026-06-01"), away(2, "2026-07-01")].concat();
    orders.push(order("3-1", 3, OrderKind::Order, "2026-11-10", 2_000));
    orders
}

/// The same people in the records, and a member who never bought.
async fn add_people(database: &TestDatabase) {
    let tx = database.records.begin(&Actor::System("story"), "story").await.unwrap();
    let last = |day: &str| i64::from(day.parse::<vocabulary::Day>().unwrap().0);
    let people = [
        (1, "佐藤", 3, last("2026-06-01")),
        (2, "鈴木", 3, last("2026-07-01")),
        (3, "高橋", 1, last("2026-11-10")),
        (4, "田中", 0, customers::values::NEVER),
    ];
    for (customer, family, orders, last) in people {
        let id = new_uuid(database.clock.now());
        tx.execute(
            "INSERT INTO customers (customer, customer_id, created_at, number, family_name, sort_kana, email) VALUES ($1, $2, 0, $3, $4, '', $5)",
            values![i64::from(customer), id, format!("C-{customer}"), family, format!("person{customer}@example.com")],
        )
        .await
        .unwrap();
        tx.execute(
            "INSERT INTO customer_values (customer, orders, sales, refunds, refund_count, last_order_day) VALUES ($1, $2, $3, 0, 0, $4)",
            values![i64::from(customer), i64::from(orders), i64::from(orders) * 1_000, last],
        )
        .await
        .unwrap();
    }
    tx.execute(
        "INSERT INTO consents (customer, channel, state, basis, stated_at) VALUES (1, 'email', 'granted', 'form', 0)",
        vec![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

impl Screens {
    async fn ask(&self, role: Role, method: Method, path: &str, body: Body) -> (StatusCode, Value) {
        let email = format!("{role}@example.com");
        let (_, session) = self.access.sign_in(&email, PASSWORD, Ipv4Addr::LOCALHOST.into(), None).await.unwrap();
        let cookie = format!("najimi={}", session.reveal());
        let answer = testing::ask(&self.router, testing::from_our_page(&cookie, method, path, body)).await;
        (answer.status, answer.json())
    }

    async fn get(&self, role: Role, path: &str) -> (StatusCode, Value) {
        self.ask(role, Method::GET, path, Body::empty()).await
    }

    async fn post(&self, role: Role, path: &str, body: &Value) -> (StatusCode, Value) {
        self.ask(role, Method::POST, path, Body::from(body.to_string())).await
    }
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

on_both! {
    async fn home_is_as_the_screen_expects_it(screens: Screens) {
        let (status, home) = screens.get(Role::Marketer, "/api/insights/home?days=28").await;
        assert_eq!(status, StatusCode::OK, "{home}");
        let expected = ["period", "before", "sales", "orders", "average_order", "effect_of_orders", "effect_of_average",
            "refunds", "buyers", "biggest_day", "weekly", "f2", "findings", "campaigns"];
        assert_eq!(keys(&home), expected);
        assert_eq!(home["period"], json!({ "from": "2026-10-17", "to": "2026-11-13" }));
        assert_eq!(home["before"], json!({ "from": "2026-09-19", "to": "2026-10-16" }));
        assert_eq!(home["sales"]["now"], json!({ "minor": 2_000, "currency": "JPY" }));
        assert_eq!(home["biggest_day"], Value::Null);
        assert_eq!(keys(&home["weekly"][25]), ["week", "orders", "average_order", "buyers"]);
        assert_eq!(home["campaigns"][0]["campaign_id"], "c");
        let away = home["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "regulars_away").unwrap();
        assert_eq!(away["count"], 2);
        assert_eq!(away["params"], json!({ "orders_min": 3, "days": 60, "sales": { "minor": 6_000, "currency": "JPY" }, "share": 0.75 }));
        assert_eq!(away["segment"]["kind"], "and");
        let february = &home["f2"]["cohorts"][0];
        assert_eq!(february, &json!({ "month": "2026-02", "first": 2, "second": 2, "rate": 1.0, "state": "import_start" }));
    }

    async fn the_grid_and_its_cells_are_as_the_screen_expects_them(screens: Screens) {
        let (_, rfm) = screens.get(Role::Viewer, "/api/insights/rfm?r=30,60&f=1,3").await;
        assert_eq!(rfm["r_bands"], json!([{ "from": 0, "to": 30 }, { "from": 31, "to": 60 }, { "from": 61, "to": null }]));
        assert_eq!(rfm["f_bands"], json!([{ "from": 1, "to": 2 }, { "from": 3, "to": null }]));
        assert_eq!(rfm["cells"][2][1]["people"], 2);
        assert_eq!(rfm["total"], json!({ "people": 3, "sales": { "minor": 8_000, "currency": "JPY" } }));
        assert_eq!(rfm["never_bought"]["count"], 1);
        let reference = rfm["never_bought"]["people"].as_str().unwrap().strip_prefix("insights:").unwrap();
        let never = screens.shop.figures.people_source().people(reference).await.unwrap();
        assert_eq!(never.iter().collect::<Vec<_>>(), [4]);
    }

    async fn names_are_for_those_who_may_see_customers(screens: Screens) {
        let body = json!({ "r": [30, 60], "f": [1, 3], "cells": [[2, 1], [2, 1]] });
        let (_, seen) = screens.post(Role::Marketer, "/api/insights/rfm/selection", &body).await;
        let expected = ["people", "sales", "share_of_sales", "average", "average_all", "mailable", "not_mailable",
            "people_90d_ago", "segment", "phrase", "sample", "people_ref"];
        assert_eq!(keys(&seen), expected);
        assert_eq!((&seen["people"], &seen["mailable"], &seen["not_mailable"]), (&json!(2), &json!(1), &json!(1)));
        assert_eq!(seen["segment"], json!({ "kind": "rfm", "version": 1, "r": [30, 60], "f": [1, 3], "cells": [[2, 1]] }));
        let names: Vec<&Value> = seen["sample"].as_array().unwrap().iter().map(|row| &row["name"]).collect();
        assert_eq!(names, ["鈴木", "佐藤"], "who stayed away last comes first");

        let (status, masked) = screens.post(Role::Viewer, "/api/insights/rfm/selection", &body).await;
        assert_eq!((status, &masked["people"], &masked["sample"]), (StatusCode::OK, &json!(2), &json!([])));
        let (status, refused) = screens.get(Role::Agent, "/api/insights/rfm").await;
        assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("permission_missing")));
    }

    async fn months_and_deciles_are_as_the_screen_expects_them(screens: Screens) {
        let (_, f2) = screens.get(Role::Viewer, "/api/insights/f2").await;
        assert_eq!(keys(&f2["cohorts"][0]), ["month", "first", "second", "rate", "state", "people_first", "people_second"]);
        assert_eq!((&f2["window_days"], &f2["average"]), (&json!(90), &json!({ "first": 0, "second": 0, "rate": 0.0 })));
        assert_eq!((&f2["cohorts"][1]["state"], &f2["cohorts"][1]["rate"]), (&json!("measuring"), &Value::Null));

        let (_, cohorts) = screens.get(Role::Viewer, "/api/insights/cohorts").await;
        let february = &cohorts["months"][0];
        assert_eq!((&february["size"], &february["is_import_start"], february["cells"].as_array().unwrap().len()), (&json!(2), &json!(true), 10));
        assert_eq!(keys(&february["cells"][1]), ["offset", "buyers", "rate", "sales", "is_complete", "people_ref"]);
        assert_eq!((&february["cells"][1]["rate"], &february["cells"][9]["is_complete"]), (&json!(1.0), &json!(false)));

        let (_, ltv) = screens.get(Role::Viewer, "/api/insights/ltv").await;
        assert_eq!(ltv["cohorts"][0]["points"][1]["ltv"], json!({ "minor": 2_000, "currency": "JPY" }));
        assert_eq!(ltv["all"], json!({ "people": 3, "ltv": { "minor": 2_667, "currency": "JPY" } }));

        let (_, decile) = screens.get(Role::Viewer, "/api/insights/decile?days=365").await;
        assert_eq!(decile["rows"].as_array().unwrap().len(), 3);
        assert_eq!(keys(&decile["rows"][0]), ["decile", "people", "sales", "share", "cumulative", "average", "from", "people_ref"]);
    }

    async fn what_makes_no_sense_is_refused_with_a_reason(screens: Screens) {
        let unfit = StatusCode::UNPROCESSABLE_ENTITY;
        for (path, code) in [
            ("/api/insights/home?days=0", "days_unfit"),
            ("/api/insights/home?days=99999", "days_unfit"),
            ("/api/insights/rfm?r=60,30", "bands_unfit"),
            ("/api/insights/rfm?f=one", "bands_unfit"),
            ("/api/insights/decile?days=-1", "days_unfit"),
        ] {
            let (status, problem) = screens.get(Role::Viewer, path).await;
            assert_eq!((status, &problem["code"]), (unfit, &json!(code)), "{path}");
        }
        for body in [json!({ "r": [30], "f": [1], "cells": [] }), json!({ "r": [30], "f": [1], "cells": [[7, 0]] })] {
            let (status, problem) = screens.post(Role::Viewer, "/api/insights/rfm/selection", &body).await;
            assert_eq!((status, &problem["code"]), (unfit, &json!("bands_unfit")), "{body}");
        }
    }
}
