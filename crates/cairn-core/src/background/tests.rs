//! Schema changes in the background, across stops.

use cairn_faults::Fault;
use cairn_model::schema::{Attribute, AttributeType, Index, IndexType, Status};
use cairn_model::value::Value;
use cairn_store::{PostgresOptions, ProjectRef, StoreError};
use cairn_testkit::postgres::Postgres;

use crate::attributes::{self, AttributePatch, Bounds};
use crate::collections::{self, NewCollection};
use crate::databases::{self, NewDatabase};
use crate::documents::{self, NewDocument};
use crate::fixture::{Fixture, as_key, fault};
use crate::schemas::Place;
use crate::{Cx, background, indexes};

fn place() -> Place {
    Place { database: "db".into(), collection: "notes".into() }
}

async fn notes(cx: &Cx) {
    let new = NewDatabase { id: "db".to_owned(), name: "db".to_owned(), is_enabled: true, kind: "legacy" };
    databases::create(cx, new).await.expect("a database");
    let new = NewCollection {
        id: "notes".to_owned(),
        name: "Notes".to_owned(),
        permissions: Vec::new(),
        document_security: false,
        has_authors: false,
        is_enabled: true,
        attributes: Vec::new(),
        indexes: Vec::new(),
        relationships: Vec::new(),
    };
    collections::create(cx, "db", new).await.expect("a collection");
}

fn text(key: &str) -> Attribute {
    Attribute { size: 50, ..Attribute::new(key, AttributeType::String) }
}

async fn document(cx: &Cx, id: &str, members: &[(&str, &str)]) -> Result<Vec<Value>, Fault> {
    let data = members.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect();
    let new = NewDocument { id: id.to_owned(), data, permissions: None };
    let made = documents::create(cx, &place(), new).await;
    made.map(|found| found.document.values).map_err(|error| error.fault())
}

