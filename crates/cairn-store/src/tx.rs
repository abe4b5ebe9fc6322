//! A running transaction, on either engine.
//!
//! INVARIANT: a statement that fails ends the transaction's usefulness: PostgreSQL refuses everything after it,
//! so on SQLite too a closure that swallows the error and goes on is refused at its end.
//! INVARIANT: on SQLite no method ever returns Pending; [`poll_now`] asserts it.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};

use cairn_model::usage::Count;
use cairn_std::Clock;
use rusqlite::Connection;

use crate::generations::{Generations, Noun, Slot};
use crate::postgres::PgConn;
use crate::sql::{Dialect, Param, Row, check};
use crate::{ProjectRef, StoreError, StoreErrorKind};

/// The handle through which a closure given to [`crate::Store::write`] or [`crate::Store::read`] works.
///
/// Cheap to clone. Useless once the closure has ended.
#[derive(Clone)]
pub struct Tx(Arc<Inner>);

struct Inner {
    project: ProjectRef,
    engine: Engine,
    /// What the first failed statement failed with.
    failure: OnceLock<StoreErrorKind>,
    touched: Mutex<Vec<Slot>>,
    counted: Mutex<Vec<Count>>,
    /// How many statements it has run.
    statements: AtomicU64,
    generations: Generations,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.generations.add_statements(*self.statements.get_mut());
    }
}

enum Engine {
    Sqlite { conn: Mutex<Option<Box<Connection>>>, until: Option<Until> },
    Postgres(PgConn),
}

/// When a long write on SQLite has had its time.
#[derive(Clone)]
pub(crate) struct Until {
    clock: Clock,
    at_ms: i64,
}

impl Until {
    pub(crate) fn new(clock: &Clock, within_ms: i64) -> Self {
        Self { clock: clock.clone(), at_ms: clock.monotonic_ms().saturating_add(within_ms) }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.clock.monotonic_ms() >= self.at_ms
    }
}

impl Tx {
    /// A transaction on `conn`. No statement of it begins once `until` is over.
    pub(crate) fn sqlite(
        project: ProjectRef,
        conn: Box<Connection>,
        generations: Generations,
        until: Option<Until>,
    ) -> Self {
        Self::new(project, Engine::Sqlite { conn: Mutex::new(Some(conn)), until }, generations)
    }

    pub(crate) fn postgres(project: ProjectRef, conn: PgConn, generations: Generations) -> Self {
        Self::new(project, Engine::Postgres(conn), generations)
    }

    fn new(project: ProjectRef, engine: Engine, generations: Generations) -> Self {
        let (failure, touched, counted) = (OnceLock::new(), Mutex::default(), Mutex::default());
        let statements = AtomicU64::new(0);
        Self(Arc::new(Inner { project, engine, failure, touched, counted, statements, generations }))
    }

    /// The project that this transaction works on.
    pub fn project(&self) -> &ProjectRef {
        &self.0.project
    }

