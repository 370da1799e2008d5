//! The HTTP side of imports.

use super::{
    choices,
    classes::{CUSTOMER, LINE_CLASSES, REJECTED},
    file::{self, Opened},
    job::{IMPORT_RUN, ImportInput},
    lines::{self, CsvSender, Wanted},
    preview::{self, file_problem},
    sql::{self, Import, ImportState},
    undo::{IMPORT_UNDO, UndoInput},
    upload::{self, Flow, Upload},
    view::{
        FileKindView, ImportChoicesRequest, ImportLineView, ImportPreviewView, ImportRowView, ImportView, UploadedView,
    },
};
use crate::{files::FileKind, ingest::Intake};
use access::{Access, ApiResult, Caller, Cursor, ImportsRun, Limit, Page, Paging, Path, Problem, Query, Valid};
use axum::{
    Json,
    body::Body,
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State, multipart::Field},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use jobs::{Job, Jobs};
use records::{Records, Tx};
use serde::Deserialize;
use std::path::PathBuf;
use tokio::sync::mpsc;
use utoipa::{IntoParams, ToSchema, openapi::OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::{Currency, SharedClock, Zone, id::ImportId};

/// Characters of a file's name.
const NAME_CHARACTERS_MAX: usize = 200;
/// Bytes of the word for what a file holds.
const KIND_BYTES_MAX: usize = 20;
/// Rejected lines that are kept, and so can be saved.
const PROBLEMS_MAX: i64 = 10_000;
/// Pieces of a CSV that may wait for whoever downloads it.
const CHUNKS_AHEAD: usize = 4;

/// What imports need.
#[derive(Clone, axum::extract::FromRef)]
pub struct Imports {
    /// The records.
    pub records: Records,
    /// Background work.
    pub jobs: Jobs,
    /// The door of the journal.
    pub intake: Intake,
    /// Who may do what.
    pub access: Access,
    /// The shop's clock.
    pub clock: SharedClock,
    /// The shop's zone.
    pub zone: Zone,
    /// The currency of reports.
    pub currency: Currency,
    /// Where the files lie, each under its import's id; made when missing.
    pub folder: PathBuf,
}

/// The routes of imports.
pub fn routes(imports: Imports) -> OpenApiRouter {
    router().with_state(imports)
}

/// What the routes are, told without opening anything.
pub fn description() -> OpenApi {
    router().into_openapi()
}

fn router() -> OpenApiRouter<Imports> {
    OpenApiRouter::new()
        // A file is bounded while it is written to the disk; everything else is bounded by the server.
        .merge(OpenApiRouter::new().routes(routes!(upload_import, list_imports)).layer(DefaultBodyLimit::disable()))
        .routes(routes!(get_import))
        .routes(routes!(get_import_preview, preview_import))
        .routes(routes!(start_import))
        .routes(routes!(stop_import))
        .routes(routes!(undo_import))
        .routes(routes!(list_import_lines))
        .routes(routes!(download_import_lines))
}

impl Imports {
    async fn find(&self, id: ImportId) -> ApiResult<Import> {
        sql::find(&self.records.reader(), id).await?.ok_or_else(|| Problem::unknown("import"))
    }

    async fn job(&self, import: &Import) -> ApiResult<Option<Job>> {
        Ok(match import.latest_job() {
            Some(job_id) => self.jobs.get(job_id).await?,
            None => None,
        })
    }

    /// The import, held until the transaction ends, and the job that works on it by then.
    async fn lock(&self, tx: &Tx, id: ImportId) -> ApiResult<(Import, Option<Job>)> {
        let import = sql::lock(tx, id).await?.ok_or_else(|| Problem::unknown("import"))?;
        let job = match import.latest_job() {
            Some(job_id) => Jobs::get_within(tx, job_id).await?,
            None => None,
        };
        Ok((import, job))
    }

    async fn view(&self, id: ImportId) -> ApiResult<Json<ImportView>> {
        let import = self.find(id).await?;
        let job = self.job(&import).await?;
        Ok(Json(ImportView::of(&import, job.as_ref(), self.intake.done.positions().backfill)))
    }

    fn started(&self, import: &Import) -> ApiResult<Opened> {
        let file = Opened::started(&self.folder, import, self.currency);
        file.ok_or_else(|| {
            Problem::conflict("import_not_started").detail("This import was not started yet.").hint("Start it first.")
        })
    }
}

/// Whether the reader prefers English; Japanese otherwise.
fn is_english(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|languages| languages.trim_start().starts_with("en"))
}

