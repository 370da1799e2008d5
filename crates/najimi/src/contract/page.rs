//! The description as one page: every call with who may make it, what goes in, what comes back, and a line to copy.
//!
//! Written here once at the start, so it needs no script and works without a network.

use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Every code of a problem, generated from the sources (`tools/errors.py`).
const PROBLEMS: &str = include_str!("../../../../docs/reference/errors.md");

/// The whole page.
pub fn page(document: &Value) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Najimi API</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"stylesheet\" href=\"/api/docs/page.css\"></head><body>",
    );
    let tags: Vec<&Value> = document["tags"].as_array().into_iter().flatten().collect();
    let _ = write!(html, "<nav aria-label=\"Parts\"><a href=\"#top\"><b>Najimi API</b></a>");
    for tag in &tags {
        let name = text(&tag["name"]);
        let _ = write!(html, "<a href=\"#{name}\">{name}</a>");
    }
    let _ = write!(
        html,
        "<a href=\"#problems\">problems</a><a href=\"#schemas\">schemas</a></nav><main id=\"top\">{}",
        introduction(document)
    );
    for tag in tags {
        html.push_str(&part(document, tag));
    }
    html.push_str(&problems());
    html.push_str(&schemas(document));
    html.push_str("</main></body></html>");
    html
}

fn introduction(document: &Value) -> String {
    let paragraphs: String = text(&document["info"]["description"])
        .split("\n\n")
        .map(|paragraph| format!("<p>{}</p>", prose(paragraph)))
        .collect();
    let example = "curl http://127.0.0.1:8420/v1/batch -u \"$NAJIMI_KEY:\" -H 'Content-Type: application/json' -d '{\"batch\": [\n  \
        {\"type\": \"identify\", \"messageId\": \"m-1\", \"userId\": \"12345\", \"traits\": {\"email\": \"hanako@example.com\", \"name\": \"佐藤 花子\"}},\n  \
        {\"type\": \"track\", \"messageId\": \"m-2\", \"userId\": \"12345\", \"event\": \"Order Completed\", \"timestamp\": \"2026-11-13T03:12:00Z\",\n   \
        \"properties\": {\"order_id\": \"A-1001\", \"currency\": \"JPY\", \"products\": [{\"sku\": \"22423\", \"name\": \"Cake stand\", \"price\": 1980, \"quantity\": 2}]}}\n]}'";
    format!(
        "<h1>Najimi API <small>{}</small></h1>{paragraphs}<p>For programs: <a href=\"/api/openapi.json\">/api/openapi.json</a> (OpenAPI 3.1).</p>\
         <h2>A first call</h2><pre>{}</pre><p>An event that is sent again with the same <code>messageId</code> counts once.</p>",
        escaped(&text(&document["info"]["version"])),
        escaped(example),
    )
}

fn part(document: &Value, tag: &Value) -> String {
    let name = text(&tag["name"]);
    let mut html = format!("<section id=\"{name}\"><h2>{name}</h2><p>{}</p>", prose(&text(&tag["description"])));
    for (path, methods) in object(&document["paths"]) {
        for (method, operation) in object(methods) {
            if operation["tags"][0] == tag["name"] {
                html.push_str(&call(document, method, path, operation));
            }
        }
    }
    html + "</section>"
}

fn call(document: &Value, method: &str, path: &str, operation: &Value) -> String {
    let id = text(&operation["operationId"]);
    let mut html = format!(
        "<details id=\"{id}\"><summary><span class=\"method {method}\">{}</span> <code>{}</code> <span>{}</span></summary>",
        method.to_uppercase(),
        escaped(path),
        prose(&text(&operation["summary"]))
    );
    let _ = write!(html, "<p class=\"who\">{}</p>", who(operation));
    if let Some(more) = operation["description"].as_str() {
        let _ = write!(html, "<p>{}</p>", prose(more));
    }
    html.push_str(&parameters(operation));
    for (kind, content) in object(&operation["requestBody"]["content"]) {
        let _ = write!(html, "<h4>Body <small>{kind}</small></h4><pre>{}</pre>", shape(&content["schema"], 0));
    }
    for (status, response) in object(&operation["responses"]).filter(|(status, _)| *status != "default") {
        html.push_str(&answer(status, response));
    }
    let _ = write!(html, "<h4>Try it</h4><pre>{}</pre></details>", escaped(&curl(document, method, path, operation)));
    html
}

