//! Sessions of the account API: opaque tokens, a sliding and a longest life, and refresh tokens for applications.
//!
//! The session itself is the one that every surface knows: ended anywhere, it is ended everywhere.
//! INVARIANT: a refresh token works once. One that is shown again was stolen from somebody, so its session ends.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_faults::{Error, Fault};
use cairn_model::bearers::{Bearer, BearerKind};
use cairn_model::ids::{SessionId, UserId};
use cairn_model::sessions::Session;
use cairn_std::Timestamp;
use cairn_store::Tx;

use crate::sessions::{self, Proof};
use crate::{Cx, accounts};

/// A session ends when it was not used for this long: a week.
pub(crate) const SLIDING_SECONDS: i64 = 168 * 3_600;
/// A session ends after this long, however active it is: thirty days.
pub const LIFETIME_SECONDS: i64 = 720 * 3_600;
/// A refresh token can be spent for this long: ninety days.
const REFRESH_SECONDS: i64 = 90 * 86_400;
/// An ended token is told apart from one that never was for this long: thirty days.
const REMEMBERED_SECONDS: i64 = 30 * 86_400;
/// Bytes of a token before it is written.
const TOKEN_BYTES: usize = 32;
/// Characters of a token as clients hold it.
pub(crate) const TOKEN_CHARS: usize = 43;

/// Who holds the tokens of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A browser, in a cookie.
    Browser,
    /// An application, which can get new ones.
    App,
}

/// A session that has just begun.
#[derive(Clone, Debug)]
pub struct Issued {
    /// What the client shows from now on.
    pub token: String,
    /// What an application gets new tokens for.
    pub refresh_token: Option<String>,
    /// When the session ends at the latest.
    pub expires_max: Timestamp,
}

/// A session that is not stored yet, with its tokens.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) session: Session,
    bearers: Vec<Bearer>,
    issued: Issued,
}

/// A session of the caller, as a list shows it.
#[derive(Clone, Debug)]
pub struct Held {
    /// The session.
    pub session: Session,
    /// When it ends at the latest.
    pub expires_max: Timestamp,
}

/// A new opaque token.
pub(crate) fn new_token(cx: &Cx) -> String {
    URL_SAFE_NO_PAD.encode(cx.app.ids.rng().bytes::<TOKEN_BYTES>())
}

/// Draw a session for a user who has proved who they are.
pub(crate) fn draw(cx: &Cx, user_id: &UserId, proof: Proof<'_>, channel: Channel) -> Drawn {
    let mut session = sessions::draw(cx, user_id, proof).session;
    let now = cx.now();
    let expires_max = now.plus_seconds(LIFETIME_SECONDS);
    session.expires = now.plus_seconds(SLIDING_SECONDS);
    let mut bearers = Vec::new();
    let mut add = |kind: BearerKind, expires_max: Timestamp| {
        let token = new_token(cx);
        bearers.push(Bearer {
            lookup: cx.app.secrets.lookup(&token),
            kind,
            user_id: user_id.clone(),
            session_id: session.id.clone(),
            expires_max,
            used: None,
            created: now,
        });
        token
    };
    let token = add(BearerKind::Session, expires_max);
    let refresh_token =
        (channel == Channel::App).then(|| add(BearerKind::Refresh, now.plus_seconds(REFRESH_SECONDS)));
    Drawn { issued: Issued { token, refresh_token, expires_max }, bearers, session }
}

impl Drawn {
    /// The same session as another user's: who it is may show only inside the transaction.
    pub(crate) fn of(mut self, user_id: &UserId) -> Self {
        self.session.user_id = user_id.clone();
        for bearer in &mut self.bearers {
            bearer.user_id = user_id.clone();
        }
        self
    }

    /// Store it, within the transaction that decided that it may begin.
    pub(crate) async fn begin(&self, tx: &Tx) -> Result<(), Error> {
        sessions::begin(tx, &self.session, sessions::SESSIONS_KEPT_MAX).await?;
        for bearer in &self.bearers {
            tx.bearer_insert(bearer).await?;
        }
        Ok(tx.bearer_delete_ended(self.session.created.plus_seconds(-REMEMBERED_SECONDS)).await?)
    }

