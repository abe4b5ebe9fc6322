//! One PostgreSQL connection for the time of a transaction.
//!
//! BEGIN is sent with the first statement: together with it where that one only reads, so that a point read costs one
//! round trip; before it where it writes, because a write must never run without its transaction.
//!
//! Behind a pooler that lends an engine's connection for one transaction at a time, nothing may be left on a connection:
//! statements have no name and are parsed each time, with their parameters as text so that no round trip for their types
//! is needed.

use std::borrow::Cow;
use std::future::Future;
use std::ops::Deref;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use deadpool_postgres::Object;
use tokio::sync::OwnedSemaphorePermit;
use tokio_postgres::Statement;
use tokio_postgres::types::{ToSql, Type};

use super::Pooling;
use crate::sql::{AsText, Param, for_postgres};
use crate::{StoreError, StoreErrorKind};

/// Shared by the transaction's handles; the connection goes back to the pool when the last one is dropped.
#[derive(Clone)]
pub(crate) struct PgConn(Arc<Inner>);

/// Statements kept prepared on a connection; one more and all are prepared anew.
const STATEMENTS_MAX: usize = 512;

/// A connection of the pool with its project's leave to use one.
pub(super) struct Lent {
    client: Object,
    _leave: OwnedSemaphorePermit,
}

impl Lent {
    pub(super) fn new(client: Object, leave: OwnedSemaphorePermit) -> Self {
        Self { client, _leave: leave }
    }
}

impl Deref for Lent {
    type Target = Object;

    fn deref(&self) -> &Object {
        &self.client
    }
}

struct Inner {
    pooling: Pooling,
    columns_max: i64,
    client: Mutex<Option<Arc<Lent>>>,
    /// The BEGIN that is still to be sent.
    begin: Mutex<Option<Cow<'static, str>>>,
    is_clean: AtomicBool,
    /// Whether the transaction has had its time; the connection is not used again.
    is_expired: AtomicBool,
    wants_retry: AtomicBool,
}

impl PgConn {
    pub(super) fn new(client: Lent, pooling: Pooling, columns_max: i64) -> Self {
        Self(Arc::new(Inner {
            pooling,
            columns_max,
            client: Mutex::new(Some(Arc::new(client))),
            begin: Mutex::new(None),
            is_clean: AtomicBool::new(true),
            is_expired: AtomicBool::new(false),
            wants_retry: AtomicBool::new(false),
        }))
    }

    /// Columns that a table may have had before it is made anew.
    pub(crate) fn columns_max(&self) -> i64 {
        self.0.columns_max
    }

    /// Work in a transaction that `begin` opens.
    pub(super) fn begin_with(&self, begin: impl Into<Cow<'static, str>>) {
        *self.0.begin.lock().unwrap_or_else(PoisonError::into_inner) = Some(begin.into());
    }