async fn markers(cx: &Cx) -> Vec<String> {
    let read = |tx: cairn_store::Tx| async move { tx.marker_list().await };
    let found: Result<_, StoreError> = cx.store().read(&ProjectRef::console(), read).await;
    found.expect("read")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_server_leaves_its_jobs_to_the_next() {
    let fixture = Fixture::new();
    let cx = as_key(&fixture.in_project().await);
    notes(&cx).await;
    let made = attributes::create(&cx, place(), text("title")).await.expect("asked for");
    assert_eq!(made.status, Status::Processing);
    assert_eq!(document(&cx, "one", &[("title", "a")]).await, Err(Fault::DocumentInvalidStructure));
    let index = Index::new("titles", IndexType::Key, ["title"]);
    assert_eq!(fault(indexes::create(&cx, place(), index.clone()).await), Fault::AttributeNotAvailable);
    assert_eq!(markers(&cx).await, ["shop"]);
    drop(cx);

    let fixture = fixture.restarted();
    background::find_marked(&fixture.app).await.expect("markers are read");
    background::run_due(&fixture.app).await.expect("jobs are done");
    let cx = as_key(&fixture.guest_at("shop").await.expect("the project"));
    assert_eq!(attributes::get(&cx, place(), "title").await.expect("found").status, Status::Available);
    assert_eq!(markers(&cx).await, [""; 0], "nothing is left to do");
    assert_eq!(document(&cx, "one", &[("title", "a")]).await, Ok(vec!["a".into()]));
    indexes::create(&cx, place(), index).await.expect("asked for");
    background::run_due(&fixture.app).await.expect("jobs are done");
    assert_eq!(indexes::get(&cx, place(), "titles").await.expect("found").status, Status::Available);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_cannot_be_built_fails_and_can_go() {
    let fixture = Fixture::new();
    let cx = as_key(&fixture.in_project().await);
    notes(&cx).await;
    attributes::create(&cx, place(), text("title")).await.expect("asked for");
    background::run_due(&fixture.app).await.expect("jobs are done");
    for id in ["one", "two"] {
        document(&cx, id, &[("title", "same")]).await.expect("made");
    }
    let unique = Index::new("titles", IndexType::Unique, ["title"]);
    indexes::create(&cx, place(), unique).await.expect("asked for");
    background::run_due(&fixture.app).await.expect("jobs are done");
    let failed = indexes::get(&cx, place(), "titles").await.expect("found");
    assert_eq!(failed.status, Status::Failed);
    assert!(failed.error.contains("equal values"), "{}", failed.error);
    indexes::delete(&cx, place(), "titles").await.expect("removed");
    assert_eq!(fault(indexes::get(&cx, place(), "titles").await), Fault::IndexNotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_goes_with_its_values_and_out_of_indexes() {
    let fixture = Fixture::new();
    let cx = as_key(&fixture.in_project().await);
    notes(&cx).await;
    for key in ["a", "b"] {
        attributes::create(&cx, place(), text(key)).await.expect("asked for");
    }
    background::run_due(&fixture.app).await.expect("jobs are done");
    for (key, attributes) in [("both", vec!["a", "b"]), ("alone", vec!["a"])] {
        indexes::create(&cx, place(), Index::new(key, IndexType::Key, attributes)).await.expect("asked for");
    }
    background::run_due(&fixture.app).await.expect("jobs are done");
    document(&cx, "one", &[("a", "x"), ("b", "y")]).await.expect("made");
    let patch = |new_key: Option<&str>, size| AttributePatch {
        kind: AttributeType::String,
        is_required: false,
        default: Value::Null,
        size,
        bounds: Bounds::None,
        elements: None,
        new_key: new_key.map(str::to_owned),
    };
    attributes::update(&cx, place(), "b", patch(Some("c"), None)).await.expect("renamed");
    assert_eq!(
        fault(attributes::update(&cx, place(), "c", patch(Some("A"), None)).await),
        Fault::AttributeAlreadyExists
    );
    let wrong = AttributePatch { kind: AttributeType::Boolean, ..patch(None, None) };
    assert_eq!(fault(attributes::update(&cx, place(), "c", wrong).await), Fault::AttributeTypeInvalid);
    document(&cx, "two", &[("a", "long text"), ("c", "y")]).await.expect("made");
    let shorter = attributes::update(&cx, place(), "a", patch(None, Some(3))).await;
    assert_eq!(fault(shorter), Fault::AttributeInvalidResize);
    attributes::delete(&cx, place(), "a").await.expect("asked for");
    assert_eq!(attributes::get(&cx, place(), "a").await.expect("found").status, Status::Deleting);
    background::run_due(&fixture.app).await.expect("jobs are done");
    assert_eq!(fault(attributes::get(&cx, place(), "a").await), Fault::AttributeNotFound);
    let schema = collections::get(&cx, place()).await.expect("found");
    let left: Vec<_> =
        schema.indexes.iter().map(|index| (index.key.as_str(), index.attributes.clone())).collect();
    assert_eq!(left, [("both", vec!["c".to_owned()])]);
    let found = documents::get(&cx, &place(), "one").await.expect("found");
    assert_eq!(found.document.values, ["y".into()]);
    attributes::create(&cx, place(), text("a")).await.expect("asked for again");
    collections::delete(&cx, place()).await.expect("removed");
    background::run_due(&fixture.app).await.expect("a job without its collection is nothing to do");
    assert_eq!(markers(&cx).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_whose_job_cannot_be_done_holds_up_no_other() {
    let fixture = Fixture::new();
    let cx = as_key(&fixture.in_project().await);
    fixture.make_project("earlier", "acme").await.expect("a project");
    let earlier = as_key(&fixture.guest_at("earlier").await.expect("the project"));
    for cx in [&earlier, &cx] {
        notes(cx).await;
        attributes::create(cx, place(), text("title")).await.expect("asked for");
    }
    let status = async |cx: &Cx| attributes::get(cx, place(), "title").await.expect("found").status;
    fixture.break_project("earlier");
    assert_eq!(fault(background::run_due(&fixture.app).await), Fault::CommitOutcomeUnknown);
    assert_eq!((status(&earlier).await, status(&cx).await), (Status::Processing, Status::Available));
    assert_eq!(markers(&cx).await, ["earlier"]);
    fixture.heal().await;
    background::run_due(&fixture.app).await.expect("jobs are done");
    assert_eq!(status(&earlier).await, Status::Available);
    assert_eq!(markers(&cx).await, [""; 0], "nothing is left to do");
}

/// Do all jobs; a table is not swapped while another test of the cluster has an old snapshot.
async fn done(fixture: &Fixture) {
    while let Err(error) = background::run_due(&fixture.app).await {
        assert_eq!(error.fault(), Fault::Overloaded, "{error:?}");
        tokio::task::yield_now().await;
    }
}

/// On PostgreSQL columns of attributes that are gone count for ever; their table is made anew in time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attributes_may_come_and_go_without_end() {
    let cluster = Postgres::shared();
    let dsn = cluster.create_database("come_and_go").await.expect("a database");
    let name = dsn.rsplit('/').next().expect("a name").to_owned();
    let options = PostgresOptions { columns_max: 12, connections_max: 4, ..PostgresOptions::new(dsn) };
    let fixture = Fixture::on_postgres(options).await;
    let cx = as_key(&fixture.in_project().await);
    notes(&cx).await;
    attributes::create(&cx, place(), text("kept")).await.expect("asked for");
    background::run_due(&fixture.app).await.expect("jobs are done");
    document(&cx, "one", &[("kept", "a")]).await.expect("made");
    for round in 0..24 {
        attributes::create(&cx, place(), text("fleeting")).await.expect("asked for");
        done(&fixture).await;
        let id = format!("d{round}");
        document(&cx, &id, &[("kept", "b"), ("fleeting", "c")]).await.expect("made");
        attributes::delete(&cx, place(), "fleeting").await.expect("asked for");
        done(&fixture).await;
    }
    let sql = "SELECT CASE WHEN max(attnum) < 14 THEN 'bounded' ELSE 'grown' END FROM pg_attribute \
               WHERE attrelid::regclass::text LIKE '%p1_d1'";
    let answer = format!("{:?}", cluster.run(&name, sql).await.expect("an answer"));
    assert!(answer.contains("bounded"), "{answer}");
    for id in ["one", "d0", "d23"] {
        let found = documents::get(&cx, &place(), id).await.expect("found");
        assert_eq!(found.document.values, [if id == "one" { "a" } else { "b" }.into()]);
    }
    assert_eq!(markers(&cx).await, [""; 0], "nothing is left to do");
}
