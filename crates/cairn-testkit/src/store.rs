//! A store per test: a directory for the embedded engine, a copied database on PostgreSQL.
//!
//! Every test above the store opens its store here; the store's own tests cannot, because they test another build of it.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use cairn_std::{Clock, Tasks};
use cairn_store::{Durability, PostgresOptions, SqliteOptions, Store};
use cairn_vfs::{Failure, FileClass, Op, Rule, Vfs};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tracing_subscriber::filter::LevelFilter;

use crate::postgres::{Options, Postgres};

/// Threads of a test's runtime: lists on the embedded engine need more than one.
const THREADS: usize = 2;
/// Connections of one test to PostgreSQL at most.
const CONNECTIONS_MAX: usize = 8;

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

/// What goes wrong below the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing can be read or written: the disk gives errors, or the database is gone.
    Unreachable,
    /// There is no room for one more byte. The embedded engine only.
    DiskFull,
    /// What was written cannot be synced, at the moment of committing. The embedded engine only.
    SyncFails,
}

/// Where a test's data lies; removed with it.
pub enum Home {
    /// Of the embedded engine, on a disk of its own.
    Directory {
        /// The data directory.
        dir: TempDir,
        /// Its disk.
        disk: Vfs,
    },
    /// Of the shared PostgreSQL.
    Database {
        /// The database's name.
        name: String,
    },
}

impl Home {
    /// The engine.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Directory { .. } => Engine::Sqlite,
            Self::Database { .. } => Engine::Postgres,
        }
    }

    /// Open the embedded store that lies here, once more after a stop.
    ///
    /// # Panics
    /// When it cannot be opened, or lies in PostgreSQL.
    pub fn open(&self, clock: Clock, query_ms_max: Option<u32>) -> Store {
        let Self::Directory { dir, disk } = self else { panic!("PostgreSQL keeps running") };
        let mut options =
            SqliteOptions { vfs: Some(disk.name().to_owned()), ..SqliteOptions::new(dir.path()) };
        if let Some(ms) = query_ms_max {
            options.query_ms_max = ms.into();
        }
        Store::open_sqlite(options, clock).expect("the store opens")
    }

    /// The data directory of the embedded engine.
    ///
    /// # Panics
    /// Where there is none.
    pub fn dir(&self) -> &Path {
        let Self::Directory { dir, .. } = self else { panic!("PostgreSQL has no directory of ours") };
        dir.path()
    }

    /// From now on this goes wrong, until [`Home::heal`].
    ///
    /// # Panics
    /// When this engine cannot fail so.
    pub async fn break_by(&self, trouble: Trouble) {
        if let Self::Database { name } = self {
            assert_eq!(trouble, Trouble::Unreachable, "PostgreSQL's own disk is not ours to break");
            return close(name).await;
        }
        self.break_file(trouble, "");
    }

    /// As [`Home::break_by`], for files of the embedded engine whose path ends so.
    ///
    /// # Panics
    /// On PostgreSQL.
    pub fn break_file(&self, trouble: Trouble, suffix: &str) {
        let Self::Directory { disk, .. } = self else { panic!("PostgreSQL's files are not ours to break") };
        let rules = match trouble {
            Trouble::Unreachable => {
                [Op::Open, Op::Read, Op::Write].map(|op| Rule::new(op, Failure::Io)).to_vec()
            }
            Trouble::DiskFull => vec![Rule::new(Op::Write, Failure::NoSpace)],
            Trouble::SyncFails => vec![Rule::new(Op::Sync, Failure::Io).class(FileClass::Wal)],
        };
        for rule in rules {
            disk.faults().inject(rule.path_suffix(suffix));
        }
    }

    /// What was broken works again.
    ///
    /// # Panics
    /// When PostgreSQL refuses.
    pub async fn heal(&self) {
        match self {
            Self::Directory { disk, .. } => disk.faults().clear(),
            Self::Database { name } => {
                administer(&format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS true")).await;
            }
        }
    }
}

/// Let nobody into the database any more, and put out who is in it.
async fn close(name: &str) {
    administer(&format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false")).await;
    let kill = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname";
    administer(&format!("{kill} = '{name}'")).await;
}

async fn administer(statement: &str) {
    let (cluster, _) = cluster();
    cluster.run("postgres", statement).await.expect("the cluster takes orders");
}

/// Run a test that opens its own store on this engine.
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
    tell_warnings();
    let runtime = Builder::new_multi_thread().worker_threads(THREADS).enable_all().build();
    runtime.expect("threads can be started")
}

/// Print what the server warns of: a test that fails shows it, with the causes that an answer keeps to itself.
fn tell_warnings() {
    let lines =
        tracing_subscriber::fmt().with_max_level(LevelFilter::WARN).with_target(false).with_ansi(false);
    // Refused where an earlier test of this process has said so.
    let _ = lines.with_test_writer().try_init();
}

/// A new store. With `query_ms_max`, its time is the machine's: a query takes real time.
///
/// # Panics
/// When it cannot be opened.
pub async fn open(engine: Engine, clock: Clock, tasks: Tasks, query_ms_max: Option<u32>) -> (Store, Home) {
    match engine {
        Engine::Sqlite => {
            let clock = if query_ms_max.is_some() { Clock::system() } else { clock };
            embedded(clock, query_ms_max)
        }
        Engine::Postgres => {
            let (cluster, template) = cluster();
            let dsn = cluster.create_database_from(template, "app").await.expect("a database can be copied");
            let name = database_of(&dsn);
            (connect(dsn, tasks, query_ms_max).await, Home::Database { name })
        }
    }
}

/// A new store of the embedded engine, where no runtime is needed for it.
///
/// # Panics
/// When it cannot be opened.
pub fn embedded(clock: Clock, query_ms_max: Option<u32>) -> (Store, Home) {
    let home = Home::Directory { dir: tempfile::tempdir().expect("a directory can be made"), disk: disk() };
    (home.open(clock, query_ms_max), home)
}

/// A disk of the test's own.
fn disk() -> Vfs {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("app-disk-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    Vfs::register(&name, cairn_vfs::Options::new().uncounted()).expect("a disk can be registered")
}

fn database_of(dsn: &str) -> String {
    dsn.rsplit('/').next().expect("a DSN has a path").to_owned()
}

async fn connect(dsn: String, tasks: Tasks, query_ms_max: Option<u32>) -> Store {
    let mut options = PostgresOptions {
        connections_max: CONNECTIONS_MAX,
        durability: Durability::Relaxed,
        ..PostgresOptions::new(dsn)
    };
    if let Some(ms) = query_ms_max {
        options.query_ms_max = ms;
    }
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
    let name = database_of(&dsn);
    drop(connect(dsn, Tasks::new(), None).await);
    name
}
