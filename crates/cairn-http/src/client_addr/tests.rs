//! Client addresses, with and without configured proxies.

use http::HeaderValue;

use super::*;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        map.append(*name, HeaderValue::from_str(value).unwrap());
    }
    map
}

fn check(trusted: (&str, &str), peer: &str, sent: &[(&'static str, &str)], expected: &str) {
    let proxies = TrustedProxies::parse(trusted.0, trusted.1).unwrap();
    let got = proxies.client_addr(peer.parse().unwrap(), &headers(sent)).to_string();
    assert_eq!(got, expected, "trusted {trusted:?}, peer {peer}, headers {sent:?}");
}

#[test]
fn nothing_is_trusted_by_default() {
    check(("", ""), "127.0.0.1", &[("x-forwarded-for", "9.9.9.9")], "127.0.0.1");
    check(("", "10.0.0.0/8"), "10.0.0.1", &[("x-forwarded-for", "9.9.9.9")], "10.0.0.1");
}

#[test]
fn trusted_headers_count_from_near_peers() {
    let trusted = ("X-Forwarded-For, cf-connecting-ip", "");
    check(trusted, "127.0.0.1", &[("x-forwarded-for", "9.9.9.9, 8.8.8.8")], "9.9.9.9");
    check(trusted, "127.0.0.1", &[("cf-connecting-ip", "2001:db8::1")], "2001:db8::1");
    check(
        trusted,
        "127.0.0.1",
        &[("x-forwarded-for", "unknown"), ("cf-connecting-ip", "7.7.7.7")],
        "7.7.7.7",
    );
    check(trusted, "203.0.113.7", &[("x-forwarded-for", "9.9.9.9")], "203.0.113.7");
    check(trusted, "127.0.0.1", &[], "127.0.0.1");
}

#[test]
fn configured_proxies_are_passed_over_from_the_right() {
    let trusted = ("x-forwarded-for", "203.0.113.0/24, 10.1.1.1");
    check(trusted, "203.0.113.7", &[("x-forwarded-for", "1.1.1.1, 9.9.9.9, 10.1.1.1")], "9.9.9.9");
    check(trusted, "203.0.113.7", &[("x-forwarded-for", "203.0.113.9")], "203.0.113.9");
    check(trusted, "127.0.0.1", &[("x-forwarded-for", "9.9.9.9")], "127.0.0.1");
}

#[test]
fn addresses_are_normalized() {
    check(("", ""), "::ffff:10.0.0.1", &[], "10.0.0.1");
    for (text, expected) in [
        ("1.2.3.4", Some("1.2.3.4")),
        ("1.2.3.4:5678", Some("1.2.3.4")),
        ("[2001:DB8:0::1]:443", Some("2001:db8::1")),
        ("[::1]", Some("::1")),
        ("::ffff:1.2.3.4", Some("1.2.3.4")),
        ("example.com", None),
        ("", None),
    ] {
        assert_eq!(parse_addr(text).map(|a| a.to_string()).as_deref(), expected, "{text}");
    }
}

#[test]
fn unreadable_settings_are_named() {
    assert_eq!(TrustedProxies::parse("x forwarded", "").unwrap_err(), "x forwarded");
    assert_eq!(TrustedProxies::parse("x-real-ip", "10.0.0.0/8,ten").unwrap_err(), "ten");
}
