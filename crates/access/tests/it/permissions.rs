//! The table of roles and permissions, against what each route does for each role.

use crate::door::Door;
use access::Role;
use serde_json::{Value, json};

/// A body that each route reads, or refuses for what it says; never for who sends it.
fn body(method: &str) -> Value {
    if method == "get" || method == "delete" { Value::Null } else { json!({}) }
}

testing::on_both! {
    async fn each_route_does_for_each_role_what_it_declares(door: Door) {
        let (_, openapi) = access::routes(door.access.clone()).split_for_parts();
        let openapi = serde_json::to_value(&openapi).unwrap();
        let mut pairs = 0;
        for (path, methods) in openapi["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let security = &operation["security"][0];
                let scope = security["session"][0].as_str();
                assert!(scope.is_some() || security == &json!({}), "{method} {path} declares nothing");
                let address = path.replace("{id}", NOBODY);
                for role in Role::ALL {
                    let session = door.somebody(role).await;
                    let line = door.ask(&method.to_uppercase(), &address, &session, body(method)).await.line();
                    let is_refused = line == "403 permission_missing" || line == "401 signed_out";
                    let may = scope.is_none_or(|scope| scope == "signed_in" || role.holds(scope));
                    assert_eq!(is_refused, !may, "{role} {method} {path}: {line}");
                    pairs += 1;
                }
                let line = door.ask(&method.to_uppercase(), &address, "", body(method)).await.line();
                assert_eq!(line == "401 signed_out", scope.is_some(), "nobody {method} {path}: {line}");
            }
        }
        assert_eq!(pairs, 19 * 5);
    }
}

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

#[test]
fn the_roles_differ() {
    let lines: Vec<String> = Role::ALL.iter().map(|role| format!("{role}: {}", role.permissions().join(" "))).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    owner: customers.read customers.reveal customers.export imports.run segments.read segments.write campaigns.read campaigns.write campaigns.send results.read insights.read keys.manage operators.manage settings.manage audit.read demo.advance
    marketer: customers.read customers.reveal customers.export imports.run segments.read segments.write campaigns.read campaigns.write campaigns.send results.read insights.read demo.advance
    agent: customers.read customers.reveal segments.read campaigns.read
    clerk: customers.read customers.reveal
    viewer: segments.read campaigns.read results.read insights.read
    ");
}
