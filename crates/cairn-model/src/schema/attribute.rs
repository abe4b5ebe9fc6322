//! One attribute of a collection.

use cairn_std::time::Timestamp;

use super::Relation;
use crate::shape::ShapeKind;
use crate::value::Value;

/// What the values of an attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttributeType {
    /// Text of a size in characters.
    String,
    /// Text of a size in characters, stored in the row.
    Varchar,
    /// Text of up to 65,535 bytes.
    Text,
    /// Text of up to 16,777,215 bytes.
    Mediumtext,
    /// Text of up to 4,294,967,295 bytes.
    Longtext,
    /// An integer, 64 bit.
    Integer,
    /// An integer, 64 bit; accepts decimal text too.
    Bigint,
    /// A finite 64-bit floating-point number.
    Float,
    /// True or false.
    Boolean,
    /// An instant.
    Datetime,
    /// Text that is an e-mail address.
    Email,
    /// Text that is a URL.
    Url,
    /// Text that is an IPv4 or IPv6 address.
    Ip,
    /// Text out of a list.
    Enum,
    /// A point on earth.
    Point,
    /// A line on earth.
    Line,
    /// An area on earth.
    Polygon,
    /// Documents of another collection.
    Relationship,
}

impl AttributeType {
    /// Every type.
    pub const ALL: &[Self] = &[
        Self::String,
        Self::Varchar,
        Self::Text,
        Self::Mediumtext,
        Self::Longtext,
        Self::Integer,
        Self::Bigint,
        Self::Float,
        Self::Boolean,
        Self::Datetime,
        Self::Email,
        Self::Url,
        Self::Ip,
        Self::Enum,
        Self::Point,
        Self::Line,
        Self::Polygon,
        Self::Relationship,
    ];

    /// The field `type` on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::String | Self::Email | Self::Url | Self::Ip | Self::Enum => "string",
            Self::Varchar => "varchar",
            Self::Text => "text",
            Self::Mediumtext => "mediumtext",
            Self::Longtext => "longtext",
            Self::Integer => "integer",
            Self::Bigint => "bigint",
            Self::Float => "double",
            Self::Boolean => "boolean",
            Self::Datetime => "datetime",
            Self::Point => "point",
            Self::Line => "linestring",
            Self::Polygon => "polygon",
            Self::Relationship => "relationship",
        }
    }

    /// The field `format` on the wire, for the types that share the name `string`.
    pub fn format(self) -> Option<&'static str> {
        match self {
            Self::Email => Some("email"),
            Self::Url => Some("url"),
            Self::Ip => Some("ip"),
            Self::Enum => Some("enum"),
            _ => None,
        }
    }

    /// The type that has this `type` and `format` on the wire; an empty format is none.
    pub fn from_wire(name: &str, format: &str) -> Option<Self> {
        // Clients also write `float`, as the route is called.
        let name = if name == "float" { "double" } else { name };
        let wanted = if name == "string" && !format.is_empty() { Some(format) } else { None };
        Self::ALL.iter().copied().find(|kind| kind.name() == name && kind.format() == wanted)
    }

    /// Whether values are text.
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Self::String
                | Self::Varchar
                | Self::Text
                | Self::Mediumtext
                | Self::Longtext
                | Self::Email
                | Self::Url
                | Self::Ip
                | Self::Enum
        )
    }

    /// Whether values are geometries.
    pub fn is_spatial(self) -> bool {
        self.shape_kind().is_some()
    }

    /// Which shapes values are, where they are geometries.
    pub fn shape_kind(self) -> Option<ShapeKind> {
        match self {
            Self::Point => Some(ShapeKind::Point),
            Self::Line => Some(ShapeKind::Line),
            Self::Polygon => Some(ShapeKind::Polygon),
            _ => None,
        }
    }

    /// The size that the type itself sets, in characters or, for the text family, bytes.
    pub fn fixed_size(self) -> Option<u32> {
        match self {
            Self::Text => Some(65_535),
            Self::Mediumtext => Some(16_777_215),
            Self::Longtext => Some(u32::MAX),
            Self::Email => Some(254),
            Self::Url => Some(2_000),
            Self::Ip => Some(39),
            Self::Enum => Some(255),
            _ => None,
        }
    }
}

/// Where an attribute or index stands between its request and its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Asked for; the store does not have it yet.
    Processing,
    /// In use.
    Available,
    /// Being removed.
    Deleting,
    /// The removal failed.
    Stuck,
    /// The creation failed.
    Failed,
}

impl Status {
    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Available => "available",
            Self::Deleting => "deleting",
            Self::Stuck => "stuck",
            Self::Failed => "failed",
        }
    }

    /// The status with this word.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Processing, Self::Available, Self::Deleting, Self::Stuck, Self::Failed]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// The bounds of a number, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Range {
    /// None were set.
    #[default]
    None,
    /// Of an integer; an open end is the type's own.
    Int(i64, i64),
    /// Of a float; an open end is the type's own.
    Float(f64, f64),
}

/// One attribute of a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The name in documents, unique within the collection whatever its case.
    pub key: String,
    /// The number of the column in the store, never used again; the key may change.
    pub column: i64,
    /// What its values are.
    pub kind: AttributeType,
    /// The size of text, in characters, or bytes for the text family; 0 for other types.
    pub size: u32,
    /// Whether a document must have a value.
    pub is_required: bool,
    /// Whether a value is a list of values.
    pub is_array: bool,
    /// What a new document gets that has no value.
    pub default: Value,
    /// The bounds of a number.
    pub range: Range,
    /// What an [`AttributeType::Enum`] may be.
    pub elements: Vec<String>,
    /// Whether values are stored encrypted; such attributes cannot be queried.
    pub is_encrypted: bool,
    /// What a relationship relates to; `None` for all other types.
    pub relation: Option<Box<Relation>>,
    /// Where it stands.
    pub status: Status,
    /// What went wrong, or empty.
    pub error: String,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

impl Attribute {
    /// An available, optional attribute without default, of the type's own size.
    pub fn new(key: impl Into<String>, kind: AttributeType) -> Self {
        Self {
            key: key.into(),
            column: 0,
            kind,
            size: kind.fixed_size().unwrap_or(0),
            is_required: false,
            is_array: false,
            default: Value::Null,
            range: Range::None,
            elements: Vec::new(),
            is_encrypted: false,
            relation: None,
            status: Status::Available,
            error: String::new(),
            created: Timestamp(0),
            updated: Timestamp(0),
        }
    }
}
