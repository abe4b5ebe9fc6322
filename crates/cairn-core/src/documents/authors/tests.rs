//! Who made and changed documents, on both engines and by every way of writing.

use cairn_faults::Fault;
use cairn_model::permissions::{Action, parse_list};
use cairn_model::schema::{
    AUTHORS, Attribute, AttributeType, CREATED_BY, Collection, Index, IndexType, NewDocument, Step,
    UPDATED_BY,
};
use cairn_model::transactions::Work;
use cairn_model::value::Value;

use crate::Cx;
use crate::collections::{self, CollectionPatch, NewCollection};
use crate::databases::{self, NewDatabase};
use crate::documents::{
    Changed, create, create_many, get, list, step, update, update_many, upsert, upsert_many,
};
use crate::fixture::{fault, on_both};
use crate::found::Found;
use crate::listing::ListRequest;
use crate::schemas::Place;
use crate::{attributes, background, indexes, transactions};

fn notes() -> Place {
    Place { database: "db".into(), collection: "notes".into() }
}

async fn make_notes(cx: &Cx, has_authors: bool) {
    let new = NewDatabase { id: "db".to_owned(), name: "db".to_owned(), is_enabled: true, kind: "legacy" };
    databases::create(cx, new).await.expect("a database");
    let new = NewCollection {
        id: "notes".to_owned(),
        name: "Notes".to_owned(),
        permissions: parse_list(
            &[r#"create("any")"#, r#"read("any")"#, r#"update("any")"#],
            Action::OF_COLLECTIONS,
        )
        .expect("permissions"),
        document_security: false,
        has_authors,
        is_enabled: true,
        attributes: vec![
            Attribute { size: 50, ..Attribute::new("title", AttributeType::String) },
            Attribute::new("stars", AttributeType::Integer),
        ],
        indexes: Vec::new(),
        relationships: Vec::new(),
    };
    collections::create(cx, "db", new).await.expect("a collection");
}

fn patch(has_authors: Option<bool>) -> CollectionPatch {
    CollectionPatch { name: None, permissions: None, document_security: false, has_authors, is_enabled: true }
}

fn note(id: &str, stars: i64) -> NewDocument {
    let mut data = vec![("stars".to_owned(), stars.into())];
    // Whoever sends them is not believed.
    data.extend(AUTHORS.map(|key| (key.to_owned(), "mallory".into())));
    NewDocument { id: id.to_owned(), data, permissions: Some(Vec::new()) }
}

/// Who made a document and who changed it, by name; `-` for nobody.
fn authors(found: &Found) -> [String; 2] {
    AUTHORS.map(|key| match found.table.attribute(key) {
        None => "no attribute".to_owned(),
        Some((place, _)) => match &found.document.values[place] {
            Value::Null => "-".to_owned(),
            Value::Text(id) => id.clone(),
            other => format!("{other:?}"),
        },
    })
}

async fn stored(cx: &Cx, id: &str) -> [String; 2] {
    authors(&get(cx, &notes(), id).await.expect("found"))
}

async fn ids(cx: &Cx, query: &str) -> Result<Vec<String>, Fault> {
    let request = ListRequest { queries: vec![query.to_owned()], ..ListRequest::default() };
    let listed = list(cx, &notes(), request).await.map_err(|error| error.fault())?;
    Ok(listed.page.items.iter().map(|document| document.id.to_string()).collect())
}

fn id_of(cx: &Cx) -> String {
    cx.user_id().expect("a user").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_of_writing_names_who_writes() {
    on_both("authors", |fixture| async move {
        let key = fixture.key().await;
        make_notes(&key, true).await;
        let (ann, bob) = (fixture.signed_up("Ann").await, fixture.signed_up("Bob").await);
        let (a, b, none) = (id_of(&ann), id_of(&bob), "-".to_owned());
        assert_eq!(
            authors(&create(&ann, &notes(), note("one", 1)).await.expect("made")),
            [a.clone(), a.clone()]
        );
        let change = |stars: i64| note("one", stars).data;
        let changed = update(&bob, &notes(), "one", change(2), None, None).await.expect("changed");
        assert_eq!(authors(&changed), [a.clone(), b.clone()]);
        let same = update(&ann, &notes(), "one", change(2), None, None).await.expect("nothing to do");
        assert_eq!(authors(&same), [a.clone(), b.clone()], "no change is no update");
        let by = || Step { attribute: "stars".to_owned(), by: Value::Int(1), bound: None };
        step(&ann, &notes(), "one", by()).await.expect("stepped");
        assert_eq!(stored(&key, "one").await, [a.clone(), a.clone()]);
        upsert(&bob, &notes(), note("one", 7), None).await.expect("changed");
        assert_eq!(stored(&key, "one").await, [a.clone(), b.clone()]);
        upsert(&bob, &notes(), note("two", 1), None).await.expect("made");
        assert_eq!(stored(&key, "two").await, [b.clone(), b.clone()]);
        update(&fixture.guest().await, &notes(), "two", change(9), None, None).await.expect("a guest may");
        assert_eq!(stored(&key, "two").await, [b.clone(), none.clone()]);
        create_many(&key, &notes(), vec![note("three", 1)]).await.expect("made");
        assert_eq!(stored(&ann, "three").await, [none.clone(), none.clone()], "a key is nobody");
        upsert_many(&key, &notes(), vec![note("one", 1)]).await.expect("changed");
        assert_eq!(stored(&key, "one").await, [a.clone(), none.clone()]);
        update(&bob, &notes(), "one", change(5), None, None).await.expect("changed");
        update_many(&key, &notes(), change(5), None, Vec::new()).await.expect("changed");
        assert_eq!(
            stored(&key, "one").await,
            [a.clone(), none.clone()],
            "whoever is named counts as changed"
        );
        let pending = transactions::create(&ann, "unique()", 60).await.expect("begins").id;
        for work in [
            Work::Create(note("four", 1)),
            Work::Update(note("two", 4)),
            Work::Step("three".to_owned(), by()),
        ] {
            let staged = transactions::stage(&ann, &pending, &notes(), work).await.expect("stages");
            let Changed::One(found) = staged else { panic!("one document") };
            assert_eq!(authors(&found)[1], a, "as it would be");
        }
        transactions::commit(&ann, &pending).await.expect("commits");
        assert_eq!(stored(&key, "four").await, [a.clone(), a.clone()]);
        assert_eq!(stored(&key, "two").await, [b.clone(), a.clone()]);
        assert_eq!(stored(&key, "three").await, [none, a.clone()]);
        let pending = transactions::create(&bob, "unique()", 60).await.expect("begins").id;
        transactions::stage(&bob, &pending, &notes(), Work::Create(note("five", 1))).await.expect("stages");
        transactions::commit(&key, &pending).await.expect("a key may");
        assert_eq!(stored(&key, "five").await, [b.clone(), b.clone()], "whoever commits it");
        let by_ann = format!(r#"{{"method":"equal","attribute":"{CREATED_BY}","values":["{a}"]}}"#);
        assert_eq!(ids(&bob, &by_ann).await, Ok(vec!["one".to_owned(), "four".to_owned()]));
        let order = format!(r#"{{"method":"orderDesc","attribute":"{UPDATED_BY}"}}"#);
        assert_eq!(ids(&bob, &order).await.expect("a list").last().map(String::as_str), Some("one"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn they_come_and_go_with_the_setting_and_are_no_attributes_of_clients() {
    on_both("authors_setting", |fixture| async move {
        let key = fixture.key().await;
        make_notes(&key, false).await;
        let ann = fixture.signed_up("Ann").await;
        let unknown = create(&ann, &notes(), note("no", 1)).await;
        assert_eq!(fault(unknown), Fault::DocumentInvalidStructure, "off, they are names like others");
        let plain = NewDocument { data: vec![("stars".to_owned(), 1.into())], ..note("old", 1) };
        create(&ann, &notes(), plain).await.expect("made");
        let by = format!(r#"{{"method":"isNull","attribute":"{CREATED_BY}"}}"#);
        assert_eq!(ids(&ann, &by).await, Err(Fault::GeneralQueryInvalid));
        let seen = |changed: &Collection| (changed.own_attributes().count(), changed.own_indexes().count());
        let on = collections::update(&key, notes(), patch(Some(true))).await.expect("on");
        assert!(on.has_authors());
        assert_eq!(seen(&on), (2, 0));
        assert_eq!(stored(&ann, "old").await, ["-", "-"]);
        assert_eq!(ids(&ann, &by).await, Ok(vec!["old".to_owned()]));
        create(&ann, &notes(), note("new", 1)).await.expect("made");
        let left = collections::update(&key, notes(), patch(None)).await.expect("left alone");
        assert!(left.has_authors());
        assert_eq!(stored(&ann, "new").await, [id_of(&ann), id_of(&ann)]);
        let request = ListRequest::default;
        assert_eq!(attributes::list(&key, notes(), request()).await.expect("listed").total, 2);
        assert_eq!(indexes::list(&key, notes(), request()).await.expect("listed").total, 0);
        let index = Index::new("mine", IndexType::Key, [CREATED_BY, "stars"]);
        indexes::create(&key, notes(), index).await.expect("asked for");
        background::run_due(&key.app).await.expect("jobs are done");
        assert_eq!(
            fault(collections::update(&key, notes(), patch(Some(false))).await),
            Fault::IndexDependency
        );
        indexes::delete(&key, notes(), "mine").await.expect("asked for");
        background::run_due(&key.app).await.expect("jobs are done");
        let off = collections::update(&key, notes(), patch(Some(false))).await.expect("off");
        assert!(!off.has_authors());
        assert_eq!(stored(&ann, "new").await, ["no attribute", "no attribute"]);
        assert_eq!(ids(&ann, &by).await, Err(Fault::GeneralQueryInvalid));
    })
    .await;
}
