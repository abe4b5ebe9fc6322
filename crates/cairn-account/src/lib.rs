//! The account API, `/v0`: sign-in, profiles and a community's administration, with `domain:reason` error codes.
//!
//! The same users, sessions and teams as on every other surface; a file per capability holds its `ROUTES`, the parameters of
//! each route, the wire form of its models and handlers of three statements. No rule, no SQL, no transaction here.
//! Names are those of the wire: ids and instants as every surface has them, instants in RFC 3339.

mod clients;
pub mod groups;
pub mod login;
pub mod logs;
mod models;
pub mod moderation;
pub mod notifications;
pub mod oauth;
pub mod profiles;
mod qr;
pub mod recovery;
mod rules;
pub mod sessions;
pub mod signup;
pub mod totp;
mod wire;

use cairn_faults::{Fault, Format};
use cairn_http::wire_version::WireSteps;
use cairn_http::{RequestStyle, Surface};

/// What a route asks of its caller: a session.
pub(crate) const SESSION: &[&str] = &["account"];

/// Every route of the surface.
pub const SURFACE: Surface = Surface {
    routes: &[
        groups::ROUTES,
        login::ROUTES,
        logs::ROUTES,
        moderation::ROUTES,
        notifications::ROUTES,
        oauth::ROUTES,
        profiles::ROUTES,
        recovery::ROUTES,
        sessions::ROUTES,
        signup::ROUTES,
        totp::ROUTES,
    ],
    steps: WireSteps { requests: &[], responses: &[] },
    format: Format::Reason,
    style: RequestStyle::Account,
    unreadable_upload: Some(Fault::UploadUnreadable),
};
