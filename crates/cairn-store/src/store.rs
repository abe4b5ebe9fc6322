//! The store: one API over both engines.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use cairn_std::{Clock, Tasks};

use crate::figures::StoreFigures;
use crate::generations::{Generations, Noun, Slot};
use crate::postgres::PgStore;
use crate::sqlite::SqliteStore;
use crate::{Connections, Meter, PostgresOptions, SqliteOptions, StoreError, StoreErrorKind, Tx};

/// Which project a transaction works on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProjectRef {
    /// The project's id.
    pub id: Arc<str>,
    /// The project's number in the registry: first in every key on PostgreSQL, unused in a file of its own.
    pub number: i64,
    /// The region whose database keeps it; `None` for the first one, which also keeps the platform.
    region: Option<Arc<str>>,
}

impl ProjectRef {
    /// The id of the project that holds console users, organizations and the registry.
    pub const CONSOLE_ID: &str = "console";

    /// The name of the first region.
    pub const REGION_DEFAULT: &str = cairn_model::projects::REGION_DEFAULT;

    /// A project of the first region.
    pub fn new(id: impl Into<Arc<str>>, number: i64) -> Self {
        Self { id: id.into(), number, region: None }
    }

    /// The same project in another region.
    #[must_use]
    pub fn in_region(self, region: &str) -> Self {
        let region = (region != Self::REGION_DEFAULT).then(|| region.into());
        Self { region, ..self }
    }

    /// The region whose database keeps it.
    pub fn region(&self) -> &str {
        self.region.as_deref().unwrap_or(Self::REGION_DEFAULT)
    }

    /// The platform's own project.
    pub fn console() -> Self {
        Self::new(Self::CONSOLE_ID, 0)
    }

    /// Whether this is the platform's own project.
    pub fn is_console(&self) -> bool {
        &*self.id == Self::CONSOLE_ID
    }
}

/// Where everything is kept. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    generations: Generations,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<SqliteStore>),
    Postgres(Arc<PgStore>),
}

impl Store {
    /// Open or create the embedded store. Takes the data directory's lock.
    pub fn open_sqlite(options: SqliteOptions, clock: Clock) -> Result<Self, StoreError> {
        let generations = Generations::new();
        let store = SqliteStore::open(options, clock, generations.clone())?;
        Ok(Self { engine: Engine::Sqlite(Arc::new(store)), generations })
    }

    /// Connect to PostgreSQL and bring its schema up to date.
    pub async fn open_postgres(options: PostgresOptions, tasks: Tasks) -> Result<Self, StoreError> {
        let generations = Generations::new();
        let store = PgStore::open(options, generations.clone(), tasks).await?;
        Ok(Self { engine: Engine::Postgres(Arc::new(store)), generations })
    }

    /// Statements of all transactions that have ended: what must cost the same can be seen to.
    pub fn statement_count(&self) -> u64 {
        self.generations.statements()
    }

    /// Run `body` in a write transaction; its changes are on disk when this returns `Ok`.
    ///
    /// `body` may be run more than once: ids and times it uses are drawn before it, and what its decision depends
    /// on is read inside it. It awaits nothing but the transaction's methods. When it returns an error, nothing
    /// of it stays.
    pub async fn write<T, E, F, Fut>(&self, project: &ProjectRef, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        match &self.engine {
            Engine::Sqlite(store) => store.write(project, None, body).await,
            // In a box of its own: the services' futures hold this one several times over.
            Engine::Postgres(store) => Box::pin(store.write(project, None, body)).await,
        }
    }

    /// As [`Store::write`], for what may be long: bulk writes, cascades, schema changes.
    ///
    /// It is a group of its own, so that it delays the short writes of its project and undoes none of them. When it has
    /// run for `within` it is interrupted, undone whole and answered [`StoreErrorKind::Timeout`]; the wait for its
    /// turn does not count. A closure that computes for long between statements is stopped at its next statement.
    pub async fn write_long<T, E, F, Fut>(
        &self,
        project: &ProjectRef,
        within: Duration,
        body: F,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        match &self.engine {
            Engine::Sqlite(store) => {
                let ms = i64::try_from(within.as_millis()).unwrap_or(i64::MAX);
                store.write(project, Some(ms), body).await
            }
            Engine::Postgres(store) => Box::pin(store.write(project, Some(within), body)).await,
        }
    }

    /// Run `body` on a snapshot that shows every change acknowledged before this call.
    ///
    /// On the embedded engine it runs at once on this thread: for the point reads of nearly every request.
    pub async fn read<T, E, F, Fut>(&self, project: &ProjectRef, body: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        match &self.engine {
            Engine::Sqlite(store) => store.read(project, body),
            Engine::Postgres(store) => store.read(project, body).await,
        }
    }

