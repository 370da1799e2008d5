//! A TCP stream that hands over plain answers one line at a time until TLS begins.
//!
//! The SMTP library reads ahead. Whatever an attacker puts behind the answer to `STARTTLS` would
//! lie in its buffer and be taken for an answer that came through TLS. Here it stays in the
//! socket, reaches the TLS handshake instead, and breaks it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

#[derive(Debug)]
pub(super) struct LineStream {
    socket: TcpStream,
    phase: Phase,
    /// Letters of the present line so far, and the fourth of them.
    column: usize,
    separator: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Answers are handed over line by line.
    Plain,
    /// `STARTTLS` was said; its answer is the last plain line.
    LastAnswer,
    /// What comes belongs to TLS.
    Encrypted,
}

impl LineStream {
    pub fn new(socket: TcpStream) -> Self {
        Self { socket, phase: Phase::Plain, column: 0, separator: b' ' }
    }

    fn poll_read_line(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut bytes = [0; 1024];
        let mut seen = ReadBuf::new(&mut bytes);
        ready!(self.socket.poll_peek(context, &mut seen))?;
        let line_end = seen.filled().iter().position(|byte| *byte == b'\n');
        let length = line_end.map_or(seen.filled().len(), |end| end + 1).min(buffer.remaining());
        let mut line = ReadBuf::new(&mut bytes[..length]);
        ready!(Pin::new(&mut self.socket).poll_read(context, &mut line))?;
        buffer.put_slice(line.filled());
        self.follow(line.filled());
        Poll::Ready(Ok(()))
    }

    /// An answer ends with the line whose code is followed by a space (RFC 5321, 4.2.1).
    fn follow(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if *byte != b'\n' {
                self.column += 1;
                self.separator = if self.column == 4 { *byte } else { self.separator };
                continue;
            }
            if self.phase == Phase::LastAnswer && self.separator != b'-' {
                self.phase = Phase::Encrypted;
            }
            self.column = 0;
            self.separator = b' ';
        }
    }
}

impl AsyncTokioStream for LineStream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.socket.peer_addr()
    }
}

impl AsyncRead for LineStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.phase {
            Phase::Encrypted => Pin::new(&mut self.socket).poll_read(context, buffer),
            Phase::Plain | Phase::LastAnswer => self.poll_read_line(context, buffer),
        }
    }
}

impl AsyncWrite for LineStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.socket).poll_write(context, bytes))?;
        if self.phase == Phase::Plain && bytes == b"STARTTLS\r\n" {
            self.phase = Phase::LastAnswer;
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
