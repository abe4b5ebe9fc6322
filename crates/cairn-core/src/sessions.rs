//! Signing in and out, and the sessions of the user who asks.
//!
//! INVARIANT: a session's secret is in the client's hands only; the store keeps its hash.
//! INVARIANT: a session is refused by every request that starts after its end was acknowledged.

mod alert;
mod begin;
pub mod of_user;
#[cfg(test)]
mod tests;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{SessionId, UserId};
use cairn_model::oauth::SealedTokens;
use cairn_model::sessions::Session;
use serde_json::{Map, json};

use crate::tokens::{SessionValue, session_value, sign};
use crate::{Cx, accounts, oauth};

pub(crate) use alert::tell;
pub use begin::{EmailSession, create_anonymous, create_with_password};
pub(crate) use begin::{SESSIONS_KEPT_MAX, begin, prove, refuse_second, sessions_kept};

/// Characters of a user agent that a session keeps.
const USER_AGENT_CHARS_MAX: usize = 2_048;
/// Bytes of a session's secret before it is written in hex.
const SECRET_BYTES: usize = 128;

/// A session that has just begun, with what its holder shows from now on.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The session.
    pub session: Session,
    /// The opaque value that the client holds: cookie, header and `secret`.
    pub value: String,
}

impl Issued {
    /// The same session for somebody else, before anybody has seen it.
    pub(crate) fn handed_to(mut self, user_id: &UserId) -> Self {
        let drawn = SessionValue::parse(&self.value).expect("it was made by `draw`");
        self.value = session_value(user_id.as_str(), &drawn.secret);
        self.session.user_id = user_id.clone();
        self
    }
}

/// Which of the caller's sessions is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one of this request.
    Current,
    /// This one.
    ById(SessionId),
}

/// Whether the caller's own session is among those that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It is: the client's cookies are to go.
    Current,
    /// It is not.
    Others,
}

/// All sessions of the caller, oldest first.
pub async fn list(cx: &Cx) -> Result<Vec<Session>, Error> {
    let id = accounts::own(cx)?.id.clone();
    cx.store()
        .read(cx.project_ref(), |tx| async move { tx.session_list(&id).await.map_err(Error::from) })
        .await
}

/// A session of the caller.
pub async fn get(cx: &Cx, which: &Which) -> Result<Session, Error> {
    let id = resolve(cx, which)?;
    list(cx).await?.into_iter().find(|session| session.id == id).ok_or_else(|| missing(&id))
}

/// Let a session of the caller last as long as a new one would, with new tokens of the provider it began through.
///
/// # Errors
/// What the provider answers: `user_oauth2_bad_request`, `user_oauth2_unauthorized`, `user_oauth2_provider_error`; and
/// `project_provider_unsupported`, `project_provider_disabled`.
pub async fn extend(cx: &Cx, which: &Which) -> Result<Session, Error> {
    let known = get(cx, which).await?;
    let fresh = renewed(cx, &known).await?;
    let now = cx.now();
    let expires = now.plus_seconds(cx.project.settings.policies.session_seconds());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let all = tx.session_list(&known.user_id).await?;
            let found = all.into_iter().find(|session| session.id == known.id);
            let mut session = found.ok_or_else(|| missing(&known.id))?;
            session.expires = expires;
            session.updated = now;
            if let Some(fresh) = fresh {
                let link = tx.identity_at(&session.provider, &session.provider_uid).await?;
                if let Some(mut link) = link.filter(|link| link.user_id == session.user_id) {
                    link.tokens.clone_from(&fresh);
                    link.updated = now;
                    tx.identity_update(&link).await?;
                }
                session.tokens = fresh;
            }
            tx.session_update(&session).await?;
            Ok(session)
        })
        .await
}

/// New tokens of the session's provider; `None` where there is nothing to renew.
async fn renewed(cx: &Cx, session: &Session) -> Result<Option<SealedTokens>, Error> {
    let old = oauth::Tokens::open(cx, &session.tokens)?;
    if old.refresh.is_empty() {
        return Ok(None);
    }
    let provider = oauth::provider(cx, &session.provider)?;
    Ok(Some(oauth::refresh(cx, provider, &old.refresh).await?.seal(cx)))
}

/// End a session of the caller.
pub async fn delete(cx: &Cx, which: &Which) -> Result<Ended, Error> {
    let (user_id, id) = (accounts::own(cx)?.id.clone(), resolve(cx, which)?);
    let ended = if cx.session().is_some_and(|own| own.id == id) { Ended::Current } else { Ended::Others };
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            if tx.session_delete(&user_id, &id).await? { Ok(ended) } else { Err(missing(&id)) }
        })
        .await
}

