//! Shapes on earth: points, lines and areas, how they stand to each other, and how far apart they are.
//!
//! A coordinate is a pair of longitude and latitude in degrees. Relations are those of the plane (DE-9IM, as every
//! spatial database has them), computed with exact predicates; both engines of the store rely on this file alone, so
//! that they cannot differ.

mod read;
#[cfg(test)]
mod tests;

use geo::{BoundingRect, Distance, Euclidean, Geometry, HaversineMeasure, Relate};

use crate::value::Value;

/// Most coordinates of one shape: checking an area takes their number squared.
pub const SHAPE_POINTS_MAX: usize = 4_096;
/// The sphere on which metres are measured, as the reference has it.
const EARTH_RADIUS_M: f64 = 6_371_000.0;
/// Degrees of latitude in a metre, a little more than there are.
const DEGREES_PER_M: f64 = 1.0 / 111_000.0;
/// A frame is this much wider than its shape, for what rounding may take away.
const FRAME_SLACK: f64 = 1e-9;

/// Which kind of shape an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShapeKind {
    /// `[longitude, latitude]`.
    Point,
    /// At least two points.
    Line,
    /// A closed ring of points, and rings that are holes in it.
    Polygon,
}

impl ShapeKind {
    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Line => "linestring",
            Self::Polygon => "polygon",
        }
    }
}

/// How one shape stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// They have a point in common.
    Intersects,
    /// They cross: what they have in common is smaller than either and within both.
    Crosses,
    /// They are of one dimension and have a part of it in common, and each has more.
    Overlaps,
    /// Their edges meet, and nothing else of them.
    Touches,
    /// The other lies within this one, and not on its edge alone.
    Contains,
    /// They are the same set of points.
    Equals,
}

/// In what a distance is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Degrees in the plane.
    Degrees,
    /// Metres on the sphere, between points only.
    Metres,
}

/// West, south, east and north of something, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// The smallest longitude.
    pub west: f64,
    /// The smallest latitude.
    pub south: f64,
    /// The largest longitude.
    pub east: f64,
    /// The largest latitude.
    pub north: f64,
}

impl Frame {
    /// Whether two frames have a point in common.
    pub fn meets(self, other: Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }
}

/// A valid shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape(Geometry<f64>);

impl Shape {
    /// The shape that a value is, which must be of this kind; the error is a sentence behind `Value `.
    pub fn of_kind(kind: ShapeKind, value: &Value) -> Result<Self, String> {
        read::of_kind(kind, value).map(Self)
    }

    /// The shape that a value is, its kind told by its nesting.
    pub fn of_any_kind(value: &Value) -> Result<Self, String> {
        Self::of_kind(read::kind_of(value), value)
    }

    /// What it is.
    pub fn kind(&self) -> ShapeKind {
        match self.0 {
            Geometry::Point(_) => ShapeKind::Point,
            Geometry::LineString(_) => ShapeKind::Line,
            _ => ShapeKind::Polygon,
        }
    }

    /// The value that reads as this shape: pairs of floats, an area always as a list of rings.
    pub fn to_value(&self) -> Value {
        let pair = |at: &geo::Coord<f64>| Value::Array(vec![at.x.into(), at.y.into()]);
        let line = |of: &geo::LineString<f64>| Value::Array(of.coords().map(pair).collect());
        match &self.0 {
            Geometry::Point(at) => pair(&at.0),
            Geometry::LineString(of) => line(of),
            Geometry::Polygon(area) => {
                let rings = std::iter::once(area.exterior()).chain(area.interiors());
                Value::Array(rings.map(line).collect())
            }
            _ => Value::Null,
        }
    }

    /// What it lies in.
    pub fn frame(&self) -> Frame {
        // Valid shapes are not empty.
        let bounds = self.0.bounding_rect();
        bounds.map_or(Frame { west: 0.0, south: 0.0, east: 0.0, north: 0.0 }, |bounds| Frame {
            west: bounds.min().x,
            south: bounds.min().y,
            east: bounds.max().x,
            north: bounds.max().y,
        })
    }

    /// What everything within a distance lies in, or meets.
    pub fn frame_within(&self, distance: f64, unit: Unit) -> Frame {
        let frame = self.frame();
        let all = Frame { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };
        let distance = distance.max(0.0);
        let (dx, dy) = match unit {
            Unit::Degrees => (distance, distance),
            Unit::Metres => {
                let dy = distance * DEGREES_PER_M;
                let farthest = frame.north.abs().max(frame.south.abs()) + dy;
                if farthest >= 89.0 { (f64::INFINITY, dy) } else { (dy / farthest.to_radians().cos(), dy) }
            }
        };
        let slack = FRAME_SLACK * (1.0 + distance.abs());
        let (west, east) = (frame.west - dx - slack, frame.east + dx + slack);
        // On the sphere, what lies beyond one end of the map comes in at the other.
        let wraps = unit == Unit::Metres && (west < all.west || east > all.east);
        Frame {
            west: if wraps { all.west } else { west.max(all.west) },
            east: if wraps { all.east } else { east.min(all.east) },
            south: (frame.south - dy - slack).max(all.south),
            north: (frame.north + dy + slack).min(all.north),
        }
    }

    /// Whether this one stands so to the other.
    pub fn stands(&self, relation: Relation, other: &Self) -> bool {
        // Every relation needs a common point; most pairs have none, and this says so cheaply.
        if !self.frame().meets(other.frame()) {
            return false;
        }
        let matrix = self.0.relate(&other.0);
        match relation {
            Relation::Intersects => matrix.is_intersects(),
            Relation::Crosses => matrix.is_crosses(),
            Relation::Overlaps => matrix.is_overlaps(),
            Relation::Touches => matrix.is_touches(),
            Relation::Contains => matrix.is_contains(),
            Relation::Equals => matrix.is_equal_topo(),
        }
    }

    /// How far apart they are; `None` in metres unless both are points.
    pub fn distance(&self, other: &Self, unit: Unit) -> Option<f64> {
        match (unit, &self.0, &other.0) {
            (Unit::Degrees, a, b) => Some(Euclidean.distance(a, b)),
            (Unit::Metres, Geometry::Point(a), Geometry::Point(b)) => {
                Some(HaversineMeasure::new(EARTH_RADIUS_M).distance(*a, *b))
            }
            (Unit::Metres, ..) => None,
        }
    }
}
