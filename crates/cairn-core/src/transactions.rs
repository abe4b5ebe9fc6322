//! Transactions of clients: changes of documents, over several collections and databases, that are staged first and
//! carried out together, all or none.
//!
//! INVARIANT: a commit is one transaction of the store: it carries out every operation and marks the client's
//! transaction, or nothing of it happens.
//! INVARIANT: what is staged is seen by nobody but those who name the transaction. They see it by the same means that
//! a commit has: the operations are carried out, the question is answered, and all of it is undone.
//!
//! An operation that names one document keeps a name of the state in which that document was when it was staged;
//! whatever happens to the document in between is a conflict. Operations on what the queries of a bulk request name
//! conflict with documents that were changed after the staging.

mod replay;
mod stage;
mod sweep;
#[cfg(test)]
mod tests;
mod view;

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::transactions::{Transaction, TransactionId, TransactionStatus};
use cairn_std::Timestamp;
use cairn_store::{OnConflict as _, Page, TRANSACTION_FIELDS, TRANSACTIONS_ID_KEY, Tx};

pub use stage::{StagedOperation, stage, stage_all};
pub(crate) use sweep::Sweeps;
pub use sweep::{sweep, sweep_regularly};
pub use view::{get_document, list_documents};

use crate::claims::Written;
use crate::idempotency::keep;
use crate::listing::ListRequest;
use crate::{Cx, logs};

/// How long a transaction is still told of after its time, in milliseconds.
pub(crate) const KEPT_MS: i64 = 60 * 60 * 1_000;
/// Pending transactions of one user, or of keys and admins together, at most.
const PENDING_MAX: i64 = 1_000;
/// Expired transactions that are removed along with the making of another one.
const SWEPT_WITH_NEW_MAX: i64 = 20;

/// Begin a transaction that lives for `ttl_seconds`.
pub async fn create(cx: &Cx, id: &str, ttl_seconds: i64) -> Result<Transaction, Error> {
    let now = cx.now();
    let new = Transaction {
        id: TransactionId::from(cx.id_or_new(id)),
        seq: cx.next_seq(),
        owner: owner(cx).cloned(),
        status: TransactionStatus::Pending,
        operations: 0,
        expires: now.plus_seconds(ttl_seconds),
        created: now,
        updated: now,
    };
    cx.app.sweeps.note(cx.project_ref(), new.expires);
    let maker = cx.clone();
    let write = move |tx: Tx| async move {
        tx.transaction_delete_expired(Timestamp(now.0 - KEPT_MS), SWEPT_WITH_NEW_MAX).await?;
        if tx.transaction_count(new.owner.as_ref(), PENDING_MAX).await? >= PENDING_MAX {
            return Err(Fault::TransactionLimitExceeded.with("limit", PENDING_MAX));
        }
        tx.transaction_insert(&new)
            .await
            .on_conflict(TRANSACTIONS_ID_KEY, Fault::TransactionAlreadyExists)
            .map_err(|error| error.with("transaction", &new.id))?;
        keep(&maker, &tx, || Written::Transaction(new.clone())).await?;
        Ok(new)
    };
    cx.store().write(cx.project_ref(), write).await
}

/// The user to whom the caller's transactions belong; keys and admins have none of their own.
fn owner(cx: &Cx) -> Option<&UserId> {
    if cx.is_privileged() { None } else { cx.user_id() }
}

/// The transaction with this id.
pub async fn get(cx: &Cx, id: &TransactionId) -> Result<Transaction, Error> {
    cx.store().read(cx.project_ref(), |tx| async move { find(cx, &tx, id).await }).await
}

/// A page of the caller's transactions; of all to keys and admins.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<Transaction>, Error> {
    let listing = request.listing(&TRANSACTION_FIELDS)?;
    if owner(cx).is_none() && !cx.is_privileged() {
        return Ok(Page { items: Vec::new(), total: 0 });
    }
    let read = |tx: Tx| async move { tx.transaction_list(owner(cx), &listing).await };
    cx.store().read_long(cx.project_ref(), read).await
}

