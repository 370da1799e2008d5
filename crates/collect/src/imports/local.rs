//! A file that lies on this machine, brought in by a command: the same rows, the same job and the same account as when
//! it comes through the browser. Whoever holds the data folder does the work.

use super::{
    Effect, Imported,
    api::uploaded,
    choices::{self, ImportOptionsView, MappingView},
    effect::EffectCounter,
    file::{self, Opened},
    job::{IMPORT_RUN, ImportInput},
    preview,
    run::{self, ImportError},
    sql::{self, ProblemRow},
    view::ImportRowView,
};
use crate::files::{Encoding, Field, FileError, FileKind, Inspection, Mapping, Watch};
use access::{ApiResult, Problem};
use jobs::{Job, Jobs};
use records::{Actor, Records};
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;
use vocabulary::{Currency, SharedClock, Zone, id::ImportId};

/// What bringing in a file from this machine needs.
#[derive(Clone)]
pub struct LocalImports {
    /// The records.
    pub records: Records,
    /// Background work.
    pub jobs: Jobs,
    /// The shop's clock.
    pub clock: SharedClock,
    /// The shop's zone.
    pub zone: Zone,
    /// The currency of reports.
    pub currency: Currency,
    /// Where the files of imports lie.
    pub folder: PathBuf,
}

/// A file that was looked at, and what is to be done with it.
pub struct LocalFile {
    path: PathBuf,
    kind: FileKind,
    inspection: Inspection,
    columns: MappingView,
    /// How it is to be understood.
    pub options: ImportOptionsView,
}

/// What would happen.
pub struct Trial {
    /// The account, as an import gives it.
    pub imported: Imported,
    /// The first rows as they will become, each with its line, its fields and its class.
    pub rows: serde_json::Value,
}

/// How an import stands.
pub struct Standing {
    /// `uploaded`, `running`, `stopped`, `done` or `failed`.
    pub state: &'static str,
    /// Lines by class, once they are counted.
    pub classes: Vec<(String, u64)>,
    /// All lines.
    pub lines: Option<u64>,
    /// What it changed, where that is known.
    pub effect: Option<Effect>,
    /// Why it failed.
    pub error: Option<String>,
    /// The end of the backfill lane when its last event was in.
    pub journal_end: Option<u64>,
    /// Its job: how far it is.
    pub job: Option<Job>,
}

impl LocalFile {
    /// How the file is written: encoding, separator, packing, and the known layout.
    pub fn description(&self) -> String {
        let separator = match self.inspection.separator {
            '\t' => "tabs".to_owned(),
            other => format!("`{other}`"),
        };
        let packing = match self.inspection.compression.name() {
            "none" => String::new(),
            name => format!(", packed with {name}"),
        };
        let layout =
            self.inspection.proposal.preset.map_or_else(String::new, |preset| format!(", layout of {}", preset.name));
        format!("{}, separated by {separator}{packing}{layout}", self.inspection.encoding.name())
    }

    /// The columns in the order of the file, and the field that each goes to.
    pub fn columns(&self) -> Vec<(&str, Option<Field>)> {
        let field = |index: usize| {
            let name = self.columns.get(&index.to_string())?.as_deref()?;
            Field::ALL.iter().copied().find(|field| field.name() == name)
        };
        self.inspection.header.iter().enumerate().map(|(index, name)| (name.as_str(), field(index))).collect()
    }

    /// Sends a column to a field, both by name; an empty field leaves the column out.
    pub fn map(&mut self, column: &str, field: &str) -> ApiResult<()> {
        let unfit = |sentence: String| Problem::unprocessable("import_mapping_unfit").detail(sentence);
        let place = self.inspection.header.iter().position(|name| name.trim() == column.trim());
        let place = place.ok_or_else(|| {
            unfit(format!("There is no column `{column}`; there are {}.", self.inspection.header.join(", ")))
        })?;
        let field = match field.trim() {
            "" => None,
            name => Some(self.field(name).ok_or_else(|| {
                unfit(format!("There is no field `{name}`; there are {}.", self.fields().join(", ")))
            })?),
        };
        if let Some(field) = field {
            // A person's word moves the field from the column that it was thought to stand in.
            self.columns.values_mut().filter(|kept| kept.as_deref() == Some(field)).for_each(|kept| *kept = None);
        }
        self.columns.insert(place.to_string(), field.map(str::to_owned));
        Ok(())
    }

    fn field(&self, name: &str) -> Option<&'static str> {
        let mut fields = Field::ALL.iter().copied().filter(|field| field.belongs_to(self.kind));
        fields.find(|field| [field.name(), field.label_en(), field.label_ja()].contains(&name)).map(Field::name)
    }

    /// The names of the fields that such a file may hold.
    pub fn fields(&self) -> Vec<&'static str> {
        Field::ALL.iter().copied().filter(|field| field.belongs_to(self.kind)).map(Field::name).collect()
    }

    fn checked(&self, reporting: Currency) -> ApiResult<Mapping> {
        let mapping = choices::mapped(&self.inspection, self.kind, &self.columns)?;
        let missing = preview::missing(&mapping);
        if !missing.is_empty() {
            return Err(preview::file_problem(&FileError::MissingColumns { fields: missing }, true));
        }
        self.options.check(&mapping, reporting)?;
        Ok(mapping)
    }
}

