//! The same answers on both engines.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cairn_model::ids::UserId;
use cairn_model::users::User;
use tokio::sync::Barrier;

use super::harness::{add, each_engine, has, project, user};
use crate::sql::params;
use crate::{
    Noun, ProjectRef, Store, StoreError, StoreErrorKind, Tx, USERS_EMAIL_KEY, USERS_ID_KEY, USERS_PHONE_KEY,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_row_names_its_key() {
    each_engine("conflicts", |store| async move {
        let one = project(1);
        let first = User { email: Some("a@b.c".into()), phone: Some("+491".into()), ..user("first") };
        add(&store, &one, first.clone()).await.unwrap();
        let cases = [
            (user("first"), USERS_ID_KEY),
            (User { email: first.email.clone(), ..user("second") }, USERS_EMAIL_KEY),
            (User { phone: first.phone.clone(), ..user("third") }, USERS_PHONE_KEY),
        ];
        for (refused, key) in cases {
            let error = add(&store, &one, refused).await.unwrap_err();
            assert!(error.is_conflict_on(key), "{}: {key}, got {error}", store.engine());
        }
        // Null is no value: any number of users have no address.
        add(&store, &one, user("fourth")).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_constraint_that_is_no_key_is_a_defect() {
    each_engine("not_null", |store| async move {
        let sql = "INSERT INTO cairn_counters (project, name, value) VALUES (?1, ?2, ?3)";
        let body = move |tx: Tx| async move { tx.run(sql, params![tx.scope(), "x", None::<i64>]).await };
        let error = store.write(&project(1), body).await.unwrap_err();
        assert!(matches!(error.kind(), StoreErrorKind::Inconsistent(_)), "{}: {error}", store.engine());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_closure_leaves_nothing_and_moves_no_generation() {
    each_engine("rollback", |store| async move {
        let one = project(1);
        add(&store, &one, user("kept")).await.unwrap();
        let slot = store.slot(&one.id, Noun::User, "kept");
        let before = store.generation(slot);
        let refused: Result<(), StoreError> = store
            .write(&one, |tx| async move {
                tx.user_insert(&user("gone")).await?;
                tx.user_delete(&UserId::from("kept")).await?;
                Err(StoreError::new(StoreErrorKind::Busy))
            })
            .await;
        assert_eq!(refused.unwrap_err().kind(), &StoreErrorKind::Busy);
        assert!(has(&store, &one, "kept").await && !has(&store, &one, "gone").await);
        assert_eq!(store.generation(slot), before);

        store.write(&one, |tx| async move { tx.user_delete(&UserId::from("kept")).await }).await.unwrap();
        assert_eq!(store.generation(slot), before + 1, "{}: once, after the commit", store.engine());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panicking_closure_undoes_only_itself() {
    each_engine("panic", |store| async move {
        let one = project(1);
        let mut panicking = {
            let (store, one) = (store.clone(), one.clone());
            let mut task = tokio::task::JoinSet::new();
            task.spawn(async move {
                let body = |tx: Tx| async move {
                    tx.user_insert(&user("gone")).await?;
                    assert!(tx.project().is_console(), "this panic is the test's");
                    Ok::<_, StoreError>(())
                };
                store.write(&one, body).await
            });
            task
        };
        add(&store, &one, user("kept")).await.unwrap();
        // The embedded engine answers; on PostgreSQL the closure runs, and panics, in the caller's task.
        let outcome = panicking.join_next().await;
        assert!(!matches!(outcome, Some(Ok(Ok(())))));
        add(&store, &one, user("later")).await.unwrap();
        assert!(has(&store, &one, "kept").await && has(&store, &one, "later").await);
        assert!(!has(&store, &one, "gone").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closure_that_goes_on_after_a_failed_statement_is_refused() {
    each_engine("going_on", |store| async move {
        let one = project(1);
        add(&store, &one, user("first")).await.unwrap();
        let outcome: Result<(), StoreError> = store
            .write(&one, |tx| async move {
                tx.user_insert(&user("second")).await?;
                let _ = tx.user_insert(&user("first")).await;
                Ok(())
            })
            .await;
        let error = outcome.unwrap_err();
        assert!(matches!(error.kind(), StoreErrorKind::Inconsistent(_)), "{}: {error}", store.engine());
        assert!(!has(&store, &one, "second").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_useless_after_its_end() {
    each_engine("after_the_end", |store| async move {
        let tx = store.write(&project(1), |tx| async move { Ok::<_, StoreError>(tx) }).await.unwrap();
        assert!(tx.user_insert(&user("late")).await.is_err(), "{}", store.engine());
        assert!(!has(&store, &project(1), "late").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_is_seen_by_every_read_that_starts_later() {
    each_engine("read_your_writes", |store| async move {
        let one = project(1);
        for number in 0..50 {
            let id = format!("user-{number}");
            add(&store, &one, user(&id)).await.unwrap();
            let (store, one) = (store.clone(), one.clone());
            let mut reader = tokio::task::JoinSet::new();
            reader.spawn(async move { has(&store, &one, &id).await });
            assert_eq!(reader.join_all().await, [true]);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_sees_one_moment() {
    each_engine("one_moment", |store| async move {
        let (one, other) = (project(1), store.clone());
        let seen: Result<_, StoreError> = store
            .read_long(&one, |tx| async move {
                let before = tx.user_by_id(&UserId::from("late")).await?;
                // Another thread's write, so that this closure awaits nothing but its transaction.
                std::thread::scope(|scope| {
                    scope.spawn(|| {
                        let runtime =
                            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                        if other.engine() == "sqlite" {
                            runtime.block_on(add(&other, &project(1), user("late"))).unwrap();
                        }
                    });
                });
                Ok((before, tx.user_by_id(&UserId::from("late")).await?))
            })
            .await;
        let (before, after) = seen.unwrap();
        assert!(before.is_none() && after.is_none(), "{}", store.engine());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_writers_of_one_row_all_come_through() {
    each_engine("counters", |store| async move {
        let runs = Arc::new(AtomicU32::new(0));
        let start = Arc::new(Barrier::new(200));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..200 {
            let (store, runs, start) = (store.clone(), Arc::clone(&runs), Arc::clone(&start));
            tasks.spawn(async move {
                start.wait().await;
                let body = move |tx: Tx| async move {
                    runs.fetch_add(1, Ordering::Relaxed);
                    tx.counter_next("things").await
                };
                store.write(&project(1), body).await.unwrap()
            });
        }
        let mut numbers = tasks.join_all().await;
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=200).collect::<Vec<i64>>(), "{}", store.engine());
        assert!(runs.load(Ordering::Relaxed) >= 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_is_its_projects_own_and_never_goes_back() {
    each_engine("counting", |store| async move {
        let next = async |number| next(&store, number).await;
        assert_eq!((next(1).await, next(1).await, next(2).await), (1, 2, 1));
        let failed: Result<(), StoreError> = store
            .write(&project(1), |tx| async move {
                tx.counter_next("things").await?;
                Err(StoreError::new(StoreErrorKind::Busy))
            })
            .await;
        failed.unwrap_err();
        assert_eq!((next(1).await, next(2).await), (3, 2), "{}", store.engine());
    })
    .await;
}

async fn next(store: &Store, number: i64) -> i64 {
    let body = |tx: Tx| async move { tx.counter_next("things").await };
    store.write(&project(number), body).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn projects_do_not_see_each_other() {
    each_engine("isolation", |store| async move {
        let (one, two) = (project(1), project(2));
        let same = |name: &str| User { name: name.into(), email: Some("a@b.c".into()), ..user("same") };
        add(&store, &one, same("first")).await.unwrap();
        assert!(!has(&store, &two, "same").await);
        add(&store, &two, same("second")).await.unwrap();
        let read = |tx: Tx| async move { tx.user_by_email("a@b.c").await };
        let names = [&one, &two].map(|project| store.read(project, read));
        let names = futures_util::future::join_all(names).await;
        let names: Vec<_> =
            names.into_iter().map(|user: Result<_, StoreError>| user.unwrap().unwrap().name).collect();
        assert_eq!(names, ["first", "second"], "{}", store.engine());

        store.write(&one, |tx| async move { tx.user_delete(&UserId::from("same")).await }).await.unwrap();
        assert!(!has(&store, &one, "same").await && has(&store, &two, "same").await);
        store.project_discard(&two).await.unwrap();
        store.project_prepare(&two.id).await.unwrap();
        assert!(!has(&store, &two, "same").await, "{}: nothing is left of it", store.engine());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn discarding_never_takes_the_platforms_rows() {
    each_engine("discarding", |store| async move {
        let console = ProjectRef::console();
        add(&store, &console, user("admin")).await.unwrap();
        // A project whose registration failed has no number yet.
        store.project_prepare("unregistered").await.unwrap();
        store.project_discard(&ProjectRef::new("unregistered", 0)).await.unwrap();
        store.project_discard(&console).await.unwrap_err();
        assert!(has(&store, &console, "admin").await, "{}", store.engine());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_project_has_no_store() {
    let dir = tempfile::tempdir().unwrap();
    let store = super::harness::embedded(dir.path(), |_| ());
    for id in ["nobody", "../platform", "a/b", "", ".hidden", "ünï"] {
        let project = crate::ProjectRef::new(id, 7);
        let error = add(&store, &project, user("x")).await.unwrap_err();
        assert_eq!(error.kind(), &StoreErrorKind::NoProject, "{id:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_writes_nothing() {
    each_engine("read_only", |store| async move {
        let body = |tx: Tx| async move { tx.user_insert(&user("written")).await };
        assert!(store.read(&project(1), body).await.is_err(), "{}", store.engine());
        assert!(!has(&store, &project(1), "written").await);
    })
    .await;
}
