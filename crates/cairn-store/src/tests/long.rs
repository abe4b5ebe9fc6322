//! Long writes: groups of their own that are interrupted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cairn_std::{Clock, Timestamp};
use tokio::task::JoinSet;

use super::group::{Held, queue};
use super::harness::{add, each_engine, each_engine_with_limits, embedded, embedded_at, has, project, user};
use crate::{ProjectRef, Store, StoreError, StoreErrorKind, Tx};

/// Never ends by itself, on either engine.
const ENDLESS: &str =
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x > 0) SELECT count(*) FROM n";
const LONG: Duration = Duration::from_mins(10);

async fn add_endlessly(store: &Store, project: &ProjectRef, id: &'static str) -> Result<(), StoreError> {
    let body = move |tx: Tx| async move {
        tx.user_insert(&user(id)).await?;
        tx.rows(ENDLESS, &[], |_| Ok(())).await.map(drop)
    };
    store.write_long(project, Duration::from_millis(100), body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_write_keeps_its_changes_like_any_other() {
    each_engine("long_kept", |store| async move {
        let body = |tx: Tx| async move { tx.user_insert(&user("one")).await };
        store.write_long(&project(1), LONG, body).await.unwrap();
        assert!(has(&store, &project(1), "one").await, "{}", store.engine());
        let twice = store.write_long(&project(1), LONG, body).await.unwrap_err();
        assert!(matches!(twice.kind(), StoreErrorKind::Conflict(_)), "{}", store.engine());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_write_past_its_time_is_undone_whole_and_frees_what_it_held() {
    each_engine("long_stopped", |store| async move {
        for _ in 0..20 {
            let stopped = add_endlessly(&store, &project(1), "gone").await.unwrap_err();
            assert_eq!(stopped.kind(), &StoreErrorKind::Timeout, "{}", store.engine());
        }
        assert!(!has(&store, &project(1), "gone").await, "{}", store.engine());
        add(&store, &project(1), user("gone")).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_write_may_outlast_what_a_short_statement_may() {
    each_engine_with_limits("long_limit", 50, |store| async move {
        let sql = match store.engine() {
            "postgres" => "SELECT pg_sleep(0.2)::text",
            _ => "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000) SELECT count(*) FROM n",
        };
        let body = move |tx: Tx| async move { tx.rows(sql, &[], |_| Ok(())).await.map(drop) };
        let done: Result<(), StoreError> = store.write_long(&project(1), LONG, body).await;
        done.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_long_write_undoes_no_short_one_around_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |_| ());
    let held = Held::hold(&store).await;
    let (before, mut tasks) = (store.groups_committed(), JoinSet::new());
    for number in 0..10 {
        queue(&store, &mut tasks, format!("before-{number}")).await;
    }
    let console = ProjectRef::console();
    let mut long = Box::pin(add_endlessly(&store, &console, "gone"));
    assert!(futures_util::poll!(&mut long).is_pending());
    for number in 0..10 {
        queue(&store, &mut tasks, format!("after-{number}")).await;
    }
    held.release().await;
    assert_eq!(long.await.unwrap_err().kind(), &StoreErrorKind::Timeout);
    tasks.join_all().await.into_iter().collect::<Result<Vec<_>, _>>().unwrap();
    assert!(has(&store, &console, "before-9").await && has(&store, &console, "after-9").await);
    assert!(!has(&store, &console, "gone").await);
    assert_eq!(store.groups_committed() - before, 2, "one group before it and one behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_write_is_stopped_between_two_quick_statements_too() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::mock(Timestamp(0));
    let store = embedded_at(dir.path(), clock.clone(), |_| ());
    let ran = Arc::new(AtomicU32::new(0));
    let (counted, console) = (Arc::clone(&ran), ProjectRef::console());
    let body = move |tx: Tx| async move {
        for id in ["one", "two", "three"] {
            tx.user_insert(&user(id)).await?;
            counted.fetch_add(1, Ordering::SeqCst);
            clock.advance_ms(60);
        }
        Ok::<_, StoreError>(())
    };
    let stopped = store.write_long(&console, Duration::from_millis(100), body).await.unwrap_err();
    assert_eq!((stopped.kind(), ran.load(Ordering::SeqCst)), (&StoreErrorKind::Timeout, 2));
    assert!(!has(&store, &console, "one").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_writes_of_other_projects_do_not_hold_up_short_ones() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |options| options.writer_threads = 1);
    for number in [1, 2, 3] {
        store.project_prepare(&project(number).id).await.unwrap();
    }
    let (entered, inside) = tokio::sync::oneshot::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    let parts = Arc::new(std::sync::Mutex::new(Some((entered, released))));
    let mut tasks = JoinSet::new();
    let (other, one) = (store.clone(), project(1));
    tasks.spawn(async move {
        let body = move |tx: Tx| async move {
            if let Some((entered, released)) = parts.lock().unwrap().take() {
                entered.send(()).unwrap();
                let _ = released.recv();
            }
            tx.user_insert(&user("long")).await
        };
        other.write_long(&one, LONG, body).await
    });
    inside.await.unwrap();
    add(&store, &project(2), user("short")).await.unwrap();
    drop(release);
    tasks.join_all().await.into_iter().collect::<Result<Vec<_>, _>>().unwrap();
    assert!(has(&store, &project(1), "long").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closing_store_finishes_long_and_short_ones_in_turn() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |_| ());
    let held = Held::hold(&store).await;
    let console = ProjectRef::console();
    for number in 0..40 {
        let one = user(&format!("user-{number}"));
        let body = move |tx: Tx| async move { tx.user_insert(&one).await };
        let is_queued = if number % 2 == 0 {
            futures_util::poll!(Box::pin(store.write_long(&console, LONG, body))).is_pending()
        } else {
            futures_util::poll!(Box::pin(store.write(&console, body))).is_pending()
        };
        assert!(is_queued);
    }
    held.abandon().await;
    drop(store);
    let store = embedded(dir.path(), |_| ());
    for number in 0..40 {
        assert!(has(&store, &console, &format!("user-{number}")).await, "{number}");
    }
}
