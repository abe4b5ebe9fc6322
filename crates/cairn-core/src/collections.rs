//! Collections: what documents look like and who may do what with them.
//!
//! Keys and admins alone manage them. Everyone else meets a collection through `open`, which hides what is
//! switched off.

mod authors;

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::ids::DatabaseId;
use cairn_model::permissions::Permission;
use cairn_model::schema::{Attribute, Collection, Index, Refusal, Rule, Status};
use cairn_query::{NounField, NounFields};
use cairn_store::{COLLECTIONS_ID_KEY, JobKind, Noun, OnConflict as _, Page, Table, Task, Tx, cache_id};

use crate::cache::{Cache, CacheFigures};
use crate::databases::find as find_database;
use crate::listing::ListRequest;
use crate::relationships::{self, NewRelationship};
use crate::schemas::{Place, find, not_found, refused};
use crate::{Cx, jobs};

/// Schemas that are kept at once over all projects.
const TABLES_KEPT_MAX: u64 = 10_000;

/// A collection to make.
#[derive(Clone, Debug)]
pub struct NewCollection {
    /// Its id, or `unique()`.
    pub id: String,
    /// The name that people give it.
    pub name: String,
    /// Who may do what with all of its documents.
    pub permissions: Vec<Permission>,
    /// Whether a document's own permissions count too.
    pub document_security: bool,
    /// Whether documents keep who made and who changed them.
    pub has_authors: bool,
    /// Whether clients may use it.
    pub is_enabled: bool,
    /// Attributes that it has from the start.
    pub attributes: Vec<Attribute>,
    /// Indexes that it has from the start.
    pub indexes: Vec<Index>,
    /// Relationships that it has from the start, behind its other attributes.
    pub relationships: Vec<NewRelationship>,
}

/// New values of a collection.
#[derive(Clone, Debug)]
pub struct CollectionPatch {
    /// The name; `None` leaves it alone.
    pub name: Option<String>,
    /// The permissions; `None` leaves them alone.
    pub permissions: Option<Vec<Permission>>,
    /// Whether a document's own permissions count too.
    pub document_security: bool,
    /// Whether documents keep who made and who changed them; `None` leaves that alone.
    pub has_authors: Option<bool>,
    /// Whether clients may use it.
    pub is_enabled: bool,
}

/// Collections that requests have named.
pub(crate) struct Tables(Cache<Option<Arc<Table>>>);

impl Tables {
    /// What the cache tells about itself.
    pub(crate) fn figures(&self) -> CacheFigures {
        self.0.figures()
    }
}

impl Default for Tables {
    fn default() -> Self {
        Self(Cache::new(Noun::Collection, TABLES_KEPT_MAX))
    }
}

/// The collection for work on its documents.
///
/// # Errors
/// `database_not_found` and `collection_not_found`, also for what is switched off, except to keys and admins.
pub(crate) async fn open(cx: &Cx, place: &Place) -> Result<Arc<Table>, Error> {
    let Some(table) = table_at(cx, place).await? else {
        let database = place.database.clone();
        let found =
            cx.store().read(cx.project_ref(), |tx| async move { find_database(&tx, &database).await });
        let database = found.await?;
        if !database.is_enabled && !cx.is_privileged() {
            return Err(Fault::DatabaseNotFound.with("database", &place.database));
        }
        return Err(not_found(&place.collection));
    };
    if !cx.is_privileged() {
        if !table.is_database_enabled {
            return Err(Fault::DatabaseNotFound.with("database", &place.database));
        }
        if !table.is_enabled {
            return Err(not_found(&place.collection));
        }
    }
    Ok(table)
}

/// The collection at a place, whoever may use it.
pub(crate) async fn table_at(cx: &Cx, place: &Place) -> Result<Option<Arc<Table>>, Error> {
    let id = cache_id(place.database.as_str(), place.collection.as_str());
    let load = || async move {
        let read = |tx: Tx| async move { tx.table_by_id(&place.database, &place.collection).await };
        Ok::<_, Error>(cx.store().read(cx.project_ref(), read).await?.map(Arc::new))
    };
    cx.app.tables.0.get(cx.store(), cx.project_ref(), &id, load).await
}

