//! Group commit, the queue and its limits.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use cairn_std::{Clock, Timestamp};
use tokio::task::JoinSet;

use super::harness::{add, embedded, embedded_at, has, user};
use crate::{ProjectRef, Store, StoreError, StoreErrorKind, Tx};

/// Keeps the writer of a project inside a transaction until dropped.
pub(super) struct Held {
    release: mpsc::Sender<()>,
    task: JoinSet<Result<(), StoreError>>,
}

impl Held {
    /// Returns once the writer is inside.
    pub(super) async fn hold(store: &Store) -> Self {
        let (entered, inside) = tokio::sync::oneshot::channel();
        let (release, released) = mpsc::channel::<()>();
        let parts = Arc::new(Mutex::new(Some((entered, released))));
        let store = store.clone();
        let mut task = JoinSet::new();
        task.spawn(async move {
            let body = move |_: Tx| async move {
                if let Some((entered, released)) = parts.lock().unwrap().take() {
                    entered.send(()).unwrap();
                    let _ = released.recv();
                }
                Ok::<_, StoreError>(())
            };
            store.write(&ProjectRef::console(), body).await
        });
        inside.await.unwrap();
        Self { release, task }
    }

    /// Let the writer go on without its caller.
    pub(super) async fn abandon(self) {
        let Self { release, mut task } = self;
        task.abort_all();
        while task.join_next().await.is_some() {}
        drop(release);
    }

    /// Let the writer go on.
    pub(super) async fn release(self) {
        let Self { release, task } = self;
        drop(release);
        for outcome in task.join_all().await {
            outcome.unwrap();
        }
    }
}

/// Start a write and return once it is in the queue.
pub(super) async fn queue(store: &Store, tasks: &mut JoinSet<Result<(), StoreError>>, id: String) {
    let store = store.clone();
    let (queued, is_queued) = tokio::sync::oneshot::channel();
    tasks.spawn(async move {
        let console = ProjectRef::console();
        let mut write = Box::pin(add(&store, &console, user(&id)));
        // The first poll queues the transaction.
        let first = futures_util::poll!(&mut write);
        queued.send(()).unwrap();
        match first {
            std::task::Poll::Ready(outcome) => outcome,
            std::task::Poll::Pending => write.await,
        }
    });
    is_queued.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_writers_share_a_commit() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |_| ());
    let held = Held::hold(&store).await;
    let (before, mut tasks) = (store.groups_committed(), JoinSet::new());
    for number in 0..100 {
        queue(&store, &mut tasks, format!("user-{number}")).await;
    }
    held.release().await;
    tasks.join_all().await.into_iter().collect::<Result<Vec<_>, _>>().unwrap();
    let groups = store.groups_committed() - before;
    assert!((1..=10).contains(&groups), "{groups} groups for 101 members");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_refuses() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |options| options.queue_max = 3);
    let held = Held::hold(&store).await;
    let mut tasks = JoinSet::new();
    for number in 0..3 {
        queue(&store, &mut tasks, format!("user-{number}")).await;
    }
    let refused = add(&store, &ProjectRef::console(), user("refused")).await.unwrap_err();
    assert_eq!(refused.kind(), &StoreErrorKind::Busy);
    held.release().await;
    tasks.join_all().await.into_iter().collect::<Result<Vec<_>, _>>().unwrap();
    assert!(!has(&store, &ProjectRef::console(), "refused").await);
    add(&store, &ProjectRef::console(), user("later")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_that_passes_in_the_queue_drops_the_transaction_unrun() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::mock(Timestamp(0));
    let store = embedded_at(dir.path(), clock.clone(), |options| options.queue_ms_max = 1_000);
    let (held, mut tasks) = (Held::hold(&store).await, JoinSet::new());
    queue(&store, &mut tasks, "late".into()).await;
    clock.advance_ms(900);
    queue(&store, &mut tasks, "in time".into()).await;
    clock.advance_ms(200);
    held.release().await;
    let mut outcomes = tasks.join_all().await;
    outcomes.sort_by_key(Result::is_ok);
    assert_eq!(outcomes[0].as_ref().unwrap_err().kind(), &StoreErrorKind::Deadline);
    assert!(outcomes[1].is_ok());
    assert!(!has(&store, &ProjectRef::console(), "late").await);
    assert!(has(&store, &ProjectRef::console(), "in time").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closing_store_finishes_what_it_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |_| ());
    let held = Held::hold(&store).await;
    let console = ProjectRef::console();
    // Callers that go away: their transactions are in the queue and stay there.
    for number in 0..300 {
        let mut write = Box::pin(add(&store, &console, user(&format!("user-{number}"))));
        assert!(futures_util::poll!(&mut write).is_pending());
    }
    held.abandon().await;
    drop(store);
    let store = embedded(dir.path(), |_| ());
    assert!(has(&store, &console, "user-0").await && has(&store, &console, "user-299").await);
}
