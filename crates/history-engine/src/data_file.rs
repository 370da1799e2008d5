//! What is known of a file of a table without opening it: its month, rows and ranges.

use crate::stored::{MONTH, Stored};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::{max, min};
use arrow::datatypes::{DataType, Int32Type, Int64Type};
use deltalake::kernel::{Add, LogicalFileView, Remove};
use history::Positions;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Smallest and largest value of a column of whole numbers within a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) min: i64,
    pub(crate) max: i64,
    pub(crate) empty_count: usize,
}

/// One file of a table at one of its versions.
#[derive(Debug, Clone)]
pub(crate) struct DataFile {
    /// Below the table's folder.
    pub(crate) path: String,
    pub(crate) size: u64,
    pub(crate) month: Option<String>,
    pub(crate) modified_ms: i64,
    pub(crate) rows: Option<usize>,
    pub(crate) ranges: HashMap<String, Range>,
}

/// The files of a table at one version, and what they hold.
#[derive(Debug, Clone)]
pub(crate) struct PinnedFiles {
    pub(crate) table: Stored,
    pub(crate) version: u64,
    pub(crate) positions: Positions,
    pub(crate) files: Vec<DataFile>,
}

impl PinnedFiles {
    pub(crate) fn row_count(&self) -> Option<usize> {
        self.files.iter().map(|file| file.rows).sum()
    }
}

impl DataFile {
    pub(crate) fn from_log(view: &LogicalFileView) -> Self {
        let stats: Value = view.stats().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Self {
            path: view.path().into_owned(),
            size: u64::try_from(view.size()).unwrap_or(0),
            month: view.partition_values_map().remove(MONTH).flatten(),
            modified_ms: view.modification_time(),
            rows: stats["numRecords"].as_u64().and_then(|rows| usize::try_from(rows).ok()),
            ranges: ranges_of(&stats),
        }
    }

    fn partition_values(&self) -> HashMap<String, Option<String>> {
        self.month.iter().map(|month| (MONTH.to_owned(), Some(month.clone()))).collect()
    }

    pub(crate) fn to_add(&self, data_change: bool) -> Add {
        Add {
            path: self.path.clone(),
            partition_values: self.partition_values(),
            size: i64::try_from(self.size).unwrap_or(i64::MAX),
            modification_time: self.modified_ms,
            data_change,
            stats: Some(self.stats_json()),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
            clustering_provider: None,
        }
    }

    pub(crate) fn to_remove(&self, data_change: bool, now_ms: i64) -> Remove {
        Remove {
            path: self.path.clone(),
            data_change,
            deletion_timestamp: Some(now_ms),
            extended_file_metadata: Some(true),
            partition_values: Some(self.partition_values()),
            size: Some(i64::try_from(self.size).unwrap_or(i64::MAX)),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
        }
    }

    fn stats_json(&self) -> String {
        let pick = |value: fn(&Range) -> Value| -> Map<String, Value> {
            self.ranges.iter().map(|(name, range)| (name.clone(), value(range))).collect()
        };
        json!({
            "numRecords": self.rows,
            "minValues": pick(|range| range.min.into()),
            "maxValues": pick(|range| range.max.into()),
            "nullCount": pick(|range| range.empty_count.into()),
        })
        .to_string()
    }
}

fn ranges_of(stats: &Value) -> HashMap<String, Range> {
    let smallest = stats["minValues"].as_object();
    smallest
        .into_iter()
        .flatten()
        .filter_map(|(name, min)| {
            let range = Range {
                min: min.as_i64()?,
                max: stats["maxValues"][name].as_i64()?,
                empty_count: usize::try_from(stats["nullCount"][name].as_u64()?).ok()?,
            };
            Some((name.clone(), range))
        })
        .collect()
}

/// Collects rows and ranges while a file is written.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) rows: usize,
    pub(crate) ranges: HashMap<String, Range>,
}

impl Collected {
    pub(crate) fn add(&mut self, batch: &RecordBatch) {
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            if let Some((low, high)) = bounds(column.as_ref()) {
                self.widen(field.name(), low, high, column.null_count());
            } else if let Some(range) = self.ranges.get_mut(field.name()) {
                range.empty_count += column.null_count();
            }
        }
        self.rows += batch.num_rows();
    }

    fn widen(&mut self, name: &str, low: i64, high: i64, empty: usize) {
        // Where a column has no range yet, all rows before were empty.
        let rows_before = self.rows;
        match self.ranges.get_mut(name) {
            Some(range) => {
                range.min = range.min.min(low);
                range.max = range.max.max(high);
                range.empty_count += empty;
            }
            None => {
                self.ranges.insert(name.to_owned(), Range { min: low, max: high, empty_count: rows_before + empty });
            }
        }
    }
}

fn bounds(column: &dyn Array) -> Option<(i64, i64)> {
    match column.data_type() {
        DataType::Int64 => {
            let values = column.as_primitive::<Int64Type>();
            Some((min(values)?, max(values)?))
        }
        DataType::Int32 => {
            let values = column.as_primitive::<Int32Type>();
            Some((min(values)?.into(), max(values)?.into()))
        }
        _ => None,
    }
}
