//! The order of system calls, as `strace` writes it.

use std::{collections::HashMap, path::Path, process::Command};

/// Why there can be no trace on this machine.
pub fn missing() -> Option<String> {
    match Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output() {
        Err(_) => Some("strace is not installed (apt-get install strace)".to_owned()),
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(format!("strace may not trace here: {}", String::from_utf8_lossy(&output.stderr).trim())),
    }
}

/// What a program is started under: it stays the child of who starts it, and is traced from aside.
pub fn under(file: &Path, more: &[&str]) -> Vec<String> {
    let words = ["strace", "-D", "-f", "-o"].into_iter().map(str::to_owned);
    words.chain([file.display().to_string()]).chain(more.iter().map(|word| (*word).to_owned())).collect()
}

/// One call of one thread.
#[derive(Clone, Debug)]
pub struct Call {
    /// The thread.
    pub thread: u32,
    /// Name, arguments and result.
    pub text: String,
    /// The line on which it began.
    pub began: usize,
    /// The line on which it ended.
    pub ended: usize,
}

impl Call {
    /// Whether it is a call of this name.
    pub fn is(&self, name: &str) -> bool {
        self.text.strip_prefix(name).is_some_and(|rest| rest.starts_with('('))
    }

    /// The first argument, `7</path/of/the/file>`.
    pub fn file(&self) -> &str {
        let arguments = self.text.split_once('(').map_or("", |(_, rest)| rest);
        arguments.split([',', ')']).next().unwrap_or_default()
    }

    /// Whether it returned 0.
    pub fn is_zero(&self) -> bool {
        self.text.trim_end().ends_with("= 0")
    }
}

/// Reads a trace; calls that were interrupted by others' are joined.
pub fn read(file: &Path) -> Vec<Call> {
    let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
    let mut begun: HashMap<u32, (usize, String)> = HashMap::new();
    let mut calls = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((thread, rest)) = line.trim_start().split_once(' ') else { continue };
        let Ok(thread) = thread.parse() else { continue };
        let rest = rest.trim_start();
        if let Some(start) = rest.strip_suffix("<unfinished ...>") {
            begun.insert(thread, (number, start.to_owned()));
        } else if let Some(end) = rest.strip_prefix("<... ") {
            let Some((began, start)) = begun.remove(&thread) else { continue };
            let end = end.split_once("resumed>").map_or("", |(_, end)| end);
            calls.push(Call { thread, text: start + end, began, ended: number });
        } else {
            calls.push(Call { thread, text: rest.to_owned(), began: number, ended: number });
        }
    }
    calls
}
