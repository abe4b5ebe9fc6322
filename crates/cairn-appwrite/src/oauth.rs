//! Signing in through providers of identity: where a browser is sent, and where it comes back.

use cairn_core::oauth::STATE_SECONDS;
use cairn_core::oauth_sign_ins::{self, Finished, Flow, Outcome, Returned, Start};
use cairn_faults::{Error, Fault};
use cairn_http::exchange::Exchange;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{Rule as _, array_of, text};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::oauth::{SCOPE_CHARS_MAX, SCOPES_MAX, provider};
use serde_json::{Value, json};
use url::Url;

use crate::wire::Object;

mod pages;

const URL_CHARS_MAX: usize = 2_048;
/// Bytes of what a browser keeps, before it is written in hex.
const BROWSER_BYTES: usize = 32;
const START: RateLimit = RateLimit::per_hour(50).by(&["ip:{ip}"]);
const CALLBACK: &str = "/v1/account/sessions/oauth2/callback/{provider}/{projectId}";
const STARTS: &[Fault] =
    &[Fault::ProjectProviderDisabled, Fault::ProjectProviderUnsupported, Fault::OauthAuthUrlInvalid];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get(
        "/v1/account/sessions/oauth2/{provider}",
        "account.createOAuth2Session",
        handler!(create_oauth2_session),
    )
    .moved()
    .scopes(&["sessions.write"])
    .limit(START)
    .faults(STARTS),
    Route::get(
        "/v1/account/tokens/oauth2/{provider}",
        "account.createOAuth2Token",
        handler!(create_oauth2_token),
    )
    .moved()
    .scopes(&["sessions.write"])
    .limit(START)
    .faults(STARTS),
    Route::get(CALLBACK, "account.oauth2Callback", handler!(oauth2_callback)).moved(),
    Route::post(CALLBACK, "account.oauth2PostedCallback", handler!(oauth2_callback)).moved().open_to_all(),
    Route::get(
        "/v1/account/sessions/oauth2/{provider}/redirect",
        "account.oauth2Redirect",
        handler!(oauth2_redirect),
    )
    .moved()
    .limit(START)
    .faults(&[
        Fault::ProjectProviderDisabled,
        Fault::ProjectProviderUnsupported,
        Fault::ProjectInvalidSuccessUrl,
        Fault::ProjectInvalidFailureUrl,
        Fault::OauthStateInvalid,
        Fault::OauthStateExpired,
        Fault::OauthTokenUrlInvalid,
        Fault::UserOauth2ProviderError,
        Fault::UserOauth2ProviderFailure,
        Fault::UserOauth2BadRequest,
        Fault::UserOauth2Unauthorized,
        Fault::UserMissingId,
        Fault::UserAlreadyExists,
        Fault::UserUnauthorized,
        Fault::UserBlocked,
        Fault::UserCountExceeded,
    ]),
    Route::get("/console/auth/oauth2/success", "account.oauth2Success", handler!(pages::success))
        .bytes()
        .aliases(&["/auth/oauth2/success"]),
    Route::get("/console/auth/oauth2/failure", "account.oauth2Failure", handler!(pages::failure))
        .bytes()
        .aliases(&["/auth/oauth2/failure"]),
];

params! {
    pub(crate) struct StartOauth2 {
        /// The id of the provider.
        provider: String = "provider" => text(1, 128),
        /// Where to go when it worked: an address of one of the project's platforms.
        success: String = "success" => text(0, URL_CHARS_MAX).or_empty(),
        /// Where to go when it did not: an address of one of the project's platforms.
        failure: String = "failure" => text(0, URL_CHARS_MAX).or_empty(),
        /// Scopes to ask for beside the provider's own, at most 100.
        scopes: Vec<String> = "scopes" => array_of(text(1, SCOPE_CHARS_MAX), SCOPES_MAX).or_empty(),
    }
}

async fn create_oauth2_session(call: Call<StartOauth2>) -> Reply {
    start(call, Flow::Session).await
}

async fn create_oauth2_token(call: Call<StartOauth2>) -> Reply {
    start(call, Flow::Token).await
}

