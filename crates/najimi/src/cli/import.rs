//! `najimi import`: a file comes in by the way of the browser, as a job whose account is on the screen too.
//!
//! A server that runs on the folder does the work, and the command looks on; without one the command does it itself, for
//! as long as it takes, and sends nothing meanwhile.

use super::{
    Ended, WrongWords,
    output::{self, Progress, count},
    shop::{installation, lock, open_with_clock},
};
use crate::{
    config::Config,
    lock::{DataLock, LockError},
    pipeline,
    shop::{Ground, Shop},
};
use anyhow::Context;
use collect::{
    files::{Encoding, FileKind},
    imports::{ConsentChoice, ImportOptionsView, LocalFile, LocalImports, Standing, Trial},
};
use history::Lane;
use jobs::JobState;
use records::{Actor, Sql, values};
use serde_json::{Value, json};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::{sync::watch, task::JoinSet};
use vocabulary::id::ImportId;

/// What to bring in.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  najimi import orders orders.csv --dry-run
  najimi import orders orders.csv --currency GBP --rate 190
  najimi import customers members.csv.gz --encoding cp932 --map 会員番号=customer_number
  najimi import customers members.csv --consent-basis '会員登録の同意' --consent-proof '規約 2024-04, 第3条'

CSV or TSV in UTF-8, CP932, EUC-JP, ISO-2022-JP or UTF-16, as it is or packed by gzip or zstd. The same file again, sorted
otherwise or overlapping, changes nothing. Without a column of consent or a declared basis nobody of the file can be
written to. Exit code 3: done, but lines were not taken; they are told with their reasons.")]
pub struct ImportArguments {
    /// What the file holds.
    #[arg(value_enum)]
    kind: Kind,
    /// The file.
    file: PathBuf,
    /// The shop or till whose numbers the file holds.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The currency of amounts that do not say (ISO 4217).
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Currency of reports per currency of the file.
    #[arg(long, value_name = "NUMBER")]
    rate: Option<String>,
    /// utf-8, cp932, euc-jp, iso-2022-jp, utf-16le or utf-16be; found by itself when not said.
    #[arg(long, value_parser = encoding, value_name = "NAME")]
    encoding: Option<Encoding>,
    /// Sends a column of the file to a field; `COLUMN=` leaves it out. May be said several times.
    #[arg(long = "map", value_name = "COLUMN=FIELD")]
    maps: Vec<String>,
    /// On what it is believed that people may be written to, when no column says so.
    #[arg(long, requires = "consent_proof", value_name = "TEXT")]
    consent_basis: Option<String>,
    /// The proof of that basis.
    #[arg(long, requires = "consent_basis", value_name = "TEXT")]
    consent_proof: Option<String>,
    /// Takes nothing as a consent, not even a column.
    #[arg(long, conflicts_with = "consent_basis")]
    no_consent: bool,
    /// Tells what would happen and changes nothing.
    #[arg(long)]
    dry_run: bool,
    /// For programs: one JSON object at the end.
    #[arg(long)]
    json: bool,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Kind {
    /// Orders, one line or one order a row.
    Orders,
    /// Customers.
    Customers,
}

fn encoding(text: &str) -> Result<Encoding, String> {
    let codes: Vec<&str> = Encoding::ALL.into_iter().map(Encoding::code).collect();
    Encoding::of_code(text).ok_or_else(|| format!("there is no encoding `{text}`; there are {}", codes.join(", ")))
}

/// How often the job is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How often the lock is tried for while another process is expected to do the work.
const TRY_LOCK_EVERY: Duration = Duration::from_secs(2);
/// Lines that were not taken and are told.
const PROBLEMS_SHOWN: i64 = 10;
/// Rows that a trial shows.
const ROWS_SHOWN: usize = 5;

/// Brings the file in.
pub async fn run(arguments: ImportArguments, config: Config) -> anyhow::Result<Ended> {
    anyhow::ensure!(arguments.file.is_file(), WrongWords(format!("there is no file `{}`", arguments.file.display())));
    let ground = open_with_clock(config).await?;
    let installation = installation(&ground)?;
    let imports = LocalImports {
        records: ground.records.clone(),
        jobs: ground.jobs.clone(),
        clock: ground.clock.clone(),
        zone: installation.zone,
        currency: installation.currency,
        folder: ground.config.data.join("imports"),
    };
    let kind = match arguments.kind {
        Kind::Orders => FileKind::Orders,
        Kind::Customers => FileKind::Customers,
    };
    let mut file =
        imports.look(&arguments.file, kind, arguments.encoding).await.map_err(|problem| output::problem(&problem))?;
    arguments.decide(&mut file)?;
    if arguments.dry_run {
        try_out(&imports, file, arguments.json).await
    } else {
        bring_in(&arguments, ground, &imports, &file).await
    }
}

impl ImportArguments {
    fn decide(&self, file: &mut LocalFile) -> anyhow::Result<()> {
        for map in &self.maps {
            let (column, field) = map
                .split_once('=')
                .ok_or_else(|| WrongWords(format!("`--map {map}` has no `=`; write --map COLUMN=FIELD")))?;
            file.map(column, field).map_err(|problem| output::problem(&problem))?;
        }
        let options = &mut file.options;
        if let Some(source) = &self.source {
            options.source.clone_from(source);
        }
        if let Some(currency) = &self.currency {
            options.currency = currency.to_uppercase();
        }
        if self.rate.is_some() {
            options.rate.clone_from(&self.rate);
        }
        self.decide_consent(options);
        Ok(())
    }

