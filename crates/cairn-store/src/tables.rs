//! The tables of documents: one per collection, its columns, indexes and the side table of roles.
//!
//! What they are called is a matter of [`crate::names`].

use std::fmt::Write as _;
use std::ops::Deref;

use cairn_model::ids::ID_CHARS_MAX;
use cairn_model::schema::{Attribute, AttributeType, Collection, Index, IndexType, Relation, Status};
use cairn_query::Field;

use crate::compile::{Column, Columns, RELEVANCE_COLUMN, Words, direction};
use crate::names::TableName;
use crate::sql::Dialect;
use crate::{StoreError, Tx};

/// Bytes that all columns of one index may take on PostgreSQL: a third of a page, less what else an entry holds.
const INDEX_BYTES_MAX: u64 = 2_600;

/// One document per id in a collection.
pub const DOCUMENTS_ID_KEY: &str = "uid";

/// A relationship to a collection that has no attribute for it: a one-way one, seen from its other side.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The relationship as the collection would have it: `related` is the one that has the attribute.
    pub relation: Relation,
}

/// A collection with all that is needed to work on its documents; made once and kept by the cache above.
#[derive(Clone, Debug)]
pub struct Table {
    collection: Collection,
    /// Counts changes of the schema and the permissions; a write checks that it is still this one.
    pub(crate) version: i64,
    /// The one-way relationships that lead here.
    pub incoming: Vec<Incoming>,
    /// Whether clients may use the collection's database.
    pub is_database_enabled: bool,
    /// The family that made the database.
    pub database_kind: String,
    pub(crate) name: TableName,
    pub(crate) sql: TableSql,
}

/// The statements whose text depends on the table alone.
#[derive(Clone, Debug)]
pub(crate) struct TableSql {
    /// All columns of all documents, called `d`: what a list begins with.
    pub all: String,
    pub by_id: String,
    pub insert: String,
    pub update: String,
    pub delete: String,
    pub role_insert: String,
    pub role_delete: String,
}

impl Deref for Table {
    type Target = Collection;

    fn deref(&self) -> &Collection {
        &self.collection
    }
}

/// The columns of every document, as they are selected.
pub(crate) const SYSTEM_COLUMNS: &str = "seq, uid, created, updated, permissions";
/// How many those are.
pub(crate) const SYSTEM_COLUMN_COUNT: usize = 5;

impl Table {
    pub(crate) fn new(
        collection: Collection,
        version: i64,
        database: (bool, String),
        name: TableName,
    ) -> Self {
        let sql = statements(&collection, &name);
        let (is_database_enabled, database_kind) = database;
        Self { collection, version, incoming: Vec::new(), is_database_enabled, database_kind, name, sql }
    }

    /// The collection alone.
    pub fn collection(&self) -> &Collection {
        &self.collection
    }

    /// Whether documents of the collection relate to others, or others to them.
    pub fn has_relations(&self) -> bool {
        !self.incoming.is_empty()
            || self.collection.attributes.iter().any(|attribute| attribute.relation.is_some())
    }
}

/// The attributes that have a column, with their places.
pub(crate) fn stored(collection: &Collection) -> impl Iterator<Item = (usize, &Attribute)> {
    let attributes = collection.attributes.iter().enumerate();
    attributes.filter(|(_, attribute)| attribute.status == Status::Available && !attribute.is_virtual())
}

fn statements(collection: &Collection, name: &TableName) -> TableSql {
    let (table, roles) = (name.documents(), name.roles());
    let (mut list, mut placeholders, mut assignments) = (String::new(), String::new(), String::new());
    for (place, (_, attribute)) in stored(collection).enumerate() {
        let (column, number) = (column_name(attribute), place + 5);
        let _ = write!(list, ", {column}");
        let _ = write!(placeholders, ", ?{number}");
        let _ = write!(assignments, ", {column} = ?{number}");
    }
    TableSql {
        all: format!("SELECT {SYSTEM_COLUMNS}{list} FROM {table} AS d"),
        by_id: format!("SELECT {SYSTEM_COLUMNS}{list} FROM {table} WHERE uid = ?1"),
        insert: format!(
            "INSERT INTO {table} (uid, created, updated, permissions{list}) VALUES (?1, ?2, ?3, ?4{placeholders})"
        ),
        update: format!(
            "UPDATE {table} SET created = ?2, updated = ?3, permissions = ?4{assignments} WHERE seq = ?1"
        ),
        delete: format!("DELETE FROM {table} WHERE seq = ?1"),
        role_insert: format!("INSERT INTO {roles} (role, seq) VALUES (?1, ?2) ON CONFLICT DO NOTHING"),
        role_delete: format!("DELETE FROM {roles} WHERE role = ?1 AND seq = ?2"),
    }
}

