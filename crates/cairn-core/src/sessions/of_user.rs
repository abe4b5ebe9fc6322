//! The sessions of a user, as an administrator sees, starts and ends them.

use cairn_faults::{Error, Fault};
use cairn_model::ids::{SessionId, UserId};
use cairn_model::sessions::Session;

use super::begin::SESSIONS_KEPT_MAX;
use super::{Issued, Proof, begin, draw, sign_jwt};
use crate::{Cx, users};

/// A user's sessions, oldest first.
pub async fn list(cx: &Cx, id: &UserId) -> Result<Vec<Session>, Error> {
    users::admit(cx)?;
    let id = id.clone();
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            users::load(&tx, &id).await?;
            Ok(tx.session_list(&id).await?)
        })
        .await
}

/// Start a session for a user, whose secret the caller hands on.
pub async fn create(cx: &Cx, id: &UserId) -> Result<Issued, Error> {
    users::admit(cx)?;
    let issued = draw(cx, id, Proof::SERVER);
    let (id, session) = (id.clone(), issued.session.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            users::load(&tx, &id).await?;
            // COMPAT(appwrite): the project's limit is not asked of an administrator.
            begin(&tx, &session, SESSIONS_KEPT_MAX).await
        })
        .await?;
    Ok(issued)
}

/// End one session of a user.
pub async fn delete(cx: &Cx, id: &UserId, session: &SessionId) -> Result<(), Error> {
    users::admit(cx)?;
    let (id, session) = (id.clone(), session.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            users::load(&tx, &id).await?;
            if tx.session_delete(&id, &session).await? {
                Ok(())
            } else {
                Err(Fault::UserSessionNotFound.with("session", &session))
            }
        })
        .await
}

/// End all sessions of a user.
pub async fn delete_all(cx: &Cx, id: &UserId) -> Result<(), Error> {
    users::admit(cx)?;
    let id = id.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            users::load(&tx, &id).await?;
            tx.session_delete_all(&id).await?;
            Ok(())
        })
        .await
}

/// Which session a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSession {
    /// The newest one; none where there is none.
    Recent,
    /// This one; none where the user has no such session.
    ById(SessionId),
}

/// Sign a token that acts as a user for some seconds.
pub async fn create_jwt(cx: &Cx, id: &UserId, of: TokenSession, seconds: i64) -> Result<String, Error> {
    let all = list(cx, id).await?;
    let session = match of {
        TokenSession::Recent => all.last(),
        TokenSession::ById(wanted) => all.iter().find(|session| session.id == wanted),
    };
    Ok(sign_jwt(cx, id, session.map_or("", |session| session.id.as_str()), seconds))
}