fn who(operation: &Value) -> String {
    let ways: Vec<String> = operation["security"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(object)
        .filter(|(scheme, _)| *scheme != "key_bearer")
        .map(|(scheme, scopes)| match (scheme, text(&scopes[0]).as_str()) {
            ("key", scope) => format!("An API key with the scope <code>{}</code>.", escaped(scope)),
            (_, "signed_in") => "Everybody who is signed in.".to_owned(),
            (_, permission) => format!("Operators with the permission <code>{}</code>.", escaped(permission)),
        })
        .collect();
    if ways.is_empty() { "Anybody.".to_owned() } else { ways.join(" Or: ") }
}

fn parameters(operation: &Value) -> String {
    let rows: String = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|parameter| {
            format!(
                "<tr><td><code>{}</code></td><td>{}{}</td><td>{}</td><td>{}</td></tr>",
                escaped(&text(&parameter["name"])),
                text(&parameter["in"]),
                if parameter["required"] == true { ", required" } else { "" },
                shape(&parameter["schema"], 0),
                prose(&text(&parameter["description"]))
            )
        })
        .collect();
    if rows.is_empty() { rows } else { format!("<table><tbody>{rows}</tbody></table>") }
}

fn answer(status: &str, response: &Value) -> String {
    let mut html = String::new();
    let contents: Vec<(&str, &Value)> = object(&response["content"]).collect();
    if contents.is_empty() {
        let _ = write!(html, "<h4>{status}</h4>");
    }
    for (kind, content) in contents {
        let _ = write!(html, "<h4>{status} <small>{kind}</small></h4>");
        if kind != "application/problem+json" && content.get("schema").is_some() {
            let _ = write!(html, "<pre>{}</pre>", shape(&content["schema"], 0));
        }
    }
    html
}

fn curl(document: &Value, method: &str, path: &str, operation: &Value) -> String {
    let mut line = format!("curl http://127.0.0.1:8420{path}");
    let is_key = operation["security"].as_array().into_iter().flatten().any(|way| way.get("key").is_some());
    let is_open = operation["security"][0].as_object().is_none_or(Map::is_empty);
    if is_key {
        line += " -u \"$NAJIMI_KEY:\"";
    } else if !is_open {
        line += " -b \"najimi=$NAJIMI_SESSION\"";
    }
    if method != "get" {
        let _ = write!(line, " -X {}", method.to_uppercase());
        if !is_key {
            line += " -H 'Sec-Fetch-Site: same-origin'";
        }
    }
    let content = &operation["requestBody"]["content"];
    if let Some(body) = content.get("application/json") {
        let example = example(document, &body["schema"], 0);
        let _ = write!(line, " -H 'Content-Type: application/json' -d '{example}'");
    } else if content.get("multipart/form-data").is_some() {
        line += " -F kind=orders -F file=@orders.csv";
    }
    line
}

/// A body that has the right form: required fields only.
fn example(document: &Value, schema: &Value, depth: usize) -> Value {
    if let Some(reference) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        return document.pointer(reference).map_or(Value::Null, |schema| example(document, schema, depth + 1));
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    let ways = ["oneOf", "anyOf", "allOf"].iter().find_map(|key| schema[key].as_array());
    if let Some(way) = ways.and_then(|ways| ways.iter().find(|way| way["type"] != "null")).filter(|_| depth < 6) {
        return example(document, way, depth + 1);
    }
    match schema["type"].as_str() {
        Some("object") => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            Value::Object(
                required
                    .map(|name| (name.to_owned(), example(document, &schema["properties"][name], depth + 1)))
                    .collect(),
            )
        }
        Some("array") if depth < 6 && schema.get("items").is_some_and(Value::is_object) => {
            Value::Array(vec![example(document, &schema["items"], depth + 1)])
        }
        Some("array") => Value::Array(Vec::new()),
        Some("integer" | "number") => 1.into(),
        Some("boolean") => false.into(),
        Some("string") => "…".into(),
        _ => Value::Null,
    }
}

fn problems() -> String {
    let rows: String = PROBLEMS
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |"))
        .map(|line| {
            let cells = format!("`{line}");
            let cells: String =
                cells.split(" | ").map(|cell| format!("<td>{}</td>", prose(&cell.replace("\\|", "|")))).collect();
            format!("<tr>{cells}</tr>")
        })
        .collect();
    format!(
        "<section id=\"problems\"><h2>Problems</h2><p>Code, status, what it means, what to do. ‹…› stands for a value.</p>\
         <table><tbody>{rows}</tbody></table></section>"
    )
}

