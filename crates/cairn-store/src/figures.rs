//! What the store tells about its own work: queues, groups, commits, connections.

use cairn_std::Tally;
use cairn_std::tally::Tallied;

/// Upper bounds of the buckets of a commit's microseconds: from what stays in memory to what a struggling disk takes.
const COMMIT_US: &[u64] =
    &[100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000];
/// Upper bounds of the buckets of a group's size.
const GROUP_TRANSACTIONS: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128];

/// What the store tells at a moment, by engine.
#[derive(Clone, Debug)]
pub enum StoreFigures {
    /// The embedded one.
    Embedded(EmbeddedFigures),
    /// PostgreSQL.
    Pooled(PoolFigures),
}

/// The figures of the embedded store.
#[derive(Clone, Debug)]
pub struct EmbeddedFigures {
    /// Project files that are open.
    pub open_projects: usize,
    /// Transactions that wait for their turn.
    pub waiting: usize,
    /// Microseconds that the COMMIT of a group took, the disk's sync included.
    pub commit_us: Tallied,
    /// Transactions that a group held.
    pub group_transactions: Tallied,
}

/// The figures of the connections to PostgreSQL.
#[derive(Clone, Copy, Debug)]
pub struct PoolFigures {
    /// Connections that work.
    pub busy: usize,
    /// Connections that nobody uses.
    pub idle: usize,
    /// Transactions that wait for a connection.
    pub waiting: usize,
}

/// What the embedded store counts.
pub(crate) struct Counts {
    pub(crate) commit_us: Tally,
    pub(crate) group_transactions: Tally,
}

impl Default for Counts {
    fn default() -> Self {
        Self { commit_us: Tally::new(COMMIT_US), group_transactions: Tally::new(GROUP_TRANSACTIONS) }
    }
}
