//! `najimi query`: asks the history in SQL. Reads only; also beside a server, which it does not disturb.

use super::{WrongWords, output};
use crate::config::Config;
use anyhow::Context;
use customers::export::neutral;
use history::{Column, Fault, Rows};
use history_engine::{History, Options};
use std::io::{IsTerminal, Write};

/// What to ask.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  najimi query \"SELECT kind, COUNT(*), SUM(reporting_minor) FROM orders GROUP BY kind\"
  najimi query --csv \"SELECT sku, SUM(quantity) AS pieces FROM order_lines GROUP BY sku ORDER BY pieces DESC LIMIT 20\"

Tables: orders (newest versions), order_lines, events. Amounts are in minor units; instants print as microseconds since
1970 (CAST(ordered_at AS VARCHAR) reads better); an empty cell is NULL in a table, null in JSON, nothing in CSV (an
empty text is \"\" there). A server that runs shows its newest rows here within half a minute.")]
pub struct QueryArguments {
    /// One SELECT, WITH or EXPLAIN over orders, order_lines and events.
    sql: String,
    /// One JSON object a row.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// CSV with a header; the way of printing where the output is no terminal.
    #[arg(long)]
    csv: bool,
}

/// Asks and prints.
pub async fn run(arguments: QueryArguments, config: Config) -> anyhow::Result<()> {
    let folder = config.data.join("history");
    anyhow::ensure!(
        folder.exists(),
        "there is no history in `{}` yet; start Najimi and bring something in, or name the folder with --data",
        config.data.display()
    );
    let history = History::open_to_read(folder, Options::default()).await.context("the history cannot be read")?;
    let rows = history.query_readonly(&arguments.sql).await.map_err(|error| match error.fault() {
        Fault::Caller => anyhow::Error::from(WrongWords(error.to_string())),
        _ => error.into(),
    })?;
    let printed = if arguments.json {
        print_json(&rows)
    } else if arguments.csv || !std::io::stdout().is_terminal() {
        print_csv(&rows)
    } else {
        let (cells, numbers) = cells(&rows);
        print_table(rows.names(), &cells, &numbers);
        println!("{} row{}", output::count(rows.len() as u64), if rows.len() == 1 { "" } else { "s" });
        Ok(())
    };
    match printed {
        // Whoever reads has enough (`| head`).
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        printed => Ok(printed?),
    }
}

fn print_json(rows: &Rows) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for row in 0..rows.len() {
        let values = rows.columns().iter().map(|column| json_cell(column, row));
        let object: serde_json::Map<_, _> = rows.names().iter().cloned().zip(values).collect();
        writeln!(out, "{}", serde_json::Value::Object(object))?;
    }
    out.flush()
}

fn json_cell(column: &Column, row: usize) -> serde_json::Value {
    match column {
        Column::I64(cells) => cells.get(row).map_or(serde_json::Value::Null, |value| (*value).into()),
        Column::F64(cells) => cells.get(row).map_or(serde_json::Value::Null, |value| (*value).into()),
        Column::Text(cells) => cells.get(row).map_or(serde_json::Value::Null, |value| value.clone().into()),
        Column::Bool(cells) => cells.get(row).map_or(serde_json::Value::Null, |value| (*value).into()),
    }
}

fn text_cell(column: &Column, row: usize) -> Option<String> {
    match column {
        Column::I64(cells) => cells.get(row).map(ToString::to_string),
        Column::F64(cells) => cells.get(row).map(ToString::to_string),
        Column::Text(cells) => cells.get(row).cloned(),
        Column::Bool(cells) => cells.get(row).map(ToString::to_string),
    }
}

fn print_csv(rows: &Rows) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let names: Vec<String> = rows.names().iter().map(|name| csv_cell(Some(name))).collect();
    writeln!(out, "{}", names.join(","))?;
    for row in 0..rows.len() {
        let cells: Vec<String> =
            rows.columns().iter().map(|column| csv_cell(text_cell(column, row).as_deref())).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    out.flush()
}

/// Nothing is nothing, an empty text is a pair of quotation marks. A text from outside is never a formula.
fn csv_cell(cell: Option<&str>) -> String {
    let cell = cell.map(neutral);
    match cell.as_deref() {
        None => String::new(),
        Some(text) if text.is_empty() || text.contains(['"', ',', '\n', '\r']) => {
            format!("\"{}\"", text.replace('"', "\"\""))
        }
        Some(text) => text.to_owned(),
    }
}

/// Cells as text, row by row, and which columns are numbers.
fn cells(rows: &Rows) -> (Vec<Vec<Option<String>>>, Vec<bool>) {
    let texts =
        (0..rows.len()).map(|row| rows.columns().iter().map(|column| text_cell(column, row)).collect()).collect();
    let numbers = rows.columns().iter().map(|column| matches!(column, Column::I64(_) | Column::F64(_))).collect();
    (texts, numbers)
}

/// Prints columns that stand below each other, numbers to the right. Letters of Japanese take two places.
pub fn print_table(names: &[String], rows: &[Vec<Option<String>>], are_numbers: &[bool]) {
    for line in table(names, rows, are_numbers) {
        println!("{line}");
    }
}

fn table(names: &[String], rows: &[Vec<Option<String>>], are_numbers: &[bool]) -> Vec<String> {
    let shown = |cell: &Option<String>| match cell {
        Some(text) => text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect(),
        None => "NULL".to_owned(),
    };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(shown).collect()).collect();
    let widths: Vec<usize> = (0..names.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| places(cell));
            cells.chain([places(&names[column])]).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).zip(are_numbers).map(|((cell, width), is_number)| {
            let room = " ".repeat(width.saturating_sub(places(cell)));
            if *is_number { format!("{room}{cell}") } else { format!("{cell}{room}") }
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    [line(names), rule.join("  ")].into_iter().chain(rows.iter().map(|row| line(row))).collect()
}

/// How many places a text takes on a terminal.
fn places(text: &str) -> usize {
    text.chars().map(|letter| if is_wide(letter) { 2 } else { 1 }).sum()
}

/// Kana, kanji, hangul and full-width forms (Unicode's East Asian Width W and F, the blocks that occur).
fn is_wide(letter: char) -> bool {
    matches!(u32::from(letter),
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD)
}

#[cfg(test)]
mod tests {
    use super::{csv_cell, table};

    #[test]
    fn columns_stand_below_each_other() {
        let names = ["商品".to_owned(), "n".to_owned()];
        let rows = [vec![Some("お皿".to_owned()), Some("12".to_owned())], vec![None, Some("3".to_owned())]];
        assert_eq!(table(&names, &rows, &[false, true]), ["商品   n", "────  ──", "お皿  12", "NULL   3"]);
    }

    #[test]
    fn nothing_and_an_empty_text_differ_in_csv() {
        let cells = [None, Some(""), Some("a,b"), Some("say \"yes\""), Some("plain")].map(csv_cell);
        assert_eq!(cells, ["", "\"\"", "\"a,b\"", "\"say \"\"yes\"\"\"", "plain"]);
    }
}
