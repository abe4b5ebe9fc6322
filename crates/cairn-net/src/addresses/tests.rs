//! Addresses at the edges of every network that is closed.

use super::Allowed;

#[test]
fn only_public_addresses_are_open() {
    let none = Allowed::default();
    let cases = [
        ("93.184.216.34", true),
        ("1.1.1.1", true),
        ("100.63.255.255", true),
        ("172.15.255.255", true),
        ("172.32.0.1", true),
        ("223.255.255.255", true),
        ("0.0.0.0", false),
        ("0.1.2.3", false),
        ("10.0.0.1", false),
        ("100.64.0.1", false),
        ("100.127.255.255", false),
        ("127.0.0.1", false),
        ("127.255.255.254", false),
        ("169.254.169.254", false),
        ("172.16.0.1", false),
        ("172.31.255.255", false),
        ("192.0.0.8", false),
        ("192.0.2.1", false),
        ("192.168.1.1", false),
        ("198.18.0.1", false),
        ("198.19.255.255", false),
        ("198.51.100.7", false),
        ("203.0.113.9", false),
        ("224.0.0.1", false),
        ("255.255.255.255", false),
        ("2606:4700:4700::1111", true),
        ("::", false),
        ("::1", false),
        ("::7f00:1", false),
        ("::ffff:127.0.0.1", false),
        ("::ffff:169.254.169.254", false),
        ("::ffff:1.1.1.1", true),
        ("64:ff9b::7f00:1", false),
        ("64:ff9b::a9fe:a9fe", false),
        ("64:ff9b::101:101", true),
        ("64:ff9b:1::101:101", false),
        ("100::1", false),
        ("2001::1", false),
        ("2001:db8::1", false),
        ("2002:7f00:1::", false),
        ("3fff::1", false),
        ("5f00::1", false),
        ("fc00::1", false),
        ("fd00:ec2::254", false),
        ("fe80::1", false),
        ("fec0::1", false),
        ("ff02::1", false),
    ];
    for (address, is_open) in cases {
        assert_eq!(none.has(address.parse().expect("an address")), is_open, "{address}");
    }
}

#[test]
fn what_was_opened_is_open_however_it_is_written() {
    let networks = ["127.0.0.0/8", "fd12::/16"].map(|network| network.parse().expect("a network"));
    let some = Allowed::new(networks.to_vec());
    let cases = [
        ("127.0.0.1", true),
        ("::ffff:127.0.0.1", true),
        ("64:ff9b::7f00:1", true),
        ("fd12::1", true),
        ("fd13::1", false),
        ("10.0.0.1", false),
        ("1.1.1.1", true),
    ];
    for (address, is_open) in cases {
        assert_eq!(some.has(address.parse().expect("an address")), is_open, "{address}");
    }
}
