//! A mail server that treats each recipient as its name says, and keeps what it took.
//!
//! `gone…` does not exist (550), `busy…` is tried later (450), `lost…` is taken and then the connection breaks,
//! `mute…` is taken and nobody answers; everybody else gets the mail.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// A running server on loopback.
pub struct PostOffice {
    pub port: u16,
    boxes: Arc<Mutex<BTreeMap<String, Vec<String>>>>,
}

impl PostOffice {
    /// Opens on a port of its own.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let boxes = Arc::new(Mutex::new(BTreeMap::new()));
        let shared = boxes.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(converse(socket, shared.clone()));
            }
        });
        Self { port, boxes }
    }

    /// How many mails each recipient got.
    pub fn delivered(&self) -> BTreeMap<String, usize> {
        self.boxes.lock().unwrap().iter().map(|(name, mails)| (name.clone(), mails.len())).collect()
    }

    /// The first mail that this recipient got.
    pub fn mail_of(&self, recipient: &str) -> String {
        self.boxes.lock().unwrap()[recipient][0].clone()
    }
}

struct Line {
    lines: Lines<BufReader<OwnedReadHalf>>,
    writer: OwnedWriteHalf,
}

impl Line {
    async fn say(&mut self, words: &str) -> Option<()> {
        self.writer.write_all(format!("{words}\r\n").as_bytes()).await.ok()
    }

    async fn hear(&mut self) -> Option<String> {
        self.lines.next_line().await.ok().flatten()
    }

    async fn content(&mut self) -> Option<String> {
        let mut content = String::new();
        loop {
            let line = self.hear().await?;
            if line == "." {
                return Some(content);
            }
            content.push_str(&line);
            content.push('\n');
        }
    }
}

async fn converse(socket: TcpStream, boxes: Arc<Mutex<BTreeMap<String, Vec<String>>>>) -> Option<()> {
    let (reader, writer) = socket.into_split();
    let mut line = Line { lines: BufReader::new(reader).lines(), writer };
    line.say("220 office ESMTP").await?;
    let mut recipient = String::new();
    loop {
        let command = line.hear().await?;
        if let Some(address) = command.strip_prefix("RCPT TO:<") {
            recipient = address.trim_end_matches('>').to_owned();
        }
        match command.split([' ', ':']).next()? {
            "EHLO" => line.say("250 office").await?,
            "RCPT" if recipient.starts_with("gone") => line.say("550 5.1.1 no such user here").await?,
            "RCPT" if recipient.starts_with("busy") => line.say("450 4.2.1 try later").await?,
            "DATA" => {
                line.say("354 go on").await?;
                let content = line.content().await?;
                boxes.lock().unwrap().entry(recipient.clone()).or_default().push(content);
                if recipient.starts_with("lost") {
                    return None;
                }
                if recipient.starts_with("mute") {
                    std::future::pending::<()>().await;
                }
                line.say("250 2.0.0 taken").await?;
            }
            "QUIT" => return line.say("221 bye").await,
            _ => line.say("250 ok").await?,
        }
    }
}
