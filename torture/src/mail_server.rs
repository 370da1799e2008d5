//! A mail server that keeps a journal of its own, on the disk, before it says that it took a mail, and that can treat
//! each recipient badly. With another server behind it, it hands over to that one and repeats its words.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, sleep},
    time::{Duration, SystemTime},
};

/// How a recipient is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// The mail is taken.
    Take,
    /// 550: there is nobody of this name.
    Unknown,
    /// 421, and the connection is closed.
    Busy,
    /// The content is taken, and then nothing is said any more.
    HangAfterContent,
    /// The content is taken, and the connection breaks.
    LoseAfterContent,
}

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Of its header.
    pub message_id: String,
    /// When the recipient was named.
    pub named_at: SystemTime,
    /// The whole mail, of the first few.
    pub content: Option<String>,
}

/// Mails whose content is kept.
const CONTENTS_KEPT: u64 = 200;

type Treat = dyn Fn(&str) -> Treatment + Send + Sync;

struct Shared {
    journal: Mutex<File>,
    taken: Mutex<BTreeMap<String, Vec<Taken>>>,
    count: AtomicU64,
    treat: Box<Treat>,
    /// How long each mail takes, in microseconds.
    work_us: AtomicU64,
    behind: Option<u16>,
}

/// A running server.
pub struct MailServer {
    /// Where it listens, on loopback.
    pub port: u16,
    shared: Arc<Shared>,
}

impl MailServer {
    /// Takes everything.
    pub fn open(journal: &Path) -> Self {
        Self::open_with(journal, None, |_| Treatment::Take)
    }

    /// Treats recipients as it is told; hands over to the server behind it, when there is one.
    pub fn open_with(
        journal: &Path,
        behind: Option<u16>,
        treat: impl Fn(&str) -> Treatment + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            journal: Mutex::new(File::options().create(true).append(true).open(journal).unwrap()),
            taken: Mutex::default(),
            count: AtomicU64::new(0),
            treat: Box::new(treat),
            work_us: AtomicU64::new(0),
            behind,
        });
        let server = Self { port, shared: shared.clone() };
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let shared = shared.clone();
                thread::spawn(move || Conversation::open(socket, &shared).and_then(|mut talk| talk.run(&shared)));
            }
        });
        server
    }

    /// From now on each mail takes so long.
    pub fn take_time(&self, work: Duration) {
        self.shared.work_us.store(work.as_micros() as u64, Ordering::Relaxed);
    }

    /// Mails taken so far.
    pub fn count(&self) -> u64 {
        self.shared.count.load(Ordering::Relaxed)
    }

    /// All mails by recipient.
    pub fn taken(&self) -> BTreeMap<String, Vec<Taken>> {
        self.shared.taken.lock().unwrap().clone()
    }
}

struct Conversation {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    behind: Option<BufReader<TcpStream>>,
    recipient: String,
    named_at: SystemTime,
}

impl Conversation {
    fn open(socket: TcpStream, shared: &Shared) -> io::Result<Self> {
        socket.set_nodelay(true)?;
        let reader = BufReader::new(socket.try_clone()?);
        let mut behind = None;
        if let Some(port) = shared.behind {
            let socket = TcpStream::connect(("127.0.0.1", port))?;
            socket.set_nodelay(true)?;
            let mut server = BufReader::new(socket);
            reply(&mut server)?;
            server.get_mut().write_all(b"EHLO office.test\r\n")?;
            reply(&mut server)?;
            behind = Some(server);
        }
        Ok(Self { reader, writer: socket, behind, recipient: String::new(), named_at: SystemTime::UNIX_EPOCH })
    }

    fn say(&mut self, words: &str) -> io::Result<()> {
        self.writer.write_all(format!("{words}\r\n").as_bytes())
    }

    fn hear(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        if self.reader.read_until(b'\n', &mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned())
    }

    /// The answer of the server behind, or a yes of our own.
    fn pass(&mut self, words: &str, own: &str) -> io::Result<String> {
        match &mut self.behind {
            None => Ok(own.to_owned()),
            Some(server) => {
                server.get_mut().write_all(format!("{words}\r\n").as_bytes())?;
                reply(server)
            }
        }
    }

    fn run(&mut self, shared: &Shared) -> io::Result<()> {
        self.say("220 office.test ESMTP")?;
        loop {
            let command = self.hear()?;
            let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" | "HELO" => self.say("250 office.test")?,
                "RCPT" => {
                    if !self.name_recipient(&command, shared)? {
                        return Ok(());
                    }
                }
                "DATA" => {
                    if !self.take_content(shared)? {
                        return Ok(());
                    }
                }
                "QUIT" => return self.say("221 2.0.0 bye"),
                _ => {
                    let answer = self.pass(&command, "250 2.0.0 ok")?;
                    self.say(&answer)?;
                }
            }
        }
    }

    fn name_recipient(&mut self, command: &str, shared: &Shared) -> io::Result<bool> {
        self.named_at = SystemTime::now();
        self.recipient = command.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        match (shared.treat)(&self.recipient) {
            Treatment::Unknown => self.say("550 5.1.1 no such user here")?,
            Treatment::Busy => {
                self.say("421 4.3.2 closing, come back later")?;
                return Ok(false);
            }
            _ => {
                let answer = self.pass(command, "250 2.1.5 ok")?;
                self.say(&answer)?;
            }
        }
        Ok(true)
    }

    fn take_content(&mut self, shared: &Shared) -> io::Result<bool> {
        let treatment = (shared.treat)(&self.recipient);
        let is_passed = treatment == Treatment::Take;
        let go_on = if is_passed { self.pass("DATA", "354 go on")? } else { "354 go on".to_owned() };
        self.say(&go_on)?;
        if !go_on.starts_with("354") {
            return Ok(true);
        }
        let mut content = String::new();
        loop {
            let line = self.hear()?;
            if line == "." {
                break;
            }
            content.push_str(&line);
            content.push_str("\r\n");
        }
        sleep(Duration::from_micros(shared.work_us.load(Ordering::Relaxed)));
        let answer = if is_passed { self.pass(&format!("{content}."), "250 2.0.0 taken")? } else { String::new() };
        if is_passed && !answer.starts_with("250") {
            self.say(&answer)?;
            return Ok(true);
        }
        self.note(&content, shared);
        match treatment {
            Treatment::HangAfterContent => {
                // Until the other side gives up.
                while self.hear().is_ok() {}
                Ok(false)
            }
            Treatment::LoseAfterContent => Ok(false),
            _ => self.say(&answer).map(|()| true),
        }
    }

    fn note(&mut self, content: &str, shared: &Shared) {
        let id = content.lines().find(|line| line.to_ascii_lowercase().starts_with("message-id:"));
        let message_id =
            id.and_then(|line| line.split_once(':')).map(|(_, id)| id.trim().to_owned()).unwrap_or_default();
        shared.journal.lock().unwrap().write_all(format!("{message_id} {}\n", self.recipient).as_bytes()).unwrap();
        let is_kept = shared.count.fetch_add(1, Ordering::Relaxed) < CONTENTS_KEPT;
        let content = is_kept.then(|| content.to_owned());
        let taken = Taken { message_id, named_at: self.named_at, content };
        shared.taken.lock().unwrap().entry(self.recipient.clone()).or_default().push(taken);
    }
}

/// A whole answer; only its last line is repeated.
fn reply(server: &mut BufReader<TcpStream>) -> io::Result<String> {
    loop {
        let mut line = String::new();
        if server.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok(line.trim_end().to_owned());
        }
    }
}
