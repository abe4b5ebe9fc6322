//! Documents together with those that they relate to: written in one transaction, read a level at a time.
//!
//! INVARIANT: a link to a document that the caller may not read is no link: it is not shown, not found by filters, not
//! removed by a caller who sets the list anew, and linking to one does nothing.
//! INVARIANT: related documents are made, changed and deleted by the rights that the caller has on them. Clearing the
//! link in a related document needs none.

mod load;
mod plan;
mod remove;
#[cfg(test)]
mod tests;
mod write;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{CollectionId, DatabaseId};
use cairn_model::permissions::{Action, Permission, permits};
use cairn_model::schema::{Collection, Document, Relation, Status};
use cairn_model::value::Value;
use cairn_query::{Query, Schemas};
use cairn_std::Timestamp;
use cairn_store::{Readable, Relatives, RowChange, Table, Tx};

pub(crate) use plan::Plan;

use super::{
    Found, NewDocument, Refused, access, authors, by_schema, check_current, not_found, taken_id_first,
};
use crate::Cx;
use crate::claims::Written;
use crate::collections::table_at;
use crate::idempotency;
use crate::schemas::Place;

/// Most collections that one request follows relationships through.
const COLLECTIONS_MAX: usize = 64;

/// Collections that relate to each other, for a caller's work on their documents.
#[derive(Clone)]
pub(crate) struct Family {
    cx: Cx,
    tables: HashMap<i64, Arc<Table>>,
    relatives: Relatives,
}

impl Schemas for Family {
    fn schema(&self, number: i64) -> Option<&Collection> {
        self.tables.get(&number).map(|table| table.collection())
    }
}

impl Family {
    /// The collection and those that relationships lead to from it, nearest first.
    pub(crate) async fn open(cx: &Cx, database: &DatabaseId, table: &Arc<Table>) -> Result<Self, Error> {
        let mut search = Search::from(table);
        while let Some(next) = search.next() {
            let place = Place { database: database.clone(), collection: next };
            search.found(table_at(cx, &place).await?);
        }
        Ok(search.end(cx))
    }

    /// As [`Family::open`], in a transaction.
    async fn open_in(cx: &Cx, tx: &Tx, table: &Arc<Table>) -> Result<Self, Error> {
        let mut search = Search::from(table);
        while let Some(next) = search.next() {
            search.found(tx.table_by_id(&table.database_id, &next).await?.map(Arc::new));
        }
        Ok(search.end(cx))
    }

    /// What the caller may read of the collections.
    pub(crate) fn relatives(&self) -> &Relatives {
        &self.relatives
    }

    /// When and by whom rows are changed, for those that are not read before.
    fn change(&self) -> RowChange {
        RowChange { at: self.cx.now(), by: authors::value(&self.cx) }
    }

    fn table(&self, relation: &Relation) -> Result<&Arc<Table>, Error> {
        self.tables.get(&relation.related).ok_or_else(|| {
            Fault::RelationshipValueInvalid.with(
                "reason",
                format!("Relationships lead through more than {COLLECTIONS_MAX} collections."),
            )
        })
    }
}

/// As [`plainly`], in a transaction.
pub(super) async fn plainly_in(
    cx: &Cx,
    tx: &Tx,
    table: &Arc<Table>,
    mut document: Document,
) -> Result<Document, Error> {
    if has_any(table) {
        let family = Family::open_in(cx, tx, table).await?;
        let documents = std::slice::from_mut(&mut document);
        family.show(tx, table, documents, &Query::default()).await?;
    }
    Ok(document)
}

/// The way from a collection to all that relationships lead to.
struct Search {
    tables: HashMap<i64, Arc<Table>>,
    waiting: VecDeque<CollectionId>,
    known: HashSet<CollectionId>,
}

