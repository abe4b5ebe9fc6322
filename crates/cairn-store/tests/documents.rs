//! Documents on both engines: the same answers, and those of the query language's evaluator.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod both;

use std::collections::BTreeSet;

use both::{Both, collection, document};
use cairn_model::permissions::{Action, Permission, Role, expand};
use cairn_model::schema::{Attribute, AttributeType, Collection, Document, Index, IndexType, Order};
use cairn_model::value::Value;
use cairn_query::{DocumentFields, Limits, Query, build, eval};
use cairn_std::Rng;
use cairn_store::{DOCUMENTS_ID_KEY, DocumentList, Readable, Relatives, StoreError, StoreErrorKind, Table};

const TYPES: [AttributeType; 6] = [
    AttributeType::String,
    AttributeType::Integer,
    AttributeType::Float,
    AttributeType::Boolean,
    AttributeType::Datetime,
    AttributeType::Email,
];

struct Gen(Rng);

impl Gen {
    fn below(&self, n: u64) -> u64 {
        self.0.u64() % n
    }

    fn pick<'a, T>(&self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.below(items.len() as u64)).unwrap()]
    }

    fn schema(&self) -> Collection {
        let attributes = (0..=self.below(5))
            .map(|place| {
                let kind = *self.pick(&TYPES);
                let is_array = self.below(4) == 0;
                let column = i64::try_from(place).unwrap() + 10;
                Attribute { is_array, column, size: 100, ..Attribute::new(format!("a{place}"), kind) }
            })
            .collect();
        Collection { attributes, document_security: self.below(2) == 0, ..collection() }
    }

    fn one(&self, kind: AttributeType) -> serde_json::Value {
        match kind {
            AttributeType::Integer => (*self.pick(&[0, 1, -1, 2, i64::MAX, i64::MIN, 7])).into(),
            AttributeType::Float => (*self.pick(&[0.0, 0.1, -1.5, 1.0, 1e300, 2.0, -0.0, 5e-324])).into(),
            AttributeType::Boolean => (self.below(2) == 0).into(),
            AttributeType::Datetime => {
                format!("202{}-01-0{}T00:00:00.00{}Z", self.below(3), 1 + self.below(3), self.below(2)).into()
            }
            AttributeType::Email => (*self.pick(&["a@b.co", "B@b.co", "ab@x.org"])).into(),
            _ => (*self.pick(&[
                "", "a", "A", "ab", "aB", "b%", "_", "\\", "Ärger", "ärger", "aé", "aÉb", "100%", "z'",
                "a b", "日本", "😀", "{}",
            ]))
            .into(),
        }
    }

    fn value(&self, attribute: &Attribute) -> Value {
        if self.below(5) == 0 {
            return Value::Null;
        }
        let convert = |json: serde_json::Value| match json {
            serde_json::Value::Bool(value) => Value::Bool(value),
            serde_json::Value::Number(number) => {
                number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Int)
            }
            serde_json::Value::String(text) => Value::Text(text),
            _ => Value::Null,
        };
        let value = if attribute.is_array {
            Value::Array((0..self.below(4)).map(|_| convert(self.one(attribute.kind))).collect())
        } else {
            convert(self.one(attribute.kind))
        };
        attribute.accept(value).unwrap()
    }

    fn documents(&self, schema: &Collection) -> Vec<Document> {
        let roles = [Role::Any, Role::user("u1"), Role::team("t1"), Role::Users(None)];
        let make = |number| {
            let grant = |_| Permission::new(Action::Read, self.pick(&roles).clone());
            let granted: Vec<_> = (0..self.below(3)).map(grant).collect();
            let values = schema.attributes.iter().map(|attribute| self.value(attribute)).collect();
            Document {
                permissions: expand(&granted, Action::OF_DOCUMENTS),
                created: cairn_std::Timestamp(i64::try_from(self.below(4)).unwrap()),
                ..document(&format!("d{number}"), values)
            }
        };
        (0..30).map(make).collect()
    }

    fn filter(&self, schema: &Collection, depth: u64) -> serde_json::Value {
        if depth > 0 && self.below(4) == 0 {
            let method = *self.pick(&["and", "or"]);
            let count = 2 + self.below(2);
            let values: Vec<_> = (0..count).map(|_| self.filter(schema, depth - 1)).collect();
            return serde_json::json!({"method": method, "values": values});
        }
        let attribute = self.pick(&schema.attributes);
        let is_text = attribute.kind.is_text();
        let mut methods = vec!["isNull", "isNotNull"];
        if attribute.is_array {
            methods.extend(["contains", "containsAny", "containsAll", "notContains"]);
        } else {
            methods.extend([
                "equal",
                "notEqual",
                "lessThan",
                "lessThanEqual",
                "greaterThan",
                "greaterThanEqual",
                "between",
                "notBetween",
            ]);
            if is_text {
                methods.extend([
                    "startsWith",
                    "notStartsWith",
                    "endsWith",
                    "notEndsWith",
                    "contains",
                    "containsAll",
                    "notContains",
                ]);
            }
        }
        let method = *self.pick(&methods);
        let count = match method {
            "isNull" | "isNotNull" => 0,
            "between" | "notBetween" => 2,
            "equal" | "contains" | "containsAny" | "containsAll" | "notContains" => 1 + self.below(3),
            _ => 1,
        };
        let values: Vec<_> = (0..count).map(|_| self.one(attribute.kind)).collect();
        serde_json::json!({"method": method, "attribute": attribute.key, "values": values})
    }

    fn query(&self, schema: &Collection, ids: &[String]) -> Vec<String> {
        let mut texts: Vec<_> = (0..self.below(3)).map(|_| self.filter(schema, 2).to_string()).collect();
        for _ in 0..self.below(3) {
            let attribute = self.pick(&schema.attributes);
            let name = *self.pick(&[attribute.key.as_str(), "$createdAt", "$updatedAt", "$id", "$sequence"]);
            if name == attribute.key && attribute.is_array {
                continue;
            }
            let method = *self.pick(&["orderAsc", "orderDesc"]);
            texts.push(serde_json::json!({"method": method, "attribute": name}).to_string());
        }
        if self.below(2) == 0 {
            texts.push(format!(r#"{{"method":"limit","values":[{}]}}"#, 1 + self.below(8)));
        }
        if self.below(3) == 0 {
            texts.push(format!(r#"{{"method":"offset","values":[{}]}}"#, self.below(4)));
        }
        if self.below(3) == 0 {
            let method = *self.pick(&["cursorAfter", "cursorBefore"]);
            texts.push(serde_json::json!({"method": method, "values": [self.pick(ids)]}).to_string());
        }
        texts
    }
}

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

#[tokio::test]
async fn lists_answer_as_the_evaluator_says_on_both_engines() {
    let both = Both::open().await;
    for round in 0..12_u64 {
        let g = Gen(Rng::seeded(round));
        let schema = Collection { number: i64::try_from(round).unwrap() + 1, ..g.schema() };
        let schema = Collection { id: format!("c{round}").as_str().into(), ..schema };
        let tables = both.make(&schema).await;
        let mut documents = g.documents(&schema);
        for stored in &mut documents {
            let seqs = both.insert(&tables, stored).await;
            assert_eq!(seqs[0].as_ref().unwrap(), seqs[1].as_ref().unwrap());
            stored.seq = *seqs[0].as_ref().unwrap();
        }
        for stored in &documents {
            for (which, table) in tables.iter().enumerate() {
                let found = both
                    .read(which, |tx| async move { tx.document_by_id(table, stored.id.as_str()).await })
                    .await;
                assert_eq!(found.unwrap().as_ref(), Some(stored), "round {round}");
            }
        }
        let all: Vec<_> = documents.iter().map(|document| document.id.to_string()).collect();
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
                assert_eq!(ids(&page), expected, "round {round}, query {number}, engine {which}: {texts:?}");
                assert_eq!(
                    counted,
                    i64::try_from(total).unwrap(),
                    "round {round}, query {number}, engine {which}: {texts:?}"
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
    let first = Document { permissions: vec![read(Role::Any)], ..document("a", vec![]) };
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
            tx.document_update(&work, &old, &Document { permissions: vec![moved], ..old.clone() }).await
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
                let permissions = vec![Permission::new(Action::Read, role)];
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
