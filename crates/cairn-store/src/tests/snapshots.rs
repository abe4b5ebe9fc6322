//! The WAL and the readers' snapshots: neither grows without end.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use cairn_std::{Clock, Timestamp};
use tokio::task::JoinSet;

use super::harness::{add, embedded, embedded_at, has, user};
use crate::{ProjectRef, Store, StoreError, StoreErrorKind, Tx};

fn wal_bytes(dir: &Path) -> u64 {
    std::fs::metadata(dir.join("platform.db-wal")).map_or(0, |file| file.len())
}

/// Write about 50 MB while readers come and go; the largest WAL seen.
async fn load(store: &Store, dir: &Path) -> u64 {
    let is_over = Arc::new(AtomicBool::new(false));
    let mut readers = JoinSet::new();
    for _ in 0..2 {
        let (store, is_over) = (store.clone(), Arc::clone(&is_over));
        readers.spawn(async move {
            while !is_over.load(Ordering::SeqCst) {
                has(&store, &ProjectRef::console(), "0-0").await;
                tokio::task::yield_now().await;
            }
        });
    }
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let store = store.clone();
        writers.spawn(async move {
            for round in 0..60 {
                let mut user = user(&format!("{writer}-{round}"));
                user.prefs = format!("\"{}\"", "x".repeat(100_000));
                add(&store, &ProjectRef::console(), user).await.unwrap();
            }
        });
    }
    let mut largest = 0;
    while writers.join_next().await.is_some() {
        largest = largest.max(wal_bytes(dir));
    }
    is_over.store(true, Ordering::SeqCst);
    readers.join_all().await;
    largest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wal_stays_bounded_under_load() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |options| options.checkpoint_frames = 100);
    let largest = load(&store, dir.path()).await;
    // 48 MB were written; the writer finishes checkpoints from 800 frames on, and a group has some 200.
    assert!(largest < 16 << 20, "{largest} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_read_keeps_its_snapshot_and_the_wal_shrinks_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |options| options.checkpoint_frames = 10);
    add(&store, &ProjectRef::console(), user("first")).await.unwrap();
    let reading = store.clone();
    let seen: Result<_, StoreError> = store
        .read_long(&ProjectRef::console(), |tx: Tx| async move {
            let before = tx.user_count(1_000).await?;
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    for number in 0..100 {
                        let id = format!("user-{number}");
                        runtime.block_on(add(&reading, &ProjectRef::console(), user(&id))).unwrap();
                    }
                });
            });
            Ok((before, tx.user_count(1_000).await?))
        })
        .await;
    assert_eq!(seen.unwrap(), (1, 1));
    let largest = wal_bytes(dir.path());
    for number in 0..100 {
        add(&store, &ProjectRef::console(), user(&format!("later-{number}"))).await.unwrap();
    }
    assert!(wal_bytes(dir.path()) <= largest + (200 << 10), "the WAL started anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_readers_end_their_snapshots_without_a_write() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::mock(Timestamp(0));
    let store = embedded_at(dir.path(), clock.clone(), |_| ());
    has(&store, &ProjectRef::console(), "x").await;
    assert_eq!(store.idle_snapshots(), 1);
    clock.advance_ms(600);
    // The checkpointer looks twice a second.
    while store.idle_snapshots() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_takes_too_long_is_stopped() {
    super::harness::each_engine_with_limits("too_long", 300, |store| async move {
        let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) \
                   SELECT count(*) FROM n";
        let body = move |tx: Tx| async move { tx.row(sql, &[], |row| row.int(0)).await };
        let error = store.read_long(&super::harness::project(1), body).await.unwrap_err();
        assert_eq!(error.kind(), &StoreErrorKind::Timeout, "{}", store.engine());
        let fault = cairn_faults::Error::from(error).fault();
        assert_eq!(fault, cairn_faults::Fault::DatabaseTimeout);
        add(&store, &super::harness::project(1), user("after")).await.unwrap();
        assert!(has(&store, &super::harness::project(1), "after").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_turns_out_to_be_long_begins_anew() {
    let dir = tempfile::tempdir().unwrap();
    let (store, runs) = (embedded(dir.path(), |_| ()), AtomicU32::new(0));
    let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT count(*) FROM n";
    for (rows, runs_until_then) in [(100, 1), (100_000, 3), (200, 4)] {
        let runs = &runs;
        let body = move |tx: Tx| async move {
            runs.fetch_add(1, Ordering::SeqCst);
            tx.row(sql, &[rows.into()], |row| row.int(0)).await
        };
        let counted: Result<_, StoreError> = store.read_long(&ProjectRef::console(), body).await;
        assert_eq!(counted.unwrap(), Some(rows));
        assert_eq!(runs.load(Ordering::SeqCst), runs_until_then, "{rows} rows");
    }
}
