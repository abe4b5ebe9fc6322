//! The values of documents as they stand in columns.

use std::sync::Arc;

use cairn_model::permissions::Permission;
use cairn_model::schema::{Attribute, AttributeType, Document};
use cairn_model::value::Value;
use cairn_query::json::{json_of, value_of};
use cairn_std::Timestamp;

use crate::compile::param;
use crate::sql::{Param, Row, to_json};
use crate::tables::{SYSTEM_COLUMN_COUNT, Table, stored};
use crate::{StoreError, StoreErrorKind};

/// Add what every write of a row sets, behind its key.
pub(crate) fn push_row<'a>(row: &mut Vec<Param<'a>>, table: &Table, document: &'a Document) {
    row.push(document.created.into());
    row.push(document.updated.into());
    row.push(Param::from(write_permissions(&document.permissions)));
    for (place, _) in stored(table) {
        row.push(match document.values.get(place) {
            Some(Value::Text(text)) => Param::from(text),
            Some(Value::Array(items)) => Param::from(write_array(items)),
            Some(value) => param(value),
            None => Param::Null,
        });
    }
}

/// Bytes of what every document has beside its id, its permissions and its values.
const SYSTEM_BYTES: i64 = 24;

/// Bytes of a document whose row, its key before it, is `row`: its id, permissions and values. Links are not weighed.
pub(crate) fn bytes(table: &Table, document: &Document, row: &[Param<'_>]) -> i64 {
    let is_weighed = |attribute: &Attribute| attribute.kind != AttributeType::Relationship;
    let own = stored(table).zip(&row[4..]).filter(|((_, attribute), _)| is_weighed(attribute));
    let values: i64 = own.map(|(_, value)| weight(value)).sum();
    SYSTEM_BYTES + weight(&Param::from(document.id.as_str())) + weight(&row[3]) + values
}

/// Bytes of a value in its column.
fn weight(value: &Param<'_>) -> i64 {
    match value {
        Param::Null => 0,
        Param::Bool(_) => 1,
        Param::Int(_) | Param::Float(_) => 8,
        Param::Text(text) => i64::try_from(text.len()).unwrap_or(i64::MAX),
    }
}

/// Bytes of a document.
pub(crate) fn bytes_of(table: &Table, document: &Document) -> i64 {
    let mut row = vec![Param::Null];
    push_row(&mut row, table, document);
    bytes(table, document, &row)
}

/// Makes documents of rows: of the system columns, and after them those of some attributes.
///
/// Rows of one answer mostly give the same permissions, which are then read once and shared.
pub(crate) struct Decoder<'t> {
    table: &'t Table,
    /// The attributes whose columns follow, with their places in the schema.
    attributes: Vec<(usize, &'t Attribute)>,
    /// The permissions of the row before, as they are stored and as they are read.
    permissions: (String, Arc<[Permission]>),
}

impl<'t> Decoder<'t> {
    /// For rows that have these attributes' columns.
    pub(crate) fn new(table: &'t Table, attributes: impl Iterator<Item = (usize, &'t Attribute)>) -> Self {
        Self { table, attributes: attributes.collect(), permissions: (String::new(), Arc::default()) }
    }

    /// The attributes whose columns follow the system's.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &'t Attribute> {
        self.attributes.iter().map(|(_, attribute)| *attribute)
    }

    /// How many columns a row has of its document; the first column after them has this number.
    pub(crate) fn column_count(&self) -> usize {
        SYSTEM_COLUMN_COUNT + self.attributes.len()
    }

    /// The document of a row.
    pub(crate) fn document(&mut self, row: &Row<'_>) -> Result<Document, StoreError> {
        let permissions = self.permissions(row.str(4)?)?;
        let mut values = Vec::with_capacity(self.table.attributes.len());
        for (column, (place, attribute)) in self.attributes.iter().enumerate() {
            while values.len() < *place {
                values.push(Value::Null);
            }
            values.push(read(row, SYSTEM_COLUMN_COUNT + column, attribute)?);
        }
        values.resize(self.table.attributes.len(), Value::Null);
        let (seq, id) = (row.int(0)?, row.text(1)?.into());
        Ok(Document { seq, id, created: row.time(2)?, updated: row.time(3)?, permissions, values })
    }

    fn permissions(&mut self, text: &str) -> Result<Arc<[Permission]>, StoreError> {
        if self.permissions.0 != text {
            self.permissions = (text.to_owned(), read_permissions(text)?.into());
        }
        Ok(Arc::clone(&self.permissions.1))
    }
}

/// One value out of a row.
pub(crate) fn read(row: &Row<'_>, column: usize, attribute: &Attribute) -> Result<Value, StoreError> {
    if attribute.is_array || attribute.kind.is_spatial() {
        return match row.str_opt(column)? {
            None => Ok(Value::Null),
            Some(text) => read_array(text, attribute),
        };
    }
    let value = match attribute.kind {
        AttributeType::Integer | AttributeType::Bigint => row.int_opt(column)?.map(Value::Int),
        AttributeType::Float => row.float_opt(column)?.map(Value::Float),
        AttributeType::Boolean => row.bool_opt(column)?.map(Value::Bool),
        AttributeType::Datetime => row.time_opt(column)?.map(Value::Datetime),
        _ => row.text_opt(column)?.map(Value::Text),
    };
    Ok(value.unwrap_or_default())
}

/// A list as JSON; instants are milliseconds in it.
fn write_array(items: &[Value]) -> String {
    fn json(item: &Value) -> serde_json::Value {
        match item {
            Value::Datetime(at) => at.0.into(),
            // Shapes are lists of lists.
            Value::Array(items) => items.iter().map(json).collect(),
            other => json_of(other),
        }
    }
    to_json(&items.iter().map(json).collect::<Vec<serde_json::Value>>())
}

fn read_array(text: &str, attribute: &Attribute) -> Result<Value, StoreError> {
    use serde_json::Value as Json;
    let broken = || StoreError::inconsistent("documents", &attribute.key, "of a list");
    let items: Vec<Json> =
        serde_json::from_str(text).map_err(|error| StoreError::caused(broken().kind().clone(), error))?;
    let value = |item: Json| match (attribute.kind, item) {
        (_, Json::Null) => Ok(Value::Null),
        (AttributeType::Datetime, Json::Number(at)) => {
            at.as_i64().map(|at| Value::Datetime(Timestamp(at))).ok_or_else(broken)
        }
        (kind, Json::Number(number)) if kind == AttributeType::Float || kind.is_spatial() => {
            number.as_f64().map(Value::Float).ok_or_else(broken)
        }
        (_, Json::Number(number)) => number.as_i64().map(Value::Int).ok_or_else(broken),
        (_, Json::Bool(value)) => Ok(Value::Bool(value)),
        (_, Json::String(text)) => Ok(Value::Text(text)),
        (kind, json @ Json::Array(_)) if kind.is_spatial() => Ok(value_of(json)),
        _ => Err(broken()),
    };
    Ok(Value::Array(items.into_iter().map(value).collect::<Result<_, _>>()?))
}

/// Permissions as given, one a line: no role has a line break in it.
pub(crate) fn write_permissions(permissions: &[Permission]) -> String {
    let lines: Vec<_> = permissions.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

pub(crate) fn read_permissions(text: &str) -> Result<Vec<Permission>, StoreError> {
    let parse = |line: &str| {
        Permission::parse(line).map_err(|reason| {
            let what = format!("a stored permission cannot be read: {reason}");
            StoreError::new(StoreErrorKind::Inconsistent(what))
        })
    };
    text.lines().map(parse).collect()
}
