//! Disks that fill up and fail: nothing acknowledged is lost, everybody is answered, and service resumes.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

use cairn_vfs::{Failure, FileClass, Op, Rule, Vfs};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::harness::{add, disk, embedded, has, large_user, try_embedded, user};
use crate::{ProjectRef, Store, StoreError, StoreErrorKind};

fn on_wal(op: Op, failure: Failure) -> Rule {
    Rule::new(op, failure).class(FileClass::Wal)
}

/// Write `users`, all at once; the ids of those that were acknowledged.
async fn add_all(store: &Store, users: Vec<cairn_model::users::User>) -> (Vec<String>, Vec<StoreErrorKind>) {
    let mut tasks = JoinSet::new();
    for user in users {
        let store = store.clone();
        tasks.spawn(async move {
            let id = user.id.0.clone();
            add(&store, &ProjectRef::console(), user).await.map(|()| id)
        });
    }
    let (mut acknowledged, mut refused) = (Vec::new(), Vec::new());
    for outcome in tasks.join_all().await {
        match outcome {
            Ok(id) => acknowledged.push(id),
            Err(error) => refused.push(error.kind().clone()),
        }
    }
    (acknowledged, refused)
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_every_kind_lose_nothing_and_pass() {
    let rules = [
        ("no space in the WAL", on_wal(Op::Write, Failure::NoSpace)),
        ("no space half-way", on_wal(Op::Write, Failure::NoSpace).from_nth(4)),
        ("failed write", on_wal(Op::Write, Failure::Io)),
        ("failed sync", on_wal(Op::Sync, Failure::Io)),
        ("no space at sync", on_wal(Op::Sync, Failure::NoSpace)),
        ("no file can be opened", Rule::new(Op::Open, Failure::CantOpen)),
        ("one failed sync", on_wal(Op::Sync, Failure::Io).nth(1)),
        ("no space in the database", Rule::new(Op::Write, Failure::NoSpace).class(FileClass::Db)),
        ("failed sync of the database", Rule::new(Op::Sync, Failure::Io).class(FileClass::Db)),
    ];
    let (dir, vfs, console) = (tempfile::tempdir().unwrap(), disk(None), ProjectRef::console());
    let store = embedded(dir.path(), |options| options.vfs = Some(vfs.name().into()));
    let mut acknowledged = Vec::new();
    for (round, (name, rule)) in rules.iter().enumerate() {
        vfs.faults().inject(rule.clone());
        for burst in 0..3 {
            let users = (0..20).map(|number| user(&format!("{round}-{burst}-{number}")));
            let (there, _) = add_all(&store, users.collect()).await;
            acknowledged.extend(there);
        }
        vfs.faults().clear();
        let id = format!("{round}-after");
        let resumed = add(&store, &console, user(&id)).await;
        assert!(resumed.is_ok(), "{name}: service resumes, got {resumed:?}");
        acknowledged.push(id);
        for id in &acknowledged {
            assert!(has(&store, &console, id).await, "{name}: {id} is there");
        }
    }
    drop(store);
    let store = embedded(dir.path(), |_| ());
    for id in &acknowledged {
        assert!(has(&store, &console, id).await, "{id} is there after reopening");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_has_its_kind() {
    let (dir, vfs, console) = (tempfile::tempdir().unwrap(), disk(None), ProjectRef::console());
    let store = embedded(dir.path(), |options| options.vfs = Some(vfs.name().into()));
    let cases = [
        (on_wal(Op::Write, Failure::NoSpace), user("full"), StoreErrorKind::Full),
        (on_wal(Op::Write, Failure::Io), user("broken"), StoreErrorKind::OutcomeUnknown),
        (on_wal(Op::Sync, Failure::Io), user("unsynced"), StoreErrorKind::OutcomeUnknown),
        // In a member, before COMMIT: known not to be there.
        (on_wal(Op::Write, Failure::NoSpace), large_user("large and full"), StoreErrorKind::Full),
        (on_wal(Op::Write, Failure::Io), large_user("large and broken"), StoreErrorKind::Io),
    ];
    for (rule, user, expected) in cases {
        let id = user.id.0.clone();
        vfs.faults().inject(rule);
        let error = add(&store, &console, user).await.unwrap_err();
        assert_eq!(error.kind(), &expected, "{id}");
        assert!(!has(&store, &console, &id).await, "{id}: reads go on and do not show it");
        vfs.faults().clear();
    }
}

type Write = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>>;

/// Mends the disk and queues a write when it is woken: on the writer's thread, which may be about to answer others.
struct Mender {
    vfs: Vfs,
    write: Mutex<Write>,
    mended: Notify,
}

impl Wake for Mender {
    fn wake(self: Arc<Self>) {
        self.vfs.faults().clear();
        let first = self.write.lock().unwrap().as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(first.is_pending(), "the writer is still here");
        self.mended.notify_one();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_after_the_disk_is_mended_is_not_failed_with_those_before() {
    let (dir, vfs, console) = (tempfile::tempdir().unwrap(), disk(None), ProjectRef::console());
    let store = embedded(dir.path(), |options| options.vfs = Some(vfs.name().into()));
    vfs.faults().inject(on_wal(Op::Write, Failure::Io));
    vfs.faults().inject(Rule::new(Op::Open, Failure::CantOpen));
    add(&store, &console, user("makes the connection suspect")).await.unwrap_err();
    let write = |id: &'static str| -> Write {
        let (store, console) = (store.clone(), console.clone());
        Box::pin(async move { add(&store, &console, user(id)).await })
    };
    let mender = Arc::new(Mender { vfs, write: Mutex::new(write("after")), mended: Notify::new() });
    let waker = Waker::from(Arc::clone(&mender));
    // Until the writer is slower than the first poll, and so has somebody to wake.
    let mut lost = write("lost");
    while lost.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
        lost = write("lost");
    }
    mender.mended.notified().await;
    poll_fn(|context| mender.write.lock().unwrap().as_mut().poll(context)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_culprit_is_refused_and_the_others_run_again() {
    let (dir, vfs, console) = (tempfile::tempdir().unwrap(), disk(None), ProjectRef::console());
    let store = embedded(dir.path(), |options| options.vfs = Some(vfs.name().into()));
    for failure in [Failure::NoSpace, Failure::Io] {
        // Only what does not fit into the page cache writes before COMMIT, and the rule strikes once.
        let rule = vfs.faults().inject(on_wal(Op::Write, failure).nth(20));
        let mut users: Vec<_> = (0..50).map(|number| user(&format!("{failure:?}-{number}"))).collect();
        users.insert(25, large_user(&format!("{failure:?}-large")));
        let body = move |tx: crate::Tx| async move {
            for user in users {
                tx.user_insert(&user).await?;
            }
            Ok::<_, crate::StoreError>(())
        };
        let small = add_all(&store, (0..20).map(|n| user(&format!("{failure:?}-s{n}"))).collect());
        let (refused, (acknowledged, _)) = tokio::join!(store.write(&console, body), small);
        assert_eq!(vfs.faults().lift(rule), 1);
        assert!(refused.is_err());
        for id in acknowledged {
            assert!(has(&store, &console, &id).await);
        }
        assert!(!has(&store, &console, &format!("{failure:?}-0")).await);
        add(&store, &console, user(&format!("{failure:?}-after"))).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_on_a_broken_disk_says_so_and_opens_later() {
    let (dir, vfs) = (tempfile::tempdir().unwrap(), disk(None));
    for (op, failure) in [
        (Op::Open, Failure::CantOpen),
        (Op::Write, Failure::NoSpace),
        (Op::Write, Failure::Io),
        (Op::Sync, Failure::Io),
    ] {
        vfs.faults().inject(Rule::new(op, failure));
        let opened = try_embedded(dir.path(), cairn_std::Clock::system(), |options| {
            options.vfs = Some(vfs.name().into());
        });
        let error = opened.err().unwrap_or_else(|| panic!("{op:?} {failure:?} passed"));
        assert!(matches!(error.kind(), StoreErrorKind::Io | StoreErrorKind::Full), "{op:?}: {error}");
        vfs.faults().clear();
    }
    let store = embedded(dir.path(), |options| options.vfs = Some(vfs.name().into()));
    make_project_on_a_full_disk(&store, vfs).await;
}

async fn make_project_on_a_full_disk(store: &Store, vfs: Vfs) {
    let project = super::harness::project(1);
    for (op, failure) in
        [(Op::Write, Failure::NoSpace), (Op::Sync, Failure::Io), (Op::Open, Failure::CantOpen)]
    {
        vfs.faults().inject(Rule::new(op, failure));
        let error = store.project_prepare(&project.id).await.unwrap_err();
        assert!(matches!(error.kind(), StoreErrorKind::Io | StoreErrorKind::Full), "{op:?}: {error}");
        vfs.faults().clear();
        assert_eq!(
            add(store, &project, user("x")).await.unwrap_err().kind(),
            &StoreErrorKind::NoProject,
            "{op:?}: nothing half-made is found"
        );
    }
    store.project_prepare(&project.id).await.unwrap();
    add(store, &project, user("x")).await.unwrap();
}
