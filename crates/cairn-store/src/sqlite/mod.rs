//! The embedded engine: one SQLite file per project and one for the platform.
//!
//! A write is queued on its project and run by that project's worker (`writer`); a read runs at once on the
//! caller's thread, on a snapshot that shows every acknowledged commit (`file`).

mod cache;
mod checkpoints;
mod conn;
mod file;
mod files;
mod job;
mod lock;
mod projects;
mod reads;
mod workers;
mod writer;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use cairn_std::Clock;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::figures::{Counts, EmbeddedFigures};
use crate::generations::Generations;
use crate::tx::poll_now;
use crate::{ProjectRef, StoreError, StoreErrorKind, Tx};
use cache::Budget;
use file::{Patience, ProjectFile};
use files::{Files, Found};
use workers::RunQueue;

/// No reader keeps a snapshot longer than this, so that checkpoints can pass it.
const SNAPSHOT_MS_MAX: i64 = 1_000;
/// How often idle readers are looked at, while there are any.
const SWEEP_MS: i64 = 500;

/// How the embedded store is opened.
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    /// The directory of the platform's file and of `projects/`.
    pub dir: PathBuf,
    /// The SQLite I/O layer to open files through; the pass-through of cairn-vfs when `None`.
    pub vfs: Option<String>,
    /// When a commit counts as done.
    pub synchronous: Synchronous,
    /// Project files kept open at most; the least recently used one is closed first.
    pub open_projects_max: usize,
    /// Bytes that the page caches of all open files may take together.
    pub page_cache_bytes_max: u64,
    /// Threads that run write transactions; one project never has more than one of them.
    pub writer_threads: usize,
    /// Threads that run long write transactions; beside the others, which long ones must not keep from short ones.
    pub long_writer_threads: usize,
    /// Transactions that may wait for one project; one more is refused as busy.
    pub queue_max: usize,
    /// Milliseconds that a write waits in the queue before it is dropped unexecuted.
    pub queue_ms_max: i64,
    /// Milliseconds that a statement of a read may run.
    pub query_ms_max: i64,
    /// New pages in a write-ahead log after which it is worth a checkpoint; eight times as many make a busy writer
    /// finish one, and thirty-two times as many wait for readers.
    pub checkpoint_frames: u32,
}

/// When a commit counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// After it is on disk.
    Full,
    /// At once; loses acknowledged writes at a power cut. Only the durability test's control run wants this.
    Off,
}

impl SqliteOptions {
    /// The options of a store in `dir`.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            vfs: None,
            synchronous: Synchronous::Full,
            open_projects_max: 256,
            page_cache_bytes_max: 512 << 20,
            writer_threads: 2,
            long_writer_threads: 1,
            queue_max: 4_096,
            queue_ms_max: 15_000,
            query_ms_max: 15_000,
            checkpoint_frames: 1_000,
        }
    }
}

pub(crate) struct SqliteStore {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    long_reads: Semaphore,
    _lock: lock::DataLock,
}

/// What the store's threads share.
struct Shared {
    options: SqliteOptions,
    clock: Clock,
    generations: Generations,
    files: Files,
    caches: Budget,
    to_write: RunQueue,
    to_write_long: RunQueue,
    to_checkpoint: RunQueue,
    /// Whether the checkpointer looks at idle readers from time to time.
    is_sweeping: AtomicBool,
    counts: Counts,
}

impl SqliteStore {
    pub(crate) fn open(
        mut options: SqliteOptions,
        clock: Clock,
        generations: Generations,
    ) -> Result<Self, StoreError> {
        let io = |error| StoreError::caused(StoreErrorKind::Io, error);
        std::fs::create_dir_all(options.dir.join(projects::DIRECTORY)).map_err(io)?;
        let lock = lock::DataLock::acquire(&options.dir)?;
        if options.vfs.is_none() {
            // What the crash tests exercise is what runs.
            let vfs = cairn_vfs::Vfs::register_passthrough();
            let vfs = vfs.map_err(|error| StoreError::caused(StoreErrorKind::Io, error))?;
            options.vfs = Some(vfs.name().to_owned());
        }
        let caches = Budget::new(options.page_cache_bytes_max);
        let shared = Arc::new(Shared {
            options,
            clock,
            generations,
            files: Files::default(),
            caches,
            to_write: RunQueue::default(),
            to_write_long: RunQueue::default(),
            to_checkpoint: RunQueue::default(),
            is_sweeping: AtomicBool::new(false),
            counts: Counts::default(),
        });
        let threads = workers::spawn(&shared).map_err(io)?;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let long_reads = Semaphore::new(processors);
        let store = Self { shared, threads: Mutex::new(threads), long_reads, _lock: lock };
        store.file(&ProjectRef::console())?;
        Ok(store)
    }

    /// Queue the closure on its project and wait for the answer that follows the commit.
    ///
    /// With `run_ms_max` it shares its commit with nobody, and is stopped when it has run for so long.
    pub(crate) async fn write<T, E, F, Fut>(
        &self,
        project: &ProjectRef,
        run_ms_max: Option<i64>,
        body: F,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        let file = self.file(project)?;
        let deadline_ms = self.shared.clock.monotonic_ms() + self.shared.options.queue_ms_max;
        let (job, answer) = job::WriteJob::new(body, deadline_ms, run_ms_max);
        file.enqueue(Box::new(job), self.shared.options.queue_max)?;
        workers::schedule(&file, &self.shared);
        match answer.await {
            Ok(result) => result,
            Err(_) => Err(StoreError::new(StoreErrorKind::Unavailable).into()),
        }
    }

