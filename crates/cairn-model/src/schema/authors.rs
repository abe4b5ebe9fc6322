//! Who made a document and who last changed it: two attributes that the server sets, in collections that want them.
//!
//! They are attributes in all but name: a column and an index each, filters, orders and groups. Their keys begin with
//! `$`, which no client's key does, and neither they nor their indexes are told of among a collection's own.

use super::{
    ATTRIBUTES_MAX, Attribute, AttributeType, Collection, INDEXES_MAX, Index, IndexType, Refusal, Rule,
};
use crate::ids::ID_CHARS_MAX;

/// The user who made a document; null for a guest or a key.
pub const CREATED_BY: &str = "$createdBy";
/// The user who changed it last; null for a guest or a key.
pub const UPDATED_BY: &str = "$updatedBy";
/// Both.
pub const AUTHORS: [&str; 2] = [CREATED_BY, UPDATED_BY];

impl Attribute {
    /// One of [`AUTHORS`].
    pub fn of_author(key: &str) -> Self {
        let size = u32::try_from(ID_CHARS_MAX).unwrap_or(u32::MAX);
        Self { size, ..Self::new(key, AttributeType::String) }
    }

    /// Whether the server sets it, and clients do not see it among a collection's attributes.
    pub fn is_of_server(&self) -> bool {
        self.key.starts_with('$')
    }
}

impl Index {
    /// The index on one of [`AUTHORS`].
    pub fn of_author(key: &str) -> Self {
        Self::new(key, IndexType::Key, [key])
    }

    /// Whether the server made it, and clients do not see it among a collection's indexes.
    pub fn is_of_server(&self) -> bool {
        self.key.starts_with('$')
    }
}

impl Collection {
    /// Whether documents keep who made and who changed them.
    pub fn has_authors(&self) -> bool {
        self.attribute(CREATED_BY).is_some()
    }

    /// The attributes that clients made.
    pub fn own_attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| !attribute.is_of_server())
    }

    /// The indexes that clients made.
    pub fn own_indexes(&self) -> impl Iterator<Item = &Index> {
        self.indexes.iter().filter(|index| !index.is_of_server())
    }

    /// Whether [`AUTHORS`] may be added.
    pub fn check_new_authors(&self) -> Result<(), Refusal> {
        let count = AUTHORS.len();
        if self.attributes.len() + count > ATTRIBUTES_MAX {
            let reason = format!("A collection may have up to {ATTRIBUTES_MAX} attributes.");
            return Err(Refusal::new(Rule::AttributeLimit, reason));
        }
        if self.indexes.len() + count > INDEXES_MAX {
            let reason = format!("A collection may have up to {INDEXES_MAX} indexes.");
            return Err(Refusal::new(Rule::IndexLimit, reason));
        }
        self.check_room_for(AUTHORS.map(Attribute::of_author).iter())
    }

    /// The index of a client that names one of [`AUTHORS`].
    pub fn index_over_authors(&self) -> Option<&Index> {
        let names = |index: &&Index| index.attributes.iter().any(|key| AUTHORS.contains(&key.as_str()));
        self.own_indexes().find(names)
    }
}
