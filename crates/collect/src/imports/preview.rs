//! Before anything changes: how the file was read, what its columns mean, the first rows as they will become, and what
//! would happen.

use super::{
    api::Imports,
    choices::{self, ConsentChoice, ImportOptionsView},
    classes::{self, CUSTOMER, REJECTED, Refusal},
    effect::EffectCounter,
    events::customer_event,
    file::{self, Opened},
    run::{self, ImportError},
    sql::Import,
    view::{ColumnView, ExpectedView, FieldView, ImportChoicesRequest, ImportPreviewView, PreviewRowView},
};
use crate::files::{
    self, CustomerItem, CustomerRow, Field, FileError, FileKind, Inspection, LineProblem, Mapping, OrderItem,
    OrderLine, OrderPart, Row, Watch, columns,
};
use access::{ApiResult, Problem};
use records::Reader;
use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// Rows that are shown.
const ROWS_MAX: u64 = 20;
/// How long a person waits for the four numbers; a larger file is counted while it runs.
const COUNT_TIME_MAX: Duration = Duration::from_secs(3);

/// What the reading threads find out.
struct Findings {
    rows: Vec<PreviewRowView>,
    expected: Option<ExpectedView>,
    problems: Vec<Problem>,
}

/// A sentence in the language of whoever reads it.
pub(super) fn file_problem(error: &FileError, is_english: bool) -> Problem {
    if let FileError::Io(cause) = error {
        return Problem::from_cause(cause);
    }
    Problem::unprocessable(error.code()).detail(if is_english { error.to_string() } else { error.sentence_ja() })
}

/// Looks at the beginning of an import's file.
pub(super) async fn look(imports: &Imports, import: &Import, is_english: bool) -> ApiResult<Inspection> {
    let (path, kind) = (file::path_of(&imports.folder, import.id), import.kind);
    let looked = tokio::task::spawn_blocking(move || file::look(&path, kind, None))
        .await
        .map_err(|error| Problem::from_cause(&error))?;
    looked.map_err(|error| file_problem(&error, is_english))
}

/// The preview, with what a person decided or with what was found.
pub(super) async fn preview(
    imports: &Imports,
    import: &Import,
    request: Option<ImportChoicesRequest>,
    is_english: bool,
) -> ApiResult<ImportPreviewView> {
    let inspection = look(imports, import, is_english).await?;
    let reader = imports.records.reader();
    let (mapping, options) = match (request, &import.mapping, &import.options) {
        (Some(request), ..) => (choices::mapped(&inspection, import.kind, &request.mapping)?, request.options),
        // What was decided when it was started before.
        (None, Some(mapping), Some(options)) => (mapping.clone(), options.clone()),
        (None, ..) => {
            let options = ImportOptionsView::propose(&reader, &inspection, imports.currency, imports.zone).await?;
            (inspection.proposal.mapping.clone(), options)
        }
    };
    let file = Opened::new(&imports.folder, import.id, mapping, &options, imports.currency, imports.clock.now());
    let head = Head::of(import, &inspection, &file.mapping, &options, is_english);
    let found = tokio::task::spawn_blocking(move || find_out(&file, &inspection, reader, is_english)).await;
    let found = found.map_err(|error| Problem::from_cause(&error))?;
    Ok(head.view(found, options))
}

fn find_out(file: &Opened, inspection: &Inspection, reader: Reader, is_english: bool) -> Findings {
    if !is_complete(&file.mapping) {
        let rows = inspection
            .rows
            .iter()
            .take(usize::try_from(ROWS_MAX).unwrap_or(20))
            .map(|row| as_it_stands(file, row))
            .collect();
        return Findings { rows, expected: None, problems: Vec::new() };
    }
    let mut problems = Vec::new();
    let mut tell = |error: &FileError| problems.push(file_problem(error, is_english));
    let rows = first_rows(file, inspection, is_english).unwrap_or_else(|error| {
        tell(&error);
        Vec::new()
    });
    let expected = match expected(file, reader) {
        Ok(expected) => expected,
        Err(ImportError::File(error)) => {
            tell(&error);
            None
        }
        Err(error) => {
            tracing::warn!(%error, "what an import would change could not be told");
            None
        }
    };
    problems.dedup();
    Findings { rows, expected, problems }
}

/// Reads the whole file, as far as it goes in the time that a person waits.
fn expected(file: &Opened, reader: Reader) -> Result<Option<ExpectedView>, ImportError> {
    let (begun, stop) = (Instant::now(), AtomicBool::new(false));
    let mut look_at_clock = |_: &files::Progress| stop.store(begun.elapsed() > COUNT_TIME_MAX, Ordering::Relaxed);
    let effect = EffectCounter::new(reader, file.options.import_id, &file.options.source, file.options.now);
    let read = file.read();
    let job = run::Job {
        source: file.source()?,
        mapping: &file.mapping,
        read: &read,
        options: &file.options,
        journal: None,
        effect: Some(effect),
        notes: None,
    };
    let imported = run::run(job, Watch { stop: Some(&stop), progress: Some(&mut look_at_clock) })?;
    let effect = imported.effect.filter(|_| !imported.summary.is_stopped);
    Ok(effect.map(|effect| ExpectedView {
        new: effect.new,
        changed: effect.changed,
        unchanged: effect.unchanged,
        rejected: imported.rejected(),
    }))
}

