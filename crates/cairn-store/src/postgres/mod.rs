//! The PostgreSQL engine: all projects of a server in one set of tables, `project` first in every key.
//!
//! Every write runs SERIALIZABLE, which gives the same answers as the one writer of an embedded file; what the
//! engine asks to be run again is run again, a bounded number of times. From the third run on a transaction has its
//! project to itself in this process, so that many writers of one row come through one by one instead of undoing
//! one another.

mod conn;
mod start;

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use cairn_std::Tasks;
use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio::sync::{RwLock, Semaphore};
use tokio::time::Instant;

use conn::Lent;
pub(crate) use conn::PgConn;

use crate::figures::PoolFigures;
use crate::generations::Generations;
use crate::{Connections, ProjectRef, StoreError, StoreErrorKind, Tx};

/// How often a transaction is run again before its caller is told that the engine is too busy.
const RUNS_MAX: u32 = 12;
/// How often it is run beside others before it waits for its project.
const RUNS_BESIDE_MAX: u32 = 2;
/// What a write begins with.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE";
/// Projects share this many turnstiles.
const TURNSTILES: usize = 64;
/// Projects share this many lanes to the pool; the platform has one of its own.
const LANES: usize = 64;
/// A request waits this long for a connection.
const POOL_WAIT: Duration = Duration::from_secs(10);

/// How PostgreSQL is reached.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// The connection string, `postgres://user:password@host:port/database` or `key=value` pairs.
    pub dsn: String,
    /// Connections of this process at most.
    pub connections_max: usize,
    /// Connections that one project has at once at most; its other requests wait for one of these.
    pub project_connections_max: usize,
    /// Whether an engine that may lose acknowledged commits is accepted.
    pub durability: Durability,
    /// Milliseconds that a statement may run.
    pub query_ms_max: u32,
}

impl PostgresOptions {
    /// The options of a store at `dsn`.
    pub fn new(dsn: impl Into<String>) -> Self {
        Self {
            dsn: dsn.into(),
            connections_max: 16,
            project_connections_max: 8,
            durability: Durability::Strict,
            query_ms_max: 15_000,
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

/// The engine asks for the transaction to be run again.
struct Again(StoreError);

pub(crate) struct PgStore {
    pool: Pool,
    /// Leave to take a connection, by project: a noisy one waits for its own and leaves the others theirs.
    lanes: Vec<Arc<Semaphore>>,
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
        let config: tokio_postgres::Config =
            options.dsn.parse().map_err(|error| StoreError::caused(StoreErrorKind::Unavailable, error))?;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, start::tls(), recycling);
        let pool = Pool::builder(manager)
            .max_size(options.connections_max)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(POOL_WAIT))
            .create_timeout(Some(POOL_WAIT))
            .post_create(limits(options.query_ms_max))
            .build()
            .map_err(|error| StoreError::caused(StoreErrorKind::Unavailable, error))?;
        let turnstiles = (0..TURNSTILES).map(|_| RwLock::default()).collect();
        let lane = options.project_connections_max.clamp(1, options.connections_max);
        let lanes = (0..LANES).map(|_| Arc::new(Semaphore::new(lane))).collect();
        let store = Self { pool, lanes, turnstiles, generations, tasks };
        start::prepare(&store.connection(&ProjectRef::console()).await?, options.durability).await?;
        Ok(store)
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
        let conn = match self.connection(project).await {
            Ok(conn) => conn,
            Err(error) => return Ok(Err(error.into())),
        };
        let tx = Tx::postgres(project.clone(), conn.clone(), self.generations.clone());
        let mut work = pin!(body(tx.clone()));
        let result = match until {
            None => {
                conn.begin_with(BEGIN_WRITE);
                work.await
            }
            Some(until) => {
                let left_ms = until.saturating_duration_since(Instant::now()).as_millis().max(1);
                conn.begin_with(format!("{BEGIN_WRITE}; SET LOCAL statement_timeout = {left_ms}"));
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
        let conn = self.connection(project).await?;
        conn.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        let tx = Tx::postgres(project.clone(), conn.clone(), self.generations.clone());
        let result = body(tx).await;
        conn.rollback_unawaited();
        result
    }

    /// Connections that are in use, and as many as there may be.
    pub(crate) fn connections(&self) -> Connections {
        let status = self.pool.status();
        Connections { current: status.size.saturating_sub(status.available), max: status.max_size }
    }

    /// What the connections do now.
    pub(crate) fn figures(&self) -> PoolFigures {
        let status = self.pool.status();
        PoolFigures {
            busy: status.size.saturating_sub(status.available),
            idle: status.available,
            waiting: status.waiting,
        }
    }

    /// A connection for one transaction of the project, when the project and then the pool has one left.
    async fn connection(&self, project: &ProjectRef) -> Result<PgConn, StoreError> {
        let lane = if project.is_console() {
            0
        } else {
            1 + usize::try_from(project.number).unwrap_or(0) % (LANES - 1)
        };
        let leave = tokio::time::timeout(POOL_WAIT, Arc::clone(&self.lanes[lane]).acquire_owned()).await;
        let leave = leave.map_err(|error| StoreError::caused(StoreErrorKind::Deadline, error))?;
        let leave = leave.map_err(|error| StoreError::caused(StoreErrorKind::Unavailable, error))?;
        let client = self.pool.get().await.map_err(|error| match error {
            deadpool_postgres::PoolError::Timeout(_) => StoreError::caused(StoreErrorKind::Deadline, error),
            error => StoreError::caused(StoreErrorKind::Unavailable, error),
        })?;
        Ok(PgConn::new(Lent::new(client, leave)))
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

/// What every new connection is told.
fn limits(query_ms_max: u32) -> Hook {
    Hook::async_fn(move |client, _| {
        Box::pin(async move {
            let sql = format!(
                "SET statement_timeout = {query_ms_max}; SET idle_in_transaction_session_timeout = 60000"
            );
            client.batch_execute(&sql).await.map_err(HookError::Backend)
        })
    })
}
