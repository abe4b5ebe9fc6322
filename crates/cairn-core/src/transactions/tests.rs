//! Transactions on both engines: what they show, what they carry out, and what they refuse.

mod random;

use cairn_faults::Fault;
use cairn_model::permissions::{Action, parse_list};
use cairn_model::schema::{Attribute, AttributeType, NewDocument, Step};
use cairn_model::transactions::{OPERATIONS_MAX, TransactionId, TransactionStatus, Work};
use cairn_model::value::Value;
use cairn_store::{StoreError, Tx};

use super::{
    StagedOperation, commit, create, delete, get, get_document, list, list_documents, roll_back, stage,
    stage_all, sweep,
};
use crate::Cx;
use crate::collections::{self, CollectionPatch, NewCollection};
use crate::documents::bulk::tests::{all, make_notes, note, notes};
use crate::documents::{self, Changed, create_many};
use crate::fixture::{fault, on_both};
use crate::listing::ListRequest;
use crate::schemas::Place;

async fn begin(cx: &Cx) -> TransactionId {
    create(cx, "unique()", 300).await.expect("begins").id
}

fn stars(id: &str, stars: impl Into<Value>) -> NewDocument {
    NewDocument { id: id.to_owned(), data: vec![("stars".to_owned(), stars.into())], permissions: None }
}

fn step(id: &str, by: i64) -> Work {
    Work::Step(id.to_owned(), Step { attribute: "stars".to_owned(), by: by.into(), bound: None })
}

/// The ids and stars of all notes as a transaction would leave them.
async fn seen(cx: &Cx, id: &TransactionId) -> Vec<(String, Value)> {
    let order = r#"{"method":"orderAsc","attribute":"$id"}"#.to_owned();
    let request = ListRequest { queries: vec![order], ..ListRequest::default() };
    let listed = list_documents(cx, &notes(), request, Some(id)).await.expect("a list");
    assert_eq!(listed.page.total, i64::try_from(listed.page.items.len()).expect("few"));
    listed.page.items.iter().map(|note| (note.id.to_string(), note.values[1].clone())).collect()
}

fn rows(rows: &[(&str, i64)]) -> Vec<(String, Value)> {
    rows.iter().map(|(id, stars)| ((*id).to_owned(), Value::Int(*stars))).collect()
}

