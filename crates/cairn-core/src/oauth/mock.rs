//! The provider that the server plays itself in development mode, for tests of applications.
//!
//! COMPAT(appwrite): ids, secrets, codes and people are the reference's, which its SDKs' tests know.

use serde_json::{Value, json};

/// The id of the application that the mock knows.
const CLIENT_ID: &str = "1";
const CLIENT_SECRET: &str = "123456";
/// The code that it gives everybody.
pub const CODE: &str = "abcdef";
const ACCESS_TOKEN: &str = "123456";
const REFRESH_TOKEN: &str = "tuvwxyz";
const EXPIRES_SECONDS: i64 = 14_400;
/// Applications whose id begins so get a person of their own.
const OWN_PERSON: &str = "canonical-";

/// An answer, or why there is none.
pub type MockAnswer = Result<Value, &'static str>;

/// What the token endpoint is given.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The application's id.
    pub client_id: &'a str,
    /// The application's secret.
    pub client_secret: &'a str,
    /// `authorization_code` or `refresh_token`.
    pub grant_type: &'a str,
    /// The code.
    pub code: &'a str,
    /// The refresh token.
    pub refresh_token: &'a str,
}

/// The token endpoint.
pub fn mock_token(given: &Given<'_>) -> MockAnswer {
    let has_own_person = given.client_id.starts_with(OWN_PERSON);
    if given.client_id != CLIENT_ID && !has_own_person {
        return Err("The client ID is not valid.");
    }
    if given.client_secret != CLIENT_SECRET {
        return Err("The client secret is not valid.");
    }
    let is_known = match given.grant_type {
        "refresh_token" => given.refresh_token == REFRESH_TOKEN,
        _ => given.code == CODE,
    };
    if !is_known {
        return Err("The code or refresh token is not valid.");
    }
    let access = if has_own_person { given.client_id } else { ACCESS_TOKEN };
    Ok(json!({ "access_token": access, "refresh_token": REFRESH_TOKEN, "expires_in": EXPIRES_SECONDS }))
}

/// The profile endpoint of a mock provider.
pub fn mock_user(provider: &str, access: &str) -> MockAnswer {
    match (provider, access.strip_prefix(OWN_PERSON)) {
        ("mock-unverified", _) if access == ACCESS_TOKEN => Ok(json!({
            "id": 2,
            "name": "User Name Unverified",
            "email": "useroauthunverified@localhost.test",
            "verified": false,
        })),
        ("mock", None) if access == ACCESS_TOKEN => Ok(json!({
            "id": 1,
            "name": "User Name",
            "email": "useroauth@localhost.test",
            "verified": true,
        })),
        ("mock", Some(id)) => Ok(json!({
            "id": id,
            "name": "Canonical Email User",
            "email": format!("oauth.{id}@gmail.com"),
            "verified": true,
        })),
        _ => Err("The access token is not valid."),
    }
}
