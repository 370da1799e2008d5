//! Who said something: an import, whose word can be taken back, or anybody else.
//!
//! Invariant: what is computed from statements depends on those that remain and on nothing else, so an import that is
//! undone leaves the same as one that was never read (`collect/tests/it/imports/undo.rs`).

use records::{RecordsError, RecordsResult};
use vocabulary::{Event, event::names, id::ImportId};

/// Who said something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(Option<ImportId>);

impl Origin {
    /// Everybody who brings no file.
    pub const ANYBODY: Origin = Origin(None);

    /// Whoever sent this event.
    pub fn of(event: &Event) -> Self {
        Self(event.import_id())
    }

    /// Whether it is a file.
    pub fn is_import(self) -> bool {
        self.0.is_some()
    }

    /// As it stands in the tables.
    pub fn text(self) -> String {
        self.0.map(|id| id.to_string()).unwrap_or_default()
    }

    /// Read from a table.
    pub fn read(text: &str) -> RecordsResult<Self> {
        match text {
            "" => Ok(Self::ANYBODY),
            id => id.parse().map(|id| Self(Some(id))).map_err(|_| RecordsError::unreadable("origin")),
        }
    }
}

impl From<ImportId> for Origin {
    fn from(id: ImportId) -> Self {
        Self(Some(id))
    }
}

/// The origin whose word this event takes back, if it takes one back.
pub fn undone_by(event: &Event) -> Option<Origin> {
    let origin = Origin::of(event);
    (event.name == names::IMPORT_UNDONE && origin.is_import()).then_some(origin)
}
