//! A small HTTP client that sends what it is told, however wrong that is.

use serde_json::Value;
use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

/// What is asked.
#[derive(Clone)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Call {
    pub fn new(method: &str, path: &str) -> Self {
        Self { method: method.to_uppercase(), path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }
    pub fn raw(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", kind)
    }
    /// As a page of ours sends it.
    pub fn session(self, session: &str) -> Self {
        let call = self.header("sec-fetch-site", "same-origin");
        if session.is_empty() { call } else { call.header("cookie", session) }
    }
    pub fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    /// Sends it and reads the whole answer.
    pub fn send(&self, to: SocketAddr) -> Answer {
        self.send_if_heard(to).expect("an answer")
    }

    /// The same; nothing where the other side closes without a word.
    pub fn send_if_heard(&self, to: SocketAddr) -> Option<Answer> {
        let began = Instant::now();
        let mut stream = self.begin(to, self.body.len());
        // A server that refuses early may close before it has read all.
        let _ = stream.write_all(&self.body);
        Answer::read(stream, began)
    }

    /// Sends the head only.
    pub fn begin(&self, to: SocketAddr, content_length: usize) -> TcpStream {
        let mut head = format!("{} {} HTTP/1.0\r\nhost: {to}\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if self.method != "GET" {
            head += &format!("content-length: {content_length}\r\n");
        }
        let mut stream = TcpStream::connect(to).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all((head + "\r\n").as_bytes()).unwrap();
        stream
    }
}

/// What comes back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
    pub took: Duration,
}

impl Answer {
    pub fn read(mut stream: TcpStream, began: Instant) -> Option<Self> {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let took = began.elapsed();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Some(Self { status, headers: lines.filter_map(pair).collect(), body: bytes[end + 4..].to_vec(), took })
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text()))
    }
    /// The body of an answer that says yes.
    pub fn good(&self) -> Value {
        assert!((200..300).contains(&self.status), "{}", self.line());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }
    /// `403 permission_missing`.
    pub fn line(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        format!("{} {}", self.status, body["code"].as_str().unwrap_or_default()).trim().to_owned()
    }
    pub fn kind(&self) -> &str {
        self.headers.get("content-type").map_or("", String::as_str)
    }
}
