//! One consistent view: every table at the same position, with the engine's session over it.

use crate::failure::engine;
use crate::options::Options;
use crate::pinned_table::{PinnedTable, STORE_URL};
use crate::stored::Stored;
use crate::tail::{TableTail, Tails};
use datafusion::catalog::TableProvider;
use datafusion::datasource::ViewTable;
use datafusion::datasource::provider_as_source;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::{JoinType, LogicalPlanBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use deltalake::logstore::object_store::local::LocalFileSystem;
use history::{HistoryError, Positions};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use url::Url;

/// What all sessions share: memory, caches, threads.
pub(crate) struct Engine {
    runtime: Arc<RuntimeEnv>,
    config: SessionConfig,
}

impl Engine {
    pub(crate) fn new(folder: &Path, options: &Options) -> Result<Self, HistoryError> {
        let mut builder = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(options.memory_bytes_max)))
            .with_max_temp_directory_size(options.spill_bytes_max);
        if let Some(spill) = &options.spill_folder {
            builder = builder.with_temp_file_path(spill);
        }
        let runtime = builder.build_arc().map_err(engine)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(engine)?;
        runtime.register_object_store(&Url::parse(STORE_URL).map_err(engine)?, Arc::new(store));
        Ok(Self { runtime, config: config(options) })
    }

    /// A session without tables.
    pub(crate) fn session(&self) -> SessionContext {
        let state = SessionStateBuilder::new()
            .with_config(self.config.clone())
            .with_runtime_env(self.runtime.clone())
            .with_default_features()
            // No function that makes a table out of nothing: a question reads tables only.
            .with_table_function_list(Vec::new())
            .build();
        let session = SessionContext::new_with_state(state);
        // A few letters would make gigabytes of these, outside of what the pool of memory counts.
        for name in ["repeat", "lpad", "rpad"] {
            session.deregister_udf(name);
        }
        session
    }
}

fn config(options: &Options) -> SessionConfig {
    let mut config = SessionConfig::new().with_target_partitions(options.cores.max(1)).with_information_schema(false);
    let execution = &mut config.options_mut().execution;
    execution.parquet.pushdown_filters = true;
    execution.parquet.reorder_filters = true;
    execution.collect_statistics = true;
    config
}

/// All tables at one position. Cheap to hold; a question keeps the one that it began with.
pub(crate) struct Snapshot {
    positions: Positions,
    tables: [TableTail; 4],
    session: OnceLock<SessionContext>,
}

impl Snapshot {
    pub(crate) fn of(tails: &Tails) -> Self {
        Self { positions: tails.appended(), tables: tails.tables().clone(), session: OnceLock::new() }
    }

    pub(crate) fn positions(&self) -> Positions {
        self.positions
    }

    /// The session over this view, made at the first question.
    pub(crate) fn session(&self, shared: &Engine) -> Result<&SessionContext, HistoryError> {
        if let Some(session) = self.session.get() {
            return Ok(session);
        }
        let session = shared.session();
        for table in [Stored::Orders, Stored::OrderLines, Stored::Events] {
            let provider = self.visible(table)?;
            session.register_table(table.name(), provider).map_err(engine)?;
        }
        Ok(self.session.get_or_init(|| session))
    }

    fn visible(&self, table: Stored) -> Result<Arc<dyn TableProvider>, HistoryError> {
        let rows = self.stored(table);
        if table.has_versions() && self.has_superseded() {
            return without_superseded(rows, self.stored(Stored::Superseded));
        }
        Ok(rows)
    }

    fn stored(&self, table: Stored) -> Arc<dyn TableProvider> {
        let tail = &self.tables[table.index()];
        Arc::new(PinnedTable::new(tail.files.clone(), tail.batches.clone()))
    }

    fn has_superseded(&self) -> bool {
        let tail = &self.tables[Stored::Superseded.index()];
        !tail.batches.is_empty() || tail.files.row_count() != Some(0)
    }
}

/// The rows of `stored` whose version is not in `superseded`. The short list stands on the side
/// that the join keeps in memory.
pub(crate) fn without_superseded(
    stored: Arc<dyn TableProvider>,
    superseded: Arc<dyn TableProvider>,
) -> Result<Arc<dyn TableProvider>, HistoryError> {
    let rows = LogicalPlanBuilder::scan("stored", provider_as_source(stored), None)
        .and_then(LogicalPlanBuilder::build)
        .map_err(engine)?;
    let on = (vec!["superseded.order_id", "superseded.version"], vec!["stored.order_id", "stored.version"]);
    let plan = LogicalPlanBuilder::scan("superseded", provider_as_source(superseded), None)
        .and_then(|short| short.join(rows, JoinType::RightAnti, on, None))
        .and_then(LogicalPlanBuilder::build)
        .map_err(engine)?;
    Ok(Arc::new(ViewTable::new(plan, None)))
}
