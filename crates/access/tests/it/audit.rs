//! Who changed what.

use crate::door::{Door, PASSWORD};
use access::{AuditVerdict, Role};
use records::{Actor, Sql, values};
use serde_json::json;

impl Door {
    /// So many keys are made, a second each; then the log settles and is sealed.
    async fn sealed_keys(&self, count: usize) {
        let owner = self.owner().await;
        for _ in 0..count {
            self.pass_seconds(1);
            self.ask("POST", "/api/keys", &owner, json!({ "name": "鍵", "scopes": ["events.write"] })).await;
        }
        self.pass_seconds(601);
        self.access.seal_audit_log().await.unwrap();
    }

    async fn tamper(&self, sql: &str, values: Vec<records::Value>) {
        let tx = self.database.records.begin(&Actor::System("thief"), "tamper").await.unwrap();
        assert_eq!(tx.execute(sql, values).await.unwrap(), 1, "{sql}");
        tx.commit().await.unwrap();
    }

    async fn verdict(&self) -> AuditVerdict {
        self.access.verify_audit_log().await.unwrap()
    }

    /// The first seal that does not hold.
    async fn broken(&self) -> Option<i64> {
        match self.verdict().await {
            AuditVerdict::Broken { seal, .. } => Some(seal),
            AuditVerdict::Whole { .. } => None,
        }
    }
}

/// The row of the newest key but so many.
const ROW: &str = "(SELECT audit_id FROM audit_log WHERE action = 'key.create' ORDER BY at DESC LIMIT 1 OFFSET 0)";

