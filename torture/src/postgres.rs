//! A PostgreSQL of our own that keeps what it confirmed, and that can be broken off.

use crate::program::free_port;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A running server. Dropped, it is stopped.
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

/// The folder of the newest PostgreSQL that is installed.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let installed = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    installed.max()
}

/// Why there can be none on this machine.
pub fn missing() -> Option<&'static str> {
    programs().is_none().then_some("PostgreSQL is not installed (apt-get install postgresql)")
}

impl Postgres {
    /// Starts one in this folder.
    pub fn start(folder: &Path) -> Self {
        let server = Self { programs: programs().unwrap(), folder: folder.join("postgres"), port: free_port() };
        std::fs::create_dir_all(&server.folder).unwrap();
        if is_root() {
            run(Command::new("chmod").arg("0755").arg(folder));
            run(Command::new("chown").arg("postgres:").arg(&server.folder));
        }
        let mut make = server.program("initdb");
        run(make.arg("-D").arg(server.data()).args([
            "-U",
            "postgres",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]));
        server.control("start");
        server
    }

    /// Breaks it off, as a power cut would, and starts it again.
    pub fn break_off(&self) {
        self.control("restart");
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}&port={}", self.folder.display(), self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn control(&self, what: &str) {
        let options = format!(
            "-p {} -c listen_addresses= -c unix_socket_directories={} -c max_connections=60 -c shared_buffers=32MB",
            self.port,
            self.folder.display()
        );
        let mut command = self.program("pg_ctl");
        command.arg("-D").arg(self.data()).arg("-l").arg(self.folder.join("log"));
        command.args(["-m", "immediate", "-w", "-t", "60", "-o", &options, what]);
        run(&mut command);
    }

    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        if !is_root() {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut command = self.program("pg_ctl");
        command.arg("-D").arg(self.data()).args(["-m", "immediate", "stop"]);
        let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

fn run(command: &mut Command) {
    // What it starts would keep our own output open.
    let status = command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.as_ref().is_ok_and(std::process::ExitStatus::success), "{command:?}: {status:?}");
}
