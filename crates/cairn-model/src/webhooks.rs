//! Addresses that are told of a project's events.

use cairn_std::Timestamp;

use crate::ids::WebhookId;
use crate::platforms::is_hostname;

#[cfg(test)]
mod tests;

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

/// Whether a webhook may be given this address: `http` or `https` with a host.
///
/// Whether the address is reached is decided when something is sent, because names change their meaning.
pub fn is_webhook_url(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return false;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match host_port.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (host_port, None),
    };
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    is_port && !host.starts_with('*') && is_hostname(host)
}
