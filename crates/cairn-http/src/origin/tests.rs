//! Origins that browsers send, and the platforms that allow them.

use super::*;

fn platform<'a>(kind: &'a str, hostname: &'a str, key: &'a str) -> PlatformOrigin<'a> {
    PlatformOrigin { kind, hostname, key }
}

fn allowed() -> AllowedOrigins {
    AllowedOrigins::of_server(["localhost", "cairn.example.com"]).with_project(
        "demo",
        [
            platform("web", "app.test", ""),
            platform("flutter-web", "*.Wild.test", ""),
            platform("apple-ios", "", "com.acme.app"),
            platform("android", "", "com.acme.droid"),
            platform("scheme", "", "acme-app"),
            platform("scheme", "", "Not A Scheme"),
            platform("mystery", "mystery.test", "mystery"),
        ],
    )
}

#[test]
fn origins_are_matched_by_host_and_scheme() {
    let allowed = allowed();
    for (origin, expected) in [
        ("http://localhost", true),
        ("http://localhost:3000", true),
        ("https://127.0.0.1:8443", true),
        ("http://[::1]:3000", true),
        ("http://127.0.0.1.example.com", false),
        ("http://[::1].evil.com", false),
        ("http://xlocalhost", false),
        ("http://localhost.", false),
        ("https://cairn.example.com", true),
        ("https://CAIRN.example.COM", true),
        ("https://sub.cairn.example.com", false),
        ("https://app.test/path?x", true),
        ("https://a.b.wild.test", true),
        ("https://wild.test", false),
        ("https://evilwild.test", false),
        ("https://app.test@evil.com", false),
        ("https://evil.com\\@app.test", false),
        ("https://evil.com#@app.test", false),
        ("chrome-extension://app.test", true),
        ("tauri://localhost", true),
        ("appwrite-ios://com.acme.app", true),
        ("appwrite-android://anything", true),
        ("appwrite-windows://com.acme.app", false),
        ("appwrite-callback-demo://x", true),
        ("appwrite-callback-other://x", false),
        ("exp://192.168.0.1:19000", true),
        ("acme-app://return", true),
        ("acme-app:", true),
        ("mystery://mystery.test", false),
        ("https://mystery.test", false),
        ("null", false),
        ("", false),
        ("://", false),
        ("http://", false),
    ] {
        assert_eq!(allowed.allows(origin), expected, "{origin}");
    }
}

#[test]
fn localhost_aliases_need_localhost() {
    let none = AllowedOrigins::of_server(["app.test"]);
    assert!(!none.allows("http://127.0.0.1") && !none.allows("http://[::1]"));
    assert!(AllowedOrigins::of_server(["*"]).allows("http://127.0.0.1:1"));
    assert!(!none.allows("exp://x"), "the server itself has no app schemes");
}

#[test]
fn registrable_domains() {
    for (host, expected) in [
        ("a.b.example.co.uk", Some("example.co.uk")),
        ("Example.com.", Some("example.com")),
        ("com", None),
        ("localhost", None),
        ("api.localhost", None),
        ("10.0.0.1", None),
        ("[::1]", None),
        ("b.github.io", Some("b.github.io")),
    ] {
        assert_eq!(registrable_domain(host).as_deref(), expected, "{host}");
    }
}

#[test]
fn cors_headers() {
    let mut answer = HeaderMap::new();
    write_cors(&mut answer, Some("http://localhost:3000"), &allowed());
    assert_eq!(answer["access-control-allow-origin"], "http://localhost:3000");
    assert_eq!(answer["access-control-allow-credentials"], "true");
    assert_eq!(answer["access-control-allow-methods"], "GET, POST, PUT, PATCH, DELETE");
    assert_eq!(answer["access-control-max-age"], "86400");
    assert_eq!(answer["vary"], "Origin");
    let sent = answer["access-control-allow-headers"].to_str().unwrap();
    assert!(
        sent.starts_with(
            "Accept, Origin, Cookie, Set-Cookie, Content-Type, Content-Range, X-Appwrite-Project,"
        )
    );
    assert!(sent.contains("X-Forwarded-User-Agent, Authorization"), "Cairn's own come last: {sent}");
    assert!(!sent.contains("  "), "{sent}");

    let mut answer = HeaderMap::new();
    write_cors(&mut answer, Some("https://evil.test"), &allowed());
    assert!(!answer.contains_key("access-control-allow-origin"));
    // Who is no page is told nothing, but a cache that an answer to a page differs.
    let mut answer = HeaderMap::new();
    write_cors(&mut answer, None, &allowed());
    assert_eq!(answer.into_iter().collect::<Vec<_>>(), [(Some(VARY), HeaderValue::from_static("Origin"))]);
}

#[test]
fn the_origin_header_beats_the_referer() {
    let mut headers = HeaderMap::new();
    headers.insert("referer", HeaderValue::from_static("https://r.test/page"));
    assert_eq!(request_origin(&headers), Some("https://r.test/page"));
    headers.insert("origin", HeaderValue::from_static("https://o.test"));
    assert_eq!(request_origin(&headers), Some("https://o.test"));
}
