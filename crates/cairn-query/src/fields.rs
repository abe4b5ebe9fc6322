//! What may be queried: the fields that every row has, and those of a collection or of a system noun.

use cairn_model::schema::{Attribute, AttributeType, Collection, IndexType, Relation, Status};
use cairn_model::shape::ShapeKind;

/// A field of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// `$id`.
    Id,
    /// `$sequence`.
    Sequence,
    /// `$createdAt`.
    Created,
    /// `$updatedAt`.
    Updated,
    /// `$permissions`; can be selected, not queried.
    Permissions,
    /// `$relevance`: how well a row fits the searches of a query ([`crate::relevance`]); can be ordered by only.
    Relevance,
    /// The attribute at this place of the collection, or the field at this place of the noun's list.
    Attribute(usize),
}

/// How the values of a field compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// By bytes.
    Text,
    /// 64-bit integers.
    Int,
    /// Finite floats.
    Float,
    /// False before true.
    Bool,
    /// Instants in milliseconds.
    Datetime,
    /// 64-bit integers that clients also write as text: `$sequence` and bigint attributes.
    Bigint,
    /// As shapes on earth.
    Shape(ShapeKind),
    /// Not by itself: relationships.
    Unusable,
}

/// One field by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldDef {
    /// Which it is.
    pub field: Field,
    /// How it compares.
    pub kind: FieldType,
    /// Whether a value is a list.
    pub is_array: bool,
    /// Whether it is stored encrypted.
    pub is_encrypted: bool,
    /// Whether its words can be searched.
    pub has_words: bool,
}

/// The fields of one kind of row.
pub trait Fields {
    /// The field called `name`, without those that every row has.
    fn find(&self, name: &str) -> Option<FieldDef>;

    /// Whether a client may select fields.
    fn allows_select(&self) -> bool;

    /// Where the relationship called `name` leads.
    fn related(&self, _name: &str) -> Option<Beyond<'_>> {
        None
    }
}

/// Where a relationship leads.
pub struct Beyond<'a> {
    /// The place of its attribute.
    pub place: usize,
    /// What it is.
    pub relation: &'a Relation,
    /// The fields of the related documents.
    pub fields: Box<dyn Fields + 'a>,
}

/// Collections by their numbers: those that relationships lead to.
pub trait Schemas {
    /// The collection with this number, when the caller of the query may name its attributes.
    fn schema(&self, number: i64) -> Option<&Collection>;
}

/// The available attributes of a collection and, through its relationships, of others.
#[derive(Clone, Copy)]
pub struct RelatedFields<'a> {
    /// The collection.
    pub collection: &'a Collection,
    /// The others.
    pub schemas: &'a dyn Schemas,
}

impl Fields for RelatedFields<'_> {
    fn find(&self, name: &str) -> Option<FieldDef> {
        DocumentFields(self.collection).find(name)
    }

    fn allows_select(&self) -> bool {
        true
    }

    fn related(&self, name: &str) -> Option<Beyond<'_>> {
        let (place, attribute): (usize, &Attribute) = self.collection.attribute(name)?;
        let relation = attribute.relation.as_deref().filter(|_| attribute.status == Status::Available)?;
        let collection = self.schemas.schema(relation.related)?;
        let fields = Box::new(RelatedFields { collection, schemas: self.schemas });
        Some(Beyond { place, relation, fields })
    }
}

/// The fields that every row has.
pub(crate) fn of_every_row(name: &str) -> Option<FieldDef> {
    let (field, kind) = match name {
        "$id" => (Field::Id, FieldType::Text),
        "$sequence" => (Field::Sequence, FieldType::Bigint),
        "$createdAt" => (Field::Created, FieldType::Datetime),
        "$updatedAt" => (Field::Updated, FieldType::Datetime),
        _ => return None,
    };
    Some(FieldDef { field, kind, is_array: false, is_encrypted: false, has_words: false })
}

/// The available attributes of a collection.
#[derive(Clone, Copy, Debug)]
pub struct DocumentFields<'a>(pub &'a Collection);

impl Fields for DocumentFields<'_> {
    fn find(&self, name: &str) -> Option<FieldDef> {
        let (place, attribute) = self.0.attribute(name)?;
        if attribute.status != Status::Available {
            return None;
        }
        Some(FieldDef {
            field: Field::Attribute(place),
            kind: type_of(attribute.kind),
            is_array: attribute.is_array,
            is_encrypted: attribute.is_encrypted,
            has_words: self.0.has_index(IndexType::Fulltext, name),
        })
    }

    fn allows_select(&self) -> bool {
        true
    }
}

fn type_of(kind: AttributeType) -> FieldType {
    match kind {
        AttributeType::Integer => FieldType::Int,
        AttributeType::Bigint => FieldType::Bigint,
        AttributeType::Float => FieldType::Float,
        AttributeType::Boolean => FieldType::Bool,
        AttributeType::Datetime => FieldType::Datetime,
        AttributeType::Relationship => FieldType::Unusable,
        _ => kind.shape_kind().map_or(FieldType::Text, FieldType::Shape),
    }
}

/// One queryable field of a system noun; the place in its list is the place in [`Field::Attribute`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NounField {
    /// The name that clients use.
    pub name: &'static str,
    /// How it compares.
    pub kind: FieldType,
    /// Whether a value is a list.
    pub is_array: bool,
}

impl NounField {
    /// A field with one value.
    pub const fn one(name: &'static str, kind: FieldType) -> Self {
        Self { name, kind, is_array: false }
    }

    /// A field with a list of values.
    pub const fn list(name: &'static str, kind: FieldType) -> Self {
        Self { name, kind, is_array: true }
    }
}

/// The queryable fields of a system noun: users, teams, keys and so on.
#[derive(Clone, Copy, Debug)]
pub struct NounFields(pub &'static [NounField]);

impl Fields for NounFields {
    fn find(&self, name: &str) -> Option<FieldDef> {
        let place = self.0.iter().position(|field| field.name == name)?;
        let NounField { kind, is_array, .. } = self.0[place];
        let field = Field::Attribute(place);
        Some(FieldDef { field, kind, is_array, is_encrypted: false, has_words: false })
    }

    fn allows_select(&self) -> bool {
        false
    }
}