    fn take_begin(&self) -> Option<Cow<'static, str>> {
        let begin = self.0.begin.lock().unwrap_or_else(PoisonError::into_inner).take();
        if begin.is_some() {
            self.0.is_clean.store(false, Ordering::SeqCst);
        }
        begin
    }

    fn client(&self) -> Result<Arc<Lent>, StoreError> {
        let client = self.0.client.lock().unwrap_or_else(PoisonError::into_inner);
        client.clone().ok_or_else(|| {
            StoreError::new(StoreErrorKind::Inconsistent("a transaction was used after its end".into()))
        })
    }

    /// The connection for one more statement.
    fn client_in_time(&self) -> Result<Arc<Lent>, StoreError> {
        if self.is_expired() {
            return Err(StoreError::new(StoreErrorKind::Timeout));
        }
        self.client()
    }

    /// Whether the transaction has had its time.
    pub(super) fn is_expired(&self) -> bool {
        self.0.is_expired.load(Ordering::SeqCst)
    }

    /// End the transaction's time: interrupt the statement that runs and refuse all later ones.
    pub(super) async fn expire(&self) {
        self.0.is_expired.store(true, Ordering::SeqCst);
        // A pooler passes an interruption on to whoever has the engine's connection by then, and PgBouncer 1.18 ends with
        // all its clients when one goes away meanwhile. The statement's own limit ends it.
        if self.0.pooling == Pooling::Transaction {
            return;
        }
        let Ok(client) = self.client() else { return };
        // Where the engine does not hear it, the statement's own limit ends it.
        let _ = client.cancel_token().cancel_query(super::start::tls()).await;
    }

    pub(crate) async fn run(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        let client = self.client_in_time()?;
        if let Some(begin) = self.take_begin() {
            self.note(client.batch_execute(&begin).await)?;
        }
        self.note(match self.0.pooling {
            Pooling::Session => match prepare(&client, sql).await {
                Ok(statement) => client.execute(&statement, &as_sql(params)).await,
                Err(error) => Err(error),
            },
            Pooling::Transaction => {
                client.execute_typed(&for_postgres(sql), &as_untyped(&as_text(params))).await
            }
        })
    }

    pub(crate) async fn rows(
        &self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<tokio_postgres::Row>, StoreError> {
        let client = self.client_in_time()?;
        let query = async {
            match self.0.pooling {
                Pooling::Session => {
                    let statement = prepare(&client, sql).await?;
                    client.query(&statement, &as_sql(params)).await
                }
                Pooling::Transaction => {
                    client.query_typed(&for_postgres(sql), &as_untyped(&as_text(params))).await
                }
            }
        };
        match self.take_begin() {
            Some(begin) if sql.starts_with("SELECT") => {
                let (began, rows) = tokio::join!(client.batch_execute(&begin), query);
                self.note(began)?;
                self.note(rows)
            }
            Some(begin) => {
                self.note(client.batch_execute(&begin).await)?;
                self.note(query.await)
            }
            None => self.note(query.await),
        }
    }

    pub(crate) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        let client = self.client_in_time()?;
        if let Some(begin) = self.take_begin() {
            self.note(client.batch_execute(&begin).await)?;
        }
        self.0.is_clean.store(false, Ordering::SeqCst);
        self.note(client.batch_execute(&for_postgres(sql)).await)
    }

    /// Whether a statement was refused because the transaction should run again.
    pub(super) fn wants_retry(&self) -> bool {
        self.0.wants_retry.load(Ordering::SeqCst)
    }

    /// COMMIT. Callers have made sure that no statement failed, so the engine cannot answer it with a ROLLBACK.
    pub(super) async fn commit(&self) -> Result<(), StoreError> {
        let client = self.client()?;
        if self.0.is_clean.load(Ordering::SeqCst) {
            self.finish(client);
            return Ok(());
        }
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

    /// End the transaction without its changes; a connection that cannot is not used again.
    pub(super) async fn rollback(&self) {
        let Ok(client) = self.client() else { return };
        let is_over =
            self.0.is_clean.load(Ordering::SeqCst) || client.batch_execute("ROLLBACK").await.is_ok();
        // An expired connection may still be hit by its own interruption.
        if is_over && !self.is_expired() {
            self.finish(client);
        }
    }

    /// As [`PgConn::rollback`], without waiting for the engine's answer: what the connection's next user sends comes
    /// after it. For transactions that changed nothing.
    pub(super) fn rollback_unawaited(&self) {
        let Ok(client) = self.client() else { return };
        if !self.0.is_clean.load(Ordering::SeqCst) {
            // The first poll sends it; the answer is dropped when it comes.
            let sent = pin!(client.batch_execute("ROLLBACK")).poll(&mut Context::from_waker(Waker::noop()));
            if matches!(sent, Poll::Ready(Err(_))) {
                return;
            }
        }
        self.finish(client);
    }

    fn finish(&self, client: Arc<Lent>) {
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
            drop(Object::take(client.client));
        }
    }
}

async fn prepare(client: &Object, sql: &str) -> Result<Statement, tokio_postgres::Error> {
    if client.statement_cache.size() >= STATEMENTS_MAX {
        client.statement_cache.clear();
    }
    client.prepare_cached(&for_postgres(sql)).await
}

fn as_sql<'a>(params: &'a [Param<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|param| param as &(dyn ToSql + Sync)).collect()
}

fn as_text<'a>(params: &'a [Param<'a>]) -> Vec<AsText<'a>> {
    params.iter().map(AsText).collect()
}

fn as_untyped<'a>(params: &'a [AsText<'a>]) -> Vec<(&'a (dyn ToSql + Sync), Type)> {
    params.iter().map(|param| (param as &(dyn ToSql + Sync), Type::UNKNOWN)).collect()
}
