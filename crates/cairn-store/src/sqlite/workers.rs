//! The bounded pool of writer threads and the checkpointer.
//!
//! Who checkpoints decides how long writers wait: an idle writer does it in line, so that the WAL is overwritten
//! instead of growing; a busy one hands over to the checkpointer and goes on. A WAL starts anew only when every frame
//! is in the database, which a checkpointer beside a busy writer never reaches: from `FINISH_FACTOR` on the writer
//! does the short rest itself, and from `HARD_FACTOR` on it also waits for readers to end their snapshots.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use super::file::ProjectFile;
use super::{SWEEP_MS, Shared, conn, writer};
use crate::StoreError;

/// A WAL of this many times `checkpoint_frames` makes a busy writer finish what the checkpointer has begun.
const FINISH_FACTOR: u32 = 8;
/// A WAL of this many times `checkpoint_frames` makes the writer wait for readers to end their snapshots.
const HARD_FACTOR: u32 = 32;

/// Files that wait for a thread; closed when the store closes.
#[derive(Default)]
pub(super) struct RunQueue {
    state: Mutex<RunState>,
    ready: Condvar,
}

#[derive(Default)]
struct RunState {
    files: VecDeque<Arc<ProjectFile>>,
    is_woken: bool,
    is_closed: bool,
}

/// What a thread that waits on a [`RunQueue`] gets.
enum Next {
    File(Arc<ProjectFile>),
    /// It was woken, or its time was up.
    Nothing,
    Closed,
}

impl RunQueue {
    pub(super) fn push(&self, file: Arc<ProjectFile>) {
        self.state().files.push_back(file);
        self.ready.notify_one();
    }

    pub(super) fn wake(&self) {
        self.state().is_woken = true;
        self.ready.notify_one();
    }

