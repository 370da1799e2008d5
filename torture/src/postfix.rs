//! A real Postfix on loopback, under a configuration and a queue of its own. It delivers `…@example.com` into one
//! folder, refuses `gone…` with 550, and offers STARTTLS with a certificate that nobody trusts.

use crate::program::free_port;
use std::{
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// A running Postfix. Dropped, it is stopped.
pub struct Postfix {
    /// Where it takes mails, on loopback.
    pub port: u16,
    folder: PathBuf,
}

/// Why there can be none on this machine.
pub fn missing() -> Option<&'static str> {
    if !Path::new("/usr/sbin/postfix").exists() {
        return Some("Postfix is not installed (apt-get install postfix)");
    }
    let owner = std::fs::metadata("/proc/self").map(|about| std::os::unix::fs::MetadataExt::uid(&about));
    (owner.ok() != Some(0)).then_some("Postfix can be started by root only")
}

const MASTER: &str = "
PORT      inet  n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
local     unix  - n n - - local
virtual   unix  - n n - - virtual
lmtp      unix  - - n - - lmtp
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
";

impl Postfix {
    /// Starts one in this folder.
    pub fn start(folder: &Path) -> Self {
        let port = free_port();
        let at = folder.display();
        for name in ["etc", "queue", "data", "mail", "mail/box"] {
            std::fs::create_dir_all(folder.join(name)).unwrap();
        }
        open_way(folder);
        run(Command::new("chown").args(["postfix:"]).arg(folder.join("data")));
        run(Command::new("chown").args(["-R", "postfix:"]).arg(folder.join("mail")));
        let (certificate, key) = (folder.join("etc/cert.pem"), folder.join("etc/key.pem"));
        run(Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate));
        let owner = |what: &str| {
            let output = Command::new("id").args([what, "postfix"]).output().unwrap();
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {at}/queue\ndata_directory = {at}/data\n\
             maillog_file = {at}/mail.log\nmaillog_file_prefixes = {at}\ncommand_directory = /usr/sbin\n\
             daemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\nsetgid_group = postdrop\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmyhostname = office.test\nmydestination =\n\
             mynetworks = 127.0.0.0/8\nalias_maps =\nalias_database =\nlocal_recipient_maps =\n\
             virtual_mailbox_domains = example.com\nvirtual_mailbox_base = {at}/mail\n\
             virtual_mailbox_maps = static:box/\nvirtual_uid_maps = static:{}\nvirtual_gid_maps = static:{}\n\
             virtual_minimum_uid = 1\nsmtpd_recipient_restrictions = check_recipient_access regexp:{at}/etc/people, permit_mynetworks, reject\n\
             smtpd_tls_cert_file = {at}/etc/cert.pem\nsmtpd_tls_key_file = {at}/etc/key.pem\nsmtpd_tls_security_level = may\n\
             smtpd_tls_session_cache_database =\nsmtpd_client_connection_count_limit = 200\n",
            owner("-u"),
            owner("-g"),
        );
        std::fs::write(folder.join("etc/main.cf"), main).unwrap();
        std::fs::write(folder.join("etc/master.cf"), MASTER.replace("PORT ", &format!("127.0.0.1:{port} "))).unwrap();
        std::fs::write(folder.join("etc/people"), "/^gone/ 550 5.1.1 there is nobody of this name\n").unwrap();
        let postfix = Self { port, folder: folder.to_owned() };
        postfix.postfix("start");
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "Postfix did not start: {}", postfix.log());
            sleep(Duration::from_millis(50));
        }
        postfix
    }

    fn postfix(&self, what: &str) {
        let mut command = Command::new("/usr/sbin/postfix");
        command.arg("-c").arg(self.folder.join("etc")).arg(what);
        // Whoever stays behind must not hold our own output.
        let log = std::fs::File::options().create(true).append(true).open(self.folder.join("postfix.out")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let status = command.status().unwrap();
        assert!(status.success(), "postfix {what}: {}", self.log());
    }

    fn log(&self) -> String {
        let read = |name| std::fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        read("postfix.out") + &read("mail.log")
    }

    /// The recipients of what it has delivered, each as often as it got a mail.
    pub fn delivered(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.join("mail/box/new")).into_iter().flatten().flatten();
        let mut found = Vec::new();
        for entry in entries {
            let mail = String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap_or_default()).into_owned();
            found.extend(mail.lines().find_map(|line| line.strip_prefix("Delivered-To: ").map(str::to_owned)));
        }
        found
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = Command::new("/usr/sbin/postfix")
            .arg("-c")
            .arg(self.folder.join("etc"))
            .arg("stop")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// Its processes are other users, and must get at the folder.
fn open_way(folder: &Path) {
    run(Command::new("chmod").arg("0755").arg(folder));
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
