//! Routes for the reference's own tests, in development mode only: a make-believe OAuth2 provider and an old key.

use cairn_core::keys::{self, NewKey};
use cairn_core::oauth::{Given, MOCK_CODE, mock_token, mock_user};
use cairn_core::{Cx, projects};
use cairn_faults::{Error, Fault};
use cairn_http::origin::host_of;
use cairn_http::rules::{Rule as _, one_of, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::scopes::NAMES_OF_PROJECT;
use serde_json::{Value, json};

use crate::keys::key_wire;
use crate::models::{ANY, KEY};
use crate::wire::object;

const PUBLIC: &[&str] = &["public"];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/mock/tests/general/oauth2", "mock.authorize", handler!(authorize))
        .nothing()
        .scopes(PUBLIC),
    Route::get("/v1/mock/tests/general/oauth2/token", "mock.getToken", handler!(get_token))
        .ok(&ANY)
        .scopes(PUBLIC)
        .faults(&[Fault::GeneralMock]),
    Route::get("/v1/mock/tests/general/oauth2/user", "mock.getUser", handler!(get_user))
        .ok(&ANY)
        .scopes(PUBLIC)
        .faults(&[Fault::GeneralMock]),
    Route::get(
        "/v1/mock/tests/general/oauth2/user-unverified",
        "mock.getUnverified",
        handler!(get_unverified),
    )
    .ok(&ANY)
    .scopes(PUBLIC)
    .faults(&[Fault::GeneralMock]),
    Route::get("/v1/mock/tests/general/oauth2/success", "mock.getSuccess", handler!(get_success))
        .ok(&ANY)
        .scopes(PUBLIC),
    Route::get("/v1/mock/tests/general/oauth2/failure", "mock.getFailure", handler!(get_failure))
        .scopes(PUBLIC),
    Route::post("/v1/mock/api-key-unprefixed", "mock.createUnprefixedKey", handler!(create_unprefixed_key))
        .created(&KEY)
        .scopes(PUBLIC)
        .faults(&[Fault::ProjectNotFound]),
];

params! {
    /// The start of a sign-in.
    pub(crate) struct Authorize {
        /// OAuth2 client ID.
        client_id: String = "client_id" => text(1, 100),
        /// Where to go on.
        redirect_uri: String = "redirect_uri" => text(0, 2_048).or_empty(),
        /// OAuth2 scopes.
        scope: String = "scope" => text(0, 100),
        /// OAuth2 state.
        state: String = "state" => text(0, 1_024),
    }
}

params! {
    /// The exchange of a code for a token.
    pub(crate) struct GetToken {
        /// OAuth2 client ID.
        client_id: String = "client_id" => text(1, 100),
        /// OAuth2 client secret.
        client_secret: String = "client_secret" => text(1, 100),
        /// OAuth2 grant type.
        grant_type: Option<&'static str> = "grant_type" => one_of(&["refresh_token", "authorization_code"]).optional(),
        /// OAuth2 code.
        code: String = "code" => text(0, 100).or_empty(),
        /// OAuth2 refresh token.
        refresh_token: String = "refresh_token" => text(0, 100).or_empty(),
    }
}

params! {
    /// A token.
    pub(crate) struct Token {
        /// OAuth2 access token.
        token: String = "token" => text(1, 100),
    }
}

params! {
    /// A project.
    pub(crate) struct OfProject {
        /// Project ID.
        project_id: String = "projectId" => uid(),
    }
}

/// These routes exist in development mode only.
fn check_mode(cx: &Cx) -> Result<(), Error> {
    if cx.app.options.is_development { Ok(()) } else { Err(Fault::GeneralRouteNotFound.error()) }
}

fn refused(what: &str) -> Error {
    Fault::GeneralMock.error().detail(what)
}

fn json_answer(status: u16, value: &Value) -> Answer {
    Answer::json_bytes(status, value.to_string())
}

async fn authorize(call: Call<Authorize>) -> Reply {
    check_mode(&call.cx)?;
    let redirect_uri = &call.params.redirect_uri;
    let is_own = host_of(redirect_uri).is_some_and(|host| host == call.exchange.host);
    let parsed = url::Url::parse(redirect_uri).ok();
    let allowed = parsed.filter(|_| is_own || call.exchange.allows_redirect(&call.cx, redirect_uri));
    let refused =
        || Error::invalid_param("/redirect_uri", "Value must be an address of this server or project.");
    let mut target = allowed.ok_or_else(refused)?;
    target.query_pairs_mut().append_pair("code", MOCK_CODE).append_pair("state", &call.params.state);
    Ok(Answer::moved(target))
}

async fn get_token(call: Call<GetToken>) -> Reply {
    check_mode(&call.cx)?;
    let sent = &call.params;
    let given = Given {
        client_id: &sent.client_id,
        client_secret: &sent.client_secret,
        grant_type: sent.grant_type.unwrap_or("authorization_code"),
        code: &sent.code,
        refresh_token: &sent.refresh_token,
    };
    Ok(json_answer(200, &mock_token(&given).map_err(refused)?))
}

async fn get_user(call: Call<Token>) -> Reply {
    check_mode(&call.cx)?;
    Ok(json_answer(200, &mock_user("mock", &call.params.token).map_err(refused)?))
}

async fn get_unverified(call: Call<Token>) -> Reply {
    check_mode(&call.cx)?;
    Ok(json_answer(200, &mock_user("mock-unverified", &call.params.token).map_err(refused)?))
}

async fn get_success(call: Call<()>) -> Reply {
    check_mode(&call.cx)?;
    Ok(Answer::ok("any", object(json!({ "result": "success" }))))
}

async fn get_failure(call: Call<()>) -> Reply {
    check_mode(&call.cx)?;
    Ok(json_answer(400, &json!({ "result": "failure" })))
}

async fn create_unprefixed_key(call: Call<OfProject>) -> Reply {
    check_mode(&call.cx)?;
    let cx = projects::managed(&call.cx, &call.params.project_id).await?;
    let new = NewKey {
        id: cx.new_id(),
        name: "Outdated key".to_owned(),
        scopes: NAMES_OF_PROJECT.map(str::to_owned).into(),
        expires: None,
    };
    Ok(Answer::created("key", key_wire(&keys::create_unprefixed(&cx, new).await?)))
}