    /// The value of the `project` column in every key of this transaction's rows.
    pub(crate) fn scope(&self) -> i64 {
        match self.0.engine {
            Engine::Sqlite { .. } => 0,
            Engine::Postgres(_) => self.0.project.number,
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.0.engine {
            Engine::Sqlite { .. } => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Columns that a table may have had before it is made anew; the embedded engine counts those in use alone.
    pub(crate) fn columns_max(&self) -> Option<i64> {
        match &self.0.engine {
            Engine::Sqlite { .. } => None,
            Engine::Postgres(conn) => Some(conn.columns_max()),
        }
    }

    /// Say that `noun` `id` of this project is no longer what a cache may hold.
    pub fn touch(&self, noun: Noun, id: &str) {
        let slot = self.0.generations.slot(&self.0.project.id, noun, id);
        self.touched().push(slot);
    }

    /// Say that a thing of another project's caches has changed with this transaction.
    pub fn touch_in(&self, project: &str, noun: Noun, id: &str) {
        let slot = self.0.generations.slot(project, noun, id);
        self.touched().push(slot);
    }

    fn touched(&self) -> std::sync::MutexGuard<'_, Vec<Slot>> {
        self.0.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Count something that this transaction does; it counts after COMMIT.
    pub(crate) fn meter(&self, count: Count) {
        if count.amount == 0 {
            return;
        }
        let mut counted = self.0.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |other: &&mut Count| other.subject == count.subject && other.metric == count.metric;
        // Many changes are mostly of one collection, which was counted last.
        match counted.iter_mut().rev().find(is_same) {
            Some(sum) => sum.amount = sum.amount.saturating_add(count.amount),
            None => counted.push(count),
        }
    }

    /// Move the generations of all that was touched, and count what was done; after COMMIT, before the answer.
    pub(crate) fn publish(&self) {
        for slot in self.touched().drain(..) {
            self.0.generations.advance(slot);
        }
        let mut counted = self.0.counted.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.generations.meter.add(&self.0.project, &counted);
        counted.clear();
    }

    /// How many statements the transaction has run: what a page costs must not depend on its size.
    pub fn statement_count(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Whether a statement of this transaction has failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.0.failure.get().is_some()
    }

    /// What the first failed statement failed with.
    pub(crate) fn failure(&self) -> Option<&StoreErrorKind> {
        self.0.failure.get()
    }

    /// Take SQLite's connection back; the handle is useless afterwards.
    pub(crate) fn reclaim(&self) -> Option<Box<Connection>> {
        match &self.0.engine {
            Engine::Sqlite { conn, .. } => conn.lock().unwrap_or_else(PoisonError::into_inner).take(),
            Engine::Postgres(_) => None,
        }
    }

    /// Run a statement that returns no rows; the number of rows that it changed.
    pub(crate) async fn run(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.count();
        self.note(check(params))?;
        let result = match &self.0.engine {
            Engine::Sqlite { conn, until } => with(conn, until.as_ref(), |conn| {
                let mut statement = conn.prepare_cached(sql)?;
                let changed = statement.execute(rusqlite::params_from_iter(params))?;
                Ok(u64::try_from(changed).unwrap_or(u64::MAX))
            }),
            Engine::Postgres(conn) => conn.run(sql, params).await,
        };
        self.note(result)
    }

    /// Insert a row and return the number that the engine gave it, in `key`.
    ///
    /// SQLite knows it without RETURNING, for which it would make and drop a table in memory each time.
    pub(crate) async fn insert(
        &self,
        sql: &str,
        params: &[Param<'_>],
        key: &'static str,
    ) -> Result<Option<i64>, StoreError> {
        let Engine::Sqlite { conn, until } = &self.0.engine else {
            return self.row(&format!("{sql} RETURNING {key}"), params, |row| row.int(0)).await;
        };
        self.count();
        self.note(check(params))?;
        self.note(with(conn, until.as_ref(), |conn| {
            conn.prepare_cached(sql)?.execute(rusqlite::params_from_iter(params))?;
            Ok(Some(conn.last_insert_rowid()))
        }))
    }

    /// Run a statement and map all its rows.
    pub(crate) async fn rows<T>(
        &self,
        sql: &str,
        params: &[Param<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<Vec<T>, StoreError> {
        self.count();
        self.note(check(params))?;
        let result = match &self.0.engine {
            Engine::Sqlite { conn, until } => with(conn, until.as_ref(), |conn| {
                let mut statement = conn.prepare_cached(sql)?;
                let mut rows = statement.query(rusqlite::params_from_iter(params))?;
                let mut mapped = Vec::new();
                while let Some(row) = rows.next()? {
                    mapped.push(map(&Row::Sqlite(row))?);
                }
                Ok(mapped)
            }),
            Engine::Postgres(conn) => match conn.rows(sql, params).await {
                Ok(rows) => rows.iter().map(|row| map(&Row::Postgres(row))).collect(),
                Err(error) => Err(error),
            },
        };
        self.note(result)
    }

    /// The only row of a statement that finds one or none.
    pub(crate) async fn row<T>(
        &self,
        sql: &str,
        params: &[Param<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.rows(sql, params, map).await?.pop())
    }

    /// Run a statement that must change exactly one row.
    pub(crate) async fn run_one(&self, sql: &str, params: &[Param<'_>]) -> Result<(), StoreError> {
        match self.run(sql, params).await? {
            1 => Ok(()),
            changed => Err(StoreError::new(StoreErrorKind::Inconsistent(format!(
                "{changed} rows changed instead of one by {sql}"
            )))),
        }
    }

    /// Run schema statements; `sql` holds several, separated by semicolons.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        let result = match &self.0.engine {
            Engine::Sqlite { conn, until } => with(conn, until.as_ref(), |conn| Ok(conn.execute_batch(sql)?)),
            Engine::Postgres(conn) => conn.batch(sql).await,
        };
        self.note(result)
    }

    fn count(&self) {
        self.0.statements.fetch_add(1, Ordering::Relaxed);
    }

    fn note<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result {
            let _ = self.0.failure.set(error.kind().clone());
        }
        result
    }
}

fn with<T>(
    conn: &Mutex<Option<Box<Connection>>>,
    until: Option<&Until>,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let guard = conn.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(conn) = guard.as_deref() else {
        return Err(StoreError::new(StoreErrorKind::Inconsistent(
            "a transaction was used after its end".into(),
        )));
    };
    if until.is_some_and(Until::is_over) {
        return Err(StoreError::new(StoreErrorKind::Timeout));
    }
    work(conn)
}

/// Run a future that never waits.
///
/// # Panics
/// When the future waits: on SQLite a closure may await nothing but the transaction's methods.
pub(crate) fn poll_now<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a transaction's closure awaited something other than the transaction"),
    }
}
