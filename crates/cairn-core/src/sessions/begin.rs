//! Signing in.

use cairn_faults::{Error, Fault};
use cairn_model::sessions::Session;
use cairn_model::users::User;
use cairn_store::Tx;

use super::{Issued, Proof, draw, tell};
use crate::{Cx, accounts, users};

/// An e-mail address and the password that should go with it.
#[derive(Clone, Debug)]
pub struct EmailSession {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// Sign in with e-mail address and password.
///
/// An unknown address costs the same work as a known one, and only who knows the password learns of a block.
///
/// # Errors
/// `user_invalid_credentials`, `user_blocked`, `user_session_already_exists`.
pub async fn create_with_password(cx: &Cx, credentials: EmailSession) -> Result<Issued, Error> {
    accounts::require_method(cx, "email-password")?;
    refuse_second(cx)?;
    let email = credentials.email.to_lowercase();
    let wanted = email.clone();
    let found: Option<User> = cx
        .store()
        .read(cx.project_ref(), |tx| async move { tx.user_by_email(&wanted).await.map_err(Error::from) })
        .await?;
    let user = prove(cx, found, &credentials.password).await?;
    let upgraded = match &user.password_hash {
        Some(hash) => cx.app.passwords.upgrade(&credentials.password, hash).await?,
        None => None,
    };
    let issued = draw(cx, &user.id, Proof::password(&email));
    let (session, kept) = (issued.session.clone(), sessions_kept(cx));
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            // Between the proof and this transaction the password may have changed, or the user may have gone.
            let now = tx.user_by_id(&user.id).await?;
            let now = now.filter(|now| now.password_hash == user.password_hash && now.email == user.email);
            let mut now = now.ok_or_else(|| Fault::UserInvalidCredentials.error())?;
            if !now.is_active {
                return Err(Fault::UserBlocked.error());
            }
            if upgraded.is_some() {
                now.password_hash = upgraded;
                tx.user_update(&now).await?;
            }
            begin(&tx, &session, kept).await
        })
        .await?;
    tell(cx, &issued.session).await;
    Ok(issued)
}

pub(crate) async fn prove(cx: &Cx, found: Option<User>, password: &str) -> Result<User, Error> {
    let hash = found.as_ref().and_then(|user| user.password_hash.clone());
    let has_password = found.as_ref().is_some_and(|user| user.password_updated.is_some());
    let is_proved = if let Some(hash) = hash.filter(|_| has_password) {
        cx.app.passwords.is_match(password, &hash).await?
    } else {
        cx.app.passwords.spend_a_match(password).await?;
        false
    };
    match found {
        Some(user) if is_proved => {
            if user.is_active {
                Ok(user)
            } else {
                Err(Fault::UserBlocked.with("user", &user.id))
            }
        }
        _ => Err(Fault::UserInvalidCredentials.error()),
    }
}

/// Sign in as a new user of whom nothing is known.
pub async fn create_anonymous(cx: &Cx) -> Result<Issued, Error> {
    accounts::require_method(cx, "anonymous")?;
    refuse_second(cx)?;
    if cx.is_console() {
        return Err(Fault::UserAnonymousConsoleProhibited.error());
    }
    let gate = accounts::Gate::of(cx);
    let mut user = users::blank(cx, &cx.new_id());
    user.accessed_at = Some(user.created);
    let issued = draw(cx, &user.id, Proof::ANONYMOUS);
    let (session, kept) = (issued.session.clone(), sessions_kept(cx));
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            gate.admit(&tx).await?;
            users::insert(&tx, user, Vec::new()).await?;
            begin(&tx, &session, kept).await
        })
        .await?;
    Ok(issued)
}

/// Who is signed in signs out first.
pub(crate) fn refuse_second(cx: &Cx) -> Result<(), Error> {
    if cx.identity().is_some() { Err(Fault::UserSessionAlreadyExists.error()) } else { Ok(()) }
}

/// Sessions of one user that are kept where the project has no limit, and of those that administrators start.
pub(crate) const SESSIONS_KEPT_MAX: usize = 1_000;

/// How many sessions a user may have.
pub(crate) fn sessions_kept(cx: &Cx) -> usize {
    match cx.project.settings.policies.sessions_per_user_max() {
        max if max > 0 => usize::try_from(max).unwrap_or(SESSIONS_KEPT_MAX),
        _ => SESSIONS_KEPT_MAX,
    }
}

/// Store a session and end the user's oldest ones beyond the limit.
pub(crate) async fn begin(tx: &Tx, session: &Session, kept: usize) -> Result<(), Error> {
    let older = tx.session_list(&session.user_id).await?;
    let surplus = (older.len() + 1).saturating_sub(kept.max(1));
    for old in older.iter().take(surplus) {
        tx.session_delete(&session.user_id, &old.id).await?;
    }
    tx.session_insert(session).await?;
    Ok(())
}