/// End all sessions of the caller.
pub async fn delete_all(cx: &Cx) -> Result<Ended, Error> {
    let user_id = accounts::own(cx)?.id.clone();
    let ended = if cx.session().is_some() { Ended::Current } else { Ended::Others };
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            tx.session_delete_all(&user_id).await?;
            Ok(ended)
        })
        .await
}

/// Sign a token that acts with the caller's session for some seconds.
pub fn create_jwt(cx: &Cx, seconds: i64) -> Result<String, Error> {
    accounts::require_method(cx, "jwt")?;
    let user = accounts::own(cx)?;
    // Either would get around what it was given: a JWT has its session's rights, and no end of its own.
    if cx.is_by_jwt || cx.account_key.is_some() {
        return Err(Fault::UserJwtCreationDenied.error());
    }
    let session = cx.session().ok_or_else(|| Fault::UserSessionNotFound.error())?;
    Ok(sign_jwt(cx, &user.id, session.id.as_str(), seconds))
}

/// Sign a token that acts as a user of this project.
pub(crate) fn sign_jwt(cx: &Cx, user_id: &UserId, session_id: &str, seconds: i64) -> String {
    let claims = Map::from_iter([
        ("userId".to_owned(), json!(user_id.as_str())),
        ("sessionId".to_owned(), json!(session_id)),
        ("projectId".to_owned(), json!(cx.project.id())),
    ]);
    sign(&cx.app.secrets, claims, cx.now(), seconds)
}

/// How someone proved who they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proof<'a> {
    provider: &'a str,
    provider_uid: &'a str,
    factor: &'a str,
}

impl<'a> Proof<'a> {
    /// Nothing was proved: the user is new and nobody.
    pub(crate) const ANONYMOUS: Proof<'static> =
        Proof { provider: "anonymous", provider_uid: "", factor: "anonymous" };
    /// An administrator vouches.
    pub(crate) const SERVER: Proof<'static> =
        Proof { provider: "server", provider_uid: "", factor: "server" };

    /// Something that was sent to the user.
    pub(crate) fn message(provider: &'a str, factor: &'a str) -> Self {
        Self { provider, provider_uid: "", factor }
    }

    /// An invitation that was sent to this address.
    pub(crate) fn invitation(email: &'a str) -> Self {
        Self { provider: "email", provider_uid: email, factor: "email" }
    }

    /// A provider of identity vouches; to it the user is `uid`.
    pub(crate) fn provider(provider: &'a str, uid: &'a str) -> Self {
        Self { provider, provider_uid: uid, factor: "email" }
    }

    /// The password of the account with this address.
    pub(crate) fn password(email: &'a str) -> Self {
        Self { provider: "email", provider_uid: email, factor: "password" }
    }
}

/// A session that is not stored yet.
pub(crate) fn draw(cx: &Cx, user_id: &UserId, proof: Proof<'_>) -> Issued {
    let secret = cx.app.ids.secret_hex(SECRET_BYTES);
    let now = cx.now();
    let user_agent: String = cx.request.user_agent.chars().take(USER_AGENT_CHARS_MAX).collect();
    let session = Session {
        id: SessionId::from(cx.new_id()),
        seq: cx.next_seq(),
        user_id: user_id.clone(),
        secret_hash: crate::secrets::hash_secret(&secret),
        provider: proof.provider.to_owned(),
        provider_uid: proof.provider_uid.to_owned(),
        tokens: SealedTokens::default(),
        factors: vec![proof.factor.to_owned()],
        ip: cx.request.ip.to_string(),
        country: cx.app.options.geo.country(cx.request.ip).unwrap_or_default(),
        user_agent: if user_agent.is_empty() { "UNKNOWN".to_owned() } else { user_agent },
        mfa_updated: None,
        expires: now.plus_seconds(cx.project.settings.policies.session_seconds()),
        created: now,
        updated: now,
    };
    Issued { value: session_value(user_id.as_str(), &secret), session }
}

fn resolve(cx: &Cx, which: &Which) -> Result<SessionId, Error> {
    match which {
        Which::ById(id) => Ok(id.clone()),
        Which::Current => {
            accounts::own(cx)?;
            let own = cx.session().ok_or_else(|| Fault::UserSessionNotFound.error())?;
            Ok(own.id.clone())
        }
    }
}

fn missing(id: &SessionId) -> Error {
    Fault::UserSessionNotFound.with("session", id)
}
