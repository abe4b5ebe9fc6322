//! Rows of attributes and indexes: what a surface shows of them is kept as JSON, in shapes private to this file.

use cairn_model::schema::{
    Attribute, AttributeType, Collection, Index, IndexType, OnDelete, Order, Range, Relation, RelationType,
    Side, Status,
};
use cairn_query::json::{json_of, value_of};
use serde::{Deserialize, Serialize};

use crate::compile::Sql;
use crate::sql::{Param, Row, params, to_json};
use crate::{StoreError, Tx};

#[derive(Serialize, Deserialize)]
struct AttributeRow {
    kind: String,
    #[serde(default)]
    format: String,
    size: u32,
    is_required: bool,
    is_array: bool,
    #[serde(default)]
    default: serde_json::Value,
    #[serde(default)]
    range: RangeRow,
    #[serde(default)]
    elements: Vec<String>,
    #[serde(default)]
    is_encrypted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    relation: Option<RelationRow>,
}

#[derive(Serialize, Deserialize)]
struct RelationRow {
    number: i64,
    related: i64,
    related_id: String,
    kind: String,
    is_child: bool,
    is_two_way: bool,
    two_way_key: String,
    on_delete: String,
}

#[derive(Default, Serialize, Deserialize)]
enum RangeRow {
    #[default]
    None,
    Int(i64, i64),
    Float(f64, f64),
}

#[derive(Serialize, Deserialize)]
struct IndexRow {
    kind: String,
    attributes: Vec<String>,
    orders: Vec<Option<String>>,
    lengths: Vec<Option<u32>>,
}

impl From<&Attribute> for AttributeRow {
    fn from(attribute: &Attribute) -> Self {
        Self {
            kind: attribute.kind.name().to_owned(),
            format: attribute.kind.format().unwrap_or_default().to_owned(),
            size: attribute.size,
            is_required: attribute.is_required,
            is_array: attribute.is_array,
            default: json_of(&attribute.default),
            range: match attribute.range {
                Range::None => RangeRow::None,
                Range::Int(min, max) => RangeRow::Int(min, max),
                Range::Float(min, max) => RangeRow::Float(min, max),
            },
            elements: attribute.elements.clone(),
            is_encrypted: attribute.is_encrypted,
            relation: attribute.relation.as_deref().map(RelationRow::from),
        }
    }
}

impl From<&Relation> for RelationRow {
    fn from(relation: &Relation) -> Self {
        Self {
            number: relation.number,
            related: relation.related,
            related_id: relation.related_id.as_str().to_owned(),
            kind: relation.kind.name().to_owned(),
            is_child: relation.side == Side::Child,
            is_two_way: relation.is_two_way,
            two_way_key: relation.two_way_key.clone(),
            on_delete: relation.on_delete.name().to_owned(),
        }
    }
}

fn relation(row: RelationRow) -> Option<Relation> {
    Some(Relation {
        number: row.number,
        related: row.related,
        related_id: row.related_id.into(),
        kind: RelationType::by_name(&row.kind)?,
        side: if row.is_child { Side::Child } else { Side::Parent },
        is_two_way: row.is_two_way,
        two_way_key: row.two_way_key,
        on_delete: OnDelete::by_name(&row.on_delete)?,
    })
}

fn attribute(row: &Row<'_>) -> Result<(i64, Attribute), StoreError> {
    let key = row.text(2)?;
    let broken = |column| StoreError::inconsistent("attributes", column, &key);
    let stored: AttributeRow = row.json(3, "attributes")?;
    let kind = AttributeType::from_wire(&stored.kind, &stored.format).ok_or_else(|| broken("definition"))?;
    let attribute = Attribute {
        column: row.int(1)?,
        kind,
        size: stored.size,
        is_required: stored.is_required,
        is_array: stored.is_array,
        default: value_of(stored.default),
        range: match stored.range {
            RangeRow::None => Range::None,
            RangeRow::Int(min, max) => Range::Int(min, max),
            RangeRow::Float(min, max) => Range::Float(min, max),
        },
        elements: stored.elements,
        is_encrypted: stored.is_encrypted,
        relation: match stored.relation {
            Some(row) => Some(Box::new(relation(row).ok_or_else(|| broken("definition"))?)),
            None => None,
        },
        status: Status::by_name(row.str(4)?).ok_or_else(|| broken("status"))?,
        error: row.text(5)?,
        created: row.time(6)?,
        updated: row.time(7)?,
        key,
    };
    Ok((row.int(0)?, attribute))
}

impl From<&Index> for IndexRow {
    fn from(index: &Index) -> Self {
        Self {
            kind: index.kind.name().to_owned(),
            attributes: index.attributes.clone(),
            orders: index.orders.iter().map(|order| order.map(|order| order.name().to_owned())).collect(),
            lengths: index.lengths.clone(),
        }
    }
}

