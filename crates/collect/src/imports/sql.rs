//! The rows of imports.

use super::{Effect, Rejected, choices::ImportOptionsView};
use crate::files::{FileKind, Mapping};
use records::{BulkInsert, FromQueryResult, RecordsError, RecordsResult, Sql, Tx, values};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;
use vocabulary::{
    Timestamp,
    id::{ImportId, JobId},
};

/// Where an import stands, as far as itself knows; how its job ended the job knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// The file is there; nothing has changed.
    Uploaded,
    /// A job works on it, or was stopped while it did.
    Running,
    /// Every line has been read.
    Done,
    /// The file could not be read to its end.
    Failed,
    /// It was taken back: as if the file had never been read.
    Undone,
}

impl ImportState {
    /// The name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            ImportState::Uploaded => "uploaded",
            ImportState::Running => "running",
            ImportState::Done => "done",
            ImportState::Failed => "failed",
            ImportState::Undone => "undone",
        }
    }
    fn read(name: &str) -> RecordsResult<Self> {
        use ImportState::{Done, Failed, Running, Undone, Uploaded};
        [Uploaded, Running, Done, Failed, Undone]
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or_else(|| RecordsError::unreadable("imports.state"))
    }
}

/// An import.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// What the file holds.
    pub kind: FileKind,
    /// The file's name where it came from.
    pub file_name: String,
    /// The file's size.
    pub size_bytes: u64,
    /// Where it stands.
    pub state: ImportState,
    /// What its columns mean, once it was started.
    pub mapping: Option<Mapping>,
    /// What was decided, once it was started.
    pub options: Option<ImportOptionsView>,
    /// Who works on it.
    pub job_id: Option<JobId>,
    /// How many times it was begun.
    pub runs: u64,
    /// Lines by class, once it has ended.
    pub classes: Vec<(String, u64)>,
    /// The sum of the classes.
    pub lines: Option<u64>,
    /// The last line of the file that was read.
    pub last_line: Option<u64>,
    /// What it changed, where that is known.
    pub effect: Option<Effect>,
    /// Why it failed.
    pub error: Option<String>,
    /// The end of the journal when its last event was in.
    pub journal_end: Option<u64>,
    /// When the file came.
    pub created_at: Timestamp,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Who takes it back, once somebody asked for that.
    pub undo_job_id: Option<JobId>,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

impl Import {
    /// The job that works on it or did last.
    pub fn latest_job(&self) -> Option<JobId> {
        self.undo_job_id.or(self.job_id)
    }
}

#[derive(FromQueryResult)]
struct Row {
    import_id: Uuid,
    kind: String,
    file_name: String,
    size_bytes: i64,
    state: String,
    mapping: Option<String>,
    options: Option<String>,
    job_id: Option<Uuid>,
    runs: i64,
    lines: Option<i64>,
    last_line: Option<i64>,
    classes: Option<String>,
    effect: Option<String>,
    error: Option<String>,
    journal_end: Option<i64>,
    created_at: i64,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    undo_job_id: Option<Uuid>,
    undone_at: Option<i64>,
}

const COLUMNS: &str = "import_id, kind, file_name, size_bytes, state, mapping, options, job_id, runs, lines, last_line, classes, effect, error, \
    journal_end, created_at, started_at, finished_at, undo_job_id, undone_at";

impl Row {
    fn import(self) -> RecordsResult<Import> {
        Ok(Import {
            id: self.import_id.into(),
            kind: parse(&format!("\"{}\"", self.kind), "imports.kind")?,
            file_name: self.file_name,
            size_bytes: self.size_bytes.unsigned_abs(),
            state: ImportState::read(&self.state)?,
            mapping: self.mapping.map(|text| parse(&text, "imports.mapping")).transpose()?,
            options: self.options.map(|text| parse(&text, "imports.options")).transpose()?,
            job_id: self.job_id.map(JobId::from),
            runs: self.runs.unsigned_abs(),
            classes: self.classes.map(|text| parse(&text, "imports.classes")).transpose()?.unwrap_or_default(),
            lines: self.lines.map(i64::unsigned_abs),
            last_line: self.last_line.map(i64::unsigned_abs),
            effect: self.effect.map(|text| parse(&text, "imports.effect")).transpose()?,
            error: self.error,
            journal_end: self.journal_end.map(i64::unsigned_abs),
            created_at: Timestamp::from_micros(self.created_at),
            started_at: self.started_at.map(Timestamp::from_micros),
            finished_at: self.finished_at.map(Timestamp::from_micros),
            undo_job_id: self.undo_job_id.map(JobId::from),
            undone_at: self.undone_at.map(Timestamp::from_micros),
        })
    }
}

