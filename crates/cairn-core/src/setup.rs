//! The first steps in one: an administrator, an organization, a project and a key, as `cairn init` wants them.
//!
//! Who asks holds the data directory, so that neither the setup code nor the lists of who may sign up are asked. Asked
//! again with the address of an administrator, it adds a project to what is there; that is also how a crash
//! between the steps is made good.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{ProjectId, TeamId, is_project_id};
use cairn_model::keys::KeyRing;
use cairn_model::permissions::RoleSet;
use cairn_model::scopes::OF_PROJECT;
use cairn_model::teams::{OWNER, Team};
use cairn_model::users::User;
use cairn_model::value::formats::is_email;
use cairn_store::{OnConflict as _, ProjectRef, StoreError, TEAMS_ID_KEY};

use crate::keys::{self, NewKey};
use crate::projects::{self, Detail, NewProject};
use crate::{Actor, App, Cx, RequestInfo, auth, teams, users};

#[cfg(test)]
mod tests;

/// The name of the key that is made.
const KEY_NAME: &str = "Made by cairn init";

/// What is to be made.
#[derive(Clone, Debug)]
pub struct NewSetup {
    /// The administrator's address.
    pub email: String,
    /// The administrator's password; not asked for where there is an account with this address.
    pub password: String,
    /// The administrator's name.
    pub name: String,
    /// The organization's name.
    pub organization: String,
    /// The project's id, or `unique()`.
    pub project_id: String,
    /// The project's name.
    pub project_name: String,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The administrator.
    pub admin: User,
    /// Whether the administrator was there before, with a password of their own.
    pub had_admin: bool,
    /// The organization.
    pub organization: TeamId,
    /// The project.
    pub project: ProjectId,
    /// The secret of the project's key, which has every scope.
    pub key: String,
}

/// Make an administrator with an organization, a project in it, and a key for the project.
///
/// # Errors
/// `general_argument_invalid` for what cannot be used, `project_already_exists`; then nothing was made.
pub async fn init(app: &Arc<App>, new: NewSetup) -> Result<Setup, Error> {
    let cx = nobody(app).await?;
    check(&cx, &new).await?;
    let email = new.email.to_lowercase();
    let found: Result<Option<User>, StoreError> =
        cx.store().read(cx.project_ref(), |tx| async move { tx.user_by_email(&email).await }).await;
    let found = found?;
    let had_admin = found.is_some();
    let admin = match found {
        Some(user) => user,
        None => sign_up(&cx, &new).await?,
    };
    let cx = acting_as(cx, &admin).await?;
    let organization = match owned_organization(&cx) {
        Some(team) => team,
        None => create_organization(&cx, &new.organization).await?,
    };
    let project = NewProject {
        id: new.project_id,
        name: new.project_name,
        team_id: organization.clone(),
        region: String::new(),
    };
    let project = projects::create(&cx, project, Detail::Plain).await?.project.id;
    let key = create_key(&cx, &project).await?;
    Ok(Setup { admin, had_admin, organization, project, key })
}

/// The console as it is for somebody whom nobody knows.
async fn nobody(app: &Arc<App>) -> Result<Cx, Error> {
    Ok(Cx {
        app: Arc::clone(app),
        project: auth::project(app, ProjectRef::CONSOLE_ID).await?,
        actor: Actor::Guest,
        scopes: Arc::new([]),
        roles: Arc::new(RoleSet::guest()),
        request: Arc::new(RequestInfo::default()),
        is_by_jwt: false,
        account_key: None,
        application: None,
    })
}

/// Everything that can be known to fail, before anything is made.
async fn check(cx: &Cx, new: &NewSetup) -> Result<(), Error> {
    if !is_email(&new.email) {
        return Err(Error::invalid_param("email", "Value must be a valid email address"));
    }
    if new.project_id == "unique()" {
        return Ok(());
    }
    if new.project_id == ProjectRef::CONSOLE_ID {
        return Err(Fault::ProjectReservedProject.with("project", &new.project_id));
    }
    if !is_project_id(&new.project_id) {
        let reason =
            "An id of a project has lower-case letters, digits and hyphens, and begins with no hyphen";
        return Err(Error::invalid_param("project", reason));
    }
    match auth::owner_of(&cx.app, &new.project_id).await? {
        Some(_) => Err(Fault::ProjectAlreadyExists.with("project", &new.project_id)),
        None => Ok(()),
    }
}

async fn sign_up(cx: &Cx, new: &NewSetup) -> Result<User, Error> {
    let (id, email) = (cx.new_id(), new.email.to_lowercase());
    let user = users::with_password(cx, &id, email, new.name.clone(), &new.password).await?;
    let targets = users::address_targets(cx, &user);
    let made = cx
        .store()
        .write(cx.project_ref(), move |tx| async move { users::insert(&tx, user, targets).await })
        .await?;
    Ok(made.user)
}

/// The same context with the administrator as the one who asks.
async fn acting_as(cx: Cx, admin: &User) -> Result<Cx, Error> {
    let identity = auth::identity(&cx.app, cx.project_ref(), &admin.id).await?;
    let identity = identity.ok_or_else(|| Fault::UserNotFound.with("user", &admin.id))?;
    Ok(Cx { roles: Arc::clone(&identity.roles), actor: Actor::User(identity), ..cx })
}

/// The first organization that the administrator owns.
fn owned_organization(cx: &Cx) -> Option<TeamId> {
    let memberships = &cx.identity()?.memberships;
    let owned = memberships
        .iter()
        .find(|membership| membership.is_confirmed && membership.roles.iter().any(|role| role == OWNER));
    owned.map(|membership| membership.team_id.clone())
}

async fn create_organization(cx: &Cx, name: &str) -> Result<TeamId, Error> {
    let (now, id) = (cx.now(), TeamId::from(cx.new_id()));
    let owner = teams::owner(cx, &cx.user()?.id, &id, Vec::new());
    let team = Team {
        id: id.clone(),
        seq: cx.next_seq(),
        name: name.to_owned(),
        total: 1,
        prefs: "{}".to_owned(),
        created: now,
        updated: now,
    };
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            tx.team_insert(&team).await.on_conflict(TEAMS_ID_KEY, Fault::TeamAlreadyExists)?;
            tx.membership_insert(&owner).await?;
            Ok::<_, Error>(())
        })
        .await?;
    Ok(id)
}

async fn create_key(cx: &Cx, project: &ProjectId) -> Result<String, Error> {
    let place = auth::project(&cx.app, project.as_str()).await?;
    // The older names too: routes of the older vocabulary ask for them.
    let scopes = OF_PROJECT.iter().map(|scope| scope.name.to_owned());
    let new = NewKey {
        id: "unique()".to_owned(),
        name: KEY_NAME.to_owned(),
        scopes: scopes.collect(),
        expires: None,
    };
    Ok(keys::create(&cx.on_project(place), KeyRing::Standard, new).await?.secret)
}
