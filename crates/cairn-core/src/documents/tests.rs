//! Rights on documents, and what writes and lists make of them.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::permissions::{Action, Permission, Role, RoleSet, Verification, parse_list};
use cairn_model::schema::{Attribute, AttributeType, Index, IndexType};
use cairn_model::users::User;
use cairn_model::value::Value;
use cairn_std::Timestamp;

use super::{NewDocument, Step, create, delete, get, list, step, update, upsert};
use crate::collections::{self, CollectionPatch, NewCollection};
use crate::cx::Identity;
use crate::databases::{self, DatabasePatch, NewDatabase};
use crate::fixture::{Fixture, as_key, fault};
use crate::found::Found;
use crate::listing::ListRequest;
use crate::schemas::Place;
use crate::{Actor, Cx};

fn place() -> Place {
    Place { database: "db".into(), collection: "notes".into() }
}

/// A user who holds nothing but its own roles.
pub(super) fn as_user(cx: &Cx, id: &str) -> Cx {
    let now = cx.now();
    let user = User {
        id: id.into(),
        seq: 1,
        name: id.to_owned(),
        email: None,
        phone: None,
        password_hash: None,
        password_updated: None,
        password_history: Vec::new(),
        is_active: true,
        is_email_verified: false,
        is_phone_verified: false,
        has_mfa: false,
        is_impersonator: false,
        needs_new_password: false,
        labels: Vec::new(),
        prefs: "{}".to_owned(),
        accessed_at: None,
        created: now,
        updated: now,
    };
    let roles = RoleSet::user(id, Verification::Unverified);
    let roles = Arc::new(roles);
    let identity = Identity {
        user: Arc::new(user),
        session: None,
        memberships: Arc::new([]),
        roles: Arc::clone(&roles),
        has_authenticator: false,
        impersonator: None,
    };
    Cx { actor: Actor::User(Arc::new(identity)), roles, ..cx.clone() }
}

async fn notes(cx: &Cx, permissions: &[&str], document_security: bool) {
    let new = NewDatabase { id: "db".to_owned(), name: "db".to_owned(), is_enabled: true, kind: "legacy" };
    databases::create(cx, new).await.expect("a database");
    let text = |key: &str| Attribute { size: 200, ..Attribute::new(key, AttributeType::String) };
    let secret = Attribute { is_encrypted: true, ..text("secret") };
    let new = NewCollection {
        id: "notes".to_owned(),
        name: "Notes".to_owned(),
        permissions: parse_list(permissions, Action::OF_COLLECTIONS).expect("permissions"),
        document_security,
        has_authors: false,
        is_enabled: true,
        attributes: vec![text("title"), Attribute::new("stars", AttributeType::Integer), secret],
        indexes: vec![Index::new("titles", IndexType::Unique, ["title"])],
        relationships: Vec::new(),
    };
    collections::create(cx, "db", new).await.expect("a collection");
}

fn data(title: &str) -> Vec<(String, Value)> {
    vec![("title".to_owned(), title.into())]
}

async fn make(cx: &Cx, id: &str, permissions: Option<&[&str]>) -> Result<Found, Error> {
    let permissions = permissions.map(|list| parse_list(list, Action::OF_DOCUMENTS).expect("permissions"));
    create(cx, &place(), NewDocument { id: id.to_owned(), data: data(id), permissions }).await
}

async fn ids(cx: &Cx, queries: &[&str]) -> Result<(Vec<String>, i64), Fault> {
    let queries = queries.iter().map(|query| (*query).to_owned()).collect();
    let listed = list(cx, &place(), ListRequest { queries, ..ListRequest::default() }).await;
    let page = listed.map_err(|error| error.fault())?.page;
    Ok((page.items.iter().map(|document| document.id.to_string()).collect(), page.total))
}

