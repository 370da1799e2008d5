//! A PostgreSQL server for tests: the one that `NAJIMI_TEST_POSTGRES` names, or one of our own.
//!
//! Our own is started by the first test that needs it, shared by all test processes of this checkout, reachable
//! through a socket file only, and stops by itself a minute after the last test. It keeps nothing on disk for sure.

use crate::{clock, database::fingerprint};
use records::{Migration, Records, Sql, values};
use std::{
    fs::File,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};
use vocabulary::id::new_uuid;

/// Where to ask for databases.
pub(crate) struct Server {
    /// `postgres://user@host`, before the database's name.
    before: String,
    /// `?host=…`, behind it.
    behind: String,
    /// Held as long as this process lives, so that the server is not stopped under it.
    #[expect(dead_code, reason = "holds a lock")]
    in_use: Option<File>,
}

impl Server {
    /// The server of this run, if there can be one. Panics when PostgreSQL is installed and does not start.
    pub(crate) fn find() -> Option<&'static Server> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        SERVER
            .get_or_init(|| match std::env::var("NAJIMI_TEST_POSTGRES") {
                Ok(url) => Some(Self::given(&url)),
                Err(_) => programs().map(|programs| Home::of_this_checkout().server(&programs)),
            })
            .as_ref()
    }

    fn given(url: &str) -> Self {
        let (address, query) =
            url.split_once('?').map_or((url, String::new()), |(address, query)| (address, format!("?{query}")));
        let host_at = address.find("://").expect("NAJIMI_TEST_POSTGRES is postgres://USER@HOST/postgres") + 3;
        let end = address[host_at..].find('/').map_or(address.len(), |slash| host_at + slash);
        Self { before: address[..end].to_owned(), behind: query, in_use: None }
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("{}/{database}{}", self.before, self.behind)
    }

    /// A new database with these tables.
    pub(crate) async fn create(&self, migrations: &[&[Migration]]) -> String {
        let admin = self.open("postgres").await;
        let template = format!("najimi_template_{}", fingerprint(migrations));
        if !exists(&admin, &template).await {
            self.make_template(&admin, &template, migrations).await;
        }
        let name = format!("najimi_test_{}", new_uuid(crate::START).simple());
        execute(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        admin.close().await;
        name
    }

    /// Under another name first: nobody copies half of one.
    async fn make_template(&self, admin: &Records, template: &str, migrations: &[&[Migration]]) {
        let draft = format!("najimi_draft_{}", new_uuid(crate::START).simple());
        execute(admin, &format!("CREATE DATABASE {draft} TEMPLATE template0")).await;
        let records = self.open(&draft).await;
        records.migrate(migrations).await.expect("migrations");
        records.close().await;
        let renamed = admin.reader().execute(&format!("ALTER DATABASE {draft} RENAME TO {template}"), values![]).await;
        if renamed.is_err() {
            assert!(exists(admin, template).await, "the template was not made: {renamed:?}");
            self.remove(&draft).await;
        }
    }

    pub(crate) async fn remove(&self, database: &str) {
        let admin = self.open("postgres").await;
        execute(&admin, &format!("DROP DATABASE {database} WITH (FORCE)")).await;
        admin.close().await;
    }

    async fn open(&self, database: &str) -> Records {
        Records::open(&self.url(database), clock()).await.expect("a connection to the PostgreSQL of the tests")
    }
}

async fn exists(admin: &Records, database: &str) -> bool {
    let text = "SELECT CAST(1 AS BIGINT) AS value FROM pg_database WHERE datname = $1";
    admin.reader().scalar::<i64>(text, values![database]).await.expect("the list of databases").is_some()
}

