//! Applications in teams: what an owner of a team lets an application do for the team, without any user.
//!
//! INVARIANT: an installation has the scopes that the application asked for when an owner last looked; what it asks for later
//! counts when an owner updates the installation. An application sees its own installations alone, with a key of its own.

use cairn_faults::{Error, Fault};
use cairn_model::apps::Installation;
use cairn_model::ids::{AppId, InstallationId, TeamId};
use cairn_model::oauth2::Lifetimes;
use cairn_store::{INSTALLATION_FIELDS, INSTALLATIONS_PLACE_KEY, OnConflict as _, Page, Tx};

use crate::apps::load as load_app;
use crate::cx::{ActingApp, ActingBy};
use crate::listing::ListRequest;
use crate::oauth2::tokens::{self, Issued, begin, draw_tokens, new_family};
use crate::oauth2::{checked_details, require_project, server, written};
use crate::{Cx, teams};

/// A page of the installations in a team, for its members.
pub async fn list(cx: &Cx, team_id: &TeamId, request: &ListRequest) -> Result<Page<Installation>, Error> {
    require_project(cx)?;
    let listing = request.listing(&INSTALLATION_FIELDS)?;
    let (seer, team_id) = (cx.clone(), team_id.clone());
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            teams::visible(&seer, &tx, &team_id).await?;
            tx.installation_list_of_team(&team_id, &listing).await
        })
        .await
}

/// An installation in a team, for its members.
///
/// # Errors
/// `team_not_found`, `installation_not_found`.
pub async fn get(cx: &Cx, team_id: &TeamId, id: &InstallationId) -> Result<Installation, Error> {
    require_project(cx)?;
    let (seer, team_id, id) = (cx.clone(), team_id.clone(), id.clone());
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            teams::visible(&seer, &tx, &team_id).await?;
            in_team(&tx, &team_id, &id).await
        })
        .await
}

/// Install an application: it gets the scopes that it asks for now.
///
/// # Errors
/// `team_not_found`, `user_unauthorized` for members who do not own the team and for applications, `app_not_found`,
/// `installation_already_exists`, `oauth2_invalid_authorization_details`.
pub async fn create(cx: &Cx, team_id: &TeamId, app_id: &AppId, details: &str) -> Result<Installation, Error> {
    require_project(cx)?;
    let (now, user) = (cx.now(), cx.identity().map(|identity| &identity.user));
    let made = Installation {
        id: InstallationId(cx.new_id()),
        seq: cx.next_seq(),
        app_id: app_id.clone(),
        team_id: team_id.clone(),
        scopes: Vec::new(),
        details: written(&checked_details(details)?),
        creator_id: user.map(|user| user.id.0.clone()).unwrap_or_default(),
        creator_name: user.map(|user| user.name.clone()).unwrap_or_default(),
        accessed_at: None,
        created: now,
        updated: now,
    };
    let actor = cx.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            owned(&actor, &tx, &made.team_id).await?;
            let app = load_app(&tx, &made.app_id).await?;
            if !app.is_enabled {
                return Err(Fault::AppNotFound.with("app", &app.id));
            }
            let made = Installation { scopes: app.about.installation_scopes, ..made };
            let inserted = tx.installation_insert(&made).await;
            inserted.on_conflict(INSTALLATIONS_PLACE_KEY, Fault::InstallationAlreadyExists)?;
            Ok(made)
        })
        .await
}

/// Give an installation the scopes that its application asks for now, and other details if some are named. Its tokens end.
///
/// # Errors
/// Those of [`create`] and `installation_not_found`.
pub async fn update(
    cx: &Cx,
    team_id: &TeamId,
    id: &InstallationId,
    details: Option<&str>,
) -> Result<Installation, Error> {
    require_project(cx)?;
    let details = details.map(checked_details).transpose()?.map(|details| written(&details));
    let (actor, team_id, id) = (cx.clone(), team_id.clone(), id.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            owned(&actor, &tx, &team_id).await?;
            let mut changed = in_team(&tx, &team_id, &id).await?;
            changed.scopes = load_app(&tx, &changed.app_id).await?.about.installation_scopes;
            changed.details = details.unwrap_or(changed.details);
            changed.updated = actor.now();
            tx.token_delete_all_of_installation(&id).await?;
            tx.installation_update(&changed).await?;
            Ok(changed)
        })
        .await
}