async fn staged(cx: &Cx, id: &TransactionId, work: Work) -> Changed {
    stage(cx, id, &notes(), work).await.expect("stages")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_staged_is_seen_inside_alone_until_the_commit() {
    on_both("transactions_seen", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        create_many(&cx, &notes(), vec![note("a", 1), note("b", 2), note("c", 3)]).await.expect("makes");
        let before = all(&cx).await;
        let id = begin(&cx).await;
        assert_eq!(seen(&cx, &id).await, before);
        let Changed::One(made) = staged(&cx, &id, Work::Create(note("d", 4))).await else {
            panic!("one document")
        };
        assert_eq!((made.document.id.as_str(), &made.document.values[1]), ("d", &Value::Int(4)));
        staged(&cx, &id, Work::Update(stars("d", 5))).await;
        let increment = r#"{"method":"increment","values":[5]}"#;
        let Changed::One(changed) = staged(&cx, &id, Work::Update(stars("d", increment))).await else {
            panic!("one document")
        };
        assert_eq!(changed.document.values[1], Value::Int(10));
        staged(&cx, &id, step("a", 10)).await;
        staged(&cx, &id, Work::Delete("b".to_owned())).await;
        staged(&cx, &id, Work::Upsert(note("e", 6))).await;
        let queries = vec![r#"{"method":"greaterThan","attribute":"stars","values":[9]}"#.to_owned()];
        let data = stars("", r#"{"method":"multiply","values":[2]}"#).data;
        staged(&cx, &id, Work::UpdateMany { data, permissions: None, queries }).await;
        let Changed::Many(many) = staged(&cx, &id, Work::CreateMany(vec![note("f", 7), note("g", 8)])).await
        else {
            panic!("many documents")
        };
        assert_eq!((many.page.total, many.page.items.len()), (2, 0));
        let queries = vec![r#"{"method":"equal","attribute":"$id","values":["g"]}"#.to_owned()];
        staged(&cx, &id, Work::DeleteMany { queries }).await;

        let after = rows(&[("a", 22), ("c", 3), ("d", 20), ("e", 6), ("f", 7)]);
        assert_eq!(seen(&cx, &id).await, after);
        assert_eq!(all(&cx).await, before);
        let inside = get_document(&cx, &notes(), "d", &ListRequest::default(), Some(&id))
            .await
            .expect("a note")
            .document;
        assert_eq!(inside.values[1], Value::Int(20));
        assert_eq!(
            fault(get_document(&cx, &notes(), "b", &ListRequest::default(), Some(&id)).await),
            Fault::DocumentNotFound
        );
        assert_eq!(fault(documents::get(&cx, &notes(), "d").await), Fault::DocumentNotFound);
        assert_eq!(get(&cx, &id).await.expect("there").operations, 9);

        let done = commit(&cx, &id).await.expect("commits");
        assert_eq!((done.status, done.operations), (TransactionStatus::Committed, 9));
        assert_eq!(all(&cx).await, after);
        assert_eq!(fault(commit(&cx, &id).await), Fault::TransactionNotReady);
        assert_eq!(fault(roll_back(&cx, &id).await), Fault::TransactionNotReady);
        assert_eq!(fault(stage(&cx, &id, &notes(), step("a", 1)).await), Fault::TransactionNotReady);
        assert_eq!(
            fault(get_document(&cx, &notes(), "a", &ListRequest::default(), Some(&id)).await),
            Fault::TransactionNotReady
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_cannot_be_carried_out_leaves_nothing_behind() {
    on_both("transactions_undone", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        let ids = vec![note("a", 1), note("b", 2), note("c", 3)];
        create_many(&cx, &notes(), ids).await.expect("makes");
        let twin = NewDocument { id: "y".to_owned(), ..note("a", 1) };
        let huge = r#"{"method":"power","values":[400]}"#;
        let unknown = NewDocument { data: vec![("moons".to_owned(), 1.into())], ..note("y", 1) };
        let cases = [
            (Work::Create(note("a", 1)), Fault::TransactionConflict),
            (Work::Create(twin), Fault::TransactionConflict),
            (Work::Create(unknown), Fault::DocumentInvalidStructure),
            (Work::Update(stars("b", "many")), Fault::DocumentInvalidStructure),
            (Work::Update(stars("b", huge)), Fault::DocumentInvalidStructure),
            (Work::CreateMany(vec![note("y", 1), note("c", 1)]), Fault::TransactionConflict),
            (Work::DeleteMany { queries: vec!["?".to_owned()] }, Fault::GeneralQueryInvalid),
        ];
        let before = all(&cx).await;
        for (work, expected) in cases {
            let id = begin(&cx).await;
            staged(&cx, &id, Work::Create(note("z", 9))).await;
            staged(&cx, &id, work.clone()).await;
            assert_eq!(fault(commit(&cx, &id).await), expected, "{work:?}");
            assert_eq!(get(&cx, &id).await.expect("there").status, TransactionStatus::Failed);
            assert_eq!(all(&cx).await, before);
        }
        let id = begin(&cx).await;
        staged(&cx, &id, Work::Create(note("z", 9))).await;
        assert_eq!(roll_back(&cx, &id).await.expect("ends").status, TransactionStatus::Failed);
        assert_eq!(all(&cx).await, before);
        assert_eq!(
            fault(stage(&cx, &id, &notes(), Work::Delete("x".to_owned())).await),
            Fault::TransactionNotReady
        );
        delete(&cx, &id).await.expect("removes");
        assert_eq!(fault(get(&cx, &id).await), Fault::TransactionNotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_change_in_between_is_a_conflict() {
    on_both("transactions_conflict", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        create_many(&cx, &notes(), vec![note("a", 1), note("b", 2)]).await.expect("makes");
        let many = || Work::UpdateMany { data: stars("", 9).data, permissions: None, queries: vec![] };
        for work in [Work::Update(stars("a", 5)), step("a", 1), Work::Upsert(note("a", 5)), many()] {
            let (first, second) = (begin(&cx).await, begin(&cx).await);
            staged(&cx, &first, work.clone()).await;
            staged(&cx, &second, step("a", 100)).await;
            fixture.clock.advance_ms(1);
            commit(&cx, &second).await.expect("the first one commits");
            assert_eq!(fault(commit(&cx, &first).await), Fault::TransactionConflict, "{work:?}");
        }
        // The document is gone, which is not the same as changed.
        let id = begin(&cx).await;
        staged(&cx, &id, step("b", 1)).await;
        documents::delete(&cx, &notes(), "b", None).await.expect("removes");
        assert_eq!(fault(commit(&cx, &id).await), Fault::DocumentNotFound);
        // Another one with its id is another one, within one millisecond too.
        let id = begin(&cx).await;
        staged(&cx, &id, Work::Delete("a".to_owned())).await;
        documents::delete(&cx, &notes(), "a", None).await.expect("removes");
        create_many(&cx, &notes(), vec![note("a", 1)]).await.expect("makes");
        assert_eq!(fault(commit(&cx, &id).await), Fault::TransactionConflict);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_end_by_themselves_and_are_removed() {
    on_both("transactions_expire", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        assert_eq!(create(&cx, "mine", 60).await.expect("begins").id.as_str(), "mine");
        assert_eq!(fault(create(&cx, "mine", 60).await), Fault::TransactionAlreadyExists);
        let id = TransactionId::from("mine");
        staged(&cx, &id, Work::Create(note("a", 1))).await;
        fixture.clock.advance_ms(60_001);
        assert_eq!(
            fault(stage(&cx, &id, &notes(), Work::Create(note("b", 1))).await),
            Fault::TransactionExpired
        );
        assert_eq!(
            fault(get_document(&cx, &notes(), "a", &ListRequest::default(), Some(&id)).await),
            Fault::TransactionExpired
        );
        assert_eq!(fault(commit(&cx, &id).await), Fault::TransactionExpired);
        assert_eq!(get(&cx, &id).await.expect("still told of").operations, 1);
        sweep(&cx.app).await;
        get(&cx, &id).await.expect("still told of");
        fixture.clock.advance_ms(super::KEPT_MS);
        sweep(&cx.app).await;
        assert_eq!(fault(get(&cx, &id).await), Fault::TransactionNotFound);
        let read = move |tx: Tx| async move { tx.operation_list(&id).await };
        let left: Result<_, StoreError> = cx.store().read(cx.project_ref(), read).await;
        assert!(left.expect("reads").is_empty());
        assert_eq!(all(&cx).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_come_in_lists_with_a_bound() {
    on_both("transactions_lists", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        let operation = |work| StagedOperation { place: notes(), work };
        let id = begin(&cx).await;
        let made = vec![
            operation(Work::Create(note("a", 1))),
            operation(Work::Update(stars("a", 2))),
            operation(step("a", 3)),
            operation(Work::Delete("a".to_owned())),
            operation(Work::Upsert(note("b", 4))),
        ];
        assert_eq!(stage_all(&cx, &id, made).await.expect("stages").operations, 5);
        assert_eq!(seen(&cx, &id).await, rows(&[("b", 4)]));
        let missing = stage_all(&cx, &id, vec![operation(step("nobody", 1))]).await;
        assert_eq!(fault(missing), Fault::DocumentNotFound);
        let elsewhere = Place { database: "db".into(), collection: "none".into() };
        let missing = vec![StagedOperation { place: elsewhere, work: Work::Create(note("a", 1)) }];
        assert_eq!(fault(stage_all(&cx, &id, missing).await), Fault::CollectionNotFound);
        assert_eq!(fault(stage_all(&cx, &id, vec![]).await), Fault::GeneralBadRequest);
        let rest: Vec<_> =
            (5..OPERATIONS_MAX).map(|n| operation(Work::Create(note(&format!("n{n}"), n)))).collect();
        let too_many = rest.iter().cloned().chain([operation(Work::Create(note("x", 1)))]).collect();
        assert_eq!(fault(stage_all(&cx, &id, too_many).await), Fault::TransactionLimitExceeded);
        stage_all(&cx, &id, rest).await.expect("stages");
        let one_more = stage(&cx, &id, &notes(), Work::Create(note("x", 1))).await;
        assert_eq!(fault(one_more), Fault::TransactionLimitExceeded);
        commit(&cx, &id).await.expect("commits");
        assert_eq!(all(&cx).await.len(), 96);
        let late = stage_all(&cx, &id, vec![operation(Work::Create(note("x", 1)))]).await;
        assert_eq!(fault(late), Fault::TransactionInvalid);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_have_transactions_and_rights_of_their_own() {
    on_both("transactions_rights", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        let patch = CollectionPatch {
            name: None,
            permissions: Some(
                parse_list(&["create(\"users\")"], Action::OF_COLLECTIONS).expect("permissions"),
            ),
            document_security: true,
            has_authors: None,
            is_enabled: true,
        };
        collections::update(&cx, notes(), patch).await.expect("opens");
        create_many(&cx, &notes(), vec![note("a", 1)]).await.expect("makes");
        let (ada, emma) = (fixture.signed_up("ada").await, fixture.signed_up("emma").await);
        let id = begin(&ada).await;
        for stranger in [&emma, &fixture.guest().await] {
            assert_eq!(fault(get(stranger, &id).await), Fault::TransactionNotFound);
            assert_eq!(fault(commit(stranger, &id).await), Fault::TransactionNotFound);
            assert_eq!(fault(delete(stranger, &id).await), Fault::TransactionNotFound);
            let peek = get_document(stranger, &notes(), "a", &ListRequest::default(), Some(&id)).await;
            assert_eq!(fault(peek), Fault::TransactionNotFound);
            assert_eq!(list(stranger, &ListRequest::default()).await.expect("a list").total, 0);
        }
        assert_eq!(list(&ada, &ListRequest::default()).await.expect("a list").total, 1);
        let no_right = stage(&ada, &id, &notes(), step("a", 1)).await;
        assert_eq!(fault(no_right), Fault::UserUnauthorized);
        let bulk = Work::DeleteMany { queries: vec![] };
        assert_eq!(fault(stage(&ada, &id, &notes(), bulk.clone()).await), Fault::GeneralUnauthorizedScope);
        let listed = vec![StagedOperation { place: notes(), work: bulk }];
        assert_eq!(fault(stage_all(&ada, &id, listed).await), Fault::UserUnauthorized);
        let granted = parse_list(&["read(\"user:emma\")"], Action::OF_DOCUMENTS).expect("permissions");
        let gift = NewDocument { permissions: Some(granted), ..note("b", 1) };
        assert_eq!(fault(stage(&ada, &id, &notes(), Work::Create(gift)).await), Fault::UserUnauthorized);
        staged(&ada, &id, Work::Create(note("b", 1))).await;
        staged(&ada, &id, step("b", 1)).await;
        // A key ends it, and what was staged is still its maker's.
        commit(&cx, &id).await.expect("commits");
        let made = documents::get(&ada, &notes(), "b").await.expect("is its maker's").document;
        assert_eq!(made.values[1], Value::Int(2));
        assert_eq!(fault(documents::get(&emma, &notes(), "b").await), Fault::DocumentNotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_staged_sealed_and_lost_collections_fail_a_commit() {
    on_both("transactions_sealed", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        let new = NewCollection {
            id: "safe".to_owned(),
            name: "Safe".to_owned(),
            permissions: Vec::new(),
            document_security: false,
            has_authors: false,
            is_enabled: true,
            attributes: vec![Attribute {
                is_encrypted: true,
                size: 200,
                ..Attribute::new("secret", AttributeType::String)
            }],
            indexes: Vec::new(),
            relationships: Vec::new(),
        };
        collections::create(&cx, "db", new).await.expect("a collection");
        let safe = Place { database: "db".into(), collection: "safe".into() };
        let data = vec![("secret".to_owned(), "open sesame".into())];
        let new = NewDocument { id: "a".to_owned(), data: data.clone(), permissions: None };
        let id = begin(&cx).await;
        stage(&cx, &id, &safe, Work::Create(new.clone())).await.expect("stages");
        let (kept, of) = (id.clone(), cx.clone());
        let read = move |tx: Tx| async move { tx.operation_list(&kept).await };
        let kept: Result<_, StoreError> = of.store().read(of.project_ref(), read).await;
        assert!(!format!("{:?}", kept.expect("reads")).contains("sesame"));
        let seen = get_document(&cx, &safe, "a", &ListRequest::default(), Some(&id))
            .await
            .expect("a document")
            .document;
        assert_eq!(seen.values, ["open sesame".into()]);
        commit(&cx, &id).await.expect("commits");
        let made = documents::get(&cx, &safe, "a").await.expect("a document").document;
        assert_eq!(made.values, ["open sesame".into()]);

        let id = begin(&cx).await;
        stage(&cx, &id, &notes(), Work::Create(note("n", 1))).await.expect("stages");
        stage(&cx, &id, &safe, Work::Delete("a".to_owned())).await.expect("stages");
        collections::delete(&cx, safe).await.expect("removes");
        assert_eq!(fault(commit(&cx, &id).await), Fault::TransactionFailed);
        assert_eq!(all(&cx).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pending_transactions_are_bounded() {
    on_both("transactions_pending", |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        for number in 0..super::PENDING_MAX {
            create(&ada, &format!("t{number}"), 60).await.expect("makes");
        }
        assert_eq!(fault(create(&ada, "more", 60).await), Fault::TransactionLimitExceeded);
        create(&fixture.key().await, "of-a-key", 60).await.expect("makes: others have a bound of their own");
        delete(&ada, &TransactionId::from("t0".to_owned())).await.expect("goes");
        create(&ada, "more", 60).await.expect("makes");
    })
    .await;
}