impl LocalImports {
    /// Looks at the beginning of a file and proposes how it is to be understood.
    pub async fn look(&self, path: &Path, kind: FileKind, encoding: Option<Encoding>) -> ApiResult<LocalFile> {
        let looked = path.to_owned();
        let inspection = tokio::task::spawn_blocking(move || file::look(&looked, kind, encoding))
            .await
            .map_err(|error| Problem::from_cause(&error))?
            .map_err(|error| preview::file_problem(&error, true))?;
        let mut options =
            ImportOptionsView::propose(&self.records.reader(), &inspection, self.currency, self.zone).await?;
        options.encoding = encoding.map(|encoding| encoding.code().to_owned());
        let columns = inspection.proposal.mapping.columns.iter().enumerate();
        let columns =
            columns.map(|(index, column)| (index.to_string(), column.field.map(|field| field.name().to_owned())));
        Ok(LocalFile { path: path.to_owned(), kind, columns: columns.collect(), inspection, options })
    }

    /// Reads the whole file and tells what would happen. Changes nothing.
    pub async fn try_out(&self, local: LocalFile) -> ApiResult<Trial> {
        let mapping = local.checked(self.currency)?;
        let now = self.clock.now();
        let file = Opened {
            path: local.path.clone(),
            mapping,
            options: local.options.read(ImportId::new(now), self.currency, now),
            encoding: local.options.encoding(),
        };
        let reader = self.records.reader();
        let tried = tokio::task::spawn_blocking(move || -> Result<Trial, ImportError> {
            let rows = preview::first_rows(&file, &local.inspection, true)?;
            let read = file.read();
            let (mapping, options) = (&file.mapping, &file.options);
            let effect = Some(EffectCounter::new(reader, options.import_id, &options.source, options.now));
            let source = file.source()?;
            let job = run::Job { source, mapping, read: &read, options, journal: None, effect, notes: None };
            let imported = run::run(job, Watch::default())?;
            Ok(Trial { imported, rows: serde_json::to_value(rows).unwrap_or_default() })
        });
        match tried.await.map_err(|error| Problem::from_cause(&error))? {
            Ok(trial) => Ok(trial),
            Err(ImportError::File(error)) => Err(preview::file_problem(&error, true)),
            Err(ImportError::Records(error)) => Err(error.into()),
            // A trial has no journal and holds no place that another could take.
            Err(error @ (ImportError::Journal(_) | ImportError::Replaced)) => Err(Problem::from_cause(&error)),
        }
    }

    /// Takes the file over and queues its import.
    pub async fn start(&self, actor: &Actor, local: &LocalFile) -> ApiResult<ImportId> {
        let mapping = local.checked(self.currency)?;
        let now = self.clock.now();
        let id = ImportId::new(now);
        let size_bytes = self.take_over(&local.path, id).await?;
        let name = local.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let import = uploaded(id, local.kind, name, size_bytes, now);
        let mut tx = self.records.begin(actor, "import.start").await?;
        let import = sql::Import { created_at: tx.began_at(), ..import };
        sql::insert(&tx, &import).await?;
        let job_id =
            self.jobs.enqueue_unique(&tx, IMPORT_RUN, &id.to_string(), &ImportInput { import_id: id }, None).await?;
        sql::start(&tx, id, &mapping, &local.options, job_id, now).await?;
        let detail =
            serde_json::json!({ "job_id": job_id, "consent": local.options.consent, "source": local.options.source });
        tx.about(id, detail);
        tx.commit().await?;
        Ok(id)
    }

    /// The file is read again for its lines later on, so a copy is kept.
    async fn take_over(&self, path: &Path, id: ImportId) -> ApiResult<u64> {
        let target = file::path_of(&self.folder, id);
        let copy = async {
            tokio::fs::create_dir_all(&self.folder).await?;
            let mut to = tokio::fs::File::create_new(&target).await?;
            let size = tokio::io::copy(&mut tokio::fs::File::open(path).await?, &mut to).await?;
            to.flush().await?;
            to.sync_all().await?;
            std::io::Result::Ok(size)
        };
        match copy.await {
            Ok(size) => Ok(size),
            Err(error) => {
                let _ = tokio::fs::remove_file(&target).await;
                Err(Problem::from_cause(&error))
            }
        }
    }

    /// How an import stands; nothing when there is no such one.
    pub async fn standing(&self, id: ImportId) -> ApiResult<Option<Standing>> {
        let Some(import) = sql::find(&self.records.reader(), id).await? else { return Ok(None) };
        let job = match import.job_id {
            Some(job_id) => self.jobs.get(job_id).await?,
            None => None,
        };
        let state = ImportRowView::of(&import, job.as_ref()).state;
        let error = import.error.or_else(|| job.as_ref().and_then(|job| job.error.clone()));
        let (classes, lines, effect, journal_end) = (import.classes, import.lines, import.effect, import.journal_end);
        Ok(Some(Standing { state, classes, lines, effect, error, journal_end, job }))
    }

    /// The first lines that were not taken, and why.
    pub async fn problems(&self, id: ImportId, rows: i64) -> ApiResult<Vec<ProblemRow>> {
        Ok(sql::problems(&self.records.reader(), id, 0, rows).await?)
    }

    /// Asks an import to stop; what was read stays.
    pub async fn stop(&self, actor: &Actor, id: ImportId) -> ApiResult<()> {
        if let Some(job_id) = sql::find(&self.records.reader(), id).await?.and_then(|import| import.job_id) {
            self.jobs.cancel(actor, job_id).await?;
        }
        Ok(())
    }
}
