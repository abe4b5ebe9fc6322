//! What full-text and spatial indexes keep beside a table: the words of texts, and the frames of shapes.
//!
//! INVARIANT: both follow the rows in the same transaction. A row is `(seq, value)`; what is kept for it is computed from
//! the value alone, so that an old value tells what to remove.

use cairn_model::schema::{Attribute, Collection, Document, Index, IndexType};
use cairn_model::shape::{Frame, Shape};
use cairn_model::value::Value;
use cairn_query::words;

use super::values;
use crate::names::TableName;
use crate::sql::{Dialect, params, to_json};
use crate::tables::{Table, available, column_name};
use crate::{StoreError, Tx};

/// Rows that are read at once while an index is built.
const BUILD_ROWS: i64 = 100;
/// Words that are written in one statement.
const WORDS_AT_ONCE: usize = 4_000;

/// One attribute that an index keeps something of.
struct Side<'a> {
    index: &'a Index,
    place: usize,
    attribute: &'a Attribute,
}

fn sides<'a>(collection: &'a Collection, index: &'a Index) -> impl Iterator<Item = Side<'a>> {
    let attributes = index.attributes.iter().filter_map(|key| collection.attribute(key));
    attributes.map(move |(place, attribute)| Side { index, place, attribute })
}

fn all_of(collection: &Collection, kind: IndexType) -> impl Iterator<Item = Side<'_>> {
    available(collection, kind).flat_map(|index| sides(collection, index))
}

fn frame(value: &Value) -> Option<Frame> {
    Shape::of_any_kind(value).ok().map(|shape| shape.frame())
}

fn text_words(value: &Value) -> Vec<String> {
    value.as_text().map(words::of_text).unwrap_or_default()
}

impl Tx {
    /// Keep what the indexes of a table need of a new row.
    pub(crate) async fn sides_insert(
        &self,
        table: &Table,
        seq: i64,
        document: &Document,
    ) -> Result<(), StoreError> {
        for side in all_of(table, IndexType::Fulltext) {
            self.words_add(&table.name, &side, &[(seq, document.values.get(side.place))]).await?;
        }
        for side in all_of(table, IndexType::Spatial) {
            self.frames_add(&table.name, &side, &[(seq, document.values.get(side.place))]).await?;
        }
        Ok(())
    }

    /// Let it follow a changed row.
    pub(crate) async fn sides_update(
        &self,
        table: &Table,
        old: &Document,
        new: &Document,
    ) -> Result<(), StoreError> {
        let has_changed = |side: &Side<'_>| old.values.get(side.place) != new.values.get(side.place);
        for side in all_of(table, IndexType::Fulltext).filter(has_changed) {
            self.words_remove(&table.name, &side, old).await?;
            self.words_add(&table.name, &side, &[(new.seq, new.values.get(side.place))]).await?;
        }
        for side in all_of(table, IndexType::Spatial).filter(has_changed) {
            self.frames_remove(&table.name, &side, old.seq).await?;
            self.frames_add(&table.name, &side, &[(new.seq, new.values.get(side.place))]).await?;
        }
        Ok(())
    }

    /// Remove it with its row.
    pub(crate) async fn sides_delete(&self, table: &Table, document: &Document) -> Result<(), StoreError> {
        for side in all_of(table, IndexType::Fulltext) {
            self.words_remove(&table.name, &side, document).await?;
        }
        for side in all_of(table, IndexType::Spatial) {
            self.frames_remove(&table.name, &side, document.seq).await?;
        }
        Ok(())
    }

    async fn words_add(
        &self,
        name: &TableName,
        side: &Side<'_>,
        rows: &[(i64, Option<&Value>)],
    ) -> Result<(), StoreError> {
        let mut kept = Vec::new();
        for (seq, value) in rows {
            let found = value.map(text_words).unwrap_or_default();
            kept.extend(found.into_iter().enumerate().map(|(place, word)| (seq, place, word)));
        }
        let table = name.words();
        let into = format!("INSERT INTO {table} (idx, col, seq, place, word)");
        let sql = match self.dialect() {
            Dialect::Sqlite => format!(
                "{into} SELECT ?1, ?2, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
                 json_extract(value, '$[2]') FROM json_each(?3)"
            ),
            Dialect::Postgres => format!(
                "{into} SELECT ?1::bigint, ?2::bigint, (e.v->>0)::bigint, (e.v->>1)::bigint, e.v->>2 \
                 FROM jsonb_array_elements(?3::text::jsonb) AS e(v)"
            ),
        };
        for some in kept.chunks(WORDS_AT_ONCE) {
            self.run(&sql, params![side.index.number, side.attribute.column, to_json(&some)]).await?;
        }
        Ok(())
    }

