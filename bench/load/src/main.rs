//! Load for the bench: keep-alive connections that send events or fetch pages as fast as they are answered.
//!
//! `load events ADDRESS KEY EVENTS BATCH CLIENTS FIRST TIMESTAMP`, `load refused ADDRESS KEY REQUESTS CLIENTS`,
//! `load pages ADDRESS COOKIE REQUESTS CLIENTS < PATHS`. Prints one JSON object. Closed loop: it gives ceilings, and the
//! time of a request under exactly so many clients.
#![allow(clippy::print_stdout, reason = "a program for the bench")]

mod connection;
mod event;

use connection::Connection;
use std::{
    error::Error,
    io::Read,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// What went wrong, in words.
type Failure = Box<dyn Error + Send + Sync>;

/// How each request fared.
#[derive(Default)]
struct Tally {
    took: Vec<Duration>,
    /// Answers other than 2xx.
    refused: u64,
    bytes: u64,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["events", address, key, events, batch, clients, first, at] => {
            let (events, batch, first): (u64, u64, u64) = (events.parse()?, batch.parse()?, first.parse()?);
            let path = if batch == 1 { "/v1/track" } else { "/v1/batch" };
            let head = format!("POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n");
            run(address, clients.parse()?, events.div_ceil(batch), |number, request| {
                let from = first + number * batch;
                connection::post(request, &head, &event::body(from..from + batch, at));
            })
        }
        ["refused", address, key, requests, clients] => {
            let head = format!("POST /v1/track HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n");
            let body = "!".repeat(event::body(500..501, "2026-11-22T03:00:00.000Z").len());
            run(address, clients.parse()?, requests.parse()?, |_, request| connection::post(request, &head, &body))
        }
        ["pages", address, cookie, requests, clients] => {
            let mut paths = String::new();
            std::io::stdin().read_to_string(&mut paths)?;
            let paths: Vec<&str> = paths.lines().collect();
            run(address, clients.parse()?, requests.parse()?, |number, request| {
                let path = usize::try_from(number).map_or("/", |number| paths[number % paths.len()]);
                let head = format!("GET {path} HTTP/1.1\r\nhost: bench\r\ncookie: {cookie}\r\n\r\n");
                request.extend_from_slice(head.as_bytes());
            })
        }
        _ => Err("say `events`, `refused` or `pages` and what belongs to it".into()),
    }
}

/// Lets `clients` connections make `requests` requests, written by `write`, and prints how they fared.
fn run(address: &str, clients: usize, requests: u64, write: impl Fn(u64, &mut Vec<u8>) + Sync) -> Result<(), Failure> {
    let next = AtomicU64::new(0);
    let begin = Instant::now();
    let tallies: Result<Vec<Tally>, Failure> = std::thread::scope(|scope| {
        let client = || client(address, requests, &next, &write);
        let running: Vec<_> = (0..clients).map(|_| scope.spawn(client)).collect();
        running.into_iter().map(|client| client.join().map_err(|_| "a client broke off")?).collect()
    });
    print(&tallies?, begin.elapsed());
    Ok(())
}

fn client(
    address: &str,
    requests: u64,
    next: &AtomicU64,
    write: &impl Fn(u64, &mut Vec<u8>),
) -> Result<Tally, Failure> {
    let (mut connection, mut tally, mut request) = (Connection::open(address)?, Tally::default(), Vec::new());
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= requests {
            return Ok(tally);
        }
        request.clear();
        write(number, &mut request);
        let begin = Instant::now();
        let answer = connection.ask(&request)?;
        tally.took.push(begin.elapsed());
        tally.refused += u64::from(!(200..300).contains(&answer.status));
        tally.bytes += answer.bytes;
    }
}

fn print(tallies: &[Tally], seconds: Duration) {
    let mut took: Vec<Duration> = tallies.iter().flat_map(|tally| tally.took.iter().copied()).collect();
    took.sort_unstable();
    let at = |share: f64| took.get((took.len() as f64 * share) as usize).or(took.last()).map_or(0, Duration::as_micros);
    let sum = |part: fn(&Tally) -> u64| tallies.iter().map(part).sum::<u64>();
    println!(
        "{{\"requests\":{},\"refused\":{},\"answer_bytes\":{},\"seconds\":{:.6},\"p50_us\":{},\"p99_us\":{},\"max_us\":{}}}",
        took.len(),
        sum(|tally| tally.refused),
        sum(|tally| tally.bytes),
        seconds.as_secs_f64(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
