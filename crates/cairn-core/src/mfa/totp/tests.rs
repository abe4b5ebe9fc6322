//! Codes are those of the standard.

use cairn_std::{Rng, Timestamp};

use super::{code_at, decode, encode, matching_step, new_secret, uri};

/// The secret of the standard's examples, "12345678901234567890".
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

#[test]
fn codes_are_those_of_rfc_6238() {
    // The last six of the eight digits of appendix B.
    for (second, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(code_at(SECRET, Timestamp(second * 1_000)).as_deref(), Some(code), "at {second}");
        assert_eq!(matching_step(SECRET, code, Timestamp(second * 1_000)), Some(second / 30));
    }
}

#[test]
fn a_code_counts_in_its_step_and_the_ones_beside() {
    let at = |second: i64| matching_step(SECRET, "287082", Timestamp(second * 1_000));
    for (second, is_near) in
        [(0, true), (29, true), (30, true), (59, true), (89, true), (90, false), (-1, false)]
    {
        assert_eq!(at(second), is_near.then_some(1), "{second}");
    }
    for wrong in ["", "287083", "28708", "2870820", " 287082", "two87o82"] {
        assert_eq!(matching_step(SECRET, wrong, Timestamp(59_000)), None, "{wrong:?}");
    }
    assert_eq!(matching_step("not base 32", "287082", Timestamp(59_000)), None);
}

#[test]
fn secrets_are_written_in_base_32() {
    for (bytes, text) in [
        ("f", "MY"),
        ("fo", "MZXQ"),
        ("foo", "MZXW6"),
        ("foob", "MZXW6YQ"),
        ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ] {
        assert_eq!(encode(bytes.as_bytes()), text);
        assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
    }
    let secret = new_secret(&Rng::seeded(1));
    assert_eq!((secret.len(), decode(&secret).map(|bytes| bytes.len())), (32, Some(20)));
    assert_ne!(secret, new_secret(&Rng::seeded(2)));
}

#[test]
fn the_uri_names_issuer_and_account() {
    assert_eq!(
        uri(SECRET, "My: shop", "zoë+1@example.com"),
        format!(
            "otpauth://totp/My%20%20shop%3Azo%C3%AB%2B1%40example.com?issuer=My%20%20shop&secret={SECRET}"
        )
    );
}
