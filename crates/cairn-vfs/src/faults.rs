//! Rules that make operations fail, switched at run time.
//!
//! The result codes are those of SQLite's unix VFS for the same trouble, so that callers meet in a test what a real disk gives.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use libsqlite3_sys as sqlite;

use crate::{FileClass, Op};

#[cfg(test)]
mod tests;

/// What goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Failure {
    /// ENOSPC. A write stores its first half, then gives `SQLITE_FULL`, as a real full disk does.
    NoSpace,
    /// EIO. The operation has no effect and gives the `SQLITE_IOERR_*` of its kind.
    Io,
    /// The file cannot be opened: `SQLITE_CANTOPEN` whatever the operation.
    CantOpen,
}

impl Failure {
    /// The code that SQLite gets.
    ///
    /// The unix VFS tells a full disk apart on writes alone: a sync that fails for lack of space is an `SQLITE_IOERR_FSYNC`.
    pub(crate) fn code(self, op: Op) -> i32 {
        match (self, op) {
            (Self::CantOpen, _) | (_, Op::Open) => sqlite::SQLITE_CANTOPEN,
            (Self::NoSpace, Op::Write) => sqlite::SQLITE_FULL,
            (Self::Io, Op::Write) => sqlite::SQLITE_IOERR_WRITE,
            (_, Op::Sync) => sqlite::SQLITE_IOERR_FSYNC,
            (_, Op::Truncate) => sqlite::SQLITE_IOERR_TRUNCATE,
            (_, Op::Read) => sqlite::SQLITE_IOERR_READ,
            (_, Op::Delete) => sqlite::SQLITE_IOERR_DELETE,
        }
    }
}

/// Which operations fail, and how.
#[derive(Clone, Debug)]
pub struct Rule {
    op: Op,
    failure: Failure,
    class: Option<FileClass>,
    path_suffix: Option<String>,
    first: u64,
    last: u64,
}

impl Rule {
    /// Every `op` fails with `failure`, until the rule is lifted.
    pub fn new(op: Op, failure: Failure) -> Self {
        Self { op, failure, class: None, path_suffix: None, first: 1, last: u64::MAX }
    }

    /// Only on files of this class.
    #[must_use]
    pub fn class(mut self, class: FileClass) -> Self {
        self.class = Some(class);
        self
    }

    /// Only on files whose path ends so.
    #[must_use]
    pub fn path_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.path_suffix = Some(suffix.into());
        self
    }

    /// Only the `n`-th matching operation from now on, counted from 1.
    #[must_use]
    pub fn nth(mut self, n: u64) -> Self {
        (self.first, self.last) = (n, n);
        self
    }

    /// The `n`-th matching operation from now on, counted from 1, and all after it.
    #[must_use]
    pub fn from_nth(mut self, n: u64) -> Self {
        (self.first, self.last) = (n, u64::MAX);
        self
    }

    fn matches(&self, op: Op, class: FileClass, path: &[u8]) -> bool {
        self.op == op
            && self.class.is_none_or(|wanted| wanted == class)
            && self.path_suffix.as_ref().is_none_or(|suffix| path.ends_with(suffix.as_bytes()))
    }
}

/// Names an injected rule, to lift it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RuleId(u64);

struct Injected {
    id: RuleId,
    rule: Rule,
    matched: u64,
    failed: u64,
}

#[derive(Default)]
struct State {
    rules: Vec<Injected>,
    injected: u64,
}

/// The faults of one VFS; changes take effect with the next operation, on open files too.
#[derive(Default)]
pub struct Faults {
    is_armed: AtomicBool,
    state: Mutex<State>,
}

impl Faults {
    /// Adds a rule. Where several match an operation, the oldest decides.
    pub fn inject(&self, rule: Rule) -> RuleId {
        let mut state = self.lock();
        state.injected += 1;
        let id = RuleId(state.injected);
        state.rules.push(Injected { id, rule, matched: 0, failed: 0 });
        self.is_armed.store(true, Ordering::Relaxed);
        id
    }

    /// Removes a rule and returns how many operations it has failed, 0 for one that is gone already.
    pub fn lift(&self, id: RuleId) -> u64 {
        let mut state = self.lock();
        let failed =
            state.rules.iter().position(|r| r.id == id).map_or(0, |at| state.rules.remove(at).failed);
        self.is_armed.store(!state.rules.is_empty(), Ordering::Relaxed);
        failed
    }

    /// Removes all rules: the disk is sound again.
    pub fn clear(&self) {
        // The lock is held over the flag too: a rule injected meanwhile must not be disarmed.
        let mut state = self.lock();
        state.rules.clear();
        self.is_armed.store(false, Ordering::Relaxed);
    }

    /// How many operations a rule has failed so far, 0 for one that is lifted.
    pub fn failed(&self, id: RuleId) -> u64 {
        self.lock().rules.iter().find(|r| r.id == id).map_or(0, |r| r.failed)
    }

    /// Whether any rule exists.
    pub(crate) fn is_armed(&self) -> bool {
        self.is_armed.load(Ordering::Relaxed)
    }

    /// Decides over one operation.
    pub(crate) fn decide(&self, op: Op, class: FileClass, path: &[u8]) -> Option<Failure> {
        let mut verdict = None;
        for injected in &mut self.lock().rules {
            if !injected.rule.matches(op, class, path) {
                continue;
            }
            injected.matched += 1;
            let is_hit = (injected.rule.first..=injected.rule.last).contains(&injected.matched);
            if is_hit && verdict.is_none() {
                injected.failed += 1;
                verdict = Some(injected.rule.failure);
            }
        }
        verdict
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
