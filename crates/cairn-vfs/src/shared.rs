//! What the handle of a VFS and SQLite's view of it have in common; safe code that the shim asks.

use std::sync::{Mutex, PoisonError};

use crate::counters::LiveCounters;
use crate::{Failure, Faults, FileClass, Op, Recording};

static REGISTERED: Mutex<Vec<&'static Shared>> = Mutex::new(Vec::new());

/// State of one registered VFS, leaked with it.
pub(crate) struct Shared {
    name: String,
    is_counting: bool,
    faults: Faults,
    counters: LiveCounters,
    recording: Option<Recording>,
}

impl Shared {
    /// Makes state that lives as long as the process, as SQLite's pointers to it may.
    pub(crate) fn leak(name: &str, is_counting: bool, recording: Option<Recording>) -> &'static Self {
        Box::leak(Box::new(Self {
            name: name.to_owned(),
            is_counting,
            faults: Faults::default(),
            counters: LiveCounters::default(),
            recording,
        }))
    }

    /// Make this VFS known to [`Shared::named`].
    pub(crate) fn list(&'static self) {
        REGISTERED.lock().unwrap_or_else(PoisonError::into_inner).push(self);
    }

    /// The registered VFS of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        let registered = REGISTERED.lock().unwrap_or_else(PoisonError::into_inner);
        registered.iter().copied().find(|shared| shared.name == name)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(crate) fn counters(&self) -> &LiveCounters {
        &self.counters
    }

    pub(crate) fn recording(&self) -> Option<&Recording> {
        self.recording.as_ref()
    }

    /// Whether operations go straight to the unix VFS; the one check on the hot path.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        !(self.is_counting || self.recording.is_some() || self.faults.is_armed())
    }

    /// Counts an operation and decides whether it fails.
    pub(crate) fn admit(&self, op: Op, class: FileClass, path: &[u8], bytes: usize) -> Result<(), Failure> {
        if self.is_counting {
            self.counters.add(op, class, bytes);
        }
        if !self.faults.is_armed() {
            return Ok(());
        }
        self.faults.decide(op, class, path).map_or(Ok(()), Err)
    }
}