/// A file, and what it holds.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; the parts are read as they come")]
struct UploadForm {
    #[schema(value_type = FileKindView)]
    kind: String,
    /// CSV or TSV, as it is or as gzip or zstd.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Takes a file in. Nothing changes before its import is started.
#[utoipa::path(post, path = "/api/imports", tag = "imports", request_body(content = UploadForm, content_type = "multipart/form-data"), responses((status = 201, body = UploadedView)), security(("session" = ["imports.run"])))]
async fn upload_import(
    caller: Caller<ImportsRun>,
    State(imports): State<Imports>,
    request: Request,
) -> ApiResult<(StatusCode, Json<UploadedView>)> {
    let (headers, flow) = (request.headers().clone(), Flow::default());
    let form = Multipart::from_request(request.map(|body| flow.through(body)), &()).await;
    let form =
        form.map_err(|_| Problem::unsupported("not_multipart").detail("The file must come as multipart/form-data."))?;
    let (mut import, upload) = receive(&imports, form, &flow).await?;
    let preview = preview::preview(&imports, &import, None, is_english(&headers)).await?;
    let mut tx = imports.records.begin(&caller.actor(), "import.upload").await?;
    import.created_at = tx.began_at();
    sql::insert(&tx, &import).await?;
    tx.about(import.id, serde_json::json!({ "size_bytes": import.size_bytes }));
    tx.commit().await?;
    upload.keep();
    Ok((StatusCode::CREATED, Json(UploadedView { import_id: import.id.to_string(), preview })))
}

async fn receive(imports: &Imports, mut form: Multipart, flow: &Flow) -> ApiResult<(Import, Upload)> {
    let now = imports.clock.now();
    let id = ImportId::new(now);
    let (mut kind, mut file) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|error| upload::broken_off(&error))? {
        match field.name() {
            Some("kind") if kind.is_none() => kind = Some(read_kind(field).await?),
            Some("file") if file.is_none() => {
                let name: String = field
                    .file_name()
                    .unwrap_or("file")
                    .chars()
                    .filter(|letter| !letter.is_control())
                    .take(NAME_CHARACTERS_MAX)
                    .collect();
                file = Some((name, Upload::receive(file::path_of(&imports.folder, id), field, flow).await?));
            }
            _ => {
                return Err(Problem::unprocessable("upload_unfit")
                    .detail("The form has one `kind` and one `file`, and nothing else."));
            }
        }
    }
    let (Some(kind), Some((file_name, (upload, size_bytes)))) = (kind, file) else {
        return Err(Problem::unprocessable("upload_unfit").detail("The form needs a `kind` and a `file`."));
    };
    Ok((uploaded(id, kind, file_name, size_bytes, now), upload))
}

async fn read_kind(mut field: Field<'_>) -> ApiResult<FileKind> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| upload::broken_off(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > KIND_BYTES_MAX {
            break;
        }
    }
    match bytes.as_slice() {
        b"orders" => Ok(FileKind::Orders),
        b"customers" => Ok(FileKind::Customers),
        _ => Err(Problem::unprocessable("upload_unfit").detail("`kind` is `orders` or `customers`.")),
    }
}

