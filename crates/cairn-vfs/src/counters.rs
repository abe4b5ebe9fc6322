//! Counts of operations and bytes per file class.
//!
//! Counted is what SQLite asked for, whether it then worked or failed. Relaxed atomics: each number is exact, but two numbers of
//! one snapshot may be of slightly different moments.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{FileClass, Op};

const OPS: usize = 6;
const CLASSES: usize = 4;

/// The numbers at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counters {
    ops: [[u64; CLASSES]; OPS],
    written_bytes: [u64; CLASSES],
}

impl Counters {
    /// How often `op` was asked for on files of `class`.
    pub fn count(&self, op: Op, class: FileClass) -> u64 {
        self.ops[op as usize][class as usize]
    }

    /// How many bytes SQLite asked to write to files of `class`.
    pub fn written_bytes(&self, class: FileClass) -> u64 {
        self.written_bytes[class as usize]
    }
}

/// The numbers as they grow.
#[derive(Default)]
pub(crate) struct LiveCounters {
    ops: [[AtomicU64; CLASSES]; OPS],
    written_bytes: [AtomicU64; CLASSES],
}

impl LiveCounters {
    /// Counts one operation; `bytes` matters for writes only.
    pub(crate) fn add(&self, op: Op, class: FileClass, bytes: usize) {
        self.ops[op as usize][class as usize].fetch_add(1, Ordering::Relaxed);
        if op == Op::Write {
            self.written_bytes[class as usize].fetch_add(bytes as u64, Ordering::Relaxed);
        }
    }

    /// Reads all numbers.
    pub(crate) fn snapshot(&self) -> Counters {
        let load = |live: &AtomicU64| live.load(Ordering::Relaxed);
        Counters {
            ops: self.ops.each_ref().map(|row| row.each_ref().map(load)),
            written_bytes: self.written_bytes.each_ref().map(load),
        }
    }
}
