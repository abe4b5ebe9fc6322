//! Entity tags: equal bodies, conditional requests.

use super::*;

fn answer(method: &str, sent: Option<&str>, status: u16, body: &[u8]) -> (u16, bool, Option<String>) {
    let mut request = HeaderMap::new();
    if let Some(sent) = sent {
        request.insert(IF_NONE_MATCH, HeaderValue::from_str(sent).unwrap());
    }
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    let mut status = StatusCode::from_u16(status).unwrap();
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let sends = revalidate(&method, &request, &mut status, &mut headers, body);
    let tag = headers.get(ETAG).map(|tag| tag.to_str().unwrap().to_owned());
    (status.as_u16(), sends, tag)
}

#[test]
fn unchanged_bodies_are_not_sent_again() {
    let (status, sends, tag) = answer("GET", None, 200, b"page");
    let tag = tag.unwrap();
    assert_eq!((status, sends), (200, true));
    for (sent, expected) in [
        (tag.clone(), (304, false)),
        (tag.trim_start_matches("W/").to_owned(), (304, false)),
        (format!("\"other\", {tag}"), (304, false)),
        ("*".to_owned(), (304, false)),
        ("\"other\"".to_owned(), (200, true)),
    ] {
        let (status, sends, _) = answer("GET", Some(&sent), 200, b"page");
        assert_eq!((status, sends), expected, "{sent}");
    }
    assert_eq!(answer("GET", Some(&tag), 200, b"page!").0, 200);
    assert_eq!(answer("POST", Some(&tag), 200, b"page"), (200, true, None));
    assert_eq!(answer("GET", Some("*"), 404, b"page"), (404, true, None));
}

#[test]
fn the_type_belongs_to_the_tag() {
    assert_ne!(entity_tag("text/html", b"x"), entity_tag("text/plain", b"x"));
    assert_eq!(entity_tag("text/html", b"x"), entity_tag("text/html", b"x"));
    assert_ne!(entity_tag("text/html", b"12345678a"), entity_tag("text/html", b"12345678b"));
    assert_ne!(entity_tag("text/html", b"a12345678"), entity_tag("text/html", b"b12345678"));
    let _ = compression_layer();
}
