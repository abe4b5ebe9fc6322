//! Counts, sums and the like over the rows that a query finds, by group.
//!
//! Beyond the reference: the methods `count`, `sum`, `avg`, `min`, `max`, `groupBy` and `distinct` of a query string. Sums do not
//! depend on the order of rows: integers are added exactly, floats from the smallest on.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use cairn_model::value::Value;

use crate::fields::Field;
use crate::row::Row;

/// What to compute, and over which groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aggregates {
    /// Rows with equal values of all of these are a group; without any, all rows are one.
    pub groups: Vec<Field>,
    /// What to compute of each group.
    pub measures: Vec<(Measure, Option<Field>)>,
}

/// What is computed of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// How many rows there are or, of a field, how many have a value.
    Count,
    /// The sum of numbers.
    Sum,
    /// Their mean.
    Avg,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its values, parallel to [`Aggregates::groups`].
    pub key: Vec<Value>,
    /// What was computed, parallel to [`Aggregates::measures`]; null over no value.
    pub measured: Vec<Value>,
}

impl Aggregates {
    /// Whether the number of all rows is all that is asked.
    pub fn is_count(&self) -> bool {
        self.groups.is_empty() && self.measures.iter().all(|measure| *measure == (Measure::Count, None))
    }

    /// The groups of these rows, in the order of their values.
    pub fn over<R: Row>(&self, rows: &[R]) -> Vec<Group> {
        let key =
            |row: &R| self.groups.iter().map(|field| row.value(*field).into_owned()).collect::<Vec<_>>();
        let mut keyed: Vec<_> = rows.iter().map(|row| (key(row), row)).collect();
        keyed.sort_by(|(a, _), (b, _)| compare(a, b));
        let mut groups: Vec<Group> = keyed
            .chunk_by(|(a, _), (b, _)| compare(a, b).is_eq())
            .map(|rows| {
                let (key, _) = &rows[0];
                let members: Vec<&R> = rows.iter().map(|(_, row)| *row).collect();
                Group { key: key.clone(), measured: self.measured(&members) }
            })
            .collect();
        if groups.is_empty() && self.groups.is_empty() {
            groups.push(Group { key: Vec::new(), measured: self.measured::<R>(&[]) });
        }
        groups
    }

    fn measured<R: Row>(&self, rows: &[&R]) -> Vec<Value> {
        let one = |(measure, field): &(Measure, Option<Field>)| {
            let Some(field) = *field else { return count(rows.len()) };
            let values: Vec<Value> = rows
                .iter()
                .map(|row| row.value(field).into_owned())
                .filter(|value| !value.is_null())
                .collect();
            measure.of(values)
        };
        self.measures.iter().map(one).collect()
    }
}

fn compare(a: &[Value], b: &[Value]) -> Ordering {
    let each = a.iter().zip(b).map(|(a, b)| a.compare(b).unwrap_or(Ordering::Equal));
    each.fold(Ordering::Equal, Ordering::then)
}

fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

impl Measure {
    /// What it is of values of one type, none of them null.
    fn of(self, values: Vec<Value>) -> Value {
        let by = |a: &Value, b: &Value| a.compare(b).unwrap_or(Ordering::Equal);
        match self {
            Self::Count => count(values.len()),
            Self::Min => values.into_iter().min_by(by).unwrap_or_default(),
            Self::Max => values.into_iter().max_by(by).unwrap_or_default(),
            Self::Sum | Self::Avg if values.is_empty() => Value::Null,
            Self::Sum => sum(&values),
            #[expect(clippy::cast_precision_loss, reason = "a mean is a float")]
            Self::Avg => match sum(&values) {
                Value::Int(sum) => Value::Float(sum as f64 / values.len() as f64),
                Value::Float(sum) => finite(sum / values.len() as f64),
                _ => Value::Null,
            },
        }
    }
}

/// An integer where all are and it fits, a float otherwise.
fn sum(values: &[Value]) -> Value {
    let ints: Option<i128> = values.iter().map(|value| value.as_int().map(i128::from)).sum();
    #[expect(clippy::cast_precision_loss, reason = "what no integer holds is the nearest float")]
    match ints.map(|sum| (sum, i64::try_from(sum))) {
        Some((_, Ok(sum))) => Value::Int(sum),
        Some((sum, Err(_))) => Value::Float(sum as f64),
        None => {
            let mut floats: Vec<f64> = values
                .iter()
                .map(|value| if let Value::Float(float) = value { *float } else { 0.0 })
                .collect();
            floats.sort_by(f64::total_cmp);
            finite(floats.into_iter().sum())
        }
    }
}

/// A float that JSON can say; null for what is beyond.
fn finite(float: f64) -> Value {
    if float.is_finite() { Value::Float(float) } else { Value::Null }
}
