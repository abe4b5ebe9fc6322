//! What a caller may not read tells nothing: the same questions, asked in two worlds that differ in hidden documents alone,
//! get the same answers to the last byte.
//!
//! The questions are drawn from every method of the query language over every type. One exception is on purpose, and not
//! asked here: a taken `$id` or a value of a unique index is refused.

mod related;

use std::fmt::Write as _;

use cairn_model::permissions::{Action, Permission, Role};
use cairn_model::schema::{Attribute, AttributeType, Document, Index, IndexType};
use cairn_model::value::Value;
use cairn_query::Method;
use cairn_std::Rng;
use cairn_testkit::seeds::seeds;
use serde_json::json;

use super::tests::as_user;
use super::{NewDocument, Step, aggregate, create, delete, get, list, step, update};
use crate::Cx;
use crate::collections::{self, NewCollection};
use crate::databases::{self, NewDatabase};
use crate::fixture::{as_key, on_both};
use crate::found::Branch;
use crate::listing::ListRequest;
use crate::schemas::Place;

/// Questions of one run.
const QUESTIONS: usize = 1_500;
/// What questions about one collection are about.
const KEYS: &[&str] = &[
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
    "$createdBy",
    "$updatedBy",
    "$relevance",
    "nothing",
];
const HIDDEN: [&str; 3] = ["hidden1", "hidden2", "hidden3"];
const VISIBLE: [&str; 5] = ["seen1", "seen2", "seen3", "seen4", "seen5"];

fn place() -> Place {
    Place { database: "db".into(), collection: "world".into() }
}

