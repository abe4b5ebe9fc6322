//! Thousands of project files: which are open, and what a crash leaves of those that come and go.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::harness::{add, embedded, has, project, try_embedded, user};
use crate::{ProjectRef, Store, StoreErrorKind};

fn path(dir: &Path, name: &str) -> std::path::PathBuf {
    dir.join("projects").join(name)
}

async fn make(store: &Store, projects: std::ops::Range<i64>) {
    for number in projects {
        store.project_prepare(&project(number).id).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_number_of_open_files_is_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |options| options.open_projects_max = 20);
    make(&store, 0..2).await;
    // Copies are made faster than files.
    for number in 2..1_000 {
        let (from, to) =
            (path(dir.path(), "project-0.db"), path(dir.path(), &format!("project-{number}.db")));
        std::fs::copy(from, to).unwrap();
    }
    for number in 0..1_000 {
        assert!(!has(&store, &project(number), "x").await);
        // One more than the limit, and one that the housekeeping looks at just then.
        assert!(store.open_projects() <= 22, "{} are open", store.open_projects());
    }
    let mut tasks = JoinSet::new();
    for number in 0..200 {
        let store = store.clone();
        tasks.spawn(async move {
            for round in 0..3 {
                let of = project((number * 7 + round * 31) % 50);
                add(&store, &of, user(&format!("{number}-{round}"))).await.unwrap();
                assert!(has(&store, &of, &format!("{number}-{round}")).await);
            }
        });
    }
    while let Some(outcome) = tasks.join_next().await {
        outcome.unwrap();
    }
    for number in 0..200 {
        assert!(has(&store, &project(number * 7 % 50), &format!("{number}-0")).await);
    }
    // More may be open while they are all in use, but not for long.
    while store.open_projects() > 21 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_newer_version_is_refused_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |_| ());
    make(&store, 1..3).await;
    let newer = rusqlite::Connection::open(path(dir.path(), "project-1.db")).unwrap();
    newer.pragma_update(None, "user_version", 1_000).unwrap();
    drop(newer);
    let error = add(&store, &project(1), user("x")).await.unwrap_err();
    assert_eq!(error.kind(), &StoreErrorKind::NewerFile);
    let fault = cairn_faults::Error::from(error).fault();
    assert_eq!(fault, cairn_faults::Fault::ProjectUnavailable);
    add(&store, &project(2), user("x")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_database_is_refused_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |_| ());
    make(&store, 1..3).await;
    std::fs::write(path(dir.path(), "project-1.db"), [7; 8_192]).unwrap();
    let error = add(&store, &project(1), user("x")).await.unwrap_err();
    assert_eq!(error.kind(), &StoreErrorKind::Io);
    add(&store, &project(2), user("x")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_has_a_data_directory() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |_| ());
    let second = try_embedded(dir.path(), cairn_std::Clock::system(), |_| ()).err().unwrap();
    assert_eq!(second.kind(), &StoreErrorKind::InUse);
    drop(store);
    embedded(dir.path(), |_| ());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_leaves_is_tidied() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |_| ());
    make(&store, 1..3).await;
    add(&store, &project(2), user("orphaned")).await.unwrap();
    drop(store);
    for name in [".new-x.db", ".new-x.db-wal", ".new-y.db-shm"] {
        std::fs::write(path(dir.path(), name), b"half").unwrap();
    }
    // An orphan of the same name is there already, from a crash before.
    std::fs::write(path(dir.path(), ".orphan-project-2.db"), b"older").unwrap();

    let store = embedded(dir.path(), |_| ());
    let registered: HashSet<Arc<str>> = ["project-1".into(), "project-9".into()].into();
    store.projects_tidy(&registered).unwrap();
    store.projects_tidy(&registered).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(dir.path().join("projects"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, [".orphan-project-2-2.db", ".orphan-project-2.db", "project-1.db"]);
    assert_eq!(std::fs::read(path(dir.path(), ".orphan-project-2.db")).unwrap(), b"older");
    let orphan = rusqlite::Connection::open(path(dir.path(), ".orphan-project-2-2.db")).unwrap();
    let users: i64 = orphan.query_row("SELECT count(*) FROM cairn_users", [], |row| row.get(0)).unwrap();
    assert_eq!(users, 1, "nothing of an orphan is lost");
    for missing in [2, 9] {
        let error = add(&store, &project(missing), user("x")).await.unwrap_err();
        assert_eq!(error.kind(), &StoreErrorKind::NoProject);
    }
    has(&store, &project(1), "x").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_that_is_made_anew_has_nothing_of_the_old_one() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |_| ());
    for round in 0..10 {
        make(&store, 1..2).await;
        let again = store.project_prepare(&project(1).id).await.unwrap_err();
        assert!(again.is_conflict_on("project,id"));
        let mut writers = JoinSet::new();
        for number in 0..8 {
            let store = store.clone();
            writers.spawn(async move { add(&store, &project(1), user(&format!("{round}-{number}"))).await });
        }
        // Some of them are under way now: they work on the file that goes, or find none.
        store.project_discard(&project(1)).await.unwrap();
        make(&store, 1..2).await;
        assert!(!has(&store, &project(1), &format!("{round}-none")).await);
        while writers.join_next().await.is_some() {}
        add(&store, &project(1), user("kept")).await.unwrap();
        assert!(has(&store, &project(1), "kept").await);
        store.project_discard(&project(1)).await.unwrap();
        assert_eq!(std::fs::read_dir(dir.path().join("projects")).unwrap().count(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platforms_file_stays_open() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |options| options.open_projects_max = 1);
    make(&store, 0..4).await;
    for number in 0..4 {
        has(&store, &project(number), "x").await;
        has(&store, &ProjectRef::console(), "x").await;
        // A file that the housekeeping looks at just then is closed a moment later.
        let mut looks = 0;
        while store.open_projects() > 2 {
            has(&store, &ProjectRef::console(), "x").await;
            looks += 1;
            assert!(looks < 1_000_000, "a file over the limit stays open");
        }
    }
}
