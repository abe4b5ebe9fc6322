//! Reads of a file that run now, so that it can be opened anew while there are none.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many reads run; two atomic operations for each of them as long as nobody wants them to end.
#[derive(Default)]
pub(super) struct Reads {
    running: AtomicUsize,
    is_shut: AtomicBool,
    /// For waiting alone.
    lock: Mutex<()>,
    changed: Condvar,
}

/// A read that runs; it ends when dropped.
pub(super) struct Reading<'a>(&'a Reads);

/// No read runs and none begins until this is dropped.
pub(super) struct Nobody<'a>(&'a Reads);

impl Reads {
    /// Begin a read, after whoever has shut them out.
    pub(super) fn begin(&self) -> Reading<'_> {
        loop {
            // First the count, then the look: whoever shuts does it the other way round, so that one sees the other.
            self.running.fetch_add(1, Ordering::SeqCst);
            let reading = Reading(self);
            if !self.is_shut.load(Ordering::SeqCst) {
                return reading;
            }
            drop(reading);
            let guard = self.guard();
            let opened = self.changed.wait_while(guard, |()| self.is_shut.load(Ordering::SeqCst));
            drop(opened.unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Wait until no read runs, and let none begin; `None` when that takes too long.
    pub(super) fn shut(&self, within: Duration) -> Option<Nobody<'_>> {
        self.is_shut.store(true, Ordering::SeqCst);
        let nobody = Nobody(self);
        let is_running = |(): &mut ()| self.running.load(Ordering::SeqCst) > 0;
        let waited = self.changed.wait_timeout_while(self.guard(), within, is_running);
        let (_guard, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() { None } else { Some(nobody) }
    }

    fn guard(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        // Under the lock, so that nobody who is about to wait misses it.
        let _guard = self.guard();
        self.changed.notify_all();
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
        if self.0.is_shut.load(Ordering::SeqCst) {
            self.0.tell();
        }
    }
}

impl Drop for Nobody<'_> {
    fn drop(&mut self) {
        self.0.is_shut.store(false, Ordering::SeqCst);
        self.0.tell();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Reads;

    #[test]
    fn whoever_shuts_waits_for_reads_and_reads_wait_for_whoever_shut() {
        let reads = Reads::default();
        let reading = reads.begin();
        assert!(reads.shut(Duration::from_millis(1)).is_none(), "a read runs");
        std::thread::scope(|scope| {
            let shutting = scope.spawn(|| reads.shut(Duration::from_mins(1)).is_some());
            drop(reading);
            assert!(shutting.join().unwrap());
        });
        let nobody = reads.shut(Duration::ZERO).unwrap();
        std::thread::scope(|scope| {
            let beginning = scope.spawn(|| drop(reads.begin()));
            drop(nobody);
            beginning.join().unwrap();
        });
        assert!(reads.shut(Duration::ZERO).is_some(), "nothing is left running");
    }
}