async fn collection(cx: &Cx) {
    let new = NewDatabase { id: "db".to_owned(), name: "db".to_owned(), is_enabled: true, kind: "legacy" };
    databases::create(cx, new).await.expect("a database");
    let attribute = Attribute::new;
    let new = NewCollection {
        id: "world".to_owned(),
        name: "World".to_owned(),
        permissions: vec![Permission::new(Action::Create, Role::Users(None))],
        document_security: true,
        has_authors: true,
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

/// Asks at random.
struct Gen {
    rng: Rng,
    /// What it asks about.
    keys: &'static [&'static str],
}

impl Gen {
    fn new(seed: u64, keys: &'static [&'static str]) -> Self {
        Self { rng: Rng::seeded(seed), keys }
    }

    fn below(&self, n: usize) -> usize {
        usize::try_from(self.rng.u64() % n as u64).expect("small")
    }

    fn pick<T: Clone>(&self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    fn json(&self, key: &str) -> serde_json::Value {
        let number = self.below(5);
        match key.rsplit('.').next().unwrap_or_default() {
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
            "$createdBy" | "$updatedBy" => self.pick(&["ann", "bob", "nobody"]).into(),
            "$id" | "author" | "friends" | "pages" | "fans" => {
                self.pick(&[HIDDEN.as_slice(), &VISIBLE, &["nobody"]].concat()).into()
            }
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
        let key = self.pick(self.keys);
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

impl Gen {
    /// Queries that seldom come together by themselves and mean something together alone.
    fn asked_together(&self) -> Vec<String> {
        let one = |method: &str, key: &str| json!({"method": method, "attribute": key}).to_string();
        // Only of the world that has all of it.
        let chance = if self.keys == KEYS { 12 } else { u64::MAX };
        match self.rng.u64() % chance {
            0 => {
                let values = json!([self.pick(&["red fox", "fox", "\"red fox\"", "r"])]);
                let search = json!({"method": "search", "attribute": "title", "values": values});
                vec![search.to_string(), one(self.pick(&["orderAsc", "orderDesc"]), "$relevance")]
            }
            1 => {
                let group = self.pick(&["flag", "stars", "$createdBy", "$updatedBy", "title"]);
                vec![
                    one("groupBy", group),
                    one("count", ""),
                    one(self.pick(&["sum", "avg", "min", "max"]), "score"),
                ]
            }
            2 => {
                let test = |method: &str| json!({"method": method, "attribute": "tags", "values": [self.json("tags")]});
                let values = json!([test("greaterThanEqual"), test("notEqual")]);
                vec![json!({"method": "elemMatch", "attribute": "tags", "values": values}).to_string()]
            }
            _ => Vec::new(),
        }
    }
}

/// What a surface shows of documents: in the place of a link the documents that it leads to, and nothing that leads back.
fn tell(text: &mut String, documents: &mut [Document], branches: Vec<Branch>) {
    for branch in &branches {
        for document in &mut *documents {
            document.values[branch.place] = Value::Null;
        }
    }
    let _ = write!(text, " {documents:?}");
    for Branch { place, mut page, back, shown, .. } in branches {
        let _ = write!(text, " {place} {:?}", page.places);
        if let Some(back) = back {
            for document in &mut page.documents {
                document.values[back] = Value::Null;
            }
        }
        tell(text, &mut page.documents, shown.branches);
    }
}

/// Everything that a stranger gets to see of the world, one question after the other.
async fn answers(
    cx: &Cx,
    place: &Place,
    (keys, seed): (&'static [&'static str], u64),
) -> (Vec<String>, usize) {
    let g = Gen::new(seed, keys);
    let mut seen = Vec::with_capacity(QUESTIONS);
    let mut answered = 0;
    for _ in 0..QUESTIONS {
        let mut queries: Vec<_> = (0..=g.below(3)).map(|_| g.query(2).to_string()).collect();
        queries.extend(g.asked_together());
        let is_random = queries.iter().any(|query| query.contains("orderRandom"));
        let request = ListRequest { queries, counts_total: g.below(4) > 0, ..ListRequest::default() };
        let mut text = format!("{:?}\n", request.queries);
        match aggregate(cx, place, &request).await {
            Ok(None) => {}
            Ok(Some(grouped)) => {
                answered += 1;
                seen.push(format!("{text}{} {:?}", grouped.total, grouped.groups));
                continue;
            }
            Err(error) => {
                seen.push(format!("{text}{:?} {}", error.fault(), error.message()));
                continue;
            }
        }
        match list(cx, place, request).await {
            Ok(mut listed) => {
                answered += 1;
                let _ = write!(text, "{}", listed.page.total);
                // Random order is another each time; with a limit also others of the same.
                if !is_random {
                    tell(&mut text, &mut listed.page.items, listed.branches);
                }
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
            get(cx, place, id).await.map_err(|error| error.message()),
            update(cx, place, id, change, None, None).await.map_err(|error| error.message()),
            delete(cx, place, id, None).await.map_err(|error| error.message()),
        ));
        seen.push(format!("{:?}", step(cx, place, id, by).await.map_err(|error| error.message())));
    }
    (seen, answered)
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_documents_tell_nothing() {
    on_both("oracles", |fixture| async move {
        let stranger = fixture.guest().await;
        let admin = as_key(&stranger);
        collection(&admin).await;
        let g = Gen::new(1, KEYS);
        // Hidden ones stand between the others in every order.
        for id in ["seen1", "hidden1", "seen2", "seen3", "hidden2", "seen4", "hidden3", "seen5"] {
            let is_hidden = !id.starts_with("seen");
            let permissions = if is_hidden {
                ["ann", "bob"].map(|user| Permission::new(Action::Update, Role::user(user))).to_vec()
            } else {
                vec![Permission::new(Action::Read, Role::Any)]
            };
            let new = NewDocument { id: id.to_owned(), data: g.data(), permissions: Some(permissions) };
            let maker = if is_hidden { admin.clone() } else { as_user(&stranger, g.pick(&["ann", "bob"])) };
            create(&maker, &place(), new).await.expect("a document");
        }
        for seed in seeds(2) {
            let (before, answered) = answers(&stranger, &place(), (KEYS, seed)).await;
            assert!(answered > QUESTIONS / 10, "too few of the questions make sense: {answered}");
            for id in HIDDEN {
                let (data, user) = (g.data(), as_user(&stranger, g.pick(&["ann", "bob"])));
                update(&user, &place(), id, data, None, None).await.expect("a change");
            }
            let (after, _) = answers(&stranger, &place(), (KEYS, seed)).await;
            for (before, after) in before.iter().zip(&after) {
                assert_eq!(before, after, "seed {seed}");
            }
        }
    })
    .await;
}
