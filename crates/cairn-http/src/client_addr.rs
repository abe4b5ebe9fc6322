//! The client's address, from the peer or from headers that the operator said to trust.
//!
//! `_APP_TRUSTED_HEADERS` names the headers, read from left to right, the first one with a valid address
//! wins. COMPAT(appwrite): the reference believes those headers from anyone; here they count
//! only when the peer is a configured proxy, and the list is empty by default.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use http::header::HeaderName;
use ipnet::IpNet;

#[cfg(test)]
mod tests;

/// Which headers carry the client's address, and from which peers they are believed.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    headers: Vec<HeaderName>,
    peers: Vec<IpNet>,
}

impl TrustedProxies {
    /// Read a comma-separated list of header names and one of networks or addresses.
    ///
    /// With headers but no networks, peers on loopback and private networks are believed: that is where a
    /// reverse proxy of a single machine or a container network stands.
    /// Returns the first item that cannot be read, for the start-up message.
    pub fn parse(headers: &str, peers: &str) -> Result<Self, String> {
        let items = |list: &str| list.split(',').map(str::trim).map(str::to_owned).collect::<Vec<_>>();
        let headers = items(headers)
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| HeaderName::try_from(name.as_str()).map_err(|_| name))
            .collect::<Result<Vec<_>, _>>()?;
        let peers = items(peers)
            .into_iter()
            .filter(|net| !net.is_empty())
            .map(|net| parse_net(&net).ok_or(net))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { headers, peers })
    }

    /// Whether headers of this peer are believed.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        if self.headers.is_empty() {
            return false;
        }
        let peer = normalize(peer);
        if self.peers.is_empty() { is_near(peer) } else { self.peers.iter().any(|net| net.contains(&peer)) }
    }

    /// The address of the client behind `peer`, in its normal form.
    pub fn client_addr(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = normalize(peer);
        if !self.trusts(peer) {
            return peer;
        }
        self.headers.iter().find_map(|name| self.named_by(headers, name)).unwrap_or(peer)
    }

    /// Whether one of the headers of a believed peer names an address, or it sent none of them.
    pub fn is_readable(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        !self.trusts(normalize(peer))
            || !self.headers.iter().any(|name| headers.contains_key(name))
            || self.headers.iter().any(|name| self.named_by(headers, name).is_some())
    }

    /// The address that a header names.
    ///
    /// With configured proxies the list is read from the right and their own entries are passed over, so
    /// that a client cannot put an address of its choice in front. Without, the leftmost entry counts.
    fn named_by(&self, headers: &HeaderMap, name: &HeaderName) -> Option<IpAddr> {
        let line: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        let entries: Vec<&str> = line.iter().flat_map(|value| value.split(',')).map(str::trim).collect();
        if self.peers.is_empty() {
            return parse_addr(entries.first()?);
        }
        let mut last = None;
        for entry in entries.iter().rev() {
            let addr = parse_addr(entry)?;
            if !self.peers.iter().any(|net| net.contains(&addr)) {
                return Some(addr);
            }
            last = Some(addr);
        }
        last
    }
}

/// An address as one value: IPv4 that arrived mapped into IPv6 is IPv4.
pub fn normalize(addr: IpAddr) -> IpAddr {
    match addr {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(addr, IpAddr::V4),
        IpAddr::V4(_) => addr,
    }
}

/// Read an address with or without brackets and port.
pub fn parse_addr(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let addr = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    addr.ok().map(normalize)
}

fn parse_net(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

fn is_near(addr: IpAddr) -> bool {
    match addr {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}
