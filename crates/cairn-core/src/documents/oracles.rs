//! What a caller may not read tells nothing: the same questions, asked in two worlds that differ in hidden documents alone,
//! get the same answers to the last byte.
//!
//! The questions are drawn from every method of the query language over every type. One exception is on purpose, and not
//! asked here: a taken `$id` or a value of a unique index is refused.

use std::fmt::Write as _;

use cairn_model::permissions::{Action, Permission, Role};
use cairn_model::schema::{Attribute, AttributeType, Index, IndexType};
use cairn_model::value::Value;
use cairn_query::Method;
use cairn_std::Rng;
use serde_json::json;

use super::{NewDocument, Step, create, delete, get, list, step, update};
use crate::Cx;
use crate::collections::{self, NewCollection, Place};
use crate::databases::{self, NewDatabase};
use crate::fixture::on_both;
use crate::listing::ListRequest;

/// Questions of one run.
const QUESTIONS: usize = 1_500;
const HIDDEN: [&str; 3] = ["hidden1", "hidden2", "hidden3"];
const VISIBLE: [&str; 5] = ["seen1", "seen2", "seen3", "seen4", "seen5"];

fn place() -> Place {
    Place { database: "db".into(), collection: "world".into() }
}

fn as_admin(cx: &Cx) -> Cx {
    let access = crate::cx::KeyAccess { key: None, name: "k".to_owned() };
    Cx { actor: crate::Actor::Key(std::sync::Arc::new(access)), ..cx.clone() }
}

async fn collection(cx: &Cx) {
    let new = NewDatabase { id: "db".to_owned(), name: "db".to_owned(), is_enabled: true, kind: "legacy" };
    databases::create(cx, new).await.expect("a database");
    let attribute = Attribute::new;
    let new = NewCollection {
        id: "world".to_owned(),
        name: "World".to_owned(),
        permissions: Vec::new(),
        document_security: true,
        is_enabled: true,
        attributes: vec![
            Attribute { size: 200, ..attribute("title", AttributeType::String) },
            attribute("stars", AttributeType::Integer),
            attribute("score", AttributeType::Float),
            attribute("flag", AttributeType::Boolean),
            attribute("at", AttributeType::Datetime),
            Attribute { size: 20, is_array: true, ..attribute("tags", AttributeType::String) },
            attribute("here", AttributeType::Point),
            attribute("area", AttributeType::Polygon),
        ],
        indexes: vec![
            Index::new("words", IndexType::Fulltext, ["title"]),
            Index::new("places", IndexType::Spatial, ["here"]),
            Index::new("stars", IndexType::Key, ["stars"]),
        ],
        relationships: Vec::new(),
    };
    collections::create(cx, "db", new).await.expect("a collection");
}

struct Gen(Rng);

impl Gen {
    fn below(&self, n: usize) -> usize {
        usize::try_from(self.0.u64() % n as u64).expect("small")
    }

