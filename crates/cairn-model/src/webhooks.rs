//! Addresses that are told of a project's events.

use cairn_std::Timestamp;

use crate::ids::WebhookId;

/// Events per webhook at most.
pub const EVENTS_MAX: usize = 100;

/// An address that is told of events.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// The id that clients use.
    pub id: WebhookId,
    /// The order of making.
    pub seq: i64,
    /// The name that people gave it.
    pub name: String,
    /// The address.
    pub url: String,
    /// Of which events it is told.
    pub events: Vec<String>,
    /// Whether the address' certificate is checked.
    pub checks_certificate: bool,
    /// The name of HTTP basic authentication; may be empty.
    pub auth_username: String,
    /// The password of HTTP basic authentication, encrypted.
    pub sealed_auth_password: String,
    /// The key that signs what is sent, encrypted.
    pub sealed_secret: String,
    /// Whether anything is sent.
    pub is_enabled: bool,
    /// What went wrong the last time.
    pub logs: String,
    /// Failures in a row.
    pub attempts: i64,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}