fn parse<T: DeserializeOwned>(text: &str, what: &str) -> RecordsResult<T> {
    serde_json::from_str(text).map_err(|_| RecordsError::unreadable(what))
}

fn written(value: &impl Serialize, what: &str) -> RecordsResult<String> {
    serde_json::to_string(value).map_err(|_| RecordsError::unreadable(what))
}

fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The import with this id.
pub async fn find<S: Sql>(sql: &S, id: ImportId) -> RecordsResult<Option<Import>> {
    let row: Option<Row> =
        sql.one(&format!("SELECT {COLUMNS} FROM imports WHERE import_id = $1"), values![id.uuid()]).await?;
    row.map(Row::import).transpose()
}

/// Like [`find`], and holds the row until the transaction ends.
pub(super) async fn lock(tx: &Tx, id: ImportId) -> RecordsResult<Option<Import>> {
    let text = format!("SELECT {COLUMNS} FROM imports WHERE import_id = $1{}", tx.for_update());
    tx.one::<Row>(&text, values![id.uuid()]).await?.map(Row::import).transpose()
}

/// Imports, the latest first; `before` is the place of the last row of the page before.
pub async fn list<S: Sql>(sql: &S, before: Option<(i64, Uuid)>, rows: i64) -> RecordsResult<Vec<Import>> {
    let (at, id) = before.unwrap_or((i64::MAX, Uuid::max()));
    let text = format!(
        "SELECT {COLUMNS} FROM imports WHERE (created_at, import_id) < ($1, $2) ORDER BY created_at DESC, import_id DESC LIMIT $3"
    );
    let rows: Vec<Row> = sql.all(&text, values![at, id, rows]).await?;
    rows.into_iter().map(Row::import).collect()
}

/// What the latest imports that were started had decided, the latest first.
pub(super) async fn latest_options<S: Sql>(sql: &S, rows: i64) -> RecordsResult<Vec<ImportOptionsView>> {
    let text = "SELECT options AS value FROM imports WHERE options IS NOT NULL ORDER BY created_at DESC LIMIT $1";
    let found: Vec<String> = sql.column(text, values![rows]).await?;
    found.iter().map(|text| parse(text, "imports.options")).collect()
}

/// The shop whose numbers the orders bear.
pub(super) async fn known_source<S: Sql>(sql: &S) -> RecordsResult<Option<String>> {
    sql.scalar("SELECT site AS value FROM orders LIMIT 1", vec![]).await
}

/// Writes a file that came.
pub(super) async fn insert(tx: &Tx, import: &Import) -> RecordsResult<()> {
    let kind = match import.kind {
        FileKind::Orders => "orders",
        FileKind::Customers => "customers",
    };
    tx.execute(
        "INSERT INTO imports (import_id, kind, file_name, size_bytes, state, runs, created_at) VALUES ($1, $2, $3, $4, $5, 0, $6)",
        values![import.id.uuid(), kind, import.file_name.clone(), stored(import.size_bytes), import.state.name(), import.created_at.micros()],
    )
    .await
    .map(|_| ())
}

/// Writes what was decided, and that a job works on it.
pub(super) async fn start(
    tx: &Tx,
    id: ImportId,
    mapping: &Mapping,
    options: &ImportOptionsView,
    job_id: JobId,
    now: Timestamp,
) -> RecordsResult<()> {
    tx.execute(
        "UPDATE imports SET state = 'running', mapping = $2, options = $3, job_id = $4, started_at = $5, finished_at = NULL, error = NULL, \
         runs = 0, told_events = 0, lines = NULL, last_line = NULL, classes = NULL, effect = NULL, journal_end = NULL WHERE import_id = $1",
        values![id.uuid(), written(mapping, "imports.mapping")?, written(options, "imports.options")?, job_id.uuid(), now.micros()],
    )
    .await
    .map(|_| ())
}

