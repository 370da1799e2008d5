//! The audit log is checked from the machine itself.

use super::home::Home;
use records::{Actor, Records, Sql, values};

testing::on_both! {
    async fn a_log_that_was_tampered_with_is_told(home: Home) {
        home.set_up();
        let told = home.done(&["audit", "verify"]);
        assert!(told.starts_with("Nothing is sealed yet; ") && told.contains(" rows wait for the first seal."), "{told}");
        let url = format!("sqlite://{}", home.data().join(records::SQLITE_FILE).display());
        let url = if home.records_url.is_empty() { url } else { home.records_url.clone() };
        let records = Records::open(&url, testing::clock()).await.unwrap();
        let tx = records.begin(&Actor::System("story"), "story").await.unwrap();
        let forged = "INSERT INTO audit_seals (number, sealed_at, last_at, last_id, row_count, hash) VALUES (1, 0, 0, $1, 0, $2)";
        tx.execute(forged, values![uuid::Uuid::nil(), vec![7_u8; 32]]).await.unwrap();
        tx.commit().await.unwrap();
        records.close().await;
        let refused = home.najimi(&["audit", "verify"]);
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(refused.err.contains("seal 1, made at 1970-01-01T00:00:00Z, does not fit"), "{refused:?}");
    }
}
