//! A PostgreSQL that crashes, is set up dangerously, or is left in the middle of a transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use cairn_std::Tasks;
use cairn_testkit::postgres::{Options, Postgres};
use tokio::task::JoinSet;

use super::harness::{add, has, project, user};
use crate::{Durability, PostgresOptions, Store, StoreError, StoreErrorKind, Tx};

async fn open(dsn: &str, connections_max: usize) -> Store {
    let options = PostgresOptions { connections_max, ..PostgresOptions::new(dsn) };
    Store::open_postgres(options, Tasks::new()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_writes_survive_a_server_that_crashes_under_load() {
    let server = Postgres::start(Options::default()).unwrap();
    let dsn = server.create_database("crash").await.unwrap();
    let store = open(&dsn, 8).await;
    for round in 0..2 {
        let is_over = Arc::new(AtomicBool::new(false));
        let (count, mut writers) = (Arc::new(AtomicU32::new(0)), JoinSet::new());
        for writer in 0..16 {
            let (store, is_over, count) = (store.clone(), Arc::clone(&is_over), Arc::clone(&count));
            writers.spawn(async move {
                let (mut acknowledged, mut refused) = (Vec::new(), Vec::new());
                for number in 0.. {
                    if is_over.load(Ordering::SeqCst) {
                        break;
                    }
                    let id = format!("{round}-{writer}-{number}");
                    match add(&store, &project(writer % 3), user(&id)).await {
                        Ok(()) => acknowledged.push((writer % 3, id)),
                        Err(error) => refused.push(error.kind().clone()),
                    }
                    count.fetch_add(1, Ordering::SeqCst);
                }
                (acknowledged, refused)
            });
        }
        while count.load(Ordering::SeqCst) < 200 {
            tokio::task::yield_now().await;
        }
        tokio::task::block_in_place(|| server.stop_immediate()).unwrap();
        is_over.store(true, Ordering::SeqCst);
        let outcomes = writers.join_all().await;
        tokio::task::block_in_place(|| server.restart()).unwrap();
        resume(&store, &format!("{round}-resumed")).await;
        let mut acknowledged = 0;
        for (ids, refused) in outcomes {
            let is_outage = |kind: &StoreErrorKind| {
                matches!(kind, StoreErrorKind::Unavailable | StoreErrorKind::OutcomeUnknown)
            };
            assert!(refused.iter().all(is_outage), "{refused:?}");
            for (of, id) in ids {
                assert!(has(&store, &project(of), &id).await, "{id} was acknowledged");
                acknowledged += 1;
            }
        }
        assert!(acknowledged > 100, "{acknowledged}");
    }
}

/// Service comes back by itself: connections that died are found out one by one and replaced.
async fn resume(store: &Store, id: &str) {
    for _ in 0..20 {
        match add(store, &project(1), user(id)).await {
            Ok(()) => return,
            Err(error) => assert!(
                matches!(error.kind(), StoreErrorKind::Unavailable | StoreErrorKind::OutcomeUnknown),
                "{error}"
            ),
        }
    }
    panic!("no service after the restart");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_may_lose_commits_is_refused_unless_that_is_wanted() {
    let lossy = [
        Options { fsync: false, ..Options::default() },
        Options { settings: vec![("synchronous_commit".into(), "off".into())], ..Options::default() },
        Options { settings: vec![("full_page_writes".into(), "off".into())], ..Options::default() },
    ];
    for (options, setting) in lossy.into_iter().zip(["fsync", "synchronous_commit", "full_page_writes"]) {
        let server = Postgres::start(options).unwrap();
        let dsn = server.create_database("lossy").await.unwrap();
        let strict = Store::open_postgres(PostgresOptions::new(&dsn), Tasks::new()).await;
        let error = strict.err().unwrap();
        assert!(matches!(error.kind(), StoreErrorKind::Unfit(why) if why.contains(setting)), "{error:?}");
        let relaxed = PostgresOptions { durability: Durability::Relaxed, ..PostgresOptions::new(&dsn) };
        let store = Store::open_postgres(relaxed, Tasks::new()).await.unwrap();
        add(&store, &project(1), user("x")).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_transaction_is_not_the_next_callers() {
    let dsn = Postgres::shared().create_database("abandoned").await.unwrap();
    let store = open(&dsn, 1).await;
    for _ in 0..3 {
        let (entered, inside) = tokio::sync::oneshot::channel::<()>();
        let entered = Arc::new(std::sync::Mutex::new(Some(entered)));
        let body = move |tx: Tx| async move {
            tx.user_insert(&user("abandoned")).await?;
            entered.lock().unwrap().take().unwrap().send(()).unwrap();
            std::future::pending::<()>().await;
            Ok::<_, StoreError>(())
        };
        let one = project(1);
        // The caller goes away in the middle: its only connection is in a transaction with a row.
        tokio::select! {
            _ = store.write(&one, body) => panic!("the closure never ends"),
            _ = inside => {}
        }
        assert!(!has(&store, &one, "abandoned").await);
        add(&store, &one, user("abandoned")).await.unwrap();
        let body = |tx: Tx| async move { tx.user_delete(&"abandoned".into()).await };
        store.write(&one, body).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_cannot_take_its_values_is_no_outage() {
    let store = open(&Postgres::shared().create_database("types").await.unwrap(), 2).await;
    let ask = |tx: Tx| async move {
        tx.row("SELECT 1 FROM pg_class WHERE relname = ?1", &["pg_class".into()], |_| Ok(())).await
    };
    let error = store.read(&project(1), ask).await.unwrap_err();
    assert!(matches!(error.kind(), StoreErrorKind::Inconsistent(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_keep_a_bounded_number_of_statements() {
    let dsn = Postgres::shared().create_database("statements").await.unwrap();
    let store = open(&dsn, 1).await;
    let body = |tx: Tx| async move {
        let mut sum = 0;
        for number in 0..1_200 {
            let sql = format!("SELECT {number}::int8");
            sum += tx.row(&sql, &[], |row| row.int(0)).await?.unwrap();
        }
        let count = "SELECT count(*) FROM pg_prepared_statements";
        Ok::<_, StoreError>((sum, tx.row(count, &[], |row| row.int(0)).await?.unwrap()))
    };
    let (sum, statements) = store.read(&project(1), body).await.unwrap();
    assert_eq!(sum, (0..1_200).sum::<i64>());
    assert!(statements <= 513, "{statements}");
}

/// `cargo test --release -p cairn-store -- --ignored --nocapture reads_per_second`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures"]
async fn reads_per_second() {
    let dsn = Postgres::shared().create_database("speed").await.unwrap();
    let store = open(&dsn, 16).await;
    add(&store, &project(1), user("x")).await.unwrap();
    for tasks in [1, 16] {
        let clock = cairn_std::Clock::system();
        let mut readers = JoinSet::new();
        for _ in 0..tasks {
            let store = store.clone();
            readers.spawn(async move {
                for _ in 0..16_000 / tasks {
                    assert!(has(&store, &project(1), "x").await);
                }
            });
        }
        readers.join_all().await;
        println!("{tasks} tasks: {} reads/s", 16_000_000 / clock.monotonic_ms().max(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_noisy_project_leaves_the_others_connections() {
    let dsn = Postgres::shared().create_database("noisy").await.unwrap();
    let options =
        PostgresOptions { connections_max: 4, project_connections_max: 2, ..PostgresOptions::new(dsn) };
    let store = Store::open_postgres(options, Tasks::new()).await.unwrap();
    let (count, mut noisy) = (Arc::new(AtomicU32::new(0)), JoinSet::new());
    let (release, released) = tokio::sync::watch::channel(false);
    for _ in 0..20 {
        let (store, count, mut released) = (store.clone(), Arc::clone(&count), released.clone());
        noisy.spawn(async move {
            let body = |tx: Tx| async move {
                tx.rows("SELECT 1", &[], |_| Ok(())).await?;
                count.fetch_add(1, Ordering::SeqCst);
                let _ = released.wait_for(|is_over| *is_over).await;
                Ok::<_, StoreError>(())
            };
            store.read(&project(1), body).await
        });
    }
    while count.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
    // Twenty hold or want one; the pool has four.
    add(&store, &project(2), user("quiet")).await.unwrap();
    assert!(has(&store, &project(2), "quiet").await);
    assert_eq!(count.load(Ordering::SeqCst), 2, "no more than the project may have");
    release.send(true).unwrap();
    noisy.join_all().await.into_iter().collect::<Result<Vec<_>, _>>().unwrap();
}
