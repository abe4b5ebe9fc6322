//! Signing in through providers, and the connections of an account to them.

use cairn_core::connections::{self, Arrival, Completion, Flow, NativeToken, Returned};
use cairn_faults::Fault;
use cairn_http::exchange::Exchange;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{Rule, choices, text};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::oauth::UserIdentity;
use serde_json::{Value, json};

use crate::SESSION;
use crate::clients::{App, Browser, Client};
use crate::models::{AUTH_URL, CONNECTIONS, NONCE, OR_PENDING, TOKENS, TOKENS_OR_PENDING};
use crate::rules::{display_name, handle};
use crate::sessions::to_client;
use crate::wire::ok;

const FLOWS: &[(&str, Flow)] = &[("login", Flow::Login), ("link", Flow::Link)];
const ATTEMPTS: RateLimit = RateLimit::per_hour(60).by(&["url:{url},ip:{ip}"]);
/// Characters of an id token at most.
const ID_TOKEN_CHARS_MAX: usize = 8_192;
const RETURN_FAULTS: &[Fault] = &[
    Fault::OauthStateInvalid,
    Fault::OauthStateExpired,
    Fault::UserOauth2ProviderFailure,
    Fault::UserOauth2ProviderError,
    Fault::UserMissingId,
    Fault::OauthEmailNotVerified,
    Fault::OauthEmailAlreadyExists,
    Fault::OauthImageUrlInvalid,
    Fault::OauthAccountAlreadyLinked,
];
/// Faults of a token that a provider's library gave, whoever shows it.
macro_rules! native_faults {
    ($($own:ident),+ $(,)?) => {
        &[
            $(Fault::$own,)+
            Fault::UserMissingId,
            Fault::OauthEmailNotVerified,
            Fault::OauthEmailAlreadyExists,
            Fault::OauthImageUrlInvalid,
            Fault::ProjectProviderDisabled,
        ]
    };
}
const GOOGLE_FAULTS: &[Fault] =
    native_faults![GoogleIdTokenInvalid, GoogleKeysUnreachable, GoogleKeysUnreadable];
const ONE_TAP_FAULTS: &[Fault] =
    native_faults![GoogleIdTokenInvalid, GoogleNonceInvalid, GoogleKeysUnreachable, GoogleKeysUnreadable];
const GITHUB_FAULTS: &[Fault] = native_faults![GithubTokenInvalid, UserOauth2ProviderError];
const COMPLETE_FAULTS: &[Fault] = &[
    Fault::OauthHandleRequired,
    Fault::UserJwtInvalid,
    Fault::PendingTokenExpired,
    Fault::HandleAlreadyExists,
    Fault::OauthEmailAlreadyExists,
    Fault::OauthAccountAlreadyLinked,
];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v0/auth/oauth/{provider}/authorize", "oauth.authorize", handler!(authorize))
        .ok(&AUTH_URL)
        .limit(ATTEMPTS)
        .before_factors()
        .faults(&[
            Fault::OauthAuthUrlInvalid,
            Fault::OauthTokenUrlInvalid,
            Fault::OauthRedirectUrlInvalid,
            Fault::ProjectProviderDisabled,
            Fault::ProjectProviderUnsupported,
        ]),
    Route::post("/v0/auth/oauth/{provider}/login", "oauth.login", handler!(login))
        .nothing()
        .or(&OR_PENDING)
        .limit(ATTEMPTS)
        .before_factors()
        .faults(RETURN_FAULTS),
    Route::post("/v0/auth/oauth/{provider}/link", "oauth.link", handler!(link))
        .nothing()
        .scopes(SESSION)
        .before_factors()
        .limit(ATTEMPTS)
        .faults(RETURN_FAULTS),
    Route::get("/v0/auth/oauth/google/one-tap/nonce", "oauth.oneTapNonce", handler!(one_tap_nonce))
        .ok(&NONCE)
        .limit(ATTEMPTS)
        .before_factors(),
    Route::post("/v0/auth/oauth/google/one-tap/login", "oauth.oneTapLogin", handler!(one_tap_login))
        .nothing()
        .or(&OR_PENDING)
        .limit(ATTEMPTS)
        .before_factors()
        .faults(ONE_TAP_FAULTS),
    Route::post("/v0/app/auth/oauth/google/token", "appAuth.googleToken", handler!(google_token))
        .ok(&TOKENS_OR_PENDING)
        .limit(ATTEMPTS)
        .before_factors()
        .faults(GOOGLE_FAULTS),
    Route::post("/v0/app/auth/oauth/github/token", "appAuth.githubToken", handler!(github_token))
        .ok(&TOKENS_OR_PENDING)
        .limit(ATTEMPTS)
        .before_factors()
        .faults(GITHUB_FAULTS),
    Route::post("/v0/auth/complete-signup", "auth.completeSignup", handler!(complete::<Browser>))
        .nothing()
        .limit(ATTEMPTS)
        .before_factors()
        .faults(COMPLETE_FAULTS),
    Route::post("/v0/app/auth/complete-signup", "appAuth.completeSignup", handler!(complete::<App>))
        .ok(&TOKENS)
        .limit(ATTEMPTS)
        .before_factors()
        .faults(COMPLETE_FAULTS),
    Route::get("/v0/auth/oauth/connections", "oauth.listConnections", handler!(list))
        .ok(&CONNECTIONS)
        .scopes(SESSION)
        .before_factors(),
    Route::post("/v0/auth/oauth/connections/unlink", "oauth.unlink", handler!(unlink))
        .nothing()
        .scopes(SESSION)
        .before_factors()
        .faults(&[Fault::OauthConnectionNotFound, Fault::OauthLastConnection]),
];

