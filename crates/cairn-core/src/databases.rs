//! Databases: name spaces for collections. Keys and admins alone manage them; the route's scope says so.

use cairn_faults::{Error, Fault};
use cairn_model::ids::DatabaseId;
use cairn_model::schema::Database;
use cairn_query::NounFields;
use cairn_store::{DATABASE_FIELDS, DATABASES_ID_KEY, JobKind, OnConflict as _, Page, Task, Tx};

use crate::listing::ListRequest;
use crate::{Cx, jobs};

/// A database to make.
#[derive(Clone, Debug)]
pub struct NewDatabase {
    /// Its id, or `unique()`.
    pub id: String,
    /// The name that people give it.
    pub name: String,
    /// Whether clients may use it.
    pub is_enabled: bool,
    /// The family that makes it, `legacy` or `tablesdb`.
    pub kind: &'static str,
}

/// New values of a database.
#[derive(Clone, Debug)]
pub struct DatabasePatch {
    /// The name; `None` leaves it alone.
    pub name: Option<String>,
    /// Whether clients may use it.
    pub is_enabled: bool,
}

/// Make a database.
pub async fn create(cx: &Cx, new: NewDatabase) -> Result<Database, Error> {
    let now = cx.now();
    let made = Database {
        id: cx.id_or_new(&new.id).into(),
        number: 0,
        name: new.name,
        is_enabled: new.is_enabled,
        kind: new.kind.to_owned(),
        created: now,
        updated: now,
    };
    let write = move |tx: Tx| async move {
        let database = Database { number: tx.counter_next("databases").await?, ..made };
        tx.database_insert(&database)
            .await
            .on_conflict(DATABASES_ID_KEY, Fault::DatabaseAlreadyExists)
            .map_err(|error| error.with("database", &database.id))?;
        Ok::<_, Error>(database)
    };
    cx.store().write(cx.project_ref(), write).await
}

/// The database called `id`.
pub async fn get(cx: &Cx, id: &str) -> Result<Database, Error> {
    let id = DatabaseId::from(id);
    cx.store().read(cx.project_ref(), |tx| async move { find(&tx, &id).await }).await
}

/// The database called `id`, in a transaction.
pub(crate) async fn find(tx: &Tx, id: &DatabaseId) -> Result<Database, Error> {
    tx.database_by_id(id).await?.ok_or_else(|| Fault::DatabaseNotFound.with("database", id))
}

/// A page of databases.
pub async fn list(cx: &Cx, request: ListRequest) -> Result<Page<Database>, Error> {
    let listing = request.listing(&NounFields(DATABASE_FIELDS))?;
    cx.store().read_long(cx.project_ref(), |tx| async move { tx.database_list(&listing).await }).await
}

/// Change a database.
pub async fn update(cx: &Cx, id: &str, patch: DatabasePatch) -> Result<Database, Error> {
    let (id, now) = (DatabaseId::from(id), cx.now());
    let write = move |tx: Tx| async move {
        let mut database = find(&tx, &id).await?;
        if let Some(name) = patch.name {
            database.name = name;
        }
        database.is_enabled = patch.is_enabled;
        database.updated = now;
        tx.database_update(&database).await?;
        Ok::<_, Error>(database)
    };
    cx.store().write(cx.project_ref(), write).await
}

/// Remove a database with all that is in it. Its tables go in the background.
pub async fn delete(cx: &Cx, id: &str) -> Result<(), Error> {
    let id = DatabaseId::from(id);
    jobs::write(cx, move |tx: Tx| async move {
        let database = find(&tx, &id).await?;
        for part in tx.pairs_list(Some(database.number)).await? {
            tx.job_insert(&Task { kind: JobKind::PairsDrop, collection: 0, part }).await?;
        }
        for collection in tx.database_delete(&database).await? {
            tx.job_insert(&Task { kind: JobKind::TableDrop, collection, part: 0 }).await?;
        }
        Ok::<_, Error>(())
    })
    .await
}
