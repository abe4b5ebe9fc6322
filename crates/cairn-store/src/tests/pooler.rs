//! Behind a real pooler that lends an engine's connection for one transaction: nothing is left on it, nothing is missed there.

use std::time::Duration;

use cairn_std::Tasks;
use cairn_testkit::postgres::{Pooler, Postgres};
use tokio::task::JoinSet;

use super::harness::{add, project, user};
use crate::{Pooling, PostgresOptions, Store, StoreError, StoreErrorKind, Tx};

async fn open(dsn: &str, pooling: Pooling, query_ms_max: u32) -> Result<Store, StoreError> {
    let options = PostgresOptions { connections_max: 12, pooling, query_ms_max, ..PostgresOptions::new(dsn) };
    Store::open_postgres(options, Tasks::new()).await
}

/// More tasks than the pooler has connections of the engine, each with several statements in a transaction.
async fn load(store: &Store) -> Result<(), StoreError> {
    let mut tasks = JoinSet::new();
    for task in 0..12 {
        let store = store.clone();
        tasks.spawn(async move {
            for round in 0..10 {
                let (place, id) = (project(task % 3), format!("{task}-{round}"));
                add(&store, &place, user(&id)).await?;
                let body = |tx: Tx| async move {
                    let found = tx.user_by_id(&id.as_str().into()).await?;
                    Ok::<_, StoreError>((tx.user_count(1_000).await?, found.is_some()))
                };
                let (counted, is_there): (i64, bool) = store.read(&place, body).await?;
                assert!(counted > 0 && is_there);
            }
            Ok(())
        });
    }
    tasks.join_all().await.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_leave_nothing_on_a_connection() {
    let direct = Postgres::shared().create_database("pooled").await.unwrap();
    let store = open(&Pooler::shared().dsn(&direct), Pooling::Transaction, 15_000).await.unwrap();
    load(&store).await.unwrap();
    let left = "SELECT (SELECT count(*) FROM pg_prepared_statements) + (SELECT count(*) FROM pg_locks WHERE \
                locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";
    let body = move |tx: Tx| async move { tx.row(left, &[], |row| row.int(0)).await };
    for _ in 0..20 {
        assert_eq!(store.read(&project(1), body).await.unwrap(), Some(0));
    }
    // Whoever comes next on the pooler's connections finds what the engine gives everybody.
    let (client, connection) =
        tokio_postgres::connect(&Pooler::shared().dsn(&direct), tokio_postgres::NoTls).await.unwrap();
    let asked = async {
        for _ in 0..20 {
            for setting in ["statement_timeout", "idle_in_transaction_session_timeout"] {
                let rows = client.simple_query(&format!("SHOW {setting}")).await.unwrap();
                let value = rows.iter().find_map(|row| match row {
                    tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
                    _ => None,
                });
                assert_eq!(value, Some("0"), "{setting}");
            }
        }
        drop(client);
    };
    let (closed, ()) = tokio::join!(connection, asked);
    closed.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_have_their_time_there_too() {
    let direct = Postgres::shared().create_database("pooled_time").await.unwrap();
    let store = open(&Pooler::shared().dsn(&direct), Pooling::Transaction, 300).await.unwrap();
    let slow = |tx: Tx| async move { tx.rows("SELECT pg_sleep(20)::text", &[], |_| Ok(())).await.map(drop) };
    let error: StoreError = store.read(&project(1), slow).await.unwrap_err();
    assert_eq!(error.kind(), &StoreErrorKind::Timeout);
    let error: StoreError = store.write(&project(1), slow).await.unwrap_err();
    assert_eq!(error.kind(), &StoreErrorKind::Timeout);
    let long = Duration::from_millis(600);
    let error: StoreError = store.write_long(&project(1), long, slow).await.unwrap_err();
    assert_eq!(error.kind(), &StoreErrorKind::Timeout);
    let outlasting =
        |tx: Tx| async move { tx.rows("SELECT pg_sleep(0.4)::text", &[], |_| Ok(())).await.map(drop) };
    store.write_long(&project(1), Duration::from_secs(20), outlasting).await.unwrap();
    load(&store).await.unwrap();
}

/// What the setting is for: statements with names are not there on the next connection, or are there already.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_setting_such_a_pooler_fails() {
    let direct = Postgres::shared().create_database("pooled_wrongly").await.unwrap();
    let failed = match open(&Pooler::shared().dsn(&direct), Pooling::Session, 15_000).await {
        Ok(store) => load(&store).await.is_err(),
        Err(_) => true,
    };
    assert!(failed);
}