    /// Wait until one more long read may run: more of them at once than there are processors would only share these,
    /// each with a thread and a connection's cache of its own.
    pub(crate) async fn long_read_turn(&self) -> Result<SemaphorePermit<'_>, StoreError> {
        self.long_reads.acquire().await.map_err(|_| StoreError::new(StoreErrorKind::Unavailable))
    }

    /// Run the closure on a snapshot, on this thread.
    pub(crate) fn read<T, E, F, Fut>(&self, project: &ProjectRef, body: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        self.read_within(Patience::Whole, project, body)?.0
    }

    /// As [`SqliteStore::read`], but `None` where it turns out to be long.
    pub(crate) fn read_if_short<T, E, F, Fut>(&self, project: &ProjectRef, body: F) -> Option<Result<T, E>>
    where
        E: From<StoreError>,
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        match self.read_within(Patience::Short, project, body) {
            Ok((result, was_stopped)) => (!was_stopped).then_some(result),
            Err(error) => Some(Err(error.into())),
        }
    }

    /// What a closure gives, and whether a statement of it was stopped.
    fn read_within<T, E, F, Fut>(
        &self,
        patience: Patience,
        project: &ProjectRef,
        body: F,
    ) -> Result<(Result<T, E>, bool), StoreError>
    where
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let file = self.file(project)?;
        let _turn = file.reading();
        let Shared { clock, options, caches, .. } = &*self.shared;
        let mut reader = file.reader(clock, options, caches, patience)?;
        let tx = Tx::sqlite(file.project.clone(), reader.conn, self.shared.generations.clone(), None);
        let result = poll_now(body(tx.clone()));
        // A connection that a panic or a leaked handle kept is simply not given back.
        if let Some(conn) = tx.reclaim().filter(|conn| !conn.is_autocommit()) {
            reader.conn = conn;
            file.give_back(reader);
            // Not before: the checkpointer must find the reader idle.
            self.shared.sweep_soon();
        }
        Ok((result, tx.failure() == Some(&StoreErrorKind::Timeout)))
    }

    fn file(&self, project: &ProjectRef) -> Result<Arc<ProjectFile>, StoreError> {
        let now_ms = self.shared.clock.monotonic_ms();
        let reservation = match self.shared.files.find(&project.id) {
            Found::Open(file) => {
                file.last_used_ms.store(now_ms, Ordering::Relaxed);
                return Ok(file);
            }
            Found::Closed(reservation) => reservation,
        };
        let path = self.path_of(&project.id)?;
        if !project.is_console() && !path.exists() {
            return Err(StoreError::new(StoreErrorKind::NoProject));
        }
        let cache = self.shared.caches.share();
        let file = Arc::new(ProjectFile::open(project.clone(), path, &self.shared.options, cache)?);
        file.last_used_ms.store(now_ms, Ordering::Relaxed);
        reservation.fulfil(&file);
        self.shared.close_idle();
        Ok(file)
    }

    fn path_of(&self, project: &str) -> Result<PathBuf, StoreError> {
        projects::path_of(&self.shared.options.dir, project)
    }

    /// Groups committed since the store was opened.
    pub(crate) fn groups(&self) -> u64 {
        self.shared.counts.group_transactions.read().total()
    }

    /// What the store tells about its own work.
    pub(crate) fn figures(&self) -> EmbeddedFigures {
        let files = self.shared.files.all();
        EmbeddedFigures {
            open_projects: files.len(),
            waiting: files.iter().filter_map(std::sync::Weak::upgrade).map(|file| file.waiting()).sum(),
            commit_us: self.shared.counts.commit_us.read(),
            group_transactions: self.shared.counts.group_transactions.read(),
        }
    }

    /// Project files that are open now.
    pub(crate) fn open_count(&self) -> usize {
        self.shared.files.count()
    }

    /// Readers of open files that hold a snapshot while nobody uses them.
    #[cfg(test)]
    pub(crate) fn idle_snapshots(&self) -> usize {
        self.shared
            .files
            .all()
            .iter()
            .filter_map(std::sync::Weak::upgrade)
            .map(|file| file.idle_snapshots())
            .sum()
    }

    /// The data directory.
    pub(crate) fn dir(&self) -> &Path {
        &self.shared.options.dir
    }
}

impl Drop for SqliteStore {
    /// Let the writers finish what was accepted, then close every file.
    fn drop(&mut self) {
        self.shared.to_write.close();
        self.shared.to_write_long.close();
        self.shared.to_checkpoint.close();
        let here = std::thread::current().id();
        for thread in self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // The last handle may go with a request's work, in a writer; that one ends by itself.
            if thread.thread().id() != here {
                let _ = thread.join();
            }
        }
        self.shared.files.clear();
    }
}

impl Shared {
    /// Close the files that nobody has used for longest: as many as there are too many, and one more while the page caches
    /// have no room for the next connection.
    fn close_idle(&self) {
        let mut open_max = self.options.open_projects_max;
        if self.caches.is_short() {
            open_max = open_max.min(self.files.count().saturating_sub(1));
        }
        for (reservation, idle) in self.files.take_idle(open_max) {
            drop(idle);
            drop(reservation);
        }
    }

    /// Have the checkpointer look at idle readers: there is one now.
    fn sweep_soon(&self) {
        if !self.is_sweeping.load(Ordering::Relaxed) && !self.is_sweeping.swap(true, Ordering::SeqCst) {
            self.to_checkpoint.wake();
        }
    }
}
