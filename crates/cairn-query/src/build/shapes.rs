//! Conditions on shapes: how they stand to another, and how far from it they are.

use cairn_model::shape::{Relation, Shape, ShapeKind, Unit};
use cairn_model::value::Value;

use super::Builder;
use super::filters::Arity;
use crate::ast::{Filter, Op, Test};
use crate::error::QueryError;
use crate::fields::{Field, FieldType};
use crate::method::Method;
use crate::raw::{Raw, RawValue};

impl Builder<'_> {
    /// A condition that only an attribute with shapes can have, or one that means something else for it.
    pub(super) fn shape(&mut self, raw: Raw) -> Result<Filter, QueryError> {
        let (method, attribute) = (raw.method, raw.attribute);
        let name = method.name();
        let def = self.find(&attribute)?;
        let FieldType::Shape(kind) = def.kind else {
            // COMPAT(appwrite): clients compare this text.
            let reason =
                format!("Spatial query \"{name}\" cannot be applied on non-spatial attribute: {attribute}");
            return Err(QueryError::invalid(reason).of(&attribute));
        };
        let Some(ask) = Ask::of(method) else {
            let reason =
                format!("Cannot query {name} on attribute \"{attribute}\" because it is a {}.", kind.name());
            return Err(QueryError::invalid(reason).of(&attribute));
        };
        let (takes_some, needs) = match method {
            Method::Equal
            | Method::Contains
            | Method::ContainsAny
            | Method::ContainsAll
            | Method::NotContains => (true, "at least one shape"),
            _ if matches!(ask, Ask::Far(_)) => (false, "a shape and a distance"),
            _ => (false, "exactly one shape"),
        };
        if raw.values.is_empty() || (!takes_some && raw.values.len() > 1) {
            let reason = format!("The query {name} on attribute \"{attribute}\" needs {needs}");
            return Err(QueryError::invalid(reason).of(&attribute));
        }
        self.count_values(&attribute, raw.values.len(), Arity::Some)?;
        let mut tests = Vec::with_capacity(raw.values.len());
        for value in raw.values {
            let RawValue::Value(value) = value else {
                let reason = format!("The query {name} on attribute \"{attribute}\" needs {needs}");
                return Err(QueryError::invalid(reason).of(&attribute));
            };
            let refused = |why: String| {
                QueryError::invalid(format!(
                    "The value of the query {name} on attribute \"{attribute}\" {why}"
                ))
                .of(&attribute)
            };
            tests.push(Filter::Test(ask.test(def.field, kind, value).map_err(refused)?));
        }
        match method {
            Method::ContainsAll | Method::NotContains => self.all_of(tests),
            _ => self.any_of(tests),
        }
    }
}

/// What is asked of a shape.
#[derive(Clone, Copy)]
enum Ask {
    Stands(Op),
    Far(fn(Unit) -> Op),
}

impl Ask {
    fn of(method: Method) -> Option<Self> {
        Some(Self::Stands(match method {
            Method::Intersects => Op::Shape(Relation::Intersects),
            Method::NotIntersects => Op::NotShape(Relation::Intersects),
            Method::Crosses => Op::Shape(Relation::Crosses),
            Method::NotCrosses => Op::NotShape(Relation::Crosses),
            Method::Overlaps => Op::Shape(Relation::Overlaps),
            Method::NotOverlaps => Op::NotShape(Relation::Overlaps),
            Method::Touches => Op::Shape(Relation::Touches),
            Method::NotTouches => Op::NotShape(Relation::Touches),
            Method::Equal => Op::Shape(Relation::Equals),
            Method::NotEqual => Op::NotShape(Relation::Equals),
            Method::Contains | Method::ContainsAny | Method::ContainsAll => Op::Shape(Relation::Contains),
            Method::NotContains => Op::NotShape(Relation::Contains),
            Method::DistanceEqual => return Some(Self::Far(Op::DistanceEqual)),
            Method::DistanceNotEqual => return Some(Self::Far(Op::DistanceNotEqual)),
            Method::DistanceGreaterThan => return Some(Self::Far(Op::DistanceGreater)),
            Method::DistanceLessThan => return Some(Self::Far(Op::DistanceLess)),
            _ => return None,
        }))
    }

    /// The condition on a field; the error goes behind the words that name the query.
    fn test(self, field: Field, kind: ShapeKind, value: Value) -> Result<Test, String> {
        let of = |op, values| Test { field, kind: FieldType::Shape(kind), is_array: false, op, values };
        match self {
            Self::Stands(op) => Ok(of(op, vec![Shape::of_any_kind(&value)?.to_value()])),
            Self::Far(op) => {
                let (shape, distance, unit) = far(&value)?;
                if unit == Unit::Metres && (kind != ShapeKind::Point || shape.kind() != ShapeKind::Point) {
                    let (one, two) = (kind.name(), shape.kind().name());
                    return Err(format!("is in meters, which are not measured between {one} and {two}"));
                }
                Ok(of(op(unit), vec![shape.to_value(), distance.into()]))
            }
        }
    }
}

/// `[shape, distance]`, and whether in metres.
fn far(value: &Value) -> Result<(Shape, f64, Unit), String> {
    let rule = || "must be a list of a shape, a distance, and whether it is in meters".to_owned();
    let (shape, distance, metres) = match value.as_array() {
        Some([shape, distance]) => (shape, distance, &Value::Bool(false)),
        Some([shape, distance, metres]) => (shape, distance, metres),
        _ => return Err(rule()),
    };
    #[expect(clippy::cast_precision_loss, reason = "a distance is a float")]
    let distance = match distance {
        Value::Int(int) => *int as f64,
        Value::Float(float) if float.is_finite() => *float,
        _ => return Err(rule()),
    };
    let unit = match metres {
        Value::Bool(true) => Unit::Metres,
        Value::Bool(false) | Value::Null => Unit::Degrees,
        _ => return Err(rule()),
    };
    Ok((Shape::of_any_kind(shape)?, distance, unit))
}
