//! A disk of our own (ext4 in a file) whose power can be cut: what was not synced by then is gone, which killing a
//! process never shows, since the system keeps what it wrote.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A mounted disk. Dropped, it is unmounted.
pub struct Disk {
    image: PathBuf,
    /// Where it is mounted.
    pub mount: PathBuf,
}

/// Shuts ext4 down without writing its log: EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH.
const CUT: &str = "import fcntl, os, struct, sys\n\
    fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";

impl Disk {
    /// Makes and mounts one in this folder; the reason when this machine allows none.
    pub fn make(folder: &Path, megabytes: u64) -> Result<Self, String> {
        let disk = Self { image: folder.join("disk.img"), mount: folder.join("disk") };
        std::fs::create_dir_all(&disk.mount).unwrap();
        let file = std::fs::File::create(&disk.image).unwrap();
        file.set_len(megabytes << 20).unwrap();
        attempt(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&disk.image))?;
        disk.mount()?;
        Ok(disk)
    }

    fn mount(&self) -> Result<(), String> {
        attempt(Command::new("mount").args(["-o", "loop,noatime"]).arg(&self.image).arg(&self.mount))
    }

    /// Nothing reaches the disk any more.
    pub fn cut(&self) -> Result<(), String> {
        attempt(Command::new("python3").args(["-c", CUT]).arg(&self.mount))
    }

    /// Power is back; the file system replays its journal.
    pub fn restore(&self) {
        attempt(Command::new("umount").arg(&self.mount)).unwrap();
        self.mount().unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = attempt(Command::new("umount").arg(&self.mount));
    }
}

fn attempt(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
