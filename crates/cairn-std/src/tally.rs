//! Measured values, counted by how large they are: what a server tells about its own work.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts values in buckets with fixed upper bounds. Whoever notes one waits for nobody.
#[derive(Debug)]
pub struct Tally {
    bounds: &'static [u64],
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

/// What was counted up to a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tallied {
    /// The upper bounds of the buckets; a value that is equal to one belongs below it.
    pub bounds: &'static [u64],
    /// How many values each bucket has, and behind them how many are above all bounds.
    pub counts: Vec<u64>,
    /// All values together.
    pub sum: u64,
}

impl Tally {
    /// Nothing yet; `bounds` ascend.
    pub fn new(bounds: &'static [u64]) -> Self {
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, counts, sum: AtomicU64::new(0) }
    }

    /// Count a value.
    pub fn note(&self, value: u64) {
        let bucket = self.bounds.partition_point(|bound| *bound < value);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// What was counted so far.
    pub fn read(&self) -> Tallied {
        let counts = self.counts.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        Tallied { bounds: self.bounds, counts, sum: self.sum.load(Ordering::Relaxed) }
    }
}

impl Tallied {
    /// How many values there are.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_belongs_below_the_bound_that_it_does_not_exceed() {
        let tally = Tally::new(&[1, 10, 100]);
        for value in [0, 1, 2, 10, 11, 100, 101, 5_000] {
            tally.note(value);
        }
        let told = tally.read();
        assert_eq!(told.counts, [2, 2, 2, 2]);
        assert_eq!((told.total(), told.sum), (8, 5_225));
    }
}
