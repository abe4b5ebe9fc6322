//! The bounded pools of writer threads, for short and for long transactions, and the checkpointer.
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

use super::cache::Share;
use super::file::ProjectFile;
use super::job::Length;
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
    /// Whether a thread will take the file: not once the queue is closed.
    fn push(&self, file: Arc<ProjectFile>) -> bool {
        let mut state = self.state();
        if state.is_closed {
            return false;
        }
        state.files.push_back(file);
        drop(state);
        self.ready.notify_one();
        true
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

/// Give the file to a worker, unless it already has or awaits one. False when the store is closing: no worker would
/// come to it.
pub(super) fn schedule(file: &Arc<ProjectFile>, shared: &Shared) -> bool {
    if !file.is_scheduled.swap(true, Ordering::SeqCst) {
        let queue = match file.next_length() {
            Some(Length::Long) => &shared.to_write_long,
            _ => &shared.to_write,
        };
        return queue.push(Arc::clone(file));
    }
    true
}

pub(super) fn spawn(shared: &Arc<Shared>) -> std::io::Result<Vec<JoinHandle<()>>> {
    let mut threads = Vec::new();
    let pools =
        [(Length::Short, shared.options.writer_threads), (Length::Long, shared.options.long_writer_threads)];
    for (length, size) in pools {
        for number in 0..size {
            let shared = Arc::clone(shared);
            threads.push(
                std::thread::Builder::new()
                    .name(format!(
                        "cairn-{}-{number}",
                        if length == Length::Long { "long" } else { "writer" }
                    ))
                    .spawn(move || write_until_closed(&shared, length))?,
            );
        }
    }
    let shared = Arc::clone(shared);
    threads.push(
        std::thread::Builder::new()
            .name("cairn-checkpoint".into())
            .spawn(move || checkpoint_until_closed(&shared))?,
    );
    Ok(threads)
}

fn write_until_closed(shared: &Shared, length: Length) {
    let queue = match length {
        Length::Short => &shared.to_write,
        Length::Long => &shared.to_write_long,
    };
    loop {
        let file = match queue.pop(None) {
            Next::File(file) => file,
            Next::Nothing => continue,
            Next::Closed => return,
        };
        let mut next = Some(length);
        while let Some(length) = next {
            write_group(&file, shared, length);
            // Whoever enqueues after this store schedules the file again; whoever did before is seen below.
            file.is_scheduled.store(false, Ordering::SeqCst);
            // A closing store finishes what it accepted, in whichever thread has it.
            let is_left = !file.is_idle() && !schedule(&file, shared);
            next = if is_left { file.next_length() } else { None };
        }
    }
}

fn write_group(file: &Arc<ProjectFile>, shared: &Shared, length: Length) {
    // A defect of ours must not take the thread: whoever waits gets an error, and the connection is replaced.
    if catch_unwind(AssertUnwindSafe(|| writer::run_group(file, shared, length))).is_err() {
        tracing::error!(project = %file.project.id, "a group panicked");
        file.is_suspect.store(true, Ordering::SeqCst);
    }
    checkpoint_if_due(file, shared);
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
        let _ = shared.to_checkpoint.push(Arc::clone(file));
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
    match conn::open(file.path(), conn::Role::Writer, &shared.options, &Share::passing()) {
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
    shared.close_idle();
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
