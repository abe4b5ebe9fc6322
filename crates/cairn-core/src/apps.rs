//! Applications of others: what they are, who owns them, and what they prove themselves with.
//!
//! INVARIANT: a project's users make applications of their own, or of teams that they own, once the project is an OAuth2
//! server; keys and admins make and change every one. What an application shows of itself is everybody's to see, because
//! consent pages show it; its secrets are its owners'.

use cairn_faults::{Error, Fault};
use cairn_model::apps::{APPS_PER_OWNER_MAX, AppAbout, AppSecret, Application, ClientKind, SecretKind};
use cairn_model::ids::{AppId, TeamId};
use cairn_model::permissions::Role;
use cairn_model::users::User;
use cairn_store::{APP_FIELDS, APPS_ID_KEY, OnConflict as _, Page, Tx};

use crate::listing::ListRequest;
use crate::oauth2::{person, require_project};
use crate::{Cx, oauth2, teams};

pub mod secrets;

/// An application with what its owners see of its client secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownApp {
    /// The application.
    pub app: Application,
    /// Its client secrets, for its owners.
    pub secrets: Vec<AppSecret>,
}

/// An application to make.
#[derive(Clone, Debug)]
pub struct NewApp {
    /// Its id, or `unique()`.
    pub id: String,
    /// The name that people give it.
    pub name: String,
    /// Whether it can keep a secret.
    pub kind: ClientKind,
    /// Whether it may do anything.
    pub is_enabled: bool,
    /// Whether it may use the device flow.
    pub has_device_flow: bool,
    /// The team that is to own it; the caller otherwise.
    pub team_id: Option<TeamId>,
    /// Where users may be sent with a code.
    pub redirect_uris: Vec<String>,
    /// What people are told about it.
    pub about: AppAbout,
}

/// New values of an application; `None` leaves one alone.
#[derive(Clone, Debug, Default)]
pub struct AppPatch {
    /// The name that people give it.
    pub name: String,
    /// Whether it can keep a secret.
    pub kind: Option<ClientKind>,
    /// Whether it may do anything.
    pub is_enabled: Option<bool>,
    /// Whether it may use the device flow.
    pub has_device_flow: Option<bool>,
    /// Where users may be sent with a code.
    pub redirect_uris: Option<Vec<String>>,
    /// What people are told about it.
    pub about: AboutPatch,
}

/// New values of [`AppAbout`]; `None` leaves one alone.
#[derive(Clone, Debug, Default)]
pub struct AboutPatch {
    /// What it is for.
    pub description: Option<String>,
    /// In a few words.
    pub tagline: Option<String>,
    /// Its home page.
    pub client_uri: Option<String>,
    /// Its logo.
    pub logo_uri: Option<String>,
    /// How it treats people's data.
    pub privacy_policy_url: Option<String>,
    /// Its terms of service.
    pub terms_url: Option<String>,
    /// Where people find help.
    pub support_url: Option<String>,
    /// Where people have their data deleted.
    pub data_deletion_url: Option<String>,
    /// Addresses of those who answer for it.
    pub contacts: Option<Vec<String>>,
    /// Words by which people find it.
    pub tags: Option<Vec<String>>,
    /// Pictures of it.
    pub images: Option<Vec<String>>,
    /// Where users may be sent after they signed out.
    pub post_logout_redirect_uris: Option<Vec<String>>,
    /// What it asks of a team that installs it.
    pub installation_scopes: Option<Vec<String>>,
    /// Where people go after they installed it.
    pub installation_redirect_url: Option<String>,
}

impl AboutPatch {
    fn apply(self, about: &mut AppAbout) {
        fn set<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        set(&mut about.description, self.description);
        set(&mut about.tagline, self.tagline);
        set(&mut about.client_uri, self.client_uri);
        set(&mut about.logo_uri, self.logo_uri);
        set(&mut about.privacy_policy_url, self.privacy_policy_url);
        set(&mut about.terms_url, self.terms_url);
        set(&mut about.support_url, self.support_url);
        set(&mut about.data_deletion_url, self.data_deletion_url);
        set(&mut about.contacts, self.contacts);
        set(&mut about.tags, self.tags);
        set(&mut about.images, self.images);
        set(&mut about.post_logout_redirect_uris, self.post_logout_redirect_uris);
        set(&mut about.installation_scopes, self.installation_scopes);
        set(&mut about.installation_redirect_url, self.installation_redirect_url);
    }
}

