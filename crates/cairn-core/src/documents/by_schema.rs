//! Work that goes by the schema of a collection, and begins anew where that changes meanwhile.
//!
//! INVARIANT: a write, and a look into a transaction, goes by the schema that is stored when it happens: it checks the
//! version of the one that it prepared for. A plain read does not ask: it fails where a column that it names is gone.

use std::future::Future;
use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_store::{StoreError, StoreErrorKind, Table, Tx};

use crate::Cx;
use crate::collections::open;
use crate::schemas::Place;

/// How often a work begins in all while the schema changes under it.
const RUNS_MAX: usize = 8;

/// Why a work on documents did not happen.
pub(crate) enum Refused {
    /// The store could not do it.
    Store(StoreError),
    /// The caller may not have it.
    Caller(Error),
    /// What it went by has changed meanwhile: it begins anew.
    Anew,
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Caller(error)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Store(error) => error.into(),
            Refused::Caller(error) => error,
            Refused::Anew => Fault::GeneralServerError.error().detail("the schema kept changing"),
        }
    }
}

/// Open the collection and work by its schema, anew with the present one where that has changed.
pub(crate) async fn by_schema<T, F, Fut>(cx: &Cx, place: &Place, work: F) -> Result<T, Error>
where
    F: Fn(Arc<Table>) -> Fut,
    Fut: Future<Output = Result<T, Refused>> + Send,
{
    for _ in 0..RUNS_MAX {
        let table = open(cx, place).await?;
        match work(Arc::clone(&table)).await {
            Ok(done) => return Ok(done),
            Err(Refused::Anew) => {}
            Err(Refused::Store(error)) if is_stale(cx, place, &table, &error).await => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Err(Refused::Anew.into())
}

/// Whether a statement may have failed because a column that it names is gone.
async fn is_stale(cx: &Cx, place: &Place, table: &Arc<Table>, error: &StoreError) -> bool {
    matches!(error.kind(), StoreErrorKind::Inconsistent(_))
        && open(cx, place).await.map_or(true, |now| !Arc::ptr_eq(&now, table))
}

/// Check that the stored schema is the one that the work goes by.
pub(crate) async fn check_current(tx: &Tx, table: &Table) -> Result<(), Refused> {
    if tx.table_is_current(table).await? { Ok(()) } else { Err(Refused::Anew) }
}
