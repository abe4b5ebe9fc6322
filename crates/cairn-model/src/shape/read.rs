//! Shapes out of values, and what makes one valid.

use geo::algorithm::Validation;
use geo::{Coord, Geometry, LineString, Point, Polygon};

use super::{SHAPE_POINTS_MAX, ShapeKind};
use crate::value::Value;

/// The kind that a value's nesting tells; what is no shape at all counts as a point, and is refused as one.
pub(super) fn kind_of(value: &Value) -> ShapeKind {
    let one = value.as_array().and_then(<[Value]>::first).and_then(Value::as_array);
    let two = one.and_then(<[Value]>::first).and_then(Value::as_array);
    match (one, two) {
        (Some(_), Some(_)) => ShapeKind::Polygon,
        (Some(_), None) => ShapeKind::Line,
        (None, _) => ShapeKind::Point,
    }
}

pub(super) fn of_kind(kind: ShapeKind, value: &Value) -> Result<Geometry<f64>, String> {
    let rule = |why: String| format!("must be a valid {}: {why}", kind.name());
    if points(value) > SHAPE_POINTS_MAX {
        return Err(rule(format!("it may have up to {SHAPE_POINTS_MAX} points")));
    }
    let shape = match kind {
        ShapeKind::Point => coordinate(value).map(|at| Geometry::Point(Point(at))),
        ShapeKind::Line => line(value).map(Geometry::LineString),
        ShapeKind::Polygon => polygon(value).map(Geometry::Polygon),
    };
    shape.map_err(rule)
}

/// How many pairs of numbers there could be in it.
fn points(value: &Value) -> usize {
    match value {
        Value::Array(items) if items.iter().any(|item| item.as_array().is_some()) => {
            items.iter().map(points).sum()
        }
        _ => 1,
    }
}

fn coordinate(value: &Value) -> Result<Coord<f64>, String> {
    let Some([x, y]) = value.as_array() else {
        return Err("it needs pairs of longitude and latitude".to_owned());
    };
    let (Some(x), Some(y)) = (number(x), number(y)) else {
        return Err("its coordinates must be numbers".to_owned());
    };
    if !(-180.0..=180.0).contains(&x) {
        return Err(format!("the longitude {x} is not between -180 and 180"));
    }
    if !(-90.0..=90.0).contains(&y) {
        return Err(format!("the latitude {y} is not between -90 and 90"));
    }
    // A zero has one sign only, so that equal values are stored alike.
    Ok(Coord { x: x + 0.0, y: y + 0.0 })
}

#[expect(clippy::cast_precision_loss, reason = "a coordinate has three digits in front of the point")]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(int) => Some(*int as f64),
        Value::Float(float) => Some(*float),
        _ => None,
    }
}

fn coordinates(value: &Value) -> Result<Vec<Coord<f64>>, String> {
    let items = value.as_array().ok_or("it needs a list of points")?;
    items.iter().map(coordinate).collect()
}

fn line(value: &Value) -> Result<LineString<f64>, String> {
    let line = LineString(coordinates(value)?);
    match line.0.split_first() {
        Some((first, others)) if others.iter().any(|other| other != first) => Ok(line),
        _ => Err("it needs at least two different points".to_owned()),
    }
}

fn polygon(value: &Value) -> Result<Polygon<f64>, String> {
    let rings = value.as_array().filter(|rings| !rings.is_empty()).ok_or("it needs at least one ring")?;
    // One ring may stand without the list around it.
    let mut read = if kind_of(value) == ShapeKind::Line {
        vec![ring(value)?]
    } else {
        rings.iter().map(ring).collect::<Result<_, _>>()?
    };
    let outer = read.remove(0);
    let polygon = Polygon::new(outer, read);
    match polygon.check_validation() {
        Ok(()) => Ok(polygon),
        Err(_) => {
            Err("its rings must not cross or touch themselves or each other, and holes lie in the first ring"
                .to_owned())
        }
    }
}

fn ring(value: &Value) -> Result<LineString<f64>, String> {
    let ring = LineString(coordinates(value)?);
    if ring.0.len() < 4 {
        return Err("a ring has at least four points".to_owned());
    }
    if ring.0.first() != ring.0.last() {
        return Err("the last point of a ring is its first".to_owned());
    }
    Ok(ring)
}