/// Make an application. A user's is the user's own, or that of a team that the user owns; a key makes one of nobody.
///
/// # Errors
/// `oauth2_server_disabled` for users of a project that is none, `team_not_found`, `user_unauthorized`, `app_already_exists`,
/// `app_limit_exceeded`.
pub async fn create(cx: &Cx, new: NewApp) -> Result<ShownApp, Error> {
    require_project(cx)?;
    let maker = if cx.is_privileged() { None } else { Some(developer(cx)?.id.clone()) };
    let now = cx.now();
    let app = Application {
        id: AppId(cx.id_or_new(&new.id)),
        seq: cx.next_seq(),
        name: new.name,
        kind: new.kind,
        is_enabled: new.is_enabled,
        has_device_flow: new.has_device_flow,
        user_id: maker.filter(|_| new.team_id.is_none()),
        team_id: new.team_id,
        labels: Vec::new(),
        redirect_uris: new.redirect_uris,
        about: new.about,
        created: now,
        updated: now,
    };
    let actor = cx.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            require_room(&actor, &tx, &app).await?;
            tx.app_insert(&app).await.on_conflict(APPS_ID_KEY, Fault::AppAlreadyExists)?;
            Ok(ShownApp { app, secrets: Vec::new() })
        })
        .await
}

/// Whether the owner of an application may have one more.
async fn require_room(cx: &Cx, tx: &Tx, app: &Application) -> Result<(), Error> {
    if let Some(team) = &app.team_id {
        teams::visible(cx, tx, team).await?;
        teams::require_owner(cx, team)?;
    }
    let (team, user) = (app.team_id.as_ref(), app.user_id.as_ref());
    if tx.app_count_of_owner(team, user).await? >= APPS_PER_OWNER_MAX {
        return Err(Fault::AppLimitExceeded.with("limit", APPS_PER_OWNER_MAX));
    }
    Ok(())
}

/// A page of the applications that the caller may change, or whose team the caller is in.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<ShownApp>, Error> {
    require_project(cx)?;
    let listing = request.listing(&APP_FIELDS)?;
    let of = if cx.is_privileged() { None } else { Some(person(cx)?.id.clone()) };
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            let page = match &of {
                None => tx.app_list(&listing).await?,
                Some(user_id) => tx.app_list_of_user(user_id, &listing).await?,
            };
            let ids: Vec<&AppId> = page.items.iter().map(|app| &app.id).collect();
            let all = tx.app_secret_list_of(&ids, SecretKind::Client).await?;
            let shown = |app: Application| {
                let secrets = all.iter().filter(|secret| secret.app_id == app.id).cloned().collect();
                ShownApp { app, secrets }
            };
            Ok(Page { items: page.items.into_iter().map(shown).collect(), total: page.total })
        })
        .await
}

/// The application with this id, as far as it is the caller's to see.
pub async fn get(cx: &Cx, id: &AppId) -> Result<ShownApp, Error> {
    require_project(cx)?;
    let (seer, id) = (cx.clone(), id.clone());
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            let app = load(&tx, &id).await?;
            shown(&seer, &tx, app).await
        })
        .await
}

async fn shown(cx: &Cx, tx: &Tx, app: Application) -> Result<ShownApp, Error> {
    let secrets = if is_near(cx, &app) {
        tx.app_secret_list_all(&app.id, SecretKind::Client).await?
    } else {
        Vec::new()
    };
    Ok(ShownApp { app, secrets })
}

