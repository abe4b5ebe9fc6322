//! What users have allowed applications, as they see it themselves, and the tokens that came of it.
//!
//! INVARIANT: a consent that is withdrawn ends its tokens and codes with it. An application never sees or changes consents,
//! whatever its token may do.

use cairn_faults::{Error, Fault};
use cairn_model::ids::{ConsentId, TokenFamilyId, UserId};
use cairn_model::oauth2::{Consent, TokenFamily};
use cairn_store::{CONSENT_FIELDS, CONSENT_TOKEN_FIELDS, Page, Tx};

use crate::Cx;
use crate::listing::ListRequest;
use crate::oauth2::person;

/// A page of the caller's consents.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<Consent>, Error> {
    let user_id = person(cx)?.id.clone();
    let listing = request.listing(&CONSENT_FIELDS)?;
    cx.store()
        .read_long(cx.project_ref(), |tx| async move { tx.consent_list(&user_id, &listing).await })
        .await
}

/// One of the caller's consents.
///
/// # Errors
/// `oauth2_consent_not_found`.
pub async fn get(cx: &Cx, id: &ConsentId) -> Result<Consent, Error> {
    let (user_id, id) = (person(cx)?.id.clone(), id.clone());
    cx.store().read(cx.project_ref(), |tx| async move { load(&tx, &user_id, &id).await }).await
}

/// Withdraw a consent: the application must ask again.
///
/// # Errors
/// `oauth2_consent_not_found`.
pub async fn delete(cx: &Cx, id: &ConsentId) -> Result<(), Error> {
    let (user_id, id) = (person(cx)?.id.clone(), id.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let consent = load(&tx, &user_id, &id).await?;
            Ok(tx.consent_delete(&consent).await?)
        })
        .await
}

/// A page of the tokens of one of the caller's consents, each with those that replaced it.
///
/// # Errors
/// `oauth2_consent_not_found`.
pub async fn tokens(cx: &Cx, id: &ConsentId, request: &ListRequest) -> Result<Page<TokenFamily>, Error> {
    let (user_id, id) = (person(cx)?.id.clone(), id.clone());
    let listing = request.listing(&CONSENT_TOKEN_FIELDS)?;
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            load(&tx, &user_id, &id).await?;
            tx.consent_family_list(&id, &listing).await
        })
        .await
}

/// Tokens of one of the caller's consents.
///
/// # Errors
/// `oauth2_consent_not_found`, `oauth2_token_not_found`.
pub async fn token(cx: &Cx, id: &ConsentId, token_id: &TokenFamilyId) -> Result<TokenFamily, Error> {
    let (user_id, id, token_id) = (person(cx)?.id.clone(), id.clone(), token_id.clone());
    cx.store()
        .read(cx.project_ref(), |tx| async move { load_token(&tx, &user_id, &id, &token_id).await })
        .await
}

/// End tokens of one of the caller's consents; the consent stays.
///
/// # Errors
/// `oauth2_consent_not_found`, `oauth2_token_not_found`.
pub async fn delete_token(cx: &Cx, id: &ConsentId, token_id: &TokenFamilyId) -> Result<(), Error> {
    let (user_id, id, token_id) = (person(cx)?.id.clone(), id.clone(), token_id.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let family = load_token(&tx, &user_id, &id, &token_id).await?;
            tx.family_delete(&family.id).await?;
            Ok(())
        })
        .await
}

async fn load(tx: &Tx, user_id: &UserId, id: &ConsentId) -> Result<Consent, Error> {
    let found = tx.consent_by_id(user_id, id).await?;
    found.ok_or_else(|| Fault::Oauth2ConsentNotFound.with("consent", id))
}

async fn load_token(
    tx: &Tx,
    user_id: &UserId,
    id: &ConsentId,
    token_id: &TokenFamilyId,
) -> Result<TokenFamily, Error> {
    let consent = load(tx, user_id, id).await?;
    let family = tx.family_by_id(token_id).await?;
    let family = family.filter(|family| family.consent_id.as_ref() == Some(&consent.id));
    family.ok_or_else(|| Fault::Oauth2TokenNotFound.with("token", token_id))
}
