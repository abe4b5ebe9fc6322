//! Conditions on shapes.
//!
//! A store narrows the rows by their frames and asks [`Near::holds`] of those that are left; what it may leave out is
//! what [`Near::frame`] says.

use cairn_model::shape::{Frame, Relation, Shape, Unit};
use cairn_model::value::Value;

use crate::ast::{Op, Test};

/// A condition on a shape, ready to be asked of many.
#[derive(Clone, Debug)]
pub struct Near {
    op: Op,
    shape: Shape,
    distance: f64,
}

impl Near {
    /// The condition of a test, if it is about a shape.
    pub fn of(test: &Test) -> Option<Self> {
        let distance = match (test.op, test.values.get(1)) {
            (Op::Shape(_) | Op::NotShape(_), _) => 0.0,
            (op, Some(Value::Float(distance))) if op.is_on_shapes() => *distance,
            _ => return None,
        };
        let shape = Shape::of_any_kind(test.values.first()?).ok()?;
        Some(Self { op: test.op, shape, distance })
    }

    /// Outside of this the answer is known ([`Op::is_outside`]).
    pub fn frame(&self) -> Frame {
        match self.op {
            Op::DistanceEqual(unit)
            | Op::DistanceNotEqual(unit)
            | Op::DistanceGreater(unit)
            | Op::DistanceLess(unit) => self.shape.frame_within(self.distance, unit),
            _ => self.shape.frame_within(0.0, Unit::Degrees),
        }
    }

    /// Whether a value, the shape of a row, satisfies it. What is no shape does not.
    pub fn holds(&self, value: &Value) -> bool {
        let Ok(shape) = Shape::of_any_kind(value) else { return false };
        let stands = |relation: Relation| shape.stands(relation, &self.shape);
        let compared = |unit, passes: fn(f64, f64) -> bool| {
            shape.distance(&self.shape, unit).is_some_and(|distance| passes(distance, self.distance))
        };
        match self.op {
            Op::Shape(relation) => stands(relation),
            Op::NotShape(relation) => !stands(relation),
            #[expect(clippy::float_cmp, reason = "the client asks for exactly this distance")]
            Op::DistanceEqual(unit) => compared(unit, |a, b| a == b),
            #[expect(clippy::float_cmp, reason = "the client asks for exactly this distance")]
            Op::DistanceNotEqual(unit) => compared(unit, |a, b| a != b),
            Op::DistanceGreater(unit) => compared(unit, |a, b| a > b),
            Op::DistanceLess(unit) => compared(unit, |a, b| a < b),
            _ => false,
        }
    }
}
