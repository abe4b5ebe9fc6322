//! Staging: what a later commit will do, with the rights of whoever asks checked now and then again.

use std::collections::HashSet;
use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::schema::Document;
use cairn_model::transactions::{OPERATIONS_MAX, Operation, Transaction, TransactionId, Work};
use cairn_store::{Page, Table, Tx};

use super::replay::state_name;
use super::{pending, view};
use crate::Cx;
use crate::claims::Written;
use crate::collections::open;
use crate::documents::authors::author;
use crate::documents::relations::plainly;
use crate::documents::work::{check_collection, check_privileged, check_right, preview};
use crate::documents::{self, Changed, access, named, sealed};
use crate::found::Listed;
use crate::idempotency::keep;
use crate::schemas::Place;

/// A change of documents of a collection.
#[derive(Clone, Debug)]
pub struct StagedOperation {
    /// The collection.
    pub place: Place,
    /// The change.
    pub work: Work,
}

/// Stage one change in a transaction.
pub async fn stage(cx: &Cx, id: &TransactionId, place: &Place, work: Work) -> Result<Changed, Error> {
    check_payload(&work)?;
    let mut operation = StagedOperation { place: place.clone(), work };
    if operation.work.is_bulk() {
        check_privileged(cx)?;
    }
    let (table, old) = prepare(cx, id, &mut operation, false).await?;
    let answer = match &operation.work {
        Work::CreateMany(all) | Work::UpsertMany(all) => many(&table, all.len()),
        Work::UpdateMany { .. } | Work::DeleteMany { .. } => many(&table, 0),
        work => {
            let document = preview(cx, &table, work, old.as_ref());
            Changed::One(plainly(cx, place, Arc::clone(&table), document).await?)
        }
    };
    let staged = vec![stored(cx, &table, operation.work).await?];
    let told = match answer.clone() {
        Changed::One(found) => Some(Written::Document(found)),
        Changed::Many(listed) => Some(Written::Documents(listed)),
        Changed::Gone => None,
    };
    add(cx, id, staged, told).await?;
    Ok(answer)
}

/// Stage several changes, of several collections and databases.
pub async fn stage_all(
    cx: &Cx,
    id: &TransactionId,
    operations: Vec<StagedOperation>,
) -> Result<Transaction, Error> {
    if operations.is_empty() {
        return Err(Fault::GeneralBadRequest.with("reason", "no operations were given"));
    }
    let count = i64::try_from(operations.len()).unwrap_or(i64::MAX);
    let of_use = |tx: Tx| async move { check_room(cx, &tx, id, count).await };
    cx.store().read(cx.project_ref(), of_use).await.map_err(|error: Error| match error.fault() {
        // COMPAT(appwrite): this route has another word for it than the others.
        Fault::TransactionNotReady => Fault::TransactionInvalid.with("transaction", id).source(error),
        _ => error,
    })?;
    let (mut staged, mut made) = (Vec::with_capacity(operations.len()), HashSet::new());
    for mut operation in operations {
        if operation.work.is_bulk() && !cx.is_privileged() {
            return Err(Fault::UserUnauthorized.with("action", "bulk"));
        }
        let name = (operation.place.clone(), operation.work.document().unwrap_or_default().to_owned());
        let is_made = made.contains(&name);
        let (table, _) = prepare(cx, id, &mut operation, is_made).await?;
        if let Work::Create(new) | Work::Upsert(new) = &operation.work {
            made.insert((operation.place.clone(), new.id.clone()));
        }
        staged.push(stored(cx, &table, operation.work).await?);
    }
    add(cx, id, staged, None).await
}

fn check_payload(work: &Work) -> Result<(), Error> {
    let is_missing = match work {
        Work::Update(new) | Work::Upsert(new) => new.data.is_empty() && new.permissions.is_none(),
        Work::UpdateMany { data, permissions, .. } => data.is_empty() && permissions.is_none(),
        _ => false,
    };
    if is_missing { Err(Fault::DocumentMissingPayload.error()) } else { Ok(()) }
}

