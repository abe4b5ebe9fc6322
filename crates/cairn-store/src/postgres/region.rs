//! One database with its pool: the projects of a region, and in the first one the platform too.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Status};
use tokio::sync::Semaphore;

use super::conn::{Lent, PgConn};
use super::{Pooling, PostgresOptions, start};
use crate::error::unconnected;
use crate::{ProjectRef, StoreError, StoreErrorKind};

/// Projects share this many lanes to the pool; the platform has one of its own.
const LANES: usize = 64;
/// A request waits this long for a connection.
const POOL_WAIT: Duration = Duration::from_secs(10);

pub(super) struct Region {
    name: Arc<str>,
    pool: Pool,
    /// Leave to take a connection, by project: a noisy one waits for its own and leaves the others theirs.
    lanes: Vec<Arc<Semaphore>>,
    pooling: Pooling,
    columns_max: i64,
    /// What every BEGIN is followed by.
    limits: String,
}

impl Region {
    /// Connect, and bring the schema up to date.
    pub(super) async fn open(name: &str, dsn: &str, options: &PostgresOptions) -> Result<Self, StoreError> {
        let config: tokio_postgres::Config =
            dsn.parse().map_err(|error| StoreError::caused(StoreErrorKind::UnreadableDsn, error))?;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, start::tls(), recycling);
        let mut pool = Pool::builder(manager)
            .max_size(options.connections_max)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(POOL_WAIT))
            .create_timeout(Some(POOL_WAIT));
        // A connection is told once; where another transaction may find it, each of them is.
        let limits = match options.pooling {
            Pooling::Session => {
                pool = pool.post_create(tell(limits("", options.query_ms_max)));
                String::new()
            }
            Pooling::Transaction => limits("LOCAL ", options.query_ms_max),
        };
        let pool = pool.build().map_err(|error| StoreError::caused(StoreErrorKind::Unavailable, error))?;
        let lane = options.project_connections_max.clamp(1, options.connections_max);
        let lanes = (0..LANES).map(|_| Arc::new(Semaphore::new(lane))).collect();
        let (pooling, columns_max) = (options.pooling, options.columns_max.into());
        let region = Self { name: name.into(), pool, lanes, pooling, columns_max, limits };
        let conn = region.connection(&ProjectRef::console()).await?;
        start::prepare(&conn, name, options.durability).await?;
        Ok(region)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What a transaction begins with.
    pub(super) fn begin(&self, begin: &'static str) -> Cow<'static, str> {
        if self.limits.is_empty() { begin.into() } else { format!("{begin}; {}", self.limits).into() }
    }

    /// What the connections do now.
    pub(super) fn status(&self) -> Status {
        self.pool.status()
    }

    /// Whether the database answers.
    pub(super) async fn ping(&self) -> Result<(), StoreError> {
        let conn = self.connection(&ProjectRef::console()).await?;
        conn.rows("SELECT 1", &[]).await.map(drop)
    }

    /// A connection for one transaction of the project, when the project and then the pool has one left.
    pub(super) async fn connection(&self, project: &ProjectRef) -> Result<PgConn, StoreError> {
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
            deadpool_postgres::PoolError::Backend(error) => unconnected(error),
            error => StoreError::caused(StoreErrorKind::Unavailable, error),
        })?;
        Ok(PgConn::new(Lent::new(client, leave), self.pooling, self.columns_max))
    }
}

/// How long statements and unfinished transactions may take, and that nobody wants to hear what `IF EXISTS` did not find.
fn limits(local: &str, query_ms_max: u32) -> String {
    format!(
        "SET {local}statement_timeout = {query_ms_max}; \
         SET {local}idle_in_transaction_session_timeout = 60000; \
         SET {local}client_min_messages = warning"
    )
}

/// Tell every new connection.
fn tell(sql: String) -> Hook {
    let sql: Arc<str> = sql.into();
    Hook::async_fn(move |client, _| {
        let sql = Arc::clone(&sql);
        Box::pin(async move { client.batch_execute(&sql).await.map_err(HookError::Backend) })
    })
}
