//! What holds for all routes, said once: problems, what an answer always holds, how a key is brought.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The document with all that its parts need not repeat.
pub fn finished(mut document: Value) -> Value {
    each_operation(&mut document, |operation| {
        say_problems(operation);
        describe_answers(operation);
        offer_bearer(operation);
        leave_out_instead_of_null(operation);
    });
    if let Some(components) = document["components"].as_object_mut() {
        components.insert("responses".to_owned(), json!({ "Problem": problem_response() }));
        let scheme = json!({ "type": "http", "scheme": "bearer", "description": "An API key as a bearer token." });
        components["securitySchemes"]["key_bearer"] = scheme;
    }
    name_rows(&mut document["components"]["schemas"]);
    for name in answered(&document) {
        always_there(&mut document["components"]["schemas"][name]);
    }
    document
}

/// The rows of a page have a name of their own.
fn name_rows(schemas: &mut Value) {
    let Some(schemas) = schemas.as_object_mut() else { return };
    let mut rows = Vec::new();
    for (page, schema) in schemas.iter_mut() {
        let Some(name) = page.strip_prefix("Page_") else { continue };
        let row = std::mem::replace(&mut schema["properties"]["items"]["items"], reference(name));
        if row.get("$ref").is_none() {
            rows.push((name.to_owned(), row));
        }
    }
    for (name, row) in rows {
        schemas.entry(name).or_insert(row);
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn each_operation(document: &mut Value, mut with: impl FnMut(&mut Map<String, Value>)) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    for methods in paths.filter_map(Value::as_object_mut) {
        methods.values_mut().filter_map(Value::as_object_mut).for_each(&mut with);
    }
}

fn problem_response() -> Value {
    let content = json!({ "application/problem+json": { "schema": reference("Problem") } });
    json!({ "description": "What did not work, and what to do.", "content": content })
}

/// Every route may answer a problem; those that are told apart by status are problems too.
fn say_problems(operation: &mut Map<String, Value>) {
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, response) in responses.iter_mut().filter(|(status, _)| status.as_str() >= "400") {
        let schema = &response["content"]["application/json"]["schema"]["$ref"];
        if status != "default" && schema == "#/components/schemas/Problem" {
            *response = problem_response();
        }
    }
    responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
}

/// Each answer has words, as OpenAPI wants it.
fn describe_answers(operation: &mut Map<String, Value>) {
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
    for (status, response) in responses.filter(|(_, response)| response.get("$ref").is_none()) {
        let words = match status.as_str() {
            "200" => "It is done; this is what there is now.",
            "201" => "It was made.",
            "204" => "It is done; there is nothing to say.",
            "302" => "Leads on.",
            _ => "It is not so.",
        };
        if response["description"].as_str().is_none_or(str::is_empty) {
            response["description"] = json!(words);
        }
    }
}

/// A header or a part of a query that is not meant is left out; it cannot be null.
fn leave_out_instead_of_null(operation: &mut Map<String, Value>) {
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let kinds = parameter["schema"]["type"].as_array().into_iter().flatten();
        let meant: Vec<Value> = kinds.filter(|kind| *kind != "null").cloned().collect();
        if let [only] = meant.as_slice() {
            parameter["schema"]["type"] = only.clone();
        }
    }
}

/// A key may come as HTTP Basic or as a bearer token.
fn offer_bearer(operation: &mut Map<String, Value>) {
    let Some(ways) = operation.get_mut("security").and_then(Value::as_array_mut) else { return };
    let scopes = ways.iter().find_map(|way| way.get("key")).cloned();
    ways.extend(scopes.map(|scopes| json!({ "key_bearer": scopes })));
}

/// The names of the schemas that answers hold.
fn answered(document: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["Problem".to_owned()]);
    let paths = document["paths"].as_object().into_iter().flat_map(|paths| paths.values());
    for operation in paths.filter_map(Value::as_object).flat_map(|methods| methods.values()) {
        collect(&operation["responses"], document, &mut names);
    }
    names
}

fn collect(value: &Value, document: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, document, names)),
        Value::Object(fields) => {
            let name =
                fields.get("$ref").and_then(Value::as_str).and_then(|at| at.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.filter(|name| names.insert((*name).to_owned())) {
                collect(&document["components"]["schemas"][name], document, names);
            }
            fields.values().for_each(|field| collect(field, document, names));
        }
        _ => {}
    }
}

/// In an answer, what may be null is there as null; what may be missing is never null (`nullable = false`).
fn always_there(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(always_there),
        Value::Object(fields) => {
            let nullable: Vec<String> = fields
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .filter(|(_, property)| is_nullable(property))
                .map(|(name, _)| name.clone())
                .collect();
            if !nullable.is_empty() {
                require(fields, nullable);
            }
            fields.values_mut().for_each(always_there);
        }
        _ => {}
    }
}

fn require(fields: &mut Map<String, Value>, names: Vec<String>) {
    let known = fields.remove("required");
    let known = known.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let all: BTreeSet<String> = known.map(str::to_owned).chain(names).collect();
    let order = fields.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let required: Vec<String> = order.filter(|name| all.contains(*name)).cloned().collect();
    fields.insert("required".to_owned(), json!(required));
}

fn is_nullable(property: &Value) -> bool {
    let has_null = |types: &Value| types.as_array().is_some_and(|types| types.iter().any(|kind| kind == "null"));
    let ways = property.get("oneOf").or_else(|| property.get("anyOf")).and_then(Value::as_array);
    has_null(&property["type"]) || ways.into_iter().flatten().any(|way| way["type"] == "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_null_is_always_there_in_an_answer() {
        let mut schema = json!({ "properties": {
            "name": { "type": "string" }, "kana": { "type": ["string", "null"] },
            "total": { "type": "integer" }, "tree": { "oneOf": [{ "type": "null" }, { "$ref": "#/x" }] },
        }, "required": ["name"] });
        always_there(&mut schema);
        assert_eq!(schema["required"], json!(["name", "kana", "tree"]));
    }
}