    /// What the client gets, once it is stored.
    pub(crate) fn issued(self) -> Issued {
        self.issued
    }
}

/// Exchange a refresh token for a new one and a new session token; the session goes on, and the old tokens end.
///
/// # Errors
/// `user:no_refresh_token` without one, `user:invalid_token` for one that is unknown or was spent, `user:token_expired`;
/// `system:token_creation_error` where new ones cannot be kept.
pub async fn refresh(cx: &Cx, token: Option<&str>) -> Result<Issued, Error> {
    let token = token.filter(|token| !token.is_empty()).ok_or_else(|| Fault::RefreshTokenMissing.error())?;
    let (lookup, now) = (cx.app.secrets.lookup(token), cx.now());
    let fresh = draw(cx, &UserId::from(""), Proof::SERVER, Channel::App);
    let issued = fresh.issued.clone();
    let spent = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let invalid =
                || Fault::UserJwtInvalid.with("reason", "the refresh token is unknown or was spent");
            let known = tx.bearer_by_lookup(&lookup).await?;
            let known = known.filter(|known| known.kind == BearerKind::Refresh).ok_or_else(invalid)?;
            if known.expires_max <= now {
                return Err(Fault::PendingTokenExpired.error());
            }
            let (user_id, session_id) = (&known.user_id, &known.session_id);
            if known.used.is_some() || !tx.bearer_spend(&lookup, now).await? {
                tx.session_delete(user_id, session_id).await?;
                return Ok(None);
            }
            let session = tx.session_list(user_id).await?.into_iter().find(|held| held.id == *session_id);
            let mut session = session.ok_or_else(invalid)?;
            session.expires = fresh.session.expires;
            session.updated = now;
            tx.session_update(&session).await?;
            tx.bearer_end_of_session(session_id).await?;
            for bearer in &fresh.bearers {
                let (user_id, session_id) = (user_id.clone(), session_id.clone());
                tx.bearer_insert(&Bearer { user_id, session_id, ..bearer.clone() }).await?;
            }
            Ok(Some(()))
        })
        .await
        .map_err(|error: Error| match error.fault() {
            // Tokens that cannot be kept were not made.
            Fault::StoreFailed | Fault::StorageFull | Fault::CommitOutcomeUnknown => {
                Fault::TokenCreationFailed.error().source(error)
            }
            _ => error,
        })?;
    match spent {
        Some(()) => Ok(issued),
        None => Err(Fault::UserJwtInvalid.with("reason", "the refresh token was spent before")),
    }
}

/// The caller's sessions on every surface, newest first.
pub async fn list(cx: &Cx) -> Result<Vec<Held>, Error> {
    let (id, now) = (accounts::own(cx)?.id.clone(), cx.now());
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            let mut held = Vec::new();
            for session in tx.session_list(&id).await?.into_iter().rev().filter(|held| held.is_live(now)) {
                let expires_max = tx.bearer_expires_max(&session.id).await?.unwrap_or(session.expires);
                held.push(Held { session, expires_max });
            }
            Ok(held)
        })
        .await
}

/// End one of the caller's sessions; whether it is the one of this request.
///
/// # Errors
/// `system:not_found` for an id that is unknown or somebody else's.
pub async fn delete(cx: &Cx, id: &SessionId) -> Result<sessions::Ended, Error> {
    match sessions::delete(cx, &sessions::Which::ById(id.clone())).await {
        Err(error) if error.fault() == Fault::UserSessionNotFound => {
            Err(Fault::GeneralRouteNotFound.with("session", id).source(error))
        }
        outcome => outcome,
    }
}

/// End the caller's session.
pub async fn sign_out(cx: &Cx) -> Result<(), Error> {
    sessions::delete(cx, &sessions::Which::Current).await.map(drop)
}