    fn pick<T: Clone>(&self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    fn json(&self, key: &str) -> serde_json::Value {
        let number = self.below(5);
        match key {
            "title" => self.pick(&["red fox", "Red Hen", "fox", "a", "^r", "\"red fox\"", "(", ""]).into(),
            "stars" => number.into(),
            "score" => json!(f64::from(u32::try_from(number).expect("small")) / 2.0),
            "flag" => number.is_multiple_of(2).into(),
            "at" | "$createdAt" | "$updatedAt" => {
                format!("2020-01-0{}T00:00:00.000+00:00", number + 1).into()
            }
            "here" => json!([number, self.below(5)]),
            "area" => {
                let to = number + 1 + self.below(3);
                json!([[[number, 0], [to, 0], [to, to], [number, to], [number, 0]]])
            }
            "$id" => self.pick(&[HIDDEN.as_slice(), &VISIBLE, &["nobody"]].concat()).into(),
            "$sequence" => (number * 2).into(),
            _ => self.pick(&["x", "y", "z"]).into(),
        }
    }

    fn data(&self) -> Vec<(String, Value)> {
        let keys = ["title", "stars", "score", "flag", "at", "tags", "here", "area"];
        let value = |key: &str| match key {
            _ if self.below(6) == 0 => serde_json::Value::Null,
            "tags" => json!([self.json("tags"), self.json("tags")]),
            key => self.json(key),
        };
        // Titles are text, whatever a search may be.
        keys.iter().map(|key| ((*key).to_owned(), cairn_query::json::value_of(value(key)))).collect()
    }

    fn query(&self, depth: usize) -> serde_json::Value {
        let method = self.pick(Method::ALL);
        let keys = [
            "title",
            "title",
            "stars",
            "score",
            "flag",
            "at",
            "tags",
            "here",
            "here",
            "area",
            "$id",
            "$createdAt",
            "$updatedAt",
            "$sequence",
            "nothing",
        ];
        let key = self.pick(&keys);
        let values = match method {
            Method::And | Method::Or | Method::ElemMatch if depth > 0 => {
                json!([self.query(depth - 1), self.query(depth - 1)])
            }
            Method::Between | Method::NotBetween => json!([self.json(key), self.json(key)]),
            Method::CreatedBetween | Method::UpdatedBetween => json!([self.json("at"), self.json("at")]),
            Method::CreatedBefore | Method::CreatedAfter | Method::UpdatedBefore | Method::UpdatedAfter => {
                json!([self.json("at")])
            }
            Method::Limit | Method::Offset => json!([self.below(4)]),
            Method::CursorAfter | Method::CursorBefore => json!([self.json("$id")]),
            Method::Select | Method::Exists | Method::NotExists => json!([key]),
            Method::IsNull | Method::IsNotNull => json!([]),
            Method::DistanceEqual
            | Method::DistanceNotEqual
            | Method::DistanceGreaterThan
            | Method::DistanceLessThan => json!([[self.json("here"), self.below(4), self.below(2) == 0]]),
            _ => json!([self.json(key)]),
        };
        // A question about a shape should mostly be one.
        let is_shape = method.name().starts_with("distance") || method.name().ends_with("ntersects");
        let key = if is_shape && self.below(4) > 0 { "here" } else { key };
        json!({"method": method.name(), "attribute": key, "values": values})
    }
}

/// Everything that a stranger gets to see of the world, one question after the other.
async fn answers(cx: &Cx, seed: u64) -> (Vec<String>, usize) {
    let g = Gen(Rng::seeded(seed));
    let mut seen = Vec::with_capacity(QUESTIONS);
    let mut answered = 0;
    for _ in 0..QUESTIONS {
        let queries: Vec<_> = (0..=g.below(3)).map(|_| g.query(2).to_string()).collect();
        let is_random = queries.iter().any(|query| query.contains("orderRandom"));
        let request = ListRequest { queries, counts_total: g.below(4) > 0, ..ListRequest::default() };
        let mut text = format!("{:?}\n", request.queries);
        match list(cx, &place(), request).await {
            Ok(listed) => {
                answered += 1;
                let mut items: Vec<_> = listed.page.items.iter().map(|item| format!("{item:?}")).collect();
                if is_random {
                    // Another order each time; with a limit also others of the same.
                    items.clear();
                }
                let _ = write!(text, "{} {items:?}", listed.page.total);
            }
            Err(error) => {
                let _ = write!(text, "{:?} {} {:?}", error.fault(), error.message(), error.violations());
            }
        }
        seen.push(text);
    }
    for id in HIDDEN {
        let by = Step { attribute: "stars".to_owned(), by: Value::Int(1), bound: Some(2.0) };
        let change = vec![("stars".to_owned(), Value::Int(3))];
        seen.push(format!(
            "{:?} {:?} {:?}",
            get(cx, &place(), id).await.map_err(|error| error.message()),
            update(cx, &place(), id, change, None, None).await.map_err(|error| error.message()),
            delete(cx, &place(), id, None).await.map_err(|error| error.message()),
        ));
        seen.push(format!("{:?}", step(cx, &place(), id, by).await.map_err(|error| error.message())));
    }
    (seen, answered)
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_documents_tell_nothing() {
    on_both("oracles", |fixture| async move {
        let stranger = fixture.guest().await;
        let admin = as_admin(&stranger);
        collection(&admin).await;
        let g = Gen(Rng::seeded(1));
        // Hidden ones stand between the others in every order.
        for id in ["seen1", "hidden1", "seen2", "seen3", "hidden2", "seen4", "hidden3", "seen5"] {
            let readers =
                if id.starts_with("seen") { vec![Permission::new(Action::Read, Role::Any)] } else { vec![] };
            let new = NewDocument { id: id.to_owned(), data: g.data(), permissions: Some(readers) };
            create(&admin, &place(), new).await.expect("a document");
        }
        for seed in 0..2 {
            let (before, answered) = answers(&stranger, seed).await;
            assert!(answered > QUESTIONS / 10, "too few of the questions make sense: {answered}");
            for id in HIDDEN {
                let data = g.data();
                update(&admin, &place(), id, data, None, None).await.expect("a change");
            }
            let (after, _) = answers(&stranger, seed).await;
            for (before, after) in before.iter().zip(&after) {
                assert_eq!(before, after);
            }
        }
    })
    .await;
}
