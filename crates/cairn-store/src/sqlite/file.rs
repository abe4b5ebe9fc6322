//! One open project file: its writer connection, its readers and its queue of waiting transactions.

use std::collections::VecDeque;
use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cairn_std::Clock;
use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::cache::{Budget, Share};
use super::job::{Job, Length};
use super::reads::{Reading, Reads};
use super::{SqliteOptions, conn};
use crate::{ProjectRef, StoreError, StoreErrorKind, migrations};

/// Readers kept open per file: more than the threads that can read at once would be idle memory.
const READERS_MAX: usize = 4;
/// Instructions of SQLite's machine between two looks at the time.
pub(super) const STEPS_PER_LOOK: c_int = 4_000;
/// Looks at the time that a short read gets: 48,000 instructions, which take well under a millisecond where they count
/// rows and about three where they read them.
const SHORT_LOOKS: u32 = 12;
/// Reads that still run when a file is to be opened anew are waited for so long; otherwise it is tried again later.
const READS_END_MAX: Duration = Duration::from_secs(1);
/// A reader that nobody used for this long is closed, and the writer's page cache given back.
const READER_IDLE_MS_MAX: i64 = 30_000;

/// A project's file while it is open.
pub(super) struct ProjectFile {
    pub(super) project: ProjectRef,
    path: PathBuf,
    queue: Mutex<VecDeque<Box<dyn Job>>>,
    /// Whether a worker has the file, or it waits for one; keeps a file to one worker at a time.
    pub(super) is_scheduled: AtomicBool,
    /// The writer's connection; `None` only while a worker uses it, or after that worker panicked.
    pub(super) writer: Mutex<Option<Box<Connection>>>,
    /// Whether the writer's connection has seen a failure after which it must be replaced.
    pub(super) is_suspect: AtomicBool,
    /// Frames in the WAL after the last commit.
    pub(super) wal_frames: Arc<AtomicU32>,
    /// Frames in the WAL when a checkpoint last began.
    pub(super) checkpointed_frames: AtomicU32,
    /// Whether a checkpoint waits for every reader to end its snapshot.
    is_awaiting_readers: AtomicBool,
    readers: Mutex<Vec<Reader>>,
    /// Reads that run now, and whether they may begin.
    reads: Reads,
    backfill: Mutex<Backfill>,
    /// What the writer's connection may keep in memory.
    cache: Share,
    /// Counts commits: a reader whose snapshot is of an older count starts a new one.
    commits: AtomicU64,
    pub(super) last_used_ms: AtomicI64,
    /// Whether the checkpointer works on this file now.
    pub(super) is_checkpointing: AtomicBool,
}

/// A connection that holds a snapshot between uses, because beginning one costs more than a point read.
pub(super) struct Reader {
    pub(super) conn: Box<Connection>,
    snapshot: Option<Snapshot>,
    bounds: Arc<Bounds>,
    used_ms: i64,
    _cache: Share,
}

/// How long a read may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// So short that nobody minds waiting for it.
    Short,
    /// As long as the options allow.
    Whole,
}

/// When the read that runs on a connection is over, whichever comes first.
struct Bounds {
    until_ms: AtomicI64,
    looks_left: AtomicU32,
}

impl Bounds {
    fn set(&self, until_ms: i64, looks: u32) {
        self.until_ms.store(until_ms, Ordering::Relaxed);
        self.looks_left.store(looks, Ordering::Relaxed);
    }

    /// Whether the read is over; each look counts.
    fn are_over(&self, clock: &Clock) -> bool {
        let looks = self.looks_left.load(Ordering::Relaxed);
        // Nobody else looks while the read runs.
        self.looks_left.store(looks.saturating_sub(1), Ordering::Relaxed);
        looks == 0 || clock.monotonic_ms() > self.until_ms.load(Ordering::Relaxed)
    }
}

/// What checkpoints have brought into the database so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backfill {
    /// It is there, or a sync is still to come that will tell.
    Sound,
    /// A sync failed: the kernel may have dropped pages that SQLite counts as written.
    Dropped,
}

#[derive(Clone, Copy)]
struct Snapshot {
    commits: u64,
    began_ms: i64,
}

