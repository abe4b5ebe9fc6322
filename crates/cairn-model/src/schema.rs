//! Databases, collections, attributes, indexes and documents, and the rules that hold between them.
//!
//! A document has no keys of its own: it is its collection's schema plus one value per attribute, in the order of
//! the schema. The second vocabulary (table, column, row) is a matter of the surfaces.

mod attribute;
mod authors;
mod check;
mod define;
mod document;
mod index;
mod relation;
#[cfg(test)]
mod tests;

use cairn_std::time::Timestamp;

pub use crate::ids::{CollectionId, DatabaseId, DocumentId};
use crate::permissions::Permission;
pub use attribute::{Attribute, AttributeType, Range, Status};
pub use authors::{AUTHORS, CREATED_BY, UPDATED_BY};
pub use define::{
    ATTRIBUTES_MAX, ENUM_ELEMENT_CHARS_MAX, ENUM_ELEMENTS_MAX, ROW_BYTES_MAX, Refusal, Rule,
    STRING_CHARS_MAX, VARCHAR_CHARS_MAX,
};
pub use document::{Document, NewDocument, Step};
pub use index::{INDEX_CHARS_MAX, INDEXES_MAX, Index, IndexType, Order};
pub use relation::{Link, OnDelete, RELATION_LEVELS_MAX, Relation, RelationType, Side};

/// A database of a project: a name space for collections.
#[derive(Clone, Debug, PartialEq)]
pub struct Database {
    /// The id that clients use.
    pub id: DatabaseId,
    /// The number behind the id, unique within the project.
    pub number: i64,
    /// The name that people gave it.
    pub name: String,
    /// Whether clients may use it.
    pub is_enabled: bool,
    /// The family that made it, `legacy` or `tablesdb`.
    pub kind: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// A collection: what its documents look like and who may do what with them.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    /// The id that clients use.
    pub id: CollectionId,
    /// The number behind the id, unique within the project and never used again; it names the table.
    pub number: i64,
    /// The database that it belongs to.
    pub database_id: DatabaseId,
    /// That database's number.
    pub database_number: i64,
    /// The name that people gave it.
    pub name: String,
    /// Whether clients may use it.
    pub is_enabled: bool,
    /// Whether a document's own permissions count beside the collection's.
    pub document_security: bool,
    /// Who may create, read, update and delete all of its documents.
    pub permissions: Vec<Permission>,
    /// The attributes in the order of a document's values, whatever their status.
    pub attributes: Vec<Attribute>,
    /// The indexes.
    pub indexes: Vec<Index>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

impl Collection {
    /// The attribute called `key` and its place among a document's values.
    pub fn attribute(&self, key: &str) -> Option<(usize, &Attribute)> {
        self.attributes.iter().enumerate().find(|(_, attribute)| attribute.key == key)
    }

    /// A unique index over this attribute and others, whose promise would be another one without it.
    pub fn unique_index_over(&self, attribute: &Attribute) -> Option<&Index> {
        self.indexes.iter().find(|index| {
            index.kind == IndexType::Unique
                && matches!(index.status, Status::Processing | Status::Available)
                && index.attributes.len() > 1
                && index.attributes.contains(&attribute.key)
        })
    }

    /// Whether an available index of this kind is on the attribute called `key`.
    pub fn has_index(&self, kind: IndexType, key: &str) -> bool {
        let mut indexes = self.indexes.iter().filter(|index| index.kind == kind);
        indexes
            .any(|index| index.status == Status::Available && index.attributes.iter().any(|name| name == key))
    }

    /// The index called `key`.
    pub fn index(&self, key: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.key == key)
    }
}