/// Remove an application from a team: its tokens end.
///
/// # Errors
/// `team_not_found`, `user_unauthorized`, `installation_not_found`.
pub async fn delete(cx: &Cx, team_id: &TeamId, id: &InstallationId) -> Result<(), Error> {
    require_project(cx)?;
    let (actor, team_id, id) = (cx.clone(), team_id.clone(), id.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            owned(&actor, &tx, &team_id).await?;
            let going = in_team(&tx, &team_id, &id).await?;
            tx.installation_delete(&going.id).await?;
            Ok(())
        })
        .await
}

/// A page of the installations of the application that asks.
///
/// # Errors
/// `app_key_required`.
pub async fn list_of_app(
    cx: &Cx,
    app_id: &AppId,
    request: &ListRequest,
) -> Result<Page<Installation>, Error> {
    require_app(cx, app_id)?;
    let listing = request.listing(&INSTALLATION_FIELDS)?;
    let app_id = app_id.clone();
    cx.store()
        .read_long(cx.project_ref(), |tx| async move { tx.installation_list_of_app(&app_id, &listing).await })
        .await
}

/// An installation of the application that asks.
///
/// # Errors
/// `app_key_required`, `installation_not_found`.
pub async fn get_of_app(cx: &Cx, app_id: &AppId, id: &InstallationId) -> Result<Installation, Error> {
    require_app(cx, app_id)?;
    let (app_id, id) = (app_id.clone(), id.clone());
    cx.store().read(cx.project_ref(), |tx| async move { of_app(&tx, &app_id, &id).await }).await
}

/// A token for an installation of the application that asks. Several count at once.
///
/// # Errors
/// `app_key_required`, `installation_not_found`, `oauth2_server_disabled`.
pub async fn create_token(cx: &Cx, app_id: &AppId, id: &InstallationId) -> Result<Issued, Error> {
    let seconds = server(cx)?.installation_seconds;
    require_app(cx, app_id)?;
    let drawn = draw_tokens(cx);
    let (actor, app_id, id, kept) = (cx.clone(), app_id.clone(), id.clone(), drawn.clone());
    let family = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let mut used = of_app(&tx, &app_id, &id).await?;
            let app = load_app(&tx, &app_id).await?;
            // There is no refresh token: the application shows its key again.
            let lives = Lifetimes { access_seconds: seconds, refresh_seconds: seconds };
            let mut family = new_family(&actor, &app, &kept, lives);
            family.installation_id = Some(used.id.clone());
            family.scopes.clone_from(&used.scopes);
            family.details.clone_from(&used.details);
            begin(&actor, &tx, &family, &kept).await?;
            used.accessed_at = Some(actor.now());
            tx.installation_update(&used).await?;
            Ok::<_, Error>(family)
        })
        .await?;
    Ok(tokens::of_family(family, &drawn, None))
}

/// Refuse everybody but the application itself, with a key of its own.
fn require_app(cx: &Cx, app_id: &AppId) -> Result<(), Error> {
    require_project(cx)?;
    match cx.application.as_deref() {
        Some(ActingApp { app_id: acting, by: ActingBy::Key }) if acting == app_id => Ok(()),
        _ => Err(Fault::AppKeyRequired.with("app", app_id)),
    }
}

/// Refuse everybody who may not decide for the team; applications, too, whatever their user may.
async fn owned(cx: &Cx, tx: &Tx, team_id: &TeamId) -> Result<(), Error> {
    teams::visible(cx, tx, team_id).await?;
    if cx.application.is_some() {
        return Err(Fault::UserUnauthorized.error());
    }
    teams::require_owner(cx, team_id)
}

async fn in_team(tx: &Tx, team_id: &TeamId, id: &InstallationId) -> Result<Installation, Error> {
    let found = tx.installation_by_id(id).await?.filter(|found| found.team_id == *team_id);
    found.ok_or_else(|| Fault::InstallationNotFound.with("installation", id))
}

async fn of_app(tx: &Tx, app_id: &AppId, id: &InstallationId) -> Result<Installation, Error> {
    let found = tx.installation_by_id(id).await?.filter(|found| found.app_id == *app_id);
    found.ok_or_else(|| Fault::InstallationNotFound.with("installation", id))
}
