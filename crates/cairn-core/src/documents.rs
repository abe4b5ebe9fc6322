//! Documents: the rights, the schema's rules and the conflicts of reading and writing them.
//!
//! INVARIANT: who may do what is decided here and in `access` alone, for every surface, list and count. Keys and
//! admins are not asked for permissions. A document that the caller may not read looks like none.

pub(crate) mod access;
mod aggregate;
pub(crate) mod authors;
pub(crate) mod bulk;
pub(crate) mod by_schema;
mod change;
mod list;
#[cfg(test)]
mod oracles;
pub(crate) mod relations;
pub(crate) mod sealed;
#[cfg(test)]
mod tests;
pub(crate) mod work;

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::permissions::{Action, Permission, permits};
pub use cairn_model::schema::NewDocument;
use cairn_model::schema::{AttributeType, Document, Status};
use cairn_model::transactions::Work;
use cairn_model::value::Value;
use cairn_query::operator_of;
use cairn_std::Timestamp;
use cairn_store::{StoreError, StoreErrorKind, Table, Tx};

pub use aggregate::{Grouped, aggregate};
pub(crate) use bulk::named;
pub use bulk::{create_many, delete_many, update_many, upsert_many};
pub(crate) use by_schema::{Refused, by_schema, check_current};
pub use change::{Step, delete, step, update, upsert};
pub(crate) use list::{Asked, Listing};
pub use list::{get_with, list};

use crate::Cx;
use crate::claims::Written;
use crate::collections::open;
use crate::found::{Found, Listed};
use crate::idempotency;
use crate::listing::ListRequest;
use crate::schemas::Place;

/// Documents of a page when the client does not say.
pub const DOCUMENTS_DEFAULT: u64 = 25;

/// What came of a change.
#[derive(Clone, Debug)]
pub enum Changed {
    /// The document as it is now, or would be.
    One(Found),
    /// How many documents were changed and the first of them; 0 where nobody can know how many it will be.
    Many(Listed),
    /// The document is gone.
    Gone,
}

/// Carry out a change of one document, or of many. `known_at` is how old the caller's copy of one is.
pub async fn carry_out(
    cx: &Cx,
    place: &Place,
    work: Work,
    known_at: Option<Timestamp>,
) -> Result<Changed, Error> {
    Ok(match work {
        Work::Create(new) => Changed::One(create(cx, place, new).await?),
        Work::Update(NewDocument { id, data, permissions }) => {
            Changed::One(update(cx, place, &id, data, permissions, known_at).await?)
        }
        Work::Upsert(new) => Changed::One(upsert(cx, place, new, known_at).await?),
        Work::Step(id, by) => Changed::One(step(cx, place, &id, by).await?),
        Work::Delete(id) => {
            delete(cx, place, &id, known_at).await?;
            Changed::Gone
        }
        Work::CreateMany(all) => Changed::Many(create_many(cx, place, all).await?),
        Work::UpsertMany(all) => Changed::Many(upsert_many(cx, place, all).await?),
        Work::UpdateMany { data, permissions, queries } => {
            Changed::Many(update_many(cx, place, data, permissions, queries).await?)
        }
        Work::DeleteMany { queries } => Changed::Many(delete_many(cx, place, queries).await?),
    })
}

/// What a client sent as a document's members.
#[derive(Debug, Default)]
struct Members {
    own: Vec<(String, Value)>,
    created: Option<Timestamp>,
    updated: Option<Timestamp>,
}

/// Part the system's members from the document's own. Keys and admins may set the times.
fn members(cx: &Cx, table: &Table, data: Vec<(String, Value)>) -> Result<Members, Error> {
    let mut members = Members { own: data, ..Members::default() };
    if !members.own.iter().any(|(key, _)| key.starts_with('$')) {
        return Ok(members);
    }
    for (key, value) in std::mem::take(&mut members.own) {
        match key.as_str() {
            "$createdAt" if cx.is_privileged() => members.created = time(&key, &value)?,
            "$updatedAt" if cx.is_privileged() => members.updated = time(&key, &value)?,
            "$createdAt" | "$updatedAt" | "$id" | "$sequence" | "$permissions" | "$databaseId"
            | "$collectionId" | "$tableId" | "$collection" | "$tenant" => {}
            key if authors::is_set(table, key) => {}
            _ => members.own.push((key, value)),
        }
    }
    Ok(members)
}

fn time(key: &str, value: &Value) -> Result<Option<Timestamp>, Error> {
    match value {
        Value::Null => Ok(None),
        Value::Datetime(at) => Ok(Some(*at)),
        Value::Text(text) => match Timestamp::parse(text) {
            Some(at) => Ok(Some(at)),
            None => {
                Err(structure(format!("Attribute \"{key}\" has invalid type. Value must be a valid date")))
            }
        },
        _ => Err(structure(format!("Attribute \"{key}\" has invalid type. Value must be a valid date"))),
    }
}

/// The fault of a document that does not fit its collection.
#[track_caller]
fn structure(reason: impl std::fmt::Display) -> Error {
    Fault::DocumentInvalidStructure.with("reason", reason)
}

