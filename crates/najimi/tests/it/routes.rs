//! Who may call which route: every route of the description, for every role, for nobody, for keys; from our own pages
//! and from elsewhere.

use crate::{
    client::{Answer, Call},
    server::{NOBODY, OWNER, Server},
};
use access::Role;
use records::Sql as _;
use serde_json::{Value, json};

/// All that anybody may call.
const OPEN: &[&str] = &[
    "get /api/docs",
    "get /api/docs/page.css",
    "get /api/openapi.json",
    "post /api/session",
    "post /api/session/link",
    "get /api/setup",
    "post /api/setup",
    "get /c/{token}",
    "get /healthz",
    "get /metrics",
    "get /o/{file}",
    "get /readyz",
    "get /u/{token}",
    "post /u/{token}",
];

/// Only there in the demo shop.
const DEMO: &[&str] = &["get /api/demo/about", "post /api/demo/advance"];

#[derive(PartialEq)]
enum Need {
    Nothing,
    Session(String),
    Key(String),
}

struct Route {
    name: String,
    method: String,
    address: String,
    need: Need,
    body: Option<&'static str>,
}

impl Route {
    fn all(document: &Value) -> Vec<Self> {
        let mut all = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                all.push(Self::of(method, path, operation));
            }
        }
        // Signing out ends the session that the others need.
        all.sort_by_key(|route| route.name == "delete /api/session");
        all
    }

    fn of(method: &str, path: &str, operation: &Value) -> Self {
        let scope = |way: &Value| way[0].as_str().unwrap().to_owned();
        let need = match &operation["security"][0] {
            way if way.get("session").is_some() => Need::Session(scope(&way["session"])),
            way if way.get("key").is_some() => Need::Key(scope(&way["key"])),
            way if *way == json!({}) => Need::Nothing,
            way => panic!("{method} {path} declares {way}"),
        };
        let contents = operation["requestBody"]["content"].as_object();
        let body = contents.and_then(|contents| contents.keys().next()).map(|kind| match kind.as_str() {
            "application/json" => "application/json",
            "multipart/form-data" => "multipart/form-data; boundary=none",
            other => panic!("{method} {path} takes {other}"),
        });
        let address = ["{id}", "{token}", "{file}"].iter().fold(path.to_owned(), |at, name| at.replace(name, NOBODY));
        Self { name: format!("{method} {path}"), method: method.to_owned(), address, need, body }
    }

    /// Asks it with a session of this role. False when no session is what it needs.
    fn does_what_it_declares(&self, server: &Server, role: Role, session: &str) -> bool {
        let Need::Session(permission) = &self.need else { return false };
        let may = permission == "signed_in" || role.holds(permission);
        let answer = server.ask(&self.call().session(session));
        never_broken(role.name(), self, &answer);
        assert_eq!(is_refused(&answer), !may, "{role} {}: {}", self.name, answer.line());
        assert!(may || answer.line() == "403 permission_missing", "{role} {}: {}", self.name, answer.line());
        true
    }

    /// A call that is well-formed and says nothing that makes sense.
    fn call(&self) -> Call {
        let call = Call::new(&self.method, &self.address);
        match self.body {
            Some(kind) => call.raw(kind, "{}"),
            None => call,
        }
    }
}

fn is_refused(answer: &Answer) -> bool {
    matches!(
        answer.line().as_str(),
        "401 signed_out" | "401 key_missing" | "401 key_unknown" | "403 permission_missing" | "403 scope_missing"
    )
}

fn never_broken(who: &str, route: &Route, answer: &Answer) {
    let line = format!("{who} {}: {} {}", route.name, answer.status, answer.text());
    assert!(answer.status < 500, "{line}");
    let is_no = answer.status >= 400 && !answer.kind().starts_with("text/html");
    assert!(!is_no || answer.kind() == "application/problem+json", "{line}");
}

