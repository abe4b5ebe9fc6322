//! Cookies as browsers send and keep them.

use http::HeaderValue;

use super::*;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        map.append(*name, HeaderValue::from_str(value).unwrap());
    }
    map
}

#[test]
fn cookies_are_found_and_decoded() {
    let sent = headers(&[("cookie", "a=1; a_session_x=ab%3D%3D;b=\"q\""), ("cookie", "late=x+y; bad=%FF")]);
    for (name, expected) in [
        ("a", Some("1")),
        ("a_session_x", Some("ab==")),
        ("b", Some("q")),
        ("late", Some("x+y")),
        ("bad", Some("%FF")),
        ("session", None),
    ] {
        assert_eq!(cookie(&sent, name).as_deref(), expected, "{name}");
    }
}

#[test]
fn sessions_are_tried_in_order() {
    let all = [
        ("cookie", "a_session_p=one; a_session_p_legacy=two"),
        ("x-appwrite-session", "three%3D"),
        ("x-fallback-cookies", r#"{"a_session_p":"four","other":"x"}"#),
    ];
    let values = |pairs: &[(&'static str, &str)], project| {
        let sent: Vec<_> = sent_sessions(&headers(pairs), project).collect();
        sent.into_iter()
            .map(|s| format!("{}{}", s.value, if s.is_fallback { "*" } else { "" }))
            .collect::<Vec<_>>()
    };
    assert_eq!(values(&all, "p"), ["one", "three=", "four*"]);
    assert_eq!(values(&all, "q"), ["three="]);
    assert_eq!(values(&[("cookie", "a_session_p_legacy=two")], "p"), ["two"]);
    assert_eq!(values(&[("x-fallback-cookies", "[]")], "p"), Vec::<String>::new());
    assert_eq!(values(&[("x-fallback-cookies", "not json")], "p"), Vec::<String>::new());
}

fn scope<'a>(host: &'a str, is_https: bool, origin: Option<&'a str>) -> CookieScope<'a> {
    CookieScope { project: "p", host, is_https, origin }
}

#[test]
fn the_domain_attribute() {
    for (host, expected) in [
        ("localhost", None),
        ("127.0.0.1", None),
        ("[::1]", None),
        ("::1", None),
        ("api.example.com", Some(".api.example.com")),
        ("Cloud.Example.ORG", Some(".cloud.example.org")),
        ("intranet", Some(".intranet")),
    ] {
        assert_eq!(scope(host, false, None).domain().as_deref(), expected, "{host}");
    }
}

#[test]
fn the_fallback_is_decided_by_registrable_domain() {
    for (host, origin, expected) in [
        ("api.example.com", Some("https://app.example.com"), false),
        ("api.example.com", Some("https://example.com:8443/path"), false),
        ("api.example.com", Some("https://example.org"), true),
        ("a.github.io", Some("https://b.github.io"), true),
        ("localhost", Some("http://localhost:3000"), true),
        ("127.0.0.1", Some("http://127.0.0.1"), true),
        ("api.example.com", None, true),
    ] {
        assert_eq!(scope(host, true, origin).needs_fallback(), expected, "{host} from {origin:?}");
    }
}

#[test]
fn a_session_starts_with_two_cookies() {
    let now = Timestamp::parse("2026-01-02T03:04:05Z").unwrap();
    let scope = scope("api.example.com", true, Some("https://app.example.com"));
    assert_eq!(
        scope.start_session("ab+/==", now.plus_seconds(60), now),
        [
            (
                "set-cookie",
                "a_session_p_legacy=ab%2B%2F%3D%3D; Expires=Fri, 02 Jan 2026 03:05:05 GMT; Max-Age=60; Path=/; \
                 Domain=.api.example.com; Secure; HttpOnly"
                    .to_owned()
            ),
            (
                "set-cookie",
                "a_session_p=ab%2B%2F%3D%3D; Expires=Fri, 02 Jan 2026 03:05:05 GMT; Max-Age=60; Path=/; \
                 Domain=.api.example.com; Secure; HttpOnly; SameSite=None"
                    .to_owned()
            ),
        ]
    );
}

#[test]
fn on_loopback_the_fallback_is_sent_as_well() {
    let now = Timestamp::parse("2026-01-02T03:04:05Z").unwrap();
    let scope = scope("localhost", false, Some("http://localhost:3000"));
    let started = scope.start_session("v", now.plus_seconds(60), now);
    assert_eq!(started[2], ("x-fallback-cookies", r#"{"a_session_p":"v"}"#.to_owned()));
    assert!(!started[0].1.contains("Secure") && !started[0].1.contains("Domain"), "{started:?}");
    let ended = scope.end_session(now);
    assert_eq!(ended[2], ("x-fallback-cookies", "[]".to_owned()));
    assert!(
        ended[1].1.starts_with("a_session_p=; Expires=Fri, 02 Jan 2026 02:04:05 GMT; Max-Age=0; Path=/;"),
        "{ended:?}"
    );
}
