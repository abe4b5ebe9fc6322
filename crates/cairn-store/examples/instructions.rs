//! One operation many times, for a profiler that counts instructions: time says little on a machine that does other things.
//!
//! `valgrind --tool=callgrind target/release/examples/instructions insert 2000`, or `list`; with 0 it counts the start alone.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of ours, whose failures end it")]

use std::sync::Arc;

use cairn_model::permissions::{Action, Permission, Role};
use cairn_model::schema::{Attribute, AttributeType, Collection, Database, Document, Status};
use cairn_model::value::Value;
use cairn_query::{DocumentFields, Limits, Query, build};
use cairn_std::{Clock, Timestamp};
use cairn_store::{
    DocumentList, ProjectRef, Readable, Relatives, SqliteOptions, Store, StoreError, Synchronous, Table, Tx,
};

/// Documents that a list finds.
const DOCUMENTS: i64 = 5_000;

fn collection() -> Collection {
    let kinds =
        [AttributeType::String, AttributeType::String, AttributeType::Integer, AttributeType::Boolean];
    let attributes = kinds.into_iter().zip(1..).map(|(kind, column)| {
        let name = format!("a{column}");
        Attribute { column, size: 200, status: Status::Available, ..Attribute::new(name, kind) }
    });
    Collection {
        id: "c".into(),
        number: 1,
        database_id: "db".into(),
        database_number: 1,
        name: "c".into(),
        is_enabled: true,
        document_security: false,
        permissions: vec![Permission::new(Action::Read, Role::Any)],
        attributes: attributes.collect(),
        indexes: Vec::new(),
        created: Timestamp(0),
        updated: Timestamp(0),
    }
}

fn document(number: i64) -> Document {
    Document {
        seq: 0,
        id: format!("document-{number:08}").as_str().into(),
        created: Timestamp(number),
        updated: Timestamp(number),
        permissions: [Permission::new(Action::Update, Role::Users(None))].into(),
        values: vec!["x".repeat(100).into(), "some words".into(), Value::Int(number), Value::Bool(true)],
    }
}

async fn make(store: &Store, place: &ProjectRef) -> Result<Arc<Table>, StoreError> {
    let made = |tx: Tx| async move {
        let (id, name, kind) = ("db".into(), "db".to_owned(), "legacy".to_owned());
        let (created, updated) = (Timestamp(0), Timestamp(0));
        tx.database_insert(&Database { id, number: 1, name, is_enabled: true, kind, created, updated })
            .await?;
        tx.collection_insert(&collection()).await?;
        tx.table_create(&collection()).await?;
        Ok(tx.table_by_id(&"db".into(), &"c".into()).await?.map(Arc::new))
    };
    let table: Result<_, StoreError> = store.write(place, made).await;
    Ok(table?.unwrap())
}

async fn insert(
    store: &Store,
    place: &ProjectRef,
    table: &Arc<Table>,
    number: i64,
) -> Result<(), StoreError> {
    let (table, document) = (Arc::clone(table), document(number));
    let body = move |tx: Tx| async move {
        tx.table_is_current(&table).await?;
        tx.document_insert(&table, &document).await.map(drop)
    };
    store.write(place, body).await
}

async fn fill(store: &Store, place: &ProjectRef, table: &Arc<Table>) -> Result<(), StoreError> {
    let table = Arc::clone(table);
    let body = move |tx: Tx| async move {
        for number in 0..DOCUMENTS {
            tx.document_insert(&table, &document(number)).await?;
        }
        Ok(())
    };
    store.write(place, body).await
}

async fn list(store: &Store, place: &ProjectRef, table: &Table, query: &Query) -> Result<(), StoreError> {
    let (readable, relatives) = (Readable::All, Relatives::default());
    let body = |tx: Tx| async move {
        let list = DocumentList {
            query,
            readable: &readable,
            relatives: &relatives,
            position: &[],
            seed: 7,
            default_limit: 25,
            count_max: Some(5_000),
        };
        tx.document_list(table, list).await
    };
    let (page, total) = store.read_long(place, body).await?;
    assert_eq!((page.len(), total), (50, DOCUMENTS));
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), StoreError> {
    let mut words = std::env::args().skip(1);
    let (what, times) = (words.next().unwrap(), words.next().unwrap().parse::<i64>().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let options = SqliteOptions { synchronous: Synchronous::Off, ..SqliteOptions::new(dir.path()) };
    let store = Store::open_sqlite(options, Clock::system())?;
    let place = ProjectRef::console();
    let table = make(&store, &place).await?;
    if what == "insert" {
        for number in 0..times {
            insert(&store, &place, &table, number).await?;
        }
    } else {
        fill(&store, &place, &table).await?;
        let texts = [r#"{"method":"limit","values":[50]}"#.to_owned()];
        let query = build(&texts, &DocumentFields(table.collection()), Limits::CURRENT).unwrap();
        for _ in 0..times {
            list(&store, &place, &table, &query).await?;
        }
    }
    println!("{what}: {times} times");
    Ok(())
}