async fn execute(admin: &Records, sql: &str) {
    admin.reader().execute(sql, values![]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

/// The folder of the newest PostgreSQL that is installed.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok);
    let installed = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    installed.max_by_key(|bin| {
        bin.to_string_lossy().chars().filter(char::is_ascii_digit).collect::<String>().parse::<u32>().ok()
    })
}

/// Room in memory below which the server's files lie on disk.
const ROOM_BYTES: u64 = 2_000_000_000;

/// Where our own server lives.
struct Home {
    folder: PathBuf,
    /// Held while the server is started or stopped.
    start: PathBuf,
    /// Held shared by each process that uses it; its time is that of the last use.
    users: PathBuf,
}

impl Home {
    /// Short, for the path of a socket may have 107 bytes; one for each checkout and user.
    fn of_this_checkout() -> Self {
        use std::{
            hash::{DefaultHasher, Hash, Hasher},
            os::unix::fs::MetadataExt,
        };
        let mut hasher = DefaultHasher::new();
        let owner = std::fs::metadata("/proc/self").map(|about| about.uid()).unwrap_or_default();
        (env!("CARGO_MANIFEST_DIR"), owner).hash(&mut hasher);
        let base = std::env::temp_dir().join(format!("najimi-pg-{:08x}", hasher.finish() & 0xffff_ffff));
        Self { start: base.with_extension("start"), users: base.with_extension("users"), folder: base }
    }

    fn server(&self, programs: &Path) -> Server {
        let start = File::create(&self.start).expect("the lock of the server");
        start.lock().expect("the lock of the server");
        if UnixStream::connect(self.folder.join(".s.PGSQL.5432")).is_err() {
            self.start(programs);
        }
        let users = File::create(&self.users).expect("the list of users");
        users.lock_shared().expect("a place among the users");
        users.set_modified(modified_now()).expect("the time of use");
        let behind = format!("?host={}", self.folder.display());
        Server { before: "postgres://postgres@localhost".to_owned(), behind, in_use: Some(users) }
    }

    /// In memory where there is room for it: a new database then takes a tenth of the time.
    fn data(&self) -> PathBuf {
        let memory = Path::new("/dev/shm");
        let room = Command::new("df").args(["--output=avail", "-B1"]).arg(memory).output();
        let room = room
            .ok()
            .and_then(|output| String::from_utf8_lossy(&output.stdout).lines().nth(1)?.trim().parse::<u64>().ok());
        let name = self.folder.file_name().unwrap_or_default();
        if room.is_some_and(|bytes| bytes > ROOM_BYTES) {
            memory.join(name)
        } else {
            self.folder.with_extension("data")
        }
    }

    fn start(&self, programs: &Path) {
        let (folder, data) = (self.folder.display(), self.data());
        for folder in [&self.folder, &data] {
            let _ = std::fs::remove_dir_all(folder);
            std::fs::create_dir(folder).expect("the server's folders");
            if is_root() {
                run(Command::new("chown").arg("postgres:").arg(folder));
            }
        }
        run(as_postgres(&programs.join("initdb")).arg("-D").arg(&data).args([
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
            "--wal-segsize=1",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]));
        // Nothing here outlives a crash, and nothing listens on a network.
        let options = format!(
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c listen_addresses= \
             -c unix_socket_directories={folder} -c unix_socket_permissions=0700 -c shared_buffers=64MB -c autovacuum=off \
             -c wal_level=minimal -c max_wal_senders=0 -c wal_init_zero=off -c wal_recycle=off \
             -c max_wal_size=64MB -c min_wal_size=8MB"
        );
        let log = self.folder.join("log");
        run(as_postgres(&programs.join("pg_ctl"))
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(log)
            .args(["-w", "-t", "60", "-o", &options, "start"]));
        self.watch(&data);
    }

    /// Stops the server when nobody has used it for a minute.
    fn watch(&self, data: &Path) {
        let script = r#"while sleep 15; do
            exec 8>"$1"; flock 8
            if [ -z "$(find "$2" -newermt '-60 seconds')" ] && flock -n -x "$2" true; then
                kill -QUIT "$(head -n 1 "$4/postmaster.pid")"; sleep 1; rm -rf "$3" "$4"; exit
            fi
            exec 8>&-
        done"#;
        let mut watch = Command::new("setsid");
        watch
            .args(["--fork", "sh", "-c", script, "watch"])
            .arg(&self.start)
            .arg(&self.users)
            .arg(&self.folder)
            .arg(data);
        run(&mut watch);
    }
}

/// The server refuses to run as root.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
    command
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

fn run(command: &mut Command) {
    // The server inherits what it is started with: with our own output it would keep the test runner waiting.
    let status = command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(
        status.as_ref().is_ok_and(std::process::ExitStatus::success),
        "PostgreSQL is installed and did not start: {command:?}: {status:?}"
    );
}

#[expect(clippy::disallowed_methods, reason = "the time of a file, for a watch outside this process")]
fn modified_now() -> std::time::SystemTime {
    std::time::SystemTime::now()
}
