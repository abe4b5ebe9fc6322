//! Pages of a list in memory.

use cairn_faults::Fault;
use cairn_model::value::Value;
use cairn_query::{Field, FieldType, NounField, NounFields};

use super::{ListRequest, Listed};

#[derive(Clone, Debug, PartialEq)]
struct Thing(&'static str, i64);

const THINGS: Listed<Thing> = Listed {
    fields: NounFields(&[NounField::one("size", FieldType::Int)]),
    value: |thing, field| match field {
        Field::Id => Value::Text(thing.0.to_owned()),
        Field::Attribute(0) => Value::Int(thing.1),
        Field::Sequence => Value::Int(thing.1 * 10),
        _ => Value::Null,
    },
    page_default: 25,
};

fn ids(queries: &[&str]) -> Result<(Vec<&'static str>, i64), Fault> {
    let all = [Thing("a", 3), Thing("b", 1), Thing("c", 2)];
    let queries = queries.iter().map(|text| (*text).to_owned()).collect();
    let request = ListRequest { queries, ..ListRequest::default() };
    let query = THINGS.query(&request).map_err(|error| error.fault())?;
    let page = THINGS.page(&query, true, &all).map_err(|error| error.fault())?;
    Ok((page.items.into_iter().map(|thing| thing.0).collect(), page.total))
}

#[test]
fn pages_are_filtered_ordered_and_counted() {
    let check = |queries: &[&str], expected: &[&'static str], total: i64| {
        assert_eq!(ids(queries), Ok((expected.to_vec(), total)), "{queries:?}");
    };
    check(&[], &["b", "c", "a"], 3);
    check(&[r#"{"method":"limit","values":[1]}"#], &["b"], 3);
    check(&[r#"{"method":"greaterThan","attribute":"size","values":[1]}"#], &["c", "a"], 2);
    check(&[r#"{"method":"orderDesc","attribute":"size"}"#], &["a", "c", "b"], 3);
    check(&[r#"{"method":"cursorAfter","values":["b"]}"#], &["c", "a"], 3);
}

#[test]
fn a_bad_query_has_its_fault() {
    assert_eq!(ids(&["nonsense"]), Err(Fault::GeneralQueryInvalid));
    assert_eq!(
        ids(&[r#"{"method":"equal","attribute":"colour","values":[1]}"#]),
        Err(Fault::GeneralQueryInvalid)
    );
    assert_eq!(ids(&[r#"{"method":"cursorAfter","values":["z"]}"#]), Err(Fault::GeneralCursorNotFound));
}