/// Counts a run, and tells how many events the runs before have made durable.
pub(super) async fn begin_run(tx: &Tx, id: ImportId) -> RecordsResult<u64> {
    let told = tx
        .scalar::<i64>(
            "UPDATE imports SET runs = runs + 1 WHERE import_id = $1 RETURNING told_events AS value",
            values![id.uuid()],
        )
        .await?;
    Ok(told.unwrap_or(0).unsigned_abs())
}

/// Writes how many events are durable.
pub(super) async fn save_told(tx: &Tx, id: ImportId, told: u64) -> RecordsResult<()> {
    let text = "UPDATE imports SET told_events = $2 WHERE import_id = $1";
    tx.execute(text, values![id.uuid(), stored(told)]).await.map(|_| ())
}

/// Writes how far it came and what it found.
pub(super) async fn save_outcome(tx: &Tx, import: &Import, problems: &[(Rejected, String)]) -> RecordsResult<()> {
    let effect = import.effect.as_ref().map(|effect| written(effect, "imports.effect")).transpose()?;
    tx.execute(
        "UPDATE imports SET state = $2, lines = $3, last_line = $4, classes = $5, effect = $6, error = $7, journal_end = $8, finished_at = $9 WHERE import_id = $1",
        values![
            import.id.uuid(),
            import.state.name(),
            import.lines.map(stored),
            import.last_line.map(stored),
            written(&import.classes, "imports.classes")?,
            effect,
            import.error.clone(),
            import.journal_end.map(stored),
            import.finished_at.map(Timestamp::micros),
        ],
    )
    .await?;
    tx.execute("DELETE FROM import_problems WHERE import_id = $1", values![import.id.uuid()]).await?;
    let mut rows = BulkInsert::into(
        "import_problems (import_id, line, code, sentence_ja, sentence_en, raw)",
        "ON CONFLICT DO NOTHING",
    );
    for (problem, raw) in problems {
        let (ja, en) = (problem.sentence_ja.clone(), problem.sentence_en.clone());
        rows.push(values![import.id.uuid(), stored(problem.line), problem.code.clone(), ja, en, raw.clone()]);
    }
    if rows.is_empty() { Ok(()) } else { rows.run(tx).await.map(|_| ()) }
}

/// Writes that a job takes it back.
pub(super) async fn begin_undo(tx: &Tx, id: ImportId, job_id: JobId) -> RecordsResult<()> {
    let text = "UPDATE imports SET undo_job_id = $2 WHERE import_id = $1";
    tx.execute(text, values![id.uuid(), job_id.uuid()]).await.map(|_| ())
}

/// Writes that it was taken back.
pub(super) async fn save_undone(tx: &Tx, id: ImportId, now: Timestamp) -> RecordsResult<()> {
    let text = "UPDATE imports SET state = 'undone', undone_at = $2 WHERE import_id = $1";
    tx.execute(text, values![id.uuid(), now.micros()]).await.map(|_| ())
}

/// A line that was not taken, as it was kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ProblemRow {
    /// Line of the file.
    pub line: i64,
    /// A stable name of what is wrong.
    pub code: String,
    /// The sentence in Japanese.
    pub sentence_ja: String,
    /// The sentence in English.
    pub sentence_en: String,
    /// The line as it stood in the file.
    pub raw: String,
}

/// Lines that were not taken, in the order of the file, behind line `after`.
pub async fn problems<S: Sql>(sql: &S, id: ImportId, after: u64, rows: i64) -> RecordsResult<Vec<ProblemRow>> {
    let text = "SELECT line, code, sentence_ja, sentence_en, raw FROM import_problems WHERE import_id = $1 AND line > $2 ORDER BY line LIMIT $3";
    sql.all(text, values![id.uuid(), stored(after), rows]).await
}