testing::on_both! {
    async fn each_change_has_its_row_with_the_name_of_who_made_it(door: Door) {
        let owner = door.owner().await;
        door.pass_seconds(1);
        let key = door.ask("POST", "/api/keys", &owner, json!({ "name": "鍵", "scopes": ["events.write"] })).await.body;
        let rows = door.get("/api/audit", &owner).await.body;
        let row = &rows["items"][0];
        assert_eq!((&row["actor"], &row["action"], &row["object"]), (&json!("大野"), &json!("key.create"), &key["key_id"]));
        assert_eq!((&row["at"], &row["detail"]), (&json!("2026-11-13T00:30:01Z"), &json!({ "name": "鍵", "scopes": ["events.write"] })));
        assert_eq!(rows["items"][1]["action"], json!("session.begin"));
        assert!(!rows.to_string().contains(key["secret"].as_str().unwrap()));
    }

    async fn what_was_refused_has_none(door: Door) {
        let owner = door.owner().await;
        let before = door.get("/api/audit", &owner).await.body;
        door.ask("POST", "/api/operators", &owner, json!({ "name": "見習", "email": "o@example.com", "role": "viewer" })).await;
        assert_eq!(door.get("/api/audit", &owner).await.body, before);
    }

    async fn pages_follow_each_other_without_gap_or_repetition(door: Door) {
        let owner = door.owner().await;
        for second in 0..7 {
            door.pass_seconds(second % 2);
            door.ask("POST", "/api/keys", &owner, json!({ "name": format!("鍵{second}"), "scopes": ["events.write"] })).await;
        }
        let whole = door.get("/api/audit", &owner).await.body["items"].as_array().unwrap().clone();
        let (mut pages, mut path) = (Vec::new(), "/api/audit?limit=3".to_owned());
        loop {
            let page = door.get(&path, &owner).await.body;
            pages.extend(page["items"].as_array().unwrap().clone());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/api/audit?limit=3&cursor={cursor}");
        }
        assert_eq!(pages.len(), 9, "the set-up, the sign-in, seven keys");
        assert_eq!(pages, whole);
    }

    async fn what_is_sealed_is_whole_until_somebody_changes_it(door: Door) {
        door.sealed_keys(3).await;
        let AuditVerdict::Whole { last: Some(last), rows, waiting } = door.verdict().await else { panic!("whole") };
        assert_eq!((last.number, rows, waiting), (1, 5, 0), "the set-up, the sign-in, three keys");
        door.access.seal_audit_log().await.unwrap();
        door.sealed_keys(2).await;
        let AuditVerdict::Whole { last: Some(next), rows, .. } = door.verdict().await else { panic!("whole") };
        assert_eq!((next.number, rows), (2, 8), "no seal over nothing");
        assert_ne!(last.hash_text(), next.hash_text());
    }

    async fn rows_that_may_still_have_elder_ones_behind_them_are_not_sealed(door: Door) {
        let _ = door.owner().await;
        door.pass_seconds(599);
        door.access.seal_audit_log().await.unwrap();
        let AuditVerdict::Whole { last, waiting, .. } = door.verdict().await else { panic!("whole") };
        assert_eq!((last, waiting), (None, 2));
    }

    async fn a_changed_row_breaks_its_seal(door: Door) {
        door.sealed_keys(2).await;
        door.sealed_keys(2).await;
        door.sealed_keys(2).await;
        door.tamper(&format!("UPDATE audit_log SET actor = 'somebody else' WHERE audit_id = {ROW}"), values![]).await;
        assert_eq!(door.broken().await, Some(3));
        let row = ROW.replace("OFFSET 0", "OFFSET 3");
        door.tamper(&format!("UPDATE audit_log SET detail = '{{ }}' WHERE audit_id = {row}"), values![]).await;
        assert_eq!(door.broken().await, Some(2), "the first one is named");
    }

    async fn a_row_that_is_taken_out_breaks_its_seal(door: Door) {
        door.sealed_keys(2).await;
        door.sealed_keys(2).await;
        door.tamper(&format!("DELETE FROM audit_log WHERE audit_id = {}", ROW.replace("OFFSET 0", "OFFSET 2")), values![]).await;
        assert_eq!(door.broken().await, Some(1));
    }

    async fn a_row_that_is_put_in_breaks_its_seal(door: Door) {
        door.sealed_keys(2).await;
        door.sealed_keys(2).await;
        assert_eq!(door.broken().await, None);
        let copy = format!("INSERT INTO audit_log SELECT $1, at, actor_kind, actor, action, object, detail FROM audit_log WHERE audit_id = {ROW}");
        door.tamper(&copy, values![uuid::Uuid::from_u128(7)]).await;
        assert_eq!(door.broken().await, Some(2));
    }

    async fn a_seal_that_is_taken_out_or_made_anew_is_missed(door: Door) {
        for _ in 0..3 {
            door.sealed_keys(1).await;
        }
        door.tamper("UPDATE audit_seals SET hash = $1 WHERE number = 2", values![vec![0_u8; 32]]).await;
        assert_eq!(door.broken().await, Some(2));
        door.tamper("DELETE FROM audit_seals WHERE number = 2", values![]).await;
        assert_eq!(door.verdict().await, AuditVerdict::Broken { seal: 2, sealed_at: None });
    }

    async fn who_was_not_let_in_stands_in_it(door: Door) {
        let owner = door.owner().await;
        door.try_sign_in("o@example.com", "not the password").await;
        door.try_sign_in("nobody@example.com", PASSWORD).await;
        let before = door.get("/api/audit", &owner).await.body["items"].as_array().unwrap().len();
        door.access.write_notes().await.unwrap();
        let rows = door.get("/api/audit", &owner).await.body;
        assert_eq!(rows["items"].as_array().unwrap().len(), before + 2);
        let mut names = [&rows["items"][0], &rows["items"][1]].map(|row| {
            assert_eq!((&row["actor_kind"], &row["actor"], &row["action"]), (&json!("visitor"), &json!(""), &json!("session.refused")));
            row["object_name"].as_str().unwrap_or("nobody of us").to_owned()
        });
        names.sort();
        assert_eq!(names, ["nobody of us", "大野"]);
        assert!(!rows.to_string().contains("nobody@example.com"), "what strangers type is not kept");
    }

    async fn who_looked_at_whom_is_written_in_a_group(door: Door) {
        let owner = door.owner().await;
        let _ = door.somebody(Role::Agent).await;
        let people = door.access.operators().await.unwrap();
        for operator in &people {
            for card in ["card-1", "card-2", "card-1"] {
                door.access.note_look(operator, "customer.read", card);
            }
        }
        door.access.write_notes().await.unwrap();
        door.access.write_notes().await.unwrap();
        let rows = door.get("/api/audit", &owner).await.body;
        let looks = rows["items"].as_array().unwrap().iter().filter(|row| row["action"] == "customer.read");
        let mut looks: Vec<String> = looks.map(|row| format!("{} {}", row["actor"], row["object"])).collect();
        looks.sort();
        assert_eq!(looks, ["\"大野\" \"card-1\"", "\"大野\" \"card-2\"", "\"誰か\" \"card-1\"", "\"誰か\" \"card-2\""]);
    }
}
