//! Many documents at once, on both engines: all or none, and what an answer counts.

use cairn_faults::{Error, Fault};
use cairn_model::schema::{Attribute, AttributeType, Index, IndexType, NewDocument};
use cairn_model::value::Value;

use super::{create_many, delete_many, update_many, upsert_many};
use crate::Cx;
use crate::collections::{self, NewCollection};
use crate::databases::{self, NewDatabase};
use crate::documents::{get, list};
use crate::fixture::{fault, on_both};
use crate::found::Listed;
use crate::listing::ListRequest;
use crate::schemas::Place;

/// The collection of these tests.
pub(crate) fn notes() -> Place {
    Place { database: "db".into(), collection: "notes".into() }
}

/// A collection of notes, whose titles are unique.
pub(crate) async fn make_notes(cx: &Cx) {
    let new = NewDatabase { id: "db".to_owned(), name: "db".to_owned(), is_enabled: true, kind: "legacy" };
    databases::create(cx, new).await.expect("a database");
    let new = NewCollection {
        id: "notes".to_owned(),
        name: "Notes".to_owned(),
        permissions: Vec::new(),
        document_security: true,
        has_authors: false,
        is_enabled: true,
        attributes: vec![
            Attribute { size: 200, ..Attribute::new("title", AttributeType::String) },
            Attribute::new("stars", AttributeType::Integer),
            Attribute { is_array: true, size: 20, ..Attribute::new("tags", AttributeType::String) },
        ],
        indexes: vec![Index::new("titles", IndexType::Unique, ["title"])],
        relationships: Vec::new(),
    };
    collections::create(cx, "db", new).await.expect("a collection");
}

/// A note with this id and title, and some stars.
pub(crate) fn note(id: &str, stars: i64) -> NewDocument {
    let data = vec![("title".to_owned(), id.into()), ("stars".to_owned(), stars.into())];
    NewDocument { id: id.to_owned(), data, permissions: None }
}

/// The ids and stars of all notes, by id.
pub(crate) async fn all(cx: &Cx) -> Vec<(String, Value)> {
    let order = r#"{"method":"orderAsc","attribute":"$id"}"#.to_owned();
    let limit = r#"{"method":"limit","values":[5000]}"#.to_owned();
    let request = ListRequest { queries: vec![order, limit], ..ListRequest::default() };
    let listed = list(cx, &notes(), request).await.expect("a list");
    listed.page.items.iter().map(|note| (note.id.to_string(), note.values[1].clone())).collect()
}

fn ids(listed: &Listed) -> Vec<&str> {
    listed.page.items.iter().map(|document| document.id.as_str()).collect()
}

