//! Changing and removing documents.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::permissions::{Action, Permission};
pub use cairn_model::schema::Step;
use cairn_model::schema::{Attribute, AttributeType, Document, Status};
use cairn_model::value::Value;
use cairn_std::Timestamp;
use cairn_store::{Table, Tx};

use super::{
    Found, NewDocument, Refused, access, authors, by_schema, check_current, compute_operators, conflict,
    insert, members, not_found, prepare, relations, sealed, structure,
};
use crate::Cx;
use crate::claims::Written;
use crate::collections::open;
use crate::idempotency;
use crate::schemas::Place;

/// What a change sets. [`None`] leaves a thing alone.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    pub(super) data: Vec<(String, Value)>,
    pub(super) permissions: Option<Vec<Permission>>,
    /// The caller's copy is this old; a newer document is a conflict.
    pub(super) known_at: Option<Timestamp>,
    /// Whether every required attribute must be given.
    pub(super) is_whole: bool,
    /// New values of relationships whose links are in the row, by the places of their attributes.
    pub(super) links: Vec<(usize, Value)>,
    /// Whether links change that are not in the row.
    pub(super) touches: bool,
}

/// Set some attributes of a document, its permissions, or both.
pub async fn update(
    cx: &Cx,
    place: &Place,
    id: &str,
    data: Vec<(String, Value)>,
    permissions: Option<Vec<Permission>>,
    known_at: Option<Timestamp>,
) -> Result<Found, Error> {
    if data.is_empty() && permissions.is_none() {
        return Err(Fault::DocumentMissingPayload.error());
    }
    let table = open(cx, place).await?;
    if relations::has_any(&table) {
        let new = NewDocument { id: id.to_owned(), data, permissions };
        return relations::write(cx, place, new, relations::Wish::Update(known_at)).await;
    }
    let change = &Arc::new(Change { data, permissions, known_at, ..Change::default() });
    by_schema(cx, place, |table| async move {
        let found = apply(cx, table, id, Arc::clone(change)).await?;
        Ok(found.ok_or_else(|| not_found(id))?)
    })
    .await
}

/// Make a document, or set the attributes that are given of the one that is there.
pub async fn upsert(
    cx: &Cx,
    place: &Place,
    new: NewDocument,
    known_at: Option<Timestamp>,
) -> Result<Found, Error> {
    if new.data.is_empty() && new.permissions.is_none() {
        return Err(Fault::DocumentMissingPayload.error());
    }
    let table = open(cx, place).await?;
    if relations::has_any(&table) {
        return relations::write(cx, place, new, relations::Wish::Upsert(known_at)).await;
    }
    let (id, new) = (&cx.id_or_new(&new.id), &new);
    let (data, permissions) = (new.data.clone(), new.permissions.clone());
    let change = &Arc::new(Change { data, permissions, known_at, is_whole: true, ..Change::default() });
    by_schema(cx, place, |table| async move {
        if let Some(found) = apply(cx, Arc::clone(&table), id, Arc::clone(change)).await? {
            return Ok(found);
        }
        let data = initial(cx, &table, new.data.clone())?;
        let document = prepare(cx, &table, id, data, new.permissions.clone())?;
        insert(cx, table, document).await.map_err(|refused| match refused {
            // Somebody made it in between: change theirs.
            Refused::Caller(error) if error.fault() == Fault::DocumentAlreadyExists => Refused::Anew,
            other => other,
        })
    })
    .await
}

async fn apply(cx: &Cx, table: Arc<Table>, id: &str, change: Arc<Change>) -> Result<Option<Found>, Refused> {
    if let Some(permissions) = &change.permissions {
        access::check_granted(cx, permissions)?;
    }
    with_document(cx, table, id, move |cx, table, old| changed(cx, table, old, &change)).await
}

