//! Many documents of a collection at once, all or none: a matter of keys and admins.
//!
//! An answer counts all documents that were made, changed or removed, and shows the first of them.

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::permissions::Permission;
use cairn_model::schema::NewDocument;
use cairn_model::transactions::Work;
use cairn_model::value::Value;
use cairn_store::{Page, Tx};

use super::work::{Done, Unwatched, check_collection, check_privileged, perform};
use super::{Refused, by_schema, check_current};
use crate::Cx;
use crate::claims::Written;
use crate::found::Listed;
use crate::idempotency;
use crate::schemas::Place;

/// Make documents.
pub async fn create_many(cx: &Cx, place: &Place, all: Vec<NewDocument>) -> Result<Listed, Error> {
    run(cx, place, Work::CreateMany(named(cx, all))).await
}

/// Make documents, or set the members that are given of those that are there.
///
/// One that is there and stays as it is does not count.
pub async fn upsert_many(cx: &Cx, place: &Place, all: Vec<NewDocument>) -> Result<Listed, Error> {
    run(cx, place, Work::UpsertMany(named(cx, all))).await
}

/// Set the same members of all documents that the queries name.
pub async fn update_many(
    cx: &Cx,
    place: &Place,
    data: Vec<(String, Value)>,
    permissions: Option<Vec<Permission>>,
    queries: Vec<String>,
) -> Result<Listed, Error> {
    if data.is_empty() && permissions.is_none() {
        return Err(Fault::DocumentMissingPayload.error());
    }
    run(cx, place, Work::UpdateMany { data, permissions, queries }).await
}

/// Remove all documents that the queries name.
pub async fn delete_many(cx: &Cx, place: &Place, queries: Vec<String>) -> Result<Listed, Error> {
    run(cx, place, Work::DeleteMany { queries }).await
}

/// Give ids to those that leave them to the server.
pub(crate) fn named(cx: &Cx, mut all: Vec<NewDocument>) -> Vec<NewDocument> {
    for new in &mut all {
        new.id = cx.id_or_new(&new.id);
    }
    all
}

async fn run(cx: &Cx, place: &Place, work: Work) -> Result<Listed, Error> {
    check_privileged(cx)?;
    let work = &Arc::new(work);
    by_schema(cx, place, |table| async move {
        check_collection(&table)?;
        let (caller, work) = (cx.clone(), Arc::clone(work));
        let write = move |tx: Tx| async move {
            check_current(&tx, &table).await?;
            let Done { total, documents } = perform(&caller, &tx, &table, &work, &mut Unwatched).await?;
            let page = Page { items: documents, total };
            let listed = Listed { table, page, select: None, branches: Vec::new() };
            idempotency::keep(&caller, &tx, || Written::Documents(listed.clone())).await?;
            Ok::<_, Refused>(listed)
        };
        cx.write_long(write).await
    })
    .await
}
