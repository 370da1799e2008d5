//! How commands show things: counts with their commas, progress on one line, JSON for programs.

use access::Problem;
use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

/// `541,909`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 h 5 min`, `12 min`, `40 s`.
pub fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// Prints one JSON value for a program.
pub fn json(value: &serde_json::Value) {
    println!("{value}");
}

/// A problem as people read it on a console: the sentence and the next step.
pub fn problem(problem: &Problem) -> anyhow::Error {
    let hint = serde_json::to_value(problem).ok().and_then(|value| Some(value.get("hint")?.as_str()?.to_owned()));
    let sentence = match (problem.sentence(), hint) {
        ("", _) => format!("it did not work ({}); the log tells more", problem.code()),
        (sentence, None) => sentence.trim_end_matches('.').to_owned(),
        (sentence, Some(hint)) => format!("{sentence} {hint}"),
    };
    if problem.status().is_client_error() { super::WrongWords(sentence).into() } else { anyhow::anyhow!(sentence) }
}

/// How often a progress is told where it cannot be written over.
const EVERY_LINE: Duration = Duration::from_secs(5);
/// How often it is written over.
const EVERY_LOOK: Duration = Duration::from_millis(200);

/// Progress on the standard error: one line that is written over on a terminal, a line now and then elsewhere.
pub struct Progress {
    is_terminal: bool,
    is_shown: bool,
    told: Option<Instant>,
}

impl Progress {
    /// Shows progress; a program that reads JSON is spared it.
    pub fn new(is_for_people: bool) -> Self {
        Self { is_terminal: std::io::stderr().is_terminal(), is_shown: is_for_people, told: None }
    }

    /// Tells how far it is, unless that was told a moment ago.
    pub fn tell(&mut self, sentence: &str) {
        let every = if self.is_terminal { EVERY_LOOK } else { EVERY_LINE };
        if !self.is_shown || self.told.is_some_and(|told| told.elapsed() < every) {
            return;
        }
        self.told = Some(Instant::now());
        if self.is_terminal {
            eprint!("\r\x1b[K  {sentence}");
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("  {sentence}");
        }
    }

    /// Says something that stays.
    pub fn say(&mut self, sentence: &str) {
        if self.is_shown {
            self.clear();
            eprintln!("{sentence}");
        }
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if self.is_shown && self.is_terminal && self.told.take().is_some() {
            eprint!("\r\x1b[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{count, duration};

    #[test]
    fn numbers_read_well() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (541_909, "541,909"), (20_000_000, "20,000,000")]
        {
            assert_eq!(count(number), text);
        }
        for (seconds, text) in [(59, "59 s"), (60, "1 min"), (61, "2 min"), (3_900, "1 h 5 min")] {
            assert_eq!(duration(seconds), text);
        }
    }
}
