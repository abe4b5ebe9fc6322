//! The bound over all page caches: what connections may keep of their files in memory, all together.
//!
//! A connection is promised a share when it is opened and gives it back when it is closed. While the budget lasts that
//! is [`SHARE_KIB`], and more for those that read while there is plenty, so that lists find their pages; afterwards it
//! is the least with which SQLite still works well, so that a project can always be opened. Files that nobody uses are
//! closed to make room before it comes to that.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// KiB of pages that one connection keeps.
const SHARE_KIB: i64 = 2_048;
/// A connection that reads gets this part of what is left, within [`SHARE_KIB`] and [`READER_KIB_MAX`].
const READER_PART: i64 = 64;
/// KiB of pages that one connection keeps at most.
const READER_KIB_MAX: i64 = 4_096;
/// KiB that a connection gets when the budget is used up.
const SHARE_KIB_MIN: i64 = 64;

/// What is left for connections to come.
#[derive(Clone)]
pub(super) struct Budget(Arc<AtomicI64>);

/// What one connection may keep; given back when dropped.
pub(super) struct Share {
    budget: Budget,
    kib: i64,
}

impl Budget {
    pub(super) fn new(bytes_max: u64) -> Self {
        let kib = i64::try_from(bytes_max / 1_024).unwrap_or(i64::MAX);
        Self(Arc::new(AtomicI64::new(kib)))
    }

    /// Take a share for a connection that writes.
    pub(super) fn share(&self) -> Share {
        self.take(|_| SHARE_KIB)
    }

    /// Take a share for a connection that reads.
    pub(super) fn reader_share(&self) -> Share {
        self.take(|left| (left / READER_PART).clamp(SHARE_KIB, READER_KIB_MAX))
    }

    fn take(&self, wanted: impl Fn(i64) -> i64) -> Share {
        let share_of = |left: i64| wanted(left).min(left).max(SHARE_KIB_MIN);
        let take = |left: i64| Some(left - share_of(left));
        let before = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).unwrap_or_default();
        Share { budget: self.clone(), kib: share_of(before) }
    }

    /// Whether the next connection would get less than a whole share.
    pub(super) fn is_short(&self) -> bool {
        self.0.load(Ordering::SeqCst) < SHARE_KIB
    }
}

impl Share {
    /// Its size in KiB.
    pub(super) fn kib(&self) -> i64 {
        self.kib
    }

    /// A share outside of any budget, for a connection that is closed at once.
    pub(super) fn passing() -> Self {
        Self { budget: Budget::new(0), kib: SHARE_KIB_MIN }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.0.fetch_add(self.kib, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, READER_KIB_MAX, SHARE_KIB, SHARE_KIB_MIN};

    #[test]
    fn shares_fit_the_budget_and_come_back() {
        let budget = Budget::new(5 << 20);
        let shares: Vec<_> = (0..4).map(|_| budget.share()).collect();
        let sizes: Vec<_> = shares.iter().map(super::Share::kib).collect();
        assert_eq!(sizes, [SHARE_KIB, SHARE_KIB, SHARE_KIB / 2, SHARE_KIB_MIN]);
        assert!(budget.is_short());
        drop(shares);
        assert!(!budget.is_short());
        assert_eq!(budget.share().kib(), SHARE_KIB);
    }

    #[test]
    fn readers_keep_more_while_there_is_plenty() {
        let budget = Budget::new(512 << 20);
        assert_eq!(budget.share().kib(), SHARE_KIB);
        let shares: Vec<_> = (0..150).map(|_| budget.reader_share()).collect();
        assert_eq!((shares[0].kib(), shares[149].kib()), (READER_KIB_MAX, SHARE_KIB));
        assert!(shares.is_sorted_by(|one, next| one.kib() >= next.kib()));
        assert_eq!(Budget::new(1 << 10).reader_share().kib(), SHARE_KIB_MIN);
    }
}