impl ProjectFile {
    /// Open the file and bring its schema up to date.
    pub(super) fn open(
        project: ProjectRef,
        path: PathBuf,
        options: &SqliteOptions,
        cache: Share,
    ) -> Result<Self, StoreError> {
        let file = Self {
            project,
            path,
            queue: Mutex::default(),
            is_scheduled: AtomicBool::new(false),
            writer: Mutex::default(),
            is_suspect: AtomicBool::new(false),
            wal_frames: Arc::default(),
            checkpointed_frames: AtomicU32::new(0),
            is_awaiting_readers: AtomicBool::new(false),
            readers: Mutex::default(),
            reads: Reads::default(),
            backfill: Mutex::new(Backfill::Sound),
            cache,
            commits: AtomicU64::new(0),
            last_used_ms: AtomicI64::new(0),
            is_checkpointing: AtomicBool::new(false),
        };
        let writer = file.open_first_writer(options)?;
        *file.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(writer);
        Ok(file)
    }

    /// A writer's connection where there may be no other, so that it recovers what it finds in the WAL.
    ///
    /// The frames of a commit whose sync failed may be among that: in the page cache, but not on disk. What a new
    /// connection appended to them would be lost with them, so they are brought to disk first.
    pub(super) fn open_first_writer(&self, options: &SqliteOptions) -> Result<Box<Connection>, StoreError> {
        self.settle(options)?;
        self.open_writer(options)
    }

    fn settle(&self, options: &SqliteOptions) -> Result<(), StoreError> {
        let mut wal = self.path.as_os_str().to_owned();
        wal.push("-wal");
        cairn_vfs::settle(options.vfs.as_deref(), Path::new(&wal))
            .map_err(|error| StoreError::caused(StoreErrorKind::Io, error))
    }

    /// Close every connection without a checkpoint and open the writer's anew, so that SQLite recovers the WAL and
    /// counts none of its frames as being in the database.
    ///
    /// The caller keeps the checkpointer away. Fails, with everything as it was, while reads take too long.
    pub(super) fn begin_anew(
        &self,
        slot: &mut Option<Box<Connection>>,
        options: &SqliteOptions,
    ) -> Result<(), StoreError> {
        let _nobody = self.reads.shut(READS_END_MAX).ok_or_else(|| {
            StoreError::caused(StoreErrorKind::Unavailable, "reads keep the file from being opened anew")
        })?;
        // Before the last connection is closed: whoever comes next, a reader too, recovers the WAL from what it reads.
        self.settle(options)?;
        if let Some(writer) = slot.as_deref() {
            if !writer.is_autocommit() {
                let _ = writer.execute_batch("ROLLBACK");
            }
            conn::keep_wal_on_close(writer)?;
        }
        self.readers().clear();
        *slot = None;
        *slot = Some(self.open_writer(options)?);
        self.is_suspect.store(false, Ordering::SeqCst);
        Ok(())
    }

