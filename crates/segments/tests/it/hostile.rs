//! Trees that nobody means: each is refused with a clear problem, quickly, and nothing falls.

use crate::world::{World, order};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use testing::on_both;

/// A tenth of a second, as it is built for use; a build for tests on a busy machine gets more.
const TIME_MAX: Duration = if cfg!(debug_assertions) { Duration::from_secs(3) } else { Duration::from_millis(100) };

const LEAF: &str = r#"{"kind":"count","event":"order","window":{"days":30},"is":"gte","value":1}"#;

fn preview_of(tree: &str) -> String {
    format!(r#"{{"tree":{tree}}}"#)
}

fn deep(levels: usize) -> String {
    format!(r#"{}{LEAF}{}"#, r#"{"kind":"not","of":"#.repeat(levels), "}".repeat(levels))
}

/// The refusal: its status, code and sentence. It must come soon.
async fn refused(world: &World, path: &str, body: String) -> (StatusCode, String, String) {
    let begun = Instant::now();
    let (status, problem) = world.ask(Method::POST, path, body).await;
    let took = begun.elapsed();
    assert!(took < TIME_MAX, "{path} took {took:?}: {problem}");
    let text = |field: &str| problem[field].as_str().unwrap_or_default().to_owned();
    (status, text("code"), text("detail"))
}

on_both! {
    async fn twenty_thousand_conditions_are_refused(world: World) {
        let many = |leaf: &str, count: usize| format!(r#"{{"kind":"or","of":[{}]}}"#, vec![leaf; count].join(","));
        let (heavy, light) = (many(LEAF, 20_000), many(r#"{"kind":"reachable","channel":"email"}"#, 13_000));
        for (path, body) in [
            ("/api/segments/preview", preview_of(&heavy)),
            ("/api/segments/preview", preview_of(&light)),
            ("/api/segments", format!(r#"{{"name":"x","tree":{light}}}"#)),
            ("/api/selections", format!(r#"{{"segment":{light}}}"#)),
            ("/api/segments/why", format!(r#"{{"tree":{light},"customer_id":"x"}}"#)),
        ] {
            let is_heavy = body.len() > 512 << 10;
            let (status, code, detail) = refused(&world, path, body).await;
            if is_heavy {
                assert_eq!((status, code.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"), "{path}");
            } else {
                assert_eq!((status, code.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "segment_invalid"), "{path}");
                assert!(detail.contains("more than 500 conditions"), "{detail}");
            }
        }
        let typed = json!({ "text": vec!["orders >= 1"; 20_000].join(" or ") }).to_string();
        assert_eq!(refused(&world, "/api/segments/preview", typed).await.1, "segment_invalid");
        assert_eq!(world.ask(Method::GET, "/api/segments", String::new()).await.1["items"], json!([]));
    }

    async fn a_tree_of_any_depth_is_refused(world: World) {
        for (levels, code) in [(32, "segment_invalid"), (60, "segment_invalid"), (200, "body_not_json"), (20_000, "body_not_json"), (100_000, "body_too_large")] {
            let (status, found, detail) = refused(&world, "/api/segments/preview", preview_of(&deep(levels))).await;
            assert_eq!(found, code, "{levels}: {detail}");
            assert!(status.is_client_error());
        }
        for typed in ["not ".repeat(100_000), "(".repeat(100_000), "(".repeat(32) + "orders >= 1"] {
            let (status, code, _) = refused(&world, "/api/segments/preview", json!({ "text": typed }).to_string()).await;
            assert_eq!((status, code.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "segment_invalid"));
        }
    }

    async fn what_is_not_of_the_language_is_refused(world: World) {
        for tree in [
            r#"{"kind":"count","event":"order","window":"ever","is":"gte","value":1,"colour":"red"}"#,
            r#"{"kind":"count","event":"order","window":{"days":30,"hours":2},"is":"gte","value":1}"#,
            r#"{"kind":"count","event":"murder","window":"ever","is":"gte","value":1}"#,
            r#"{"kind":"count","event":"order","window":"always","is":"gte","value":1}"#,
            r#"{"kind":"sql","of":"1 = 1"}"#,
            r#"{"kind":"recency","is":"gte","days":1.5}"#,
            r#"{"kind":"recency","is":"gte","days":9223372036854775808}"#,
            r#"{"of":[]}"#,
            "null",
            "[]",
        ] {
            let (status, code, detail) = refused(&world, "/api/segments/preview", preview_of(tree)).await;
            let is_clear = status.is_client_error() && ["body_unfit", "body_not_json", "segment_invalid"].contains(&code.as_str());
            assert!(is_clear && !detail.is_empty(), "{tree}: {status} {code} {detail}");
        }
        for tree in [
            r#"{"kind":"and","of":[]}"#,
            r#"{"kind":"recency","is":"between","days":[9,3]}"#,
            r#"{"kind":"recency","is":"in","days":3}"#,
            r#"{"kind":"recency","is":"gte","days":-1}"#,
            r#"{"kind":"count","event":"order","window":{"days":0},"is":"gte","value":1}"#,
            r#"{"kind":"count","event":"order","window":{"days":9000000000},"is":"gte","value":1}"#,
            r#"{"kind":"count","event":"page","sku":"a","window":"ever","is":"gte","value":1}"#,
            r#"{"kind":"fact","fact":"sex","is":"gte","value":"male"}"#,
            r#"{"kind":"fact","fact":"age","is":"between","value":[1,2,3]}"#,
            r#"{"kind":"fact","fact":"age","is":"in","value":[]}"#,
            r#"{"kind":"rfm","version":2,"r":[30],"f":[1],"cells":[[0,0]]}"#,
            r#"{"kind":"rfm","version":1,"r":[30],"f":[1],"cells":[[9,9]]}"#,
            r#"{"kind":"rfm","version":1,"r":[30,30],"f":[1],"cells":[[0,0]]}"#,
            r#"{"kind":"reachable","channel":"post"}"#,
        ] {
            let (status, code, _) = refused(&world, "/api/segments/preview", preview_of(tree)).await;
            assert_eq!((status, code.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "segment_invalid"), "{tree}");
        }
        let long = format!(r#"{{"kind":"count","event":"order","sku":"{}","window":"ever","is":"gte","value":1}}"#, "a".repeat(256));
        assert_eq!(refused(&world, "/api/segments/preview", preview_of(&long)).await.1, "segment_invalid");
        let values = format!(r#"{{"kind":"or","of":[{}]}}"#, vec![json!({ "kind": "fact", "fact": "age", "is": "in", "value": vec![1; 100] }).to_string(); 51].join(","));
        assert!(refused(&world, "/api/segments/preview", preview_of(&values)).await.2.contains("5000 values"));
        assert_eq!(refused(&world, "/api/segments/preview", r#"{"tree":null,"text":null}"#.to_owned()).await.1, "segment_invalid");
    }

    async fn the_largest_and_deepest_trees_that_are_allowed_are_answered(world: World) {
        world.happens(vec![order("1", "1", world.ago(3, 0), "a", 100)]).await;
        let cells: Vec<Value> = (0..21).flat_map(|r| (0..20).map(move |f| json!([r, f]))).collect();
        let rfm = json!({ "kind": "rfm", "version": 1, "r": (0..20).collect::<Vec<_>>(), "f": (1..21).collect::<Vec<_>>(), "cells": cells });
        let bodies = [
            preview_of(&deep(30)),
            preview_of(&rfm.to_string()),
            preview_of(&format!(r#"{{"kind":"or","of":[{}]}}"#, vec![r#"{"kind":"recency","is":"gte","days":1}"#; 499].join(","))),
            preview_of(&json!({ "kind": "fact", "fact": "age", "is": "between", "value": [i64::MIN, i64::MAX] }).to_string()),
            preview_of(&json!({ "kind": "count", "event": "order", "window": { "days": 36_500 }, "is": "lte", "value": 1_000_000_000 }).to_string()),
        ];
        for body in bodies {
            let (status, answer) = world.ask(Method::POST, "/api/segments/preview", body).await;
            assert_eq!((status, &answer["of"]), (StatusCode::OK, &json!(1)), "{answer}");
        }
    }
}
