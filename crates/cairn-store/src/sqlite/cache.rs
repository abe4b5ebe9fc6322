//! The bound over all page caches: what connections may keep of their files in memory, all together.
//!
//! A connection is promised a share when it is opened and gives it back when it is closed. While the budget lasts that
//! is [`SHARE_KIB`]; afterwards it is the least with which SQLite still works well, so that a project can always be
//! opened. Files that nobody uses are closed to make room before it comes to that.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// KiB of pages that one connection keeps.
const SHARE_KIB: i64 = 2_048;
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

    /// Take a share.
    pub(super) fn share(&self) -> Share {
        let take = |left: i64| Some(left - SHARE_KIB.min(left).max(SHARE_KIB_MIN));
        let before = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).unwrap_or_default();
        Share { budget: self.clone(), kib: SHARE_KIB.min(before).max(SHARE_KIB_MIN) }
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
    use super::{Budget, SHARE_KIB, SHARE_KIB_MIN};

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
}
