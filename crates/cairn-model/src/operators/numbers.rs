//! Operators on numbers.
//!
//! Whole numbers are computed exactly in 128 bits where they can be, all others as floats. The result of an integer
//! attribute is rounded to the nearest whole number, halves away from zero.

use super::{Method, refusal};
use crate::reason::Reason;
use crate::schema::{Attribute, AttributeType};
use crate::value::Value;

/// 2^63, the first float beyond every `i64`.
const BEYOND: f64 = 9_223_372_036_854_775_808.0;

/// A number in the middle of a computation.
#[derive(Clone, Copy, Debug)]
enum Number {
    Whole(i128),
    Float(f64),
}

impl Number {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Int(int) => Some(Self::Whole((*int).into())),
            Value::Float(float) if float.is_finite() => Some(Self::Float(*float)),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "whole numbers that meet floats become the nearest float")]
    fn float(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Float(float) => float,
        }
    }

    fn is_zero(self) -> bool {
        match self {
            Self::Whole(whole) => whole == 0,
            Self::Float(float) => float == 0.0,
        }
    }

    fn is_above(self, other: Self) -> bool {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a > b,
            (a, b) => a.float() > b.float(),
        }
    }
}

pub(super) fn apply(
    method: Method,
    values: &[Value],
    attribute: &Attribute,
    current: &Value,
) -> Result<Value, Reason> {
    let Some(operand) = values.first().and_then(Number::of) else {
        return Err(refusal(method, "it needs a finite number"));
    };
    let bound = match values.get(1) {
        None | Some(Value::Null) => None,
        Some(value) => {
            Some(Number::of(value).ok_or_else(|| refusal(method, "its bound must be a finite number"))?)
        }
    };
    if matches!(method, Method::Divide | Method::Modulo) && operand.is_zero() {
        return Err(refusal(method, "nothing can be divided by zero"));
    }
    let start = Number::of(current).unwrap_or(Number::Whole(0));
    let result = compute(method, start, operand);
    let is_beyond = match (bound, result) {
        (None, _) | (_, None) => false,
        (Some(min), Some(result)) if matches!(method, Method::Decrement | Method::Divide) => {
            min.is_above(result)
        }
        (Some(max), Some(result)) => result.is_above(max),
    };
    match result {
        _ if is_beyond => Ok(current.clone()),
        // Where a bound is named, what no bound can hold is beyond it.
        None if bound.is_some() => Ok(current.clone()),
        None => Err(refusal(method, "the result is not a number")),
        Some(result) => stored(method, attribute, result),
    }
}

/// `None` where the result is not a finite number.
fn compute(method: Method, start: Number, operand: Number) -> Option<Number> {
    if let (Number::Whole(a), Number::Whole(b)) = (start, operand) {
        // Both are of 64 bits, so that only powers can leave 128.
        let exact = match method {
            Method::Increment => Some(a + b),
            Method::Decrement => Some(a - b),
            Method::Multiply => Some(a * b),
            Method::Divide => (a % b == 0).then(|| a / b),
            Method::Modulo => Some(a % b),
            Method::Power => u32::try_from(b).ok().and_then(|exponent| a.checked_pow(exponent)),
            _ => None,
        };
        if let Some(exact) = exact {
            return Some(Number::Whole(exact));
        }
    }
    let (a, b) = (start.float(), operand.float());
    let result = match method {
        Method::Increment => a + b,
        Method::Decrement => a - b,
        Method::Multiply => a * b,
        Method::Divide => a / b,
        Method::Modulo => a % b,
        _ => a.powf(b),
    };
    result.is_finite().then_some(Number::Float(result))
}

fn stored(method: Method, attribute: &Attribute, result: Number) -> Result<Value, Reason> {
    if attribute.kind == AttributeType::Float {
        return Ok(Value::Float(result.float()));
    }
    let overflow = || {
        let limit = if result.float() < 0.0 { i64::MIN } else { i64::MAX };
        refusal(method, &format!("the result would pass {limit}"))
    };
    match result {
        Number::Whole(whole) => i64::try_from(whole).map(Value::Int).map_err(|_| overflow()),
        #[expect(clippy::cast_possible_truncation, reason = "whole and within the range")]
        Number::Float(float) => match float.round() {
            whole if (-BEYOND..BEYOND).contains(&whole) => Ok(Value::Int(whole as i64)),
            _ => Err(overflow()),
        },
    }
}
