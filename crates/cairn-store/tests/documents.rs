//! Documents on both engines: the same answers, and those of the query language's evaluator.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod both;
mod generate;

use std::collections::BTreeSet;

use both::{Both, STORES, collection, document};
use cairn_model::permissions::{Action, Permission, Role};
use cairn_model::schema::{Attribute, AttributeType, Collection, Document, Index, IndexType, Order};
use cairn_model::value::Value;
use cairn_query::{DocumentFields, Limits, Query, build, eval};
use cairn_std::Rng;
use cairn_store::{DOCUMENTS_ID_KEY, DocumentList, Readable, Relatives, StoreError, StoreErrorKind, Table};
use cairn_testkit::seeds::seeds;
use generate::Gen;

fn ids(page: &[Document]) -> Vec<String> {
    page.iter().map(|document| document.id.to_string()).collect()
}

async fn list(
    both: &Both,
    which: usize,
    table: &Table,
    query: &Query,
    readable: &Readable,
    position: &[Value],
) -> (Vec<Document>, i64) {
    let none = Relatives::default();
    let list = || DocumentList {
        query,
        readable,
        relatives: &none,
        position,
        seed: 7,
        default_limit: 25,
        count_max: Some(5_000),
    };
    both.read(which, |tx| async move { tx.document_list(table, list()).await }).await.unwrap()
}

async fn aggregates_agree(both: &Both, g: &Gen, tables: &[Table; STORES], documents: &[Document]) {
    let schema = tables[0].collection();
    let texts = g.aggregates(schema);
    let query = build(&texts, &DocumentFields(schema), Limits::CURRENT).unwrap();
    let aggregates = query.aggregates.clone().unwrap();
    let found: Vec<Document> = documents.iter().filter(|row| eval::matches(&query, *row)).cloned().collect();
    let expected = aggregates.over(&found);
    for (which, table) in tables.iter().enumerate() {
        let none = Relatives::default();
        let (query, all) = (&query, (&Readable::All, &none));
        let rows =
            both.read(which, |tx| async move { tx.document_scan(table, query, all).await }).await.unwrap();
        assert_eq!(aggregates.over(&rows), expected, "engine {which}: {texts:?}");
        let count =
            both.read(which, |tx| async move { tx.document_count(table, query, all).await }).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), found.len(), "engine {which}: {texts:?}");
    }
}

async fn is_stored(both: &Both, tables: &[Table; STORES], stored: &Document) {
    for (which, table) in tables.iter().enumerate() {
        let found =
            both.read(which, |tx| async move { tx.document_by_id(table, stored.id.as_str()).await }).await;
        assert_eq!(found.unwrap().as_ref(), Some(stored), "engine {which}");
    }
}