fn many(table: &Arc<Table>, total: usize) -> Changed {
    let page = Page { items: Vec::new(), total: i64::try_from(total).unwrap_or(i64::MAX) };
    Changed::Many(Listed { table: Arc::clone(table), page, select: None, branches: Vec::new() })
}

/// Check the rights on a change and give it its ids and permissions; the document as it would be before it.
///
/// `is_made` says that an earlier operation of the same request makes the document.
async fn prepare(
    cx: &Cx,
    id: &TransactionId,
    operation: &mut StagedOperation,
    is_made: bool,
) -> Result<(Arc<Table>, Option<Document>), Error> {
    let place = &operation.place;
    match &mut operation.work {
        Work::CreateMany(all) | Work::UpsertMany(all) => *all = named(cx, std::mem::take(all)),
        Work::Create(new) | Work::Upsert(new) => new.id = cx.id_or_new(&new.id),
        _ => {}
    }
    if operation.work.is_bulk() {
        let table = open(cx, place).await?;
        check_collection(&table)?;
        return Ok((table, None));
    }
    let (table, old) = match &operation.work {
        Work::Create(_) => (open(cx, place).await?, None),
        work => view::document(cx, place, work.document().unwrap_or_default(), id).await?,
    };
    if is_made && old.is_none() {
        return Ok((table, None));
    }
    if old.is_none() && !matches!(operation.work, Work::Create(_) | Work::Upsert(_)) {
        return Err(documents::not_found(operation.work.document().unwrap_or_default()));
    }
    check_right(cx, &table, &operation.work, old.as_ref())?;
    if old.is_none()
        && let Work::Create(new) | Work::Upsert(new) = &mut operation.work
    {
        // Whoever stages it owns it, whoever commits it.
        new.permissions.get_or_insert_with(|| access::default_permissions(cx));
    }
    Ok((table, old))
}

/// The operation as it is kept: with the state of its document, and nothing secret in the clear.
async fn stored(cx: &Cx, table: &Table, mut work: Work) -> Result<Operation, Error> {
    let mut base = None;
    if let Some(id) = work.document() {
        let read = |tx: Tx| async move { tx.document_by_id(table, id).await };
        if let Some(mut found) = cx.store().read(cx.project_ref(), read).await? {
            sealed::open_all(cx, table, std::slice::from_mut(&mut found))?;
            base = Some(state_name(table, &found));
        }
    }
    for data in work.data_mut() {
        sealed::seal_members(cx, table, data);
    }
    Ok(Operation { collection: table.number, staged: cx.now(), base, author: author(cx).cloned(), work })
}

/// A pending transaction that takes `more` operations.
async fn check_room(cx: &Cx, tx: &Tx, id: &TransactionId, more: i64) -> Result<Transaction, Error> {
    let found = pending(cx, tx, id).await?;
    if found.operations.saturating_add(more) > OPERATIONS_MAX {
        return Err(Fault::TransactionLimitExceeded.with("limit", OPERATIONS_MAX));
    }
    Ok(found)
}

/// Put operations into a transaction. What is told of it is `told`, or the transaction itself.
async fn add(
    cx: &Cx,
    id: &TransactionId,
    staged: Vec<Operation>,
    told: Option<Written>,
) -> Result<Transaction, Error> {
    let (caller, id, told) = (cx.clone(), id.clone(), Arc::new(told));
    let write = move |tx: Tx| async move {
        let count = i64::try_from(staged.len()).unwrap_or(i64::MAX);
        let mut transaction = check_room(&caller, &tx, &id, count).await?;
        for operation in &staged {
            tx.operation_insert(&id, transaction.operations, operation).await?;
            transaction.operations += 1;
        }
        transaction.updated = caller.now();
        tx.transaction_update(&transaction).await?;
        let written = || told.as_ref().clone().unwrap_or_else(|| Written::Transaction(transaction.clone()));
        keep(&caller, &tx, written).await?;
        Ok::<_, Error>(transaction)
    };
    cx.store().write(cx.project_ref(), write).await
}
