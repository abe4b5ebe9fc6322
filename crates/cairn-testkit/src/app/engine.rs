//! A store per test: a directory for the embedded engine, a copied database on PostgreSQL.

use std::panic::AssertUnwindSafe;
use std::sync::OnceLock;

use cairn_std::{Clock, Tasks};
use cairn_store::{Durability, PostgresOptions, SqliteOptions, Store};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::TestApp;
use crate::postgres::{Options, Postgres};

/// Threads of a test's runtime: lists on the embedded engine need more than one.
const THREADS: usize = 2;
/// Connections of one test to PostgreSQL at most.
const CONNECTIONS_MAX: usize = 4;

/// What the data is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded store.
    Sqlite,
    /// A real PostgreSQL.
    Postgres,
}

impl Engine {
    /// Both, the faster one first.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// Where a test's data lies; removed with it.
pub(super) enum Home {
    Directory { _dir: TempDir },
    Database,
}

impl Home {
    pub(super) fn engine(&self) -> Engine {
        match self {
            Self::Directory { .. } => Engine::Sqlite,
            Self::Database => Engine::Postgres,
        }
    }
}

/// Run a test on every engine, each time with a server of its own.
///
/// # Panics
/// When the test does; says on which engine.
pub fn each_engine(test: impl AsyncFn(TestApp)) {
    for engine in Engine::ALL {
        on_engine(engine, async || test(TestApp::start(engine).await).await);
    }
}

/// Run a test that starts its own server on this engine.
///
/// # Panics
/// When the test does; says on which engine.
pub fn on_engine(engine: Engine, test: impl AsyncFnOnce()) {
    let runtime = runtime();
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(test())));
    if let Err(panic) = outcome {
        eprintln!("the test failed on {engine:?}");
        std::panic::resume_unwind(panic);
    }
}

fn runtime() -> Runtime {
    let runtime = Builder::new_multi_thread().worker_threads(THREADS).enable_all().build();
    runtime.expect("threads can be started")
}

pub(super) async fn open(engine: Engine, clock: Clock, tasks: Tasks) -> (Store, Home) {
    match engine {
        Engine::Sqlite => {
            let dir = tempfile::tempdir().expect("a directory can be made");
            let store = Store::open_sqlite(SqliteOptions::new(dir.path()), clock).expect("the store opens");
            (store, Home::Directory { _dir: dir })
        }
        Engine::Postgres => {
            let (cluster, template) = cluster();
            let dsn = cluster.create_database_from(template, "app").await.expect("a database can be copied");
            (connect(dsn, tasks).await, Home::Database)
        }
    }
}

async fn connect(dsn: String, tasks: Tasks) -> Store {
    let options = PostgresOptions {
        connections_max: CONNECTIONS_MAX,
        durability: Durability::Relaxed,
        ..PostgresOptions::new(dsn)
    };
    Store::open_postgres(options, tasks).await.expect("the store opens")
}

/// The cluster that all tests of this process share, and the name of its template: a migrated database.
///
/// It does not sync: no test here asks what a crash leaves.
fn cluster() -> (&'static Postgres, &'static str) {
    static SHARED: OnceLock<(Postgres, String)> = OnceLock::new();
    let (cluster, template) = SHARED.get_or_init(|| {
        let options = Options { fsync: false, connections_max: 300, ..Options::default() };
        let cluster = Postgres::start(options).unwrap_or_else(|error| panic!("{error}"));
        let template = std::thread::scope(|scope| {
            let made = scope.spawn(|| runtime().block_on(make_template(&cluster)));
            made.join().expect("the template can be made")
        });
        (cluster, template)
    });
    (cluster, template)
}

/// Runs on a runtime that ends with it, because a template with connections cannot be copied.
async fn make_template(cluster: &Postgres) -> String {
    let dsn = cluster.create_database("template").await.expect("a database can be made");
    let name = dsn.rsplit('/').next().expect("a DSN has a path").to_owned();
    drop(connect(dsn, Tasks::new()).await);
    name
}
