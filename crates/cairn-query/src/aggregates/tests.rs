//! Counts, sums and groups of rows in memory.

use std::borrow::Cow;

use super::*;

struct Cells(Vec<Value>);

impl Row for Cells {
    fn value(&self, field: Field) -> Cow<'_, Value> {
        match field {
            Field::Attribute(place) => Cow::Borrowed(&self.0[place]),
            _ => Cow::Owned(Value::Null),
        }
    }
}

#[test]
fn groups_come_in_the_order_of_their_values() {
    let rows: Vec<_> =
        [("b", Some(1), 0.5), ("a", Some(i64::MAX), 1e300), ("b", None, 0.25), ("a", Some(2), -1e300)]
            .into_iter()
            .map(|(group, int, float)| Cells(vec![group.into(), int.into(), float.into()]))
            .collect();
    let (int, float) = (Some(Field::Attribute(1)), Some(Field::Attribute(2)));
    let aggregates = Aggregates {
        groups: vec![Field::Attribute(0)],
        measures: vec![
            (Measure::Count, None),
            (Measure::Count, int),
            (Measure::Sum, int),
            (Measure::Avg, int),
            (Measure::Min, float),
            (Measure::Max, int),
            (Measure::Sum, float),
        ],
    };
    let beyond = Value::Float(9_223_372_036_854_775_809.0);
    let expected = [
        (
            "a",
            vec![
                2.into(),
                2.into(),
                beyond,
                4_611_686_018_427_387_904.5.into(),
                (-1e300).into(),
                i64::MAX.into(),
                0.0.into(),
            ],
        ),
        ("b", vec![2.into(), 1.into(), 1.into(), 1.0.into(), 0.25.into(), 1.into(), 0.75.into()]),
    ];
    let found: Vec<_> = aggregates.over(&rows).into_iter().map(|group| (group.key, group.measured)).collect();
    assert_eq!(found, expected.map(|(key, measured): (&str, Vec<Value>)| (vec![key.into()], measured)));
}

#[test]
fn nothing_is_one_group_when_none_is_asked_for() {
    let of = |groups| Aggregates {
        groups,
        measures: vec![(Measure::Count, None), (Measure::Sum, Some(Field::Id))],
    };
    assert_eq!(of(vec![]).over::<Cells>(&[]), [Group { key: vec![], measured: vec![0.into(), Value::Null] }]);
    assert_eq!(of(vec![Field::Id]).over::<Cells>(&[]), []);
}
