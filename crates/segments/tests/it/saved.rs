//! Segments are saved, changed, and tell why somebody is in.

use crate::world::{World, order, page};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use testing::on_both;

async fn post(world: &World, path: &str, body: Value) -> (StatusCode, Value) {
    world.ask(Method::POST, path, body.to_string()).await
}

on_both! {
    async fn a_segment_is_saved_and_changed_by_one_at_a_time(world: World) {
        world.happens(vec![order("1", "1", world.ago(3, 0), "a", 100)]).await;
        let tree = json!({ "kind": "count", "event": "order", "window": { "days": 30 }, "is": "gte", "value": 1 });
        let (status, saved) = post(&world, "/api/segments", json!({ "name": " 常連 ", "tree": tree })).await;
        assert_eq!((status, &saved["name"], &saved["count"], &saved["tree"]), (StatusCode::CREATED, &json!("常連"), &json!(1), &tree));
        assert_eq!(saved["text"], json!("orders >= 1 in 30 days"));
        let path = format!("/api/segments/{}", saved["segment_id"].as_str().unwrap());
        let change = json!({ "name": "常連", "tree": tree, "version": 1 }).to_string();
        assert_eq!(world.ask(Method::PUT, &path, change.clone()).await.1["version"], json!(2));
        let (status, problem) = world.ask(Method::PUT, &path, change).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("segment_changed")));
        assert_eq!(world.ask(Method::DELETE, &path, String::new()).await.0, StatusCode::NO_CONTENT);
        assert_eq!(world.ask(Method::GET, &path, String::new()).await.0, StatusCode::NOT_FOUND);
    }

    async fn the_card_says_why_with_the_persons_own_figures(world: World) {
        world.happens((0..612).map(|n| page("1", world.ago(1, i64::from(n % 60)))).collect()).await;
        let tree = json!({ "kind": "and", "of": [
            { "kind": "count", "event": "page", "window": { "days": 7 }, "is": "gte", "value": 600 },
            { "kind": "not", "of": { "kind": "count", "event": "order", "window": "ever", "is": "gte", "value": 1 } },
        ] });
        post(&world, "/api/segments", json!({ "name": "見るだけ", "tree": tree })).await;
        let id = world.customer("1").await.id;
        let (_, why) = post(&world, "/api/segments/why", json!({ "tree": tree, "customer_id": id.to_string() })).await;
        assert_eq!(why["is_member"], json!(true));
        let own: Vec<&Value> = why["why"].as_array().unwrap().iter().map(|phrase| &phrase["params"]["own"]).collect();
        assert_eq!(own, [&json!(612), &json!(0)], "more than a page of the timeline");
        // One of two is enough, and she has it: of the other nothing is said. What keeps her out is the rest.
        let tree = json!({ "kind": "and", "of": [
            { "kind": "or", "of": [
                { "kind": "count", "event": "page", "window": { "days": 7 }, "is": "gte", "value": 600 },
                { "kind": "recency", "is": "gte", "days": 61 },
            ] },
            { "kind": "count", "event": "order", "window": "ever", "is": "gte", "value": 1 },
        ] });
        let (_, why) = post(&world, "/api/segments/why", json!({ "tree": tree, "customer_id": id.to_string() })).await;
        let missing: Vec<&Value> = why["missing"].as_array().unwrap().iter().map(|phrase| &phrase["code"]).collect();
        assert_eq!((why["is_member"].as_bool(), missing), (Some(false), vec![&json!("count")]));
        let (_, card) = world.ask(Method::GET, &format!("/api/customers/{id}/segments"), String::new()).await;
        assert_eq!((card["in"].as_array().unwrap().len(), card["not_yet"].as_array().unwrap().len()), (1, 0));
        let stranger = vocabulary::CustomerId::new(testing::START).to_string();
        assert_eq!(post(&world, "/api/segments/why", json!({ "tree": tree, "customer_id": stranger })).await.0, StatusCode::NOT_FOUND);
    }
}
