//! Which addresses a foreign URL may lead to. Pure rules; the client applies them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

#[cfg(test)]
mod tests;

/// IPv4 networks that are not the public internet (IANA's special-purpose registry, multicast and reserved space).
const CLOSED_V4: [(Ipv4Addr, u8); 16] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// IPv6 outside of this is not the public internet.
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Parts of [`GLOBAL_V6`] that are not: protocols and tunnels (Teredo, 6to4), documentation.
const CLOSED_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0x0db8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Networks that the operator opened beside the public internet (`CAIRN_OUTBOUND_ALLOW`).
#[derive(Clone, Debug, Default)]
pub struct Allowed(Vec<IpNet>);

impl Allowed {
    /// These networks are open.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Whether a foreign URL may lead to this address.
    ///
    /// An address that stands for an IPv4 one (mapped, NAT64) is judged as that one.
    pub fn has(&self, address: IpAddr) -> bool {
        let is_opened = |address: IpAddr| self.0.iter().any(|network| network.contains(&address));
        let inner = unwrapped(address);
        is_opened(address) || is_opened(inner) || is_public(inner)
    }
}

/// The IPv4 address that an IPv6 one stands for, else itself.
fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else { return address };
    if let Some(four) = six.to_ipv4_mapped() {
        return four.into();
    }
    let [0x0064, 0xff9b, 0, 0, 0, 0, high, low] = six.segments() else { return address };
    let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
    Ipv4Addr::new(a, b, c, d).into()
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            !CLOSED_V4.iter().any(|(net, bits)| Ipv4Net::new_assert(*net, *bits).contains(&four))
        }
        IpAddr::V6(six) => {
            let lies_in = |(net, bits): (Ipv6Addr, u8)| Ipv6Net::new_assert(net, bits).contains(&six);
            lies_in(GLOBAL_V6) && !CLOSED_V6.into_iter().any(lies_in)
        }
    }
}
