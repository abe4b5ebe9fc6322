//! Paths through relationships.

use cairn_model::ids::{CollectionId, DatabaseId};
use cairn_model::schema::{Attribute, AttributeType, Collection, OnDelete, Relation, RelationType, Side};
use cairn_std::Timestamp;

use crate::{Field, Filter, Limits, Query, QueryError, Related, RelatedFields, Schemas, build};

struct Both([Collection; 2]);

impl Schemas for Both {
    fn schema(&self, number: i64) -> Option<&Collection> {
        self.0.iter().find(|collection| collection.number == number)
    }
}

fn collection(number: i64, attributes: Vec<Attribute>) -> Collection {
    Collection {
        id: CollectionId::from(format!("c{number}")),
        number,
        database_id: DatabaseId::from("db"),
        database_number: 1,
        name: String::new(),
        is_enabled: true,
        document_security: false,
        permissions: Vec::new(),
        attributes,
        indexes: Vec::new(),
        created: Timestamp(0),
        updated: Timestamp(0),
    }
}

fn link(key: &str, related: i64, side: Side, back: &str) -> Attribute {
    let relation = Relation {
        number: 7,
        related,
        related_id: CollectionId::from(format!("c{related}")),
        kind: RelationType::ManyToOne,
        side,
        is_two_way: true,
        two_way_key: back.to_owned(),
        on_delete: OnDelete::Restrict,
    };
    Attribute { relation: Some(Box::new(relation)), ..Attribute::new(key, AttributeType::Relationship) }
}

/// Books with a name and an author; authors with a name and books.
fn library() -> Both {
    let name = || Attribute { size: 20, ..Attribute::new("name", AttributeType::String) };
    let dotted = Attribute { size: 20, ..Attribute::new("author.dotted", AttributeType::String) };
    Both([
        collection(1, vec![name(), link("author", 2, Side::Parent, "books"), dotted]),
        collection(2, vec![name(), link("books", 1, Side::Child, "author")]),
    ])
}

fn asked(of: usize, queries: &[&str]) -> Result<Query, QueryError> {
    let library = library();
    let fields = RelatedFields { collection: &library.0[of], schemas: &library };
    build(queries, &fields, Limits::CURRENT)
}

fn equal(path: &str) -> String {
    format!(r#"{{"method":"equal","attribute":"{path}","values":["x"]}}"#)
}

fn places(filter: &Filter) -> Vec<usize> {
    match filter {
        Filter::Related(Related { place, filters, .. }) => {
            let mut path = vec![*place];
            path.extend(filters.iter().flat_map(places));
            path
        }
        Filter::And(all) | Filter::Or(all) => all.iter().flat_map(places).collect(),
        Filter::Test(_) | Filter::Element(_) => vec![100],
    }
}

#[test]
fn a_path_wraps_its_last_field() {
    for (of, path, expected) in [
        (0, "author.name", vec![1, 100]),
        (0, "author", vec![1, 100]),
        (0, "author.dotted", vec![100]),
        (0, "author.books.name", vec![1, 1, 100]),
        (1, "books.author.$id", vec![1, 1, 100]),
    ] {
        let query = asked(of, &[&equal(path)]).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(places(&query.filters[0]), expected, "{path}");
    }
}

#[test]
fn conditions_side_by_side_hold_for_one_document() {
    let query = asked(0, &[&equal("author.name"), &equal("name"), &equal("author.$id")]).expect("a query");
    assert_eq!(query.filters.iter().map(places).collect::<Vec<_>>(), [vec![1, 100, 100], vec![100]]);
    let all = r#"{"method":"containsAll","attribute":"books.name","values":["a","b"]}"#;
    let query = asked(1, &[all]).expect("a query");
    assert_eq!(places(&query.filters[0]), [1, 100, 1, 100], "each value may be another document's");
}

#[test]
fn what_leads_nowhere_is_refused() {
    for (of, query, reason) in [
        (0, equal("author.none"), "Attribute not found in schema: author.none"),
        (0, equal("name.none"), "Attribute not found in schema: name.none"),
        (1, equal("books"), "Cannot query on virtual relationship attribute"),
        (
            0,
            equal("author.books.author.books.author.books.name"),
            "The attribute \"author.books.author.books.author.books.name\" leads through more than 5 relationships",
        ),
        (
            0,
            r#"{"method":"contains","attribute":"author","values":["x"]}"#.to_owned(),
            "Cannot query contains on attribute \"author\" because it is not an array, string, or object.",
        ),
    ] {
        assert_eq!(asked(of, &[&query]).expect_err(&query).reason, reason);
    }
}

#[test]
fn selects_go_two_links_far_and_never_back() {
    let select = |of, names: &str| {
        asked(of, &[&format!(r#"{{"method":"select","values":[{names}]}}"#)]).expect("a query")
    };
    let query = select(0, r#""name","author.name""#);
    assert_eq!(query.select, Some(vec![Field::Attribute(0)]));
    assert_eq!((query.related[0].place, &query.related[0].select), (1, &Some(vec![Field::Attribute(0)])));
    assert_eq!(select(0, r#""author.*""#).select, Some(vec![]), "nothing but the author");
    assert_eq!(select(1, r#""books.*""#).select, None, "lists alone leave the rest");
    assert_eq!(select(1, r#""books.*""#).related[0].select, None);
    assert!(select(0, r#""author.books.name""#).related[0].related.is_empty(), "the way back");
    assert!(select(0, r#""*","*.*""#).selects_related);
}
