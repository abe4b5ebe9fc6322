//! Addresses of webhooks.

use super::is_webhook_url;

#[test]
fn a_webhook_has_an_http_address() {
    for good in [
        "https://example.com",
        "http://localhost:4000/hook?x=1",
        "https://user:pass@example.com/path",
        "http://[::1]:80/",
    ] {
        assert!(is_webhook_url(good), "{good} is an address");
    }
    for bad in [
        "",
        "ftp://example.com",
        "https://",
        "https:///x",
        "example.com",
        "http://a b",
        "http://a:0/",
        "http://a:x/",
    ] {
        assert!(!is_webhook_url(bad), "{bad} is no address");
    }
}
