//! One keep-alive connection of HTTP/1.1: a request out, its answer in.

use crate::Failure;
use std::{
    io::{Read, Write},
    net::TcpStream,
};

/// What came back.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Bytes of the body.
    pub bytes: u64,
}

/// A connection with what was read ahead.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

/// Adds a request with a JSON body; `head` ends behind its last header's line.
pub fn post(request: &mut Vec<u8>, head: &str, body: &str) {
    let rest = format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    for part in [head, &rest, body] {
        request.extend_from_slice(part.as_bytes());
    }
}

impl Connection {
    /// Connects.
    pub fn open(address: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 64 << 10], filled: 0 })
    }

    /// Sends a request and reads its answer to the end.
    pub fn ask(&mut self, request: &[u8]) -> Result<Answer, Failure> {
        self.stream.write_all(request)?;
        let head_bytes = loop {
            match self.buffer[..self.filled].windows(4).position(|window| window == b"\r\n\r\n") {
                Some(place) => break place + 4,
                None => self.read()?,
            }
        };
        let head = std::str::from_utf8(&self.buffer[..head_bytes])?.to_ascii_lowercase();
        let status = head.get(9..12).ok_or("the answer has no status")?.parse()?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let bytes: usize = length.ok_or("the answer does not say how long it is")?.trim().parse()?;
        while self.filled < head_bytes + bytes {
            self.read()?;
        }
        self.buffer.copy_within(head_bytes + bytes..self.filled, 0);
        self.filled -= head_bytes + bytes;
        Ok(Answer { status, bytes: bytes as u64 })
    }

    fn read(&mut self) -> Result<(), Failure> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled * 2, 0);
        }
        match self.stream.read(&mut self.buffer[self.filled..])? {
            0 => Err("the server has closed the connection".into()),
            count => {
                self.filled += count;
                Ok(())
            }
        }
    }
}
