//! Documents as a transaction would leave them: what its owner reads while it is pending.

use std::sync::Arc;

use cairn_faults::Error;
use cairn_model::schema::Document;
use cairn_model::transactions::TransactionId;
use cairn_store::{Table, Tx};

use super::{pending, replay};
use crate::documents::{self, Asked, Listing, Refused, by_schema, check_current, sealed};
use crate::found::{Found, Listed};
use crate::listing::ListRequest;
use crate::schemas::Place;
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
    by_schema(cx, place, |table| async move {
        let asked = Arc::new(Asked::new(cx, place, &table, request).await?);
        let (caller, schema, id) = (cx.clone(), Arc::clone(&table), id.to_owned());
        let ask = move |tx: Tx| async move { asked.one(&caller, &tx, &schema, &id).await };
        let (document, shown) = see(cx, &table, transaction, ask).await?;
        meter::note_reads(cx, &table, 1 + shown.document_count());
        Ok(Found { table, document, shown })
    })
    .await
}

/// The document, whoever may read it.
pub(super) async fn document(
    cx: &Cx,
    place: &Place,
    id: &str,
    transaction: &TransactionId,
) -> Result<(Arc<Table>, Option<Document>), Error> {
    by_schema(cx, place, |table| async move {
        let (schema, id) = (Arc::clone(&table), id.to_owned());
        let ask = move |tx: Tx| async move { Ok(tx.document_by_id(&schema, &id).await?) };
        let mut found = see(cx, &table, transaction, ask).await?;
        sealed::open_all(cx, &table, found.as_mut_slice())?;
        Ok((table, found))
    })
    .await
}

/// A page of documents as the transaction would leave them; as they are where none is named.
pub async fn list_documents(
    cx: &Cx,
    place: &Place,
    request: ListRequest,
    transaction: Option<&TransactionId>,
) -> Result<Listed, Error> {
    let Some(transaction) = transaction else { return documents::list(cx, place, request).await };
    let request = &request;
    by_schema(cx, place, |table| async move {
        let listing = Arc::new(Listing::new(cx, place, &table, request).await?);
        let (caller, schema) = (cx.clone(), Arc::clone(&table));
        let ask = move |tx: Tx| async move { listing.page(&caller, &tx, &schema).await };
        let listed = see(cx, &table, transaction, ask).await?;
        meter::note_reads(cx, &table, listed.document_count());
        Ok(listed)
    })
    .await
}

/// Ask as if the transaction were committed; at once where it changes nothing of the collection.
async fn see<T, F, Fut>(cx: &Cx, table: &Arc<Table>, id: &TransactionId, ask: F) -> Result<T, Refused>
where
    T: Send + 'static,
    F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<T, Refused>> + Send,
{
    let read = |tx: Tx| async move {
        pending(cx, &tx, id).await?;
        let staged = tx.operation_list(id).await?;
        let leads_on = documents::relations::has_any(table);
        Ok::<_, Error>(staged.iter().any(|operation| leads_on || operation.collection == table.number))
    };
    let is_changed = cx.store().read(cx.project_ref(), read).await?;
    let schema = Arc::clone(table);
    let ask = move |tx: Tx| async move {
        check_current(&tx, &schema).await?;
        ask(tx).await
    };
    if is_changed {
        replay::peek(cx, id, ask).await?
    } else {
        cx.store().read_long(cx.project_ref(), ask).await
    }
}
