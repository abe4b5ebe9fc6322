//! The Appwrite REST surface, `/v1`: wire types, versions and handlers over the use cases of `cairn-core`.
//!
//! A file per capability holds its `ROUTES`, the parameters of each route (`params!`), the wire form of its models
//! and handlers of three statements: wire to command, call, domain to wire. No rule, no SQL, no transaction here.
//! COMPAT(appwrite): shapes, names, limits and texts follow the reference 1.9.6 and its SDKs' types.

pub mod account;
pub mod apps;
pub mod attributes;
pub mod collections;
pub mod consents;
pub mod console;
pub mod databases;
pub mod documents;
pub mod general;
pub mod health;
pub mod identities;
pub mod indexes;
pub mod installations;
pub mod keys;
pub mod logs;
pub mod mail_templates;
pub mod memberships;
pub mod mfa;
pub mod mocks;
mod models;
pub mod oauth;
pub mod oauth2;
pub mod one_time_tokens;
pub mod organizations;
pub mod platforms;
pub mod policies;
pub mod projects;
pub mod providers;
pub mod push_targets;
pub mod relationships;
mod schemas;
pub mod sessions;
pub mod settings;
pub mod teams;
pub mod transactions;
pub mod usage;
pub mod users;
pub mod variables;
mod versions;
pub mod webhooks;
mod wire;
mod words;

use cairn_faults::{ContractAge, Format};
use cairn_http::{RequestStyle, Surface};

/// What a route of the caller's own account asks.
pub(crate) const ACCOUNT: &[&str] = &["account"];
/// The caller, as the log names what something happened to.
pub(crate) const OWN: &str = "user/{user.$id}";

/// Every route of the surface.
pub const SURFACE: Surface = Surface {
    routes: &[
        account::ROUTES,
        apps::ROUTES,
        apps::secrets::ROUTES,
        attributes::ROUTES,
        attributes::TYPE_ROUTES,
        attributes::spatial::ROUTES,
        collections::ROUTES,
        consents::ROUTES,
        console::ROUTES,
        databases::ROUTES,
        databases::DEDICATED_ROUTES,
        documents::ROUTES,
        documents::ROW_ROUTES,
        documents::BULK_ROUTES,
        general::ROUTES,
        health::ROUTES,
        identities::ROUTES,
        indexes::ROUTES,
        installations::ROUTES,
        keys::ROUTES,
        logs::ROUTES,
        keys::owned::ROUTES,
        mail_templates::ROUTES,
        memberships::ROUTES,
        mfa::ROUTES,
        mocks::ROUTES,
        one_time_tokens::PROOF_ROUTES,
        one_time_tokens::SIGN_IN_ROUTES,
        oauth::ROUTES,
        oauth2::ROUTES,
        oauth2::about::ROUTES,
        oauth2::settings::ROUTES,
        organizations::ROUTES,
        organizations::MEMBERSHIP_ROUTES,
        platforms::ROUTES,
        policies::ROUTES,
        projects::ROUTES,
        providers::ROUTES,
        push_targets::ROUTES,
        relationships::ROUTES,
        sessions::ROUTES,
        settings::ROUTES,
        teams::ROUTES,
        transactions::ROUTES,
        usage::ROUTES,
        users::ROUTES,
        users::IMPORT_ROUTES,
        mfa::OF_USER_ROUTES,
        users::SESSION_ROUTES,
        users::TARGET_ROUTES,
        variables::ROUTES,
        webhooks::ROUTES,
    ],
    steps: versions::STEPS,
    format: Format::Appwrite(ContractAge::V1_0),
    style: RequestStyle::Appwrite,
    unreadable_upload: None,
};

/// The Appwrite version whose API this is.
pub const APPWRITE_VERSION: &str = "1.9.6";
