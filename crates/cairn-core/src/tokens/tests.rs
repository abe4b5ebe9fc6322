//! Tokens of others, altered ones and old ones do not count.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_std::{Rng, Timestamp};
use serde_json::{Map, Value, json};

use super::{SessionValue, TokenError, session_value, sign, verify};
use crate::secrets::{SecretKey, Secrets};

fn secrets(key: &[u8]) -> Secrets {
    Secrets::new(&SecretKey::new(key), Rng::seeded(1))
}

fn claims() -> Map<String, Value> {
    json!({"userId": "u1"}).as_object().cloned().expect("an object")
}

#[test]
fn a_token_counts_until_it_ends_and_only_here() {
    let (ours, now) = (secrets(b"ours"), Timestamp(1_000_000));
    let token = sign(&ours, claims(), now, 900);
    assert_eq!(verify(&ours, &token, now).expect("valid")["userId"], "u1");
    assert_eq!(verify(&ours, &token, now.plus_seconds(900)), Err(TokenError::Expired));
    assert_eq!(verify(&ours, &token, now.plus_seconds(-60)), Err(TokenError::Invalid), "from the future");
    assert_eq!(verify(&secrets(b"theirs"), &token, now), Err(TokenError::Invalid));
}

#[test]
fn altered_tokens_do_not_count() {
    let (ours, now) = (secrets(b"ours"), Timestamp(1_000_000));
    let token = sign(&ours, claims(), now, 900);
    let parts: Vec<&str> = token.split('.').collect();
    let none = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none"}"#);
    let body = URL_SAFE_NO_PAD.encode(r#"{"userId":"u2","iat":1000,"exp":9999999999}"#);
    for altered in [
        String::new(),
        "a.b.c".to_owned(),
        token[..token.len() - 2].to_owned(),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{none}.{}.", parts[1]),
        format!("{}.{body}.{}", parts[0], parts[2]),
    ] {
        assert_eq!(verify(&ours, &altered, now), Err(TokenError::Invalid), "{altered}");
    }
}

#[test]
fn a_session_value_gives_back_its_parts() {
    let read = SessionValue { user_id: "u".into(), secret: "s".into() };
    assert_eq!(SessionValue::parse(&session_value("u", "s")), Some(read));
    for broken in ["", "%", "e30=", &session_value("", "s")] {
        assert_eq!(SessionValue::parse(broken), None, "{broken}");
    }
}
