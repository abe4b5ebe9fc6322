//! The use cases: every rule of the product, once, whatever surface asks.
//!
//! A module per capability, free functions over [`Cx`]: authorize, load, decide, write, emit, in that order, each
//! owning its transaction. No HTTP, no wire format, no SQL.

pub mod accesses;
pub mod accounts;
pub mod app;
pub mod attributes;
pub mod auth;
pub mod cache;
pub mod collections;
pub mod cx;
pub mod databases;
pub mod documents;
mod email_policies;
#[cfg(test)]
mod fixture;
pub mod health;
pub mod idempotency;
pub mod identities;
pub mod indexes;
pub mod jobs;
pub mod keys;
pub mod listing;
pub mod mail;
pub mod memberships;
pub mod oauth;
pub mod one_time_tokens;
mod password_rules;
pub mod passwords;
pub mod platforms;
pub mod projects;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod sms;
pub mod teams;
#[cfg(test)]
mod testing;
pub mod tokens;
pub mod transactions;
pub mod users;
pub mod variables;
pub mod webhooks;

pub use app::{App, Options};
pub use cx::{Actor, Cx, RequestInfo};