impl Columns for Table {
    fn column(&self, field: Field) -> Column {
        let (name, is_nullable) = match field {
            Field::Id => ("uid".to_owned(), false),
            Field::Sequence => ("seq".to_owned(), false),
            Field::Created => ("created".to_owned(), false),
            Field::Updated => ("updated".to_owned(), false),
            Field::Permissions => ("permissions".to_owned(), false),
            Field::Relevance => (RELEVANCE_COLUMN.to_owned(), false),
            Field::Attribute(place) => {
                let attribute = self.collection.attributes.get(place);
                (attribute.map_or_else(|| "NULL".to_owned(), column_name), true)
            }
        };
        Column { name, is_nullable }
    }

    fn words(&self, field: Field) -> Option<Words> {
        let Field::Attribute(place) = field else { return None };
        let attribute = self.collection.attributes.get(place)?;
        let index = available(&self.collection, IndexType::Fulltext)
            .find(|index| index.attributes.contains(&attribute.key))?;
        Some(Words { table: self.name.words(), index: index.number, column: attribute.column })
    }
}

/// The indexes of one type that are in use.
pub(crate) fn available(collection: &Collection, kind: IndexType) -> impl Iterator<Item = &Index> {
    let indexes = collection.indexes.iter();
    indexes.filter(move |index| index.kind == kind && index.status == Status::Available)
}

pub(crate) fn column_name(attribute: &Attribute) -> String {
    let number = attribute.relation.as_ref().map_or(attribute.column, |relation| relation.number);
    format!("c{number}")
}

fn column_type(attribute: &Attribute, dialect: Dialect) -> &'static str {
    let text = match dialect {
        Dialect::Sqlite => "TEXT",
        Dialect::Postgres => "TEXT COLLATE \"C\"",
    };
    match attribute.kind {
        _ if attribute.is_array => text,
        AttributeType::Integer | AttributeType::Bigint | AttributeType::Datetime => "BIGINT",
        AttributeType::Float => "DOUBLE PRECISION",
        AttributeType::Boolean => "BOOLEAN",
        _ => text,
    }
}

impl Tx {
    pub(crate) fn table_name(&self, collection: i64) -> TableName {
        TableName::new(self.dialect(), self.scope(), collection)
    }

    /// Make the table of a new collection, with the columns of its available attributes, without indexes.
    pub async fn table_create(&self, collection: &Collection) -> Result<(), StoreError> {
        let (name, dialect) = (self.table_name(collection.number), self.dialect());
        let (table, roles) = (name.documents(), name.roles());
        let mut columns = String::new();
        for (_, attribute) in stored(collection) {
            let _ = write!(columns, ", {} {}", column_name(attribute), column_type(attribute, dialect));
        }
        let (seq, text, without_rowid) = match dialect {
            Dialect::Sqlite => ("INTEGER PRIMARY KEY AUTOINCREMENT", "TEXT", " WITHOUT ROWID"),
            Dialect::Postgres => {
                ("BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", "TEXT COLLATE \"C\"", "")
            }
        };
        self.batch(&format!(
            "CREATE TABLE {table} (seq {seq}, uid {text} NOT NULL UNIQUE, created BIGINT NOT NULL, \
             updated BIGINT NOT NULL, permissions {text} NOT NULL{columns});
             CREATE TABLE {roles} (role BIGINT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (role, seq)){without_rowid}"
        ))
        .await
    }

    /// Remove the table of a collection; nothing happens where there is none.
    pub async fn table_drop(&self, collection: i64) -> Result<(), StoreError> {
        let name = self.table_name(collection);
        self.table_rebuild_undo(collection).await?;
        self.frames_drop_all(&name).await?;
        let (table, roles, words) = (name.documents(), name.roles(), name.words());
        self.batch(&format!(
            "DROP TABLE IF EXISTS {table}; DROP TABLE IF EXISTS {roles}; DROP TABLE IF EXISTS {words}"
        ))
        .await
    }

    /// Add the column of an attribute.
    pub async fn column_create(&self, collection: i64, attribute: &Attribute) -> Result<(), StoreError> {
        let table = self.table_name(collection).documents();
        let (column, kind) = (column_name(attribute), column_type(attribute, self.dialect()));
        self.columns_changing(collection).await?;
        self.batch(&format!("ALTER TABLE {table} ADD COLUMN {column} {kind}")).await?;
        self.columns_changed(collection).await
    }

    /// Remove the column of an attribute; no index uses it any more.
    pub async fn column_drop(
        &self,
        collection: &Collection,
        attribute: &Attribute,
    ) -> Result<(), StoreError> {
        self.meter_column(collection, attribute).await?;
        let (table, column) = (self.table_name(collection.number).documents(), column_name(attribute));
        self.columns_changing(collection.number).await?;
        self.batch(&format!("ALTER TABLE {table} DROP COLUMN {column}")).await?;
        self.columns_changed(collection.number).await
    }