fn greater(stars: i64) -> String {
    format!(r#"{{"method":"greaterThan","attribute":"stars","values":[{stars}]}}"#)
}

async fn update(cx: &Cx, key: &str, value: Value, queries: Vec<String>) -> Result<Listed, Error> {
    update_many(cx, &notes(), vec![(key.to_owned(), value)], None, queries).await
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_made_changed_and_removed_together() {
    on_both("bulk_together", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        let made = create_many(&cx, &notes(), (1..=5).map(|n| note(&format!("n{n}"), n)).collect()).await;
        let made = made.expect("makes");
        assert_eq!((made.page.total, ids(&made)), (5, vec!["n1", "n2", "n3", "n4", "n5"]));
        assert!(made.page.items.windows(2).all(|pair| pair[0].seq < pair[1].seq));

        let increment: Value = r#"{"method":"increment","values":[10]}"#.into();
        let changed = update(&cx, "stars", increment, vec![greater(3)]).await.expect("changes");
        assert_eq!((changed.page.total, ids(&changed)), (2, vec!["n4", "n5"]));
        let append: Value = r#"{"method":"arrayAppend","values":["new"]}"#.into();
        assert_eq!(update(&cx, "tags", append, vec![]).await.expect("changes").page.total, 5);
        let found = get(&cx, &notes(), "n4").await.expect("a note").document;
        assert_eq!(found.values[1..], [14.into(), vec!["new"].into()]);

        let order = r#"{"method":"orderDesc","attribute":"stars"}"#.to_owned();
        let limit = r#"{"method":"limit","values":[2]}"#.to_owned();
        let gone = delete_many(&cx, &notes(), vec![order, limit]).await.expect("removes");
        assert_eq!((gone.page.total, ids(&gone)), (2, vec!["n5", "n4"]));

        let mut changed = note("n1", 7);
        changed.data.remove(0);
        let upserted = upsert_many(&cx, &notes(), vec![changed, note("n2", 2), note("n6", 6)]).await;
        let upserted = upserted.expect("upserts");
        // What stays as it is does not count.
        assert_eq!((upserted.page.total, ids(&upserted)), (2, vec!["n1", "n6"]));
        let expected = [("n1", 7), ("n2", 2), ("n3", 3), ("n6", 6)];
        assert_eq!(all(&cx).await, expected.map(|(id, stars)| (id.to_owned(), Value::Int(stars))));
        assert_eq!(delete_many(&cx, &notes(), vec![]).await.expect("removes").page.total, 4);
        assert_eq!(all(&cx).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_done_undoes_all() {
    on_both("bulk_undone", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        create_many(&cx, &notes(), vec![note("a", 1), note("b", 2)]).await.expect("makes");
        let before = all(&cx).await;
        let twin = NewDocument { id: "d".to_owned(), ..note("a", 3) };
        let wrong = NewDocument { data: vec![("stars".to_owned(), "many".into())], ..note("d", 3) };
        let unknown = NewDocument { data: vec![("moons".to_owned(), 1.into())], ..note("d", 3) };
        let cases = [
            (vec![note("c", 3), note("a", 3)], Fault::DocumentAlreadyExists),
            (vec![note("c", 3), note("c", 3)], Fault::DocumentAlreadyExists),
            (vec![note("c", 3), twin.clone()], Fault::DocumentUniqueConstraintViolation),
            (vec![note("c", 3), wrong], Fault::DocumentInvalidStructure),
            (vec![note("c", 3), unknown], Fault::DocumentInvalidStructure),
        ];
        for (new, expected) in cases {
            assert_eq!(fault(create_many(&cx, &notes(), new).await), expected);
            assert_eq!(all(&cx).await, before);
        }
        let upserted = upsert_many(&cx, &notes(), vec![note("a", 9), twin]).await;
        assert_eq!(fault(upserted), Fault::DocumentUniqueConstraintViolation);
        let title = update(&cx, "title", "same".into(), vec![]).await;
        assert_eq!(fault(title), Fault::DocumentUniqueConstraintViolation);
        let overflow: Value = r#"{"method":"power","values":[400]}"#.into();
        assert_eq!(fault(update(&cx, "stars", overflow, vec![]).await), Fault::DocumentInvalidStructure);
        let broken = update(&cx, "stars", r#"{"method":"increment","values":1}"#.into(), vec![]).await;
        assert_eq!(fault(broken), Fault::GeneralBadRequest);
        let query = vec![r#"{"method":"equal","attribute":"moons","values":[1]}"#.to_owned()];
        assert_eq!(fault(delete_many(&cx, &notes(), query).await), Fault::GeneralQueryInvalid);
        assert_eq!(all(&cx).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_batch_is_changed_once_each() {
    on_both("bulk_many", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        for hundred in 0..11 {
            let new = (0..100).map(|n| note(&format!("n{:04}", hundred * 100 + n), n)).collect();
            create_many(&cx, &notes(), new).await.expect("makes");
        }
        let increment: Value = r#"{"method":"increment","values":[1000]}"#.into();
        let changed = update(&cx, "stars", increment.clone(), vec![]).await.expect("changes");
        // An answer shows the first hundred.
        assert_eq!((changed.page.total, changed.page.items.len()), (1_100, 100));
        assert!(
            all(&cx).await.iter().all(|(_, stars)| (1_000..1_100).contains(&stars.as_int().unwrap_or(0)))
        );
        let limit = r#"{"method":"limit","values":[1050]}"#.to_owned();
        let offset = r#"{"method":"offset","values":[20]}"#.to_owned();
        let order = r#"{"method":"orderDesc","attribute":"$id"}"#.to_owned();
        let gone = delete_many(&cx, &notes(), vec![order, limit, offset]).await.expect("removes");
        assert_eq!((gone.page.total, gone.page.items[0].id.as_str()), (1_050, "n1079"));
        assert_eq!(all(&cx).await.len(), 50);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_keys_and_admins_change_many() {
    on_both("bulk_rights", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        for caller in [fixture.guest().await, fixture.signed_up("ada").await] {
            let refused = Fault::GeneralUnauthorizedScope;
            assert_eq!(fault(create_many(&caller, &notes(), vec![note("a", 1)]).await), refused);
            assert_eq!(fault(upsert_many(&caller, &notes(), vec![note("a", 1)]).await), refused);
            assert_eq!(fault(update(&caller, "stars", 1.into(), vec![]).await), refused);
            assert_eq!(fault(delete_many(&caller, &notes(), vec![]).await), refused);
        }
        assert_eq!(
            fault(update_many(&cx, &notes(), vec![], None, vec![]).await),
            Fault::DocumentMissingPayload
        );
    })
    .await;
}
