//! Clock, ids, randomness and tasks: everything that a test must be able to hold still.
//!
//! Nothing here reads the wall clock, the environment or a global generator except through the handle
//! that the caller was given, so that a whole server runs on a mock clock with seeded ids.

pub mod ids;
pub mod rng;
pub mod tally;
pub mod tasks;
pub mod time;

pub use ids::Ids;
pub use rng::Rng;
pub use tally::Tally;
pub use tasks::Tasks;
pub use time::{Clock, Timestamp};
