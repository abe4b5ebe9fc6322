//! What an attribute of the type relationship says: which documents it relates, from which side, and what a deletion
//! does to the others.
//!
//! A relationship has one or two attributes: the one that was asked for, on its parent side, and, when it is two-way,
//! one on the other side. Both carry the number of the first, which also names what the store keeps.

use super::Attribute;
use super::{AttributeType, Collection, CollectionId, Refusal, Rule};
use crate::ids::{ID_CHARS_MAX, is_key, key_rule};

/// Most levels of documents in one answer or one write: the documents themselves and two levels of related ones
/// (the reference's `RELATION_MAX_DEPTH`).
pub const RELATION_LEVELS_MAX: usize = 3;

/// How many documents stand on each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RelationType {
    /// One on each side.
    OneToOne,
    /// One parent, many children.
    OneToMany,
    /// Many parents, one child.
    ManyToOne,
    /// Many on each side.
    ManyToMany,
}

impl RelationType {
    /// Every type.
    pub const ALL: &[Self] = &[Self::OneToOne, Self::OneToMany, Self::ManyToOne, Self::ManyToMany];

    /// The field `relationType` on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::OneToOne => "oneToOne",
            Self::OneToMany => "oneToMany",
            Self::ManyToOne => "manyToOne",
            Self::ManyToMany => "manyToMany",
        }
    }

    /// The type with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// What deleting a document does to those that it relates to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnDelete {
    /// It is refused while there are any.
    Restrict,
    /// They go too.
    Cascade,
    /// They stay, without the link.
    SetNull,
}

impl OnDelete {
    /// Every rule.
    pub const ALL: &[Self] = &[Self::Restrict, Self::Cascade, Self::SetNull];

    /// The field `onDelete` on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Restrict => "restrict",
            Self::Cascade => "cascade",
            Self::SetNull => "setNull",
        }
    }

    /// The rule with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}

/// The side on which an attribute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Where the relationship was made.
    Parent,
    /// The other one.
    Child,
}

impl Side {
    /// The field `side` on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::Child => "child",
        }
    }

    /// The other side.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Parent => Self::Child,
            Self::Child => Self::Parent,
        }
    }
}

/// Where the store keeps the links, seen from one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// This document's row has the id of the related one.
    Own,
    /// The rows of the related documents have the id of this one.
    Theirs,
    /// A table of pairs has them.
    Pairs,
}

/// What an attribute of the type relationship relates to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The number of the relationship: the column of the attribute on its parent side.
    pub number: i64,
    /// The number of the related collection.
    pub related: i64,
    /// The id of the related collection.
    pub related_id: CollectionId,
    /// How many documents stand on each side.
    pub kind: RelationType,
    /// The side of this attribute.
    pub side: Side,
    /// Whether the other side has an attribute too.
    pub is_two_way: bool,
    /// The key of the attribute on the other side, whether or not it is there.
    pub two_way_key: String,
    /// What deleting a document does to those that it relates to.
    pub on_delete: OnDelete,
}

impl Relation {
    /// Where the links are.
    pub fn link(&self) -> Link {
        match (self.kind, self.side) {
            (RelationType::ManyToMany, _) => Link::Pairs,
            (RelationType::OneToMany, Side::Parent)
            | (RelationType::ManyToOne | RelationType::OneToOne, Side::Child) => Link::Theirs,
            (RelationType::OneToMany, Side::Child)
            | (RelationType::ManyToOne | RelationType::OneToOne, Side::Parent) => Link::Own,
        }
    }

    /// Whether a document of this side relates to a list of documents.
    pub fn is_many(&self) -> bool {
        matches!(
            (self.kind, self.side),
            (RelationType::ManyToMany, _)
                | (RelationType::OneToMany, Side::Parent)
                | (RelationType::ManyToOne, Side::Child)
        )
    }

    /// Whether this is the same relationship, seen from its other side.
    pub fn is_other_side_of(&self, other: &Self) -> bool {
        self.number == other.number && self.side != other.side
    }

    /// The same relationship seen from the related collection; `collection` and `key` are those of this side.
    #[must_use]
    pub fn seen_from_there(&self, collection: &Collection, key: &str) -> Self {
        Self {
            related: collection.number,
            related_id: collection.id.clone(),
            side: self.side.other(),
            two_way_key: key.to_owned(),
            ..self.clone()
        }
    }
}

impl Attribute {
    /// Whether the attribute is a relationship whose links are not in the collection's own rows.
    pub fn is_virtual(&self) -> bool {
        self.relation.as_ref().is_some_and(|relation| relation.link() != Link::Own)
    }
}

impl Collection {
    /// Whether `attribute`, a relationship, may be added beside the others.
    ///
    /// COMPAT(appwrite): no two relationships to one collection have the same key there, also when they are one-way.
    pub fn check_new_relation(&self, attribute: &Attribute) -> Result<(), Refusal> {
        let Some(relation) = &attribute.relation else {
            return Err(Refusal::new(Rule::AttributeType, "A relationship needs a related collection."));
        };
        if !is_key(&relation.two_way_key, ID_CHARS_MAX) {
            let reason = format!("The two-way key {}.", key_rule(ID_CHARS_MAX));
            return Err(Refusal::new(Rule::KeyInvalid, reason));
        }
        let is_same = |other: &Attribute| {
            other.kind == AttributeType::Relationship
                && other.relation.as_ref().is_some_and(|other| {
                    other.related == relation.related
                        && other.two_way_key.eq_ignore_ascii_case(&relation.two_way_key)
                })
        };
        let is_own_key = relation.is_two_way
            && relation.related == self.number
            && relation.two_way_key.eq_ignore_ascii_case(&attribute.key);
        if is_own_key || self.attributes.iter().any(is_same) {
            let reason = format!("There is already an attribute with the key \"{}\".", relation.two_way_key);
            return Err(Refusal::new(Rule::AttributeExists, reason));
        }
        self.check_new_attribute(attribute)
    }
}
