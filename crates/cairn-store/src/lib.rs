//! Where everything is kept: `Store` and `Tx` over SQLite and PostgreSQL.
//!
//! A service runs its rules inside one transaction, `store.write(&project, |tx| async move { .. })`, and works
//! through `Tx`, whose methods are grouped by noun (`users.rs`, `keys.rs`, ...). SQL, rows and dialects stay
//! in this crate. What a cache above may keep is told by [`Generations`].

mod counters;
mod error;
mod faults;
mod generations;
mod keys;
mod memberships;
mod migrations;
mod platforms;
mod postgres;
mod projects;
mod sessions;
mod settings;
mod sql;
mod sqlite;
mod store;
mod tx;
mod users;
mod variables;
mod webhooks;

pub use error::{StoreError, StoreErrorKind};
pub use faults::OnConflict;
pub use generations::{Generations, Noun, Slot};
pub use keys::KEYS_ID_KEY;
pub use memberships::MEMBERSHIPS_USER_KEY;
pub use platforms::PLATFORMS_ID_KEY;
pub use postgres::{Durability, PostgresOptions};
pub use projects::PROJECTS_ID_KEY;
pub use sqlite::{SqliteOptions, Synchronous};
pub use store::{ProjectRef, Store};
pub use tx::Tx;
pub use users::{USERS_EMAIL_KEY, USERS_ID_KEY, USERS_PHONE_KEY};
pub use variables::{VARIABLES_ID_KEY, VARIABLES_KEY_KEY};
pub use webhooks::WEBHOOKS_ID_KEY;
