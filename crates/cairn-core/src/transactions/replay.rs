//! Staged operations carried out in a transaction of the store: for good by a commit, for one answer by a view.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::schema::Document;
use cairn_model::transactions::{Operation, TransactionId, Work};
use cairn_store::{StoreError, Table, Tx};

use super::pending;
use crate::Cx;
use crate::documents::authors::writing_for;
use crate::documents::sealed;
use crate::documents::work::{Watch, perform};
use crate::logs::{self, Entry};
use crate::secrets::hash_secret;

/// Why a commit did not happen.
pub(super) enum CommitError {
    /// For a reason that may pass, or that is none of the operations'; the transaction is what it was.
    Kept(Error),
    /// One of the operations cannot be carried out.
    Failed(Error),
}

/// An error of the operations themselves.
pub(super) struct Refused(pub(super) Error);

impl From<StoreError> for CommitError {
    fn from(error: StoreError) -> Self {
        Self::Kept(error.into())
    }
}

impl From<Error> for CommitError {
    fn from(error: Error) -> Self {
        Self::Kept(error)
    }
}

impl From<Refused> for CommitError {
    fn from(Refused(error): Refused) -> Self {
        match error.fault() {
            Fault::DocumentAlreadyExists
            | Fault::DocumentUniqueConstraintViolation
            | Fault::DocumentUpdateConflict => Self::Failed(Fault::TransactionConflict.error().source(error)),
            Fault::TransactionConflict
            | Fault::TransactionFailed
            | Fault::DocumentNotFound
            | Fault::DocumentInvalidStructure
            | Fault::AttributeNotFound
            | Fault::AttributeTypeInvalid
            | Fault::AttributeLimitExceeded
            | Fault::RelationshipValueInvalid
            | Fault::UserUnauthorized
            | Fault::GeneralUnauthorizedScope
            | Fault::GeneralArgumentInvalid
            | Fault::GeneralBadRequest
            | Fault::GeneralQueryInvalid
            | Fault::GeneralCursorNotFound
            | Fault::DatabaseQueryOrderNull => Self::Failed(error),
            _ => Self::Kept(error),
        }
    }
}

impl CommitError {
    fn into_error(self) -> Error {
        match self {
            Self::Kept(error) | Self::Failed(error) => error,
        }
    }
}

/// Carry out operations in their order; what the log is to say of each once all are committed.
pub(super) async fn replay(cx: &Cx, tx: &Tx, staged: Vec<Operation>) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::with_capacity(staged.len());
    let mut tables: HashMap<i64, Arc<Table>> = HashMap::new();
    let mut touched = HashSet::new();
    for mut operation in staged {
        let number = operation.collection;
        let table = if let Some(table) = tables.get(&number) {
            Arc::clone(table)
        } else {
            let found = tx.table_by_number(number).await?.map(Arc::new);
            let gone = || Fault::TransactionFailed.with("reason", "a collection that it changes is gone");
            let table = found.ok_or_else(gone)?;
            tables.insert(number, Arc::clone(&table));
            table
        };
        for data in operation.work.data_mut() {
            sealed::open_members(cx, &table, data)?;
        }
        let mut watch = Conflicts { operation: &operation, touched: &mut touched };
        let author = writing_for(cx, operation.author.as_ref());
        perform(&author, tx, &table, &operation.work, &mut watch).await?;
        entries.push(logs::of_commit(cx, &table, &operation.work));
    }
    Ok(entries)
}

/// Refuses documents that are no longer what they were when the operation was staged.
struct Conflicts<'a> {
    operation: &'a Operation,
    /// What earlier operations of the same transaction have changed.
    touched: &'a mut HashSet<(i64, String)>,
}

impl Watch for Conflicts<'_> {
    fn before(&mut self, table: &Table, id: &str, old: Option<&Document>) -> Result<(), Error> {
        if !self.touched.insert((table.number, id.to_owned())) {
            return Ok(());
        }
        let is_same = match (&self.operation.work, &self.operation.base, old) {
            (work, _, Some(old)) if work.is_bulk() => old.updated <= self.operation.staged,
            (Work::CreateMany(_) | Work::UpsertMany(_), _, None) | (_, None, None) => true,
            (_, Some(base), Some(old)) => *base == state_name(table, old),
            _ => false,
        };
        if is_same { Ok(()) } else { Err(Fault::TransactionConflict.with("document", id)) }
    }
}

/// A name of all that a document is, equal for equal states alone.
pub(super) fn state_name(table: &Table, document: &Document) -> String {
    use std::fmt::Write as _;
    let mut text = format!("{} {} {:?}", document.seq, document.updated.0, document.permissions);
    for (attribute, value) in table.attributes.iter().zip(&document.values) {
        // By column, so that an attribute that comes or goes empty changes nothing.
        if !value.is_null() {
            let _ = write!(text, " {}={value:?}", attribute.column);
        }
    }
    hash_secret(&text)
}

/// A transaction of the store that is undone whatever comes of it.
enum Undone<T> {
    Seen(T),
    Refused(CommitError),
}

impl<T> Undone<T> {
    fn refused(error: impl Into<CommitError>) -> Self {
        Self::Refused(error.into())
    }
}

impl<T> From<StoreError> for Undone<T> {
    fn from(error: StoreError) -> Self {
        Self::refused(error)
    }
}

/// Answer a question as if a transaction were committed.
///
/// # Errors
/// What a commit would be refused for now.
pub(super) async fn peek<T, F, Fut>(cx: &Cx, id: &TransactionId, ask: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = T> + Send,
{
    let (caller, id) = (cx.clone(), id.clone());
    let write = move |tx: Tx| async move {
        pending(&caller, &tx, &id).await.map_err(Undone::refused)?;
        let staged = tx.operation_list(&id).await?;
        replay(&caller, &tx, staged).await.map_err(|error| Undone::refused(Refused(error)))?;
        // An error undoes what was carried out.
        Err::<(), _>(Undone::Seen(ask(tx).await))
    };
    match cx.write_long(write).await {
        Err(Undone::Seen(seen)) => Ok(seen),
        Err(Undone::Refused(error)) => Err(error.into_error()),
        Ok(()) => Err(Fault::GeneralServerError.error().detail("a view of a transaction was kept")),
    }
}
