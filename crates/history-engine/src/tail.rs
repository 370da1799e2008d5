//! Rows that are taken in but not yet written, and how far each table's files reach.

use crate::batches;
use crate::data_file::PinnedFiles;
use crate::failure::engine;
use crate::stored::Stored;
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use history::{Append, HistoryError, Lane, Placed, Positions};
use std::sync::Arc;

/// Small batches are joined until they have this many rows.
const JOINED_ROWS: usize = 8_192;

/// One table's files and its waiting rows.
#[derive(Debug, Clone)]
pub(crate) struct TableTail {
    pub(crate) files: Arc<PinnedFiles>,
    /// Up to where the files reach.
    pub(crate) committed: Positions,
    pub(crate) batches: Vec<RecordBatch>,
    /// How many of the first batches are being written right now.
    pub(crate) frozen: usize,
}

/// What a flush writes for one table.
pub(crate) struct Frozen {
    pub(crate) batches: Vec<RecordBatch>,
    pub(crate) positions: Positions,
}

/// All tables, and the position that their rows together have reached.
#[derive(Debug)]
pub(crate) struct Tails {
    tables: [TableTail; 4],
    appended: Positions,
}

impl TableTail {
    pub(crate) fn new(files: PinnedFiles) -> Self {
        Self { committed: files.positions, files: Arc::new(files), batches: Vec::new(), frozen: 0 }
    }

    fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn push(&mut self, batch: RecordBatch) -> Result<(), HistoryError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        self.batches.push(batch);
        while self.batches.len() >= self.frozen + 2 {
            let [.., before, last] = self.batches.as_slice() else { break };
            if before.num_rows() >= JOINED_ROWS || before.num_rows() > 2 * last.num_rows() {
                break;
            }
            let joined = concat_batches(&before.schema(), [before, last]).map_err(engine)?;
            self.batches.truncate(self.batches.len() - 2);
            self.batches.push(joined);
        }
        Ok(())
    }
}

impl Tails {
    pub(crate) fn new(tables: [TableTail; 4]) -> Self {
        let committed = tables.iter().map(|table| table.committed);
        let appended = committed.reduce(Positions::lower).unwrap_or_default();
        Self { tables, appended }
    }

    /// Up to where rows are taken in.
    pub(crate) fn appended(&self) -> Positions {
        self.appended
    }

    /// Up to where every table's files reach: the journal may be forgotten before it.
    pub(crate) fn committed(&self) -> Positions {
        let committed = self.tables.iter().map(|table| table.committed);
        committed.reduce(Positions::lower).unwrap_or_default()
    }

    /// True when no table's files are ahead of the rows taken in, as they are after a crash
    /// between two commits until the journal has been read again.
    pub(crate) fn is_level(&self) -> bool {
        self.tables.iter().all(|table| table.committed.is_within(&self.appended))
    }

    /// True when all files reach equally far.
    pub(crate) fn is_evenly_committed(&self) -> bool {
        let committed = self.committed();
        self.tables.iter().all(|table| table.committed == committed)
    }

    pub(crate) fn table(&self, table: Stored) -> &TableTail {
        &self.tables[table.index()]
    }

    pub(crate) fn tables(&self) -> &[TableTail; 4] {
        &self.tables
    }

    /// Rows that wait, over all tables.
    pub(crate) fn waiting_rows(&self) -> usize {
        self.tables.iter().map(TableTail::rows).sum()
    }

    /// True when a flush would write something: rows or a position.
    pub(crate) fn is_behind(&self) -> bool {
        self.tables.iter().any(|table| table.frozen > 0 || !self.appended.is_within(&table.committed))
    }

    /// Takes a stretch in. Rows that a table has already are dropped by their position.
    pub(crate) fn append(&mut self, append: Append) -> Result<(), HistoryError> {
        let lane = append.lane;
        let reached = self.appended.of(lane);
        if append.from > reached {
            return Err(HistoryError::Gap { lane, expected: reached, found: append.from });
        }
        if append.until <= reached {
            return Ok(());
        }
        let until = append.until;
        for (table, batch) in self.fresh_batches(append)? {
            self.tables[table.index()].push(batch)?;
        }
        self.appended = self.appended.with(lane, until);
        Ok(())
    }

    fn fresh_batches(&self, append: Append) -> Result<Vec<(Stored, RecordBatch)>, HistoryError> {
        let lane = append.lane;
        let from = |table: Stored| self.appended.of(lane).max(self.table(table).committed.of(lane));
        let lines = fresh(append.order_lines, from(Stored::OrderLines));
        let orders = fresh(append.orders, from(Stored::Orders));
        let events = fresh(append.events, from(Stored::Events));
        let superseded = fresh(append.superseded, from(Stored::Superseded));
        Ok(vec![
            (Stored::OrderLines, batches::order_lines(&lines).map_err(engine)?),
            (Stored::Orders, batches::orders(&orders).map_err(engine)?),
            (Stored::Events, batches::events(&events).map_err(engine)?),
            (Stored::Superseded, batches::superseded(&superseded).map_err(engine)?),
        ])
    }

    /// Takes what a flush writes; later rows are kept apart until it ends.
    pub(crate) fn freeze(&mut self, table: Stored) -> Option<Frozen> {
        let positions = self.appended;
        let tail = &mut self.tables[table.index()];
        if positions.is_within(&tail.committed) {
            return None;
        }
        tail.frozen = tail.batches.len();
        let positions = upper(positions, tail.committed);
        Some(Frozen { batches: tail.batches.clone(), positions })
    }

    /// The frozen rows are in the files now.
    pub(crate) fn settle(&mut self, table: Stored, files: PinnedFiles) {
        let tail = &mut self.tables[table.index()];
        tail.batches.drain(..tail.frozen);
        tail.frozen = 0;
        tail.committed = files.positions;
        tail.files = Arc::new(files);
    }

    /// The same rows lie in other files now.
    pub(crate) fn exchange(&mut self, table: Stored, files: PinnedFiles) {
        self.tables[table.index()].files = Arc::new(files);
    }

    /// The rows were not written; they wait on.
    pub(crate) fn thaw(&mut self) {
        for table in &mut self.tables {
            table.frozen = 0;
        }
    }
}

fn fresh<T>(rows: Vec<Placed<T>>, from: u64) -> Vec<T> {
    rows.into_iter().filter(|placed| placed.position >= from).map(|placed| placed.row).collect()
}

fn upper(one: Positions, other: Positions) -> Positions {
    Lane::ALL.into_iter().fold(one, |upper, lane| upper.with(lane, one.of(lane).max(other.of(lane))))
}
