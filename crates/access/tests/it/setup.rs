//! The first start.

use crate::door::{NewDoor, PASSWORD};
use serde_json::{Value, json};

fn request(token: &str) -> Value {
    json!({
        "token": token, "company": "株式会社なじみ", "zone": "Asia/Tokyo", "currency": "JPY", "public_url": "https://crm.example.com/",
        "operator_name": "大野", "email": "O@example.com", "password": PASSWORD,
    })
}

testing::on_both! {
    async fn the_first_operator_comes_in_by_the_token_that_was_printed(new: NewDoor) {
        let door = new.0;
        assert_eq!(door.get("/api/setup", "").await.body, json!({ "needed": true }));
        let token = door.access.setup_token().await.unwrap().unwrap();
        let answer = door.ask("POST", "/api/setup", "", request(token.reveal())).await;
        assert_eq!(answer.line(), "201");
        assert_eq!(door.get("/api/setup", "").await.body, json!({ "needed": false }));
        let me = door.get("/api/me", &answer.session()).await.body;
        assert_eq!((&me["company"], &me["role"], &me["zone"], &me["currency"]), (&json!("株式会社なじみ"), &json!("owner"), &json!("Asia/Tokyo"), &json!("JPY")));
        assert_eq!((&me["today"], &me["now"], &me["mail"], &me["demo"]), (&json!("2026-11-13"), &json!("2026-11-13T00:30:00Z"), &json!("capture"), &Value::Null));
        assert_eq!(door.access.installation().unwrap().public_url, "https://crm.example.com");
    }

    async fn without_the_token_nobody_comes_in(new: NewDoor) {
        let door = new.0;
        let old = door.access.setup_token().await.unwrap().unwrap();
        let token = door.access.setup_token().await.unwrap().unwrap();
        for wrong in ["", "guess", old.reveal()] {
            assert_eq!(door.ask("POST", "/api/setup", "", request(wrong)).await.line(), "401 link_invalid");
        }
        assert_eq!(door.ask("POST", "/api/setup", "", request(token.reveal())).await.line(), "201");
    }

    async fn a_token_of_the_set_up_signs_nobody_in(new: NewDoor) {
        let token = new.0.access.setup_token().await.unwrap().unwrap();
        assert_eq!(new.0.by_link(&token).await.line(), "401 link_invalid");
    }

    async fn a_token_ends_after_a_week(new: NewDoor) {
        let door = new.0;
        let token = door.access.setup_token().await.unwrap().unwrap();
        door.pass_seconds(7 * 24 * 3600);
        assert_eq!(door.ask("POST", "/api/setup", "", request(token.reveal())).await.line(), "401 link_invalid");
    }

    async fn it_is_done_once_even_when_many_do_it_at_once(new: NewDoor) {
        let door = new.0;
        let token = door.access.setup_token().await.unwrap().unwrap();
        let one = || door.ask("POST", "/api/setup", "", request(token.reveal()));
        let (a, b, c) = tokio::join!(one(), one(), one());
        let mut lines = [a.line(), b.line(), c.line()];
        lines.sort();
        assert_eq!(lines[0], "201");
        assert!(lines[1..].iter().all(|line| line == "401 link_invalid" || line == "409 setup_done"), "{lines:?}");
        assert_eq!(door.access.operators().await.unwrap().len(), 1);
        assert_eq!(one().await.line(), "409 setup_done");
        assert_eq!(door.access.setup_token().await.unwrap(), None);
    }

    async fn what_makes_no_sense_is_refused_and_the_token_stays(new: NewDoor) {
        let door = new.0;
        let token = door.access.setup_token().await.unwrap().unwrap();
        for (field, wrong, line) in [
            ("zone", "Tokyo", "422 value_unfit"),
            ("currency", "円", "422 value_unfit"),
            ("public_url", "http://crm.example.com", "422 value_unfit"),
            ("company", " ", "422 text_length"),
            ("operator_name", "", "422 text_length"),
            ("email", "nobody", "422 email_unfit"),
            ("password", "short", "422 password_length"),
        ] {
            let mut request = request(token.reveal());
            request[field] = json!(wrong);
            assert_eq!(door.ask("POST", "/api/setup", "", request).await.line(), line, "{field}");
        }
        assert_eq!(door.ask("POST", "/api/setup", "", request(token.reveal())).await.line(), "201");
    }

    async fn another_process_learns_of_it(new: NewDoor) {
        let token = new.0.access.setup_token().await.unwrap().unwrap();
        let other = <NewDoor as testing::Stage>::set(new.0.database.clone()).await.0;
        let session = new.0.ask("POST", "/api/setup", "", request(token.reveal())).await.session();
        let secret = session.split_once('=').unwrap().1;
        // Before it has learned it, it looks for the cookie of an installation without TLS.
        assert_eq!(other.get("/api/me", &format!("najimi={secret}")).await.line(), "200");
        assert_eq!(other.get("/api/me", &session).await.line(), "200");
    }
}
