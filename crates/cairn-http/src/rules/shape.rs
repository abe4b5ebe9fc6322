//! Rules as data, for the OpenAPI document and the docs.

use serde_json::Value;

/// The JSON type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeKind {
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// An object.
    Object,
    /// A list.
    Array,
}

impl ShapeKind {
    /// The empty value of the type.
    pub(super) fn empty(self) -> Value {
        match self {
            Self::Text => Value::from(""),
            Self::Integer | Self::Number => Value::from(0),
            Self::Boolean => Value::from(false),
            Self::Object => Value::Object(serde_json::Map::new()),
            Self::Array => Value::Array(Vec::new()),
        }
    }

    /// The name of the type in OpenAPI.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
        }
    }
}

/// What a rule lets through.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The JSON type.
    pub kind: ShapeKind,
    /// A narrower form, such as `email` or `datetime`.
    pub format: Option<&'static str>,
    /// Smallest number, or fewest characters of a text.
    pub min: Option<f64>,
    /// Largest number, most characters of a text, or most items of a list.
    pub max: Option<f64>,
    /// The only values allowed, if they are few.
    pub allowed: Vec<&'static str>,
    /// What a list holds.
    pub items: Option<Box<Shape>>,
    /// Whether null is a value of its own.
    pub is_nullable: bool,
    /// Whether the parameter must be sent.
    pub is_required: bool,
    /// What stands for an absent parameter.
    pub default: Option<Value>,
    /// A value that shows the form.
    pub example: Option<&'static str>,
}

impl Shape {
    /// A required value of a type.
    pub fn of(kind: ShapeKind) -> Self {
        Self {
            kind,
            format: None,
            min: None,
            max: None,
            allowed: Vec::new(),
            items: None,
            is_nullable: false,
            is_required: true,
            default: None,
            example: None,
        }
    }

    /// A text of a form.
    pub fn text(format: &'static str) -> Self {
        Self { format: Some(format), ..Self::of(ShapeKind::Text) }
    }

    /// The same between two bounds.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "bounds are shown to people; none is above 2^53 and exact"
    )]
    pub fn between(mut self, min: i64, max: i64) -> Self {
        self.min = Some(min as f64);
        self.max = Some(max as f64);
        self
    }

    /// The same with a least and a greatest length.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "bounds are shown to people; none is above 2^53 and exact"
    )]
    pub fn sized(mut self, min: usize, max: usize) -> Self {
        self.min = Some(min as f64);
        self.max = Some(max as f64);
        self
    }

    /// The same with an example.
    #[must_use]
    pub fn example(mut self, example: &'static str) -> Self {
        self.example = Some(example);
        self
    }
}
