//! The real program on a fresh database, set up and with one operator of each role.

use crate::client::{Answer, Call};
use access::Role;
use records::Migration;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use testing::{Stage, TestDatabase};

pub const OWNER: &str = "owner@example.com";
pub const PASSWORD: &str = "nine lives of a cat";
/// An id that nothing has.
pub const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

/// A program that runs; it is ended with the story.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
    pub token: Option<String>,
    pub log: PathBuf,
}

impl Program {
    /// Starts `najimi serve` on these data, for the first time, and waits until it says where it is.
    pub fn start(data: &Path, records_url: &str, settings: &[(&str, &str)]) -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap(), data, records_url, settings)
    }

    /// The same at an address. A shop that is set up says its public address and not this one.
    pub fn start_at(listen: SocketAddr, data: &Path, records_url: &str, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_najimi"));
        command.arg("serve");
        Self::start_by(command, listen, data, records_url, settings)
    }

    /// The same by another command that ends in it.
    pub fn start_by(
        mut command: Command,
        listen: SocketAddr,
        data: &Path,
        records_url: &str,
        settings: &[(&str, &str)],
    ) -> Self {
        let log = data.join("log.txt");
        let mut child = command
            .current_dir(data)
            .env("NAJIMI_DATA", data)
            .env("NAJIMI_LISTEN", listen.to_string())
            .env("NAJIMI_RECORDS__URL", records_url)
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (say, hear) = mpsc::channel();
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).for_each(|line| drop(say.send(line))));
        let line = loop {
            let line = hear.recv_timeout(Duration::from_secs(60));
            let line = line.unwrap_or_else(|_| panic!("it did not start: {}", std::fs::read_to_string(&log).unwrap()));
            if line.contains("http://") {
                break line;
            }
        };
        let rest = line.split("http://").nth(1).unwrap();
        let address = match listen.port() {
            0 => rest.split(['/', ' ']).next().unwrap().parse().unwrap(),
            _ => listen,
        };
        let token = rest.split_once("token=").map(|(_, token)| token.trim().to_owned());
        Self { child, address, token, log }
    }

    pub fn ask(&self, call: &Call) -> Answer {
        call.send(self.address)
    }

    /// Does the set-up, and gives back the session of the owner.
    pub fn set_up(&self, public_url: &str) -> String {
        let setup = json!({
            "token": self.token.as_ref().expect("the token of the set-up"), "company": "くらしの店 なじみ",
            "zone": "Asia/Tokyo", "currency": "JPY", "public_url": public_url, "operator_name": "店長", "email": OWNER,
            "password": PASSWORD,
        });
        let answer = self.ask(&Call::new("POST", "/api/setup").session("").json(&setup));
        answer.good();
        cookie(&answer)
    }

    /// Waits until it answers yes to `/readyz`. Between the set-up and the shop it may close without an answer.
    pub fn wait_until_ready(&self) {
        let began = Instant::now();
        let is_ready =
            || Call::new("GET", "/readyz").send_if_heard(self.address).is_some_and(|answer| answer.status == 200);
        while !is_ready() {
            assert!(began.elapsed() < Duration::from_secs(30), "{}", std::fs::read_to_string(&self.log).unwrap());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks it to end, as a service manager does.
    pub fn ask_to_end(&self) {
        let done = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    pub fn wait(&mut self) -> std::process::ExitStatus {
        self.child.wait().unwrap()
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A shop that is set up, with one operator of each role.
pub struct Server {
    pub program: Program,
    pub owner: String,
    pub database: TestDatabase,
    folder: TempDir,
}

impl Stage for Server {
    fn migrations() -> Vec<&'static [Migration]> {
        Vec::new()
    }
    async fn set(database: TestDatabase) -> Self {
        Self::with(database, "http://localhost:8420", &[])
    }
}

impl Server {
    pub fn with(database: TestDatabase, public_url: &str, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = Program::start(folder.path(), database.url(), settings);
        Self::of(program, database, public_url, folder)
    }

    /// The same with a program that runs already and is new.
    pub fn of(program: Program, database: TestDatabase, public_url: &str, folder: TempDir) -> Self {
        let owner = program.set_up(public_url);
        program.wait_until_ready();
        Self { program, owner, database, folder }
    }

    /// A small demo shop, and its owner.
    pub async fn demo() -> Self {
        let (folder, database) = (tempfile::tempdir().unwrap(), TestDatabase::sqlite(&[]).await);
        let mut command = Command::new(env!("CARGO_BIN_EXE_najimi"));
        command.args(["demo", "--customers", "30"]);
        let files = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo");
        let listen = "127.0.0.1:0".parse().unwrap();
        let settings = [("NAJIMI_DEMO_FOLDER", files)];
        let program = Program::start_by(command, listen, folder.path(), database.url(), &settings);
        program.wait_until_ready();
        let link = json!({ "token": program.token.as_ref().expect("a link that signs in") });
        let answer = program.ask(&Call::new("POST", "/api/session/link").session("").json(&link));
        answer.good();
        Self { owner: cookie(&answer), program, database, folder }
    }

    /// Ends it and starts it again on the same data.
    pub fn restart(&mut self, settings: &[(&str, &str)]) {
        self.program.ask_to_end();
        self.program.wait();
        self.program = Program::start_at(self.program.address, self.folder.path(), self.database.url(), settings);
        self.program.wait_until_ready();
    }

    pub fn ask(&self, call: &Call) -> Answer {
        self.program.ask(call)
    }
    pub fn get(&self, path: &str) -> Answer {
        self.ask(&Call::new("GET", path).session(&self.owner))
    }
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask(&Call::new("POST", path).session(&self.owner).json(body))
    }

    /// Signs somebody in who has this role; they are let in first.
    pub fn somebody(&self, role: Role) -> String {
        if role == Role::Owner {
            return self.owner.clone();
        }
        let email = format!("{role}@example.com");
        let operator = json!({ "name": "店員", "email": email, "role": role, "password": PASSWORD });
        self.post("/api/operators", &operator).good();
        self.sign_in(&email)
    }

    pub fn sign_in(&self, email: &str) -> String {
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = self.ask(&Call::new("POST", "/api/session").session("").json(&body));
        answer.good();
        cookie(&answer)
    }

    /// A key that may send events.
    pub fn key(&self) -> String {
        let made = self.post("/api/keys", &json!({ "name": "shop", "scopes": ["events.write"] })).good();
        made["secret"].as_str().unwrap().to_owned()
    }

    /// Sends events and waits until the pipeline is through.
    pub fn send_events(&self, key: &str, events: &Value) -> Answer {
        let answer = self.ask(&Call::new("POST", "/v1/batch").key(key).json(&json!({ "batch": events })));
        self.wait_for_pipeline();
        answer
    }

    pub fn wait_for_pipeline(&self) {
        let began = Instant::now();
        loop {
            let lag = &self.get("/api/system").good()["lag"];
            if lag["live"] == 0 && lag["backfill"] == 0 {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "the pipeline stands still: {lag}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }
}

/// `najimi=…` of an answer that signed somebody in.
pub fn cookie(answer: &Answer) -> String {
    answer.headers["set-cookie"].split(';').next().unwrap().to_owned()
}