    pub(super) fn close(&self) {
        self.state().is_closed = true;
        self.ready.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, RunState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pop(&self, wait_max: Option<Duration>) -> Next {
        let mut state = self.state();
        loop {
            if let Some(file) = state.files.pop_front() {
                return Next::File(file);
            }
            if state.is_closed {
                return Next::Closed;
            }
            if std::mem::take(&mut state.is_woken) {
                return Next::Nothing;
            }
            let Some(wait_max) = wait_max else {
                state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let waited = self.ready.wait_timeout(state, wait_max);
            let (guard, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = guard;
            if timeout.timed_out() {
                return state.files.pop_front().map_or(Next::Nothing, Next::File);
            }
        }
    }
}

/// Give the file to a worker, unless it already has or awaits one.
pub(super) fn schedule(file: &Arc<ProjectFile>, shared: &Shared) {
    if !file.is_scheduled.swap(true, Ordering::SeqCst) {
        shared.to_write.push(Arc::clone(file));
    }
}

pub(super) fn spawn(shared: &Arc<Shared>) -> std::io::Result<Vec<JoinHandle<()>>> {
    let mut threads = Vec::new();
    for number in 0..shared.options.writer_threads {
        let shared = Arc::clone(shared);
        threads.push(
            std::thread::Builder::new()
                .name(format!("cairn-writer-{number}"))
                .spawn(move || write_until_closed(&shared))?,
        );
    }
    let shared = Arc::clone(shared);
    threads.push(
        std::thread::Builder::new()
            .name("cairn-checkpoint".into())
            .spawn(move || checkpoint_until_closed(&shared))?,
    );
    Ok(threads)
}

fn write_until_closed(shared: &Shared) {
    loop {
        let file = match shared.to_write.pop(None) {
            Next::File(file) => file,
            Next::Nothing => continue,
            Next::Closed => return,
        };
        // A defect of ours must not take the thread: whoever waits gets an error, and the connection is replaced.
        if catch_unwind(AssertUnwindSafe(|| writer::run_group(&file, shared))).is_err() {
            tracing::error!(project = %file.project.id, "a group panicked");
            file.is_suspect.store(true, Ordering::SeqCst);
        }
        checkpoint_if_due(&file, shared);
        // Whoever enqueues after this store schedules the file again; whoever did before is seen below.
        file.is_scheduled.store(false, Ordering::SeqCst);
        if !file.is_idle() {
            schedule(&file, shared);
        }
    }
}

fn checkpoint_if_due(file: &Arc<ProjectFile>, shared: &Shared) {
    let frames = file.wal_frames.load(Ordering::Relaxed);
    let checkpointed = file.checkpointed_frames.load(Ordering::Relaxed);
    // Fewer frames than at the last checkpoint: the WAL has started anew.
    let grown = frames.checked_sub(checkpointed).unwrap_or(frames);
    let worth = shared.options.checkpoint_frames;
    if grown < worth {
        return;
    }
    let is_checkpointing = file.is_checkpointing.load(Ordering::SeqCst);
    if frames / worth.max(1) >= HARD_FACTOR {
        file.awaiting_readers(|| checkpoint_in_line(file, "PRAGMA wal_checkpoint(RESTART)"));
    } else if !is_checkpointing && (file.is_idle() || frames / worth.max(1) >= FINISH_FACTOR) {
        file.release_snapshots();
        checkpoint_in_line(file, "PRAGMA wal_checkpoint(PASSIVE)");
    } else if !file.is_checkpointing.swap(true, Ordering::SeqCst) {
        shared.to_checkpoint.push(Arc::clone(file));
    } else {
        return;
    }
    file.checkpointed_frames.store(frames, Ordering::Relaxed);
}

fn checkpoint_in_line(file: &ProjectFile, sql: &str) {
    let writer = file.writer.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(conn) = writer.as_deref() {
        checkpoint(file, conn, sql);
    }
}

fn checkpoint_until_closed(shared: &Shared) {
    let interval = Duration::from_millis(u64::try_from(SWEEP_MS).expect("a short time"));
    loop {
        let wait_max = shared.is_sweeping.load(Ordering::SeqCst).then_some(interval);
        match shared.to_checkpoint.pop(wait_max) {
            Next::File(file) => checkpoint_beside(&file, shared),
            Next::Nothing => sweep(shared),
            Next::Closed => return,
        }
    }
}

fn checkpoint_beside(file: &ProjectFile, shared: &Shared) {
    file.release_snapshots();
    match conn::open(file.path(), conn::Role::Writer, &shared.options) {
        Ok(conn) => checkpoint(file, &conn, "PRAGMA wal_checkpoint(PASSIVE)"),
        Err(error) => report(file, &error),
    }
    file.is_checkpointing.store(false, Ordering::SeqCst);
}

/// Look at all idle readers and files, and whether there is reason to look again.
fn sweep(shared: &Shared) {
    // A reader that comes while we look asks for the next look itself.
    shared.is_sweeping.store(false, Ordering::SeqCst);
    let now_ms = shared.clock.monotonic_ms();
    let mut is_any_left = false;
    for file in shared.files.all().iter().filter_map(Weak::upgrade) {
        is_any_left |= file.sweep(now_ms);
    }
    // Files that were all in use when one more was opened.
    for (reservation, idle) in shared.files.take_idle(shared.options.open_projects_max) {
        drop(idle);
        drop(reservation);
    }
    if is_any_left {
        shared.is_sweeping.store(true, Ordering::SeqCst);
    }
}

/// A checkpoint that readers stop half-way is no failure: the next one goes on from there.
fn checkpoint(file: &ProjectFile, conn: &rusqlite::Connection, sql: &str) {
    let result = conn.query_row(sql, [], |_| Ok(()));
    if let Err(error) = result {
        report(file, &StoreError::from(error));
    }
}

/// A failed checkpoint loses nothing: the WAL keeps the changes and the next one tries again.
fn report(file: &ProjectFile, error: &StoreError) {
    tracing::warn!(project = %file.project.id, %error, source = ?error.source, "a checkpoint failed");
}
