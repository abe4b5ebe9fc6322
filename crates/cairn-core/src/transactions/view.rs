//! Documents as a transaction would leave them: what its owner reads while it is pending.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::permissions::Action;
use cairn_model::schema::Document;
use cairn_model::transactions::TransactionId;
use cairn_store::{Page, Table, Tx};

use super::{pending, replay};
use crate::Cx;
use crate::collections::{Place, open};
use crate::documents::{self, Found, Listed, Listing, RUNS_MAX, access, sealed};
use crate::listing::ListRequest;

/// The document called `id`, as the transaction would leave it; as it is where none is named.
pub async fn get_document(
    cx: &Cx,
    place: &Place,
    id: &str,
    transaction: Option<&TransactionId>,
) -> Result<Found, Error> {
    let Some(transaction) = transaction else { return documents::get(cx, place, id).await };
    let (table, found) = document(cx, place, id, transaction).await?;
    let found = found.filter(|document| access::may(cx, &table, document, Action::Read));
    let document = found.ok_or_else(|| documents::not_found(id))?;
    Ok(Found { table, document })
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
    Err(Fault::GeneralServerError.error().detail("the schema kept changing"))
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
        let listing = Arc::new(Listing::new(cx, &table, &request)?);
        let (caller, schema, asked) = (cx.clone(), Arc::clone(&table), Arc::clone(&listing));
        let ask = move |tx: Tx| async move {
            if !tx.table_is_current(&schema).await? {
                return Ok(None);
            }
            asked.page(&caller, &tx, &schema).await.map(Some)
        };
        let seen = see(cx, &table, transaction, ask).await?;
        if let Some((mut items, total)) = seen {
            sealed::open_all(cx, &table, &mut items)?;
            let select = listing.query.select.clone();
            return Ok(Listed { table, page: Page { items, total }, select });
        }
    }
    Err(Fault::GeneralServerError.error().detail("the schema kept changing"))
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
        Ok::<_, Error>(staged.iter().any(|operation| operation.collection == table.number))
    };
    let is_changed = cx.store().read(cx.project_ref(), read).await?;
    if is_changed {
        replay::peek(cx, id, ask).await
    } else {
        cx.store().read_long(cx.project_ref(), ask).await
    }
}
