//! Projects: the registry that the platform keeps, and what is shown of one.
//!
//! INVARIANT: a project is known once its registry row is committed, and its storage is complete by then. A removal is
//! marked first, so that a crash in the middle is finished by [`tidy`] at the next start.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::ids::TeamId;
use cairn_model::keys::{Key, KeyRing};
use cairn_model::oauth::AllProviderSettings;
use cairn_model::permissions::Role;
use cairn_model::platforms::Platform;
use cairn_model::projects::{About, Project, Settings};
use cairn_model::value::Value;
use cairn_model::webhooks::Webhook;
use cairn_query::{Field, FieldType, NounField, NounFields};
use cairn_store::{ProjectRef, StoreError};

use crate::auth;
use crate::cx::ProjectContext;
use crate::keys::{self, RevealedKey};
use crate::listing::{ListRequest, Listed, PAGE_DEFAULT, Page, value_or_null};
use crate::webhooks::{self, ShownWebhook};
use crate::{App, Cx, oauth};

mod lifecycle;
#[cfg(test)]
mod tests;

pub(crate) use lifecycle::finish_all;
pub use lifecycle::{NewProject, create, delete, tidy};

/// A project with what is shown of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// The registry row.
    pub project: Project,
    /// What its owners have chosen.
    pub settings: Settings,
    /// Its dev keys.
    pub dev_keys: Vec<RevealedKey>,
    /// What only clients before 1.9.5 are shown, when it was asked for.
    pub more: Option<More>,
}

/// What clients before 1.9.5 are shown with a project.
#[derive(Clone, Debug, PartialEq)]
pub struct More {
    /// Its platforms.
    pub platforms: Vec<Platform>,
    /// Its standard keys.
    pub keys: Vec<RevealedKey>,
    /// Its webhooks.
    pub webhooks: Vec<ShownWebhook>,
    /// Every provider of identity, with what was entered for it.
    pub providers: Vec<oauth::Shown>,
}

/// How much of a project is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What every client is shown.
    Plain,
    /// Also what only clients before 1.9.5 are shown.
    Full,
}

const LISTED: Listed<Project> = Listed {
    fields: NounFields(&[
        NounField::one("name", FieldType::Text),
        NounField::one("teamId", FieldType::Text),
        NounField::list("labels", FieldType::Text),
        NounField::one("search", FieldType::Text),
        NounField::one("accessedAt", FieldType::Datetime),
    ]),
    value: |project, field| match field {
        Field::Id => Value::Text(project.id.0.clone()),
        Field::Sequence => Value::Int(project.seq),
        Field::Created => project.created.into(),
        Field::Updated => project.updated.into(),
        Field::Attribute(0) => Value::Text(project.name.clone()),
        Field::Attribute(1) => Value::Text(project.team_id.0.clone()),
        Field::Attribute(2) => Value::Array(project.labels.iter().cloned().map(Value::Text).collect()),
        Field::Attribute(3) => Value::Text(search_text(project)),
        Field::Attribute(4) => value_or_null(project.accessed_at),
        Field::Attribute(_) | Field::Permissions | Field::Relevance => Value::Null,
    },
    page_default: PAGE_DEFAULT,
};

fn search_text(project: &Project) -> String {
    format!("{} {}", project.id, project.name)
}

/// The project of the request.
///
/// # Errors
/// `general_access_forbidden` for the console, which is nobody's project.
pub async fn get(cx: &Cx, detail: Detail) -> Result<Overview, Error> {
    let project = registry(cx)?.clone();
    overview(&cx.app, project, detail).await
}

/// The registry row of the request's project; the console has none.
pub fn registry(cx: &Cx) -> Result<&Project, Error> {
    cx.project.registry.as_ref().ok_or_else(|| Fault::GeneralAccessForbidden.error())
}

/// The context of a project that the path names, for the same caller.
///
/// # Errors
/// `project_not_found` when there is none.
pub async fn managed(cx: &Cx, id: &str) -> Result<Cx, Error> {
    let found = auth::project(&cx.app, id).await.map_err(not_found)?;
    if found.place.is_console() {
        return Err(Fault::ProjectNotFound.with("project", id));
    }
    Ok(cx.on_project(found))
}

