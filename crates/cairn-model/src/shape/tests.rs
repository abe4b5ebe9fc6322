use super::*;

fn value(json: &str) -> Value {
    fn of(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Value {
        if chars.next_if_eq(&'[').is_some() {
            let mut items = Vec::new();
            while chars.next_if_eq(&']').is_none() {
                if chars.next_if(|c| matches!(c, ',' | ' ')).is_none() {
                    items.push(of(chars));
                }
            }
            return Value::Array(items);
        }
        let mut text = String::new();
        while let Some(c) = chars.next_if(|c| !matches!(c, ',' | ']' | ' ')) {
            text.push(c);
        }
        text.parse().map_or_else(|_| text.parse().map_or(Value::Text(text), Value::Float), Value::Int)
    }
    of(&mut json.chars().peekable())
}

fn shape(json: &str) -> Shape {
    Shape::of_any_kind(&value(json)).unwrap_or_else(|rule| panic!("{json}: {rule}"))
}

const SQUARE: &str = "[[[0,0],[10,0],[10,10],[0,10],[0,0]]]";

#[test]
fn relations_are_those_of_spatial_databases() {
    use Relation::{Contains, Crosses, Equals, Intersects, Overlaps, Touches};
    for (a, b, expected) in [
        (SQUARE, "[5,5]", &[Intersects, Contains][..]),
        (SQUARE, "[0,5]", &[Intersects, Touches]),
        (SQUARE, "[60,60]", &[]),
        (SQUARE, "[[[5,5],[15,5],[15,15],[5,15],[5,5]]]", &[Intersects, Overlaps]),
        (SQUARE, "[[[10,10],[20,10],[20,20],[10,20],[10,10]]]", &[Intersects, Touches]),
        (SQUARE, "[[[10,0],[10,10],[0,10],[0,0],[10,0]]]", &[Intersects, Contains, Equals]),
        (SQUARE, "[[-5,5],[15,5]]", &[Intersects, Crosses]),
        ("[[1,1],[1.1,1.1],[2,2]]", "[[1,2],[2,1]]", &[Intersects, Crosses]),
        ("[[0,0],[2,0]]", "[[1,0],[3,0]]", &[Intersects, Overlaps]),
        ("[[0,0],[2,0]]", "[[2,0],[0,0]]", &[Intersects, Contains, Equals]),
        ("[1,2]", "[1.0,2]", &[Intersects, Contains, Equals]),
        ("[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[3,3],[6,3],[6,6],[3,6],[3,3]]]", "[5,5]", &[]),
    ] {
        let (a, b) = (shape(a), shape(b));
        let found: Vec<_> = [Intersects, Crosses, Overlaps, Touches, Contains, Equals]
            .into_iter()
            .filter(|relation| a.stands(*relation, &b))
            .collect();
        assert_eq!(found, expected, "{a:?} and {b:?}");
    }
}

#[test]
fn distances_are_planar_or_on_the_sphere_between_points() {
    assert_eq!(shape("[6,6]").distance(&shape("[7,6]"), Unit::Degrees), Some(1.0));
    assert_eq!(shape(SQUARE).distance(&shape("[13,14]"), Unit::Degrees), Some(5.0));
    assert_eq!(shape(SQUARE).distance(&shape("[13,14]"), Unit::Metres), None);
    let metres = shape("[0,0]").distance(&shape("[1,0]"), Unit::Metres).unwrap();
    assert!((metres - 111_194.926).abs() < 0.01, "{metres}");
    let across = shape("[-179.5,0]").distance(&shape("[179.5,0]"), Unit::Metres).unwrap();
    assert!((across - metres).abs() < 0.01, "{across}");
}

#[test]
fn a_frame_leaves_out_nothing_within_its_distance() {
    let rng = cairn_std::Rng::seeded(4);
    let unit = || f64::from(u32::try_from(rng.u64() >> 32).unwrap()) / f64::from(u32::MAX);
    for _ in 0..20_000 {
        let at = || Shape(Geometry::Point(geo::Point::new(unit() * 360.0 - 180.0, unit() * 180.0 - 90.0)));
        let (a, b) = (at(), at());
        for unit in [Unit::Degrees, Unit::Metres] {
            let distance = a.distance(&b, unit).unwrap();
            assert!(a.frame_within(distance, unit).meets(b.frame()), "{a:?} {b:?} {distance} {unit:?}");
        }
    }
}

#[test]
fn what_is_no_shape_is_refused_with_a_reason() {
    use ShapeKind::{Line, Point, Polygon};
    for (kind, json, why) in [
        (Point, "[1]", "must be a valid point: it needs pairs of longitude and latitude"),
        (Point, "[1,x]", "must be a valid point: its coordinates must be numbers"),
        (Point, "[181,0]", "must be a valid point: the longitude 181 is not between -180 and 180"),
        (Point, "[0,-90.5]", "must be a valid point: the latitude -90.5 is not between -90 and 90"),
        (Line, "[[1,1]]", "must be a valid linestring: it needs at least two different points"),
        (Line, "[[1,1],[1,1]]", "must be a valid linestring: it needs at least two different points"),
        (Line, "[1,2]", "must be a valid linestring: it needs pairs of longitude and latitude"),
        (Polygon, "[]", "must be a valid polygon: it needs at least one ring"),
        (Polygon, "[[[0,0],[1,0],[0,0]]]", "must be a valid polygon: a ring has at least four points"),
        (
            Polygon,
            "[[0,0],[1,0],[1,1],[0,1]]",
            "must be a valid polygon: the last point of a ring is its first",
        ),
        (
            Polygon,
            "[[[0,0],[1,1],[1,0],[0,1],[0,0]]]",
            "must be a valid polygon: its rings must not cross or touch themselves or each other, and holes lie in the first ring",
        ),
    ] {
        assert_eq!(Shape::of_kind(kind, &value(json)).unwrap_err(), why, "{json}");
    }
    let many = Value::Array(vec![value("[0,0]"); SHAPE_POINTS_MAX + 1]);
    assert!(Shape::of_kind(Line, &many).unwrap_err().ends_with("up to 4096 points"));
}

#[test]
fn a_shape_reads_as_what_it_was_written_as() {
    for (json, expected) in [
        ("[1,2.5]", "[1.0,2.5]"),
        ("[[1,2],[3,4]]", "[[1.0,2.0],[3.0,4.0]]"),
        (SQUARE, "[[[0.0,0.0],[10.0,0.0],[10.0,10.0],[0.0,10.0],[0.0,0.0]]]"),
    ] {
        assert_eq!(shape(json).to_value(), value(expected));
    }
    let bare = value("[[0,0],[10,0],[10,10],[0,10],[0,0]]");
    assert_eq!(Shape::of_kind(ShapeKind::Polygon, &bare).unwrap(), shape(SQUARE));
}
