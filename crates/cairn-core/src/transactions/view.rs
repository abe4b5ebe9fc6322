//! Documents as a transaction would leave them: what its owner reads while it is pending.

use std::sync::Arc;

use cairn_faults::Error;
use cairn_model::schema::Document;
use cairn_model::transactions::TransactionId;
use cairn_store::{Table, Tx};

use super::{pending, replay};
use crate::collections::{Place, open};
use crate::documents::{self, Asked, Found, Listed, Listing, RUNS_MAX, kept_changing, sealed};
use crate::listing::ListRequest;
use crate::{Cx, meter};

/// The document called `id`, as the transaction would leave it; as it is where none is named.
pub async fn get_document(
    cx: &Cx,
    place: &Place,
    id: &str,
    request: &ListRequest,
    transaction: Option<&TransactionId>,
) -> Result<Found, Error> {
    let Some(transaction) = transaction else { return documents::get_with(cx, place, id, request).await };
    for _ in 0..RUNS_MAX {
        let table = open(cx, place).await?;
        let asked = Arc::new(Asked::new(cx, place, &table, request).await?);
        let (caller, schema, id) = (cx.clone(), Arc::clone(&table), id.to_owned());
        let ask = move |tx: Tx| async move {
            if !tx.table_is_current(&schema).await? {
                return Ok(None);
            }
            Ok(Some(asked.one(&caller, &tx, &schema, &id).await?))
        };
        let seen = see(cx, &table, transaction, ask).await?;
        if let Some((document, shown)) = seen {
            meter::note_reads(cx, &table, 1 + shown.document_count());
            return Ok(Found { table, document, shown });
        }
    }
    kept_changing()
}

/// The document, whoever may read it.
pub(super) async fn document(
    cx: &Cx,
    place: &Place,
    id: &str,
    transaction: &TransactionId,
) -> Result<(Arc<Table>, Option<Document>), Error> {
    for _ in 0..RUNS_MAX {
        let table = open(cx, place).await?;
        let (schema, id) = (Arc::clone(&table), id.to_owned());
        let ask = move |tx: Tx| async move {
            if !tx.table_is_current(&schema).await? {
                return Ok(None);
            }
            Ok(Some(tx.document_by_id(&schema, &id).await?))
        };
        let seen: Option<Option<Document>> = see(cx, &table, transaction, ask).await?;
        if let Some(mut found) = seen {
            if let Some(document) = &mut found {
                sealed::open_all(cx, &table, std::slice::from_mut(document))?;
            }
            return Ok((table, found));
        }
    }
    kept_changing()
}

/// A page of documents as the transaction would leave them; as they are where none is named.
pub async fn list_documents(
    cx: &Cx,
    place: &Place,
    request: ListRequest,
    transaction: Option<&TransactionId>,
) -> Result<Listed, Error> {
    let Some(transaction) = transaction else { return documents::list(cx, place, request).await };
    for _ in 0..RUNS_MAX {
        let table = open(cx, place).await?;
        let listing = Arc::new(Listing::new(cx, place, &table, &request).await?);
        let (caller, schema, asked) = (cx.clone(), Arc::clone(&table), listing);
        let ask = move |tx: Tx| async move {
            if !tx.table_is_current(&schema).await? {
                return Ok(None);
            }
            asked.page(&caller, &tx, &schema).await.map(Some)
        };
        let seen = see(cx, &table, transaction, ask).await?;
        if let Some(listed) = seen {
            meter::note_reads(cx, &table, listed.document_count());
            return Ok(listed);
        }
    }
    kept_changing()
}

/// Ask as if the transaction were committed; at once where it changes nothing of the collection.
async fn see<T, F, Fut>(cx: &Cx, table: &Table, id: &TransactionId, ask: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<T, Error>> + Send,
{
    let read = |tx: Tx| async move {
        pending(cx, &tx, id).await?;
        let staged = tx.operation_list(id).await?;
        let leads_on = documents::relations::has_any(table);
        Ok::<_, Error>(staged.iter().any(|operation| leads_on || operation.collection == table.number))
    };
    let is_changed = cx.store().read(cx.project_ref(), read).await?;
    if is_changed {
        replay::peek(cx, id, ask).await
    } else {
        cx.store().read_long(cx.project_ref(), ask).await
    }
}
