//! One PostgreSQL connection for the time of a transaction.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use deadpool_postgres::Object;
use tokio_postgres::types::ToSql;

use crate::sql::{Param, for_postgres};
use crate::{StoreError, StoreErrorKind};

/// Shared by the transaction's handles; the connection goes back to the pool when the last one is dropped.
#[derive(Clone)]
pub(crate) struct PgConn(Arc<Inner>);

struct Inner {
    client: Mutex<Option<Arc<Object>>>,
    is_clean: AtomicBool,
    wants_retry: AtomicBool,
}

impl PgConn {
    pub(super) fn new(client: Object) -> Self {
        Self(Arc::new(Inner {
            client: Mutex::new(Some(Arc::new(client))),
            is_clean: AtomicBool::new(true),
            wants_retry: AtomicBool::new(false),
        }))
    }

    fn client(&self) -> Result<Arc<Object>, StoreError> {
        let client = self.0.client.lock().unwrap_or_else(PoisonError::into_inner);
        client.clone().ok_or_else(|| {
            StoreError::new(StoreErrorKind::Inconsistent("a transaction was used after its end".into()))
        })
    }

    pub(crate) async fn run(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        let client = self.client()?;
        let statement = self.note(client.prepare_cached(&for_postgres(sql)).await)?;
        self.note(client.execute(&statement, &as_sql(params)).await)
    }

    pub(crate) async fn rows(
        &self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<tokio_postgres::Row>, StoreError> {
        let client = self.client()?;
        let statement = self.note(client.prepare_cached(&for_postgres(sql)).await)?;
        self.note(client.query(&statement, &as_sql(params)).await)
    }

    pub(crate) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.0.is_clean.store(false, Ordering::SeqCst);
        let client = self.client()?;
        self.note(client.batch_execute(&for_postgres(sql)).await)
    }

    /// Whether a statement was refused because the transaction should run again.
    pub(super) fn wants_retry(&self) -> bool {
        self.0.wants_retry.load(Ordering::SeqCst)
    }

    /// COMMIT. Callers have made sure that no statement failed, so the engine cannot answer it with a ROLLBACK.
    pub(super) async fn commit(&self) -> Result<(), StoreError> {
        let client = self.client()?;
        match client.batch_execute("COMMIT").await {
            Ok(()) => {
                self.finish(client);
                Ok(())
            }
            Err(error) => {
                let error = StoreError::from(error);
                Err(match error.kind() {
                    StoreErrorKind::Retry | StoreErrorKind::Conflict(_) | StoreErrorKind::Full => error,
                    _ => StoreError::caused(StoreErrorKind::OutcomeUnknown, error),
                })
            }
        }
    }

    pub(super) async fn rollback(&self) {
        let Ok(client) = self.client() else { return };
        if client.batch_execute("ROLLBACK").await.is_ok() {
            self.finish(client);
        }
    }

    fn finish(&self, client: Arc<Object>) {
        self.0.is_clean.store(true, Ordering::SeqCst);
        self.0.client.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(client);
    }

    fn note<T>(&self, result: Result<T, tokio_postgres::Error>) -> Result<T, StoreError> {
        result.map_err(|error| {
            let error = StoreError::from(error);
            if *error.kind() == StoreErrorKind::Retry {
                self.0.wants_retry.store(true, Ordering::SeqCst);
            }
            error
        })
    }
}

impl Drop for Inner {
    /// A connection in the middle of a transaction must not reach the next caller.
    fn drop(&mut self) {
        let client = self.client.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(client) = client.filter(|_| !*self.is_clean.get_mut())
            && let Some(client) = Arc::into_inner(client)
        {
            drop(Object::take(client));
        }
    }
}

fn as_sql<'a>(params: &'a [Param<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|param| param as &(dyn ToSql + Sync)).collect()
}
