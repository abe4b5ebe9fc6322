//! The PostgreSQL engine: all projects of a region in one set of tables, `project` first in every key.
//!
//! Every write runs SERIALIZABLE, which gives the same answers as the one writer of an embedded file; what the
//! engine asks to be run again is run again, a bounded number of times. From the third run on a transaction has its
//! project to itself in this process, so that many writers of one row come through one by one instead of undoing
//! one another.

mod conn;
mod region;
mod start;

use std::future::Future;
use std::pin::{Pin, pin};
use std::time::Duration;

use cairn_std::Tasks;
use tokio::sync::RwLock;
use tokio::time::Instant;

pub(crate) use conn::PgConn;
use region::Region;

use crate::figures::PoolFigures;
use crate::generations::Generations;
use crate::{Connections, ProjectRef, StoreError, StoreErrorKind, Tx};

/// How often a transaction is run again before its caller is told that the engine is too busy.
const RUNS_MAX: u32 = 12;
/// How often it is run beside others before it waits for its project.
const RUNS_BESIDE_MAX: u32 = 2;
/// What a write begins with.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE";
/// What a read begins with.
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Projects share this many turnstiles.
const TURNSTILES: usize = 64;
/// How PostgreSQL is reached.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// The connection string, `postgres://user:password@host:port/database` or `key=value` pairs. The platform is
    /// kept here, and the projects of the first region.
    pub dsn: String,
    /// Further databases by the name of the region whose projects they keep.
    pub regions: Vec<(String, String)>,
    /// Connections of this process to each database at most.
    pub connections_max: usize,
    /// Connections that one project has at once at most; its other requests wait for one of these.
    pub project_connections_max: usize,
    /// Whether an engine that may lose acknowledged commits is accepted.
    pub durability: Durability,
    /// Milliseconds that a statement may run.
    pub query_ms_max: u32,
    /// Columns, dropped ones included, that a collection's table may have had before it is made anew. The engine takes
    /// no more than 1,600.
    pub columns_max: u32,
    /// What a pooler between this process and the engine lends.
    pub pooling: Pooling,
}

impl PostgresOptions {
    /// The options of a store at `dsn`.
    pub fn new(dsn: impl Into<String>) -> Self {
        Self {
            dsn: dsn.into(),
            regions: Vec::new(),
            connections_max: 16,
            project_connections_max: 8,
            durability: Durability::Strict,
            query_ms_max: 15_000,
            columns_max: 1_200,
            pooling: Pooling::Session,
        }
    }
}

/// What is asked of the engine's own settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// `fsync`, `full_page_writes` and `synchronous_commit` must be on.
    Strict,
    /// Whatever the engine is set to.
    Relaxed,
}

/// For how long a connection stays the same one of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// Until it is closed: there is no pooler, or one that lends whole sessions.
    Session,
    /// For a transaction at a time: no statement has a name, and nothing is set beyond a transaction.
    Transaction,
}

/// The engine asks for the transaction to be run again.
struct Again(StoreError);

pub(crate) struct PgStore {
    /// The databases; the platform's is the first.
    regions: Vec<Region>,
    turnstiles: Vec<RwLock<()>>,
    generations: Generations,
    tasks: Tasks,
}

impl PgStore {
    pub(crate) async fn open(
        options: PostgresOptions,
        generations: Generations,
        tasks: Tasks,
    ) -> Result<Self, StoreError> {
        let mut regions = vec![Region::open(ProjectRef::REGION_DEFAULT, &options.dsn, &options).await?];
        for (name, dsn) in &options.regions {
            let region = Region::open(name, dsn, &options).await;
            regions.push(region.map_err(|error| error.within(format!("the database of region {name}")))?);
        }
        let turnstiles = (0..TURNSTILES).map(|_| RwLock::default()).collect();
        Ok(Self { regions, turnstiles, generations, tasks })
    }

    /// The database that keeps the project.
    fn region(&self, project: &ProjectRef) -> Result<&Region, StoreError> {
        let found = self.regions.iter().find(|region| region.name() == project.region());
        found.ok_or_else(|| {
            let what = format!("no database is configured for region {}", project.region());
            StoreError::caused(StoreErrorKind::NoRegion, what)
        })
    }

    pub(crate) fn regions(&self) -> impl Iterator<Item = &str> {
        self.regions.iter().map(Region::name)
    }

    /// Whether the region's database answers.
    pub(crate) async fn ping(&self, region: &str) -> Result<(), StoreError> {
        match self.regions.iter().find(|known| known.name() == region) {
            Some(region) => region.ping().await,
            None => Err(StoreError::new(StoreErrorKind::NoRegion)),
        }
    }

