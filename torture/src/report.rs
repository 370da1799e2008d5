//! What a trial found: how often it was tried, and its figures.

use serde_json::{Map, Value, json};
use std::time::Duration;

/// What a trial found. It is made only when the promise held: a trial that sees it broken panics.
#[derive(Clone, Debug)]
pub struct Report {
    /// The promise, in a sentence.
    pub promise: &'static str,
    /// What one trial is, in the plural.
    pub of_what: &'static str,
    /// How many.
    pub trials: u64,
    /// Figures by name, in their order.
    pub figures: Map<String, Value>,
}

impl Report {
    /// A promise that held in so many trials.
    pub fn new(promise: &'static str, trials: u64, of_what: &'static str) -> Self {
        Self { promise, of_what, trials, figures: Map::new() }
    }

    /// Adds a figure.
    #[must_use]
    pub fn figure(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.figures.insert(name.to_owned(), value.into());
        self
    }

    /// The rate of failures that the trials exclude with 95 % confidence.
    pub fn rate_below(&self) -> f64 {
        3.0 / self.trials.max(1) as f64
    }

    /// Says it.
    pub fn print(&self) {
        println!(
            "held: {} ({} {}, so fewer than {:.2} % fail)",
            self.promise,
            self.trials,
            self.of_what,
            self.rate_below() * 100.0
        );
        for (name, value) in &self.figures {
            println!("      {name}: {value}");
        }
    }

    /// For the file of results.
    pub fn json(&self) -> Value {
        json!({
            "promise": self.promise, "held": true, "trials": self.trials, "of": self.of_what,
            "failures_below": self.rate_below(), "figures": self.figures,
        })
    }
}

/// Seconds, to a thousandth.
pub fn seconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1_000.0).round() / 1_000.0
}

/// The value below which a share of the durations lies, in seconds.
pub fn quantile(durations: &mut [Duration], share: f64) -> f64 {
    durations.sort_unstable();
    let place = ((durations.len() as f64 * share).ceil() as usize).clamp(1, durations.len().max(1)) - 1;
    durations.get(place).copied().map_or(0.0, seconds)
}