/// Make a collection, with attributes and indexes that are available at once: its table is empty.
pub async fn create(cx: &Cx, database: &str, new: NewCollection) -> Result<Collection, Error> {
    let (database, id, now) = (DatabaseId::from(database), cx.id_or_new(&new.id), cx.now());
    // A relationship gives a table that has documents a column with an index.
    let is_long = !new.relationships.is_empty();
    let write = move |tx: Tx| async move {
        let database = find_database(&tx, &database).await?;
        let mut made = Collection {
            id: id.into(),
            number: tx.counter_next("collections").await?,
            database_id: database.id.clone(),
            database_number: database.number,
            name: new.name,
            is_enabled: new.is_enabled,
            document_security: new.document_security,
            permissions: new.permissions,
            attributes: Vec::new(),
            indexes: Vec::new(),
            created: now,
            updated: now,
        };
        for attribute in new.attributes {
            let column = tx.counter_next("columns").await?;
            let attribute =
                Attribute { column, status: Status::Available, created: now, updated: now, ..attribute };
            made.check_new_attribute(&attribute).map_err(refused_whole)?;
            made.attributes.push(attribute);
        }
        for index in new.indexes {
            let number = tx.counter_next("indexes").await?;
            let index = Index { number, status: Status::Available, created: now, updated: now, ..index };
            made.check_new_index(&index).map_err(refused_whole)?;
            made.indexes.push(index);
        }
        if new.has_authors {
            authors::define(&tx, &mut made, now).await?;
        }
        tx.collection_insert(&made)
            .await
            .on_conflict(COLLECTIONS_ID_KEY, Fault::CollectionAlreadyExists)
            .map_err(|error| error.with("collection", &made.id))?;
        tx.table_create(&made).await?;
        for index in &made.indexes {
            tx.index_build(&made, index).await?;
        }
        if new.relationships.is_empty() {
            return Ok(made);
        }
        let place = Place { database: database.id, collection: made.id };
        for relationship in new.relationships {
            relationships::create_in(&tx, &place, relationship, now).await?;
        }
        find(&tx, &place).await
    };
    if is_long { cx.write_long(write).await } else { cx.store().write(cx.project_ref(), write).await }
}

/// The collection at `place`, with its schema.
pub async fn get(cx: &Cx, place: Place) -> Result<Collection, Error> {
    cx.store().read(cx.project_ref(), |tx| async move { find(&tx, &place).await }).await
}

/// A page of a database's collections; `fields` are those of the caller's vocabulary.
pub async fn list(
    cx: &Cx,
    database: &str,
    fields: &'static [NounField],
    request: ListRequest,
) -> Result<Page<Collection>, Error> {
    let id = DatabaseId::from(database);
    let listing = request.listing(&NounFields(fields))?;
    let read = |tx: Tx| async move {
        let database = find_database(&tx, &id).await?;
        tx.collection_list(&database, &listing).await
    };
    cx.store().read_long(cx.project_ref(), read).await
}

/// Change a collection. Switching document security fills or empties what lists look readers up in; switching authors
/// off forgets them.
pub async fn update(cx: &Cx, place: Place, patch: CollectionPatch) -> Result<Collection, Error> {
    let now = cx.now();
    let write = move |tx: Tx| async move {
        let mut collection = find(&tx, &place).await?;
        let had_security = collection.document_security;
        if let Some(name) = patch.name {
            collection.name = name;
        }
        if let Some(permissions) = patch.permissions {
            collection.permissions = permissions;
        }
        collection.document_security = patch.document_security;
        collection.is_enabled = patch.is_enabled;
        collection.updated = now;
        tx.collection_update(&collection).await?;
        match patch.has_authors {
            Some(true) if !collection.has_authors() => authors::add(&tx, &mut collection, now).await?,
            Some(false) if collection.has_authors() => authors::remove(&tx, &mut collection).await?,
            _ => {}
        }
        if had_security != collection.document_security
            && let Some(table) = tx.table_by_id(&place.database, &place.collection).await?
        {
            if collection.document_security {
                tx.roles_fill(&table).await?;
            } else {
                tx.roles_clear(&table).await?;
            }
        }
        Ok::<_, Error>(collection)
    };
    cx.write_long(write).await
}

/// Remove a collection with its documents. Its table goes in the background.
pub async fn delete(cx: &Cx, place: Place) -> Result<(), Error> {
    jobs::write(cx, move |tx: Tx| async move {
        let collection = find(&tx, &place).await?;
        relationships::collection_goes(&tx, &collection).await?;
        tx.collection_delete(&collection).await?;
        tx.job_insert(&Task { kind: JobKind::TableDrop, collection: collection.number, part: 0 }).await?;
        Ok::<_, Error>(())
    })
    .await
}

/// The fault of a refused schema of a new collection: where it is too large, it is the collection that cannot be made.
#[track_caller]
fn refused_whole(refusal: Refusal) -> Error {
    match refusal.rule {
        Rule::AttributeLimit | Rule::IndexLimit => {
            Fault::CollectionLimitExceeded.with("reason", refusal.reason.to_string()).source(refusal)
        }
        _ => refused(refusal),
    }
}
