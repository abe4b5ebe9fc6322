//! The bounded pools of writer threads, for short and for long transactions, and the checkpointer's thread.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use super::checkpoints::{checkpoint_beside, checkpoint_if_due};
use super::file::ProjectFile;
use super::job::Length;
use super::{SWEEP_MS, Shared, writer};

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
    pub(super) fn push(&self, file: Arc<ProjectFile>) -> bool {
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
