//! A disk that is nearly full: files are refused before the last of it is taken, and all else goes on.

use crate::{
    client::Call,
    server::{Program, Server},
};
use std::{
    path::Path,
    process::{Command, Stdio},
};
use testing::TestDatabase;

const FORM: &str = "multipart/form-data; boundary=line";

/// The program where the folder of imports is a disk of its own, in memory and of 64 MiB: less than must stay free.
fn on_small_disk(data: &Path) -> Command {
    let imports = data.join("imports");
    std::fs::create_dir(&imports).unwrap();
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", "mount -t tmpfs -o size=64m none \"$1\" && exec \"$2\" serve", "sh"]);
    command.arg(imports).arg(env!("CARGO_BIN_EXE_najimi"));
    command
}

fn can_mount() -> bool {
    let mut command = Command::new("unshare");
    command.args(["-rm", "mount", "-t", "tmpfs", "none", "/tmp"]).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_leaves_the_last_of_the_disk_to_others() {
    if !can_mount() {
        testing::leave_out("disk::an_upload_leaves_the_last_of_the_disk_to_others", "no disk can be mounted here");
        return;
    }
    let (folder, database) = (tempfile::tempdir().unwrap(), TestDatabase::sqlite(&[]).await);
    let command = on_small_disk(folder.path());
    let program = Program::start_by(command, "127.0.0.1:0".parse().unwrap(), folder.path(), database.url(), &[]);
    let server = Server::of(program, database, "http://localhost:8420", folder);
    let form = "--line\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\norders\r\n\
        --line\r\ncontent-disposition: form-data; name=\"file\"; filename=\"orders.csv\"\r\n\r\n\
        order_number,ordered_at,sku,quantity,unit_price\r\n1,2026-10-01,A,1,100\r\n--line--\r\n";
    let upload = Call::new("POST", "/api/imports").session(&server.owner).raw(FORM, form);
    assert_eq!(server.ask(&upload).line(), "507 disk_full");
    assert_eq!(server.get("/api/imports").good()["items"], serde_json::json!([]));
    let key = server.key();
    let events = serde_json::json!([{ "type": "track", "userId": "u", "event": "Seen" }]);
    assert_eq!(server.send_events(&key, &events).good()["accepted"], 1, "events have their own room");
}
