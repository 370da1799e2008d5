//! A table as the query engine sees it: the files of one version, and the rows not yet written.

use crate::data_file::{DataFile, PinnedFiles, Range};
use crate::stored::{MONTH, Stored};
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, ScalarValue, Statistics};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::union::UnionExec;
use std::sync::Arc;

/// Where the engine finds the files; the root of the store is the history's folder.
pub(crate) const STORE_URL: &str = "history://tables/";

#[derive(Debug)]
pub(crate) struct PinnedTable {
    schema: SchemaRef,
    files: Arc<PinnedFiles>,
    /// The files to read, when not all of them.
    chosen: Option<Vec<DataFile>>,
    tail: Vec<RecordBatch>,
}

impl PinnedTable {
    /// All files and the rows that wait.
    pub(crate) fn new(files: Arc<PinnedFiles>, tail: Vec<RecordBatch>) -> Self {
        Self { schema: files.table.schema(), files, chosen: None, tail }
    }

    /// Only some of the files.
    pub(crate) fn some(files: Arc<PinnedFiles>, chosen: Vec<DataFile>) -> Self {
        Self { schema: files.table.schema(), files, chosen: Some(chosen), tail: Vec::new() }
    }

    fn read_files(&self) -> &[DataFile] {
        self.chosen.as_deref().unwrap_or(&self.files.files)
    }

    fn scan_files(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let table = self.files.table;
        let url = ObjectStoreUrl::parse(STORE_URL)?;
        let runtime = session.runtime_env();
        let readers = CachedParquetFileReaderFactory::new(
            runtime.object_store(&url)?,
            runtime.cache_manager.get_file_metadata_cache(),
        );
        let partitions = table.is_partitioned().then(|| Arc::new(Field::new(MONTH, DataType::Utf8View, false)));
        let schema = TableSchema::builder(table.file_schema())
            .with_table_partition_cols(partitions.into_iter().collect::<Vec<_>>())
            .build();
        let source = ParquetSource::new(schema)
            .with_table_parquet_options(session.table_options().parquet.clone())
            .with_parquet_file_reader_factory(Arc::new(readers))
            .with_pushdown_filters(true)
            .with_reorder_filters(true);
        let scan = FileScanConfigBuilder::new(url, Arc::new(source))
            .with_file_groups(self.groups(session.config().target_partitions()))
            .with_statistics(self.statistics())
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(scan))
    }

    /// Shares the files out, the largest first, so that all cores end at about the same time.
    fn groups(&self, partitions: usize) -> Vec<FileGroup> {
        let mut files: Vec<&DataFile> = self.read_files().iter().collect();
        files.sort_by_key(|file| std::cmp::Reverse(file.size));
        let mut groups = vec![(0_u64, Vec::new()); partitions.clamp(1, files.len().max(1))];
        for file in files {
            if let Some((size, group)) = groups.iter_mut().min_by_key(|(size, _)| *size) {
                *size += file.size;
                group.push(self.partitioned_file(file));
            }
        }
        groups.into_iter().map(|(_, files)| FileGroup::new(files)).collect()
    }

    fn partitioned_file(&self, file: &DataFile) -> PartitionedFile {
        let path = format!("{}/{}", self.files.table.name(), file.path);
        let mut part = PartitionedFile::new(path, file.size);
        if let Some(modified) = chrono::DateTime::from_timestamp_millis(file.modified_ms) {
            part.object_meta.last_modified = modified;
        }
        if self.files.table.is_partitioned() {
            part.partition_values = vec![ScalarValue::Utf8View(file.month.clone())];
        }
        part.with_statistics(Arc::new(file_statistics(self.files.table, file)))
    }

    fn statistics(&self) -> Statistics {
        let mut statistics = Statistics::new_unknown(&self.schema);
        let files = self.read_files();
        if let Some(rows) = files.iter().map(|file| file.rows).sum() {
            statistics.num_rows = Precision::Exact(rows);
        }
        let bytes: u64 = files.iter().map(|file| file.size).sum();
        statistics.total_byte_size = Precision::Inexact(usize::try_from(bytes).unwrap_or(usize::MAX));
        statistics
    }
}

fn file_statistics(table: Stored, file: &DataFile) -> Statistics {
    let schema = table.file_schema();
    let mut statistics = Statistics::new_unknown(&schema);
    if let Some(rows) = file.rows {
        statistics.num_rows = Precision::Exact(rows);
    }
    for (field, column) in schema.fields().iter().zip(&mut statistics.column_statistics) {
        if let Some(range) = file.ranges.get(field.name()) {
            *column = column_statistics(range, field.data_type());
        }
    }
    statistics
}

fn column_statistics(range: &Range, data_type: &DataType) -> ColumnStatistics {
    let scalar = |value: i64| match data_type {
        DataType::Int32 => ScalarValue::Int32(i32::try_from(value).ok()),
        _ => ScalarValue::Int64(Some(value)),
    };
    ColumnStatistics {
        null_count: Precision::Exact(range.empty_count),
        min_value: Precision::Exact(scalar(range.min)),
        max_value: Precision::Exact(scalar(range.max)),
        ..ColumnStatistics::new_unknown()
    }
}

#[async_trait]
impl TableProvider for PinnedTable {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let mut parts = Vec::new();
        if !self.read_files().is_empty() {
            parts.push(self.scan_files(session, projection, limit)?);
        }
        if !self.tail.is_empty() {
            let tail = [self.tail.clone()];
            let part: Arc<dyn ExecutionPlan> =
                MemorySourceConfig::try_new_exec(&tail, self.schema.clone(), projection.cloned())?;
            parts.push(part);
        }
        match parts.len() {
            0 => {
                let schema = arrow::datatypes::SchemaRef::clone(&self.schema);
                let schema = match projection {
                    Some(columns) => Arc::new(schema.project(columns)?),
                    None => schema,
                };
                Ok(Arc::new(EmptyExec::new(schema)))
            }
            1 => Ok(parts.swap_remove(0)),
            _ => UnionExec::try_new(parts),
        }
    }
}
