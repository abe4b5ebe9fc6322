//! An idempotency key that a request carries, and what is kept under it.

use std::fmt;
use std::sync::OnceLock;

use cairn_model::transactions::Transaction;

use crate::found::{Found, Listed};

/// What a write wrote.
#[derive(Clone, Debug)]
pub enum Written {
    /// A document was made or changed, or staged to be.
    Document(Found),
    /// Documents were.
    Documents(Listed),
    /// A transaction was made, changed or ended.
    Transaction(Transaction),
    /// Something was removed.
    Nothing,
}

/// An answer as the surface tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The status.
    pub status: u16,
    /// The body; empty for none.
    pub body: String,
}

/// How the answer to what was written is told.
pub(crate) type Tell = Box<dyn Fn(&Written) -> Told + Send + Sync>;

/// A request with an idempotency key.
pub struct Claim {
    pub(crate) caller: String,
    pub(crate) key: String,
    /// A name of what is asked, equal for equal requests alone.
    pub(crate) request: String,
    pub(crate) tell: OnceLock<Tell>,
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim").field("caller", &self.caller).field("key", &self.key).finish_non_exhaustive()
    }
}
