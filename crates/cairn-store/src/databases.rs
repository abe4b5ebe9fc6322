//! Databases: name spaces for collections.

use cairn_faults::Error;
use cairn_model::ids::DatabaseId;
use cairn_model::schema::Database;
use cairn_query::{FieldType, NounField};

use crate::listing::{Listing, Page, Source};
use crate::sql::{Row, params};
use crate::{Noun, StoreError, Tx};

/// One database per id in a project.
pub const DATABASES_ID_KEY: &str = "project,id";

const COLUMNS: &str = "id, number, name, is_enabled, kind, created, updated";

/// What lists of databases can be filtered and ordered by.
pub const DATABASE_FIELDS: &[NounField] = &[NounField::one("name", FieldType::Text)];

const SOURCE: Source =
    Source { table: "cairn_databases", columns: COLUMNS, seq: "number", fields: &["name"], search: "search" };

pub(crate) fn database(row: &Row<'_>) -> Result<Database, StoreError> {
    Ok(Database {
        id: DatabaseId(row.text(0)?),
        number: row.int(1)?,
        name: row.text(2)?,
        is_enabled: row.bool(3)?,
        kind: row.text(4)?,
        created: row.time(5)?,
        updated: row.time(6)?,
    })
}

pub(crate) fn search_text(id: &str, name: &str) -> String {
    format!("{id} {name}").to_lowercase()
}

/// What caches call a collection, whose id is its own within its database alone.
pub fn cache_id(database: &str, collection: &str) -> String {
    format!("{database}/{collection}")
}

impl Tx {
    /// Add a database. Conflicts on [`DATABASES_ID_KEY`].
    pub async fn database_insert(&self, database: &Database) -> Result<(), StoreError> {
        self.meter_database(1);
        self.run_one(
            "INSERT INTO cairn_databases (project, id, number, name, is_enabled, kind, search, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                self.scope(),
                database.id.as_str(),
                database.number,
                &database.name,
                database.is_enabled,
                &database.kind,
                search_text(database.id.as_str(), &database.name),
                database.created,
                database.updated,
            ],
        )
        .await
    }

    /// The database with this id.
    pub async fn database_by_id(&self, id: &DatabaseId) -> Result<Option<Database>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_databases WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], database).await
    }

    /// A page of databases, by fields of [`DATABASE_FIELDS`].
    pub async fn database_list(&self, listing: &Listing) -> Result<Page<Database>, Error> {
        self.list(&SOURCE, &[], listing, database).await
    }

    /// Write back a database that was read in this transaction.
    pub async fn database_update(&self, database: &Database) -> Result<(), StoreError> {
        self.database_touch(database).await?;
        self.run_one(
            "UPDATE cairn_databases SET name = ?3, is_enabled = ?4, search = ?5, updated = ?6 \
             WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                database.id.as_str(),
                &database.name,
                database.is_enabled,
                search_text(database.id.as_str(), &database.name),
                database.updated,
            ],
        )
        .await
    }

    /// Remove a database with its collections; the numbers of these, whose tables are still there.
    pub async fn database_delete(&self, database: &Database) -> Result<Vec<i64>, StoreError> {
        let numbers = self.database_touch(database).await?;
        self.usage_of_database_ends(database, &numbers).await?;
        for table in ["cairn_attributes", "cairn_indexes"] {
            let sql = format!(
                "DELETE FROM {table} WHERE project = ?1 AND collection IN \
                 (SELECT number FROM cairn_collections WHERE project = ?1 AND database_number = ?2)"
            );
            self.run(&sql, params![self.scope(), database.number]).await?;
        }
        let sql = "DELETE FROM cairn_collections WHERE project = ?1 AND database_number = ?2";
        self.run(sql, params![self.scope(), database.number]).await?;
        let sql = "DELETE FROM cairn_databases WHERE project = ?1 AND id = ?2";
        self.run_one(sql, params![self.scope(), database.id.as_str()]).await?;
        Ok(numbers)
    }

    /// Caches keep a collection together with what they need of its database.
    async fn database_touch(&self, database: &Database) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT number, id FROM cairn_collections WHERE project = ?1 AND database_number = ?2";
        let params = params![self.scope(), database.number];
        let collections = self.rows(sql, params, |row| Ok((row.int(0)?, row.text(1)?))).await?;
        for (_, id) in &collections {
            self.touch(Noun::Collection, &cache_id(database.id.as_str(), id));
        }
        Ok(collections.into_iter().map(|(number, _)| number).collect())
    }
}