async fn start(call: Call<StartOauth2>, flow: Flow) -> Reply {
    let (base, sent) = (checked_base(&call.exchange)?, &call.params);
    check_provider(&sent.provider)?;
    let success = target(&call, "/success", &sent.success, &format!("{base}{}", pages::SUCCESS))?;
    let failure = target(&call, "/failure", &sent.failure, &format!("{base}{}", pages::FAILURE))?;
    let browser = browser(&call);
    let callback = format!("/v1/account/sessions/oauth2/callback/{}/{}", sent.provider, call.cx.project.id());
    let wanted = Start {
        provider: &sent.provider,
        success,
        failure,
        flow,
        scopes: &sent.scopes,
        base: &base,
        callback: &callback,
        browser: &browser,
    };
    let address = oauth_sign_ins::start(&call.cx, wanted).await?;
    let cookie = call.exchange.cookie_scope(call.cx.project.id()).keep_browser(&browser, STATE_SECONDS);
    Ok(Answer::moved(address).headers(vec![cookie]))
}

fn check_provider(id: &str) -> Result<(), Error> {
    match provider(id) {
        Some(_) => Ok(()),
        None => Err(Error::invalid_param("/provider", "Value must be the id of a provider.")),
    }
}

/// Scheme and host of this server, which a broken `Host` header does not tell.
fn checked_base(exchange: &Exchange) -> Result<String, Error> {
    let base = exchange.base();
    let parsed =
        Url::parse(&base).ok().filter(|url| url.has_host() && url.path() == "/" && url.query().is_none());
    match parsed {
        Some(_) => Ok(base),
        None => {
            Err(Fault::GeneralBadRequest.with("reason", "the host of the request cannot be used in a link"))
        }
    }
}

/// Where to go in the end: what was asked for, if that is the project's, or the server's own page.
fn target(call: &Call<StartOauth2>, pointer: &str, wanted: &str, own: &str) -> Result<String, Error> {
    if wanted.is_empty() {
        return Ok(own.to_owned());
    }
    // Also as it will be sent: a parser may read the same text another way.
    let sent = Url::parse(wanted).ok().filter(|url| call.exchange.allows_redirect(&call.cx, url.as_str()));
    if sent.is_some() && call.exchange.allows_redirect(&call.cx, wanted) {
        return Ok(wanted.to_owned());
    }
    Err(Error::invalid_param(pointer, "Value must be an address of one of the project's platforms."))
}

/// What the browser keeps already, so that two sign-ins can be under way, or something new.
fn browser<P>(call: &Call<P>) -> String {
    let kept = call.exchange.browser.as_ref();
    let is_ours =
        |text: &&String| text.len() == 2 * BROWSER_BYTES && text.bytes().all(|b| b.is_ascii_hexdigit());
    kept.filter(is_ours).cloned().unwrap_or_else(|| call.cx.app.ids.secret_hex(BROWSER_BYTES))
}

params! {
    pub(crate) struct Callback {
        /// The id of the project.
        project_id: String = "projectId" => text(1, 1_024),
        /// The id of the provider.
        provider: String = "provider" => text(1, 128),
        /// The code.
        code: String = "code" => text(0, URL_CHARS_MAX).or_empty(),
        /// What travelled through the provider.
        state: String = "state" => text(0, URL_CHARS_MAX).or_empty(),
        /// What went wrong at the provider.
        error: String = "error" => text(0, URL_CHARS_MAX).or_empty(),
        /// The same in its words.
        error_description: String = "error_description" => text(0, URL_CHARS_MAX).or_empty(),
        /// What Apple tells of the user in the first sign-in alone.
        user: String = "user" => text(0, URL_CHARS_MAX).or_empty(),
    }
}

/// A provider cannot name a project in a header; from here on it is a parameter. A browser that was made to post comes
/// by itself then, with its cookies.
async fn oauth2_callback(call: Call<Callback>) -> Reply {
    let Callback { project_id, provider, code, state, error, error_description, user } = &call.params;
    let mut url = Url::parse(&checked_base(&call.exchange)?).expect("it was checked");
    if let Ok(mut path) = url.path_segments_mut() {
        path.extend(["v1", "account", "sessions", "oauth2", provider.as_str(), "redirect"]);
    }
    let sent = [
        ("code", code),
        ("state", state),
        ("error", error),
        ("error_description", error_description),
        ("user", user),
    ];
    let sent = sent.into_iter().filter(|(_, value)| !value.is_empty());
    url.query_pairs_mut().append_pair("project", project_id).extend_pairs(sent);
    Ok(Answer::moved(url))
}

