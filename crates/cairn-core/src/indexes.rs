//! Indexes of collections: stored as `processing`, built in the background.

use cairn_faults::{Error, Fault};
use cairn_model::schema::{Collection, Index, Status};
use cairn_model::value::Value;
use cairn_query::{Field, FieldType, NounField, NounFields};
use cairn_store::{JobKind, Page, Task, Tx};

use crate::listing::{ListRequest, Listed, PAGE_DEFAULT};
use crate::schemas::{Place, find, refused};
use crate::{Cx, jobs};

const FIELDS: &[NounField] = &[
    NounField::one("key", FieldType::Text),
    NounField::one("type", FieldType::Text),
    NounField::one("status", FieldType::Text),
    NounField::list("attributes", FieldType::Text),
    NounField::one("error", FieldType::Text),
];

const LISTED: Listed<Index> = Listed {
    fields: NounFields(FIELDS),
    value: |index, field| match field {
        Field::Id | Field::Attribute(0) => Value::Text(index.key.clone()),
        Field::Sequence => Value::Int(index.number),
        Field::Created => index.created.into(),
        Field::Updated => index.updated.into(),
        Field::Attribute(1) => index.kind.name().into(),
        Field::Attribute(2) => index.status.name().into(),
        Field::Attribute(3) => index.attributes.clone().into(),
        Field::Attribute(4) => Value::Text(index.error.clone()),
        Field::Attribute(_) | Field::Permissions | Field::Relevance => Value::Null,
    },
    page_default: PAGE_DEFAULT,
};

/// Ask for an index. It is `processing` until the background work has built it.
pub async fn create(cx: &Cx, place: Place, new: Index) -> Result<Index, Error> {
    let now = cx.now();
    jobs::write(cx, move |tx: Tx| async move {
        let collection = find(&tx, &place).await?;
        let number = tx.counter_next("indexes").await?;
        let index = Index { number, status: Status::Processing, created: now, updated: now, ..new };
        collection.check_new_index(&index).map_err(refused)?;
        tx.index_insert(&collection, &index).await?;
        let task = Task { kind: JobKind::IndexCreate, collection: collection.number, part: number };
        tx.job_insert(&task).await?;
        Ok::<_, Error>(index)
    })
    .await
}

/// The index called `key`.
pub async fn get(cx: &Cx, place: Place, key: &str) -> Result<Index, Error> {
    let collection = crate::collections::get(cx, place).await?;
    Ok(find_index(&collection, key)?.clone())
}

fn find_index<'a>(collection: &'a Collection, key: &str) -> Result<&'a Index, Error> {
    collection.index(key).ok_or_else(|| Fault::IndexNotFound.with("index", key))
}

/// A page of a collection's indexes.
pub async fn list(cx: &Cx, place: Place, request: ListRequest) -> Result<Page<Index>, Error> {
    let collection = crate::collections::get(cx, place).await?;
    LISTED.page(
        &LISTED.query(&request)?,
        request.counts_total,
        &collection.own_indexes().cloned().collect::<Vec<_>>(),
    )
}

/// Remove an index; what was built goes in the background.
pub async fn delete(cx: &Cx, place: Place, key: &str) -> Result<(), Error> {
    let (key, now) = (key.to_owned(), cx.now());
    jobs::write(cx, move |tx: Tx| async move {
        let collection = find(&tx, &place).await?;
        let index = find_index(&collection, &key)?;
        match index.status {
            // Nothing was built.
            Status::Processing | Status::Failed => tx.index_delete(&collection, index).await?,
            Status::Available | Status::Deleting | Status::Stuck => {
                let going = Index { status: Status::Deleting, updated: now, ..index.clone() };
                tx.index_update(&collection, &going).await?;
                let part = index.number;
                tx.job_insert(&Task { kind: JobKind::IndexDelete, collection: collection.number, part })
                    .await?;
            }
        }
        Ok::<_, Error>(())
    })
    .await
}
