//! Whether JSON is what a schema of the description says: no field missing, none too many.

use crate::client::Answer;
use serde_json::{Map, Value};

pub struct Schemas<'a> {
    document: &'a Value,
}

impl<'a> Schemas<'a> {
    pub fn of(document: &'a Value) -> Self {
        Self { document }
    }

    /// Checks an answer against what its route declares for its status.
    pub fn check_answer(&self, method: &str, path: &str, answer: &Answer) {
        let responses = &self.document["paths"][path][method]["responses"];
        let declared = responses.get(answer.status.to_string()).unwrap_or(&responses["default"]);
        let declared = self.resolved(declared);
        let kind = answer.kind().split(';').next().unwrap_or_default();
        let content = declared["content"].get(kind);
        assert!(
            content.is_some() || (kind.is_empty() && answer.body.is_empty()),
            "{method} {path}: {} {kind}",
            answer.status
        );
        if let Some(schema) = content.and_then(|content| content.get("schema")).filter(|_| kind.ends_with("json")) {
            let mut faults = Vec::new();
            self.check(schema, &answer.json(), "", &mut faults);
            assert!(faults.is_empty(), "{method} {path}: {faults:#?}\n{}", answer.text());
        }
    }

    fn resolved<'b>(&'b self, schema: &'b Value) -> &'b Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.resolved(self.document.pointer(&reference[1..]).expect("a schema")),
            None => schema,
        }
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let schema = self.resolved(schema);
        if let Some(words) = schema["enum"].as_array() {
            if !words.contains(value) {
                faults.push(format!("{at}: {value} is none of {words:?}"));
            }
            return;
        }
        if let Some(ways) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
            let fits = |way: &Value| {
                let mut found = Vec::new();
                self.check(way, value, at, &mut found);
                found.is_empty()
            };
            if !ways.iter().any(fits) {
                faults.push(format!("{at}: {value} is nothing of {schema}"));
            }
            return;
        }
        if schema["allOf"].is_array() {
            return self.check_object(&self.united(schema), value, at, faults);
        }
        match value {
            Value::Object(_) if is(schema, "object") => self.check_object(schema, value, at, faults),
            Value::Array(items) if is(schema, "array") => self.check_items(schema, items, at, faults),
            _ if kinds_of(value).iter().any(|kind| is(schema, kind)) || schema.get("type").is_none() => {}
            _ => faults.push(format!("{at}: {value} is no {}", schema["type"])),
        }
    }

    /// All parts as one object.
    fn united(&self, schema: &Value) -> Value {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let part = self.resolved(part);
            let part = if part["allOf"].is_array() { self.united(part) } else { part.clone() };
            properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
            required.extend(part["required"].as_array().cloned().unwrap_or_default());
        }
        serde_json::json!({ "type": "object", "properties": properties, "required": required })
    }

    fn check_object(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let Some(fields) = value.as_object() else {
            faults.push(format!("{at}: {value} is no object"));
            return;
        };
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                faults.push(format!("{at}/{name} is missing"));
            }
        }
        for (name, field) in fields {
            match schema["properties"].get(name).or_else(|| schema.get("additionalProperties")) {
                Some(known) if known.is_object() => self.check(known, field, &format!("{at}/{name}"), faults),
                _ => faults.push(format!("{at}/{name} is not declared")),
            }
        }
    }

    fn check_items(&self, schema: &Value, items: &[Value], at: &str, faults: &mut Vec<String>) {
        let firsts = schema["prefixItems"].as_array();
        if firsts.is_some_and(|firsts| firsts.len() != items.len()) {
            faults.push(format!("{at}: {} items", items.len()));
        }
        for (place, item) in items.iter().enumerate() {
            let known = firsts.map_or(&schema["items"], |firsts| &firsts[place.min(firsts.len() - 1)]);
            self.check(known, item, &format!("{at}/{place}"), faults);
        }
    }
}

fn is(schema: &Value, kind: &str) -> bool {
    match &schema["type"] {
        Value::String(only) => only == kind,
        Value::Array(kinds) => kinds.iter().any(|known| known == kind),
        _ => false,
    }
}

fn kinds_of(value: &Value) -> &'static [&'static str] {
    match value {
        Value::Null => &["null"],
        Value::Bool(_) => &["boolean"],
        Value::Number(number) if number.is_f64() => &["number"],
        Value::Number(_) => &["integer", "number"],
        Value::String(_) => &["string"],
        Value::Array(_) | Value::Object(_) => &[],
    }
}
