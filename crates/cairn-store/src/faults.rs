//! What a store failure means to a caller: conflicts where they can happen, the rest in one place.

use cairn_faults::{Error, Fault};

use crate::documents::ROWS_MAX;
use crate::{StoreError, StoreErrorKind};

/// Turns a refused key into a fault, at the call that can be refused.
pub trait OnConflict<T>: Sized {
    /// Where the constraint named `key` refused the row, that is `fault`.
    #[track_caller]
    fn on_conflict(self, key: &str, fault: Fault) -> Result<T, Error>;
    /// Where any constraint refused the row, that is `fault`.
    #[track_caller]
    fn on_any_conflict(self, fault: Fault) -> Result<T, Error>;
}

impl<T> OnConflict<T> for Result<T, StoreError> {
    #[track_caller]
    fn on_conflict(self, key: &str, fault: Fault) -> Result<T, Error> {
        match self {
            Ok(value) => Ok(value),
            Err(error) if error.is_conflict_on(key) => Err(fault.error().source(error)),
            Err(error) => Err(error.into()),
        }
    }

    #[track_caller]
    fn on_any_conflict(self, fault: Fault) -> Result<T, Error> {
        match self {
            Ok(value) => Ok(value),
            Err(error) if matches!(error.kind(), StoreErrorKind::Conflict(_)) => {
                Err(fault.error().source(error))
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl From<StoreError> for Error {
    #[track_caller]
    fn from(error: StoreError) -> Self {
        let fault = match error.kind() {
            StoreErrorKind::TooBroad => {
                let reason = format!(
                    "The query would have to look at more than {ROWS_MAX} documents; add another one that narrows it"
                );
                return Fault::GeneralQueryInvalid.with("reason", reason).source(error);
            }
            StoreErrorKind::Busy | StoreErrorKind::Retry => Fault::Overloaded,
            StoreErrorKind::Deadline => Fault::RequestTimeout,
            StoreErrorKind::Timeout => Fault::DatabaseTimeout,
            StoreErrorKind::OutcomeUnknown => Fault::CommitOutcomeUnknown,
            StoreErrorKind::NoProject => Fault::ProjectNotFound,
            StoreErrorKind::NewerFile | StoreErrorKind::NoRegion => Fault::ProjectUnavailable,
            StoreErrorKind::Full => Fault::StorageFull,
            StoreErrorKind::Io
            | StoreErrorKind::Unavailable
            | StoreErrorKind::InUse
            | StoreErrorKind::UnreadableDsn
            | StoreErrorKind::Refused
            | StoreErrorKind::Unfit(_) => Fault::StoreFailed,
            StoreErrorKind::Unstorable(_) => Fault::GeneralArgumentInvalid,
            StoreErrorKind::Conflict(_) | StoreErrorKind::Inconsistent(_) => Fault::GeneralUnknown,
        };
        fault.error().source(error)
    }
}
