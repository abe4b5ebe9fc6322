//! The caller's sessions: who is signed in where, and the end of it.

use cairn_core::bearers::{self, Held, Issued, LIFETIME_SECONDS};
use cairn_core::sessions::Ended;
use cairn_http::exchange::Exchange;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{Rule, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::SessionId;
use serde_json::{Map, Value, json};

use crate::SESSION;
use crate::models::{HELD_SESSIONS, TOKENS};
use crate::rules::token;
use crate::wire::ok;

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v0/auth/logout", "auth.logout", handler!(logout))
        .nothing()
        .scopes(SESSION)
        .before_factors(),
    Route::get("/v0/auth/sessions", "auth.listSessions", handler!(list_sessions))
        .ok(&HELD_SESSIONS)
        .scopes(SESSION)
        .before_factors(),
    Route::delete("/v0/auth/sessions/{management_id}", "auth.deleteSession", handler!(delete_session))
        .nothing()
        .scopes(SESSION)
        .before_factors(),
    Route::post("/v0/app/auth/refresh", "appAuth.refresh", handler!(refresh))
        .ok(&TOKENS)
        .limit(RateLimit::per_hour(60).by(&["url:{url},ip:{ip}"])),
];

params! {
    /// One of the caller's sessions.
    struct OneSession {
        /// The id that the list tells.
        management_id: String = "management_id" => uid(),
    }
}

params! {
    /// Renew the tokens of an application.
    struct Refresh {
        /// The refresh token of the last sign-in or renewal.
        refresh_token: Option<String> = "refresh_token" => token().optional(),
    }
}

async fn logout(call: Call<()>) -> Reply {
    bearers::sign_out(&call.cx).await?;
    Ok(Answer::no_content().headers(vec![call.exchange.browser_scope().no_session()]))
}

async fn list_sessions(call: Call<()>) -> Reply {
    let held = bearers::list(&call.cx).await?;
    let own = call.cx.session().map(|session| session.id.clone());
    let wire = |held: &Held| session(held, own.as_ref() == Some(&held.session.id));
    Ok(ok(json!({ "sessions": held.iter().map(wire).collect::<Vec<_>>() })))
}

async fn delete_session(call: Call<OneSession>) -> Reply {
    let ended = bearers::delete(&call.cx, &SessionId::from(call.params.management_id)).await?;
    let cookies = match ended {
        Ended::Current => vec![call.exchange.browser_scope().no_session()],
        Ended::Others => Vec::new(),
    };
    Ok(Answer::no_content().headers(cookies))
}

async fn refresh(call: Call<Refresh>) -> Reply {
    let issued = bearers::refresh(&call.cx, call.params.refresh_token.as_deref()).await?;
    Ok(to_app(issued, None))
}

fn session(held: &Held, is_current: bool) -> Value {
    let session = &held.session;
    let mut wire = Map::new();
    let mut add = |name: &str, value: Value| wire.insert(name.to_owned(), value);
    add("management_id", session.id.as_str().into());
    add("created_at", session.created.to_wire().into());
    add("expires_at", session.expires.to_wire().into());
    add("max_expires_at", held.expires_max.to_wire().into());
    if !session.user_agent.is_empty() {
        add("user_agent", session.user_agent.clone().into());
    }
    if !session.ip.is_empty() {
        add("ip_address", session.ip.clone().into());
    }
    add("is_current", is_current.into());
    Value::Object(wire)
}

/// The answer that gives its client a session: tokens for applications, cookies for browsers.
pub(crate) fn to_client(
    exchange: &Exchange,
    issued: Issued,
    is_remembered: bool,
    device: Option<String>,
) -> Answer {
    if issued.refresh_token.is_some() {
        to_app(issued, device)
    } else {
        to_browser(exchange, &issued, is_remembered, device)
    }
}

/// The answer that gives a browser a session, which outlives the browser only where that is wanted.
fn to_browser(exchange: &Exchange, issued: &Issued, is_remembered: bool, device: Option<String>) -> Answer {
    let scope = exchange.browser_scope();
    let mut cookies = vec![scope.session(&issued.token, is_remembered.then_some(LIFETIME_SECONDS))];
    cookies.extend(device.map(|token| scope.device(&token)));
    Answer::no_content().headers(cookies).header("cache-control", "no-store")
}

/// The answer that gives an application its tokens.
fn to_app(issued: Issued, device: Option<String>) -> Answer {
    let Issued { token, refresh_token, expires_max } = issued;
    let mut body = Map::from_iter([("token".to_owned(), Value::String(token))]);
    body.extend(refresh_token.map(|token| ("refresh_token".to_owned(), Value::String(token))));
    body.extend(device.map(|token| ("device_token".to_owned(), Value::String(token))));
    body.insert("expires_at".to_owned(), expires_max.to_wire().into());
    Answer::ok("tokens", body).header("cache-control", "no-store")
}