/// Change an application.
pub async fn update(cx: &Cx, id: &AppId, patch: AppPatch) -> Result<ShownApp, Error> {
    edit(cx, id, move |app| {
        app.name = patch.name;
        app.kind = patch.kind.unwrap_or(app.kind);
        app.is_enabled = patch.is_enabled.unwrap_or(app.is_enabled);
        app.has_device_flow = patch.has_device_flow.unwrap_or(app.has_device_flow);
        if let Some(uris) = patch.redirect_uris {
            app.redirect_uris = uris;
        }
        patch.about.apply(&mut app.about);
    })
    .await
}

/// Replace an application's labels: the project's own servers mark it.
///
/// # Errors
/// `user_unauthorized` for users.
pub async fn update_labels(cx: &Cx, id: &AppId, labels: Vec<String>) -> Result<ShownApp, Error> {
    if !cx.is_privileged() {
        return Err(Fault::UserUnauthorized.error());
    }
    edit(cx, id, move |app| app.labels = labels).await
}

/// Give an application to a team, which the caller owns, too.
pub async fn update_team(cx: &Cx, id: &AppId, team_id: TeamId) -> Result<ShownApp, Error> {
    let (actor, id, now) = (cx.clone(), id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut app = managed(&actor, &tx, &id).await?;
            app.team_id = Some(team_id);
            app.user_id = None;
            app.updated = now;
            require_room(&actor, &tx, &app).await?;
            tx.app_update(&app).await?;
            shown(&actor, &tx, app).await
        })
        .await
}

/// Delete an application with everything that hangs on it: its tokens end at once.
pub async fn delete(cx: &Cx, id: &AppId) -> Result<(), Error> {
    let (actor, id) = (cx.clone(), id.clone());
    cx.write_long(move |tx| async move {
        let app = managed(&actor, &tx, &id).await?;
        tx.app_delete(&app.id).await?;
        Ok(())
    })
    .await
}

/// End all tokens of an application, and whatever waits to become tokens. Consents stay.
pub async fn delete_tokens(cx: &Cx, id: &AppId) -> Result<(), Error> {
    let (actor, id) = (cx.clone(), id.clone());
    cx.write_long(move |tx| async move {
        let app = managed(&actor, &tx, &id).await?;
        tx.grant_delete_all_of_app(&app.id).await?;
        Ok(tx.token_delete_all_of_app(&app.id).await?)
    })
    .await
}

async fn edit(
    cx: &Cx,
    id: &AppId,
    change: impl FnOnce(&mut Application) + Clone + Send + 'static,
) -> Result<ShownApp, Error> {
    let (actor, id, now) = (cx.clone(), id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut app = managed(&actor, &tx, &id).await?;
            change(&mut app);
            app.updated = now;
            tx.app_update(&app).await?;
            shown(&actor, &tx, app).await
        })
        .await
}

pub(crate) async fn load(tx: &Tx, id: &AppId) -> Result<Application, Error> {
    tx.app_by_id(id).await?.ok_or_else(|| Fault::AppNotFound.with("app", id))
}

/// The application, where the caller may change it.
pub(crate) async fn managed(cx: &Cx, tx: &Tx, id: &AppId) -> Result<Application, Error> {
    require_project(cx)?;
    let app = load(tx, id).await?;
    let is_own = |user: &User| app.user_id.as_ref() == Some(&user.id);
    let is_of_team = |team: &TeamId| teams::is_owner(cx, team);
    let is_owner = person(cx).is_ok_and(|user| is_own(user) || app.team_id.as_ref().is_some_and(is_of_team));
    if cx.is_privileged() || is_owner { Ok(app) } else { Err(Fault::UserUnauthorized.with("app", id)) }
}

/// Whether the caller owns the application or is in the team that does.
fn is_near(cx: &Cx, app: &Application) -> bool {
    let is_in = |team: &TeamId| cx.has_role(&Role::team(team.as_str()));
    let is_own = |user: &User| app.user_id.as_ref() == Some(&user.id);
    cx.is_privileged() || person(cx).is_ok_and(|user| is_own(user) || app.team_id.as_ref().is_some_and(is_in))
}

/// The caller, as a user who makes applications.
fn developer(cx: &Cx) -> Result<&User, Error> {
    let user = person(cx)?;
    oauth2::server(cx)?;
    Ok(user)
}
