//! `make torture`: all trials in their long form, with their figures.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "this is a tool of the developers"
)]

use serde_json::{Value, json};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};
use torture::{Ground, trials};

const USAGE: &str = "torture NAJIMI [--short] [--seed N] [--mails N] [--only NAME]…";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let Some(najimi) = words.next() else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let najimi = PathBuf::from(najimi).canonicalize().unwrap();
    let mut ground = Ground { najimi, is_long: true, mails: 100_000, seed: 1 };
    let mut only = Vec::new();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--short" => ground.is_long = false,
            "--seed" => ground.seed = words.next().and_then(|seed| seed.parse().ok()).unwrap_or(1),
            "--mails" => ground.mails = words.next().and_then(|mails| mails.parse().ok()).unwrap_or(ground.mails),
            "--only" => only.extend(words.next()),
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::FAILURE;
            }
        }
    }
    let results = run(&ground, &only);
    let is_held = results.values().all(|result| result["held"] != false);
    write(&ground, &results);
    if is_held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(ground: &Ground, only: &[String]) -> serde_json::Map<String, Value> {
    let mut results = serde_json::Map::new();
    for (name, trial) in trials::ALL {
        if !only.is_empty() && !only.iter().any(|wanted| wanted == name) {
            continue;
        }
        println!("== {name}");
        let begun = Instant::now();
        let mut result = match catch_unwind(AssertUnwindSafe(|| trial(ground))) {
            Ok(Ok(report)) => {
                report.print();
                report.json()
            }
            Ok(Err(reason)) => {
                println!("left out: {reason}");
                json!({ "held": null, "left_out": reason })
            }
            Err(panic) => {
                let words = panic.downcast_ref::<String>().cloned();
                let words = words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
                println!("BROKEN: {}", words.clone().unwrap_or_default());
                json!({ "held": false, "found": words })
            }
        };
        result["seconds"] = json!(begun.elapsed().as_secs());
        println!("      took {} s", begun.elapsed().as_secs());
        results.insert((*name).to_owned(), result);
    }
    results
}

/// Keeps the figures; those of trials that were not run this time stay.
fn write(ground: &Ground, results: &serde_json::Map<String, Value>) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("results/latest.json");
    let known = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let mut trials = known.and_then(|known| known["trials"].as_object().cloned()).unwrap_or_default();
    trials.extend(results.clone());
    let first_line = |file: &str, start: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(start)).unwrap_or_default();
        line.split_once(':').map_or_else(|| line.to_owned(), |(_, value)| value.trim().to_owned())
    };
    let written = json!({
        "machine": {
            "cores": std::thread::available_parallelism().map_or(0, usize::from),
            "processor": first_line("/proc/cpuinfo", "model name"),
            "memory": first_line("/proc/meminfo", "MemTotal"),
            "system": first_line("/proc/version", "Linux"),
        },
        "program": ground.najimi.file_name().map(|name| name.to_string_lossy()),
        "seed": ground.seed,
        "trials": trials,
    });
    if ground.is_long {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, format!("{}\n", serde_json::to_string_pretty(&written).unwrap())).unwrap();
    }
}
