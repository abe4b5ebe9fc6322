//! The one place where this program reads the machine's clocks: measuring real time is its purpose.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// The monotonic clock, for latencies and bounds.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's real time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Seconds since the epoch, for the name and the head of a result.
#[expect(clippy::disallowed_methods, reason = "a result says when it was measured")]
pub(crate) fn epoch_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
