//! Groups of users.
//!
//! INVARIANT: a team is visible to its confirmed members and changed by its owners; to everyone else it does not exist.
//! Keys, and admins in their own projects, see and change every team. In the console an organization's role opens
//! that organization alone: there, being an admin of one team gives nothing in another.

#[cfg(test)]
mod tests;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{MembershipId, TeamId, UserId};
use cairn_model::keys::KeyRing;
use cairn_model::permissions::Role;
use cairn_model::projects::Project;
use cairn_model::teams::{Membership, OWNER, Team};
use cairn_store::{OnConflict, Page, TEAM_FIELDS, TEAMS_ID_KEY, Tx};

use crate::listing::ListRequest;
use crate::{Cx, projects};

/// A team to be made.
#[derive(Clone, Debug)]
pub struct NewTeam {
    /// The id, or `unique()`.
    pub id: String,
    /// The name.
    pub name: String,
    /// What its maker is in it, beside owner.
    pub roles: Vec<String>,
}

/// Make a team. A user who does becomes its first owner; keys and admins make it without members.
pub async fn create(cx: &Cx, new: NewTeam) -> Result<Team, Error> {
    let id = TeamId::from(cx.id_or_new(&new.id));
    let now = cx.now();
    let first = if is_unrestricted(cx) { None } else { Some(owner(cx, &cx.user()?.id, &id, new.roles)) };
    let team = Team {
        id,
        seq: cx.next_seq(),
        name: new.name,
        total: i64::from(first.is_some()),
        prefs: "{}".to_owned(),
        created: now,
        updated: now,
    };
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            tx.team_insert(&team).await.on_conflict(TEAMS_ID_KEY, Fault::TeamAlreadyExists)?;
            if let Some(first) = first {
                tx.membership_insert(&first).await?;
            }
            Ok(team)
        })
        .await
}

pub(crate) fn owner(cx: &Cx, user_id: &UserId, team_id: &TeamId, mut roles: Vec<String>) -> Membership {
    if !roles.iter().any(|role| role == OWNER) {
        roles.push(OWNER.to_owned());
    }
    let now = cx.now();
    Membership {
        id: MembershipId::from(cx.new_id()),
        seq: cx.next_seq(),
        team_id: team_id.clone(),
        user_id: user_id.clone(),
        roles,
        invited: now,
        joined: Some(now),
        is_confirmed: true,
        secret_hash: String::new(),
        created: now,
        updated: now,
    }
}

/// A page of the teams that the caller may see.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<Team>, Error> {
    let listing = request.listing(&TEAM_FIELDS)?;
    let of = if is_unrestricted(cx) { None } else { Some(cx.user()?.id.clone()) };
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            match &of {
                None => tx.team_list(&listing).await,
                Some(user_id) => tx.team_list_of_user(user_id, &listing).await,
            }
        })
        .await
}

/// The team with this id.
pub async fn get(cx: &Cx, id: &TeamId) -> Result<Team, Error> {
    let (seer, id) = (cx.clone(), id.clone());
    cx.store().read(cx.project_ref(), |tx| async move { visible(&seer, &tx, &id).await }).await
}

/// Rename a team.
pub async fn update_name(cx: &Cx, id: &TeamId, name: String) -> Result<Team, Error> {
    edit(cx, id, move |team| team.name = name).await
}

/// Replace a team's preferences, a JSON object as text.
pub async fn update_prefs(cx: &Cx, id: &TeamId, prefs: String) -> Result<Team, Error> {
    edit(cx, id, move |team| team.prefs = prefs).await
}

/// Delete a team and end all its memberships. An organization's projects and keys go with it.
pub async fn delete(cx: &Cx, id: &TeamId) -> Result<(), Error> {
    let (actor, id) = (cx.clone(), id.clone());
    let going: Vec<Project> = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let team = visible(&actor, &tx, &id).await?;
            require_owner(&actor, &team.id)?;
            tx.membership_delete_all_of_team(&team.id).await?;
            tx.installation_delete_all_of_team(&team.id).await?;
            tx.app_delete_all_of_owner(Some(&team.id), None).await?;
            tx.team_delete(&team.id).await?;
            if !actor.is_console() {
                return Ok(Vec::new());
            }
            tx.key_delete_all(&KeyRing::Organization(team.id.clone())).await?;
            mark_projects(&actor, &tx, &team.id).await
        })
        .await?;
    if going.is_empty() { Ok(()) } else { projects::finish_all(cx, &going).await }
}

/// Mark an organization's projects as going: from then on they are nobody's, and a crash only delays their removal.
async fn mark_projects(cx: &Cx, tx: &Tx, id: &TeamId) -> Result<Vec<Project>, Error> {
    let mut going = tx.project_list(Some(id)).await?;
    for project in &mut going {
        project.is_going = true;
        project.updated = cx.now();
        tx.project_update(project).await?;
    }
    Ok(going)
}

async fn edit(
    cx: &Cx,
    id: &TeamId,
    change: impl FnOnce(&mut Team) + Clone + Send + 'static,
) -> Result<Team, Error> {
    let (actor, id, now) = (cx.clone(), id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut team = visible(&actor, &tx, &id).await?;
            require_owner(&actor, &team.id)?;
            change(&mut team);
            team.updated = now;
            tx.team_update(&team).await?;
            Ok(team)
        })
        .await
}

/// The team, where the caller may know of it.
pub(crate) async fn visible(cx: &Cx, tx: &Tx, id: &TeamId) -> Result<Team, Error> {
    let missing = || Fault::TeamNotFound.with("team", id);
    if !is_unrestricted(cx) && !cx.has_role(&Role::team(id.as_str())) {
        return Err(missing());
    }
    tx.team_by_id(id).await?.ok_or_else(missing)
}

/// Whether the caller may change the team.
pub(crate) fn require_owner(cx: &Cx, id: &TeamId) -> Result<(), Error> {
    if is_unrestricted(cx) || is_owner(cx, id) { Ok(()) } else { Err(Fault::UserUnauthorized.error()) }
}

/// Whether the caller is an owner of the team.
pub(crate) fn is_owner(cx: &Cx, id: &TeamId) -> bool {
    cx.has_role(&Role::Team(id.as_str().to_owned(), Some(OWNER.to_owned())))
}

/// Whether every team is the caller's to see and change.
pub(crate) fn is_unrestricted(cx: &Cx) -> bool {
    cx.is_privileged() && !cx.is_console()
}
