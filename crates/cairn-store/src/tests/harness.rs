//! Stores for tests: each engine in turn, or an embedded one on a disk that can fail.

use std::future::Future;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use cairn_model::ids::UserId;
use cairn_model::users::User;
use cairn_std::{Clock, Tasks, Timestamp};
use cairn_testkit::postgres::Postgres;
use cairn_vfs::{Options, Vfs};

use crate::{PostgresOptions, ProjectRef, SqliteOptions, Store, StoreError};

/// A project of the tests.
pub(super) fn project(number: i64) -> ProjectRef {
    ProjectRef::new(format!("project-{number}"), number)
}

/// Run `test` on a fresh store of each engine, in which the projects 1 and 2 exist.
pub(super) async fn each_engine<F, Fut>(name: &str, test: F)
where
    F: Fn(Store) -> Fut,
    Fut: Future<Output = ()>,
{
    each_engine_with_limits(name, 15_000, test).await;
}

/// As [`each_engine`], with statements that may run for `ms_max` milliseconds.
pub(super) async fn each_engine_with_limits<F, Fut>(name: &str, ms_max: u32, test: F)
where
    F: Fn(Store) -> Fut,
    Fut: Future<Output = ()>,
{
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |options| options.query_ms_max = ms_max.into());
    make_projects(&store).await;
    test(store).await;

    let dsn = Postgres::shared().create_database(name).await.unwrap();
    let options = PostgresOptions { query_ms_max: ms_max, ..PostgresOptions::new(dsn) };
    let store = Store::open_postgres(options, Tasks::new()).await.unwrap();
    make_projects(&store).await;
    test(store).await;
}

async fn make_projects(store: &Store) {
    for number in [1, 2] {
        store.project_prepare(&project(number).id).await.unwrap();
    }
}

/// An embedded store in `dir`.
pub(super) fn embedded(dir: &Path, adjust: impl FnOnce(&mut SqliteOptions)) -> Store {
    embedded_at(dir, Clock::system(), adjust)
}

/// An embedded store in `dir` whose time is `clock`.
pub(super) fn embedded_at(dir: &Path, clock: Clock, adjust: impl FnOnce(&mut SqliteOptions)) -> Store {
    try_embedded(dir, clock, adjust).unwrap()
}

pub(super) fn try_embedded(
    dir: &Path,
    clock: Clock,
    adjust: impl FnOnce(&mut SqliteOptions),
) -> Result<Store, StoreError> {
    let mut options = SqliteOptions::new(dir);
    adjust(&mut options);
    Store::open_sqlite(options, clock)
}

/// A disk of the test's own; records what happens below `dir` where that is asked for.
pub(super) fn disk(recorded: Option<&Path>) -> Vfs {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("disk-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let options = recorded.map_or(Options::new(), |dir| Options::new().record_below(dir));
    Vfs::register(&name, options).unwrap()
}

/// A user without anything special.
pub(super) fn user(id: &str) -> User {
    User {
        id: UserId(id.to_owned()),
        seq: 1,
        name: String::new(),
        email: None,
        phone: None,
        password_hash: None,
        password_updated: None,
        password_history: Vec::new(),
        is_active: true,
        is_email_verified: false,
        is_phone_verified: false,
        has_mfa: false,
        is_impersonator: false,
        needs_new_password: false,
        labels: Vec::new(),
        prefs: "{}".to_owned(),
        accessed_at: None,
        created: Timestamp(1),
        updated: Timestamp(1),
    }
}

/// Insert a user in a transaction of its own.
pub(super) async fn add(store: &Store, project: &ProjectRef, user: User) -> Result<(), StoreError> {
    store.write(project, move |tx| async move { tx.user_insert(&user).await }).await
}

/// Whether a user is there.
pub(super) async fn has(store: &Store, project: &ProjectRef, id: &str) -> bool {
    let id = UserId(id.to_owned());
    let found = store.read(project, |tx| async move { tx.user_by_id(&id).await }).await;
    found.map_err(|error: StoreError| error).unwrap().is_some()
}

/// A user that does not fit into the page cache, so that it is written before COMMIT.
pub(super) fn large_user(id: &str) -> User {
    User { prefs: format!("\"{}\"", "x".repeat(6 << 20)), ..user(id) }
}