/// The same for a project of one organization.
pub async fn managed_of(cx: &Cx, team: &TeamId, id: &str) -> Result<Cx, Error> {
    let managed = managed(cx, id).await?;
    match &managed.project.registry {
        Some(project) if project.team_id == *team => Ok(managed),
        _ => Err(Fault::ProjectNotFound.with("project", id)),
    }
}

/// Projects and organizations are kept in the console alone.
///
/// # Errors
/// `general_access_forbidden` in any other project.
pub fn check_console(cx: &Cx) -> Result<(), Error> {
    if cx.is_console() { Ok(()) } else { Err(Fault::GeneralAccessForbidden.error()) }
}

/// The organization that a request names.
///
/// # Errors
/// `team_not_found` when there is none.
pub async fn organization(cx: &Cx) -> Result<TeamId, Error> {
    let team = TeamId(cx.request.organization.clone().unwrap_or_default());
    check_team(cx, &team).await?;
    Ok(team)
}

/// The same for what is done with the organization itself, which is kept in the console.
///
/// # Errors
/// `general_access_forbidden` in a project, `team_not_found` when there is no such organization.
pub async fn own_organization(cx: &Cx) -> Result<TeamId, Error> {
    check_console(cx)?;
    organization(cx).await
}

async fn check_team(cx: &Cx, team: &TeamId) -> Result<(), Error> {
    let wanted = team.clone();
    let is_there: Result<bool, StoreError> =
        cx.store().read(&ProjectRef::console(), |tx| async move { tx.team_is_there(&wanted).await }).await;
    if is_there? { Ok(()) } else { Err(Fault::TeamNotFound.with("team", team)) }
}

fn not_found(error: Error) -> Error {
    match error.fault() {
        Fault::ProjectUnknown => Fault::ProjectNotFound.error().source(error),
        _ => error,
    }
}

/// A page of the projects that the caller may see, or of those of one organization.
pub async fn list(
    cx: &Cx,
    team: Option<&TeamId>,
    request: &ListRequest,
    detail: Detail,
) -> Result<Page<Overview>, Error> {
    check_console(cx)?;
    let query = LISTED.query(request)?;
    let of_team = team.cloned();
    let all: Result<Vec<Project>, StoreError> = cx
        .store()
        .read_long(&ProjectRef::console(), |tx| async move { tx.project_list(of_team.as_ref()).await })
        .await;
    let words = request.search.to_lowercase();
    let mut seen = all?;
    seen.retain(|project| is_visible(cx, project) && search_text(project).to_lowercase().contains(&words));
    let page = LISTED.page(&query, request.counts_total, &seen)?;
    let mut items = Vec::with_capacity(page.items.len());
    for project in page.items {
        items.push(overview(&cx.app, project, detail).await?);
    }
    Ok(Page { items, total: page.total })
}

/// Owners and developers of an organization see its projects, or those that their role names; so does its key.
fn is_visible(cx: &Cx, project: &Project) -> bool {
    let Some(identity) = cx.identity() else { return cx.acting_organization() == Some(&project.team_id) };
    let own = |role: &str| role.strip_prefix(&format!("project-{}-", project.id)).map(str::to_owned);
    identity.memberships.iter().any(|membership| {
        membership.is_confirmed
            && membership.team_id == project.team_id
            && membership.roles.iter().any(|role| {
                let name = own(role).unwrap_or_else(|| role.clone());
                name == "owner" || name == "developer"
            })
    })
}

