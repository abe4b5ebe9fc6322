//! The protocol against a provider on loopback, and what its word means for accounts, on both engines.

mod matrix;
mod protocol;
mod returns;

use cairn_faults::Error;
use cairn_model::oauth::{Field, provider as row_of};
use cairn_net::Allowed;
use cairn_testkit::provider::Provider as Fake;
use serde_json::{Value, json};
use url::Url;

use super::{Patch, update};
use crate::fixture::Fixture;
use crate::oauth_sign_ins::{Finished, Flow, Outcome, Returned, Start, finish, start};
use crate::{Cx, Options};

/// Where the server of the tests is reached.
const BASE: &str = "http://localhost:8080";
/// What the browser of the tests keeps.
const BROWSER: &str = "the browser";

/// A server that may call this machine.
fn options() -> Options {
    let loopback = "127.0.0.0/8".parse().expect("a network");
    Options { outbound: Allowed::new(vec![loopback]), is_development: true, ..Options::default() }
}

/// Enter values for a provider and switch it on.
async fn enter(cx: &Cx, id: &str, values: &[(&str, &str)]) {
    let row = row_of(id).expect("a provider");
    let field = |name: &str| -> &'static Field {
        row.fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("{id} has no {name}"))
    };
    let mut entered = vec![(row.client_id(), "app".to_owned()), (row.secret(), "s3cret".to_owned())];
    entered.extend(values.iter().map(|(name, value)| (field(name), (*value).to_owned())));
    update(cx, row, Patch { is_enabled: Some(true), values: entered }).await.expect("is entered");
}

/// Two providers at the fake one: they differ in their ids alone.
async fn enter_both(cx: &Cx, fake: &Fake) {
    let origin = fake.origin();
    let (authorize, token, user) =
        (format!("{origin}/authorize"), format!("{origin}/token"), format!("{origin}/user"));
    enter(cx, "oidc", &[("authorizationURL", &authorize), ("tokenURL", &token), ("userInfoURL", &user)])
        .await;
    enter(cx, "keycloak", &[("endpoint", &origin), ("realmName", "r")]).await;
    let tokens = json!({ "access_token": "at", "refresh_token": "rt", "expires_in": 60 });
    fake.answer("/token", 200, &tokens);
    fake.answer("/realms/r/protocol/openid-connect/token", 200, &tokens);
}

/// The person whom both providers will tell of.
fn tell(fake: &Fake, person: &Value) {
    fake.answer("/user", 200, person);
    fake.answer("/realms/r/protocol/openid-connect/userinfo", 200, person);
}

fn wanted(provider: &str, flow: Flow) -> Start<'_> {
    Start {
        provider,
        success: "https://shop.example/in".to_owned(),
        failure: "https://shop.example/out".to_owned(),
        flow,
        scopes: &[],
        base: BASE,
        callback: "/callback",
        browser: BROWSER,
    }
}

/// The parameter of an address.
fn parameter(address: &str, name: &str) -> Option<String> {
    let url = Url::parse(address).expect("an address");
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Begin at a provider; what travels through it.
async fn begun(cx: &Cx, provider: &str, flow: Flow) -> String {
    let address = start(cx, wanted(provider, flow)).await.expect("begins");
    parameter(&address, "state").expect("a state")
}

fn back<'a>(provider: &'a str, state: &'a str) -> Returned<'a> {
    Returned { provider, state, code: "good", base: BASE, browser: Some(BROWSER), ..Returned::default() }
}

/// Begin and come back.
async fn through(cx: &Cx, provider: &str, flow: Flow) -> Result<Outcome, Error> {
    let state = begun(cx, provider, flow).await;
    let Finished { success, failure, outcome } =
        finish(cx, back(provider, &state), |_| true).await.expect("it is known where to tell");
    assert_eq!((success.as_str(), failure.as_str()), ("https://shop.example/in", "https://shop.example/out"));
    outcome
}

/// Sign in at a provider with a session; whose it is.
async fn session_of(f: &Fixture, provider: &str) -> Result<String, Error> {
    match through(&f.guest().await, provider, Flow::Session).await? {
        Outcome::Session(issued) => Ok(issued.session.user_id.to_string()),
        Outcome::Token { .. } => panic!("a session was wanted"),
    }
}