/// Make a document.
pub async fn create(cx: &Cx, place: &Place, new: NewDocument) -> Result<Found, Error> {
    if relations::has_any(&*open(cx, place).await?) {
        return relations::write(cx, place, new, relations::Wish::Create).await;
    }
    let (id, new) = (&cx.id_or_new(&new.id), &new);
    by_schema(cx, place, |table| async move {
        let document = prepare(cx, &table, id, new.data.clone(), new.permissions.clone())?;
        insert(cx, table, document).await
    })
    .await
}

/// A new document, after every rule that needs no other document.
fn prepare(
    cx: &Cx,
    table: &Table,
    id: &str,
    data: Vec<(String, Value)>,
    permissions: Option<Vec<Permission>>,
) -> Result<Document, Error> {
    let permissions = permissions.unwrap_or_else(|| access::default_permissions(cx));
    access::check_granted(cx, &permissions)?;
    if !cx.is_privileged() && !permits(&table.permissions, Action::Create, &cx.roles) {
        return Err(access::unauthorized(cx, table, Action::Create));
    }
    let members = members(cx, table, data)?;
    let mut values = table.values_of_new(members.own).map_err(structure)?;
    authors::made(cx, table, &mut values);
    let now = cx.now();
    Ok(Document {
        seq: 0,
        id: id.into(),
        created: members.created.unwrap_or(now),
        updated: members.updated.unwrap_or(now),
        permissions: permissions.into(),
        values,
    })
}

/// Add a document.
async fn insert(cx: &Cx, table: Arc<Table>, document: Document) -> Result<Found, Refused> {
    let document = Arc::new(document);
    let (caller, schema, new) = (cx.clone(), Arc::clone(&table), Arc::clone(&document));
    let write = move |tx: Tx| async move {
        check_current(&tx, &schema).await?;
        let seq = insert_in(&caller, &tx, &schema, &new).await?;
        let made = || Found::plain(schema, Document { seq, ..Document::clone(&new) });
        idempotency::keep(&caller, &tx, || Written::Document(made())).await?;
        Ok(seq)
    };
    match cx.store().write(cx.project_ref(), write).await {
        Ok(seq) => {
            let document = Arc::unwrap_or_clone(document);
            Ok(Found::plain(table, Document { seq, ..document }))
        }
        Err(refused) => Err(taken_id_first(cx, &table, document.id.as_str(), refused).await),
    }
}

/// A row may break both keys, and engines differ in which they name: a taken id comes first.
async fn taken_id_first(cx: &Cx, table: &Table, id: &str, refused: Refused) -> Refused {
    let error = match refused {
        Refused::Caller(error) if error.fault() == Fault::DocumentUniqueConstraintViolation => error,
        other => return other,
    };
    let read = |tx: Tx| async move { tx.document_by_id(table, id).await };
    Refused::Caller(match cx.store().read(cx.project_ref(), read).await {
        Ok(Some(_)) => Fault::DocumentAlreadyExists.with("document", id).source(error),
        _ => error,
    })
}

/// Add a document in a transaction that goes by the stored schema; its `$sequence`.
async fn insert_in(cx: &Cx, tx: &Tx, table: &Table, document: &Arc<Document>) -> Result<i64, Error> {
    let row = sealed::for_store(cx, table, document);
    tx.document_insert(table, &row).await.map_err(|error| conflict(error, row.id.as_str()))
}

/// Compute the update operators among the members, each from the value that `current` has at its attribute's place.
fn compute_operators<'v>(
    cx: &Cx,
    table: &Table,
    members: &mut [(String, Value)],
    current: impl Fn(usize) -> &'v Value,
) -> Result<(), Error> {
    for (key, value) in members {
        let Some((place, attribute)) = table.attribute(key) else { continue };
        if attribute.status != Status::Available || attribute.kind == AttributeType::Relationship {
            continue;
        }
        let Some(operator) = operator_of(value) else { continue };
        let operator = operator.map_err(|reason| {
            let reason = format!("the operator of \"{key}\" is wrong: {reason}");
            Fault::GeneralBadRequest.with("reason", reason)
        })?;
        *value = operator.apply(attribute, current(place), cx.now()).map_err(structure)?;
    }
    Ok(())
}

/// A refused row: its id is taken, or a unique index has its values.
#[track_caller]
fn conflict(error: StoreError, id: &str) -> Error {
    match error.kind() {
        StoreErrorKind::Conflict(key) if key == cairn_store::DOCUMENTS_ID_KEY => {
            Fault::DocumentAlreadyExists.with("document", id).source(error)
        }
        StoreErrorKind::Conflict(_) => Fault::DocumentUniqueConstraintViolation.error().source(error),
        _ => error.into(),
    }
}

pub(crate) fn not_found(id: &str) -> Error {
    Fault::DocumentNotFound.with("document", id)
}

/// The document called `id`, without those that it relates to.
pub async fn get(cx: &Cx, place: &Place, id: &str) -> Result<Found, Error> {
    get_with(cx, place, id, &ListRequest::default()).await
}