testing::on_both! {
    async fn each_route_does_for_each_role_what_it_declares(server: Server) {
        let document = server.get("/api/openapi.json").good();
        let routes = Route::all(&document);
        let names = |wanted: fn(&Route) -> bool| {
            let mut names: Vec<&str> = routes.iter().filter(|route| wanted(route)).map(|route| route.name.as_str()).collect();
            names.sort_unstable_by_key(|name| name.split_once(' ').map(|(method, path)| (path, method)));
            names.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(names(|route| route.need == Need::Nothing), OPEN);
        let mut pairs = 0;
        for role in Role::ALL {
            let session = if role == Role::Owner { server.sign_in(OWNER) } else { server.somebody(role) };
            let here = routes.iter().filter(|route| !DEMO.contains(&route.name.as_str()));
            pairs += here.filter(|route| route.does_what_it_declares(&server, role, &session)).count();
        }
        assert!(pairs >= 55 * 5, "only {pairs} pairs of role and route");
    }

    async fn nobody_comes_in_without_a_session_or_a_key(server: Server) {
        let document = server.get("/api/openapi.json").good();
        let (key, weak) = (server.key(), weak_key(&server).await);
        for route in Route::all(&document).iter().filter(|route| !DEMO.contains(&route.name.as_str())) {
            let ask = |call: Call| {
                let answer = server.ask(&call);
                never_broken("nobody", route, &answer);
                answer.line()
            };
            match &route.need {
                Need::Session(_) => {
                    assert_eq!(ask(route.call().session("")), "401 signed_out", "{}", route.name);
                    assert_eq!(ask(route.call().session("najimi=made-up")), "401 signed_out", "{}", route.name);
                    assert_eq!(ask(route.call().key(&key)), "401 signed_out", "{}", route.name);
                }
                Need::Key(_) => {
                    assert_eq!(ask(route.call()), "401 key_missing", "{}", route.name);
                    assert_eq!(ask(route.call().session(&server.owner)), "401 key_missing", "{}", route.name);
                    assert_eq!(ask(route.call().key("made-up")), "401 key_unknown", "{}", route.name);
                    assert_eq!(ask(route.call().key(&weak)), "403 scope_missing", "{}", route.name);
                    let with = server.ask(&route.call().key(&key));
                    assert!(!is_refused(&with), "{}: {}", route.name, with.line());
                }
                Need::Nothing => assert!(!is_refused(&server.ask(&route.call().session(""))), "{}", route.name),
            }
        }
    }

    async fn what_another_site_makes_a_browser_send_is_refused(server: Server) {
        let document = server.get("/api/openapi.json").good();
        let mut tried = 0;
        for route in Route::all(&document).iter().filter(|route| route.method != "get" && !DEMO.contains(&route.name.as_str())) {
            // A key is no cookie, and a mail program's one click comes from nowhere by design (RFC 8058).
            if matches!(route.need, Need::Key(_)) || route.name == "post /u/{token}" {
                continue;
            }
            for headers in [
                vec![("sec-fetch-site", "cross-site")],
                vec![("sec-fetch-site", "same-site")],
                vec![("origin", "https://evil.example")],
                vec![("origin", "null")],
                vec![("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8420")],
                vec![],
            ] {
                let call = headers.iter().fold(route.call().header("cookie", &server.owner), |call, (name, value)| call.header(name, value));
                assert_eq!(server.ask(&call).line(), "403 cross_site", "{} {headers:?}", route.name);
                tried += 1;
            }
        }
        assert!(tried > 25 * 6, "{tried}");
        server.get("/api/me").good();
    }

    async fn what_is_not_there_is_a_problem(server: Server) {
        for (method, path, line) in [
            ("GET", "/api", "404 route_unknown"),
            ("GET", "/api/", "404 route_unknown"),
            ("GET", "/api/nothing", "404 route_unknown"),
            ("POST", "/api/nothing", "404 route_unknown"),
            ("GET", "/v1/nothing", "404 route_unknown"),
            ("GET", "/metrics/x", "404 route_unknown"),
            ("GET", "/logo.gif", "404 route_unknown"),
            ("POST", "/customers", "404 route_unknown"),
            ("GET", "/v1/batch", "405 method_not_allowed"),
            ("DELETE", "/api/me", "405 method_not_allowed"),
            ("PATCH", "/api/customers", "405 method_not_allowed"),
            ("POST", "/healthz", "405 method_not_allowed"),
            ("GET", "/api/customers/nobody", "400 path_unfit"),
            ("GET", "/api/customers?colour=red", "400 query_unfit"),
            ("GET", "/api/demo/about", "404 route_unknown"),
        ] {
            let answer = server.ask(&Call::new(method, path).session(&server.owner));
            assert_eq!(answer.line(), line, "{method} {path}");
            assert_eq!(answer.kind(), "application/problem+json", "{method} {path}");
            assert_eq!(answer.json()["status"], answer.status);
            assert!(answer.status != 405 || answer.headers.contains_key("allow"), "{method} {path}: {:?}", answer.headers);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_routes_of_the_demo_do_for_each_role_what_they_declare() {
    let server = Server::demo().await;
    let document = server.get("/api/openapi.json").good();
    let routes: Vec<Route> =
        Route::all(&document).into_iter().filter(|route| DEMO.contains(&route.name.as_str())).collect();
    assert_eq!(routes.len(), DEMO.len());
    for role in Role::ALL {
        let session = server.somebody(role);
        for route in &routes {
            assert!(route.does_what_it_declares(&server, role, &session), "{}", route.name);
        }
    }
    for route in &routes {
        assert_eq!(server.ask(&route.call().session("")).line(), "401 signed_out", "{}", route.name);
    }
    let from_elsewhere = routes[1].call().header("cookie", &server.owner).header("sec-fetch-site", "cross-site");
    assert_eq!(server.ask(&from_elsewhere).line(), "403 cross_site");
}

/// A key that was made for something else; today there is one scope only, so it is made by hand.
async fn weak_key(server: &Server) -> String {
    let made = server.post("/api/keys", &json!({ "name": "weak", "scopes": ["events.write"] })).good();
    let records = &server.database.records;
    let tx = records.begin(&records::Actor::System("story"), "story").await.unwrap();
    tx.execute("UPDATE api_keys SET scopes = '[\"nothing.yet\"]' WHERE name = 'weak'", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    made["secret"].as_str().unwrap().to_owned()
}