#[tokio::test]
async fn lists_answer_as_the_evaluator_says_on_both_engines() {
    let both = Both::open().await;
    for (round, seed) in seeds(16).enumerate() {
        let g = Gen(Rng::seeded(seed));
        let schema = Collection { number: i64::try_from(round).unwrap() + 1, ..g.schema() };
        let schema = Collection { id: format!("c{round}").as_str().into(), ..schema };
        let mut tables = both.make(&schema).await;
        let mut documents = g.documents(&schema);
        // Half of the schemas get their indexes first, half on what is there.
        let (early, late) =
            if round % 2 == 0 { (g.indexes(&schema), vec![]) } else { (vec![], g.indexes(&schema)) };
        if !early.is_empty() {
            tables = both.index(&schema, &early).await;
        }
        for stored in &mut documents {
            let seqs = both.insert(&tables, stored).await;
            assert_eq!(seqs[0].as_ref().unwrap(), seqs[1].as_ref().unwrap());
            stored.seq = *seqs[0].as_ref().unwrap();
        }
        g.changes(&both, &tables, &mut documents).await;
        if !late.is_empty() {
            tables = both.index(&schema, &late).await;
        }
        let schema = tables[0].collection().clone();
        for stored in &documents {
            is_stored(&both, &tables, stored).await;
        }
        let all: Vec<_> = documents.iter().map(|document| document.id.to_string()).collect();
        for _ in 0..10 {
            aggregates_agree(&both, &g, &tables, &documents).await;
        }
        for number in 0..40 {
            let texts = g.query(&schema, &all);
            let query = build(&texts, &DocumentFields(&schema), Limits::CURRENT).unwrap();
            let readable = if schema.document_security && g.below(2) == 0 {
                Readable::ByRoles(vec![Role::Any.to_string(), Role::user("u1").to_string(), "nobody".into()])
            } else {
                Readable::All
            };
            let visible: Vec<Document> = documents
                .iter()
                .filter(|document| match &readable {
                    Readable::All => true,
                    Readable::ByRoles(held) => document
                        .permissions
                        .iter()
                        .any(|permission| held.contains(&permission.role.to_string())),
                })
                .cloned()
                .collect();
            let mut position = Vec::new();
            if let Some(cursor) = &query.cursor {
                let Some(row) = visible.iter().find(|row| row.id.as_str() == cursor.id) else { continue };
                match eval::position(&query, row) {
                    Ok(values) => position = values,
                    Err(_) => continue,
                }
            }
            let page = eval::page(&query, &visible, 25).unwrap();
            let expected: Vec<_> = page.into_iter().map(|document| document.id.to_string()).collect();
            let total = visible.iter().filter(|row| eval::matches(&query, *row)).count();
            for (which, table) in tables.iter().enumerate() {
                let (page, counted) = list(&both, which, table, &query, &readable, &position).await;
                assert_eq!(ids(&page), expected, "seed {seed}, query {number}, engine {which}: {texts:?}");
                assert_eq!(
                    counted,
                    i64::try_from(total).unwrap(),
                    "seed {seed}, query {number}, engine {which}: {texts:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn keys_refuse_what_is_there_already() {
    let both = Both::open().await;
    let attribute = Attribute { column: 3, size: 64, ..Attribute::new("name", AttributeType::String) };
    let schema = Collection { attributes: vec![attribute], ..collection() };
    let tables = both.make(&schema).await;
    let index = Index { number: 1, ..Index::new("names", IndexType::Unique, ["name"]) };
    both.build(&schema, &index).await;
    both.insert(&tables, &document("a", vec!["x".into()])).await;
    for result in both.insert(&tables, &document("a", vec!["y".into()])).await {
        assert!(result.unwrap_err().is_conflict_on(DOCUMENTS_ID_KEY));
    }
    for result in both.insert(&tables, &document("b", vec!["x".into()])).await {
        let error: StoreError = result.unwrap_err();
        assert!(
            matches!(error.kind(), StoreErrorKind::Conflict(key) if key != DOCUMENTS_ID_KEY),
            "{error:?}"
        );
    }
    // No value is unique with nothing.
    for id in ["c", "d"] {
        both.insert(&tables, &document(id, vec![Value::Null]))
            .await
            .into_iter()
            .for_each(|result| assert!(result.is_ok()));
    }
}

#[tokio::test]
async fn an_index_takes_the_longest_texts_that_its_attributes_allow() {
    let both = Both::open().await;
    for (number, kind) in [(1, IndexType::Key), (2, IndexType::Unique)] {
        let long = Attribute { column: 3, size: 100_000, ..Attribute::new("long", AttributeType::String) };
        let wide = Attribute { column: 4, size: 700, ..Attribute::new("wide", AttributeType::String) };
        let schema = Collection { attributes: vec![long, wide], number, ..collection() };
        let schema = Collection { id: format!("c{number}").as_str().into(), ..schema };
        let tables = both.make(&schema).await;
        for (number, key) in [(1, "long"), (2, "wide")] {
            let index = Index {
                number,
                lengths: vec![Some(100)],
                orders: vec![Some(Order::Desc)],
                ..Index::new(key, kind, [key])
            };
            both.build(&schema, &index).await;
        }
        let noise = |chars: u32, seed: u64| {
            let rng = Rng::seeded(seed);
            (0..chars)
                .map(|_| char::from_u32(0x1_F300 + (rng.u64() % 700) as u32).unwrap())
                .collect::<String>()
        };
        let values = vec![noise(50_000, 1).into(), noise(700, 2).into()];
        both.insert(&tables, &document("a", values))
            .await
            .into_iter()
            .for_each(|result| assert!(result.is_ok()));
    }
}

#[tokio::test]
async fn the_side_table_follows_permissions_and_the_setting() {
    let both = Both::open().await;
    let schema = Collection { document_security: true, ..collection() };
    let tables = both.make(&schema).await;
    let read = |role: Role| Permission::new(Action::Read, role);
    let first = Document { permissions: [read(Role::Any)].into(), ..document("a", vec![]) };
    both.insert(&tables, &first).await;
    let query = Query::default();
    let by = |role: &str| Readable::ByRoles(vec![role.to_owned()]);
    let mut seen = BTreeSet::new();
    for (which, table) in tables.into_iter().enumerate() {
        assert_eq!(list(&both, which, &table, &query, &by("any"), &[]).await.1, 1);
        assert_eq!(list(&both, which, &table, &query, &by("guests"), &[]).await.1, 0);
        let (moved, work) = (read(Role::Guests), table.clone());
        both.write_one(which, move |tx| async move {
            let old = tx.document_by_id(&work, "a").await?.unwrap();
            tx.document_update(&work, &old, &Document { permissions: [moved].into(), ..old.clone() }).await
        })
        .await
        .unwrap();
        assert_eq!(list(&both, which, &table, &query, &by("any"), &[]).await.1, 0);
        assert_eq!(list(&both, which, &table, &query, &by("guests"), &[]).await.1, 1);
        let work = table.clone();
        both.write_one(which, move |tx| async move {
            tx.roles_clear(&work).await?;
            tx.roles_fill(&work).await
        })
        .await
        .unwrap();
        assert_eq!(list(&both, which, &table, &query, &by("guests"), &[]).await.1, 1);
        let work = table.clone();
        both.write_one(which, move |tx| async move {
            let old = tx.document_by_id(&work, "a").await?.unwrap();
            tx.document_delete(&work, &old).await
        })
        .await
        .unwrap();
        seen.insert(list(&both, which, &table, &query, &by("guests"), &[]).await.1);
    }
    assert_eq!(seen, BTreeSet::from([0]));
}

#[tokio::test]
async fn a_reader_of_many_sees_no_more_and_no_less() {
    let both = Both::open().await;
    let schema = Collection { document_security: true, ..collection() };
    let tables = both.make(&schema).await;
    for (which, table) in tables.into_iter().enumerate() {
        let work = table.clone();
        both.write_one(which, move |tx| async move {
            for number in 0..2_100 {
                let role = if number % 100 == 0 { Role::Guests } else { Role::Any };
                let permissions = [Permission::new(Action::Read, role)].into();
                let made = Document { permissions, ..document(&format!("d{number}"), vec![]) };
                tx.document_insert(&work, &made).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
        let query = Query { limit: Some(5_000), ..Query::default() };
        for (role, count) in [("any", 2_079), ("guests", 21)] {
            let by = Readable::ByRoles(vec![role.to_owned()]);
            let (page, total) = list(&both, which, &table, &query, &by, &[]).await;
            assert_eq!((i64::try_from(page.len()).unwrap(), total), (count, count), "{role}, engine {which}");
        }
    }
}

#[tokio::test]
async fn a_unique_index_with_a_length_compares_beginnings() {
    let both = Both::open().await;
    let text = |key: &str, column, size| {
        let mut attribute = Attribute::new(key, AttributeType::String);
        (attribute.column, attribute.size) = (column, size);
        attribute.status = cairn_model::schema::Status::Available;
        attribute
    };
    let schema =
        Collection { attributes: vec![text("short", 1, 40), text("long", 2, 5_000)], ..collection() };
    both.make(&schema).await;
    let unique = |key: &str, number, length| {
        let mut index = Index::new(format!("by_{key}"), IndexType::Unique, [key]);
        (index.number, index.lengths) = (number, vec![Some(length)]);
        index.status = cairn_model::schema::Status::Available;
        index
    };
    let tables = both.index(&schema, &[unique("short", 1, 3), unique("long", 2, 700)]).await;
    let many = |end: &str| Value::from(format!("{}{end}", "x".repeat(699)));
    let cases = [
        ("a", Value::from("äöü1"), many("1"), true),
        ("b", Value::from("äöü2"), many("2"), false),
        ("c", Value::from("äöU2"), many("2"), true),
        ("d", Value::Null, many("2 and more"), false),
        ("e", Value::Null, Value::Null, true),
        ("f", Value::Null, Value::Null, true),
        ("g", Value::from("äö"), Value::from("x"), true),
    ];
    for (id, short, long, is_taken) in cases {
        let results = both.insert(&tables, &document(id, vec![short, long])).await;
        for (which, result) in results.into_iter().enumerate() {
            match result {
                Ok(_) => assert!(is_taken, "{id}, store {which}"),
                Err(error) => {
                    assert!(
                        matches!(error.kind(), StoreErrorKind::Conflict(_)),
                        "{id}, store {which}: {error}"
                    );
                    assert!(!is_taken, "{id}, store {which}");
                }
            }
        }
    }
}