/// An import that nobody has started yet.
pub(super) fn uploaded(
    id: ImportId,
    kind: FileKind,
    file_name: String,
    size_bytes: u64,
    now: vocabulary::Timestamp,
) -> Import {
    Import {
        id,
        kind,
        file_name,
        size_bytes,
        state: ImportState::Uploaded,
        mapping: None,
        options: None,
        job_id: None,
        runs: 0,
        classes: Vec::new(),
        lines: None,
        last_line: None,
        effect: None,
        error: None,
        journal_end: None,
        created_at: now,
        started_at: None,
        finished_at: None,
        undo_job_id: None,
        undone_at: None,
    }
}

/// Lists imports, the latest first.
#[utoipa::path(get, path = "/api/imports", tag = "imports", params(Paging), responses((status = 200, body = Page<ImportRowView>)), security(("session" = ["imports.run"])))]
async fn list_imports(
    _caller: Caller<ImportsRun>,
    State(imports): State<Imports>,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<Page<ImportRowView>>> {
    let before = paging.cursor.as_ref().map(Cursor::read).transpose()?;
    let found = sql::list(&imports.records.reader(), before, paging.limit.and_one()).await?;
    let mut rows = Vec::with_capacity(found.len());
    for import in found {
        let is_settled = import.undo_job_id.is_none() && import.state != ImportState::Running;
        let job = if is_settled { None } else { imports.job(&import).await? };
        rows.push((import, job));
    }
    let page = Page::cut(rows, paging.limit, |(import, _)| (import.created_at.micros(), import.id.uuid()));
    Ok(Json(page.map(|(import, job)| ImportRowView::of(&import, job.as_ref()))))
}

/// Shows an import: every line in its class, what it changed, and what is still on its way.
#[utoipa::path(get, path = "/api/imports/{id}", tag = "imports", params(("id" = String, Path, format = Uuid)), responses((status = 200, body = ImportView)), security(("session" = ["imports.run"])))]
async fn get_import(
    _caller: Caller<ImportsRun>,
    State(imports): State<Imports>,
    Path(id): Path<ImportId>,
) -> ApiResult<Json<ImportView>> {
    imports.view(id).await
}

/// Shows what would happen, with the mapping and options that were found.
#[utoipa::path(get, path = "/api/imports/{id}/preview", tag = "imports", params(("id" = String, Path, format = Uuid)), responses((status = 200, body = ImportPreviewView)), security(("session" = ["imports.run"])))]
async fn get_import_preview(
    _caller: Caller<ImportsRun>,
    State(imports): State<Imports>,
    Path(id): Path<ImportId>,
    headers: HeaderMap,
) -> ApiResult<Json<ImportPreviewView>> {
    let import = imports.find(id).await?;
    Ok(Json(preview::preview(&imports, &import, None, is_english(&headers)).await?))
}

/// Shows what would happen with another mapping or other options. Keeps nothing.
#[utoipa::path(post, path = "/api/imports/{id}/preview", tag = "imports", params(("id" = String, Path, format = Uuid)), request_body = ImportChoicesRequest, responses((status = 200, body = ImportPreviewView)), security(("session" = ["imports.run"])))]
async fn preview_import(
    _caller: Caller<ImportsRun>,
    State(imports): State<Imports>,
    Path(id): Path<ImportId>,
    headers: HeaderMap,
    Valid(request): Valid<ImportChoicesRequest>,
) -> ApiResult<Json<ImportPreviewView>> {
    let import = imports.find(id).await?;
    Ok(Json(preview::preview(&imports, &import, Some(request), is_english(&headers)).await?))
}

/// Starts an import, or begins again one that was stopped or failed.
#[utoipa::path(post, path = "/api/imports/{id}/start", tag = "imports", params(("id" = String, Path, format = Uuid)), request_body = ImportChoicesRequest, responses((status = 200, body = ImportView)), security(("session" = ["imports.run"])))]
async fn start_import(
    caller: Caller<ImportsRun>,
    State(imports): State<Imports>,
    Path(id): Path<ImportId>,
    headers: HeaderMap,
    Valid(request): Valid<ImportChoicesRequest>,
) -> ApiResult<Json<ImportView>> {
    let import = imports.find(id).await?;
    let inspection = preview::look(&imports, &import, is_english(&headers)).await?;
    let mapping = choices::mapped(&inspection, import.kind, &request.mapping)?;
    let missing = preview::missing(&mapping);
    if !missing.is_empty() {
        return Err(file_problem(&crate::files::FileError::MissingColumns { fields: missing }, is_english(&headers)));
    }
    request.options.check(&mapping, imports.currency)?;
    let mut tx = imports.records.begin(&caller.actor(), "import.start").await?;
    let (import, job) = imports.lock(&tx, id).await?;
    if !matches!(ImportRowView::of(&import, job.as_ref()).state, "uploaded" | "stopped" | "failed") {
        return Err(Problem::conflict("import_started").detail("This import was started already."));
    }
    let job_id =
        imports.jobs.enqueue_unique(&tx, IMPORT_RUN, &id.to_string(), &ImportInput { import_id: id }, None).await?;
    sql::start(&tx, id, &mapping, &request.options, job_id, imports.clock.now()).await?;
    tx.about(
        id,
        serde_json::json!({ "job_id": job_id, "consent": request.options.consent, "source": request.options.source }),
    );
    tx.commit().await?;
    imports.view(id).await
}

/// Stops an import. What was read so far stays.
#[utoipa::path(post, path = "/api/imports/{id}/stop", tag = "imports", params(("id" = String, Path, format = Uuid)), responses((status = 200, body = ImportView)), security(("session" = ["imports.run"])))]
async fn stop_import(
    caller: Caller<ImportsRun>,
    State(imports): State<Imports>,
    Path(id): Path<ImportId>,
) -> ApiResult<Json<ImportView>> {
    let import = imports.find(id).await?;
    if let Some(job_id) = import.job_id.filter(|_| import.state == ImportState::Running) {
        imports.jobs.cancel(&caller.actor(), job_id).await?;
    }
    imports.view(id).await
}

/// Takes an import back, as if its file had never been read. It cannot be started again: bring the file in anew.
#[utoipa::path(post, path = "/api/imports/{id}/undo", tag = "imports", params(("id" = String, Path, format = Uuid)), responses((status = 200, body = ImportView)), security(("session" = ["imports.run"])))]
async fn undo_import(
    caller: Caller<ImportsRun>,
    State(imports): State<Imports>,
    Path(id): Path<ImportId>,
) -> ApiResult<Json<ImportView>> {
    let mut tx = imports.records.begin(&caller.actor(), "import.undo").await?;
    let (import, job) = imports.lock(&tx, id).await?;
    if !matches!(ImportRowView::of(&import, job.as_ref()).state, "done" | "stopped" | "failed" | "undo_stopped") {
        return Err(Problem::conflict("import_not_ended")
            .detail("Only an import that has ended, and was not undone, can be undone.")
            .hint("Stop it first."));
    }
    let input = UndoInput { import_id: id };
    let job_id = imports.jobs.enqueue_unique(&tx, IMPORT_UNDO, &id.to_string(), &input, None).await?;
    sql::begin_undo(&tx, id, job_id).await?;
    tx.about(id, serde_json::json!({ "job_id": job_id }));
    tx.commit().await?;
    imports.view(id).await
}

/// Which lines.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LinesQuery {
    /// `purchase`, `no_customer`, `refund`, `free`, `adjustment`, `cancelled`, `customer` or `rejected`.
    class: Option<String>,
    /// Where the page begins; the start when missing.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    /// How many rows, 1 to 200.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
}

