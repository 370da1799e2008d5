//! Callers who take their time, and callers who are many: nobody holds the server up.

use crate::{
    client::{Answer, Call},
    server::Server,
};
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};
use testing::TestDatabase;

/// Limits so short that a story can wait for them.
const SHORT: &[(&str, &str)] = &[("NAJIMI_HTTP__HEAD_SECONDS_MAX", "1"), ("NAJIMI_HTTP__SILENCE_SECONDS_MAX", "1")];

/// Far beyond the limits of these stories, far below those of everyday.
const SOON: Duration = Duration::from_secs(20);

async fn server(settings: &[(&str, &str)]) -> Server {
    Server::with(TestDatabase::sqlite(&[]).await, "http://localhost:8420", settings)
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.program.address).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream
}

/// Waits until the other side ends the connection.
fn is_ended(mut stream: TcpStream) -> bool {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => true,
        Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_says_what_he_wants_is_let_go() {
    let server = server(SHORT).await;
    let (silent, mut slow, mut between) = (connect(&server), connect(&server), connect(&server));
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-never-ends: ").unwrap();
    between.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    for (who, stream) in
        [("silent from the beginning", silent), ("in the head", slow), ("between two requests", between)]
    {
        assert!(is_ended(stream), "{who}");
    }
    server.get("/api/me").good();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_falls_silent_is_refused() {
    let server = server(SHORT).await;
    let began = Instant::now();
    let call =
        Call::new("POST", "/api/segments/preview").session(&server.owner).header("content-type", "application/json");
    let mut open = call.begin(server.program.address, 1_000);
    open.write_all(b"{\"te").unwrap();
    open.set_read_timeout(Some(SOON)).unwrap();
    let answer = Answer::read(open, began).expect("an answer");
    assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.text());
    assert!(answer.took < SOON, "{:?}", answer.took);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_callers_than_places_wait_until_one_leaves() {
    let server = server(&[("NAJIMI_HTTP__CONNECTIONS_MAX", "2")]).await;
    let ask = |stream: &mut TcpStream| stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let hear = |stream: &mut TcpStream| stream.read(&mut [0; 1_000]);
    let mut inside = [connect(&server), connect(&server)];
    for stream in &mut inside {
        ask(stream);
        assert!(hear(stream).unwrap() > 0);
    }
    let mut outside = connect(&server);
    ask(&mut outside);
    outside.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let error = hear(&mut outside).expect_err("nobody answers while all places are taken");
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    let [one, mut other] = inside;
    drop(one);
    outside.set_read_timeout(Some(SOON)).unwrap();
    assert!(hear(&mut outside).unwrap() > 0, "the next one comes in");
    ask(&mut other);
    assert!(hear(&mut other).unwrap() > 0, "who was inside stays");
    let log = std::fs::read_to_string(&server.program.log).unwrap();
    assert!(log.contains("all connections are in use"), "{log}");
}
