//! Signing in and out, and the sessions of the person who asks.

use cairn_core::Cx;
use cairn_core::oauth::Tokens;
use cairn_core::sessions::{self, EmailSession, Ended, Issued, Which};
use cairn_faults::{Error, Fault};
use cairn_http::limits::RateLimit;
use cairn_http::rules::{Rule, email, integer, password, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::SessionId;
use cairn_model::sessions::Session;
use serde_json::{Value, json};

use crate::models::{JWT, SESSION};
use crate::oauth::tokens_wire;
use crate::wire::{Object, add_client, object, time_or_empty};
use crate::{ACCOUNT, OWN};

const ONE: &str = "/v1/account/sessions/{sessionId}";

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post(
        "/v1/account/sessions/email",
        "account.createEmailPasswordSession",
        handler!(create_email_session),
    )
    .created(&SESSION)
    .aliases(&["/v1/account/sessions"])
    .scopes(&["sessions.write"])
    .limit(RateLimit::per_hour(10).by(&["url:{url},email:{param-email}"]).reset_on_created())
    .audited("session.create", "user/{response.userId}", "{response.userId}")
    .faults(&[
        Fault::UserInvalidCredentials,
        Fault::UserBlocked,
        Fault::UserSessionAlreadyExists,
        Fault::UserAuthMethodUnsupported,
    ]),
    Route::post(
        "/v1/account/sessions/anonymous",
        "account.createAnonymousSession",
        handler!(create_anonymous_session),
    )
    .created(&SESSION)
    .scopes(&["sessions.write"])
    .limit(RateLimit::per_hour(50).by(&["ip:{ip}"]))
    .audited("session.create", "user/{response.userId}", "{response.userId}")
    .faults(&[
        Fault::UserAnonymousConsoleProhibited,
        Fault::UserCountExceeded,
        Fault::UserSessionAlreadyExists,
        Fault::UserAuthMethodUnsupported,
    ]),
    Route::get("/v1/account/sessions", "account.listSessions", handler!(list_sessions))
        .page("sessions", &SESSION)
        .scopes(ACCOUNT),
    Route::delete("/v1/account/sessions", "account.deleteSessions", handler!(delete_sessions))
        .nothing()
        .scopes(ACCOUNT)
        .before_password()
        .audited("session.delete", OWN, "")
        .limit(RateLimit::per_hour(100)),
    Route::get(ONE, "account.getSession", handler!(get_session))
        .ok(&SESSION)
        .scopes(ACCOUNT)
        .faults(&[Fault::UserSessionNotFound]),
    Route::patch(ONE, "account.updateSession", handler!(update_session))
        .ok(&SESSION)
        .scopes(ACCOUNT)
        .audited("session.update", OWN, "")
        .limit(RateLimit::per_hour(10))
        .faults(&[
            Fault::UserSessionNotFound,
            Fault::ProjectProviderDisabled,
            Fault::ProjectProviderUnsupported,
            Fault::UserOauth2BadRequest,
            Fault::UserOauth2Unauthorized,
            Fault::UserOauth2ProviderError,
        ]),
    Route::delete(ONE, "account.deleteSession", handler!(delete_session))
        .nothing()
        .scopes(ACCOUNT)
        .before_factors()
        .before_password()
        .audited("session.delete", OWN, "")
        .limit(RateLimit::per_hour(100))
        .faults(&[Fault::UserSessionNotFound]),
    Route::post("/v1/account/jwts", "account.createJWT", handler!(create_jwt))
        .created(&JWT)
        .aliases(&["/v1/account/jwt"])
        .scopes(ACCOUNT)
        .limit(RateLimit::per_hour(120).within_seconds(60).by(&["url:{url},userId:{userId}"]))
        .faults(&[
            Fault::UserJwtCreationDenied,
            Fault::UserSessionNotFound,
            Fault::UserAuthMethodUnsupported,
        ]),
];

params! {
    pub(crate) struct CreateEmailSession {
        /// The e-mail address.
        email: String = "email" => email(),
        /// The password.
        password: String = "password" => password(),
    }
}

async fn create_email_session(call: Call<CreateEmailSession>) -> Reply {
    let CreateEmailSession { email, password } = &call.params;
    let credentials = EmailSession { email: email.clone(), password: password.clone() };
    let issued = sessions::create_with_password(&call.cx, credentials).await?;
    begun(&call, &issued)
}

async fn create_anonymous_session(call: Call<()>) -> Reply {
    let issued = sessions::create_anonymous(&call.cx).await?;
    begun(&call, &issued)
}