/// Carry out all that is staged, or nothing.
///
/// # Errors
/// `transaction_conflict` where a document is no longer what it was, and what the operations themselves may be refused
/// for; the transaction is failed then.
pub async fn commit(cx: &Cx, id: &TransactionId) -> Result<Transaction, Error> {
    let (caller, wanted) = (cx.clone(), id.clone());
    let write = move |tx: Tx| async move {
        let mut transaction = pending(&caller, &tx, &wanted).await?;
        let staged = tx.operation_list(&wanted).await?;
        let entries = replay::replay(&caller, &tx, staged).await.map_err(replay::Refused)?;
        end(&caller, &tx, &mut transaction, TransactionStatus::Committed).await?;
        keep(&caller, &tx, || Written::Transaction(transaction.clone())).await?;
        Ok::<_, replay::CommitError>((transaction, entries))
    };
    match cx.write_long(write).await {
        Ok((transaction, entries)) => {
            for entry in entries {
                logs::note(cx, entry);
            }
            Ok(transaction)
        }
        Err(replay::CommitError::Kept(error)) => Err(error),
        Err(replay::CommitError::Failed(error)) => {
            fail(cx, id).await?;
            Err(error)
        }
    }
}

/// Forget all that is staged.
pub async fn roll_back(cx: &Cx, id: &TransactionId) -> Result<Transaction, Error> {
    let (caller, id) = (cx.clone(), id.clone());
    let write = move |tx: Tx| async move {
        let mut transaction = pending(&caller, &tx, &id).await?;
        end(&caller, &tx, &mut transaction, TransactionStatus::Failed).await?;
        keep(&caller, &tx, || Written::Transaction(transaction.clone())).await?;
        Ok::<_, Error>(transaction)
    };
    cx.store().write(cx.project_ref(), write).await
}

/// Note that a commit failed, unless somebody ended the transaction meanwhile.
async fn fail(cx: &Cx, id: &TransactionId) -> Result<(), Error> {
    let (caller, id) = (cx.clone(), id.clone());
    let write = move |tx: Tx| async move {
        let Some(mut transaction) = tx.transaction_by_id(&id).await? else { return Ok(()) };
        if transaction.status == TransactionStatus::Pending {
            end(&caller, &tx, &mut transaction, TransactionStatus::Failed).await?;
        }
        Ok::<_, Error>(())
    };
    cx.store().write(cx.project_ref(), write).await
}

async fn end(
    cx: &Cx,
    tx: &Tx,
    transaction: &mut Transaction,
    status: TransactionStatus,
) -> Result<(), Error> {
    transaction.status = status;
    transaction.updated = cx.now();
    tx.operation_delete_all(&transaction.id).await?;
    tx.transaction_update(transaction).await?;
    Ok(())
}

/// Remove a transaction, wherever it stands, with all that is staged in it.
pub async fn delete(cx: &Cx, id: &TransactionId) -> Result<(), Error> {
    let (caller, id) = (cx.clone(), id.clone());
    let write = move |tx: Tx| async move {
        find(&caller, &tx, &id).await?;
        tx.transaction_delete(&id).await?;
        keep(&caller, &tx, || Written::Nothing).await?;
        Ok::<_, Error>(())
    };
    cx.store().write(cx.project_ref(), write).await
}

/// A transaction that the caller may use.
async fn find(cx: &Cx, tx: &Tx, id: &TransactionId) -> Result<Transaction, Error> {
    let found = tx.transaction_by_id(id).await?;
    let is_own = |found: &Transaction| {
        let owner = owner(cx);
        cx.is_privileged() || (owner.is_some() && found.owner.as_ref() == owner)
    };
    found.filter(is_own).ok_or_else(|| Fault::TransactionNotFound.with("transaction", id))
}

/// A transaction that the caller may use and that takes operations.
async fn pending(cx: &Cx, tx: &Tx, id: &TransactionId) -> Result<Transaction, Error> {
    let found = find(cx, tx, id).await?;
    if found.status != TransactionStatus::Pending {
        return Err(Fault::TransactionNotReady.with("transaction", id).with("status", found.status.name()));
    }
    if cx.now() > found.expires {
        return Err(Fault::TransactionExpired.with("transaction", id));
    }
    Ok(found)
}
