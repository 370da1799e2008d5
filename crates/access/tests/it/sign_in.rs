//! Signing in and out, and how sessions and links end.

use crate::door::{Door, MACHINE, NewDoor, PASSWORD};
use access::{NewInstallation, NewOperator, OperatorChange, Role};
use records::{Sql, values};
use serde_json::{Value, json};

testing::on_both! {
    async fn mail_and_password_open_the_door(door: Door) {
        let answer = door.try_sign_in(" O@Example.com ", PASSWORD).await;
        assert_eq!(answer.line(), "200");
        assert_eq!(answer.body["email"], json!("o@example.com"));
        assert_eq!(door.get("/api/me", &answer.session()).await.body["name"], json!("大野"));
    }

    async fn the_cookie_is_bound_to_the_host_and_out_of_reach_of_scripts(door: Door) {
        let cookie = door.try_sign_in("o@example.com", PASSWORD).await.cookie.unwrap();
        let (session, attributes) = cookie.split_once(';').unwrap();
        assert!(session.starts_with("__Host-najimi=") && session.len() == 14 + 43, "{session}");
        assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600; Secure");
    }

    async fn on_this_computer_the_cookie_goes_without_tls(new: NewDoor) {
        let door = new.0;
        let installation = NewInstallation::new("試し", "Asia/Tokyo", "JPY", "http://127.0.0.1:8080").unwrap();
        door.access.install(installation, NewOperator::new("大野", "o@example.com", Role::Owner, Some(PASSWORD.to_owned())).unwrap()).await.unwrap();
        let answer = door.try_sign_in("o@example.com", PASSWORD).await;
        assert!(answer.session().starts_with("najimi=") && !answer.cookie.as_ref().unwrap().contains("Secure"));
        assert_eq!(door.get("/api/me", &answer.session()).await.line(), "200");
    }

    async fn which_of_the_two_was_wrong_is_not_said(door: Door) {
        let wrong_password = door.try_sign_in("o@example.com", "correct horse").await;
        let wrong_mail = door.try_sign_in("x@example.com", PASSWORD).await;
        assert_eq!(wrong_password.line(), "401 sign_in_failed");
        assert_eq!(wrong_password.body, wrong_mail.body);
    }

    async fn tries_slow_down_and_the_right_password_works_after_the_pause(door: Door) {
        for _ in 0..5 {
            assert_eq!(door.try_sign_in("o@example.com", "wrong").await.line(), "401 sign_in_failed");
        }
        let answer = door.try_sign_in("o@example.com", PASSWORD).await;
        assert_eq!((answer.line().as_str(), answer.retry_after), ("429 too_many_tries", Some(1)));
        door.pass_seconds(1);
        assert_eq!(door.try_sign_in("o@example.com", PASSWORD).await.line(), "200");
    }

    async fn each_sign_in_has_a_session_of_its_own_and_ends_the_one_before(door: Door) {
        let first = door.owner().await;
        let again = door.ask("POST", "/api/session", &first, json!({ "email": "o@example.com", "password": PASSWORD })).await.session();
        assert_ne!(first, again);
        assert_eq!(door.get("/api/me", &first).await.line(), "401 signed_out");
        assert_eq!(door.get("/api/me", &again).await.line(), "200");
    }

    async fn signing_out_ends_this_session_only(door: Door) {
        let (here, there) = (door.owner().await, door.owner().await);
        let answer = door.ask("DELETE", "/api/session", &here, Value::Null).await;
        assert_eq!((answer.line().as_str(), answer.session().as_str()), ("204", "__Host-najimi="));
        assert_eq!(door.get("/api/me", &here).await.line(), "401 signed_out");
        assert_eq!(door.get("/api/me", &there).await.line(), "200");
    }

    async fn a_session_that_is_not_used_ends_after_a_day(door: Door) {
        let session = door.owner().await;
        door.pass_seconds(24 * 3600 - 1);
        assert_eq!(door.get("/api/me", &session).await.line(), "200");
        door.pass_seconds(24 * 3600 - 1);
        assert_eq!(door.get("/api/me", &session).await.line(), "200", "it was used yesterday");
        door.pass_seconds(24 * 3600);
        assert_eq!(door.get("/api/me", &session).await.line(), "401 signed_out");
    }

    async fn a_session_ends_after_two_weeks_however_much_it_is_used(door: Door) {
        let session = door.owner().await;
        for _ in 0..27 {
            door.pass_seconds(12 * 3600);
            assert_eq!(door.get("/api/me", &session).await.line(), "200");
        }
        door.pass_seconds(12 * 3600);
        assert_eq!(door.get("/api/me", &session).await.line(), "401 signed_out");
    }

    async fn an_operator_keeps_twenty_sessions(door: Door) {
        let first = door.owner().await;
        let owner = door.owner_account().await;
        for _ in 0..20 {
            door.pass_seconds(1);
            let token = door.access.sign_in_link(&MACHINE, owner.operator_id).await.unwrap();
            assert_eq!(door.by_link(&token).await.line(), "200");
        }
        assert_eq!(door.get("/api/me", &first).await.line(), "401 signed_out");
        let count: Option<i64> = door.database.records.reader().scalar("SELECT COUNT(*) AS value FROM sessions", values![]).await.unwrap();
        assert_eq!(count, Some(20));
    }

    async fn a_new_password_ends_all_sessions_and_begins_one(door: Door) {
        let (here, there) = (door.owner().await, door.owner().await);
        let wrong = json!({ "current_password": "wrong", "new_password": "a new and long one" });
        assert_eq!(door.ask("PUT", "/api/me/password", &here, wrong).await.line(), "422 password_wrong");
        let right = json!({ "current_password": PASSWORD, "new_password": "a new and long one" });
        let new = door.ask("PUT", "/api/me/password", &here, right).await.session();
        for (session, line) in [(&here, "401 signed_out"), (&there, "401 signed_out"), (&new, "200")] {
            assert_eq!(door.get("/api/me", session).await.line(), line);
        }
        assert_eq!(door.try_sign_in("o@example.com", PASSWORD).await.line(), "401 sign_in_failed");
        assert_eq!(door.try_sign_in("o@example.com", "a new and long one").await.line(), "200");
    }

    async fn who_has_only_the_session_guesses_the_password_no_faster_than_at_the_door(door: Door) {
        let session = door.owner().await;
        let change = |current: &'static str| {
            let request = json!({ "current_password": current, "new_password": "a new and long one" });
            door.ask("PUT", "/api/me/password", &session, request)
        };
        for _ in 0..5 {
            assert_eq!(change("wrong").await.line(), "422 password_wrong");
        }
        let answer = change(PASSWORD).await;
        assert_eq!((answer.line().as_str(), answer.retry_after), ("429 too_many_tries", Some(1)));
        assert_eq!(door.try_sign_in("o@example.com", PASSWORD).await.line(), "429 too_many_tries", "one count for both");
        door.pass_seconds(1);
        assert_eq!(change(PASSWORD).await.line(), "200");
    }

    async fn a_link_opens_once(door: Door) {
        let token = door.access.sign_in_link(&MACHINE, door.owner_account().await.operator_id).await.unwrap();
        assert!(door.access.sign_in_url(&token).starts_with("https://crm.example.com/sign-in?token="));
        let (a, b) = tokio::join!(door.by_link(&token), door.by_link(&token));
        let mut lines = [a.line(), b.line()];
        lines.sort();
        assert_eq!(lines, ["200", "401 link_invalid"]);
    }

    async fn a_link_ends_after_a_quarter_of_an_hour(door: Door) {
        let token = door.access.sign_in_link(&MACHINE, door.owner_account().await.operator_id).await.unwrap();
        door.pass_seconds(15 * 60);
        assert_eq!(door.by_link(&token).await.line(), "401 link_invalid");
    }

    async fn who_came_by_an_invitation_chooses_a_password(door: Door) {
        let new = NewOperator::new("見習", "new@example.com", Role::Marketer, None).unwrap();
        let operator = door.access.create_operator(&MACHINE, new).await.unwrap();
        assert_eq!(door.try_sign_in("new@example.com", "").await.line(), "401 sign_in_failed");
        let token = door.access.invitation_link(&MACHINE, operator.operator_id).await.unwrap();
        let session = door.by_link(&token).await.session();
        let answer = door.ask("PUT", "/api/me/password", &session, json!({ "new_password": "long enough now" })).await;
        assert_eq!((answer.line().as_str(), &answer.body["has_password"]), ("200", &json!(true)));
        assert_eq!(door.try_sign_in("new@example.com", "long enough now").await.line(), "200");
    }

    async fn who_is_not_active_comes_in_by_no_way(door: Door) {
        let new = NewOperator::new("元社員", "left@example.com", Role::Agent, Some(PASSWORD.to_owned())).unwrap();
        let operator = door.access.create_operator(&MACHINE, new).await.unwrap();
        let session = door.try_sign_in("left@example.com", PASSWORD).await.session();
        let token = door.access.sign_in_link(&MACHINE, operator.operator_id).await.unwrap();
        let change = OperatorChange { is_active: Some(false), ..OperatorChange::default() };
        door.access.change_operator(&MACHINE, operator.operator_id, change).await.unwrap();
        assert_eq!(door.get("/api/me", &session).await.line(), "401 signed_out");
        assert_eq!(door.by_link(&token).await.line(), "401 link_invalid");
        assert_eq!(door.try_sign_in("left@example.com", PASSWORD).await.line(), "401 sign_in_failed");
        assert!(door.access.sign_in_link(&MACHINE, operator.operator_id).await.is_err());
    }
}
