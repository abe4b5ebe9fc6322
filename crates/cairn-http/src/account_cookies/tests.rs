//! Names, values and attributes of the cookies.

use http::header::AUTHORIZATION;

use super::*;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

#[test]
fn what_a_request_holds() {
    let both = headers(&[
        ("cookie", "__Host-session_id=abc; x=y; __Host-device_id=dev"),
        ("authorization", "Bearer other"),
    ]);
    let found = held(&both, false);
    assert_eq!(found.token.as_deref(), Some("abc"), "the cookie comes first");
    assert_eq!(found.device.as_deref(), Some("dev"));
    assert_eq!(found.anonymous, None);
    let app = headers(&[("authorization", "bearer  tok-en_1"), ("x-device-token", "dev")]);
    assert_eq!(held(&app, false).token.as_deref(), Some("tok-en_1"));
    assert_eq!(held(&app, false).device.as_deref(), Some("dev"));
    assert_eq!(held(&both, true).token.as_deref(), Some("other"), "development mode has other names");
}

#[test]
fn what_cannot_be_a_token_counts_as_none() {
    let long = "x".repeat(VALUE_BYTES_MAX + 1);
    for unfit in ["", "a b", "a.b", "ä", long.as_str()] {
        let Ok(value) = format!("Bearer {unfit}").parse() else { continue };
        let headers: HeaderMap = [(AUTHORIZATION, value)].into_iter().collect();
        assert_eq!(held(&headers, false).token, None, "{unfit:?}");
    }
}

#[test]
fn cookies_are_bound_to_the_host() {
    let scope = BrowserScope { is_development: false };
    let (name, value) = scope.session("abc", None);
    assert_eq!(name, "set-cookie");
    assert_eq!(value, "__Host-session_id=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
    assert_eq!(scope.no_session().1, "__Host-session_id=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
    let scope = BrowserScope { is_development: true };
    assert_eq!(
        scope.session("abc", Some(5)).1,
        "session_id=abc; Path=/; Max-Age=5; Secure; HttpOnly; SameSite=None"
    );
}