params! {
    /// Send a browser to a provider.
    struct Authorize {
        /// The provider, one of those that the project has set up: `google`, `github`, ...
        provider: String = "provider" => text(1, 36),
        /// What for.
        flow: Flow = "flow" => choices(FLOWS),
    }
}

params! {
    /// A browser that came back from a provider.
    struct CameBack {
        /// The provider.
        provider: String = "provider" => text(1, 36),
        /// The code that it gave.
        code: String = "code" => text(1, 4_096),
        /// What travelled through it.
        state: String = "state" => text(1, 512),
    }
}

params! {
    /// Sign a browser in with what Google One Tap gave it.
    struct OneTap {
        /// The id token.
        credential: String = "credential" => text(1, ID_TOKEN_CHARS_MAX),
    }
}

params! {
    /// Sign an application in with what Google's library gave it.
    struct GoogleToken {
        /// The id token.
        id_token: String = "id_token" => text(1, ID_TOKEN_CHARS_MAX),
    }
}

params! {
    /// Sign an application in with what GitHub gave it.
    struct GithubToken {
        /// The access token.
        access_token: String = "access_token" => text(1, 512),
    }
}

params! {
    /// Finish a provider's sign-up.
    struct Complete {
        /// The token of the sign-in.
        pending_token: String = "pending_token" => text(1, 256),
        /// The handle.
        handle: Option<String> = "handle" => handle().optional(),
        /// The name that is shown.
        display_name: String = "display_name" => display_name(),
    }
}

params! {
    /// Take a connection away.
    struct Unlink {
        /// The provider.
        provider: String = "provider" => text(1, 36),
    }
}

impl CameBack {
    fn returned<'a>(&'a self, browser: &'a str) -> Returned<'a> {
        Returned { provider: &self.provider, code: &self.code, state: &self.state, browser }
    }
}

fn browser<P>(call: &Call<P>) -> String {
    call.exchange.held.anonymous.clone().unwrap_or_default()
}

async fn authorize(call: Call<Authorize>) -> Reply {
    let (browser, Authorize { provider, flow }) = (browser(&call), &call.params);
    let url = connections::authorize(&call.cx, provider, *flow, &browser).await?;
    Ok(ok(json!({ "auth_url": url })).header("cache-control", "no-store"))
}

async fn login(call: Call<CameBack>) -> Reply {
    let browser = browser(&call);
    let arrival = connections::login(&call.cx, call.params.returned(&browser)).await?;
    Ok(arrived(&call.exchange, arrival))
}

/// Somebody who is known is signed in; everybody else chooses a handle.
fn arrived(exchange: &Exchange, arrival: Arrival) -> Answer {
    match arrival {
        Arrival::Known(issued) => to_client(exchange, issued, false, None),
        Arrival::New { pending_token, email } => {
            ok(json!({ "pending_token": pending_token, "email": email })).header("cache-control", "no-store")
        }
    }
}

async fn one_tap_nonce(call: Call<()>) -> Reply {
    let nonce = connections::one_tap_nonce(&call.cx, &browser(&call)).await?;
    Ok(ok(json!({ "nonce": nonce })).header("cache-control", "no-store"))
}

async fn one_tap_login(call: Call<OneTap>) -> Reply {
    let browser = browser(&call);
    let arrival = connections::login_one_tap(&call.cx, &call.params.credential, &browser).await?;
    Ok(arrived(&call.exchange, arrival))
}

async fn google_token(call: Call<GoogleToken>) -> Reply {
    let arrival = connections::login_native(&call.cx, NativeToken::Google(&call.params.id_token)).await?;
    Ok(arrived(&call.exchange, arrival))
}

async fn github_token(call: Call<GithubToken>) -> Reply {
    let arrival = connections::login_native(&call.cx, NativeToken::Github(&call.params.access_token)).await?;
    Ok(arrived(&call.exchange, arrival))
}

async fn link(call: Call<CameBack>) -> Reply {
    let browser = browser(&call);
    connections::link(&call.cx, call.params.returned(&browser)).await?;
    Ok(Answer::no_content())
}

async fn complete<C: Client>(call: Call<Complete>) -> Reply {
    let browser = browser(&call);
    let Complete { pending_token, handle, display_name: name } = call.params;
    let completion =
        Completion { pending_token: &pending_token, handle, name, browser: &browser, channel: C::CHANNEL };
    let (issued, device) = connections::complete(&call.cx, completion).await?;
    Ok(to_client(&call.exchange, issued, false, Some(device)))
}

async fn list(call: Call<()>) -> Reply {
    let found = connections::list(&call.cx).await?;
    Ok(ok(json!({ "connections": found.iter().map(connection).collect::<Vec<_>>() })))
}

async fn unlink(call: Call<Unlink>) -> Reply {
    connections::unlink(&call.cx, call.params.provider.to_lowercase()).await?;
    Ok(Answer::no_content())
}

fn connection(identity: &UserIdentity) -> Value {
    json!({ "provider": shown(&identity.provider), "created_at": identity.created.to_wire() })
}

/// A provider's id with a capital, as this contract writes it.
fn shown(id: &str) -> String {
    let mut letters = id.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
