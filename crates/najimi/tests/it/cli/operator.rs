//! People are let in from the machine itself.

use super::home::{Home, OWNER, Server};
use serde_json::{Value, json};

testing::on_both! {
    async fn somebody_is_let_in_listed_and_shut_out(home: Home) {
        let server = home.serve();
        let add = ["operator", "add", "--name", "佐藤 一", "--email", "ichi@example.com", "--role", "marketer", "--json"];
        let added: Value = serde_json::from_str(&home.done(&add)).unwrap();
        let again = home.najimi(&add);
        assert!(again.code == 1 && again.err.contains("another operator has this mail address"), "{again:?}");

        let token = added["url"].as_str().unwrap().split_once("token=").unwrap().1;
        let body = json!({ "token": token }).to_string();
        let signed_in = server.call("POST", "/api/session/link", &[], &body);
        assert!(signed_in.0 < 300, "{signed_in:?}");
        assert_eq!(server.call("POST", "/api/session/link", &[], &body).0, 401, "once");
        let cookie = signed_in.1.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        let cookie = cookie.split(';').next().unwrap();
        let me = |server: &Server| server.call("GET", "/api/me", &[("cookie", cookie)], "").0;
        assert_eq!(me(&server), 200);

        let listed = home.done(&["operator", "list"]);
        assert!(listed.contains("ichi@example.com") && listed.contains("marketer") && listed.contains(OWNER.0), "{listed}");
        home.done(&["operator", "disable", "ichi@example.com"]);
        assert_eq!(me(&server), 401, "the sessions have ended");
        let link = home.najimi(&["operator", "link", "ichi@example.com"]);
        assert!(link.code == 1 && link.err.contains("is disabled"), "{link:?}");
        home.done(&["operator", "enable", "ichi@example.com"]);
        assert!(home.done(&["operator", "link", "ichi@example.com"]).contains("/sign-in?token="));
        let last = home.najimi(&["operator", "disable", OWNER.0]);
        assert!(last.code == 1 && last.err.contains("owner"), "{last:?}");
        assert_eq!(home.najimi(&["operator", "link", "nobody@example.com"]).code, 2);
        let audit = server.get("/api/audit").1;
        assert!(audit.contains("\"console\"") && audit.contains("operator.create"), "{audit}");
        server.stop();
    }
}
