//! One open project file: its writer connection, its readers and its queue of waiting transactions.

use std::collections::VecDeque;
use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::job::Job;
use super::{SqliteOptions, conn};
use crate::{ProjectRef, StoreError, StoreErrorKind, migrations};

/// Readers kept open per file: more than the threads that can read at once would be idle memory.
const READERS_MAX: usize = 4;

/// A project's file while it is open.
pub(super) struct ProjectFile {
    pub(super) project: ProjectRef,
    path: PathBuf,
    queue: Mutex<VecDeque<Box<dyn Job>>>,
    /// Whether a worker has the file, or it waits for one; keeps a file to one worker at a time.
    pub(super) is_scheduled: AtomicBool,
    /// The writer's connection; `None` only while a worker uses it, or after it could not be opened.
    pub(super) writer: Mutex<Option<Box<Connection>>>,
    /// Whether the writer's connection has seen a failure after which it must be replaced.
    pub(super) is_suspect: AtomicBool,
    /// Frames in the WAL after the last commit.
    pub(super) wal_frames: Arc<AtomicU32>,
    readers: Mutex<Vec<Reader>>,
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
    ) -> Result<Self, StoreError> {
        let file = Self {
            project,
            path,
            queue: Mutex::default(),
            is_scheduled: AtomicBool::new(false),
            writer: Mutex::default(),
            is_suspect: AtomicBool::new(false),
            wal_frames: Arc::default(),
            readers: Mutex::default(),
            commits: AtomicU64::new(0),
            last_used_ms: AtomicI64::new(0),
            is_checkpointing: AtomicBool::new(false),
        };
        let writer = file.open_writer(options)?;
        *file.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(writer);
        Ok(file)
    }

    /// A writer's connection: at the first use, and again after a COMMIT that failed.
    pub(super) fn open_writer(&self, options: &SqliteOptions) -> Result<Box<Connection>, StoreError> {
        let mut writer = conn::open(&self.path, conn::Role::Writer, options)?;
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

    pub(super) fn next_job(&self) -> Option<Box<dyn Job>> {
        self.queue().pop_front()
    }

    pub(super) fn is_idle(&self) -> bool {
        self.queue().is_empty()
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<Box<dyn Job>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Say that a commit is on disk: from now on no read starts on an older snapshot.
    pub(super) fn advance_commits(&self) {
        self.commits.fetch_add(1, Ordering::SeqCst);
    }

    /// A reader whose snapshot shows every commit that was acknowledged before this call.
    pub(super) fn reader(&self, now_ms: i64, options: &SqliteOptions) -> Result<Reader, StoreError> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => Reader { conn: conn::open(&self.path, conn::Role::Reader, options)?, snapshot: None },
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
        Ok(reader)
    }

    pub(super) fn give_back(&self, reader: Reader) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_MAX {
            readers.push(reader);
        }
    }

    /// End the snapshots of idle readers, so that a checkpoint can pass them.
    pub(super) fn release_snapshots(&self) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        readers.retain_mut(|reader| reader.release().is_ok());
    }
}

impl Reader {
    fn release(&mut self) -> Result<(), StoreError> {
        if self.snapshot.take().is_some() {
            self.conn.prepare_cached("COMMIT")?.execute([])?;
        }
        Ok(())
    }
}
