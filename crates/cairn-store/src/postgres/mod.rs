//! The PostgreSQL engine: all projects of a server in one set of tables, `project` first in every key.
//!
//! Every write runs SERIALIZABLE, which gives the same answers as the one writer of an embedded file; what the
//! engine asks to be run again is run again, a bounded number of times.

mod conn;
mod start;

use std::future::Future;
use std::time::Duration;

use cairn_std::Tasks;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};

pub(crate) use conn::PgConn;

use crate::generations::Generations;
use crate::{ProjectRef, StoreError, StoreErrorKind, Tx};

/// How often a transaction is run again before its caller is told that the engine is too busy.
const RUNS_MAX: u32 = 12;
/// A request waits this long for a connection.
const POOL_WAIT: Duration = Duration::from_secs(10);

/// How PostgreSQL is reached.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// The connection string, `postgres://user:password@host:port/database` or `key=value` pairs.
    pub dsn: String,
    /// Connections of this process at most.
    pub connections_max: usize,
    /// Whether an engine that may lose acknowledged commits is accepted.
    pub durability: Durability,
}

/// What is asked of the engine's own settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// `fsync`, `full_page_writes` and `synchronous_commit` must be on.
    Strict,
    /// Whatever the engine is set to.
    Relaxed,
}

pub(crate) struct PgStore {
    pool: Pool,
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
            .build()
            .map_err(|error| StoreError::caused(StoreErrorKind::Unavailable, error))?;
        let store = Self { pool, generations, tasks };
        start::prepare(&store.connection().await?, options.durability).await?;
        Ok(store)
    }

    pub(crate) async fn write<T, E, F, Fut>(&self, project: &ProjectRef, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        let mut last = StoreError::new(StoreErrorKind::Unavailable);
        for _ in 0..RUNS_MAX {
            let conn = self.connection().await?;
            conn.batch("BEGIN ISOLATION LEVEL SERIALIZABLE").await?;
            let tx = Tx::postgres(project.clone(), conn.clone(), self.generations.clone());
            let result = (body.clone())(tx.clone()).await;
            if conn.wants_retry() {
                conn.rollback().await;
                continue;
            }
            match result {
                Err(error) => {
                    conn.rollback().await;
                    return Err(error);
                }
                Ok(_) if tx.has_failed() => {
                    conn.rollback().await;
                    let what = "a closure went on after a failed statement";
                    return Err(StoreError::new(StoreErrorKind::Inconsistent(what.into())).into());
                }
                Ok(value) => match self.commit(conn, tx).await {
                    Ok(()) => return Ok(value),
                    Err(error) if *error.kind() == StoreErrorKind::Retry => last = error,
                    Err(error) => return Err(error.into()),
                },
            }
        }
        Err(StoreError::caused(StoreErrorKind::Busy, last).into())
    }

    /// Commit in a task of its own: a caller that goes away must not leave caches behind the database.
    async fn commit(&self, conn: PgConn, tx: Tx) -> Result<(), StoreError> {
        let (done, outcome) = tokio::sync::oneshot::channel();
        self.tasks.spawn(|_| async move {
            let result = conn.commit().await;
            tx.publish_touched();
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
        let conn = self.connection().await?;
        conn.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let tx = Tx::postgres(project.clone(), conn.clone(), self.generations.clone());
        let result = body(tx).await;
        conn.rollback().await;
        result
    }

    async fn connection(&self) -> Result<PgConn, StoreError> {
        let client = self.pool.get().await.map_err(|error| match error {
            deadpool_postgres::PoolError::Timeout(_) => StoreError::caused(StoreErrorKind::Busy, error),
            error => StoreError::caused(StoreErrorKind::Unavailable, error),
        })?;
        Ok(PgConn::new(client))
    }
}
