//! The use cases: every rule of the product, once, whatever surface asks.
//!
//! A module per capability, free functions over [`Cx`]: authorize, load, decide, write, emit, in that order, each
//! owning its transaction. No HTTP, no wire format, no SQL.

pub mod accesses;
mod account_mail;
pub mod accounts;
pub mod app;
pub mod apps;
pub mod attributes;
pub mod auth;
pub mod bearers;
pub mod cache;
pub mod collections;
pub mod connections;
pub mod consents;
pub mod cx;
pub mod databases;
pub mod deeds;
pub mod deletions;
mod devices;
pub mod documents;
mod email_policies;
pub mod figures;
#[cfg(test)]
mod fixture;
pub mod geo;
pub mod groups;
pub mod health;
pub mod idempotency;
pub mod identities;
pub mod indexes;
pub mod installations;
pub mod jobs;
pub mod key_rings;
pub mod keys;
pub mod listing;
pub mod logins;
pub mod logs;
pub mod mail;
pub mod mail_templates;
pub mod measures;
pub mod memberships;
pub mod meter;
pub mod mfa;
pub mod notices;
pub mod oauth;
pub mod oauth2;
pub mod one_time_tokens;
mod password_rules;
pub mod passwords;
pub mod personas;
pub mod platforms;
pub mod projects;
pub mod recoveries;
pub mod relationships;
mod revocations;
pub mod second_factors;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod signups;
pub mod sms;
pub mod staff;
pub mod teams;
pub mod tokens;
pub mod transactions;
pub mod turnstile;
pub mod usage;
pub mod users;
pub mod variables;
mod vouchers;
pub mod webhooks;

pub use app::{App, Options};
pub use cx::{Actor, Cx, RequestInfo};
