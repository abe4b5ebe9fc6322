//! Changes of documents as values, carried out in a transaction of whoever asks: bulk requests do one, a commit does
//! all that were staged.
//!
//! INVARIANT: nothing here begins or ends a transaction. After an error, whoever began it undoes all of it.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::permissions::{Action, Permission, permits};
use cairn_model::schema::{AttributeType, Document, NewDocument, Step};
use cairn_model::transactions::{BATCH_MAX, Work};
use cairn_model::value::Value;
use cairn_query::{DocumentFields, Limits, Query, build};
use cairn_store::{DocumentList, Readable, Relatives, Table, Tx};

use super::change::{Change, Effect, change_in, changed, delete_in, initial, stepped};
use super::{access, authors, insert_in, not_found, prepare, relations};
use crate::Cx;
use crate::listing::query_error;

/// Documents whose ids are read at once, before any of them is changed.
const IDS_BATCH: u64 = 1_000;

/// What came of a change.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// How many documents were made, changed or removed.
    pub(crate) total: i64,
    /// The first [`BATCH_MAX`] of them, as they are now or, removed, were.
    pub(crate) documents: Vec<Document>,
}

impl Done {
    fn one(document: Document) -> Self {
        Self { total: 1, documents: vec![document] }
    }

    fn add(&mut self, document: Document) {
        self.total += 1;
        if self.documents.len() < BATCH_MAX {
            self.documents.push(document);
        }
    }
}

/// Tells of every document before it is changed, and may refuse that.
pub(crate) trait Watch: Send {
    /// The document with this id is about to be made (`None`) or changed from `old`.
    fn before(&mut self, table: &Table, id: &str, old: Option<&Document>) -> Result<(), Error>;
}

/// Nobody is interested.
pub(crate) struct Unwatched;

impl Watch for Unwatched {
    fn before(&mut self, _: &Table, _: &str, _: Option<&Document>) -> Result<(), Error> {
        Ok(())
    }
}

/// Refuse what only keys and admins may do.
pub(crate) fn check_privileged(cx: &Cx) -> Result<(), Error> {
    if cx.is_privileged() {
        return Ok(());
    }
    let role = if cx.user_id().is_some() { "users" } else { "guests" };
    let scopes = "documents.write of a key or an admin, for many documents at once";
    Err(Fault::GeneralUnauthorizedScope.with("role", role).with("scopes", scopes))
}

/// Refuse a collection whose documents cannot be changed many at once.
pub(crate) fn check_collection(table: &Table) -> Result<(), Error> {
    if table.attributes.iter().any(|attribute| attribute.kind == AttributeType::Relationship) {
        let reason = "many documents at once cannot be changed where the collection has relationships";
        return Err(Fault::GeneralBadRequest.with("reason", reason));
    }
    Ok(())
}

/// Carry out a change in a transaction that goes by the stored schema.
pub(crate) async fn perform(
    cx: &Cx,
    tx: &Tx,
    table: &Table,
    work: &Work,
    watch: &mut dyn Watch,
) -> Result<Done, Error> {
    match work {
        Work::Create(new) => create(cx, tx, table, new, watch).await.map(Done::one),
        Work::Update(new) => update(cx, tx, table, new, watch).await.map(Done::one),
        Work::Upsert(new) => Ok(Done::one(upsert(cx, tx, table, new, watch).await?.0)),
        Work::Delete(id) => delete(cx, tx, table, id, watch).await.map(Done::one),
        Work::Step(id, by) => step(cx, tx, table, id, by, watch).await.map(Done::one),
        Work::CreateMany(all) => {
            let mut done = Done::default();
            for new in all {
                done.add(create(cx, tx, table, new, watch).await?);
            }
            Ok(done)
        }
        Work::UpsertMany(all) => {
            let mut done = Done::default();
            for new in all {
                let (document, effect) = upsert(cx, tx, table, new, watch).await?;
                if effect == Effect::Changed {
                    done.add(document);
                }
            }
            Ok(done)
        }
        Work::UpdateMany { data, permissions, queries } => {
            update_many(cx, tx, table, (data, permissions.as_ref()), queries, watch).await
        }
        Work::DeleteMany { queries } => {
            let mut done = Done::default();
            for id in matching(tx, table, queries).await? {
                done.add(delete(cx, tx, table, &id, watch).await?);
            }
            Ok(done)
        }
    }
}

async fn create(
    cx: &Cx,
    tx: &Tx,
    table: &Table,
    new: &NewDocument,
    watch: &mut dyn Watch,
) -> Result<Document, Error> {
    if relations::has_any(table) {
        let found = tx.document_by_id(table, &new.id).await?;
        if found.is_none() {
            watch.before(table, &new.id, None)?;
        }
        return relations::write_in(cx, tx, table, new, relations::Wish::Create).await;
    }
    let document = prepare(cx, table, &new.id, new.data.clone(), new.permissions.clone())?;
    // Asked first: a row may break another key too, and engines differ in which they name.
    if tx.document_by_id(table, &new.id).await?.is_some() {
        return Err(Fault::DocumentAlreadyExists.with("document", &new.id));
    }
    watch.before(table, &new.id, None)?;
    let document = Arc::new(document);
    let seq = insert_in(cx, tx, table, &document).await?;
    Ok(Document { seq, ..Arc::unwrap_or_clone(document) })
}

