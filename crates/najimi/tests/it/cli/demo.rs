//! The large shop: made to the number that was asked for, and not twice.

use super::home::{Home, Server};

fn start(home: &Home) -> Server {
    let mut command = home.command(&["demo", "--customers", "300"]);
    command.env("NAJIMI_DEMO_FOLDER", concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo"));
    Server::start(command)
}

#[test]
fn a_large_shop_is_made_once() {
    let home = Home::new(String::new());
    start(&home).stop();
    let sql = "SELECT COUNT(DISTINCT customer) AS customers, COUNT(*) AS orders, COUNT(DISTINCT number) AS numbers FROM orders";
    let made = home.ask(sql);
    assert_eq!(made[0]["customers"], 300);
    assert_eq!(made[0]["orders"], made[0]["numbers"]);
    let orders = made[0]["orders"].as_u64().unwrap();
    assert!((4_000..9_000).contains(&orders), "about 20 orders each: {orders}");
    let server = start(&home);
    assert!(!server.said().contains("order lines"), "nothing is loaded twice");
    server.stop();
    assert_eq!(home.ask(sql), made);

    let other = home
        .command(&["demo", "--customers", "400"])
        .env("NAJIMI_LISTEN", "127.0.0.1:0")
        .env("NAJIMI_DEMO_FOLDER", concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo"))
        .output()
        .unwrap();
    let sentence = String::from_utf8(other.stderr).unwrap();
    assert!(sentence.contains("holds a large demo shop of 300 customers, not a large demo shop of 400"), "{sentence}");
    let served = home.command(&["serve"]).env("NAJIMI_LISTEN", "127.0.0.1:0").output().unwrap();
    assert!(String::from_utf8(served.stderr).unwrap().contains("holds the demo shop; open it with `najimi demo`"));
}
