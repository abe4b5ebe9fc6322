//! Collections with their attributes and indexes.
//!
//! INVARIANT: every change of one counts up its version and touches it, so that no write goes by an older schema.

mod definitions;

use cairn_faults::Error;
use cairn_model::ids::{CollectionId, DatabaseId};
use cairn_model::schema::{Attribute, Collection, Database, Index};
use cairn_query::{FieldType, NounField};

use crate::databases::{cache_id, search_text};
use crate::listing::{Listing, Page, Source};
use crate::sql::{Row, params};
use crate::tables::Table;
use crate::values::{read_permissions, write_permissions};
use crate::{Noun, StoreError, Tx};

/// One collection per id in a database.
pub const COLLECTIONS_ID_KEY: &str = "project,database_number,id";

const COLUMNS: &str =
    "id, number, name, is_enabled, document_security, permissions, created, updated, version";

/// What lists of collections can be filtered and ordered by.
pub const COLLECTION_FIELDS: &[NounField] = &[
    NounField::one("name", FieldType::Text),
    NounField::one("enabled", FieldType::Bool),
    NounField::one("documentSecurity", FieldType::Bool),
];
/// [`COLLECTION_FIELDS`] in the words of tables.
pub const TABLE_FIELDS: &[NounField] = &[
    NounField::one("name", FieldType::Text),
    NounField::one("enabled", FieldType::Bool),
    NounField::one("rowSecurity", FieldType::Bool),
];

const SOURCE: Source = Source {
    table: "cairn_collections",
    columns: COLUMNS,
    seq: "number",
    fields: &["name", "is_enabled", "document_security"],
    search: "search",
};

fn bare(row: &Row<'_>, database: &Database) -> Result<(Collection, i64), StoreError> {
    let collection = Collection {
        id: CollectionId(row.text(0)?),
        number: row.int(1)?,
        database_id: database.id.clone(),
        database_number: database.number,
        name: row.text(2)?,
        is_enabled: row.bool(3)?,
        document_security: row.bool(4)?,
        permissions: read_permissions(row.str(5)?)?,
        attributes: Vec::new(),
        indexes: Vec::new(),
        created: row.time(6)?,
        updated: row.time(7)?,
    };
    Ok((collection, row.int(8)?))
}