params! {
    pub(crate) struct Redirect {
        /// The id of the provider.
        provider: String = "provider" => text(1, 128),
        /// The code.
        code: String = "code" => text(0, URL_CHARS_MAX).or_empty(),
        /// What travelled through the provider.
        state: String = "state" => text(0, URL_CHARS_MAX).or_empty(),
        /// What went wrong at the provider.
        error: String = "error" => text(0, URL_CHARS_MAX).or_empty(),
        /// The same in its words.
        error_description: String = "error_description" => text(0, URL_CHARS_MAX).or_empty(),
        /// What Apple tells of the user in the first sign-in alone.
        user: String = "user" => text(0, URL_CHARS_MAX).or_empty(),
    }
}

async fn oauth2_redirect(call: Call<Redirect>) -> Reply {
    let (base, sent) = (checked_base(&call.exchange)?, &call.params);
    check_provider(&sent.provider)?;
    let returned = Returned {
        provider: &sent.provider,
        code: &sent.code,
        state: &sent.state,
        error: &sent.error,
        error_description: &sent.error_description,
        user: &sent.user,
        base: &base,
        browser: call.exchange.browser.as_deref(),
    };
    let own = [format!("{base}{}", pages::SUCCESS), format!("{base}{}", pages::FAILURE)];
    let is_allowed =
        |url: &str| own.iter().any(|own| own == url) || call.exchange.allows_redirect(&call.cx, url);
    let Finished { success, failure, outcome } =
        oauth_sign_ins::finish(&call.cx, returned, is_allowed).await?;
    match outcome {
        Ok(outcome) => succeeded(&call, &success, outcome),
        Err(error) => failed(&call, &failure, &error),
    }
}

fn succeeded(call: &Call<Redirect>, target: &str, outcome: Outcome) -> Reply {
    let mut url = parsed(target, Fault::ProjectInvalidSuccessUrl)?;
    let (project, scope) = (call.cx.project.id(), call.exchange.cookie_scope(call.cx.project.id()));
    match outcome {
        Outcome::Token { user_id, secret } => {
            url.query_pairs_mut().append_pair("secret", &secret).append_pair("userId", user_id.as_str());
            Ok(Answer::moved(url))
        }
        Outcome::Session(issued) => {
            // COMPAT(appwrite): an app without cookies reads the session from the address that the page leads to.
            if url.path() == pages::SUCCESS {
                url.query_pairs_mut()
                    .append_pair("project", project)
                    .append_pair("domain", &scope.domain().unwrap_or_default())
                    .append_pair("key", &cairn_http::cookies::session_cookie_name(project))
                    .append_pair("secret", &issued.value);
            }
            let cookies = scope.start_session(&issued.value, issued.session.expires, call.cx.now());
            Ok(Answer::moved(url).headers(cookies))
        }
    }
}

fn failed(call: &Call<Redirect>, target: &str, error: &Error) -> Reply {
    let mut url = parsed(target, Fault::ProjectInvalidFailureUrl)?;
    let rendered = call.exchange.errors.answer(error).into_body();
    let mut told: Object = serde_json::from_slice(&rendered).unwrap_or_default();
    told.shift_remove("version");
    url.query_pairs_mut().append_pair("error", &Value::Object(told).to_string());
    if url.path() == pages::FAILURE {
        url.query_pairs_mut().append_pair("project", call.cx.project.id());
    }
    Ok(Answer::moved(url))
}

fn parsed(target: &str, fault: Fault) -> Result<Url, Error> {
    Url::parse(target).map_err(|error| fault.with("url", target).source(error))
}

/// What a session or identity shows of its provider's tokens.
pub(crate) fn tokens_wire(tokens: &cairn_core::oauth::Tokens) -> Object {
    crate::wire::object(json!({
        "providerAccessToken": tokens.access,
        "providerAccessTokenExpiry": crate::wire::time_or_empty(tokens.expires),
        "providerRefreshToken": tokens.refresh,
    }))
}
