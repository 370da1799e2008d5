//! One process at a time works with a data folder.

use super::home::{Home, Server};

#[test]
fn a_second_server_on_the_same_folder_is_refused_with_the_next_step() {
    let home = Home::new(String::new());
    let server = home.serve();
    let second = home.command(&["serve"]).env("NAJIMI_LISTEN", "127.0.0.1:0").output().unwrap();
    let sentence = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(1));
    for part in ["is in use by `najimi serve` (process ", &server.address, "stop it first", "--data"] {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
    server.stop();
    // Let go by the end of the process, however that came.
    drop(home.serve());
    let third: Server = home.serve();
    assert!(third.said().contains("Najimi is open at"));
}

#[test]
fn a_demo_does_not_move_into_a_shop_of_ones_own() {
    let home = Home::new(String::new());
    home.set_up();
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo");
    let output =
        home.command(&["demo"]).env("NAJIMI_LISTEN", "127.0.0.1:0").env("NAJIMI_DEMO_FOLDER", demo).output().unwrap();
    let sentence = String::from_utf8(output.stderr).unwrap();
    assert!(sentence.contains("holds a shop of its own"), "{sentence}");
    assert_eq!(output.status.code(), Some(1));
}
