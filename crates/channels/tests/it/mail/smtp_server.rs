//! A mail server that follows a script: it says what a test wants, or falls silent, or hangs up.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};

/// What to do when its turn comes.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// Say this line.
    Say(&'static str),
    /// Say nothing and keep the connection.
    Hang,
    /// Close with a reset.
    Reset,
}

/// The server's part of every conversation; `GOOD` with what a test changes.
#[derive(Debug, Clone, Copy)]
pub struct Script {
    pub greeting: Act,
    pub hello: Act,
    pub start_tls: Act,
    pub auth: Act,
    pub mail: Act,
    pub recipient: Act,
    pub data: Act,
    pub content: Act,
    /// Close after this many mails, without a word.
    pub mails_max: usize,
}

pub const GOOD: Script = Script {
    greeting: Act::Say("220 test ESMTP"),
    hello: Act::Say("250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN"),
    start_tls: Act::Say("502 5.5.1 not here"),
    auth: Act::Say("235 2.7.0 welcome"),
    mail: Act::Say("250 2.1.0 ok"),
    recipient: Act::Say("250 2.1.5 ok"),
    data: Act::Say("354 go on"),
    content: Act::Say("250 2.0.0 queued as 4Rk7"),
    mails_max: usize::MAX,
};

/// What the server has seen.
#[derive(Debug, Default)]
pub struct Seen {
    pub connections: usize,
    pub commands: Vec<String>,
    pub contents: Vec<String>,
}

/// A running server on loopback; it ends with the test.
pub struct Server {
    pub port: u16,
    pub seen: Arc<Mutex<Seen>>,
}

pub async fn serve(script: Script) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Seen::default()));
    let shared = seen.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            shared.lock().unwrap().connections += 1;
            tokio::spawn(converse(socket, script, shared.clone()));
        }
    });
    Server { port, seen }
}

async fn converse(socket: TcpStream, script: Script, seen: Arc<Mutex<Seen>>) {
    // With no time to linger, closing sends a reset instead of a goodbye.
    socket.set_zero_linger().unwrap();
    let (reader, mut writer) = socket.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut act = script.greeting;
    let mut mails = 0;
    loop {
        match act {
            Act::Say(line) => writer.write_all(format!("{line}\r\n").as_bytes()).await.unwrap(),
            Act::Hang => std::future::pending().await,
            Act::Reset => return,
        }
        if matches!(act, Act::Say(line) if line.starts_with("354")) {
            let content = read_content(&mut lines).await;
            seen.lock().unwrap().contents.push(content);
            mails += 1;
            act = script.content;
            continue;
        }
        let Ok(Some(command)) = lines.next_line().await else { return };
        seen.lock().unwrap().commands.push(command.clone());
        if command == "QUIT" || mails >= script.mails_max {
            return;
        }
        act = answer(&script, &command);
    }
}

fn answer(script: &Script, command: &str) -> Act {
    match command.split([' ', ':']).next().unwrap_or_default() {
        "EHLO" => script.hello,
        "STARTTLS" => script.start_tls,
        "AUTH" => script.auth,
        "MAIL" => script.mail,
        "RCPT" => script.recipient,
        "DATA" => script.data,
        _ => Act::Say("250 2.0.0 ok"),
    }
}

async fn read_content(lines: &mut tokio::io::Lines<BufReader<OwnedReadHalf>>) -> String {
    let mut content = String::new();
    while let Ok(Some(line)) = lines.next_line().await {
        if line == "." {
            break;
        }
        content.push_str(line.strip_prefix('.').unwrap_or(&line));
        content.push_str("\r\n");
    }
    content
}