impl Search {
    fn from(table: &Arc<Table>) -> Self {
        let known = HashSet::from([table.id.clone()]);
        let mut search = Self { tables: HashMap::new(), waiting: VecDeque::new(), known };
        search.found(Some(Arc::clone(table)));
        search
    }

    fn next(&mut self) -> Option<CollectionId> {
        if self.tables.len() == COLLECTIONS_MAX { None } else { self.waiting.pop_front() }
    }

    fn found(&mut self, table: Option<Arc<Table>>) {
        let Some(table) = table else { return };
        for relation in relations(&table) {
            if self.known.insert(relation.related_id.clone()) {
                self.waiting.push_back(relation.related_id.clone());
            }
        }
        self.tables.insert(table.number, table);
    }

    fn end(self, cx: &Cx) -> Family {
        let relatives = Relatives(self.tables.values().filter_map(|table| readable(cx, table)).collect());
        Family { cx: cx.clone(), tables: self.tables, relatives }
    }
}

/// Whether documents of a collection relate to others.
pub(crate) fn has_any(table: &Table) -> bool {
    table.attributes.iter().any(|attribute| attribute.relation.is_some())
}

/// A document as an answer without related ones shows it.
pub(crate) async fn plainly(
    cx: &Cx,
    place: &Place,
    table: Arc<Table>,
    mut document: Document,
) -> Result<Found, Error> {
    if has_any(&table) {
        let family = Family::open(cx, &place.database, &table).await?;
        let (family, table, document) = (&family, &table, std::slice::from_mut(&mut document));
        let read = move |tx: Tx| async move { family.show(&tx, table, document, &Query::default()).await };
        cx.store().read(cx.project_ref(), read).await?;
    }
    Ok(Found::plain(table, document))
}

/// The relationships of a collection, those without an attribute of its own too.
fn relations(table: &Table) -> impl Iterator<Item = &Relation> {
    let own = table.attributes.iter().filter(|attribute| attribute.status == Status::Available);
    let own = own.filter_map(|attribute| attribute.relation.as_deref());
    own.chain(table.incoming.iter().map(|incoming| &incoming.relation))
}

fn readable(cx: &Cx, table: &Arc<Table>) -> Option<(i64, (Arc<Table>, Readable))> {
    let is_open = cx.is_privileged() || (table.is_enabled && table.is_database_enabled);
    let readable = if cx.is_privileged() || permits(&table.permissions, Action::Read, &cx.roles) {
        Readable::All
    } else if table.document_security {
        Readable::ByRoles(cx.roles.sorted())
    } else {
        return None;
    };
    is_open.then(|| (table.number, (Arc::clone(table), readable)))
}

/// A write as it is asked for.
#[derive(Clone, Debug)]
pub(super) enum Wish {
    /// Make the document.
    Create,
    /// Change the document; the caller's copy is this old.
    Update(Option<Timestamp>),
    /// Make or change it.
    Upsert(Option<Timestamp>),
}

/// Make or change a document of a collection that has relationships, and all that is nested in it.
pub(super) async fn write(cx: &Cx, place: &Place, new: NewDocument, wish: Wish) -> Result<Found, Error> {
    let (id, new, wish) = (&cx.id_or_new(&new.id), &new, &wish);
    by_schema(cx, place, |table| async move {
        let family = Family::open(cx, &place.database, &table).await?;
        let plan = family.plan(&table, id, new.data.clone(), new.permissions.clone())?;
        let job = Arc::new((family, plan, wish.clone()));
        let body = move |tx: Tx| async move {
            let (family, plan, wish) = &*job;
            family.check_current(&tx, plan).await?;
            let document = family.run(&tx, plan, wish).await?;
            let (document, shown) = family.shown(&tx, plan, document).await?;
            let found = Found { table: Arc::clone(&plan.table), document, shown };
            idempotency::keep(&family.cx, &tx, || Written::Document(found.clone())).await?;
            Ok(found)
        };
        match cx.store().write(cx.project_ref(), body).await {
            Err(refused) if matches!(wish, Wish::Create) => {
                Err(taken_id_first(cx, &table, id, refused).await)
            }
            written => written,
        }
    })
    .await
}

