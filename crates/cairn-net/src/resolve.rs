//! Names to addresses, of which a foreign URL gets only those that it may lead to.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::Allowed;

/// The addresses of a host, name or literal, that may be connected to: all of them for a host of the operator's own
/// configuration, which is `None`.
///
/// # Errors
/// What the system says of a name that it does not know. No allowed address is an empty list.
pub async fn addresses(host: &str, port: u16, allowed: Option<&Allowed>) -> std::io::Result<Vec<SocketAddr>> {
    let all = tokio::net::lookup_host((host, port)).await?;
    Ok(all.filter(|address| allowed.is_none_or(|allowed| allowed.has(address.ip()))).collect())
}

/// Resolves with the system and keeps what is allowed; nothing left is an error of its own type.
pub(crate) struct Guarded(pub(crate) Arc<Allowed>);

/// All addresses of a name were refused.
#[derive(Debug)]
pub(crate) struct AllRefused;

impl std::fmt::Display for AllRefused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("none of the name's addresses may be called")
    }
}

impl std::error::Error for AllRefused {}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.0);
        Box::pin(async move {
            // The port is the URL's; the connector puts it in.
            let kept = addresses(name.as_str(), 0, Some(&allowed)).await?;
            if kept.is_empty() {
                return Err(AllRefused.into());
            }
            let found: Addrs = Box::new(kept.into_iter());
            Ok(found)
        })
    }
}
