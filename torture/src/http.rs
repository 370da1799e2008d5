//! A small HTTP client of our own: it must see the moment at which an answer came, or that none came.

use serde_json::Value;
use std::{
    io::{self, BufRead, BufReader, Error, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Of HTTP.
    pub status: u16,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// As it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body; it must have been a yes.
    pub fn json(&self) -> Value {
        assert!(self.is_yes(), "{} {}", self.status, self.text());
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// 2xx.
    pub fn is_yes(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A connection that is kept, and made anew after it broke.
pub struct Client {
    address: SocketAddr,
    headers: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    /// To an address, with headers that stand in each request.
    pub fn new(address: SocketAddr, headers: &[(&str, &str)]) -> Self {
        let headers = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        Self { address, headers, stream: None }
    }

    /// Asks once. An error says that nobody knows what became of it.
    pub fn call(&mut self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> io::Result<Answer> {
        let answer = self.converse(method, path, body);
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    /// Sends JSON.
    pub fn send(&mut self, method: &str, path: &str, body: &Value) -> io::Result<Answer> {
        self.call(method, path, Some(("application/json", body.to_string().as_bytes())))
    }

    /// Asks for something.
    pub fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.call("GET", path, None)
    }

    fn converse(&mut self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> io::Result<Answer> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                none.insert(BufReader::new(stream))
            }
        };
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n{}", self.address, self.headers).into_bytes();
        if let Some((kind, body)) = body {
            request.extend_from_slice(
                format!("content-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes(),
            );
            request.extend_from_slice(body);
        } else {
            request.extend_from_slice(b"content-length: 0\r\n\r\n");
        }
        stream.get_mut().write_all(&request)?;
        let (answer, is_last) = read(stream)?;
        if is_last {
            self.stream = None;
        }
        Ok(answer)
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> io::Result<(Answer, bool)> {
    let status = line(stream)?.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(broken)?;
    let mut headers = Vec::new();
    loop {
        let line = line(stream)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = Answer { status, headers, body: Vec::new() };
    if let Some(length) = answer.header("content-length") {
        answer.body.resize(length.parse().map_err(|_| broken())?, 0);
        stream.read_exact(&mut answer.body)?;
    } else if answer.header("transfer-encoding").is_some() {
        loop {
            let size = usize::from_str_radix(&line(stream)?, 16).map_err(|_| broken())?;
            let from = answer.body.len();
            answer.body.resize(from + size, 0);
            stream.read_exact(&mut answer.body[from..])?;
            line(stream)?;
            if size == 0 {
                break;
            }
        }
    }
    let is_last = answer.header("connection") == Some("close");
    Ok((answer, is_last))
}

fn line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(Error::from(ErrorKind::UnexpectedEof));
    }
    line.truncate(line.trim_end().len());
    Ok(line)
}

fn broken() -> Error {
    Error::from(ErrorKind::InvalidData)
}