/// The answer that starts a session: its cookies, and its secret for those who may see it.
pub(crate) fn begun<P>(call: &Call<P>, issued: &Issued) -> Reply {
    let Issued { session, value } = issued;
    let cookies = call.exchange.cookie_scope(call.cx.project.id());
    let mut shown = with_tokens(&call.cx, session, wire(session, Current::Yes))?;
    if call.cx.is_privileged() {
        shown.insert("secret".to_owned(), json!(value));
    }
    let cookies = cookies.start_session(value, session.expires, call.cx.now());
    Ok(Answer::created("session", shown).headers(cookies))
}

async fn list_sessions(call: Call<()>) -> Reply {
    let all = sessions::list(&call.cx).await?;
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let shown = all.iter().map(|session| of_caller(&call.cx, session).map(Value::Object));
    Ok(Answer::list("session", "sessions", total, shown.collect::<Result<_, _>>()?))
}

async fn delete_sessions(call: Call<()>) -> Reply {
    let ended = sessions::delete_all(&call.cx).await?;
    Ok(over(&call, ended))
}

params! {
    pub(crate) struct OfSession {
        /// The id of a session, or `current`.
        session_id: String = "sessionId" => uid().or("current".to_owned(), json!("current")),
    }
}

async fn get_session(call: Call<OfSession>) -> Reply {
    let session = sessions::get(&call.cx, &which(&call.params)).await?;
    Ok(Answer::ok("session", of_caller(&call.cx, &session)?))
}

async fn update_session(call: Call<OfSession>) -> Reply {
    let session = sessions::extend(&call.cx, &which(&call.params)).await?;
    Ok(Answer::ok("session", of_caller(&call.cx, &session)?))
}

async fn delete_session(call: Call<OfSession>) -> Reply {
    let ended = sessions::delete(&call.cx, &which(&call.params)).await?;
    Ok(over(&call, ended))
}

fn which(params: &OfSession) -> Which {
    match params.session_id.as_str() {
        "current" => Which::Current,
        id => Which::ById(SessionId::from(id)),
    }
}

/// The answer that ends sessions; the caller's cookies go with the caller's own.
fn over<P>(call: &Call<P>, ended: Ended) -> Answer {
    match ended {
        Ended::Others => Answer::no_content(),
        Ended::Current => {
            let cookies = call.exchange.cookie_scope(call.cx.project.id());
            Answer::no_content().headers(cookies.end_session(call.cx.now()))
        }
    }
}

params! {
    pub(crate) struct CreateJwt {
        /// Seconds that the token lasts, up to 3600.
        duration: i64 = "duration" => integer(0, 3_600).or(900, json!(900)),
    }
}

async fn create_jwt(call: Call<CreateJwt>) -> Reply {
    let jwt = sessions::create_jwt(&call.cx, call.params.duration)?;
    Ok(Answer::created("jwt", object(json!({ "jwt": jwt }))))
}

/// Whether a session is the one of the request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Current {
    /// It is.
    Yes,
    /// It is not.
    No,
}

fn of_caller(cx: &Cx, session: &Session) -> Result<Object, Error> {
    let is_own = cx.session().is_some_and(|own| own.id == session.id);
    with_tokens(cx, session, wire(session, if is_own { Current::Yes } else { Current::No }))
}

/// The session with the tokens of the provider through which it began.
pub(crate) fn with_tokens(cx: &Cx, session: &Session, mut wire: Object) -> Result<Object, Error> {
    for (name, value) in tokens_wire(&Tokens::open(cx, &session.tokens)?) {
        wire.insert(name, value);
    }
    Ok(wire)
}

/// A session, without its secret.
pub(crate) fn wire(session: &Session, current: Current) -> Object {
    let mut shown = object(json!({
        "$id": session.id.as_str(),
        "$createdAt": session.created.to_wire(),
        "$updatedAt": session.updated.to_wire(),
        "userId": session.user_id.as_str(),
        "expire": session.expires.to_wire(),
        "provider": session.provider,
        "providerUid": session.provider_uid,
        "providerAccessToken": "",
        "providerAccessTokenExpiry": "",
        "providerRefreshToken": "",
        "ip": session.ip,
    }));
    add_client(&mut shown, &session.user_agent, &session.country);
    shown.extend(object(json!({
        "current": current == Current::Yes,
        "factors": session.factors,
        "secret": "",
        "mfaUpdatedAt": time_or_empty(session.mfa_updated),
    })));
    shown
}
