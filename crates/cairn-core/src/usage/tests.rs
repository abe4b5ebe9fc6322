//! What is counted is told at once, comes to the same however it was done, and is there after a restart.

use cairn_faults::Fault;
use cairn_model::permissions::Permission;
use cairn_model::schema::{Attribute, AttributeType, NewDocument};
use cairn_model::usage::Step;

use super::{Figure, Span, UsageRange, collection, database, databases, project};
use crate::collections::{self, NewCollection};
use crate::databases::{self as nouns, NewDatabase};
use crate::fixture::{Fixture, on_both, on_both_with};
use crate::listing::ListRequest;
use crate::meter::write;
use crate::schemas::Place;
use crate::transactions::{self, StagedOperation};
use crate::{Cx, Options, attributes, background, documents};

const HOUR_MS: i64 = 3_600_000;

fn place(collection: &str) -> Place {
    Place { database: "main".into(), collection: collection.into() }
}

async fn make(cx: &Cx) {
    let new = NewDatabase { id: "main".into(), name: "Main".into(), is_enabled: true, kind: "legacy" };
    nouns::create(cx, new).await.unwrap();
    for id in ["books", "shelves"] {
        let title = Attribute { size: 100, ..Attribute::new("title", AttributeType::String) };
        let new = NewCollection {
            id: id.into(),
            name: id.into(),
            permissions: vec![Permission::parse(r#"read("any")"#).unwrap()],
            document_security: false,
            has_authors: false,
            is_enabled: true,
            attributes: vec![title, Attribute::new("pages", AttributeType::Integer)],
            indexes: Vec::new(),
            relationships: Vec::new(),
        };
        collections::create(cx, "main", new).await.unwrap();
    }
}

fn book(id: &str, title: &str) -> NewDocument {
    let data = vec![("title".to_owned(), title.into()), ("pages".to_owned(), 7.into())];
    NewDocument { id: id.into(), data, permissions: Some(Vec::new()) }
}

async fn add(cx: &Cx, to: &str, id: &str, title: &str) {
    documents::create(cx, &place(to), book(id, title)).await.unwrap();
}

/// The total and the sum of the points, which a fresh store has equal.
fn both(figure: &Figure) -> (i64, i64) {
    (figure.total, figure.points.iter().map(|point| point.value).sum())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_write_and_read_is_counted() {
    on_both("usage_counts", |fixture| async move {
        let key = fixture.key().await;
        make(&key).await;
        add(&key, "books", "a", "Dune").await;
        add(&key, "books", "b", "Emma").await;
        add(&key, "shelves", "s", "x").await;
        let all = (2..7).map(|number| book(&format!("n{number}"), "Many")).collect();
        documents::create_many(&key, &place("books"), all).await.unwrap();
        let title = |title: &str| vec![("title".to_owned(), title.into())];
        documents::update(&key, &place("books"), "a", title("Dunes"), None, None).await.unwrap();
        let refused = documents::create(&key, &place("books"), book("a", "again")).await.unwrap_err();
        assert_eq!(refused.fault(), Fault::DocumentAlreadyExists);
        documents::delete(&key, &place("books"), "b", None).await.unwrap();
        documents::get(&key, &place("books"), "a").await.unwrap();
        documents::list(&key, &place("books"), ListRequest::default()).await.unwrap();
        let none = ListRequest {
            queries: vec![r#"{"method":"equal","attribute":"$id","values":["none"]}"#.into()],
            ..ListRequest::default()
        };
        documents::list(&key, &place("books"), none).await.unwrap();

        let books = collection(&key, &place("books"), UsageRange::Day).await.unwrap();
        assert_eq!(both(&books.documents), (6, 6));
        let main = database(&key, "main", UsageRange::Month).await.unwrap();
        assert_eq!(both(&main.documents), (7, 7));
        assert_eq!(both(&main.collections), (2, 2));
        // Three made alone, five together, one changed, one removed; what was refused is nothing.
        assert_eq!(both(&main.writes), (10, 10));
        // One alone, six on a page, and an empty page.
        assert_eq!(both(&main.reads), (8, 8));
        let every = databases(&key, UsageRange::Quarter).await.unwrap();
        assert_eq!(both(&every.databases), (1, 1));
        assert_eq!(every.all.writes.total, 10);
        assert_eq!(every.all.storage.total, main.storage.total);
        let ids = "aban2n3n4n5n6s".len() - "b".len();
        let values = "Dunes".len() + 5 * "Many".len() + "x".len() + 7 * 8;
        assert_eq!(main.storage.total, i64::try_from(ids - 1 + values + 7 * 24).unwrap());
        assert_eq!(
            (books.documents.points.len(), main.reads.points.len(), every.databases.points.len()),
            (24, 30, 90)
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_counts_and_what_is_undone_does_not() {
    on_both("usage_commit", |fixture| async move {
        let key = fixture.key().await;
        make(&key).await;
        for (id, ends) in [("kept", true), ("undone", false)] {
            let transaction = transactions::create(&key, id, 60).await.unwrap().id;
            let work = |id: &str| cairn_model::transactions::Work::Create(book(id, "x"));
            let operation = |document: &str| StagedOperation { place: place("books"), work: work(document) };
            let all = vec![operation(&format!("{id}1")), operation(&format!("{id}2"))];
            transactions::stage_all(&key, &transaction, all).await.unwrap();
            let (at, all) = (place("books"), ListRequest::default());
            let seen = transactions::list_documents(&key, &at, all, Some(&transaction)).await.unwrap();
            assert!(seen.page.total >= 2, "the view carries the operations out and undoes them");
            if ends {
                transactions::commit(&key, &transaction).await.unwrap();
            } else {
                transactions::roll_back(&key, &transaction).await.unwrap();
            }
        }
        let main = database(&key, "main", UsageRange::Day).await.unwrap();
        assert_eq!((both(&main.documents), both(&main.writes)), ((2, 2), (2, 2)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_hold_what_happened_in_them() {
    on_both("usage_steps", |fixture| async move {
        let key = fixture.key().await;
        make(&key).await;
        add(&key, "books", "a", "x").await;
        write(&fixture.app).await;
        fixture.clock.advance_ms(2 * HOUR_MS);
        add(&key, "books", "b", "x").await;
        add(&key, "books", "c", "x").await;
        let day = collection(&key, &place("books"), UsageRange::Day).await.unwrap().documents;
        let values: Vec<i64> = day.points.iter().map(|point| point.value).collect();
        assert_eq!(values[21..], [1, 0, 2]);
        let began = |place: usize| day.points[place].at.0;
        assert_eq!((began(23) - began(22), began(23) % HOUR_MS), (HOUR_MS, 0));
        // Hours are kept for eight days, days for more than a year.
        fixture.clock.advance_ms(9 * 24 * HOUR_MS);
        add(&key, "books", "d", "x").await;
        let (from, until) = (key.now().plus_seconds(-10 * 86_400), key.now());
        let span = |step| Span { from, until, step };
        let by = async |step| project(&key, span(step)).await.unwrap().writes.points;
        assert_eq!(by(Step::Hour).await.iter().map(|point| point.value).sum::<i64>(), 1);
        assert_eq!(by(Step::Day).await.iter().map(|point| point.value).sum::<i64>(), 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_takes_its_figures_along() {
    on_both("usage_goes", |fixture| async move {
        let key = fixture.key().await;
        make(&key).await;
        add(&key, "books", "a", "Dune").await;
        add(&key, "shelves", "s", "four").await;
        // One is written before the collection goes, one still waits.
        write(&fixture.app).await;
        add(&key, "books", "b", "Emma").await;
        collections::delete(&key, place("books")).await.unwrap();
        let main = database(&key, "main", UsageRange::Day).await.unwrap();
        assert_eq!((both(&main.documents), both(&main.collections)), ((1, 1), (1, 1)));
        assert_eq!(both(&main.storage), (1 + 4 + 8 + 24, 1 + 4 + 8 + 24));
        assert_eq!(main.writes.total, 3, "what was done stays done");
        attributes::delete(&key, place("shelves"), "title").await.unwrap();
        background::run_due(&fixture.app).await.unwrap();
        let main = database(&key, "main", UsageRange::Day).await.unwrap();
        assert_eq!(both(&main.storage), (1 + 8 + 24, 1 + 8 + 24));
        nouns::delete(&key, "main").await.unwrap();
        let every = databases(&key, UsageRange::Day).await.unwrap();
        assert_eq!((both(&every.databases), both(&every.all.collections)), ((0, 0), (0, 0)));
        assert_eq!((both(&every.all.documents), both(&every.all.storage)), ((0, 0), (0, 0)));
        assert_eq!(every.all.writes.total, 3);
        let gone = database(&key, "main", UsageRange::Day).await.unwrap_err();
        assert_eq!(gone.fault(), Fault::DatabaseNotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_keys_and_admins_are_told() {
    on_both("usage_whom", |fixture| async move {
        make(&fixture.key().await).await;
        for cx in [fixture.guest().await, fixture.signed_up("ada").await] {
            let error = databases(&cx, UsageRange::Day).await.unwrap_err();
            assert_eq!(error.fault(), Fault::UserUnauthorized);
        }
    })
    .await;
    let off = Options { has_usage: false, ..Options::default() };
    on_both_with("usage_off", off, |fixture: Fixture| async move {
        let key = fixture.key().await;
        make(&key).await;
        write(&fixture.app).await;
        let error = database(&key, "main", UsageRange::Day).await.unwrap_err();
        assert_eq!(error.fault(), Fault::GeneralUsageDisabled);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_span_has_an_end_and_a_bound() {
    on_both("usage_span", |fixture| async move {
        let key = fixture.key().await;
        let now = key.now();
        for from in [now.plus_seconds(1), now.plus_seconds(-2_400 * 3_600)] {
            let error = project(&key, Span { from, until: now, step: Step::Hour }).await.unwrap_err();
            assert_eq!(error.fault(), Fault::GeneralArgumentInvalid);
        }
        let told = project(&key, Span { from: now, until: now, step: Step::Hour }).await.unwrap();
        assert_eq!((told.requests.points.len(), told.databases_total), (1, 0));
    })
    .await;
}
