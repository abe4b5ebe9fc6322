//! Proof that a person asks, by a service that speaks the siteverify protocol (Turnstile's), on the routes that the operator names.

use std::time::Duration;

use cairn_faults::{Error, Fault};
use cairn_net::{Request, Url};
use serde_json::Value;

use crate::Cx;

/// How long the service may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of its answer at most.
const ANSWER_BYTES_MAX: usize = 65_536;

/// The service, and where it is asked.
#[derive(Clone, Debug)]
pub struct Turnstile {
    /// Where tokens are checked.
    pub endpoint: Url,
    /// The secret that the service knows us by.
    pub secret: String,
    /// Names of the routes that ask for a token.
    pub routes: Vec<String>,
}

/// Ask for the proof where the route `name` takes one.
///
/// # Errors
/// `turnstile:token_missing`, `turnstile:verification_failed` where the service does not accept it, `turnstile:service_error`
/// where it does not answer, or nothing that can be understood.
pub async fn require(cx: &Cx, name: &str) -> Result<(), Error> {
    let Some(service) = &cx.app.options.account.turnstile else { return Ok(()) };
    if !service.routes.iter().any(|route| route == name) {
        return Ok(());
    }
    let token = cx.request.turnstile.as_deref().ok_or_else(|| Fault::TurnstileTokenMissing.error())?;
    let ip = cx.request.ip.to_string();
    let fields = [("secret", service.secret.as_str()), ("response", token), ("remoteip", ip.as_str())];
    let request =
        Request::post(service.endpoint.clone()).form(fields).within(TIMEOUT).at_most(ANSWER_BYTES_MAX);
    let unavailable = || Fault::TurnstileUnavailable.error();
    let answer = cx.app.net.configured().send(request).await.map_err(|error| unavailable().source(error))?;
    if !answer.is_ok() {
        return Err(unavailable().detail(format_args!("status {}", answer.status)));
    }
    let body: Value = serde_json::from_slice(&answer.body).map_err(|error| unavailable().source(error))?;
    match body.get("success").and_then(Value::as_bool) {
        Some(true) => Ok(()),
        Some(false) => Err(Fault::TurnstileFailed.error().detail(format_args!("{}", body["error-codes"]))),
        None => Err(unavailable().detail("the answer says nothing of success")),
    }
}
