//! One index of a collection, and the rules for making one.

use cairn_std::time::Timestamp;

use super::{Attribute, AttributeType, Collection, Refusal, Rule, Status};
use crate::ids::{ID_CHARS_MAX, is_key, key_rule};

/// Most characters of text that one index may hold, summed over its attributes (the reference's MariaDB adapter:
/// 3,072 bytes at four each). A number counts as one, a float as two.
pub const INDEX_CHARS_MAX: u32 = 768;
/// Most indexes of one collection. COMPAT(appwrite): 64 less the six that the reference needs for itself.
pub const INDEXES_MAX: usize = 58;

/// What an index is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IndexType {
    /// Filters and orders.
    Key,
    /// Filters and orders; no two documents have the same values.
    Unique,
    /// Words in text.
    Fulltext,
    /// Geometries.
    Spatial,
}

impl IndexType {
    /// Every type.
    pub const ALL: &[Self] = &[Self::Key, Self::Unique, Self::Fulltext, Self::Spatial];

    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Unique => "unique",
            Self::Fulltext => "fulltext",
            Self::Spatial => "spatial",
        }
    }

    /// The type with this word.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether it takes attributes of one kind only, and no order: text, or geometries.
    pub fn is_of_one_type(self) -> bool {
        matches!(self, Self::Fulltext | Self::Spatial)
    }
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Small to large, nulls first.
    Asc,
    /// Large to small, nulls last.
    Desc,
}

impl Order {
    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Asc => "ASC",
            Self::Desc => "DESC",
        }
    }

    /// The direction with this word, in either case.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Asc, Self::Desc].into_iter().find(|order| order.name().eq_ignore_ascii_case(name))
    }

    /// The other direction.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Asc => Self::Desc,
            Self::Desc => Self::Asc,
        }
    }
}

/// One index of a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// The name, unique within the collection whatever its case.
    pub key: String,
    /// The number behind the key, never used again; it names the index in the store.
    pub number: i64,
    /// What it is for.
    pub kind: IndexType,
    /// Keys of attributes, or `$id`, `$createdAt`, `$updatedAt`.
    pub attributes: Vec<String>,
    /// Directions, parallel to the attributes as far as given.
    pub orders: Vec<Option<Order>>,
    /// Lengths of text prefixes, parallel to the attributes as far as given. Kept for clients; the store indexes all of it.
    pub lengths: Vec<Option<u32>>,
    /// Where it stands.
    pub status: Status,
    /// What went wrong, or empty.
    pub error: String,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

impl Index {
    /// An available index over `attributes`, ascending.
    pub fn new<S: Into<String>>(
        key: impl Into<String>,
        kind: IndexType,
        attributes: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            key: key.into(),
            number: 0,
            kind,
            attributes: attributes.into_iter().map(Into::into).collect(),
            orders: Vec::new(),
            lengths: Vec::new(),
            status: Status::Available,
            error: String::new(),
            created: Timestamp(0),
            updated: Timestamp(0),
        }
    }

    /// The direction of the attribute at `place`, ascending when none was given.
    pub fn order(&self, place: usize) -> Order {
        self.orders.get(place).copied().flatten().unwrap_or(Order::Asc)
    }
}

impl Collection {
    /// Whether `index` may be added.
    pub fn check_new_index(&self, index: &Index) -> Result<(), Refusal> {
        if !is_key(&index.key, ID_CHARS_MAX) {
            return Err(Refusal::new(Rule::KeyInvalid, format!("The key {}.", key_rule(ID_CHARS_MAX))));
        }
        if self.indexes.iter().any(|other| other.key.eq_ignore_ascii_case(&index.key)) {
            return Err(Refusal::new(
                Rule::IndexExists,
                format!("There is already an index with the key \"{}\".", index.key),
            ));
        }
        if self.indexes.len() >= INDEXES_MAX {
            return Err(Refusal::new(
                Rule::IndexLimit,
                format!("A collection may have up to {INDEXES_MAX} indexes."),
            ));
        }
        self.check_index_attributes(index)?;
        self.check_index_length(index)?;
        self.check_same_index(index)
    }

