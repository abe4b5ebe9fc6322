//! Where everything is kept: `Store` and `Tx` over SQLite and PostgreSQL.
//!
//! A service runs its rules inside one transaction, `store.write(&project, |tx| async move { .. })`, and works
//! through `Tx`, whose methods are grouped by noun (`users.rs`, `keys.rs`, ...). SQL, rows and dialects stay
//! in this crate. What a cache above may keep is told by [`Generations`].

mod bearers;
mod collections;
mod compile;
mod counters;
mod databases;
mod documents;
mod engine;
mod error;
mod faults;
mod figures;
mod generations;
mod idempotency;
mod identities;
mod jobs;
mod keys;
mod listing;
mod logs;
mod mail_templates;
mod memberships;
mod meter;
mod mfa;
mod migrations;
mod notices;
mod oauth;
mod one_time_tokens;
mod personas;
mod pictures;
mod platforms;
mod postgres;
mod projects;
mod relations;
mod sessions;
mod settings;
mod sql;
mod sqlite;
mod staff;
mod store;
mod tables;
mod targets;
mod teams;
#[cfg(test)]
mod tests;
mod transactions;
mod tx;
mod usage;
mod users;
mod variables;
mod webhooks;

pub use collections::{COLLECTION_FIELDS, COLLECTIONS_ID_KEY, TABLE_FIELDS, cache_id};
pub use databases::{DATABASE_FIELDS, DATABASES_ID_KEY};
pub use documents::{DocumentList, Readable};
pub use engine::Connections;
pub use error::{StoreError, StoreErrorKind};
pub use faults::OnConflict;
pub use figures::{EmbeddedFigures, PoolFigures, StoreFigures};
pub use generations::{Generations, Noun, Slot};
pub use idempotency::{IDEMPOTENCY_KEY, KeptAnswer};
pub use identities::{IDENTITIES_PROVIDER_KEY, IDENTITY_FIELDS};
pub use jobs::{Job, JobKind, Task};
pub use keys::KEYS_ID_KEY;
pub use listing::{Counting, Listing, PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX, Page, TOTAL_MAX};
pub use logs::{LogPage, LogScope};
pub use memberships::{MEMBERSHIP_FIELDS, MEMBERSHIPS_USER_KEY};
pub use meter::Meter;
pub use notices::{DeedFilter, NoticeFilter, Stretch};
pub use personas::PERSONAS_HANDLE_KEY;
pub use pictures::Picture;
pub use platforms::PLATFORMS_ID_KEY;
pub use postgres::{Durability, PostgresOptions};
pub use projects::PROJECTS_ID_KEY;
pub use relations::{Incoming, RelatedList, RelatedPage, Relatives, RowChange};
pub use sqlite::{SqliteOptions, Synchronous};
pub use staff::{GROUP_MEMBERS_USER_KEY, GROUPS_NAME_KEY};
pub use store::{ProjectRef, Store};
pub use tables::{DOCUMENTS_ID_KEY, Table};
pub use targets::{TARGET_FIELDS, TARGETS_ID_KEY, TARGETS_IDENTIFIER_KEY};
pub use teams::{TEAM_FIELDS, TEAMS_ID_KEY};
pub use transactions::{TRANSACTION_FIELDS, TRANSACTIONS_ID_KEY};
pub use tx::Tx;
pub use users::{USER_FIELDS, USERS_EMAIL_KEY, USERS_ID_KEY, USERS_PHONE_KEY};
pub use variables::{VARIABLES_ID_KEY, VARIABLES_KEY_KEY};
pub use webhooks::WEBHOOKS_ID_KEY;
