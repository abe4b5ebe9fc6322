//! Host names, and the names of older clients.

use super::{PlatformKind, is_hostname};

#[test]
fn host_names_have_no_scheme_port_or_path() {
    for good in ["localhost", "app.example.com", "*", "*.example.com", "127.0.0.1", "[::1]", "my_host"] {
        assert!(is_hostname(good), "{good} is a host name");
    }
    let long = format!("{}.com", "a".repeat(64));
    let bad =
        ["", "https://a.example", "a.example/x", "a.example:80", "a..b", "-a.example", "a b", "*.", &long];
    for bad in bad {
        assert!(!is_hostname(bad), "{bad} is no host name");
    }
}

#[test]
fn every_old_name_has_a_kind() {
    for (old, kind) in PlatformKind::OLD_NAMES {
        assert_eq!(PlatformKind::by_old_name(old), Some(kind));
        assert_eq!(PlatformKind::by_name(kind.name()), Some(kind));
    }
    assert_eq!(PlatformKind::by_old_name("scheme"), None);
}