fn index(row: &Row<'_>) -> Result<(i64, Index), StoreError> {
    let key = row.text(2)?;
    let broken = |column| StoreError::inconsistent("indexes", column, &key);
    let stored: IndexRow = row.json(3, "indexes")?;
    let index = Index {
        number: row.int(1)?,
        kind: IndexType::by_name(&stored.kind).ok_or_else(|| broken("definition"))?,
        attributes: stored.attributes,
        orders: stored.orders.iter().map(|order| order.as_deref().and_then(Order::by_name)).collect(),
        lengths: stored.lengths,
        status: Status::by_name(row.str(4)?).ok_or_else(|| broken("status"))?,
        error: row.text(5)?,
        created: row.time(6)?,
        updated: row.time(7)?,
        key,
    };
    Ok((row.int(0)?, index))
}

const COLUMNS: &str = "collection, number, key, definition, status, error, created, updated";

impl Tx {
    /// Read the attributes and indexes of collections, in the order of their making.
    pub(super) async fn schemas_read(&self, collections: &mut [Collection]) -> Result<(), StoreError> {
        if collections.is_empty() {
            return Ok(());
        }
        let numbers: Vec<_> = collections.iter().map(|collection| Param::Int(collection.number)).collect();
        let select = |table: &str| {
            let mut sql = Sql::new(self.dialect(), format!("SELECT {COLUMNS} FROM {table} WHERE project = "));
            sql.bind(self.scope()).push(" AND collection IN ").bind_list(numbers.iter().cloned());
            sql.push(" ORDER BY collection, number");
            sql
        };
        let attributes = select("cairn_attributes");
        let attributes = self.rows(&attributes.text, &attributes.params, attribute).await?;
        let indexes = select("cairn_indexes");
        let indexes = self.rows(&indexes.text, &indexes.params, index).await?;
        let place: std::collections::HashMap<_, _> =
            collections.iter().enumerate().map(|(place, collection)| (collection.number, place)).collect();
        for (number, attribute) in attributes {
            collections[place[&number]].attributes.push(attribute);
        }
        for (number, index) in indexes {
            collections[place[&number]].indexes.push(index);
        }
        Ok(())
    }

    /// Attributes, with their collections, by a condition on `?2` beside the project `?1`.
    pub(crate) async fn attribute_rows(
        &self,
        which: &str,
        value: i64,
    ) -> Result<Vec<(i64, Attribute)>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_attributes WHERE project = ?1 AND {which} ORDER BY collection, number"
        );
        self.rows(&sql, params![self.scope(), value], attribute).await
    }

    pub(super) async fn attribute_row_insert(
        &self,
        collection: &Collection,
        attribute: &Attribute,
    ) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_attributes (project, collection, number, key, definition, status, error, created, \
             updated, related) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                self.scope(),
                collection.number,
                attribute.column,
                &attribute.key,
                to_json(&AttributeRow::from(attribute)),
                attribute.status.name(),
                &attribute.error,
                attribute.created,
                attribute.updated,
                attribute.relation.as_ref().map(|relation| relation.related),
            ],
        )
        .await
    }

    pub(super) async fn attribute_row_update(
        &self,
        collection: &Collection,
        attribute: &Attribute,
    ) -> Result<(), StoreError> {
        self.run_one(
            "UPDATE cairn_attributes SET key = ?4, definition = ?5, status = ?6, error = ?7, updated = ?8 \
             WHERE project = ?1 AND collection = ?2 AND number = ?3",
            params![
                self.scope(),
                collection.number,
                attribute.column,
                &attribute.key,
                to_json(&AttributeRow::from(attribute)),
                attribute.status.name(),
                &attribute.error,
                attribute.updated,
            ],
        )
        .await
    }

    pub(super) async fn index_row_insert(
        &self,
        collection: &Collection,
        index: &Index,
    ) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_indexes (project, collection, number, key, definition, status, error, created, \
             updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                self.scope(),
                collection.number,
                index.number,
                &index.key,
                to_json(&IndexRow::from(index)),
                index.status.name(),
                &index.error,
                index.created,
                index.updated,
            ],
        )
        .await
    }

    pub(super) async fn index_row_update(
        &self,
        collection: &Collection,
        index: &Index,
    ) -> Result<(), StoreError> {
        self.run_one(
            "UPDATE cairn_indexes SET key = ?4, definition = ?5, status = ?6, error = ?7, updated = ?8 \
             WHERE project = ?1 AND collection = ?2 AND number = ?3",
            params![
                self.scope(),
                collection.number,
                index.number,
                &index.key,
                to_json(&IndexRow::from(index)),
                index.status.name(),
                &index.error,
                index.updated,
            ],
        )
        .await
    }
}
