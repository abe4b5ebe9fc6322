//! Domain types and the pure rules that need nothing but them.
//!
//! No type here is serializable: a surface has its own wire types, the store its own rows.

pub mod apps;
pub mod bearers;
pub mod deeds;
pub mod devices;
pub mod email;
pub mod events;
pub mod ids;
pub mod keys;
pub mod locales;
pub mod logs;
pub mod mail_templates;
pub mod mfa;
pub mod notices;
pub mod oauth;
pub mod oauth2;
pub mod one_time_tokens;
pub mod operators;
pub mod permissions;
pub mod personas;
pub mod platforms;
pub mod projects;
pub mod reason;
pub mod schema;
pub mod scopes;
pub mod sessions;
pub mod shape;
pub mod signups;
pub mod staff;
pub mod teams;
pub mod transactions;
pub mod usage;
pub mod user_agent;
pub mod users;
pub mod value;
pub mod variables;
pub mod vouchers;
pub mod webhooks;