impl Tx {
    /// Add a collection with its attributes and indexes; its table is made apart. Conflicts on [`COLLECTIONS_ID_KEY`].
    pub async fn collection_insert(&self, collection: &Collection) -> Result<(), StoreError> {
        self.collection_touch(collection);
        self.meter_collection(collection.database_number, 1);
        self.run_one(
            "INSERT INTO cairn_collections (project, database_number, id, number, name, is_enabled, \
             document_security, permissions, version, search, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                self.scope(),
                collection.database_number,
                collection.id.as_str(),
                collection.number,
                &collection.name,
                collection.is_enabled,
                collection.document_security,
                write_permissions(&collection.permissions),
                1,
                search_text(collection.id.as_str(), &collection.name),
                collection.created,
                collection.updated,
            ],
        )
        .await?;
        for attribute in &collection.attributes {
            self.attribute_row_insert(collection, attribute).await?;
        }
        for index in &collection.indexes {
            self.index_row_insert(collection, index).await?;
        }
        Ok(())
    }

    /// The collection with this id, with all of its schema.
    pub async fn collection_by_id(
        &self,
        database: &Database,
        id: &CollectionId,
    ) -> Result<Option<Collection>, StoreError> {
        Ok(self.collection_and_version(database, id).await?.map(|(collection, _)| collection))
    }

    /// The collection with this number, as background work knows it.
    pub async fn collection_by_number(&self, number: i64) -> Result<Option<Collection>, StoreError> {
        let sql = "SELECT d.id, d.number, d.name, d.is_enabled, d.kind, d.created, d.updated, c.id \
                   FROM cairn_collections AS c JOIN cairn_databases AS d \
                   ON d.project = c.project AND d.number = c.database_number \
                   WHERE c.project = ?1 AND c.number = ?2";
        let found = self
            .row(sql, params![self.scope(), number], |row| {
                Ok((crate::databases::database(row)?, CollectionId(row.text(7)?)))
            })
            .await?;
        match found {
            None => Ok(None),
            Some((database, id)) => self.collection_by_id(&database, &id).await,
        }
    }

    /// A collection ready for work on its documents.
    pub async fn table_by_id(
        &self,
        database_id: &DatabaseId,
        id: &CollectionId,
    ) -> Result<Option<Table>, StoreError> {
        let Some(database) = self.database_by_id(database_id).await? else { return Ok(None) };
        let Some((collection, version)) = self.collection_and_version(&database, id).await? else {
            return Ok(None);
        };
        let name = self.table_name(collection.number);
        let incoming = self.incoming(&collection).await?;
        let mut table = Table::new(collection, version, (database.is_enabled, database.kind), name);
        table.incoming = incoming;
        Ok(Some(table))
    }

    async fn collection_and_version(
        &self,
        database: &Database,
        id: &CollectionId,
    ) -> Result<Option<(Collection, i64)>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_collections WHERE project = ?1 AND database_number = ?2 AND id = ?3"
        );
        let params = params![self.scope(), database.number, id.as_str()];
        let Some((mut collection, version)) = self.row(&sql, params, |row| bare(row, database)).await? else {
            return Ok(None);
        };
        self.schemas_read(std::slice::from_mut(&mut collection)).await?;
        Ok(Some((collection, version)))
    }

    /// A page of a database's collections, by [`COLLECTION_FIELDS`].
    pub async fn collection_list(
        &self,
        database: &Database,
        listing: &Listing,
    ) -> Result<Page<Collection>, Error> {
        let within = [("database_number = {}", database.number.into())];
        let mut page = self.list(&SOURCE, &within, listing, |row| Ok(bare(row, database)?.0)).await?;
        self.schemas_read(&mut page.items).await?;
        Ok(page)
    }

    /// Write back a collection that was read in this transaction, without its attributes and indexes.
    pub async fn collection_update(&self, collection: &Collection) -> Result<(), StoreError> {
        self.collection_touch(collection);
        self.run_one(
            "UPDATE cairn_collections SET name = ?3, is_enabled = ?4, document_security = ?5, permissions = ?6, \
             search = ?7, updated = ?8, version = version + 1 WHERE project = ?1 AND number = ?2",
            params![
                self.scope(),
                collection.number,
                &collection.name,
                collection.is_enabled,
                collection.document_security,
                write_permissions(&collection.permissions),
                search_text(collection.id.as_str(), &collection.name),
                collection.updated,
            ],
        )
        .await
    }

    /// Remove a collection and its schema; its table is still there.
    pub async fn collection_delete(&self, collection: &Collection) -> Result<(), StoreError> {
        self.collection_touch(collection);
        self.usage_of_collection_ends(collection).await?;
        for table in ["cairn_attributes", "cairn_indexes"] {
            let sql = format!("DELETE FROM {table} WHERE project = ?1 AND collection = ?2");
            self.run(&sql, params![self.scope(), collection.number]).await?;
        }
        let sql = "DELETE FROM cairn_collections WHERE project = ?1 AND number = ?2";
        self.run_one(sql, params![self.scope(), collection.number]).await
    }

    fn collection_touch(&self, collection: &Collection) {
        self.touch(Noun::Collection, &cache_id(collection.database_id.as_str(), collection.id.as_str()));
    }

    /// Say that documents of a collection are to be written by another schema than before.
    pub async fn schema_changed(&self, collection: &Collection) -> Result<(), StoreError> {
        self.collection_touch(collection);
        let sql = "UPDATE cairn_collections SET version = version + 1 WHERE project = ?1 AND number = ?2";
        self.run_one(sql, params![self.scope(), collection.number]).await
    }

    /// Add an attribute; its column is made apart.
    pub async fn attribute_insert(
        &self,
        collection: &Collection,
        attribute: &Attribute,
    ) -> Result<(), StoreError> {
        self.schema_changed(collection).await?;
        self.attribute_row_insert(collection, attribute).await
    }

    /// Write back an attribute that was read in this transaction.
    pub async fn attribute_update(
        &self,
        collection: &Collection,
        attribute: &Attribute,
    ) -> Result<(), StoreError> {
        self.schema_changed(collection).await?;
        self.attribute_row_update(collection, attribute).await
    }

    /// Remove an attribute; its column goes apart.
    pub async fn attribute_delete(
        &self,
        collection: &Collection,
        attribute: &Attribute,
    ) -> Result<(), StoreError> {
        self.schema_changed(collection).await?;
        let sql = "DELETE FROM cairn_attributes WHERE project = ?1 AND collection = ?2 AND number = ?3";
        self.run_one(sql, params![self.scope(), collection.number, attribute.column]).await
    }

    /// Add an index; it is built apart.
    pub async fn index_insert(&self, collection: &Collection, index: &Index) -> Result<(), StoreError> {
        self.schema_changed(collection).await?;
        self.index_row_insert(collection, index).await
    }

    /// Write back an index that was read in this transaction.
    pub async fn index_update(&self, collection: &Collection, index: &Index) -> Result<(), StoreError> {
        self.schema_changed(collection).await?;
        self.index_row_update(collection, index).await
    }

    /// Remove an index; what was built goes apart.
    pub async fn index_delete(&self, collection: &Collection, index: &Index) -> Result<(), StoreError> {
        self.schema_changed(collection).await?;
        let sql = "DELETE FROM cairn_indexes WHERE project = ?1 AND collection = ?2 AND number = ?3";
        self.run_one(sql, params![self.scope(), collection.number, index.number]).await
    }
}
