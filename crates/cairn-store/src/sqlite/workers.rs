//! The bounded pool of writer threads and the checkpointer.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::file::ProjectFile;
use super::{Shared, conn, writer};
use crate::StoreError;

/// Frames after which a WAL is worth a checkpoint (4 MiB of pages).
const CHECKPOINT_FRAMES: u32 = 1_000;
/// Frames at which the writer itself checkpoints before going on (128 MiB of pages).
const CHECKPOINT_FRAMES_HARD: u32 = 32_000;

/// Files that wait for a thread; closed when the store closes.
#[derive(Default)]
pub(super) struct RunQueue {
    state: Mutex<RunState>,
    ready: Condvar,
}

#[derive(Default)]
struct RunState {
    files: VecDeque<Arc<ProjectFile>>,
    is_closed: bool,
}

impl RunQueue {
    pub(super) fn push(&self, file: Arc<ProjectFile>) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).files.push_back(file);
        self.ready.notify_one();
    }

    pub(super) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).is_closed = true;
        self.ready.notify_all();
    }

    fn pop(&self) -> Option<Arc<ProjectFile>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(file) = state.files.pop_front() {
                return Some(file);
            }
            if state.is_closed {
                return None;
            }
            state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
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
    while let Some(file) = shared.to_write.pop() {
        writer::run_group(&file, shared);
        let frames = file.wal_frames.load(Ordering::Relaxed);
        if frames >= CHECKPOINT_FRAMES {
            checkpoint_or_hand_over(&file, frames, shared);
        }
        // Whoever enqueues after this store schedules the file again; whoever did before is seen below.
        file.is_scheduled.store(false, Ordering::SeqCst);
        if !file.is_idle() {
            schedule(&file, shared);
        }
    }
}

/// An idle writer checkpoints in line, so that the WAL is overwritten instead of growing; a busy one hands over.
fn checkpoint_or_hand_over(file: &Arc<ProjectFile>, frames: u32, shared: &Shared) {
    if file.is_idle() || frames >= CHECKPOINT_FRAMES_HARD {
        file.release_snapshots();
        let writer = file.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(conn) = writer.as_deref() {
            checkpoint(file, conn);
        }
    } else if !file.is_checkpointing.swap(true, Ordering::SeqCst) {
        shared.to_checkpoint.push(Arc::clone(file));
    }
}

fn checkpoint_until_closed(shared: &Shared) {
    while let Some(file) = shared.to_checkpoint.pop() {
        file.release_snapshots();
        match conn::open(file.path(), conn::Role::Writer, &shared.options) {
            Ok(conn) => checkpoint(&file, &conn),
            Err(error) => report(&file, &error),
        }
        file.is_checkpointing.store(false, Ordering::SeqCst);
    }
}

fn checkpoint(file: &ProjectFile, conn: &rusqlite::Connection) {
    let result = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    if let Err(error) = result {
        report(file, &StoreError::from(error));
    }
}

/// A failed checkpoint loses nothing: the WAL keeps the changes and the next one tries again.
fn report(file: &ProjectFile, error: &StoreError) {
    tracing::warn!(project = %file.project.id, %error, source = ?error.source, "a checkpoint failed");
}