/// Read a document and write what `decide` makes of it, in one transaction; `None` where there is no such document.
async fn with_document(
    cx: &Cx,
    table: Arc<Table>,
    id: &str,
    decide: impl FnOnce(&Cx, &Table, &Document) -> Result<Document, Error> + Clone + Send + Sync + 'static,
) -> Result<Option<Found>, Refused> {
    let (caller, id) = (cx.clone(), id.to_owned());
    let write = move |tx: Tx| async move {
        check_current(&tx, &table).await?;
        let Some((document, _)) = change_in(&caller, &tx, &table, &id, decide).await? else {
            return Ok(None);
        };
        let found =
            Found::plain(Arc::clone(&table), relations::plainly_in(&caller, &tx, &table, document).await?);
        idempotency::keep(&caller, &tx, || Written::Document(found.clone())).await?;
        Ok(Some(found))
    };
    cx.store().write(cx.project_ref(), write).await
}

/// Whether a change changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Changed,
    Unchanged,
}

/// As [`with_document`], in a transaction that goes by the stored schema; `None` where there is no such document.
pub(super) async fn change_in(
    cx: &Cx,
    tx: &Tx,
    table: &Table,
    id: &str,
    decide: impl FnOnce(&Cx, &Table, &Document) -> Result<Document, Error>,
) -> Result<Option<(Document, Effect)>, Error> {
    let Some(stored) = tx.document_by_id(table, id).await? else { return Ok(None) };
    let mut old = stored.clone();
    sealed::open_all(cx, table, std::slice::from_mut(&mut old))?;
    let document = Arc::new(decide(cx, table, &old)?);
    let mut effect = Effect::Unchanged;
    if *document != old {
        let row = sealed::for_store(cx, table, &document);
        tx.document_update(table, &stored, &row).await.map_err(|error| conflict(error, id))?;
        effect = Effect::Changed;
    }
    Ok(Some((Arc::unwrap_or_clone(document), effect)))
}

/// What an upsert sets of a document that is not there yet: operators start from the defaults.
pub(super) fn initial(
    cx: &Cx,
    table: &Table,
    mut data: Vec<(String, Value)>,
) -> Result<Vec<(String, Value)>, Error> {
    let default = |attribute: &Attribute| attribute.accept(attribute.default.clone()).unwrap_or_default();
    let defaults: Vec<Value> = table.attributes.iter().map(default).collect();
    compute_operators(cx, table, &mut data, |place| &defaults[place])?;
    Ok(data)
}

/// The document after a change, when the caller may make it.
///
/// COMPAT(appwrite): a change that changes nothing needs the right to read, and leaves `$updatedAt` alone.
pub(super) fn changed(cx: &Cx, table: &Table, old: &Document, change: &Change) -> Result<Document, Error> {
    let may_update = may_touch(cx, table, old)?;
    let mut members = members(cx, table, change.data.clone())?;
    compute_operators(cx, table, &mut members.own, |place| old.values.get(place).unwrap_or(&Value::Null))?;
    if change.is_whole {
        check_required(table, &members.own)?;
    }
    let mut document = old.clone();
    document.values = table.values_of_changed(&old.values, members.own).map_err(structure)?;
    for (place, value) in &change.links {
        document.values[*place] = value.clone();
    }
    if let Some(permissions) = &change.permissions {
        document.permissions = permissions.as_slice().into();
    }
    document.created = members.created.unwrap_or(old.created);
    document.updated = members.updated.unwrap_or(old.updated);
    if document != *old || change.touches {
        if !may_update {
            return Err(access::unauthorized(cx, table, Action::Update));
        }
        document.updated = members.updated.unwrap_or_else(|| cx.now());
        authors::changed(cx, table, &mut document.values);
    }
    check_known(old, change.known_at)?;
    Ok(document)
}

/// Whether the caller may change a document, if it may look at it at all.
pub(super) fn may_touch(cx: &Cx, table: &Table, old: &Document) -> Result<bool, Error> {
    let may_update = access::may(cx, table, old, Action::Update);
    if !may_update && !access::may(cx, table, old, Action::Read) {
        return Err(access::unauthorized(cx, table, Action::Update));
    }
    Ok(may_update)
}

fn check_required(table: &Table, given: &[(String, Value)]) -> Result<(), Error> {
    let is_given = |key: &str| given.iter().any(|(name, value)| name == key && !value.is_null());
    let mut required = table
        .attributes
        .iter()
        .filter(|attribute| attribute.is_required && attribute.status == Status::Available);
    match required.find(|attribute| !is_given(&attribute.key)) {
        Some(attribute) => Err(structure(format!("Missing required attribute \"{}\"", attribute.key))),
        None => Ok(()),
    }
}

