//! Users' links to providers of identity.
//!
//! INVARIANT: one person of a provider belongs to one user of a project.

use cairn_faults::{Error, Fault};
use cairn_model::ids::{IdentityId, UserId};
use cairn_model::oauth::UserIdentity;
use cairn_store::{IDENTITY_FIELDS, Page};

use crate::listing::ListRequest;
use crate::oauth::Tokens;
use crate::{Cx, accounts, users};

/// An identity with its tokens in the clear, for those who may see them.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The identity.
    pub identity: UserIdentity,
    /// The provider's tokens.
    pub tokens: Tokens,
}

/// A page of the caller's identities.
pub async fn list_own(cx: &Cx, request: &ListRequest) -> Result<Page<Shown>, Error> {
    let id = accounts::own(cx)?.id.clone();
    page(cx, Some(id), request).await
}

/// A page of all users' identities.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<Shown>, Error> {
    users::admit(cx)?;
    page(cx, None, request).await
}

async fn page(cx: &Cx, user_id: Option<UserId>, request: &ListRequest) -> Result<Page<Shown>, Error> {
    let listing = request.listing(&IDENTITY_FIELDS)?;
    let found = cx
        .store()
        .read_long(cx.project_ref(), |tx| async move { tx.identity_list(user_id.as_ref(), &listing).await })
        .await?;
    let show =
        |identity: UserIdentity| Tokens::open(cx, &identity.tokens).map(|tokens| Shown { identity, tokens });
    Ok(Page { total: found.total, items: found.items.into_iter().map(show).collect::<Result<_, _>>()? })
}

/// Remove a link of the caller.
///
/// # Errors
/// `user_identity_not_found`, also for somebody else's.
pub async fn delete_own(cx: &Cx, id: &IdentityId) -> Result<(), Error> {
    let own = accounts::own(cx)?.id.clone();
    remove(cx, Some(own), id).await
}

/// Remove a link of any user.
pub async fn delete(cx: &Cx, id: &IdentityId) -> Result<(), Error> {
    users::admit(cx)?;
    remove(cx, None, id).await
}

async fn remove(cx: &Cx, owner: Option<UserId>, id: &IdentityId) -> Result<(), Error> {
    let id = id.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let missing = || Fault::UserIdentityNotFound.with("identity", &id);
            let found = tx.identity_by_id(&id).await?.ok_or_else(missing)?;
            if owner.is_some_and(|owner| owner != found.user_id) {
                return Err(missing());
            }
            if tx.identity_delete(&id).await? { Ok(()) } else { Err(missing()) }
        })
        .await
}
