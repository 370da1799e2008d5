//! The program as a process: started, waited for, killed by its id.

use crate::http::Client;
use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long a start may take at the very most; a busy machine is no failure.
pub const START_MAX: Duration = Duration::from_secs(60);
/// How often is looked.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A port on loopback that nobody uses, below those that the system gives to connections: it must still be free when
/// its program is started again.
pub fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = std::process::id().wrapping_mul(97).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = 20_000 + (number % 12_000) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// How and where the program is started.
#[derive(Clone, Debug)]
pub struct Home {
    /// The program.
    pub najimi: PathBuf,
    /// Its data folder.
    pub data: PathBuf,
    /// What it writes to the console.
    pub log: PathBuf,
    /// Where it listens, over all its starts.
    pub address: SocketAddr,
    /// Its configuration.
    pub settings: Vec<(String, String)>,
    /// What it is started under, with arguments; the process stays the program's own.
    pub under: Vec<String>,
}

impl Home {
    /// In a folder, on an address that was free a moment ago.
    pub fn new(najimi: &Path, folder: &Path) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        Self {
            najimi: najimi.to_owned(),
            data: folder.join("data"),
            log: folder.join("najimi.log"),
            address,
            settings: Vec::new(),
            under: Vec::new(),
        }
    }

    /// Sets something of the configuration.
    #[must_use]
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut words = self.under.iter().map(PathBuf::from).chain([self.najimi.clone()]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(arguments).current_dir(self.log.parent().unwrap());
        command.env("NAJIMI_DATA", &self.data).env("NAJIMI_LISTEN", self.address.to_string());
        command.envs(self.settings.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        command
    }

    /// Starts the server.
    pub fn start(&self) -> Running {
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        let started = Instant::now();
        let child = self.command(&["serve"]).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        Running { child, started, address: self.address, log: self.log.clone() }
    }

    /// Asks the history on the command line; one JSON value a row.
    pub fn query(&self, sql: &str) -> Vec<serde_json::Value> {
        let output = Self { under: Vec::new(), ..self.clone() }.command(&["query", "--json", sql]).output().unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What it has written to the console so far.
    pub fn told(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The last lines of it, for a failure.
    pub fn last_words(&self) -> String {
        let told = self.told();
        let lines: Vec<&str> = told.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }
}

/// A running server. Dropped, it is killed.
pub struct Running {
    child: Child,
    /// When it was started.
    pub started: Instant,
    address: SocketAddr,
    log: PathBuf,
}

impl Running {
    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it takes events and answers questions, and tells how long that took from the start.
    pub fn wait_ready(&mut self) -> Duration {
        let mut client = Client::new(self.address, &[]);
        self.wait_until("ready", || client.get("/readyz").is_ok_and(|answer| answer.status == 200));
        self.started.elapsed()
    }

    /// Waits for something that it does.
    pub fn wait_until(&mut self, what: &str, mut is_so: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("it ended by itself ({status}) before it was {what}:\n{}", self.tail());
            }
            assert!(begun.elapsed() < START_MAX, "it was not {what} in time:\n{}", self.tail());
            sleep(LOOK_EVERY);
        }
    }

    fn tail(&self) -> String {
        let told = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = told.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }

    /// Whether it has ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// SIGKILL: no warning, no last word.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and waits until it has brought its work to an end.
    pub fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let begun = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < START_MAX, "it does not end:\n{}", self.tail());
            sleep(LOOK_EVERY);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