/// The first rows as they will become.
pub(super) fn first_rows(
    file: &Opened,
    inspection: &Inspection,
    is_english: bool,
) -> Result<Vec<PreviewRowView>, FileError> {
    let mut read = file.read();
    read.rows_max = Some(ROWS_MAX);
    let mut rows: BTreeMap<u64, PreviewRowView> = BTreeMap::new();
    let mut add = |row: PreviewRowView| drop(rows.insert(row.line, row));
    let rejected = |problem: &LineProblem| {
        let row = inspection.rows.iter().find(|row| row.line() == problem.line);
        let values = row.map_or_else(Map::new, |row| as_it_stands(file, row).values);
        let sentence = if is_english { problem.sentence_en() } else { problem.sentence_ja() };
        PreviewRowView { line: problem.line, values, outcome: REJECTED.to_owned(), problem: Some(sentence) }
    };
    let (source, watch) = (file.source()?, Watch::default());
    let ended = match file.mapping.kind {
        FileKind::Orders => files::read_orders(source, &file.mapping, &read, watch, |item| {
            match item {
                OrderItem::Problem(problem) => add(rejected(&problem)),
                OrderItem::Part(part) => {
                    let refusal = classes::refusal(&part, &file.options);
                    part.lines.iter().for_each(|line| add(order_row(file, &part, line, refusal, is_english)))
                }
            }
            Ok::<(), std::convert::Infallible>(())
        }),
        FileKind::Customers => files::read_customers(source, &file.mapping, &read, watch, |item| {
            match item {
                CustomerItem::Problem(problem) => add(rejected(&problem)),
                CustomerItem::Row(row) => match classes::problem_of(&row) {
                    Some(problem) => add(rejected(&problem)),
                    None => add(customer_row(file, *row)),
                },
            }
            Ok(())
        }),
    };
    match ended {
        Ok(_) => Ok(rows.into_values().collect()),
        Err(files::ReadError::File(error)) => Err(error),
        Err(files::ReadError::Taker(never)) => match never {},
    }
}

fn order_row(
    file: &Opened,
    part: &OrderPart,
    line: &OrderLine,
    refusal: Option<Refusal>,
    is_english: bool,
) -> PreviewRowView {
    let class = classes::class_of(line, part, refusal);
    let problem = refusal.filter(|_| class == REJECTED).map(|refusal| refusal.of_line(line.line, part.currency));
    let mut values = Map::new();
    let mut put = |field: Field, value: String| drop(values.insert(field.name().to_owned(), Value::String(value)));
    put(Field::OrderNumber, part.order_number.clone());
    put(Field::OrderedAt, file.options.zone.wall(part.ordered_at).format("%Y-%m-%d %H:%M").to_string());
    put(Field::CustomerNumber, part.customer_number.clone().unwrap_or_default());
    put(Field::Sku, line.sku.clone());
    put(Field::ProductName, line.product_name.clone());
    put(Field::Quantity, line.quantity.to_string());
    put(Field::UnitPrice, line.unit_price.map(|price| price.to_string()).unwrap_or_default());
    put(Field::LineTotal, amount(line.amount.minor, part.currency.digits()));
    put(Field::Currency, part.currency.to_string());
    let sentence = problem.map(|problem| if is_english { problem.sentence_en } else { problem.sentence_ja });
    PreviewRowView { line: line.line, values, outcome: class.to_owned(), problem: sentence }
}

/// Minor units as people write them.
fn amount(minor: i64, digits: u32) -> String {
    let unit = 10_u64.pow(digits);
    let (sign, minor) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
    match digits {
        0 => format!("{sign}{minor}"),
        _ => format!("{sign}{}.{:0width$}", minor / unit, minor % unit, width = digits as usize),
    }
}

fn customer_row(file: &Opened, row: CustomerRow) -> PreviewRowView {
    let (line, mut values) = (row.line, Map::new());
    if let Some(event) = customer_event(row, &file.options) {
        values.insert(Field::CustomerNumber.name().to_owned(), Value::String(event.user_id.unwrap_or_default()));
        for (name, value) in event.traits {
            match value {
                Value::String(_) => drop(values.insert(name, value)),
                Value::Array(consents) => consents.iter().for_each(|consent| {
                    let said = |name: &str| consent.get(name).and_then(Value::as_str).unwrap_or_default();
                    values.insert(format!("consent_{}", said("channel")), Value::String(said("state").to_owned()));
                }),
                _ => {}
            }
        }
    }
    PreviewRowView { line, values, outcome: CUSTOMER.to_owned(), problem: None }
}

