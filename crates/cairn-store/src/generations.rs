//! Which cached things have changed: the clock of every cache above the store.

use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::RandomState;

use crate::Meter;

/// More slots mean fewer needless misses; each costs eight bytes.
const SLOTS: usize = 8_192;

/// A kind of thing that a cache above the store keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Noun {
    /// A project's registry row and settings.
    Project,
    /// A key, by the look-up hash of its secret.
    Key,
    /// All that decides what a user may do: status, labels, sessions, memberships.
    User,
    /// A collection's schema and permissions.
    Collection,
    /// A token of a session, by its keyed hash.
    Bearer,
}

/// Counts changes by thing, in a fixed number of slots.
///
/// A cached answer carries the generation that was read before its query and counts only while the slot has
/// not moved. Slots move after COMMIT and before the writer's answer, so that in one process a change is seen
/// by everything that starts after its acknowledgement. Two things may share a slot: that costs a miss,
/// never a stale answer.
///
/// It is what all transactions of a store share, and so it also counts their statements.
#[derive(Clone, Debug)]
pub struct Generations {
    slots: Arc<[AtomicU64]>,
    hasher: RandomState,
    /// What transactions have counted: published after COMMIT too.
    pub(crate) meter: Meter,
    statements: Arc<AtomicU64>,
}

/// The place of one thing among the generations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(usize);

impl Generations {
    pub(crate) fn new() -> Self {
        let slots = (0..SLOTS).map(|_| AtomicU64::new(0)).collect();
        Self { slots, hasher: RandomState::default(), meter: Meter::default(), statements: Arc::default() }
    }

    /// Where this thing's changes are counted.
    pub fn slot(&self, project: &str, noun: Noun, id: &str) -> Slot {
        let hash = self.hasher.hash_one((project, noun, id));
        Slot(usize::try_from(hash % SLOTS as u64).expect("a slot number fits"))
    }

    /// How often the slot has moved.
    pub fn current(&self, slot: Slot) -> u64 {
        self.slots[slot.0].load(Ordering::SeqCst)
    }

    pub(crate) fn advance(&self, slot: Slot) {
        self.slots[slot.0].fetch_add(1, Ordering::SeqCst);
    }

    /// A transaction has ended that ran so many statements.
    pub(crate) fn add_statements(&self, count: u64) {
        self.statements.fetch_add(count, Ordering::Relaxed);
    }

    /// Statements of all transactions that have ended.
    pub(crate) fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }
}
