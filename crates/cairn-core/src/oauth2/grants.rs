//! The decision: a consent page shows what an application asks, and the user allows or refuses.

use std::borrow::Cow;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{ConsentId, GrantId};
use cairn_model::oauth2::{Consent, Grant, GrantState, Oauth2Server};
use cairn_std::Timestamp;
use cairn_store::Tx;

use super::authorize::{approve as allow, require_redirect};
use super::{Client, Drawn, claims, decider, draw, requests, sent_back, sent_back_with, server};
use crate::Cx;

/// What a user allows of what was asked; `None` is all of it.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    /// Scopes, with spaces between; those of OpenID stay in any case.
    pub scope: Option<String>,
    /// On what: the user's choice in the place of what was asked.
    pub details: Option<String>,
}

/// A grant that waits for its user: for that user, and for keys and admins.
///
/// # Errors
/// `oauth2_grant_not_found` also once it is decided or has ended.
pub async fn get(cx: &Cx, id: &GrantId) -> Result<Grant, Error> {
    server(cx)?;
    let (id, now) = (id.clone(), cx.now());
    let user_id = if cx.is_privileged() { None } else { Some(decider(cx)?.id.clone()) };
    if cx.is_privileged() && !cx.has_scope("oauth2.read") {
        return Err(Fault::GeneralUnauthorizedScope.with("scopes", "oauth2.read"));
    }
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            let grant = pending(&tx, &id, now).await?;
            let is_own = user_id.as_ref().is_none_or(|user_id| grant.user_id.as_ref() == Some(user_id));
            if is_own { Ok(grant) } else { Err(missing(&id)) }
        })
        .await
}

/// Allow what is asked, or less; where the user goes on. Nowhere in the device flow, whose device asks again.
///
/// # Errors
/// `oauth2_grant_not_found`, `oauth2_invalid_scope` and `oauth2_invalid_authorization_details` for more than was asked.
pub async fn approve(cx: &Cx, id: &GrantId, allowed: Allowed) -> Result<String, Error> {
    let server = server(cx)?.clone();
    let (user_id, now) = (decider(cx)?.id.clone(), cx.now());
    let (code, consent) = (draw(cx), (ConsentId(cx.new_id()), cx.next_seq()));
    let (id, actor, kept) = (id.clone(), cx.clone(), code.clone());
    let grant = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let mut grant = own(&actor, &tx, &id).await?;
            narrow(&server, &mut grant, allowed)?;
            allow(&mut grant, &kept, now);
            if !tx.grant_advance(&grant, GrantState::Pending).await? {
                return Err(missing(&id));
            }
            let consent = Consent {
                id: consent.0,
                seq: consent.1,
                user_id,
                app_id: grant.app_id.clone(),
                scopes: grant.request.scopes.clone(),
                resources: grant.request.resources.clone(),
                details: grant.request.details.clone(),
                expires: None,
                created: now,
                updated: now,
            };
            remember(&tx, consent, now).await?;
            Ok::<_, Error>(grant)
        })
        .await?;
    answered(cx, &grant, &code)
}

/// Refuse what is asked; where the user goes on.
///
/// # Errors
/// `oauth2_grant_not_found`.
pub async fn reject(cx: &Cx, id: &GrantId) -> Result<String, Error> {
    server(cx)?;
    decider(cx)?;
    let (id, actor) = (id.clone(), cx.clone());
    let grant = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let mut grant = own(&actor, &tx, &id).await?;
            grant.state = GrantState::Rejected;
            grant.updated = actor.now();
            if tx.grant_advance(&grant, GrantState::Pending).await? { Ok(grant) } else { Err(missing(&id)) }
        })
        .await?;
    Ok(sent_back_with(cx, &grant.request, &Fault::Oauth2AccessDenied.error()))
}

/// Where the user goes on with what was allowed.
pub(super) fn answered(cx: &Cx, grant: &Grant, code: &Drawn) -> Result<String, Error> {
    let response = grant.request.response;
    let mut values: Vec<(&str, Cow<'_, str>)> = Vec::new();
    if response.has_code() {
        values.push(("code", code.plain.as_str().into()));
    }
    if response.has_id_token() {
        let bound = claims::Bound { code: response.has_code().then_some(&code.plain), access_token: None };
        values
            .push(("id_token", claims::id_token(cx, decider(cx)?, &claims::Told::of(grant), bound)?.into()));
    }
    Ok(sent_back(cx, &grant.request, &values))
}

/// Take what the user leaves out from what was asked.
fn narrow(server: &Oauth2Server, grant: &mut Grant, allowed: Allowed) -> Result<(), Error> {
    if let Some(scope) = allowed.scope {
        grant.request.scopes = requests::narrowed(&grant.request.scopes, &scope)?;
    }
    if let Some(details) = allowed.details {
        grant.request.details = requests::asked_details(server, &details)?;
    }
    Ok(())
}

/// Add to what the user has allowed the application before.
async fn remember(tx: &Tx, given: Consent, now: Timestamp) -> Result<(), Error> {
    let Some(mut known) = tx.consent_of(&given.user_id, &given.app_id).await? else {
        return Ok(tx.consent_insert(&given).await?);
    };
    if known.expires.is_some_and(|expires| expires <= now) {
        (known.scopes, known.resources, known.expires) = (Vec::new(), Vec::new(), None);
    }
    for (all, more) in [(&mut known.scopes, given.scopes), (&mut known.resources, given.resources)] {
        for one in more {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    known.details = given.details;
    known.updated = now;
    Ok(tx.consent_update(&known).await?)
}

/// The caller's grant that waits for a decision, of an application that is still enabled and still has the address.
async fn own(cx: &Cx, tx: &Tx, id: &GrantId) -> Result<Grant, Error> {
    let grant = pending(tx, id, cx.now()).await?;
    if grant.user_id.as_ref() != Some(&decider(cx)?.id) {
        return Err(missing(id));
    }
    let app = Client::of(cx, grant.app_id.as_str(), "")?.named(tx).await?;
    if !grant.request.redirect_uri.is_empty() {
        require_redirect(&app, &grant.request.redirect_uri)?;
    }
    Ok(grant)
}

async fn pending(tx: &Tx, id: &GrantId, now: Timestamp) -> Result<Grant, Error> {
    let is_pending = |grant: &Grant| grant.state == GrantState::Pending && grant.expires > now;
    tx.grant_by_id(id).await?.filter(is_pending).ok_or_else(|| missing(id))
}

pub(super) fn missing(id: &GrantId) -> Error {
    Fault::Oauth2GrantNotFound.with("grant", id)
}