    /// Whether a stored text of the attribute has more than `chars_max` characters.
    pub async fn column_has_longer(
        &self,
        collection: &Collection,
        attribute: &Attribute,
        chars_max: u32,
    ) -> Result<bool, StoreError> {
        let (table, column) = (self.table_name(collection.number).documents(), column_name(attribute));
        let sql = format!("SELECT 1 FROM {table} WHERE length({column}) > ?1 LIMIT 1");
        let found = self.row(&sql, &[i64::from(chars_max).into()], |_| Ok(())).await?;
        Ok(found.is_some() && !attribute.is_array)
    }

    /// Build an index. A conflict means that the documents have equal values where it wants them unique.
    ///
    /// `$sequence` is its last column, so that a filter on the others comes out in the order of a list.
    pub async fn index_build(&self, collection: &Collection, index: &Index) -> Result<(), StoreError> {
        match index.kind {
            IndexType::Fulltext => return self.words_build(collection, index).await,
            IndexType::Spatial => return self.frames_build(collection, index).await,
            IndexType::Key | IndexType::Unique => {}
        }
        let (name, dialect) = (self.table_name(collection.number), self.dialect());
        let mut columns = Vec::with_capacity(index.attributes.len() + 1);
        for (place, key) in index.attributes.iter().enumerate() {
            columns.push(index_column(collection, index, place, key, dialect)?);
        }
        let unique = if index.kind == IndexType::Unique { "UNIQUE " } else { "" };
        if index.kind != IndexType::Unique && dialect == Dialect::Postgres {
            columns.push("seq".to_owned());
        }
        let (index, table, columns) = (name.index(index.number), name.documents(), columns.join(", "));
        self.columns_changing(collection.number).await?;
        self.run(&format!("CREATE {unique}INDEX {index} ON {table} ({columns})"), &[]).await.map(drop)
    }

    /// Remove an index; nothing happens where there is none.
    pub async fn index_drop(&self, collection: i64, index: &Index) -> Result<(), StoreError> {
        let name = self.table_name(collection);
        match index.kind {
            IndexType::Fulltext => return self.words_drop(&name, index).await,
            IndexType::Spatial => return self.frames_drop(&name, index).await,
            IndexType::Key | IndexType::Unique => {}
        }
        let index = name.index(index.number);
        self.columns_changing(collection).await?;
        self.batch(&format!("DROP INDEX IF EXISTS {}{index}", name.schema)).await
    }
}

fn index_column(
    collection: &Collection,
    index: &Index,
    place: usize,
    key: &str,
    dialect: Dialect,
) -> Result<String, StoreError> {
    let order = index.order(place);
    let nulls = match dialect {
        // SQLite takes these words in orders only; its indexes have nulls where the orders want them.
        Dialect::Sqlite => direction(order, false),
        Dialect::Postgres => direction(order, true),
    };
    let given = index.lengths.get(place).copied().flatten();
    let (column, text_size, given) = match key {
        "$id" => ("uid".to_owned(), u32::try_from(ID_CHARS_MAX).ok(), given),
        "$createdAt" => ("created".to_owned(), None, None),
        "$updatedAt" => ("updated".to_owned(), None, None),
        key => {
            let (_, attribute) = collection
                .attribute(key)
                .ok_or_else(|| StoreError::inconsistent("indexes", "attributes", key))?;
            let size = attribute.kind.is_text().then_some(attribute.size);
            // An array is kept as one text, whose beginning is nobody's value.
            (column_name(attribute), size, given.filter(|_| !attribute.is_array))
        }
    };
    let Some(size) = text_size else { return Ok(format!("{column}{nulls}")) };
    // COMPAT(appwrite): a unique index with a length compares beginnings. Any other index answers the same without it.
    let length = given.filter(|&length| (1..size).contains(&length));
    let is_unique = index.kind == IndexType::Unique;
    let (value, size) = match length {
        Some(length) if is_unique => (beginning(&column, length, dialect), length),
        _ => (column, size),
    };
    let bytes = INDEX_BYTES_MAX / index.attributes.len() as u64;
    if dialect == Dialect::Postgres && u64::from(size) * 4 > bytes {
        // An entry of PostgreSQL cannot hold all of so long a text.
        let held = if is_unique { format!("md5({value})") } else { format!("left({value}, {})", bytes / 4) };
        return Ok(format!("{held}{nulls}"));
    }
    Ok(format!("{value}{nulls}"))
}

/// The first characters of a column.
fn beginning(column: &str, chars: u32, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("substr({column}, 1, {chars})"),
        Dialect::Postgres => format!("left({column}, {chars})"),
    }
}