    /// What checkpoints have done so far; while it is held nobody else makes one.
    pub(super) fn backfill(&self) -> MutexGuard<'_, Backfill> {
        self.backfill.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to have a reader out; waits while the file is opened anew.
    pub(super) fn reading(&self) -> Reading<'_> {
        self.reads.begin()
    }

    /// A writer's connection, beside another one that keeps the WAL's index alive.
    pub(super) fn open_writer(&self, options: &SqliteOptions) -> Result<Box<Connection>, StoreError> {
        let mut writer = conn::open(&self.path, conn::Role::Writer, options, &self.cache)?;
        migrations::migrate_sqlite(&mut writer)?;
        let frames = Arc::clone(&self.wal_frames);
        writer.wal_hook(Some(move |_: &mut Wal, in_wal: c_int| {
            frames.store(u32::try_from(in_wal).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(writer)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn enqueue(&self, job: Box<dyn Job>, queue_max: usize) -> Result<(), StoreError> {
        let mut queue = self.queue();
        if queue.len() >= queue_max {
            return Err(StoreError::new(StoreErrorKind::Busy));
        }
        queue.push_back(job);
        Ok(())
    }

    /// The next waiting transaction, if it is of this length.
    pub(super) fn next_job(&self, length: Length) -> Option<Box<dyn Job>> {
        let mut queue = self.queue();
        let is_next = queue.front().is_some_and(|job| Length::of(&**job) == length);
        if is_next { queue.pop_front() } else { None }
    }

    /// The length of the next waiting transaction.
    pub(super) fn next_length(&self) -> Option<Length> {
        self.queue().front().map(|job| Length::of(&**job))
    }

    pub(super) fn is_idle(&self) -> bool {
        self.queue().is_empty()
    }

    /// How many transactions wait.
    pub(super) fn waiting(&self) -> usize {
        self.queue().len()
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<Box<dyn Job>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Say that a commit is on disk: from now on no read starts on an older snapshot.
    pub(super) fn advance_commits(&self) {
        self.commits.fetch_add(1, Ordering::SeqCst);
    }

    /// A reader whose snapshot shows every commit that was acknowledged before this call.
    pub(super) fn reader(
        &self,
        clock: &Clock,
        options: &SqliteOptions,
        caches: &Budget,
        patience: Patience,
    ) -> Result<Reader, StoreError> {
        let now_ms = clock.monotonic_ms();
        let mut reader = match self.readers().pop() {
            Some(reader) => reader,
            None => Reader::open(&self.path, clock, options, caches.reader_share())?,
        };
        // Read the count first: the snapshot begins later and can only be newer than it says.
        let commits = self.commits.load(Ordering::SeqCst);
        let is_current = reader.snapshot.is_some_and(|snapshot| {
            snapshot.commits == commits && now_ms - snapshot.began_ms < super::SNAPSHOT_MS_MAX
        });
        if !is_current {
            reader.release()?;
            reader.conn.prepare_cached("BEGIN")?.execute([])?;
            reader.snapshot = Some(Snapshot { commits, began_ms: now_ms });
        }
        let looks = if patience == Patience::Short { SHORT_LOOKS } else { u32::MAX };
        reader.bounds.set(now_ms.saturating_add(options.query_ms_max), looks);
        reader.used_ms = now_ms;
        Ok(reader)
    }

    pub(super) fn give_back(&self, mut reader: Reader) {
        reader.bounds.set(i64::MAX, u32::MAX);
        let mut readers = self.readers();
        let is_wanted = readers.len() < READERS_MAX
            && (!self.is_awaiting_readers.load(Ordering::SeqCst) || reader.release().is_ok());
        if is_wanted {
            readers.push(reader);
        }
    }

    /// End the snapshots of idle readers, so that a checkpoint can pass them.
    pub(super) fn release_snapshots(&self) {
        self.readers().retain_mut(|reader| reader.release().is_ok());
    }

    /// While `work` runs, readers end their snapshots as soon as nobody uses them.
    pub(super) fn awaiting_readers<T>(&self, work: impl FnOnce() -> T) -> T {
        self.is_awaiting_readers.store(true, Ordering::SeqCst);
        self.release_snapshots();
        let done = work();
        self.is_awaiting_readers.store(false, Ordering::SeqCst);
        done
    }

    /// End snapshots that grow old unused and close readers that nobody needs; whether any reader is left.
    pub(super) fn sweep(&self, now_ms: i64) -> bool {
        let mut readers = self.readers();
        let open = readers.len();
        readers.retain_mut(|reader| {
            let is_old = reader.snapshot.is_some_and(|snapshot| {
                now_ms - snapshot.began_ms >= super::SNAPSHOT_MS_MAX - super::SWEEP_MS
            });
            now_ms - reader.used_ms < READER_IDLE_MS_MAX && (!is_old || reader.release().is_ok())
        });
        let left = readers.len();
        drop(readers);
        if left < open
            && let Ok(writer) = self.writer.try_lock()
            && let Some(conn) = writer.as_deref()
        {
            let _ = conn.release_memory();
        }
        left > 0
    }

    /// Readers that hold a snapshot while nobody uses them.
    #[cfg(test)]
    pub(super) fn idle_snapshots(&self) -> usize {
        self.readers().iter().filter(|reader| reader.snapshot.is_some()).count()
    }

    fn readers(&self) -> MutexGuard<'_, Vec<Reader>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ProjectFile {
    /// Close the readers first: the last connection checkpoints, and that is the writer's work, if it may.
    fn drop(&mut self) {
        self.readers().clear();
        let writer = self.writer.get_mut().unwrap_or_else(PoisonError::into_inner);
        if *self.backfill.get_mut().unwrap_or_else(PoisonError::into_inner) == Backfill::Dropped
            && let Some(writer) = writer
        {
            // Refused only for options that SQLite does not know.
            let _ = conn::keep_wal_on_close(writer);
        }
    }
}

impl Reader {
    fn open(path: &Path, clock: &Clock, options: &SqliteOptions, cache: Share) -> Result<Self, StoreError> {
        let mut conn = conn::open(path, conn::Role::Reader, options, &cache)?;
        let bounds =
            Arc::new(Bounds { until_ms: AtomicI64::new(i64::MAX), looks_left: AtomicU32::new(u32::MAX) });
        let (clock, of_read) = (clock.clone(), Arc::clone(&bounds));
        conn.progress_handler(STEPS_PER_LOOK, Some(move || of_read.are_over(&clock)))?;
        Ok(Self { conn, snapshot: None, bounds, used_ms: 0, _cache: cache })
    }

    fn release(&mut self) -> Result<(), StoreError> {
        if self.snapshot.take().is_some() {
            self.conn.prepare_cached("COMMIT")?.execute([])?;
        }
        Ok(())
    }
}
