//! The contract of the API: one OpenAPI 3.1 document, told by the handlers of every crate, without opening anything.
//!
//! Invariant: `web/api/openapi.json` is this document, and the web application's client is generated from it
//! (kept by `make generate`, shown by `make check` and `tests/it/contract.rs`).

mod api;
mod finish;
mod page;

pub use api::routes;

use utoipa::openapi::{
    InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
    tag::{Tag, TagBuilder},
};

/// The parts of the API, in the order of the data flow.
const TAGS: &[(&str, &str)] = &[
    ("ingest", "Events from outside, by the Segment spec. Needs an API key with the scope `events.write`."),
    ("imports", "Files: looked at, started, accounted for line by line."),
    ("customers", "Who they are, what they did."),
    ("segments", "Who: saved conditions, counted while typing, explained for one person."),
    ("insights", "How the shop fares, and who is behind each figure."),
    ("campaigns", "From the draft over the confirmation to each message."),
    ("results", "What a campaign brought."),
    ("mails", "The addresses that stand in mails. A token in the address says all; no session, no key."),
    ("jobs", "Background work: how far it is."),
    ("access", "Set-up, sign-in, operators, keys, the audit log."),
    ("settings", "How mails leave."),
    ("system", "How the installation fares."),
    ("demo", "The demo shop's clock. Only there when Najimi runs as the demo."),
];

/// What the API is, as it goes over the wire.
pub fn document() -> serde_json::Value {
    let info = InfoBuilder::new()
        .title("Najimi")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(include_str!("description.md")))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()));
    let mut document = OpenApiBuilder::new().info(info).tags(Some(tags())).build();
    for part in parts() {
        document.merge(part);
    }
    access::describe_security(&mut document);
    finish::finished(serde_json::to_value(&document).unwrap_or_default())
}

/// The document as it is committed and served.
pub fn json() -> String {
    format!("{:#}\n", document())
}

fn tags() -> Vec<Tag> {
    TAGS.iter().map(|(name, text)| TagBuilder::new().name(*name).description(Some(*text)).build()).collect()
}

fn parts() -> [OpenApi; 12] {
    [
        access::description(),
        customers::api::description(),
        segments::description(),
        insights::description(),
        channels::description(),
        engage::description(),
        collect::ingest::description(),
        collect::imports::description(),
        crate::system::description(),
        crate::demo_shop::description(),
        crate::measures::description(),
        api::description(),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::HashMap;

    /// Two types of one name would hide each other.
    #[test]
    fn a_name_means_one_thing() {
        let mut known = HashMap::new();
        for part in parts() {
            for (name, schema) in part.components.unwrap_or_default().schemas {
                let schema = serde_json::to_value(schema).unwrap();
                let before = known.entry(name.clone()).or_insert_with(|| schema.clone());
                assert_eq!(*before, schema, "{name}");
            }
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(document.pointer(reference).is_some(), "{reference}");
        }
    }

    #[test]
    fn every_route_says_who_may_call_it_and_what_it_answers() {
        for (path, methods) in document()["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                assert!(operation["security"].is_array(), "{method} {path} declares no security");
                assert!(operation["summary"].is_string(), "{method} {path} has no summary");
                assert!(operation["responses"]["default"].is_object(), "{method} {path} has no problem");
            }
        }
    }
}