async fn update(
    cx: &Cx,
    tx: &Tx,
    table: &Table,
    new: &NewDocument,
    watch: &mut dyn Watch,
) -> Result<Document, Error> {
    if relations::has_any(table) {
        tell(cx, tx, table, &new.id, watch).await?;
        return relations::write_in(cx, tx, table, new, relations::Wish::Update(None)).await;
    }
    let change = change_of(cx, new, false)?;
    let found = change_in(cx, tx, table, &new.id, |cx, table, old| {
        watch.before(table, &new.id, Some(old))?;
        changed(cx, table, old, &change)
    });
    let (document, _) = found.await?.ok_or_else(|| not_found(&new.id))?;
    Ok(document)
}

fn change_of(cx: &Cx, new: &NewDocument, is_whole: bool) -> Result<Change, Error> {
    if let Some(permissions) = &new.permissions {
        access::check_granted(cx, permissions)?;
    }
    Ok(Change { data: new.data.clone(), permissions: new.permissions.clone(), is_whole, ..Change::default() })
}

/// Tell the watch of a document as it is.
async fn tell(cx: &Cx, tx: &Tx, table: &Table, id: &str, watch: &mut dyn Watch) -> Result<(), Error> {
    let mut old = tx.document_by_id(table, id).await?;
    if let Some(old) = &mut old {
        super::sealed::open_all(cx, table, std::slice::from_mut(old))?;
    }
    watch.before(table, id, old.as_ref())
}

async fn upsert(
    cx: &Cx,
    tx: &Tx,
    table: &Table,
    new: &NewDocument,
    watch: &mut dyn Watch,
) -> Result<(Document, Effect), Error> {
    if relations::has_any(table) {
        tell(cx, tx, table, &new.id, watch).await?;
        let document = relations::write_in(cx, tx, table, new, relations::Wish::Upsert(None)).await?;
        return Ok((document, Effect::Changed));
    }
    let change = change_of(cx, new, true)?;
    let found = change_in(cx, tx, table, &new.id, |cx, table, old| {
        watch.before(table, &new.id, Some(old))?;
        changed(cx, table, old, &change)
    });
    if let Some(found) = found.await? {
        return Ok(found);
    }
    let new = NewDocument { data: initial(cx, table, new.data.clone())?, ..new.clone() };
    Ok((create(cx, tx, table, &new, watch).await?, Effect::Changed))
}

async fn delete(cx: &Cx, tx: &Tx, table: &Table, id: &str, watch: &mut dyn Watch) -> Result<Document, Error> {
    let mut old = tx.document_by_id(table, id).await?.ok_or_else(|| not_found(id))?;
    super::sealed::open_all(cx, table, std::slice::from_mut(&mut old))?;
    watch.before(table, id, Some(&old))?;
    delete_in(cx, tx, table, id, None).await?;
    Ok(old)
}

async fn step(
    cx: &Cx,
    tx: &Tx,
    table: &Table,
    id: &str,
    by: &Step,
    watch: &mut dyn Watch,
) -> Result<Document, Error> {
    let found = change_in(cx, tx, table, id, |cx, table, old| {
        watch.before(table, id, Some(old))?;
        stepped(cx, table, old, by)
    });
    let (document, _) = found.await?.ok_or_else(|| not_found(id))?;
    Ok(document)
}

async fn update_many(
    cx: &Cx,
    tx: &Tx,
    table: &Table,
    (data, permissions): (&[(String, Value)], Option<&Vec<Permission>>),
    queries: &[String],
    watch: &mut dyn Watch,
) -> Result<Done, Error> {
    let change = Change { data: data.to_vec(), permissions: permissions.cloned(), ..Change::default() };
    let mut done = Done::default();
    for id in matching(tx, table, queries).await? {
        let found = change_in(cx, tx, table, &id, |cx, table, old| {
            watch.before(table, &id, Some(old))?;
            let mut document = changed(cx, table, old, &change)?;
            if document == *old {
                // COMPAT(appwrite): whoever is named by the queries counts as changed.
                document.updated = cx.now();
                authors::changed(cx, table, &mut document.values);
            }
            Ok(document)
        });
        if let Some((document, _)) = found.await? {
            done.add(document);
        }
    }
    Ok(done)
}