    async fn words_remove(
        &self,
        name: &TableName,
        side: &Side<'_>,
        old: &Document,
    ) -> Result<(), StoreError> {
        let mut found = old.values.get(side.place).map(text_words).unwrap_or_default();
        if found.is_empty() {
            return Ok(());
        }
        found.sort_unstable();
        found.dedup();
        let listed = match self.dialect() {
            Dialect::Sqlite => "SELECT value FROM json_each(?4)",
            Dialect::Postgres => "SELECT jsonb_array_elements_text(?4::text::jsonb)",
        };
        let table = name.words();
        let sql =
            format!("DELETE FROM {table} WHERE idx = ?1 AND col = ?2 AND seq = ?3 AND word IN ({listed})");
        let params = params![side.index.number, side.attribute.column, old.seq, to_json(&found)];
        self.run(&sql, params).await.map(drop)
    }

    async fn frames_add(
        &self,
        name: &TableName,
        side: &Side<'_>,
        rows: &[(i64, Option<&Value>)],
    ) -> Result<(), StoreError> {
        let kept: Vec<_> = rows
            .iter()
            .filter_map(|(seq, value)| {
                let Frame { west, south, east, north } = frame((*value)?)?;
                Some((seq, west, east, south, north))
            })
            .collect();
        if kept.is_empty() {
            return Ok(());
        }
        let into = format!("INSERT INTO {} (seq, west, east, south, north)", name.frames(side.index.number));
        let sql = match self.dialect() {
            Dialect::Sqlite => format!(
                "{into} SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
                 json_extract(value, '$[2]'), json_extract(value, '$[3]'), json_extract(value, '$[4]') \
                 FROM json_each(?1)"
            ),
            Dialect::Postgres => format!(
                "{into} SELECT (e.v->>0)::bigint, (e.v->>1)::double precision, (e.v->>2)::double precision, \
                 (e.v->>3)::double precision, (e.v->>4)::double precision \
                 FROM jsonb_array_elements(?1::text::jsonb) AS e(v)"
            ),
        };
        self.run(&sql, params![to_json(&kept)]).await.map(drop)
    }

    async fn frames_remove(&self, name: &TableName, side: &Side<'_>, seq: i64) -> Result<(), StoreError> {
        let sql = format!("DELETE FROM {} WHERE seq = ?1", name.frames(side.index.number));
        self.run(&sql, params![seq]).await.map(drop)
    }

    /// Build a full-text index on what is there.
    pub(crate) async fn words_build(&self, collection: &Collection, index: &Index) -> Result<(), StoreError> {
        let name = self.table_name(collection.number);
        let (text, without_rowid) = match self.dialect() {
            Dialect::Sqlite => ("TEXT", " WITHOUT ROWID"),
            Dialect::Postgres => ("TEXT COLLATE \"C\"", ""),
        };
        self.batch(&format!(
            "CREATE TABLE IF NOT EXISTS {} (idx BIGINT NOT NULL, col BIGINT NOT NULL, word {text} NOT NULL, \
             seq BIGINT NOT NULL, place BIGINT NOT NULL, PRIMARY KEY (idx, col, word, seq, place)){without_rowid}",
            name.words()
        ))
        .await?;
        for side in sides(collection, index) {
            let mut last = 0;
            while let Some(rows) = self.build_rows(&name, side.attribute, &mut last).await? {
                let rows: Vec<_> = rows.iter().map(|(seq, value)| (*seq, Some(value))).collect();
                self.words_add(&name, &side, &rows).await?;
            }
        }
        Ok(())
    }