    /// As [`Store::read`], for what may take long: lists, counts, searches. `body` may be run twice.
    ///
    /// Most of these are short, and on the embedded engine run as such, on this thread. One that is not done after a
    /// few thousand rows begins anew: the other tasks of this thread move to another one first, and no more of these run
    /// at once than there are processors; the others wait their turn.
    pub async fn read_long<T, E, F, Fut>(&self, project: &ProjectRef, body: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(Tx) -> Fut + Clone,
        Fut: Future<Output = Result<T, E>>,
    {
        match &self.engine {
            Engine::Sqlite(store) => {
                if let Some(result) = store.read_if_short(project, body.clone()) {
                    return result;
                }
                let _turn = store.long_read_turn().await?;
                blocking(|| store.read(project, body))
            }
            Engine::Postgres(store) => store.read(project, body).await,
        }
    }

    /// Make what a new project needs outside the registry; crash-safe and not yet visible.
    #[expect(
        clippy::unused_async,
        reason = "an engine may have to wait here, and callers await the pair alike"
    )]
    pub async fn project_prepare(&self, project: &str) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(store) => blocking(|| store.create_file(project)),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Remove what a project kept outside the registry; its row is marked as going before this.
    ///
    /// A project that never got a number has no rows: the number 0 is the platform's, whose rows stay.
    pub async fn project_discard(&self, project: &ProjectRef) -> Result<(), StoreError> {
        if project.is_console() {
            let what = "the platform's own project cannot be removed";
            return Err(StoreError::new(StoreErrorKind::Inconsistent(what.into())));
        }
        match &self.engine {
            Engine::Sqlite(store) => blocking(|| store.remove_file(project)),
            Engine::Postgres(_) if project.number == ProjectRef::console().number => Ok(()),
            Engine::Postgres(store) => {
                store.write(project, None, |tx| async move { tx.project_rows_delete().await }).await
            }
        }
    }

    /// Undo what a crash left of half-made projects; at start-up, with the ids of all registry rows.
    pub fn projects_tidy(&self, registered: &std::collections::HashSet<Arc<str>>) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(store) => store.tidy_files(registered),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// What was counted of the use of projects and is not written yet.
    pub fn meter(&self) -> &Meter {
        &self.generations.meter
    }

    /// Where changes of this thing are counted, for caches.
    pub fn slot(&self, project: &str, noun: Noun, id: &str) -> Slot {
        self.generations.slot(project, noun, id)
    }

    /// How often the thing has changed; read before the query whose answer is cached.
    pub fn generation(&self, slot: Slot) -> u64 {
        self.generations.current(slot)
    }

    /// The engine's name, for logs and health.
    pub fn engine(&self) -> &'static str {
        match &self.engine {
            Engine::Sqlite(_) => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    /// The regions that projects can be placed in, the first one first.
    pub fn regions(&self) -> Vec<String> {
        match &self.engine {
            Engine::Sqlite(_) => vec![ProjectRef::REGION_DEFAULT.to_owned()],
            Engine::Postgres(store) => store.regions().map(str::to_owned).collect(),
        }
    }

    /// Whether the region's database answers.
    pub async fn ping(&self, region: &str) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(store) => {
                let body = |tx: Tx| async move { tx.user_count(1).await.map(drop) };
                store.read(&ProjectRef::console(), body)
            }
            Engine::Postgres(store) => store.ping(region).await,
        }
    }

    /// Connections to the engine. The embedded one has this process alone.
    pub fn connections(&self) -> Connections {
        match &self.engine {
            Engine::Sqlite(_) => Connections { current: 1, max: 1 },
            Engine::Postgres(store) => store.connections(),
        }
    }

    /// Groups of transactions committed since the embedded store was opened.
    pub fn groups_committed(&self) -> u64 {
        match &self.engine {
            Engine::Sqlite(store) => store.groups(),
            Engine::Postgres(_) => 0,
        }
    }

    /// What the store tells about its own work at this moment.
    pub fn figures(&self) -> StoreFigures {
        match &self.engine {
            Engine::Sqlite(store) => StoreFigures::Embedded(store.figures()),
            Engine::Postgres(store) => StoreFigures::Pooled(store.figures()),
        }
    }

    /// Readers that hold a snapshot while nobody uses them.
    #[cfg(test)]
    pub(crate) fn idle_snapshots(&self) -> usize {
        match &self.engine {
            Engine::Sqlite(store) => store.idle_snapshots(),
            Engine::Postgres(_) => 0,
        }
    }

    /// Project files that are open now.
    pub fn open_projects(&self) -> usize {
        match &self.engine {
            Engine::Sqlite(store) => store.open_count(),
            Engine::Postgres(_) => 0,
        }
    }
}

/// Do what blocks; on a runtime with several threads the other tasks of this one move away first.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}
