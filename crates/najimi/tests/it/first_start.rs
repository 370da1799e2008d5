//! Two servers that wait for the same set-up, by a mistake in the settings of one of them.

use crate::{client::Call, server::Program};
use std::time::{Duration, Instant};
use testing::TestDatabase;

testing::on_both! {
    async fn of_two_servers_that_wait_for_one_set_up_one_opens(database: TestDatabase) {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut one = Program::start(first.path(), database.url(), &[]);
        let other = Program::start(second.path(), database.url(), &[]);
        assert_eq!(one.ask(&Call::new("GET", "/readyz")).status, 503);
        let owner = other.set_up("http://localhost:8420");
        // The first one learns of it from whoever comes in.
        let _ = Call::new("GET", "/api/me").session(&owner).send_if_heard(one.address);
        let began = Instant::now();
        while !one.has_ended() {
            assert!(began.elapsed() < Duration::from_secs(30), "both are open");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(!one.wait().success());
        let log = std::fs::read_to_string(&one.log).unwrap();
        assert!(log.contains("belongs to another data folder"), "{log}");
        other.wait_until_ready();
        other.ask(&Call::new("GET", "/api/me").session(&owner)).good();
    }
}