/// A project with what is shown of it.
async fn overview(app: &App, project: Project, detail: Detail) -> Result<Overview, Error> {
    type Parts = (Settings, Vec<Key>, Option<(Vec<Platform>, Vec<Key>, Vec<Webhook>, AllProviderSettings)>);
    let parts: Result<Parts, StoreError> = app
        .store
        .read(&ProjectRef::from(&project), |tx| async move {
            let (settings, dev_keys) = (tx.settings().await?, tx.key_list(&KeyRing::Dev).await?);
            let more = match detail {
                Detail::Plain => None,
                Detail::Full => Some((
                    tx.platform_list().await?,
                    tx.key_list(&KeyRing::Standard).await?,
                    tx.webhook_list().await?,
                    tx.oauth_providers().await?,
                )),
            };
            Ok((settings, dev_keys, more))
        })
        .await;
    let (settings, dev_keys, more) = parts?;
    let reveal =
        |keys: Vec<Key>| keys.into_iter().map(|key| keys::reveal(app, key)).collect::<Result<_, _>>();
    let more = match more {
        None => None,
        Some((platforms, keys, shown, entered)) => Some(More {
            platforms,
            keys: reveal(keys)?,
            webhooks: shown.into_iter().map(|hook| webhooks::show(app, hook)).collect::<Result<_, _>>()?,
            providers: oauth::all_shown(app, &entered),
        }),
    };
    Ok(Overview { project, settings, dev_keys: reveal(dev_keys)?, more })
}

/// New values of a project; `None` leaves one alone.
#[derive(Clone, Debug, Default)]
pub struct ProjectPatch {
    /// The name that people give it.
    pub name: Option<String>,
    /// What older clients keep about it.
    pub about: Option<About>,
    /// Labels that administrators give.
    pub labels: Option<Vec<String>>,
}

/// Change the request's project.
pub async fn update(cx: &Cx, patch: ProjectPatch) -> Result<Cx, Error> {
    change(cx, move |project| {
        project.name = patch.name.unwrap_or_else(|| std::mem::take(&mut project.name));
        project.about = patch.about.unwrap_or_else(|| std::mem::take(&mut project.about));
        if let Some(labels) = patch.labels {
            project.labels.clear();
            for label in labels {
                if !project.labels.contains(&label) {
                    project.labels.push(label);
                }
            }
        }
    })
    .await
}

/// Give the request's project to another organization, in which the caller could have made it.
///
/// # Errors
/// `team_not_found` when there is none, or none of the caller's; `user_unauthorized` when its projects are not the
/// caller's to make.
pub async fn transfer(cx: &Cx, team: TeamId) -> Result<Cx, Error> {
    if !cx.has_role(&Role::team(team.as_str())) {
        return Err(Fault::TeamNotFound.with("team", team));
    }
    check_team(cx, &team).await?;
    if !["owner", "developer"]
        .iter()
        .any(|role| cx.has_role(&Role::Team(team.0.clone(), Some((*role).to_owned()))))
    {
        return Err(Fault::UserUnauthorized.error());
    }
    change(cx, move |project| project.team_id = team).await
}

/// A client says hello. Only the first time is written down.
pub async fn ping(cx: &Cx) -> Result<(), Error> {
    let project = cx.project.registry.as_ref().ok_or_else(|| Fault::ProjectNotFound.error())?;
    if project.pinged_at.is_none() {
        let now = cx.now();
        change(cx, move |project| {
            project.pinged_at.get_or_insert(now);
        })
        .await?;
    }
    Ok(())
}

/// Change the registry row; the context with the new one.
async fn change(cx: &Cx, apply: impl FnOnce(&mut Project) + Clone + Send + 'static) -> Result<Cx, Error> {
    let (id, now) = (registry(cx)?.id.clone(), cx.now());
    let project: Project = cx
        .store()
        .write(&ProjectRef::console(), move |tx| async move {
            let found = tx.project_by_id(&id).await?.filter(|found| !found.is_going);
            let mut project = found.ok_or_else(|| Fault::ProjectNotFound.with("project", &id))?;
            apply(&mut project);
            project.updated = now;
            tx.project_update(&project).await?;
            Ok::<_, Error>(project)
        })
        .await?;
    Ok(cx.on_project(Arc::new(ProjectContext { registry: Some(project), ..(*cx.project).clone() })))
}
