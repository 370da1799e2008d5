//! Sorted rows become Parquet files, one or more a month, synced before anything names them.

use crate::data_file::{Collected, DataFile};
use crate::durable_store::sync_folder;
use crate::failure::storage_error;
use crate::stored::{MONTH, Stored};
use arrow::array::{AsArray, RecordBatch};
use arrow::compute::{SortColumn, SortOptions, concat_batches, lexsort_to_indices, take_record_batch};
use history::HistoryError;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Rows of a row group: small enough that two cores share a month, large enough to compress.
const ROW_GROUP_ROWS: usize = 262_144;
/// Rows handed to the writer at once.
const SLICE_ROWS: usize = 32_768;

/// Where new files of a table go and how they are called.
#[derive(Debug, Clone)]
pub(crate) struct Destination {
    pub(crate) table: Stored,
    /// The table's folder.
    pub(crate) folder: PathBuf,
    /// Beginning of the files' names; never used for two commits.
    pub(crate) prefix: String,
    pub(crate) now_ms: i64,
}

/// Sorts the rows and writes one file for each month.
pub(crate) fn write_sorted(destination: &Destination, batches: &[RecordBatch]) -> Result<Vec<DataFile>, HistoryError> {
    let table = destination.table;
    let rows = concat_batches(&table.schema(), batches).map_err(storage_error("gathered rows"))?;
    let sorted = sort(table, &rows).map_err(storage_error("sorted rows"))?;
    drop(rows);
    let mut files = Vec::new();
    for (month, range) in months(table, &sorted) {
        let mut file = FileWriter::create(destination, month, files.len())?;
        file.write(&sorted.slice(range.start, range.len()))?;
        files.push(file.finish()?);
    }
    Ok(files)
}

fn sort(table: Stored, rows: &RecordBatch) -> Result<RecordBatch, arrow::error::ArrowError> {
    let partition = table.is_partitioned().then_some(MONTH);
    let names = partition.iter().chain(table.sort_columns());
    let columns = names
        .filter_map(|name| rows.column_by_name(name))
        .map(|values| SortColumn { values: values.clone(), options: Some(SortOptions::default()) })
        .collect::<Vec<_>>();
    let order = lexsort_to_indices(&columns, None)?;
    take_record_batch(rows, &order)
}

/// The stretches of rows that share a month.
fn months(table: Stored, sorted: &RecordBatch) -> Vec<(Option<String>, Range<usize>)> {
    let whole = 0..sorted.num_rows();
    let Some(column) = sorted.column_by_name(MONTH).filter(|_| table.is_partitioned()) else {
        return vec![(None, whole)];
    };
    let months = column.as_string_view();
    let mut stretches = Vec::new();
    let mut start = 0;
    for row in 1..=sorted.num_rows() {
        if row == sorted.num_rows() || months.value(row) != months.value(start) {
            stretches.push((Some(months.value(start).to_owned()), start..row));
            start = row;
        }
    }
    stretches
}

/// One file being written.
pub(crate) struct FileWriter {
    writer: ArrowWriter<File>,
    path: PathBuf,
    file: DataFile,
    collected: Collected,
    inside: Vec<usize>,
}

impl FileWriter {
    pub(crate) fn create(
        destination: &Destination,
        month: Option<String>,
        number: usize,
    ) -> Result<Self, HistoryError> {
        let name = format!("{}-{number:03}.zstd.parquet", destination.prefix);
        let relative = month.as_ref().map_or(name.clone(), |month| format!("{MONTH}={month}/{name}"));
        let path = destination.folder.join(&relative);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(storage_error("made a folder"))?;
        }
        let file = File::create(&path).map_err(storage_error("made a file"))?;
        let schema = destination.table.file_schema();
        let inside = (0..schema.fields().len()).collect();
        let options =
            ArrowWriterOptions::new().with_properties(properties(destination.table)).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(file, schema, options).map_err(storage_error("made a file"))?;
        let file = DataFile {
            path: relative,
            size: 0,
            month,
            modified_ms: destination.now_ms,
            rows: None,
            ranges: Default::default(),
        };
        Ok(Self { writer, path, file, collected: Collected::default(), inside })
    }

    /// Adds rows; the month's column stays outside.
    pub(crate) fn write(&mut self, rows: &RecordBatch) -> Result<(), HistoryError> {
        let rows = rows.project(&self.inside).map_err(storage_error("wrote rows"))?;
        self.collected.add(&rows);
        for start in (0..rows.num_rows()).step_by(SLICE_ROWS) {
            let slice = rows.slice(start, SLICE_ROWS.min(rows.num_rows() - start));
            self.writer.write(&slice).map_err(storage_error("wrote rows"))?;
        }
        Ok(())
    }

    /// Bytes so far, counting what is still in memory.
    pub(crate) fn size(&self) -> u64 {
        (self.writer.bytes_written() + self.writer.in_progress_size()) as u64
    }

    /// Ends the file and makes it and its name durable.
    pub(crate) fn finish(mut self) -> Result<DataFile, HistoryError> {
        let file = self.writer.into_inner().map_err(storage_error("ended a file"))?;
        file.sync_all().map_err(storage_error("synced a file"))?;
        self.file.size = file.metadata().map_err(storage_error("ended a file"))?.len();
        let month_folder = self.path.parent();
        // The month's folder may be new, so its own name is synced too.
        for folder in [month_folder, month_folder.and_then(Path::parent)].into_iter().flatten() {
            sync_folder(folder).map_err(storage_error("synced a folder"))?;
        }
        self.file.rows = Some(self.collected.rows);
        self.file.ranges = self.collected.ranges;
        Ok(self.file)
    }
}

fn properties(table: Stored) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Page);
    for column in table.columns().iter().filter(|column| column.is_free_text) {
        builder = builder.set_column_statistics_enabled(column.name.into(), EnabledStatistics::None);
    }
    builder.build()
}
