//! Errors of the libraries become errors of the history.

use datafusion::error::DataFusionError;
use history::HistoryError;

/// For a step that touches the disk.
pub(crate) fn storage(doing: &str) -> impl Fn(String) -> HistoryError + '_ {
    move |reason| HistoryError::Storage { doing: doing.to_owned(), reason }
}

/// The same for any error that can say something.
pub(crate) fn storage_error<E: std::fmt::Display>(doing: &'static str) -> impl Fn(E) -> HistoryError {
    move |error| storage(doing)(error.to_string())
}

pub(crate) fn engine<E: std::fmt::Display>(error: E) -> HistoryError {
    HistoryError::Engine { reason: error.to_string() }
}

/// An error while a question was understood.
pub(crate) fn question(error: DataFusionError) -> HistoryError {
    HistoryError::Question { reason: error.strip_backtrace() }
}

/// An error while a question was answered.
pub(crate) fn answering(error: DataFusionError) -> HistoryError {
    let reason = error.strip_backtrace();
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => HistoryError::TooMuch { reason },
        DataFusionError::IoError(_) | DataFusionError::ObjectStore(_) | DataFusionError::ParquetError(_) => {
            HistoryError::Storage { doing: "read".to_owned(), reason }
        }
        DataFusionError::Plan(_)
        | DataFusionError::SchemaError(_, _)
        | DataFusionError::SQL(_, _)
        | DataFusionError::ArrowError(_, _)
        | DataFusionError::NotImplemented(_)
        | DataFusionError::Execution(_) => HistoryError::Question { reason },
        _ => HistoryError::Engine { reason },
    }
}