/// Lines of one class as they stand in the file.
#[utoipa::path(get, path = "/api/imports/{id}/lines", tag = "imports", params(("id" = String, Path, format = Uuid), LinesQuery), responses((status = 200, body = Page<ImportLineView>)), security(("session" = ["imports.run"])))]
async fn list_import_lines(
    _caller: Caller<ImportsRun>,
    State(imports): State<Imports>,
    Path(id): Path<ImportId>,
    Query(query): Query<LinesQuery>,
    headers: HeaderMap,
) -> ApiResult<Json<Page<ImportLineView>>> {
    let (import, class) = (imports.find(id).await?, checked_class(query.class)?);
    let after: u64 = query.cursor.as_ref().map(Cursor::read).transpose()?.unwrap_or(0);
    let (file, is_english) = (imports.started(&import)?, is_english(&headers));
    let rows = if class == REJECTED {
        let problems = sql::problems(&imports.records.reader(), id, after, query.limit.and_one()).await?;
        let view = |row: sql::ProblemRow| ImportLineView {
            line: row.line.unsigned_abs(),
            class: class.clone(),
            reason: Some(if is_english { row.sentence_en } else { row.sentence_ja }),
            raw: row.raw,
        };
        problems.into_iter().map(view).collect()
    } else {
        let wanted = Wanted { class, after, last: import.last_line.unwrap_or(0) };
        let rows_max = query.limit.rows() + 1;
        let read = tokio::task::spawn_blocking(move || first_lines(&file, &wanted, rows_max)).await;
        read.map_err(|error| Problem::from_cause(&error))?.map_err(|error| file_problem(&error, is_english))?
    };
    Ok(Json(Page::cut(rows, query.limit, |row| row.line)))
}