    fn decide_consent(&self, options: &mut ImportOptionsView) {
        if self.consent_basis.is_some() {
            options.consent = ConsentChoice::Declared;
            options.consent_basis.clone_from(&self.consent_basis);
            options.consent_proof.clone_from(&self.consent_proof);
        } else if self.no_consent {
            options.consent = ConsentChoice::None;
        }
    }
}

/// What a person should know of the file before anything happens.
fn describe(progress: &mut Progress, file: &LocalFile) {
    progress.say(&format!("{}. Source `{}`.", file.description(), file.options.source));
    let columns = file.columns();
    let mapped = columns.iter().filter_map(|(name, field)| field.map(|field| format!("{name} → {}", field.name())));
    progress.say(&format!("Columns: {}.", mapped.collect::<Vec<_>>().join(", ")));
    let left: Vec<&str> = columns.iter().filter(|(_, field)| field.is_none()).map(|(name, _)| *name).collect();
    if !left.is_empty() {
        progress.say(&format!("Left out: {}.", left.join(", ")));
    }
    if file.options.consent == ConsentChoice::None {
        progress.say(
            "No consent: nobody of this file can be written to (--consent-basis and --consent-proof declare one).",
        );
    }
}

async fn try_out(imports: &LocalImports, file: LocalFile, is_json: bool) -> anyhow::Result<Ended> {
    let mut progress = Progress::new(!is_json);
    describe(&mut progress, &file);
    let Trial { imported, rows } = imports.try_out(file).await.map_err(|problem| output::problem(&problem))?;
    let rejected = imported.rejected();
    if is_json {
        let problems: Vec<Value> = imported
            .problems
            .iter()
            .take(usize::try_from(PROBLEMS_SHOWN).unwrap_or(10))
            .map(|problem| json!({ "line": problem.line, "code": problem.code, "reason": problem.sentence_en }))
            .collect();
        output::json(&json!({
            "state": "looked at", "lines": imported.lines, "classes": classes(&imported.classes),
            "effect": imported.effect, "rejected": problems, "rows": rows,
        }));
    } else {
        print_rows(&rows);
        println!("{}", account(imported.lines, &imported.classes));
        if let Some(effect) = imported.effect {
            println!(
                "It would bring {} new, change {}, and leave {} as they are. Nothing was changed.",
                count(effect.new),
                count(effect.changed),
                count(effect.unchanged)
            );
        }
        let shown = usize::try_from(PROBLEMS_SHOWN).unwrap_or(10);
        imported
            .problems
            .iter()
            .take(shown)
            .for_each(|problem| println!("  line {}: {}", problem.line, problem.sentence_en));
    }
    Ok(if rejected > 0 { Ended::WithRejects } else { Ended::Done })
}

/// The first rows as they will become.
fn print_rows(rows: &Value) {
    for row in rows.as_array().into_iter().flatten().take(ROWS_SHOWN) {
        let values = row["values"].as_object().into_iter().flatten();
        let cells: Vec<String> = values
            .filter_map(|(name, value)| Some((name, value.as_str().filter(|text| !text.is_empty())?)))
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        println!("  line {} ({}): {}", row["line"], row["outcome"].as_str().unwrap_or_default(), cells.join(", "));
    }
}

async fn bring_in(
    arguments: &ImportArguments,
    ground: Ground,
    imports: &LocalImports,
    file: &LocalFile,
) -> anyhow::Result<Ended> {
    let mut progress = Progress::new(!arguments.json);
    describe(&mut progress, file);
    let mut hands = Hands::try_take(&ground.config).await?;
    let id = imports.start(&Actor::Console, file).await.map_err(|problem| output::problem(&problem))?;
    if let Hands::Others(holder) = &hands {
        progress.say(&format!("The work is done by {holder}."));
    }
    let standing = look_on(&ground, imports, id, &mut hands, &mut progress).await?;
    hands.let_go().await;
    let problems = imports.problems(id, PROBLEMS_SHOWN).await.map_err(|problem| output::problem(&problem))?;
    let rejected = standing.classes.iter().find(|(class, _)| class == "rejected").map_or(0, |(_, lines)| *lines);
    if arguments.json {
        let problems: Vec<Value> = problems
            .iter()
            .map(|problem| json!({ "line": problem.line, "code": problem.code, "reason": problem.sentence_en }))
            .collect();
        output::json(&json!({
            "import_id": id, "state": standing.state, "lines": standing.lines, "classes": classes(&standing.classes),
            "effect": standing.effect, "rejected": problems, "error": standing.error,
        }));
    } else {
        print_account(&standing, rejected, &problems);
    }
    ground.records.close().await;
    match standing.state {
        "done" if rejected > 0 => Ok(Ended::WithRejects),
        "done" => Ok(Ended::Done),
        "stopped" => {
            anyhow::bail!("the import was stopped; what was read so far stays, and the same file again goes on")
        }
        _ => anyhow::bail!("the import failed: {}", standing.error.unwrap_or_else(|| "the log tells why".to_owned())),
    }
}

fn print_account(standing: &Standing, rejected: u64, problems: &[collect::imports::sql::ProblemRow]) {
    println!("{}", account(standing.lines.unwrap_or(0), &standing.classes));
    match standing.effect {
        Some(effect) if effect.new + effect.changed == 0 => println!("Nothing new: all of it was known."),
        Some(effect) => println!(
            "{} new, {} changed, {} as they were.",
            count(effect.new),
            count(effect.changed),
            count(effect.unchanged)
        ),
        None => {}
    }
    for problem in problems {
        println!("  line {}: {}", problem.line, problem.sentence_en);
    }
    let left = rejected.saturating_sub(problems.len() as u64);
    if left > 0 {
        println!("  and {} more; the page of the import has them all", count(left));
    }
}

fn classes(classes: &[(String, u64)]) -> Value {
    Value::Object(classes.iter().map(|(class, lines)| (class.clone(), json!(lines))).collect())
}

/// `541,909 lines = 397,884 purchases + 132,219 without customer number + …`.
fn account(lines: u64, classes: &[(String, u64)]) -> String {
    let parts: Vec<String> =
        classes.iter().map(|(class, lines)| format!("{} {}", count(*lines), words(class))).collect();
    match parts.as_slice() {
        [] => "The file holds no lines.".to_owned(),
        parts => format!("{} lines = {}", count(lines), parts.join(" + ")),
    }
}

fn words(class: &str) -> &str {
    match class {
        "purchase" => "purchases",
        "no_customer" => "without customer number",
        "refund" => "refunds",
        "free" => "free of charge",
        "adjustment" => "adjustments",
        "cancelled" => "cancelled",
        "customer" => "customers",
        "rejected" => "not taken",
        other => other,
    }
}

/// Who does the work.
enum Hands {
    /// This process.
    Own(Box<OwnHands>),
    /// Whoever holds the data folder.
    Others(String),
}

struct OwnHands {
    _lock: DataLock,
    tasks: JoinSet<anyhow::Result<()>>,
    stop: watch::Sender<bool>,
}

impl Hands {
    async fn try_take(config: &Config) -> anyhow::Result<Self> {
        let lock = match lock(config, "najimi import") {
            Ok(lock) => lock,
            Err(error) => match error.downcast::<LockError>()? {
                LockError::Held { holder: Some(holder), .. } => {
                    return Ok(Self::Others(format!("`{}` (process {})", holder.command, holder.process)));
                }
                LockError::Held { holder: None, .. } => return Ok(Self::Others("another process".to_owned())),
                error @ LockError::Io { .. } => return Err(error.into()),
            },
        };
        let ground = open_with_clock(config.clone()).await?;
        let installation = installation(&ground)?;
        ground.jobs.take_over().await?;
        let shop = Shop::open(ground, installation).await?;
        let (stop, stopped) = watch::channel(false);
        let tasks = shop.start_imports(&stopped);
        Ok(Self::Own(Box::new(OwnHands { _lock: lock, tasks, stop })))
    }