fn schemas(document: &Value) -> String {
    let mut html = String::from("<section id=\"schemas\"><h2>Schemas</h2>");
    for (name, schema) in object(&document["components"]["schemas"]) {
        let _ = write!(
            html,
            "<h3 id=\"schema-{name}\"><code>{name}</code></h3><p>{}</p><pre>{}</pre>",
            prose(&text(&schema["description"])),
            shape(schema, 0)
        );
    }
    html + "</section>"
}

/// A schema as people who write TypeScript read it.
fn shape(schema: &Value, level: usize) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|at| at.strip_prefix("#/components/schemas/")) {
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| escaped(&word.to_string())).collect::<Vec<_>>().join(" | ");
    }
    for (key, sign) in [("oneOf", " | "), ("anyOf", " | "), ("allOf", " &amp; ")] {
        if let Some(ways) = schema[key].as_array() {
            return ways.iter().map(|way| shape(way, level)).collect::<Vec<_>>().join(sign);
        }
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        Value::String(kind) => vec![kind],
        _ => return "any".to_owned(),
    };
    kinds.iter().map(|kind| shape_of(kind, schema, level)).collect::<Vec<_>>().join(" | ")
}

fn shape_of(kind: &str, schema: &Value, level: usize) -> String {
    match kind {
        "object" => fields(schema, level),
        "array" => match schema["prefixItems"].as_array() {
            Some(items) => {
                format!("[{}]", items.iter().map(|item| shape(item, level)).collect::<Vec<_>>().join(", "))
            }
            None => format!("{}[]", shape(&schema["items"], level)),
        },
        kind => schema["format"].as_str().map_or_else(|| kind.to_owned(), |format| format!("{kind}<i>:{format}</i>")),
    }
}

fn fields(schema: &Value, level: usize) -> String {
    let (inner, outer) = ("  ".repeat(level + 1), "  ".repeat(level));
    let is_required = |name: &str| schema["required"].as_array().into_iter().flatten().any(|known| known == name);
    let mut lines: Vec<String> = object(&schema["properties"])
        .map(|(name, property)| {
            let mark = if is_required(name) { "" } else { "?" };
            let remark = property["description"]
                .as_str()
                .map_or_else(String::new, |remark| format!(" <i>// {}</i>", escaped(&remark.replace('\n', " "))));
            format!("{inner}{}{mark}: {};{remark}\n", escaped(name), shape(property, level + 1))
        })
        .collect();
    if schema["additionalProperties"].is_object() {
        lines.push(format!("{inner}[name]: {};\n", shape(&schema["additionalProperties"], level + 1)));
    }
    if lines.is_empty() { "{}".to_owned() } else { format!("{{\n{}{outer}}}", lines.concat()) }
}

fn object(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The little Markdown of doc comments: `code` and **strong**.
fn prose(markdown: &str) -> String {
    let alternate = |text: &str, sign: &str, tag: &str| {
        let parts = text.split(sign).enumerate();
        parts
            .map(|(place, part)| if place % 2 == 1 { format!("<{tag}>{part}</{tag}>") } else { part.to_owned() })
            .collect::<String>()
    };
    alternate(&alternate(&escaped(markdown), "**", "b"), "`", "code")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schema_is_said_in_one_line_or_a_block() {
        for (schema, said) in [
            (json!({ "type": "string", "enum": ["ja", "en"] }), "&quot;ja&quot; | &quot;en&quot;"),
            (json!({ "type": ["string", "null"] }), "string | null"),
            (
                json!({ "type": "array", "prefixItems": [{ "type": "integer" }, { "type": "integer" }] }),
                "[integer, integer]",
            ),
            (
                json!({ "type": "array", "items": { "$ref": "#/components/schemas/Row" } }),
                "<a href=\"#schema-Row\">Row</a>[]",
            ),
            (json!({ "type": "object", "properties": { "a": { "type": "integer" } } }), "{\n  a?: integer;\n}"),
        ] {
            assert_eq!(shape(&schema, 0), said);
        }
    }

    #[test]
    fn doc_comments_cannot_bring_markup() {
        assert_eq!(prose("**a** `<b>`"), "<b>a</b> <code>&lt;b&gt;</code>");
    }
}