    /// With `within`, all runs together have so long; then what runs is interrupted.
    pub(crate) async fn write<T, E, F, Fut>(
        &self,
        project: &ProjectRef,
        within: Option<Duration>,
        body: F,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        let mut last = StoreError::new(StoreErrorKind::Unavailable);
        let until = within.map(|within| Instant::now() + within);
        let turnstile = usize::try_from(project.number).unwrap_or(0) % TURNSTILES;
        let turnstile = &self.turnstiles[turnstile];
        for run in 0..RUNS_MAX {
            let (_beside, _alone);
            if run < RUNS_BESIDE_MAX {
                _beside = turnstile.read().await;
            } else {
                _alone = turnstile.write().await;
            }
            match self.run_once(project, until, body.clone()).await {
                Ok(outcome) => return outcome,
                Err(Again(error)) => last = error,
            }
        }
        Err(StoreError::caused(StoreErrorKind::Busy, last).into())
    }

    async fn run_once<T, E, F, Fut>(
        &self,
        project: &ProjectRef,
        until: Option<Instant>,
        body: F,
    ) -> Result<Result<T, E>, Again>
    where
        E: From<StoreError>,
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let region = match self.region(project) {
            Ok(region) => region,
            Err(error) => return Ok(Err(error.into())),
        };
        let conn = match region.connection(project).await {
            Ok(conn) => conn,
            Err(error) => return Ok(Err(error.into())),
        };
        let tx = Tx::postgres(project.clone(), conn.clone(), self.generations.clone());
        let mut work = pin!(body(tx.clone()));
        let result = match until {
            None => {
                conn.begin_with(region.begin(BEGIN_WRITE));
                work.await
            }
            Some(until) => {
                let left_ms = until.saturating_duration_since(Instant::now()).as_millis().max(1);
                let begin = region.begin(BEGIN_WRITE);
                conn.begin_with(format!("{begin}; SET LOCAL statement_timeout = {left_ms}"));
                in_time(&conn, until, work.as_mut()).await
            }
        };
        if conn.is_expired() {
            conn.rollback().await;
            return Ok(Err(StoreError::new(StoreErrorKind::Timeout).into()));
        }
        if conn.wants_retry() {
            conn.rollback().await;
            return Err(Again(StoreError::new(StoreErrorKind::Retry)));
        }
        match result {
            Err(error) => {
                conn.rollback().await;
                Ok(Err(error))
            }
            Ok(_) if tx.has_failed() => {
                conn.rollback().await;
                let what = "a closure went on after a failed statement";
                Ok(Err(StoreError::new(StoreErrorKind::Inconsistent(what.into())).into()))
            }
            Ok(value) => match self.commit(conn, tx).await {
                Ok(()) => Ok(Ok(value)),
                Err(error) if *error.kind() == StoreErrorKind::Retry => Err(Again(error)),
                Err(error) => Ok(Err(error.into())),
            },
        }
    }

    /// Commit in a task of its own: a caller that goes away must not leave caches behind the database.
    async fn commit(&self, conn: PgConn, tx: Tx) -> Result<(), StoreError> {
        let (done, outcome) = tokio::sync::oneshot::channel();
        self.tasks.spawn(|_| async move {
            let result = conn.commit().await;
            let outcome = result.as_ref().map_err(StoreError::kind);
            if matches!(outcome, Ok(()) | Err(StoreErrorKind::OutcomeUnknown)) {
                tx.publish();
            }
            let _ = done.send(result);
        });
        outcome.await.unwrap_or_else(|_| Err(StoreError::new(StoreErrorKind::OutcomeUnknown)))
    }

    pub(crate) async fn read<T, E, F, Fut>(&self, project: &ProjectRef, body: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let region = self.region(project)?;
        let conn = region.connection(project).await?;
        conn.begin_with(region.begin(BEGIN_READ));
        let tx = Tx::postgres(project.clone(), conn.clone(), self.generations.clone());
        let result = body(tx).await;
        conn.rollback_unawaited();
        result
    }

    /// Connections to all databases that are in use, and as many as there may be.
    pub(crate) fn connections(&self) -> Connections {
        let mut connections = Connections { current: 0, max: 0 };
        for status in self.regions.iter().map(Region::status) {
            connections.current += status.size.saturating_sub(status.available);
            connections.max += status.max_size;
        }
        connections
    }

    /// What the connections to all databases do now.
    pub(crate) fn figures(&self) -> PoolFigures {
        let mut figures = PoolFigures { busy: 0, idle: 0, waiting: 0 };
        for status in self.regions.iter().map(Region::status) {
            figures.busy += status.size.saturating_sub(status.available);
            figures.idle += status.available;
            figures.waiting += status.waiting;
        }
        figures
    }
}

/// Do `work` in the connection's transaction; it is interrupted at `until`.
async fn in_time<W: Future>(conn: &PgConn, until: Instant, mut work: Pin<&mut W>) -> W::Output {
    if let Ok(done) = tokio::time::timeout_at(until, &mut work).await {
        return done;
    }
    conn.expire().await;
    work.await
}
