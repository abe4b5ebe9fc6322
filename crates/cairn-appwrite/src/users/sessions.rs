//! Users' sessions and tokens, as an administrator makes and ends them.

use cairn_core::sessions::of_user::{self, TokenSession};
use cairn_faults::Fault;
use cairn_http::rules::{Rule, boolean, integer, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::{SessionId, UserId};
use serde_json::{Value, json};

use super::{OfUser, RESOURCE, SUBJECT};
use crate::models::{JWT, SESSION};
use crate::sessions::{Current, wire, with_tokens};
use crate::wire::object;

const ALL: &str = "/v1/users/{userId}/sessions";
const READ: &[&str] = &["users.read", "sessions.read"];
const WRITE: &[&str] = &["users.write", "sessions.write"];

pub(super) const ROUTES: &[Route] = &[
    Route::get(ALL, "users.listSessions", handler!(list_user_sessions))
        .page("sessions", &SESSION)
        .scopes(READ)
        .faults(super::MISSING),
    Route::post(ALL, "users.createSession", handler!(create_user_session))
        .created(&SESSION)
        .scopes(WRITE)
        .audited("session.create", RESOURCE, SUBJECT)
        .faults(super::MISSING),
    Route::delete(ALL, "users.deleteSessions", handler!(delete_user_sessions))
        .nothing()
        .scopes(WRITE)
        .audited("session.delete", RESOURCE, SUBJECT)
        .faults(super::MISSING),
    Route::delete(
        "/v1/users/{userId}/sessions/{sessionId}",
        "users.deleteSession",
        handler!(delete_user_session),
    )
    .nothing()
    .scopes(WRITE)
    .audited("session.delete", RESOURCE, SUBJECT)
    .faults(&[Fault::UserNotFound, Fault::UserSessionNotFound]),
    Route::post("/v1/users/{userId}/jwts", "users.createJWT", handler!(create_user_jwt))
        .created(&JWT)
        .scopes(super::WRITE)
        .faults(super::MISSING),
];

params! {
    pub(crate) struct ListUserSessions {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// Whether the sessions are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_user_sessions(call: Call<ListUserSessions>) -> Reply {
    let ListUserSessions { user_id, total } = call.params;
    let all = of_user::list(&call.cx, &UserId(user_id)).await?;
    let count = if total { i64::try_from(all.len()).unwrap_or(i64::MAX) } else { 0 };
    let shown = all
        .iter()
        .map(|session| with_tokens(&call.cx, session, wire(session, Current::No)).map(Value::Object))
        .collect::<Result<_, _>>()?;
    Ok(Answer::list("session", "sessions", count, shown))
}

async fn create_user_session(call: Call<OfUser>) -> Reply {
    let issued = of_user::create(&call.cx, &UserId(call.params.user_id)).await?;
    let mut shown = wire(&issued.session, Current::No);
    shown.insert("secret".to_owned(), json!(issued.value));
    Ok(Answer::created("session", shown))
}

async fn delete_user_sessions(call: Call<OfUser>) -> Reply {
    of_user::delete_all(&call.cx, &UserId(call.params.user_id)).await?;
    Ok(Answer::no_content())
}

params! {
    pub(crate) struct OfUserSession {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The id of the session.
        session_id: String = "sessionId" => uid(),
    }
}

async fn delete_user_session(call: Call<OfUserSession>) -> Reply {
    let OfUserSession { user_id, session_id } = call.params;
    of_user::delete(&call.cx, &UserId(user_id), &SessionId(session_id)).await?;
    Ok(Answer::no_content())
}

params! {
    pub(crate) struct CreateUserJwt {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The session that the token stands for; `recent` is the newest.
        session_id: String = "sessionId" => uid().or("recent".to_owned(), json!("recent")),
        /// Seconds that the token lasts, up to 3600.
        duration: i64 = "duration" => integer(0, 3_600).or(900, json!(900)),
    }
}

async fn create_user_jwt(call: Call<CreateUserJwt>) -> Reply {
    let CreateUserJwt { user_id, session_id, duration } = call.params;
    let of = match session_id.as_str() {
        "recent" => TokenSession::Recent,
        _ => TokenSession::ById(SessionId(session_id)),
    };
    let jwt = of_user::create_jwt(&call.cx, &UserId(user_id), of, duration).await?;
    Ok(Answer::created("jwt", object(json!({ "jwt": jwt }))))
}