pub(super) fn check_known(document: &Document, known_at: Option<Timestamp>) -> Result<(), Error> {
    match known_at {
        Some(known_at) if document.updated > known_at => {
            Err(Fault::DocumentUpdateConflict.with("document", &document.id))
        }
        _ => Ok(()),
    }
}

/// Remove a document.
pub async fn delete(cx: &Cx, place: &Place, id: &str, known_at: Option<Timestamp>) -> Result<(), Error> {
    if open(cx, place).await?.has_relations() {
        return relations::delete(cx, place, id, known_at).await;
    }
    by_schema(cx, place, |table| async move {
        let (caller, key) = (cx.clone(), id.to_owned());
        let write = move |tx: Tx| async move {
            check_current(&tx, &table).await?;
            delete_in(&caller, &tx, &table, &key, known_at).await?;
            Ok(idempotency::keep(&caller, &tx, || Written::Nothing).await?)
        };
        cx.store().write(cx.project_ref(), write).await
    })
    .await
}

/// Remove a document in a transaction that goes by the stored schema.
pub(super) async fn delete_in(
    cx: &Cx,
    tx: &Tx,
    table: &Table,
    id: &str,
    known_at: Option<Timestamp>,
) -> Result<(), Error> {
    let old = tx.document_by_id(table, id).await?.ok_or_else(|| not_found(id))?;
    if !access::may(cx, table, &old, Action::Delete) {
        return Err(access::unauthorized(cx, table, Action::Delete));
    }
    check_known(&old, known_at)?;
    if table.has_relations() {
        return Ok(relations::delete_in(cx, tx, table, old).await?);
    }
    tx.document_delete(table, &old).await?;
    Ok(())
}

/// Add to a number of a document.
pub async fn step(cx: &Cx, place: &Place, id: &str, by: Step) -> Result<Found, Error> {
    let by = &Arc::new(by);
    by_schema(cx, place, |table| async move {
        let step = Arc::clone(by);
        let decide = move |cx: &Cx, table: &Table, old: &Document| stepped(cx, table, old, &step);
        let found = with_document(cx, table, id, decide).await?;
        Ok(found.ok_or_else(|| not_found(id))?)
    })
    .await
}

pub(super) fn stepped(cx: &Cx, table: &Table, old: &Document, step: &Step) -> Result<Document, Error> {
    let key = &step.attribute;
    let Some((place, attribute)) =
        table.attribute(key).filter(|(_, attribute)| attribute.status == Status::Available)
    else {
        return Err(Fault::AttributeNotFound.with("attribute", key));
    };
    let is_number =
        matches!(attribute.kind, AttributeType::Integer | AttributeType::Bigint | AttributeType::Float);
    if !is_number || attribute.is_array {
        return Err(Fault::AttributeTypeInvalid.with("attribute", key));
    }
    if !access::may(cx, table, old, Action::Update) {
        return Err(access::unauthorized(cx, table, Action::Update));
    }
    let limit = || Fault::AttributeLimitExceeded.with("attribute", key);
    let sum = match (&old.values[place], &step.by) {
        (Value::Null, by) => by.clone(),
        (Value::Int(value), Value::Int(by)) => Value::Int(value.checked_add(*by).ok_or_else(limit)?),
        (value, by) => Value::Float(number(value) + number(by)),
    };
    let is_down = number(&step.by) < 0.0;
    let passes = |bound: f64| if is_down { number(&sum) < bound } else { number(&sum) > bound };
    if step.bound.is_some_and(passes) {
        return Err(limit());
    }
    let mut document = old.clone();
    document.values[place] = attribute.accept(sum).map_err(structure)?;
    document.updated = cx.now();
    authors::changed(cx, table, &mut document.values);
    Ok(document)
}

#[expect(clippy::cast_precision_loss, reason = "bounds are compared as the client's numbers are")]
fn number(value: &Value) -> f64 {
    match value {
        Value::Int(value) => *value as f64,
        Value::Float(value) => *value,
        _ => 0.0,
    }
}