    /// Build a spatial index on what is there.
    pub(crate) async fn frames_build(
        &self,
        collection: &Collection,
        index: &Index,
    ) -> Result<(), StoreError> {
        let name = self.table_name(collection.number);
        let frames = name.frames(index.number);
        self.batch(&match self.dialect() {
            Dialect::Sqlite => {
                format!("CREATE VIRTUAL TABLE {frames} USING rtree(seq, west, east, south, north)")
            }
            Dialect::Postgres => format!(
                "CREATE TABLE {frames} (seq BIGINT PRIMARY KEY, west DOUBLE PRECISION NOT NULL, \
                 east DOUBLE PRECISION NOT NULL, south DOUBLE PRECISION NOT NULL, north DOUBLE PRECISION NOT NULL);
                 CREATE INDEX ON {frames} USING gist (box(point(east, north), point(west, south)))"
            ),
        })
        .await?;
        for side in sides(collection, index) {
            let mut last = 0;
            while let Some(rows) = self.build_rows(&name, side.attribute, &mut last).await? {
                let rows: Vec<_> = rows.iter().map(|(seq, value)| (*seq, Some(value))).collect();
                self.frames_add(&name, &side, &rows).await?;
            }
        }
        Ok(())
    }

    /// The next rows behind `last` that have a value, or none.
    async fn build_rows(
        &self,
        name: &TableName,
        attribute: &Attribute,
        last: &mut i64,
    ) -> Result<Option<Vec<(i64, Value)>>, StoreError> {
        let (table, column) = (name.documents(), column_name(attribute));
        let sql = format!(
            "SELECT seq, {column} FROM {table} WHERE seq > ?1 AND {column} IS NOT NULL ORDER BY seq LIMIT ?2"
        );
        let rows = self
            .rows(&sql, params![*last, BUILD_ROWS], |row| Ok((row.int(0)?, values::read(row, 1, attribute)?)))
            .await?;
        match rows.last() {
            Some((seq, _)) => *last = *seq,
            None => return Ok(None),
        }
        Ok(Some(rows))
    }

    /// Remove what a full-text index kept.
    pub(crate) async fn words_drop(&self, name: &TableName, index: &Index) -> Result<(), StoreError> {
        // An index that was never built may be the first, and there is no table then.
        if self.table_exists(name, &format!("{}_w", name.base)).await? {
            let sql = format!("DELETE FROM {} WHERE idx = ?1", name.words());
            self.run(&sql, params![index.number]).await?;
        }
        Ok(())
    }

    /// Remove what a spatial index kept.
    pub(crate) async fn frames_drop(&self, name: &TableName, index: &Index) -> Result<(), StoreError> {
        self.batch(&format!("DROP TABLE IF EXISTS {}", name.frames(index.number))).await
    }

    /// Remove what all spatial indexes of a table kept.
    pub(crate) async fn frames_drop_all(&self, name: &TableName) -> Result<(), StoreError> {
        let like = format!("{}\\_g%", name.base.replace('_', "\\_"));
        let sql = match self.dialect() {
            Dialect::Sqlite => {
                "SELECT name FROM sqlite_schema WHERE name LIKE ?1 ESCAPE '\\' AND sql LIKE 'CREATE VIRTUAL%'"
            }
            Dialect::Postgres => {
                "SELECT tablename::text FROM pg_catalog.pg_tables WHERE tablename::text LIKE ?1 ESCAPE '\\' \
                 AND schemaname || '.' = ?2"
            }
        };
        let mut values = vec![like.into()];
        if self.dialect() == Dialect::Postgres {
            values.push(name.schema.as_str().into());
        }
        for table in self.rows(sql, &values, |row| row.text(0)).await? {
            self.batch(&format!("DROP TABLE IF EXISTS {}{table}", name.schema)).await?;
        }
        Ok(())
    }

    async fn table_exists(&self, name: &TableName, base: &str) -> Result<bool, StoreError> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => ("SELECT 1 FROM sqlite_schema WHERE name = ?1", vec![base.into()]),
            Dialect::Postgres => (
                "SELECT 1 FROM pg_catalog.pg_tables WHERE tablename::text = ?1 AND schemaname || '.' = ?2",
                vec![base.into(), name.schema.as_str().into()],
            ),
        };
        Ok(self.row(sql, &values, |_| Ok(())).await?.is_some())
    }
}
