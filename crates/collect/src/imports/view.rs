//! Imports as the screen sees them.

use super::{
    Effect,
    choices::{ConsentChoice, ImportOptionsView, MappingView},
    classes::REJECTED,
    sql::{Import, ImportState},
};
use crate::files::FileKind;
use access::Problem;
use jobs::{Job, JobState};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// An import in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportRowView {
    pub import_id: String,
    /// `orders` or `customers`.
    pub kind: FileKindView,
    pub file_name: String,
    #[schema(value_type = ImportStateName)]
    pub state: &'static str,
    /// Lines of the file but header and blank ones, once it has ended.
    pub lines: Option<u64>,
    pub started_at: Option<String>,
    pub finished_at: Option<String>,
    /// When it was taken back.
    pub undone_at: Option<String>,
}

/// Where an import stands.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the names that `ImportRowView::of` gives")]
enum ImportStateName {
    Uploaded,
    Running,
    Stopped,
    Done,
    Failed,
    /// It is being taken back.
    Undoing,
    /// It is half taken back: ask again.
    UndoStopped,
    /// It was taken back, as if its file had never been read.
    Undone,
}

/// What a file holds.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FileKindView {
    Orders,
    Customers,
}

impl From<FileKind> for FileKindView {
    fn from(kind: FileKind) -> Self {
        match kind {
            FileKind::Orders => Self::Orders,
            FileKind::Customers => Self::Customers,
        }
    }
}

/// An import.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportView {
    #[serde(flatten)]
    pub row: ImportRowView,
    pub job_id: Option<String>,
    /// Every line is in exactly one class.
    pub classes: Vec<ClassView>,
    /// What it changed; null when that cannot be told.
    pub effect: Option<Effect>,
    /// On what people of the file may be written to; `none`: nobody can be. Null before the start.
    pub consent: Option<ConsentChoice>,
    /// Events that have not reached the screens yet.
    pub lag: u64,
    /// Why it failed.
    pub error: Option<String>,
}

/// A class of lines.
#[derive(Serialize, ToSchema)]
pub(super) struct ClassView {
    pub class: String,
    pub count: u64,
    pub is_accepted: bool,
}

impl ImportRowView {
    /// `job` is the import's latest one: that which takes it back, once there is one.
    pub fn of(import: &Import, job: Option<&Job>) -> Self {
        let (job_state, job_end) = (job.map(|job| job.state), job.and_then(|job| job.finished_at));
        let state = match (import.state, job_state) {
            (ImportState::Uploaded, _) => "uploaded",
            (ImportState::Undone, _) => "undone",
            (_, Some(JobState::Queued | JobState::Running)) if import.undo_job_id.is_some() => "undoing",
            _ if import.undo_job_id.is_some() => "undo_stopped",
            (ImportState::Done, _) => "done",
            (ImportState::Failed, _) => "failed",
            (ImportState::Running, Some(JobState::Queued | JobState::Running)) => "running",
            (ImportState::Running, Some(JobState::Cancelled)) => "stopped",
            // Ended jobs are cleared away after some weeks; what was stopped has counts.
            (ImportState::Running, None) if import.lines.is_some() => "stopped",
            (ImportState::Running, _) => "failed",
        };
        let ended_at = import.finished_at.or(job_end).filter(|_| state != "running");
        Self {
            import_id: import.id.to_string(),
            kind: import.kind.into(),
            file_name: import.file_name.clone(),
            state,
            lines: import.lines,
            started_at: import.started_at.map(|at| at.to_string()),
            finished_at: ended_at.map(|at| at.to_string()),
            undone_at: import.undone_at.map(|at| at.to_string()),
        }
    }
}

impl ImportView {
    pub fn of(import: &Import, job: Option<&Job>, done: u64) -> Self {
        let class = |(class, count): &(String, u64)| ClassView {
            class: class.clone(),
            count: *count,
            is_accepted: class != REJECTED,
        };
        Self {
            row: ImportRowView::of(import, job),
            job_id: import.latest_job().map(|id| id.to_string()),
            classes: import.classes.iter().map(class).collect(),
            effect: import.effect,
            consent: import.options.as_ref().map(|options| options.consent),
            lag: import.journal_end.map_or(0, |end| end.saturating_sub(done)),
            error: import.error.clone().or_else(|| job.and_then(|job| job.error.clone())),
        }
    }
}

/// A field that a column can go to.
#[derive(Serialize, ToSchema)]
pub(super) struct FieldView {
    pub field: &'static str,
    pub label: &'static str,
    pub required: bool,
}

/// A column of the file.
#[derive(Serialize, ToSchema)]
pub(super) struct ColumnView {
    pub index: usize,
    pub header: String,
    pub field: Option<&'static str>,
    pub sample: Vec<String>,
    /// What its values look like.
    pub r#type: String,
}

/// A row as it will become.
#[derive(Serialize, ToSchema)]
pub(super) struct PreviewRowView {
    pub line: u64,
    /// Fields and their values.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub values: Map<String, Value>,
    /// Its class.
    pub outcome: String,
    pub problem: Option<String>,
}

/// What will happen.
#[derive(Serialize, ToSchema)]
pub(super) struct ExpectedView {
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Lines.
    pub rejected: u64,
}

/// How a file was read, what its columns mean, and what will happen.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportPreviewView {
    pub import_id: String,
    pub kind: FileKindView,
    pub file_name: String,
    pub size_bytes: u64,
    pub encoding: &'static str,
    pub separator: String,
    pub compression: &'static str,
    pub preset: Option<&'static str>,
    pub columns: Vec<ColumnView>,
    pub fields: Vec<FieldView>,
    pub rows: Vec<PreviewRowView>,
    /// Null when the file is too large to be counted at once.
    pub expected: Option<ExpectedView>,
    /// What stands in the way of the start.
    pub problems: Vec<Problem>,
    /// What does not stand in its way and must be known.
    pub notices: Vec<Problem>,
    pub options: ImportOptionsView,
}

/// An import that begins.
#[derive(Serialize, ToSchema)]
pub(super) struct UploadedView {
    pub import_id: String,
    pub preview: ImportPreviewView,
}

/// What a person has decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportChoicesRequest {
    /// Columns by their place from 0, and the field that each goes to.
    #[schema(value_type = std::collections::HashMap<String, Option<String>>)]
    pub mapping: MappingView,
    pub options: ImportOptionsView,
}

/// A line of the file.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportLineView {
    pub line: u64,
    pub class: String,
    pub reason: Option<String>,
    pub raw: String,
}
