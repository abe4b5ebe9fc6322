//! The meaning of operations, by examples and by laws.

use cairn_model::permissions::Permission;
use cairn_model::schema::{Attribute, AttributeType, Collection, Document};
use cairn_std::time::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::ast::{Cursor, OrderBy};
use crate::build::{Limits, build};
use crate::fields::{DocumentFields, FieldType};

fn collection() -> Collection {
    let attribute = |key: &str, kind| Attribute { size: 50, ..Attribute::new(key, kind) };
    Collection {
        id: "c".into(),
        number: 1,
        database_id: "d".into(),
        database_number: 1,
        name: "c".into(),
        is_enabled: true,
        document_security: false,
        permissions: Vec::new(),
        attributes: vec![
            attribute("name", AttributeType::String),
            attribute("age", AttributeType::Integer),
            Attribute { is_array: true, ..attribute("tags", AttributeType::String) },
        ],
        indexes: Vec::new(),
        created: Timestamp(0),
        updated: Timestamp(0),
    }
}

fn document(seq: i64, values: Vec<Value>) -> Document {
    Document {
        seq,
        id: format!("d{seq}").as_str().into(),
        created: Timestamp(seq / 3),
        updated: Timestamp(seq),
        permissions: [Permission::parse(r#"read("any")"#).unwrap()].into(),
        values,
    }
}

fn list(texts: &[&str], rows: &[Document]) -> Vec<i64> {
    let schema = collection();
    let query = build(texts, &DocumentFields(&schema), Limits::CURRENT).unwrap();
    page(&query, rows, 25).unwrap().iter().map(|row| row.seq).collect()
}

#[test]
fn conditions_follow_the_sql_of_the_reference() {
    let rows = [
        document(1, vec!["Anna".into(), 3.into(), vec!["a", "b"].into()]),
        document(2, vec!["anna".into(), 5.into(), Value::Array(vec![])]),
        document(3, vec!["Ärger%".into(), Value::Null, vec!["b", "c"].into()]),
        document(4, vec![Value::Null, 5.into(), Value::Null]),
    ];
    for (method, attribute, values, found) in [
        ("equal", "name", r#"["Anna"]"#, vec![1]),
        ("equal", "name", r#"["Anna","anna"]"#, vec![1, 2]),
        ("notEqual", "name", r#"["Anna"]"#, vec![2, 3]),
        ("notEqual", "age", "[3]", vec![2, 4]),
        ("greaterThan", "name", r#"["Z"]"#, vec![2, 3]),
        ("between", "age", "[3,4]", vec![1]),
        ("notBetween", "age", "[3,4]", vec![2, 4]),
        ("isNull", "age", "[]", vec![3]),
        ("isNotNull", "tags", "[]", vec![1, 2, 3]),
        ("startsWith", "name", r#"["AN"]"#, vec![1, 2]),
        ("startsWith", "name", r#"["ä"]"#, vec![]),
        ("endsWith", "name", r#"["%"]"#, vec![3]),
        ("notEndsWith", "name", r#"["NA"]"#, vec![3]),
        ("contains", "name", r#"["NN","x"]"#, vec![1, 2]),
        ("containsAll", "name", r#"["nn","A"]"#, vec![1, 2]),
        ("notContains", "name", r#"["_"]"#, vec![1, 2, 3]),
        ("contains", "tags", r#"["a","c"]"#, vec![1, 3]),
        ("contains", "tags", r#"["A"]"#, vec![]),
        ("containsAny", "tags", r#"["b"]"#, vec![1, 3]),
        ("containsAll", "tags", r#"["b","c"]"#, vec![3]),
        ("notContains", "tags", r#"["a"]"#, vec![2, 3]),
        ("elemMatch", "tags", r#"[{"method":"greaterThan","attribute":"tags","values":["b"]}]"#, vec![3]),
        (
            "elemMatch",
            "tags",
            r#"[{"method":"startsWith","attribute":"tags","values":["a"]},{"method":"equal","attribute":"tags","values":["b"]}]"#,
            vec![],
        ),
        ("equal", "$id", r#"["d2"]"#, vec![2]),
        ("lessThan", "$sequence", "[3]", vec![1, 2]),
    ] {
        let text = format!(r#"{{"method":"{method}","attribute":"{attribute}","values":{values}}}"#);
        assert_eq!(list(&[&text], &rows), found, "{text}");
    }
    let either = r#"{"method":"or","values":[{"method":"isNull","attribute":"age"},{"method":"equal","attribute":"age","values":[3]}]}"#;
    assert_eq!(list(&[either], &rows), [1, 3]);
    for (order, found) in [("orderAsc", [3, 1, 2, 4]), ("orderDesc", [2, 4, 1, 3])] {
        let text = format!(r#"{{"method":"{order}","attribute":"age"}}"#);
        assert_eq!(list(&[&text], &rows), found, "{order}");
    }
}

#[test]
fn a_cursor_needs_its_row_and_its_values() {
    let rows = [document(1, vec![Value::Null; 3]), document(2, vec!["a".into(), 1.into(), Value::Null])];
    let cursor = Cursor { id: "d1".into(), side: CursorSide::After };
    let by_age = OrderBy { field: Field::Attribute(1), order: Order::Asc };
    let mut query =
        Query { cursor: Some(cursor), orders: vec![by_age, OrderBy::SEQUENCE], ..Query::default() };
    assert_eq!(page(&query, &rows, 25).unwrap_err().kind, Kind::OrderNull);
    assert_eq!(position(&query, &rows[0]), Err(Field::Attribute(1)));
    query.cursor = Some(Cursor { id: "d9".into(), side: CursorSide::After });
    assert_eq!(page(&query, &rows, 25).unwrap_err().kind, Kind::Invalid);
}

fn any_rows() -> impl Strategy<Value = Vec<Document>> {
    let text = prop_oneof![Just(Value::Null), "[aAbBä%_]{0,3}".prop_map(Value::Text)];
    let int = prop_oneof![Just(Value::Null), (-2_i64..3).prop_map(Value::Int)];
    let tags = prop_oneof![
        Just(Value::Null),
        prop::collection::vec("[ab]".prop_map(Value::Text), 0..3).prop_map(Value::Array)
    ];
    prop::collection::vec((text, int, tags), 0..30).prop_map(|rows| {
        (1..).zip(rows).map(|(seq, (name, age, tags))| document(seq, vec![name, age, tags])).collect()
    })
}

fn any_orders() -> impl Strategy<Value = Vec<OrderBy>> {
    let field = prop::sample::select(vec![Field::Attribute(0), Field::Attribute(1), Field::Created]);
    let by = (field, prop::sample::select(vec![Order::Asc, Order::Desc]));
    (prop::collection::vec(by, 0..3), prop::sample::select(vec![Order::Asc, Order::Desc])).prop_map(
        |(list, last)| {
            let mut orders: Vec<_> =
                list.into_iter().map(|(field, order)| OrderBy { field, order }).collect();
            orders.push(OrderBy { field: Field::Sequence, order: last });
            orders
        },
    )
}

fn seqs(page: &[&Document]) -> Vec<i64> {
    page.iter().map(|row| row.seq).collect()
}

proptest! {
    #[test]
    fn pages_behind_and_before_a_row_make_up_the_list(rows in any_rows(), orders in any_orders()) {
        let query = Query { orders, ..Query::default() };
        let all = seqs(&page(&query, &rows, 1_000).unwrap());
        for (place, seq) in all.iter().enumerate() {
            let on = |side| {
                let cursor = Some(Cursor { id: format!("d{seq}"), side });
                page(&Query { cursor, ..query.clone() }, &rows, 1_000).map(|page| seqs(&page))
            };
            // A row without a value for an order cannot be a cursor.
            if let (Ok(before), Ok(after)) = (on(CursorSide::Before), on(CursorSide::After)) {
                prop_assert_eq!(&before[..], &all[..place]);
                prop_assert_eq!(&after[..], &all[place + 1..]);
            }
        }
    }

    #[test]
    fn the_page_before_a_row_ends_beside_it(rows in any_rows(), orders in any_orders(), limit in 1_u64..5) {
        let query = Query { orders, ..Query::default() };
        let all = seqs(&page(&query, &rows, 1_000).unwrap());
        for (place, seq) in all.iter().enumerate() {
            let cursor = Some(Cursor { id: format!("d{seq}"), side: CursorSide::Before });
            let limited = Query { cursor, limit: Some(limit), ..query.clone() };
            if let Ok(found) = page(&limited, &rows, 1_000) {
                let start = place.saturating_sub(usize::try_from(limit).unwrap());
                prop_assert_eq!(seqs(&found), &all[start..place]);
            }
        }
    }

    #[test]
    fn an_operation_and_its_opposite_part_the_rows_with_a_value(rows in any_rows(), part in "[aAbä%_]{1,2}") {
        let pairs = [
            (Op::Equal, Op::NotEqual),
            (Op::Less, Op::GreaterEqual),
            (Op::Greater, Op::LessEqual),
            (Op::StartsWith, Op::NotStartsWith),
            (Op::EndsWith, Op::NotEndsWith),
            (Op::ContainsAny, Op::NotContains),
            (Op::IsNotNull, Op::IsNull),
        ];
        for (op, opposite) in pairs {
            let holds = |op, row: &Document| {
                let values = vec![Value::Text(part.clone())];
                let test = Test { field: Field::Attribute(0), kind: FieldType::Text, is_array: false, op, values };
                matches(&Query { filters: vec![Filter::Test(test)], ..Query::default() }, row)
            };
            for row in &rows {
                let either = holds(op, row) ^ holds(opposite, row);
                let has_value = !row.values[0].is_null() || opposite == Op::IsNull;
                prop_assert_eq!(either, has_value, "{:?} {:?}", op, row);
            }
        }
    }

    #[test]
    fn the_order_is_total(rows in any_rows(), orders in any_orders()) {
        let query = Query { orders, ..Query::default() };
        for a in &rows {
            for b in &rows {
                prop_assert_eq!(compare(&query, a, b), compare(&query, b, a).reverse());
                prop_assert_eq!(compare(&query, a, b).is_eq(), a.seq == b.seq);
            }
        }
    }
}