/// Remove a document of a collection that has relationships, with what goes along.
pub(super) async fn delete(
    cx: &Cx,
    place: &Place,
    id: &str,
    known_at: Option<Timestamp>,
) -> Result<(), Error> {
    by_schema(cx, place, |table| async move {
        let family = Arc::new(Family::open(cx, &place.database, &table).await?);
        let id: Arc<str> = id.into();
        let body = move |tx: Tx| async move {
            check_current(&tx, &table).await?;
            let found = tx.document_by_id(&table, &id).await?.ok_or_else(|| not_found(&id))?;
            if !access::may(&family.cx, &table, &found, Action::Delete) {
                return Err(access::unauthorized(&family.cx, &table, Action::Delete).into());
            }
            super::change::check_known(&found, known_at)?;
            family.delete(&tx, &table, vec![found]).await?;
            Ok(idempotency::keep(&family.cx, &tx, || Written::Nothing).await?)
        };
        cx.write_long(body).await
    })
    .await
}

/// As [`write`], in a transaction that somebody else began and that goes by the stored schema.
pub(super) async fn write_in(
    cx: &Cx,
    tx: &Tx,
    table: &Table,
    new: &NewDocument,
    wish: Wish,
) -> Result<Document, Error> {
    let table = Arc::new(table.clone());
    let family = Family::open_in(cx, tx, &table).await?;
    let plan = family.plan(&table, &new.id, new.data.clone(), new.permissions.clone())?;
    if matches!(wish, Wish::Create) && tx.document_by_id(&table, &new.id).await?.is_some() {
        return Err(Fault::DocumentAlreadyExists.with("document", &new.id));
    }
    family.run(tx, &plan, &wish).await
}

/// As [`delete`], of a document that was read in a transaction that somebody else began.
pub(super) async fn delete_in(cx: &Cx, tx: &Tx, table: &Table, document: Document) -> Result<(), Refused> {
    let table = Arc::new(table.clone());
    let family = Family::open_in(cx, tx, &table).await?;
    family.delete(tx, &table, vec![document]).await
}

impl Family {
    /// Do what is asked for on the document of a plan.
    async fn run(&self, tx: &Tx, plan: &Plan, wish: &Wish) -> Result<Document, Error> {
        let found = match wish {
            Wish::Create => None,
            Wish::Update(_) | Wish::Upsert(_) => tx.document_by_id(&plan.table, &plan.id).await?,
        };
        match (wish, found) {
            (Wish::Create, _) => self.create(tx, plan, None).await,
            (Wish::Upsert(_), None) => {
                let data = super::change::initial(&self.cx, &plan.table, plan.data.clone())?;
                self.create(tx, &Plan { data, ..plan.clone() }, None).await
            }
            (Wish::Update(_), None) => Err(not_found(&plan.id)),
            (Wish::Update(known_at), Some(found)) => self.update(tx, plan, found, (*known_at, false)).await,
            (Wish::Upsert(known_at), Some(found)) => self.update(tx, plan, found, (*known_at, true)).await,
        }
    }
}

/// The fault of a value that is no link.
#[track_caller]
fn invalid(reason: impl std::fmt::Display) -> Error {
    Fault::RelationshipValueInvalid.with("reason", reason)
}

/// Those of the permissions that the caller may give on, for documents that inherit them.
fn inheritable(cx: &Cx, permissions: &[Permission]) -> Vec<Permission> {
    let may_give = |permission: &&Permission| cx.is_privileged() || cx.has_role(&permission.role);
    permissions.iter().filter(may_give).cloned().collect()
}

/// The id of the related document that a row names.
fn linked_id(document: &Document, place: usize) -> Option<&str> {
    document.values.get(place).and_then(Value::as_text)
}
