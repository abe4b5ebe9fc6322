//! The Appwrite REST surface, `/v1`: wire types, versions and handlers over the use cases of `cairn-core`.
//!
//! A file per capability holds its `ROUTES`, the parameters of each route (`params!`), the wire form of its models
//! and handlers of three statements: wire to command, call, domain to wire. No rule, no SQL, no transaction here.
//! COMPAT(appwrite): shapes, names, limits and texts follow the reference 1.9.6 and its SDKs' types.

pub mod account;
pub mod attributes;
pub mod collections;
pub mod databases;
pub mod documents;
pub mod health;
pub mod indexes;
pub mod memberships;
pub mod sessions;
pub mod teams;
pub mod users;
mod versions;
mod wire;
mod words;

use cairn_faults::{ContractAge, Format};
use cairn_http::Surface;

/// Every route of the surface.
pub const SURFACE: Surface = Surface {
    routes: &[
        account::ROUTES,
        attributes::ROUTES,
        attributes::TYPE_ROUTES,
        collections::ROUTES,
        databases::ROUTES,
        documents::ROUTES,
        documents::ROW_ROUTES,
        health::ROUTES,
        indexes::ROUTES,
        memberships::ROUTES,
        sessions::ROUTES,
        teams::ROUTES,
        users::ROUTES,
        users::SESSION_ROUTES,
        users::TARGET_ROUTES,
    ],
    steps: versions::STEPS,
    format: Format::Appwrite(ContractAge::V1_0),
};

/// The Appwrite version whose API this is.
pub const APPWRITE_VERSION: &str = "1.9.6";
