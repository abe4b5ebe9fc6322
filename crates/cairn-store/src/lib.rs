//! Where everything is kept: `Store` and `Tx` over SQLite and PostgreSQL.
//!
//! A service runs its rules inside one transaction, `store.write(&project, |tx| async move { .. })`, and works
//! through `Tx`, whose methods are grouped by noun (`users.rs`, `documents.rs`, ...). SQL, rows and dialects stay
//! in this crate. What a cache above may keep is told by [`Generations`].

mod error;
mod generations;
mod migrations;
mod postgres;
mod projects;
mod sql;
mod sqlite;
mod store;
mod tx;

pub use error::{StoreError, StoreErrorKind};
pub use generations::{Generations, Noun, Slot};
pub use postgres::{Durability, PostgresOptions};
pub use sqlite::{SqliteOptions, Synchronous};
pub use store::{ProjectRef, Store};
pub use tx::Tx;
