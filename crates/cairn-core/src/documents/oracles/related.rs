//! The same where documents relate to others: a link to a hidden document is no link, whatever is asked.

use cairn_model::permissions::{Action, Permission, Role};
use cairn_model::schema::{Attribute, AttributeType, OnDelete, RelationType};
use cairn_model::value::Value;
use cairn_std::Timestamp;
use cairn_testkit::seeds::seeds;

use super::{Gen, HIDDEN, QUESTIONS, VISIBLE, answers};
use crate::collections::{self, NewCollection};
use crate::databases::{self, NewDatabase};
use crate::documents::{NewDocument, create, update};
use crate::fixture::{as_key, on_both};
use crate::relationships::{self, NewRelationship};
use crate::schemas::Place;
use crate::{Cx, background};

/// What questions about pages are about.
const OF_PAGES: &[&str] = &[
    "title",
    "stars",
    "$id",
    "$sequence",
    "$updatedAt",
    "author",
    "friends",
    "author.title",
    "author.stars",
    "author.$id",
    "author.tags",
    "author.nothing",
    "author.pages.title",
    "friends.title",
    "friends.stars",
    "friends.$id",
    "friends.fans.$id",
    "author.*",
    "friends.*",
    "*.*",
    "author.$updatedAt",
    "friends.$sequence",
];
/// What questions about people are about.
const OF_PEOPLE: &[&str] = &[
    "title",
    "stars",
    "tags",
    "$id",
    "pages.title",
    "pages.$id",
    "pages.stars",
    "pages.author.title",
    "fans.title",
    "fans.$id",
    "fans.friends.$id",
    "pages",
    "pages.*",
    "fans.*",
    "*.*",
];
const OWN: [&str; 3] = ["title", "stars", "tags"];

fn at(collection: &str) -> Place {
    Place { database: "db".into(), collection: collection.into() }
}

async fn collection(cx: &Cx, id: &str) {
    let new = NewCollection {
        id: id.to_owned(),
        name: id.to_owned(),
        permissions: Vec::new(),
        document_security: true,
        has_authors: false,
        is_enabled: true,
        attributes: vec![
            Attribute { size: 200, ..Attribute::new("title", AttributeType::String) },
            Attribute::new("stars", AttributeType::Integer),
            Attribute { size: 20, is_array: true, ..Attribute::new("tags", AttributeType::String) },
        ],
        indexes: Vec::new(),
        relationships: Vec::new(),
    };
    collections::create(cx, "db", new).await.expect("a collection");
}

/// Pages have an author and friends, both among people.
async fn world(cx: &Cx) {
    let new = NewDatabase { id: "db".to_owned(), name: "db".to_owned(), is_enabled: true, kind: "legacy" };
    databases::create(cx, new).await.expect("a database");
    collection(cx, "pages").await;
    collection(cx, "people").await;
    for (key, back, kind) in
        [("author", "pages", RelationType::ManyToOne), ("friends", "fans", RelationType::ManyToMany)]
    {
        let new = NewRelationship {
            related: "people".into(),
            kind,
            is_two_way: true,
            key: Some(key.to_owned()),
            two_way_key: Some(back.to_owned()),
            on_delete: OnDelete::SetNull,
        };
        relationships::create(cx, at("pages"), new).await.expect("asked for");
        background::run_due(&cx.app).await.expect("jobs are done");
    }
}

/// Own values of a document.
fn own(g: &Gen) -> Vec<(String, Value)> {
    g.data().into_iter().filter(|(key, _)| OWN.contains(&key.as_str())).collect()
}

/// The links of the page at `place`: the visible ones are always the same.
fn links(g: &Gen, place: usize) -> Vec<(String, Value)> {
    let author = match place {
        0 => Value::from(VISIBLE[0]),
        1 => Value::from(VISIBLE[1]),
        _ if g.below(3) == 0 => Value::Null,
        _ => g.pick(&HIDDEN).into(),
    };
    let mut friends: Vec<Value> = VISIBLE[..place % 3].iter().map(|id| Value::from(*id)).collect();
    friends.extend(HIDDEN.iter().filter(|_| g.below(2) == 0).map(|id| Value::from(*id)));
    vec![("author".to_owned(), author), ("friends".to_owned(), Value::Array(friends))]
}

/// A change of a visible document is seen, so its clock stands still.
fn times() -> Vec<(String, Value)> {
    ["$createdAt", "$updatedAt"].map(|key| (key.to_owned(), Timestamp(1_800_000_000_000).into())).to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_documents_tell_nothing_through_links() {
    on_both("oracles_related", |fixture| async move {
        let stranger = fixture.guest().await;
        let admin = as_key(&stranger);
        world(&admin).await;
        let g = Gen::new(2, OF_PAGES);
        for id in ["seen1", "hidden1", "seen2", "hidden2", "hidden3", "seen3"] {
            let readers = id.starts_with("seen").then(|| Permission::new(Action::Read, Role::Any));
            let permissions = Some(readers.into_iter().collect());
            let new = NewDocument { id: id.to_owned(), data: own(&g), permissions };
            create(&admin, &at("people"), new).await.expect("a person");
        }
        for (place, id) in VISIBLE.iter().enumerate() {
            let data = [own(&g), links(&g, place), times()].concat();
            let permissions = Some(vec![Permission::new(Action::Read, Role::Any)]);
            let new = NewDocument { id: (*id).to_owned(), data, permissions };
            create(&admin, &at("pages"), new).await.expect("a page");
        }
        for seed in seeds(1) {
            let ask = async || {
                let (pages, answered) = answers(&stranger, &at("pages"), (OF_PAGES, seed)).await;
                assert!(answered > QUESTIONS / 20, "too few of the questions make sense: {answered}");
                let (people, _) = answers(&stranger, &at("people"), (OF_PEOPLE, seed)).await;
                [pages, people].concat()
            };
            let before = ask().await;
            for id in HIDDEN {
                update(&admin, &at("people"), id, own(&g), None, None).await.expect("a change");
            }
            for (place, id) in VISIBLE.iter().enumerate() {
                let data = [links(&g, place), times()].concat();
                update(&admin, &at("pages"), id, data, None, None).await.expect("a change");
            }
            for (before, after) in before.iter().zip(&ask().await) {
                assert_eq!(before, after, "seed {seed}");
            }
        }
    })
    .await;
}
