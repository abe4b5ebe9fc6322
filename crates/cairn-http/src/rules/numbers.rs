//! Numbers and booleans, also out of texts.

use serde_json::Value;

use cairn_faults::Rule as Broken;

use super::{Refusal, Rule, Shape, ShapeKind};

/// See [`integer`].
#[derive(Clone, Copy, Debug)]
pub struct IntegerRule {
    min: i64,
    max: i64,
}

/// A whole number from `min` to `max`, also as a text (`"25"`) or without a fraction (`25.0`).
pub fn integer(min: i64, max: i64) -> IntegerRule {
    IntegerRule { min, max }
}

impl Rule for IntegerRule {
    type Output = i64;

    fn shape(&self) -> Shape {
        Shape::of(ShapeKind::Integer).between(self.min, self.max)
    }

    fn check(&self, value: &Value) -> Result<i64, Refusal> {
        let (min, max) = (self.min, self.max);
        let refused = || Refusal::new(format!("Value must be a whole number between {min} and {max}."));
        match whole_number(value) {
            None => Err(refused().broken(Broken::NumberType)),
            Some(number) if number < min => Err(refused().broken(Broken::NumberMin).limit(min)),
            Some(number) if number > max => Err(refused().broken(Broken::NumberMax).limit(max)),
            Some(number) => Ok(number),
        }
    }
}

/// Above this a float does not tell neighbouring whole numbers apart.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            #[expect(clippy::cast_possible_truncation, reason = "the guard leaves only exact whole numbers")]
            let whole = (float.fract() == 0.0 && float.abs() <= EXACT_MAX).then_some(float as i64);
            whole
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// See [`float`].
#[derive(Clone, Copy, Debug)]
pub struct FloatRule {
    min: f64,
    max: f64,
}

/// A finite number from `min` to `max`, also as a text.
pub fn float(min: f64, max: f64) -> FloatRule {
    FloatRule { min, max }
}

impl Rule for FloatRule {
    type Output = f64;

    fn shape(&self) -> Shape {
        Shape { min: Some(self.min), max: Some(self.max), ..Shape::of(ShapeKind::Number) }
    }

    fn check(&self, value: &Value) -> Result<f64, Refusal> {
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let refused =
            || Refusal::new(format!("Value must be a number between {} and {}.", self.min, self.max));
        match number.filter(|number| number.is_finite()) {
            None => Err(refused().broken(Broken::NumberType)),
            Some(number) if number < self.min => Err(refused().broken(Broken::NumberMin)),
            Some(number) if number > self.max => Err(refused().broken(Broken::NumberMax)),
            Some(number) => Ok(number),
        }
    }
}

/// See [`boolean`].
#[derive(Clone, Copy, Debug)]
pub struct BooleanRule;

/// True or false, also as `"true"`, `"1"`, 1 and their opposites.
pub fn boolean() -> BooleanRule {
    BooleanRule
}

impl Rule for BooleanRule {
    type Output = bool;

    fn shape(&self) -> Shape {
        Shape::of(ShapeKind::Boolean)
    }

    fn check(&self, value: &Value) -> Result<bool, Refusal> {
        match value {
            Value::Bool(value) => Ok(*value),
            Value::String(text) if text == "true" || text == "1" => Ok(true),
            Value::String(text) if text == "false" || text == "0" => Ok(false),
            Value::Number(number) if number.as_i64() == Some(1) => Ok(true),
            Value::Number(number) if number.as_i64() == Some(0) => Ok(false),
            _ => Err(Refusal::new("Value must be true or false.")),
        }
    }
}
