//! A data folder of a story, and the program on it: commands, and a server that is stopped at the end.

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use testing::{Stage, TestDatabase};

/// How long the slowest step may take on a machine that does other things too.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// The first operator.
pub const OWNER: (&str, &str) = ("hanako@example.com", "correct horse battery");

/// A folder, and the database where that is elsewhere.
pub struct Home {
    folder: Arc<TempDir>,
    data: PathBuf,
    /// Empty: SQLite in the data folder.
    pub records_url: String,
}

impl Stage for Home {
    fn migrations() -> Vec<&'static [records::Migration]> {
        Vec::new()
    }
    async fn set(database: TestDatabase) -> Self {
        let url = database.url();
        let is_elsewhere = url.starts_with("postgres");
        Self::new(if is_elsewhere { url.to_owned() } else { String::new() })
    }
}

impl Home {
    pub fn new(records_url: String) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let data = folder.path().join("data");
        Self { folder, data, records_url }
    }

    /// Another data folder beside this one, with a database of its own.
    pub async fn another(&self) -> Self {
        let records_url = if self.records_url.is_empty() { String::new() } else { self.another_database().await };
        Self { folder: self.folder.clone(), data: self.folder.path().join("another"), records_url }
    }

    async fn another_database(&self) -> String {
        use records::Sql;
        let records = records::Records::open(&self.records_url, testing::clock()).await.unwrap();
        let name = format!("najimi_copy_{}", uuid::Uuid::now_v7().simple());
        let sql = format!("CREATE DATABASE {name} TEMPLATE template0");
        records.reader().execute(&sql, vec![]).await.unwrap();
        records.close().await;
        let (before, behind) = split_name(&self.records_url);
        format!("{before}{name}{behind}")
    }

    /// Removes a database that a story has made.
    pub async fn forget_database(self, of: &Home) {
        use records::Sql;
        if self.records_url.is_empty() {
            return;
        }
        let (_, rest) = self.records_url.split_once("najimi_copy_").unwrap();
        let name = format!("najimi_copy_{}", rest.split('?').next().unwrap());
        let records = records::Records::open(&of.records_url, testing::clock()).await.unwrap();
        records.reader().execute(&format!("DROP DATABASE {name} WITH (FORCE)"), vec![]).await.unwrap();
        records.close().await;
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A path beside the data folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file beside the data folder.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.beside(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The program on this folder, with nothing of the outer environment's settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_najimi"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("NAJIMI_") {
                command.env_remove(name);
            }
        }
        command.args(arguments).current_dir(self.folder.path()).env("NAJIMI_DATA", &self.data);
        if !self.records_url.is_empty() {
            command.env("NAJIMI_RECORDS__URL", &self.records_url);
        }
        command
    }

    /// Runs a command to its end.
    pub fn najimi(&self, arguments: &[&str]) -> Told {
        let output = self.command(arguments).stdin(Stdio::null()).output().unwrap();
        Told {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command that must do its work.
    pub fn done(&self, arguments: &[&str]) -> String {
        let told = self.najimi(arguments);
        assert_eq!(told.code, 0, "{arguments:?}: {told:?}");
        told.out
    }

    /// The answers of a question to the history, a JSON object each.
    pub fn ask(&self, sql: &str) -> Vec<Value> {
        self.done(&["query", "--json", sql]).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Starts the server; sets the shop up when it is new.
    pub fn serve(&self) -> Server {
        Server::start(self.command(&["serve"]))
    }

    /// Sets the shop up and leaves it closed.
    pub fn set_up(&self) {
        self.serve().stop();
    }
}

/// `postgres://user@host/` and `?host=…` around the name of the database.
fn split_name(url: &str) -> (String, String) {
    let (address, query) = url.split_once('?').map_or((url, String::new()), |(a, q)| (a, format!("?{q}")));
    let end = address.rfind('/').unwrap() + 1;
    (address[..end].to_owned(), query)
}

/// How a command ended and what it said.
#[derive(Debug)]
pub struct Told {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Told {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// A server that runs.
pub struct Server {
    child: Child,
    pub address: String,
    said: Arc<Mutex<Vec<String>>>,
    cookie: String,
}

impl Server {
    /// Starts the program and waits until the shop is open.
    pub fn start(mut command: Command) -> Self {
        command.env("NAJIMI_LISTEN", "127.0.0.1:0");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (lines, said) = (mpsc::channel(), Arc::new(Mutex::new(Vec::new())));
        let (sender, receiver) = lines;
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        follow(out, said.clone(), Some(sender));
        follow(err, said.clone(), None);
        let mut server = Self { child, address: String::new(), said, cookie: String::new() };
        // The set-up has a server of its own, so only the last line tells that the shop is open.
        loop {
            let line = receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{:?}", server.said()));
            if let Some((address, token)) = line.trim().split_once("/setup?token=") {
                server.address = address.to_owned();
                server.set_up(token);
            } else if line.starts_with("Najimi is open at") || line.contains("/sign-in?token=") {
                server.address = server.lock()["address"].as_str().unwrap().to_owned();
                break;
            }
        }
        server.wait_until("open", |server| server.get("/readyz").0 == 200);
        server
    }

    /// Everything that it has printed.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().join("\n")
    }

    fn lock(&self) -> Value {
        // The only place where a server tells the port that the system gave it.
        let data = std::fs::read_link(format!("/proc/{}/cwd", self.child.id())).unwrap();
        let environment = std::fs::read(format!("/proc/{}/environ", self.child.id())).unwrap();
        let environment = String::from_utf8_lossy(&environment).into_owned();
        let folder = environment.split('\0').find_map(|pair| pair.strip_prefix("NAJIMI_DATA=")).unwrap();
        serde_json::from_slice(&std::fs::read(data.join(folder).join("najimi.lock")).unwrap()).unwrap()
    }

    fn set_up(&mut self, token: &str) {
        let body = json!({
            "token": token, "company": "みなと屋", "zone": "Asia/Tokyo", "currency": "JPY", "public_url": self.address,
            "operator_name": "花子", "email": OWNER.0, "password": OWNER.1,
        });
        let (status, head, text) = self.call("POST", "/api/setup", &[], &body.to_string());
        assert_eq!(status, 201, "{text}");
        self.cookie = cookie_of(&head);
    }

    /// Signs the owner in.
    pub fn sign_in(&mut self) {
        let body = json!({ "email": OWNER.0, "password": OWNER.1 });
        let (status, head, text) = self.call("POST", "/api/session", &[], &body.to_string());
        assert!(status < 300, "{status} {text}");
        self.cookie = cookie_of(&head);
    }

    /// A key with which events come in.
    pub fn key(&self) -> String {
        let body = json!({ "name": "till", "scopes": ["events.write"] });
        let (status, _, text) = self.call("POST", "/api/keys", &[("cookie", &self.cookie)], &body.to_string());
        assert_eq!(status, 201, "{text}");
        serde_json::from_str::<Value>(&text).unwrap()["secret"].as_str().unwrap().to_owned()
    }

    pub fn get(&self, path: &str) -> (u16, String) {
        let (status, _, text) = self.call("GET", path, &[("cookie", &self.cookie)], "");
        (status, text)
    }

    /// One request on a connection of its own.
    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String, String) {
        call(&self.address, method, path, headers, body).unwrap_or_else(|error| panic!("{error}: {}", self.said()))
    }

    /// Waits until all that came in is on the screens.
    pub fn catch_up(&self) {
        self.wait_until("caught up", |server| {
            let system: Value = serde_json::from_str(&server.get("/api/system").1).unwrap();
            system["lag"]["live"] == 0 && system["lag"]["backfill"] == 0
        });
    }

    fn wait_until(&self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            assert!(begun.elapsed() < PATIENCE, "not {what}: {}", self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends it as the system would.
    pub fn stop(mut self) -> String {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        let ended = self.child.wait().unwrap();
        assert!(ended.success(), "{ended}: {}", self.said());
        self.said()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn follow(stream: impl Read + Send + 'static, said: Arc<Mutex<Vec<String>>>, lines: Option<mpsc::Sender<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            said.lock().unwrap().push(line.clone());
            if let Some(lines) = &lines {
                let _ = lines.send(line);
            }
        }
    });
}

fn cookie_of(head: &str) -> String {
    let line = head.lines().find(|line| line.to_lowercase().starts_with("set-cookie:")).unwrap();
    line.split_once(':').unwrap().1.trim().split(';').next().unwrap().to_owned()
}

/// One request, and its answer: status, head, body.
pub fn call(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> std::io::Result<(u16, String, String)> {
    let host = address.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\norigin: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         {headers}content-length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, text) = answer.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let is_chunked = head.to_lowercase().contains("transfer-encoding: chunked");
    Ok((status, head.to_owned(), if is_chunked { unchunked(text) } else { text.to_owned() }))
}

fn unchunked(mut text: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = text.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || rest.len() < size {
            break;
        }
        whole.push_str(&rest[..size]);
        text = rest[size..].trim_start_matches("\r\n");
    }
    whole
}