/// The ids of the documents that the queries name, all read before the first one is changed.
async fn matching(tx: &Tx, table: &Table, queries: &[String]) -> Result<Vec<String>, Error> {
    let fields = DocumentFields(table.collection());
    let mut query = build(queries, &fields, Limits::CURRENT).map_err(query_error)?;
    if query.aggregates.is_some() {
        let reason = "Counts, sums and groups choose no documents";
        return Err(Fault::GeneralQueryInvalid.with("reason", reason));
    }
    query.select = Some(Vec::new());
    let position = match &query.cursor {
        None => Vec::new(),
        Some(cursor) => {
            let not_there = || Fault::GeneralCursorNotFound.with("cursor", &cursor.id);
            let document = tx.document_by_id(table, &cursor.id).await?.ok_or_else(not_there)?;
            cairn_query::eval::position(&query, &document)
                .map_err(|_| Fault::DatabaseQueryOrderNull.with("attribute", "$sequence"))?
        }
    };
    let mut left = query.limit.unwrap_or(u64::MAX);
    let is_keyed = query.limit.is_none() && query.cursor.is_none() && query.offset == 0;
    if is_keyed {
        // All of them, whatever the order: each batch begins behind the last one.
        query.orders = Query::default().orders;
        query.is_random = false;
    }
    let (filters, offset) = (query.filters.clone(), query.offset);
    let (mut ids, mut last) = (Vec::new(), 0);
    while left > 0 {
        query.limit = Some(left.min(IDS_BATCH));
        if is_keyed {
            let behind = format!(r#"{{"method":"greaterThan","attribute":"$sequence","values":[{last}]}}"#);
            query.filters.clone_from(&filters);
            query.filters.extend(build(&[behind], &fields, Limits::CURRENT).map_err(query_error)?.filters);
        } else {
            query.offset = offset + ids.len() as u64;
        }
        let list = DocumentList {
            query: &query,
            readable: &Readable::All,
            relatives: &Relatives::default(),
            position: &position,
            seed: 1,
            default_limit: IDS_BATCH,
            count_max: None,
        };
        let (page, _) = tx.document_list(table, list).await?;
        let Some(end) = page.last() else { break };
        last = end.seq;
        left = left.saturating_sub(page.len() as u64);
        ids.extend(page.into_iter().map(|document| document.id.0));
    }
    Ok(ids)
}

/// What a change would make of a document, as far as that can be told: a change that cannot be carried out is shown
/// as it was asked for.
pub(crate) fn preview(cx: &Cx, table: &Table, work: &Work, old: Option<&Document>) -> Document {
    let change = |new: &NewDocument, is_whole| Change {
        data: new.data.clone(),
        permissions: new.permissions.clone(),
        is_whole,
        ..Change::default()
    };
    let made = |new: &NewDocument, data| prepare(cx, table, &new.id, data, new.permissions.clone());
    let shown = match (work, old) {
        (Work::Create(new), _) => made(new, new.data.clone()),
        (Work::Upsert(new), None) => initial(cx, table, new.data.clone()).and_then(|data| made(new, data)),
        (Work::Upsert(new), Some(old)) => changed(cx, table, old, &change(new, true)),
        (Work::Update(new), Some(old)) => changed(cx, table, old, &change(new, false)),
        (Work::Step(_, by), Some(old)) => stepped(cx, table, old, by),
        _ => Err(not_found(work.document().unwrap_or_default())),
    };
    shown.unwrap_or_else(|_| draft(cx, table, old, work))
}

/// The members of a document that nobody has yet: those of `data` in the schema's places, typed where they fit.
fn draft(cx: &Cx, table: &Table, old: Option<&Document>, work: &Work) -> Document {
    let now = cx.now();
    let nothing = NewDocument {
        id: work.document().unwrap_or_default().to_owned(),
        data: Vec::new(),
        permissions: None,
    };
    let new = match work {
        Work::Create(new) | Work::Update(new) | Work::Upsert(new) => new,
        _ => &nothing,
    };
    let blank = || Document {
        seq: 0,
        id: new.id.as_str().into(),
        created: now,
        updated: now,
        permissions: access::default_permissions(cx).into(),
        values: vec![Value::Null; table.attributes.len()],
    };
    let mut document = old.cloned().unwrap_or_else(blank);
    document.updated = now;
    match old {
        Some(_) => authors::changed(cx, table, &mut document.values),
        None => authors::made(cx, table, &mut document.values),
    }
    if let Some(permissions) = &new.permissions {
        document.permissions = permissions.as_slice().into();
    }
    for (key, value) in &new.data {
        if let Some((place, attribute)) = table.attribute(key).filter(|_| !authors::is_set(table, key)) {
            document.values[place] = attribute.accept(value.clone()).unwrap_or_else(|_| value.clone());
        }
    }
    document
}

/// Refuse a change that the caller has no right to, as far as that is known before it happens.
pub(crate) fn check_right(cx: &Cx, table: &Table, work: &Work, old: Option<&Document>) -> Result<(), Error> {
    if let Work::Create(new) | Work::Update(new) | Work::Upsert(new) = work
        && let Some(permissions) = &new.permissions
    {
        access::check_granted(cx, permissions)?;
    }
    let action = match (work, old) {
        (Work::Delete(_), _) => Action::Delete,
        (Work::Create(_), _) | (Work::Upsert(_), None) => Action::Create,
        _ => Action::Update,
    };
    let may = match old {
        Some(old) if action != Action::Create => access::may(cx, table, old, action),
        _ => cx.is_privileged() || permits(&table.permissions, action, &cx.roles),
    };
    if may { Ok(()) } else { Err(access::unauthorized(cx, table, action)) }
}