/// What a caller gets from each operation on one document: `ok` or the fault's id.
async fn outcomes(cx: &Cx, id: &str) -> [String; 5] {
    fn word<T>(result: Result<T, Error>) -> String {
        result.map_or_else(|error| error.fault().id().to_owned(), |_| "ok".to_owned())
    }
    let change = vec![("stars".to_owned(), Value::Int(cx.next_seq()))];
    [
        word(get(cx, &place(), id).await),
        match ids(cx, &[]).await {
            Ok((ids, _)) => if ids.iter().any(|listed| listed == id) { "ok" } else { "hidden" }.to_owned(),
            Err(fault) => fault.id().to_owned(),
        },
        word(update(cx, &place(), id, change.clone(), None, None).await),
        word(
            upsert(cx, &place(), NewDocument { id: id.to_owned(), data: change, permissions: None }, None)
                .await,
        ),
        word(delete(cx, &place(), id, None).await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_are_the_union_while_document_security_is_on() {
    const NO: &str = "user_unauthorized";
    const NONE: &str = "document_not_found";
    // The collection's permissions, document security, the document's permissions, what a stranger gets.
    type Case = (&'static [&'static str], bool, &'static [&'static str], [&'static str; 5]);
    let cases: &[Case] = &[
        (&[], false, &[r#"read("any")"#, r#"write("any")"#], [NONE, NO, NO, NO, NO]),
        (&[], true, &[], [NONE, "hidden", NO, NO, NO]),
        (&[], true, &[r#"read("users")"#], ["ok", "ok", NO, NO, NO]),
        (&[], true, &[r#"write("user:bob")"#], [NONE, "hidden", "ok", "ok", "ok"]),
        (&[], true, &[r#"read("user:eve")"#, r#"write("team:x")"#], [NONE, "hidden", NO, NO, NO]),
        (&[r#"read("any")"#], false, &[], ["ok", "ok", NO, NO, NO]),
        (&[r#"read("guests")"#], true, &[r#"update("users/unverified")"#], [NONE, "hidden", "ok", "ok", NO]),
        (&[r#"write("users")"#], false, &[], [NONE, NO, "ok", "ok", "ok"]),
    ];
    for (collection, security, document, expected) in cases {
        let fixture = Fixture::new();
        let cx = fixture.in_project().await;
        notes(&cx, collection, *security).await;
        make(&as_key(&cx), "one", Some(document)).await.expect("a document");
        assert_eq!(
            outcomes(&as_user(&cx, "bob"), "one").await,
            *expected,
            "{collection:?} {security} {document:?}"
        );
        make(&as_key(&cx), "two", Some(document)).await.expect("another document");
        assert_eq!(outcomes(&as_key(&cx), "two").await, ["ok"; 5], "a key is not asked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn makers_own_what_they_make_and_grant_what_they_hold() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    notes(&cx, &[r#"create("users")"#], true).await;
    let bob = as_user(&cx, "bob");
    let made = make(&bob, "mine", None).await.expect("made").document;
    let own: Vec<_> = made.permissions.iter().map(ToString::to_string).collect();
    assert_eq!(own, [r#"read("user:bob")"#, r#"update("user:bob")"#, r#"delete("user:bob")"#]);
    assert_eq!(make(&as_key(&cx), "keys", None).await.expect("made").document.permissions.as_ref(), []);
    assert_eq!(fault(make(&bob, "x", Some(&[r#"read("user:eve")"#])).await), Fault::UserUnauthorized);
    make(&bob, "open", Some(&[r#"read("any")"#])).await.expect("any is held by all");
    assert_eq!(fault(make(&cx, "x", Some(&[])).await), Fault::UserUnauthorized, "a guest may not create");
    assert_eq!(ids(&bob, &[]).await, Ok((vec!["mine".to_owned(), "open".to_owned()], 2)));
    assert_eq!(ids(&cx, &[]).await, Ok((vec!["open".to_owned()], 1)));
    let cursor = r#"{"method":"cursorAfter","values":["mine"]}"#;
    assert_eq!(ids(&bob, &[cursor]).await, Ok((vec!["open".to_owned()], 2)));
    assert_eq!(ids(&cx, &[cursor]).await, Err(Fault::GeneralCursorNotFound), "a cursor tells nothing");
    let granted = Some(vec![Permission::new(Action::Read, Role::user("eve"))]);
    let result = update(&bob, &place(), "mine", Vec::new(), granted, None).await;
    assert_eq!(fault(result), Fault::UserUnauthorized);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_setting_moves_readers_into_lists_and_out() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    notes(&cx, &[], false).await;
    make(&as_key(&cx), "one", Some(&[r#"read("any")"#])).await.expect("made");
    let switch = |document_security| CollectionPatch {
        name: None,
        permissions: None,
        document_security,
        has_authors: None,
        is_enabled: true,
    };
    assert_eq!(ids(&cx, &[]).await, Err(Fault::UserUnauthorized));
    collections::update(&cx, place(), switch(true)).await.expect("changed");
    assert_eq!(ids(&cx, &[]).await, Ok((vec!["one".to_owned()], 1)));
    collections::update(&cx, place(), switch(false)).await.expect("changed");
    assert_eq!(fault(get(&cx, &place(), "one").await), Fault::DocumentNotFound);
    let off = CollectionPatch { is_enabled: false, ..switch(true) };
    collections::update(&cx, place(), off).await.expect("changed");
    assert_eq!(fault(get(&cx, &place(), "one").await), Fault::CollectionNotFound);
    get(&as_key(&cx), &place(), "one").await.expect("keys see what is switched off");
    let off = DatabasePatch { name: None, is_enabled: false };
    databases::update(&cx, "db", off).await.expect("changed");
    assert_eq!(fault(get(&cx, &place(), "one").await), Fault::DatabaseNotFound);
    databases::delete(&cx, "db").await.expect("removed");
    assert_eq!(fault(get(&as_key(&cx), &place(), "one").await), Fault::DatabaseNotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicts_have_faults_of_their_own() {
    let fixture = Fixture::new();
    let cx = as_key(&fixture.in_project().await);
    notes(&cx, &[], false).await;
    let first = make(&cx, "one", None).await.expect("made").document;
    assert_eq!(first.seq, 1);
    assert_eq!(fault(make(&cx, "one", None).await), Fault::DocumentAlreadyExists);
    let other = NewDocument { id: "two".to_owned(), data: data("one"), permissions: None };
    assert_eq!(fault(create(&cx, &place(), other.clone()).await), Fault::DocumentUniqueConstraintViolation);
    assert_eq!(fault(upsert(&cx, &place(), other, None).await), Fault::DocumentUniqueConstraintViolation);
    let before = Some(Timestamp(first.updated.0 - 1));
    let result = update(&cx, &place(), "one", data("new"), None, before).await;
    assert_eq!(fault(result), Fault::DocumentUpdateConflict);
    assert_eq!(fault(delete(&cx, &place(), "one", before).await), Fault::DocumentUpdateConflict);
    fixture.clock.advance_ms(10);
    let same = update(&cx, &place(), "one", data("one"), None, None).await.expect("nothing to do").document;
    assert_eq!(same, first, "no change is no update");
    let newer = update(&cx, &place(), "one", data("new"), None, Some(first.updated)).await.expect("changed");
    assert_eq!(newer.document.updated, cx.now());
    let result = update(&cx, &place(), "one", Vec::new(), None, None).await;
    assert_eq!(fault(result), Fault::DocumentMissingPayload);
    for bad in [("nope", Value::Null), ("stars", "x".into()), ("$nope", Value::Null)] {
        let result = update(&cx, &place(), "one", vec![(bad.0.to_owned(), bad.1)], None, None).await;
        assert_eq!(fault(result), Fault::DocumentInvalidStructure);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_step_and_secrets_are_sealed() {
    let fixture = Fixture::new();
    let cx = as_key(&fixture.in_project().await);
    notes(&cx, &[], false).await;
    let secret = vec![("secret".to_owned(), Value::from("hidden"))];
    let new = NewDocument { id: "one".to_owned(), data: secret.clone(), permissions: None };
    create(&cx, &place(), new).await.expect("made");
    let found = get(&cx, &place(), "one").await.expect("found");
    assert_eq!(found.document.values[2], "hidden".into());
    let table = Arc::clone(&found.table);
    let stored =
        cx.store().read(cx.project_ref(), |tx| async move { tx.document_by_id(&table, "one").await });
    assert_ne!(stored.await.expect("read").expect("found").values[2], "hidden".into());
    let same = update(&cx, &place(), "one", secret, None, None).await.expect("nothing to do");
    assert_eq!(same.document, found.document);
    let by = |by: i64, bound| Step { attribute: "stars".to_owned(), by: Value::Int(by), bound };
    for (by, result) in [
        (by(2, None), Ok(2)),
        (by(3, Some(4.0)), Err(Fault::AttributeLimitExceeded)),
        (by(-5, Some(-3.0)), Ok(-3)),
    ] {
        let stepped = step(&cx, &place(), "one", by).await;
        assert_eq!(
            stepped
                .map(|found| found.document.values[1].as_int().expect("an integer"))
                .map_err(|error| error.fault()),
            result
        );
    }
    let by = Step { attribute: "title".to_owned(), by: Value::Int(1), bound: None };
    assert_eq!(fault(step(&cx, &place(), "one", by).await), Fault::AttributeTypeInvalid);
}
