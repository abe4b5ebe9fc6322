//! Acting as somebody else: users whom an administrator trusted with it, by headers of each request.
//!
//! INVARIANT: who acts as another has no session of that user: no token, no further sign-in comes of it, and it ends with
//! the own session.
//! COMPAT(appwrite): a name that nobody has, or one told by who may not, changes nothing.

use std::sync::{Arc, LazyLock};

use cairn_faults::Error;
use cairn_model::ids::UserId;
use cairn_model::scopes;
use cairn_model::users::User;
use cairn_store::{ProjectRef, StoreError};

use super::credentials::Impersonated;
use super::identity::identity;
use super::{Caller, owned};
use crate::App;
use crate::cx::Identity;

/// The scopes of who may act as others: they look for users first.
static SCOPES: LazyLock<Arc<[String]>> = LazyLock::new(|| {
    let mut held = owned(scopes::USER);
    held.push("users.read".to_owned());
    held.into()
});

/// Whether the one who really acts may act as others.
pub(super) fn is_allowed(of: &Identity) -> bool {
    of.impersonator.as_ref().map_or(of.user.is_impersonator, |actor| actor.user.is_impersonator)
}

/// The caller with the scopes of who may act as others.
pub(super) fn caller(identity: Arc<Identity>) -> Caller {
    Caller { scopes: Arc::clone(&SCOPES), ..Caller::user(identity) }
}

/// The user as whom `actor` wants to act, where the actor may and the user exists; else the actor.
pub(super) async fn of(
    app: &App,
    home: &ProjectRef,
    actor: Arc<Identity>,
    wanted: Option<&Impersonated>,
) -> Result<Arc<Identity>, Error> {
    let Some(wanted) = wanted.filter(|_| actor.user.is_impersonator) else { return Ok(actor) };
    let id = match wanted {
        Impersonated::ById(id) => Some(UserId::from(id.as_str())),
        Impersonated::ByEmail(_) | Impersonated::ByPhone(_) => find(app, home, wanted).await?,
    };
    let target = match id {
        Some(id) => identity(app, home, &id).await?,
        None => None,
    };
    Ok(match target {
        Some(target) => Arc::new(Identity { impersonator: Some(actor), ..(*target).clone() }),
        None => actor,
    })
}

async fn find(app: &App, home: &ProjectRef, wanted: &Impersonated) -> Result<Option<UserId>, Error> {
    let found: Result<Option<User>, StoreError> = app
        .store
        .read(home, |tx| async move {
            match wanted {
                Impersonated::ByEmail(email) => tx.user_by_email(&email.to_lowercase()).await,
                Impersonated::ByPhone(phone) => tx.user_by_phone(phone).await,
                Impersonated::ById(_) => Ok(None),
            }
        })
        .await;
    Ok(found?.map(|user| user.id))
}