/// A row that nobody has understood yet, by the fields of its columns.
fn as_it_stands(file: &Opened, row: &Row) -> PreviewRowView {
    let cells = file.mapping.columns.iter().enumerate().filter_map(|(column, mapped)| {
        let value = Value::String(row.get(column).chars().take(200).collect());
        mapped.field.map(|field| (field.name().to_owned(), value))
    });
    PreviewRowView { line: row.line(), values: cells.collect(), outcome: String::new(), problem: None }
}

/// Whether an import can be read by this mapping.
pub(super) fn is_complete(mapping: &Mapping) -> bool {
    missing(mapping).is_empty()
}

/// Fields that have no column and without which nothing can be imported.
pub(super) fn missing(mapping: &Mapping) -> Vec<Field> {
    let mut missing = mapping.missing();
    let has_number = mapping.column(Field::CustomerNumber).is_some() || missing.contains(&Field::CustomerNumber);
    if mapping.kind == FileKind::Customers && !has_number {
        missing.push(Field::CustomerNumber);
    }
    missing
}

/// Whether this field must have a column, as the others are now.
fn is_required(mapping: &Mapping, field: Field) -> bool {
    let has_total = mapping.column(Field::LineTotal).is_some();
    match (mapping.kind, field) {
        (FileKind::Orders, Field::OrderNumber | Field::OrderedAt) | (FileKind::Customers, Field::CustomerNumber) => {
            true
        }
        (FileKind::Orders, Field::Quantity | Field::UnitPrice) => !has_total,
        _ => false,
    }
}

/// All of the preview that needs no second reading.
struct Head(ImportPreviewView);

impl Head {
    fn of(
        import: &Import,
        inspection: &Inspection,
        mapping: &Mapping,
        options: &ImportOptionsView,
        is_english: bool,
    ) -> Self {
        let label = |field: Field| if is_english { field.label_en() } else { field.label_ja() };
        let fields = Field::ALL.iter().copied().filter(|field| field.belongs_to(import.kind));
        let fields = fields
            .map(|field| FieldView { field: field.name(), label: label(field), required: is_required(mapping, field) })
            .collect();
        Self(ImportPreviewView {
            import_id: import.id.to_string(),
            kind: import.kind.into(),
            file_name: import.file_name.clone(),
            size_bytes: import.size_bytes,
            encoding: inspection.encoding.name(),
            separator: inspection.separator.to_string(),
            compression: inspection.compression.name(),
            preset: inspection.proposal.preset.map(|preset| preset.name),
            columns: columns_of(inspection, mapping),
            fields,
            rows: Vec::new(),
            expected: None,
            problems: Vec::new(),
            notices: notices(inspection, mapping, options, is_english),
            options: options.clone(),
        })
    }

    fn view(self, found: Findings, options: ImportOptionsView) -> ImportPreviewView {
        ImportPreviewView { rows: found.rows, expected: found.expected, problems: found.problems, options, ..self.0 }
    }
}

fn columns_of(inspection: &Inspection, mapping: &Mapping) -> Vec<ColumnView> {
    let kind_name = |index: usize| {
        serde_json::to_value(inspection.proposal.kinds.get(index))
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
    };
    mapping
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| ColumnView {
            index,
            header: column.name.clone(),
            field: column.field.map(Field::name),
            sample: columns::examples(&inspection.rows, index),
            r#type: kind_name(index).unwrap_or_else(|| "text".to_owned()),
        })
        .collect()
}

/// What must be known before the start and does not stand in its way.
fn notices(inspection: &Inspection, mapping: &Mapping, options: &ImportOptionsView, is_english: bool) -> Vec<Problem> {
    let notice =
        |code: &'static str, ja: &str, en: &str| Problem::unprocessable(code).detail(if is_english { en } else { ja });
    let mut notices = Vec::new();
    if options.consent == ConsentChoice::None {
        notices.push(notice(
            "import_nobody_reachable",
            "同意の列も、申告した根拠もありません。このファイルの人には、だれにも販促メールを送れません。",
            "There is neither a column of consent nor a declared basis: nobody of this file can be written to.",
        ));
    }
    if mapping.is_known_by_mail() {
        notices.push(notice(
            "import_known_by_mail",
            "顧客番号の列がないため、メールアドレスを顧客番号として使います。どちらもない行は、だれの注文にもなりません。",
            "No column holds the customer number, so the mail address stands for it; lines without one belong to nobody.",
        ));
    }
    if !inspection.proposal.is_date_order_certain && mapping.preset.is_none() {
        notices.push(notice(
            "import_date_order_uncertain",
            "日付の月と日の順番を、値から決められません。最初の行の日付を確かめてください。",
            "The values do not tell whether month or day stands first. Check the dates of the first rows.",
        ));
    }
    notices
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn amounts_are_written_with_the_digits_of_their_currency() {
        assert_eq!(
            (amount(-1_005, 2), amount(1_980, 0), amount(7, 2)),
            ("-10.05".to_owned(), "1980".to_owned(), "0.07".to_owned())
        );
    }
}
