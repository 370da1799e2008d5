//! A database of records is worked with from one data folder only.

use super::home::Home;

#[test]
fn records_of_another_folder_are_refused_with_the_next_step() {
    let home = Home::new(String::new());
    home.set_up();
    // As a second server would be set up: the same database, a folder of its own.
    let url = format!("sqlite://{}", home.data().join(records::SQLITE_FILE).display());
    let other = Home::new(String::new());
    let refused =
        other.command(&["serve"]).env("NAJIMI_LISTEN", "127.0.0.1:0").env("NAJIMI_RECORDS__URL", url).output();
    let refused = refused.unwrap();
    let sentence = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{sentence}");
    for part in ["belongs to another data folder", "--data", "restore a backup"] {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
    home.serve().stop();
}
