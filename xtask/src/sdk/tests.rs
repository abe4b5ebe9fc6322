//! Finding the server's address in what it prints.

use super::origin_in;

#[test]
fn the_address_is_found_in_any_kind_of_log() {
    let cases = [
        ("listening on http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
        ("INFO cairn: listening on http://127.0.0.1:41235 data=./x", Some("http://127.0.0.1:41235")),
        (r#"{"message":"listening on http://[::1]:9/","level":"INFO"}"#, Some("http://[::1]:9")),
        ("opening http://127.0.0.1:8080", None),
    ];
    for (line, expected) in cases {
        assert_eq!(origin_in(line).as_deref(), expected, "{line}");
    }
}
