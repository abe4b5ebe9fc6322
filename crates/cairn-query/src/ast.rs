//! A checked, typed query.

use cairn_model::schema::Order;
use cairn_model::shape::{Relation, Unit};
use cairn_model::value::Value;

use crate::aggregates::Aggregates;
use crate::fields::{Field, FieldType};

/// What to list and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What a row must satisfy, all of it.
    pub filters: Vec<Filter>,
    /// The total order of the list. It ends with `$sequence`, unless `$id` or `$sequence` stands in it before.
    pub orders: Vec<OrderBy>,
    /// Whether the order is random instead; `orders` is then `$sequence` alone, and only a cursor uses it.
    pub is_random: bool,
    /// How many rows at most, if the client said so.
    pub limit: Option<u64>,
    /// How many rows to skip.
    pub offset: u64,
    /// Where in the order to begin.
    pub cursor: Option<Cursor>,
    /// The fields to answer, or all.
    pub select: Option<Vec<Field>>,
    /// The related documents to answer.
    pub related: Vec<Selection>,
    /// Whether all related documents are to be answered, as far as levels go (`*.*`).
    pub selects_related: bool,
    /// What to compute instead of answering rows; limit and offset are then of groups.
    pub aggregates: Option<Aggregates>,
}

impl Default for Query {
    /// Everything, in the order of `$sequence`.
    fn default() -> Self {
        Self {
            filters: Vec::new(),
            orders: vec![OrderBy::SEQUENCE],
            is_random: false,
            limit: None,
            offset: 0,
            cursor: None,
            select: None,
            related: Vec::new(),
            selects_related: false,
            aggregates: None,
        }
    }
}

impl Query {
    /// Whether the rows of a page come out backwards and are to be reversed: the cursor stands behind the page.
    pub fn is_backward(&self) -> bool {
        matches!(&self.cursor, Some(Cursor { side: CursorSide::Before, .. }))
    }
}

/// A condition on a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of at least two.
    And(Vec<Filter>),
    /// Any of at least two.
    Or(Vec<Filter>),
    /// One field.
    Test(Test),
    /// Related documents.
    Related(Related),
    /// One element of a list.
    Element(Element),
}

/// A condition on the elements of a list: one of them satisfies all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// The field whose values are lists.
    pub field: Field,
    /// How its elements compare.
    pub kind: FieldType,
    /// What an element must satisfy: tests of this field, as if its value were the element.
    pub filters: Vec<Filter>,
}

/// A condition on the documents that a relationship leads to, as far as the caller may read them.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// The place of the relationship among the collection's attributes.
    pub place: usize,
    /// What one of the related documents must satisfy, all of it.
    pub filters: Vec<Filter>,
    /// Whether no related document may satisfy it.
    pub is_none: bool,
}

/// What to answer of the documents that a relationship leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The place of the relationship among the collection's attributes.
    pub place: usize,
    /// The fields of the related documents, or all.
    pub select: Option<Vec<Field>>,
    /// What to answer of the documents that those relate to.
    pub related: Vec<Selection>,
}

/// A condition on one field. A field without value satisfies only [`Op::IsNull`], as in SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The field.
    pub field: Field,
    /// How it compares.
    pub kind: FieldType,
    /// Whether its values are lists.
    pub is_array: bool,
    /// The operation.
    pub op: Op,
    /// The operands, typed as the field: none, one, two, or for `Equal` and `Contains*` one and more.
    pub values: Vec<Value>,
}

/// What is asked of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// Is one of the values.
    Equal,
    /// Has a value other than this one.
    NotEqual,
    /// Is less.
    Less,
    /// Is less or equal.
    LessEqual,
    /// Is greater.
    Greater,
    /// Is greater or equal.
    GreaterEqual,
    /// Lies between two values, or is one of them.
    Between,
    /// Is less than the first or greater than the second.
    NotBetween,
    /// Has no value.
    IsNull,
    /// Has a value.
    IsNotNull,
    /// Text begins so, whatever the ASCII case.
    StartsWith,
    /// Text does not begin so.
    NotStartsWith,
    /// Text ends so, whatever the ASCII case.
    EndsWith,
    /// Text does not end so.
    NotEndsWith,
    /// Text has one of the values in it, whatever the ASCII case; a list has one of them as an element, exactly.
    ContainsAny,
    /// Text has all values in it, whatever the ASCII case; a list has all of them as elements, exactly.
    ContainsAll,
    /// Neither text nor list has any of the values so.
    NotContains,
    /// Text has words that a search looks for ([`crate::words`]).
    Search,
    /// Text has none of them.
    NotSearch,
    /// Text matches a pattern ([`crate::pattern`]) somewhere; the value is its plain form.
    Matches,
    /// The shape stands so to another.
    Shape(Relation),
    /// It does not.
    NotShape(Relation),
    /// The shape is as far from another, the first value, as the second value says.
    DistanceEqual(Unit),
    /// It is nearer or farther.
    DistanceNotEqual(Unit),
    /// It is farther.
    DistanceGreater(Unit),
    /// It is nearer.
    DistanceLess(Unit),
}

/// One field of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderBy {
    /// The field.
    pub field: Field,
    /// Its direction; rows without value come first in ascending order and last in descending order.
    pub order: Order,
}

impl OrderBy {
    /// By `$sequence`, ascending.
    pub const SEQUENCE: Self = Self { field: Field::Sequence, order: Order::Asc };
}

/// A row of the list, beside which a page begins or ends. That row itself is not part of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The row's `$id`.
    pub id: String,
    /// On which side of the row the page lies.
    pub side: CursorSide,
}

/// A side of a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CursorSide {
    /// The page begins behind the row.
    After,
    /// The page ends in front of the row.
    Before,
}

impl Op {
    /// Whether it is asked of shapes.
    pub fn is_on_shapes(self) -> bool {
        matches!(
            self,
            Self::Shape(_)
                | Self::NotShape(_)
                | Self::DistanceEqual(_)
                | Self::DistanceNotEqual(_)
                | Self::DistanceGreater(_)
                | Self::DistanceLess(_)
        )
    }

    /// Whether, asked of shapes, it holds for all that are far away.
    pub fn is_outside(self) -> bool {
        matches!(self, Self::NotShape(_) | Self::DistanceNotEqual(_) | Self::DistanceGreater(_))
    }
}