fn first_lines(
    file: &Opened,
    wanted: &Wanted,
    rows_max: usize,
) -> Result<Vec<ImportLineView>, crate::files::FileError> {
    let mut rows = Vec::with_capacity(rows_max);
    lines::each_row(file, wanted, |_, separator, row| {
        rows.push(ImportLineView {
            line: row.line(),
            class: wanted.class.clone(),
            reason: None,
            raw: lines::joined(row, separator),
        });
        rows.len() < rows_max
    })?;
    Ok(rows)
}

fn checked_class(class: Option<String>) -> ApiResult<String> {
    let class = class.unwrap_or_else(|| REJECTED.to_owned());
    let is_known = LINE_CLASSES.contains(&class.as_str()) || [REJECTED, CUSTOMER].contains(&class.as_str());
    if is_known {
        Ok(class)
    } else {
        Err(Problem::unprocessable("class_unknown").detail("There is no such class of lines."))
    }
}

/// Which lines.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DownloadQuery {
    /// `purchase`, `no_customer`, `refund`, `free`, `adjustment`, `cancelled`, `customer` or `rejected`.
    class: Option<String>,
}

/// Saves the lines of one class as CSV, with the columns of the file; those that were not taken with why.
#[utoipa::path(get, path = "/api/imports/{id}/lines.csv", tag = "imports", params(("id" = String, Path, format = Uuid), DownloadQuery), responses((status = 200, body = String, content_type = "text/csv")), security(("session" = ["imports.run"])))]
async fn download_import_lines(
    caller: Caller<ImportsRun>,
    State(imports): State<Imports>,
    Path(id): Path<ImportId>,
    Query(query): Query<DownloadQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let (import, class) = (imports.find(id).await?, checked_class(query.class)?);
    let (file, is_english) = (imports.started(&import)?, is_english(&headers));
    let problems = if class == REJECTED {
        Some(sql::problems(&imports.records.reader(), id, 0, PROBLEMS_MAX).await?)
    } else {
        None
    };
    let mut tx = imports.records.begin(&caller.actor(), "import.download").await?;
    tx.about(id, serde_json::json!({ "class": class }));
    tx.commit().await?;
    let name = format!("attachment; filename=\"import-{class}.csv\"");
    let (sender, mut chunks) = mpsc::channel(CHUNKS_AHEAD);
    let wanted = Wanted { class, after: 0, last: import.last_line.unwrap_or(0) };
    tokio::task::spawn_blocking(move || match problems {
        Some(problems) => lines::write_problems(&problems, is_english, CsvSender::new(sender)),
        None => lines::write_rows(&file, &wanted, CsvSender::new(sender)),
    });
    let body = Body::from_stream(futures::stream::poll_fn(move |context| chunks.poll_recv(context)));
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}