    /// Fails when one of the own hands has failed.
    fn check(&mut self) -> anyhow::Result<()> {
        let Self::Own(own) = self else { return Ok(()) };
        match own.tasks.try_join_next() {
            Some(ended) => Err(ended
                .map_err(anyhow::Error::from)
                .flatten()
                .err()
                .unwrap_or_else(|| anyhow::anyhow!("a part of the import has ended by itself"))),
            None => Ok(()),
        }
    }

    /// Brings the own work to an end: what is in memory is written.
    async fn let_go(self) {
        if let Self::Own(mut own) = self {
            let _ = own.stop.send(true);
            while own.tasks.join_next().await.is_some() {}
        }
    }
}

/// Looks on until the job has ended. Ctrl C stops the import itself, wherever it is done.
async fn look_on(
    ground: &Ground,
    imports: &LocalImports,
    id: ImportId,
    hands: &mut Hands,
    progress: &mut Progress,
) -> anyhow::Result<Standing> {
    let (begun, mut tried) = (Instant::now(), Instant::now());
    loop {
        let standing = imports.standing(id).await.map_err(|problem| output::problem(&problem))?;
        let standing = standing.context("the import is gone")?;
        let job = standing.job.as_ref();
        if job.is_none_or(|job| job.state.is_finished()) {
            progress.clear();
            return Ok(standing);
        }
        progress.tell(&how_far(ground, &standing, begun).await?);
        hands.check()?;
        let is_waiting = job.is_some_and(|job| job.state == JobState::Queued);
        if is_waiting && matches!(hands, Hands::Others(_)) && tried.elapsed() > TRY_LOCK_EVERY {
            // Who was to do it may have ended meanwhile.
            *hands = Hands::try_take(&ground.config).await?;
            tried = Instant::now();
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = tokio::signal::ctrl_c() => {
                progress.say("Stopping…");
                imports.stop(&Actor::Console, id).await.map_err(|problem| output::problem(&problem))?;
            }
        }
    }
}

async fn how_far(ground: &Ground, standing: &Standing, begun: Instant) -> anyhow::Result<String> {
    let Some(end) = standing.journal_end else {
        let read = standing.job.as_ref().map(|job| job.progress.clone()).unwrap_or_default();
        let total = read.total.map_or_else(String::new, |total| format!(" of about {}", count(total)));
        let rate = read.done as f64 / begun.elapsed().as_secs_f64().max(0.1);
        return Ok(format!("{}{total} lines read, {} lines/s", count(read.done), count(rate as u64)));
    };
    let setting = pipeline::setting(Lane::Backfill);
    let done: Option<String> =
        ground.records.reader().scalar("SELECT value FROM settings WHERE name = $1", values![setting]).await?;
    let done: u64 = done.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(format!("all lines are read and safe; {} events on their way to the screens", count(end.saturating_sub(done))))
}

#[cfg(test)]
mod tests {
    use super::account;

    #[test]
    fn the_account_adds_up_in_one_line() {
        let classes = [("purchase".to_owned(), 397_884), ("refund".to_owned(), 9_288), ("rejected".to_owned(), 1)];
        assert_eq!(account(407_173, &classes), "407,173 lines = 397,884 purchases + 9,288 refunds + 1 not taken");
        assert_eq!(account(0, &[]), "The file holds no lines.");
    }
}