    fn check_index_attributes(&self, index: &Index) -> Result<(), Refusal> {
        if index.attributes.is_empty() {
            return Err(invalid("An index needs at least one attribute.".to_owned()));
        }
        for (place, key) in index.attributes.iter().enumerate() {
            if index.attributes[..place].iter().any(|other| other.eq_ignore_ascii_case(key)) {
                return Err(invalid(format!("The attribute \"{key}\" is named twice.")));
            }
            if is_system_key(key) && !index.kind.is_of_one_type() {
                if index.lengths.get(place).copied().flatten().is_some_and(|length| length > 0)
                    && key != "$id"
                {
                    return Err(invalid(format!("The attribute \"{key}\" takes no length.")));
                }
                continue;
            }
            let Some((_, attribute)) = self.attribute(key) else {
                return Err(Refusal::new(
                    Rule::AttributeUnknown,
                    format!("The collection has no attribute \"{key}\"."),
                ));
            };
            check_indexable(attribute, index.kind)?;
            let length = index.lengths.get(place).copied().flatten().unwrap_or(0);
            if length > 0 && !attribute.kind.is_text() {
                return Err(invalid(format!(
                    "The attribute \"{key}\" of type {} takes no length.",
                    attribute.kind.name()
                )));
            }
        }
        Ok(())
    }

    fn check_index_length(&self, index: &Index) -> Result<(), Refusal> {
        if index.lengths.len() > index.attributes.len() {
            return Err(invalid("There are more lengths than attributes.".to_owned()));
        }
        if index.kind == IndexType::Spatial && index.attributes.len() > 1 {
            return Err(invalid("An index of type spatial has one attribute.".to_owned()));
        }
        if index.kind.is_of_one_type() {
            // Words and frames have lengths of their own.
            return Ok(());
        }
        let mut total: u64 = 0;
        for (place, key) in index.attributes.iter().enumerate() {
            let (size, is_text) = match self.attribute(key) {
                Some((_, attribute)) if attribute.kind.is_text() => (attribute.size, true),
                Some((_, attribute)) if attribute.kind == AttributeType::Float => (2, false),
                None if key == "$id" => (255, true),
                _ => (1, false),
            };
            let given = index.lengths.get(place).copied().flatten().filter(|&length| is_text && length > 0);
            let length = given.unwrap_or(size);
            if length > size {
                return Err(invalid(format!(
                    "The length {length} is greater than the size {size} of the attribute \"{key}\"."
                )));
            }
            total += u64::from(length);
        }
        if total > u64::from(INDEX_CHARS_MAX) {
            return Err(invalid(format!(
                "The index is {total} characters long, the most is {INDEX_CHARS_MAX}; give shorter lengths."
            )));
        }
        Ok(())
    }

    fn check_same_index(&self, index: &Index) -> Result<(), Refusal> {
        let is_same = |other: &&Index| {
            other.kind == index.kind
                && other.attributes == index.attributes
                && (0..index.attributes.len()).all(|place| other.order(place) == index.order(place))
        };
        match self.indexes.iter().find(is_same) {
            Some(other) => Err(invalid(format!("The index \"{}\" is the same.", other.key))),
            None => Ok(()),
        }
    }
}

fn check_indexable(attribute: &Attribute, kind: IndexType) -> Result<(), Refusal> {
    let key = &attribute.key;
    if attribute.kind == AttributeType::Relationship {
        return Err(Refusal::new(
            Rule::AttributeType,
            format!("The relationship \"{key}\" cannot be part of an index."),
        ));
    }
    if attribute.status != Status::Available {
        return Err(Refusal::new(
            Rule::AttributeNotAvailable,
            format!("The attribute \"{key}\" is {}, not available.", attribute.status.name()),
        ));
    }
    if attribute.is_array {
        return Err(invalid(format!("The attribute \"{key}\" is an array and cannot be part of an index.")));
    }
    if attribute.is_encrypted && kind == IndexType::Fulltext {
        return Err(invalid(format!("The attribute \"{key}\" is encrypted and cannot be searched.")));
    }
    let fits = match kind {
        IndexType::Key | IndexType::Unique => !attribute.kind.is_spatial(),
        IndexType::Fulltext => attribute.kind.is_text(),
        IndexType::Spatial => attribute.kind.is_spatial(),
    };
    if fits {
        return Ok(());
    }
    if attribute.kind.is_spatial() {
        return Err(invalid(format!("The attribute \"{key}\" needs an index of type spatial.")));
    }
    Err(invalid(format!(
        "The attribute \"{key}\" of type {} cannot be part of an index of type {}.",
        attribute.kind.name(),
        kind.name()
    )))
}

/// The attributes of every document that an index may name.
fn is_system_key(key: &str) -> bool {
    matches!(key, "$id" | "$createdAt" | "$updatedAt")
}

fn invalid(reason: String) -> Refusal {
    Refusal::new(Rule::IndexInvalid, reason)
}
