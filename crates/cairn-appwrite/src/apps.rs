//! Applications of others: `/v1/apps`. Their secrets and keys are in `apps::secrets`, where they are installed in `installations`.

use cairn_core::apps::{self, AboutPatch, AppPatch, NewApp, ShownApp};
use cairn_faults::Fault;
use cairn_http::rules::{
    IdChoice, Refusal, Rule, Shape, array_of, boolean, choices, custom_id, email, label, one_of, text, uid,
    url,
};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::apps::{
    APP_LABELS_MAX, AppAbout, ClientKind, ITEMS_MAX, TAG_CHARS_MAX, URI_CHARS_MAX, check_redirect_uri,
};
use cairn_model::ids::{AppId, TeamId};
use cairn_model::oauth2::scopes::{self, AppScope};
use serde_json::{Value, json};

use crate::models::{APP, APP_SCOPE};
use crate::wire::{ListParams, Object, OrEmpty, maybe, object, paged};

pub(crate) mod secrets;

/// Users read applications as part of their account; keys have a scope for it.
pub(crate) const READ: &[&str] = &["apps.read", "account"];
/// Users make applications of their own; keys have a scope for it.
pub(crate) const WRITE: &[&str] = &["apps.write", "account"];
/// What an application shows of itself is for everybody: consent pages show it.
const SHOWN: &[&str] = &["apps.read", "public"];
const MANAGED: &[Fault] = &[Fault::AppNotFound, Fault::UserUnauthorized, Fault::GeneralAccessForbidden];

/// Characters of a name at most.
const NAME_CHARS_MAX: usize = 128;
/// Characters of a description at most.
const DESCRIPTION_CHARS_MAX: usize = 2_048;
/// Characters of a tagline at most.
const TAGLINE_CHARS_MAX: usize = 256;

const KINDS: [(&str, ClientKind); 2] =
    [("public", ClientKind::Public), ("confidential", ClientKind::Confidential)];

const fn installable_names<const N: usize>() -> [&'static str; N] {
    let mut names = [""; N];
    let (mut place, mut count) = (0, 0);
    while place < scopes::ALL.len() {
        if scopes::ALL[place].is_installable {
            names[count] = scopes::ALL[place].name;
            count += 1;
        }
        place += 1;
    }
    names
}

const fn installable_count() -> usize {
    let (mut place, mut count) = (0, 0);
    while place < scopes::ALL.len() {
        if scopes::ALL[place].is_installable {
            count += 1;
        }
        place += 1;
    }
    count
}

const INSTALLABLE: [&str; installable_count()] = installable_names();

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v1/apps", "apps.create", handler!(create_app))
        .created(&APP)
        .scopes(WRITE)
        .audited("app.create", "app/{response.$id}", "")
        .faults(&[
            Fault::AppAlreadyExists,
            Fault::AppLimitExceeded,
            Fault::TeamNotFound,
            Fault::UserUnauthorized,
            Fault::Oauth2ServerDisabled,
            Fault::GeneralAccessForbidden,
        ]),
    Route::get("/v1/apps", "apps.list", handler!(list_apps))
        .page("apps", &APP)
        .scopes(READ)
        .faults(&[Fault::GeneralAccessForbidden]),
    Route::get(
        "/v1/apps/scopes/installations",
        "apps.listInstallationScopes",
        handler!(list_installation_scopes),
    )
    .page("scopes", &APP_SCOPE)
    .lasting()
    .scopes(SHOWN),
    Route::get("/v1/apps/scopes/oauth2", "apps.listOAuth2Scopes", handler!(list_oauth2_scopes))
        .page("scopes", &APP_SCOPE)
        .lasting()
        .scopes(SHOWN),
    Route::get("/v1/apps/{appId}", "apps.get", handler!(get_app))
        .ok(&APP)
        .scopes(SHOWN)
        .faults(&[Fault::AppNotFound, Fault::GeneralAccessForbidden]),
    Route::put("/v1/apps/{appId}", "apps.update", handler!(update_app))
        .ok(&APP)
        .scopes(WRITE)
        .audited("app.update", "app/{request.appId}", "")
        .faults(MANAGED),
    Route::delete("/v1/apps/{appId}", "apps.delete", handler!(delete_app))
        .nothing()
        .scopes(WRITE)
        .audited("app.delete", "app/{request.appId}", "")
        .faults(MANAGED),
    Route::put("/v1/apps/{appId}/labels", "apps.updateLabels", handler!(update_app_labels))
        .ok(&APP)
        .scopes(&["apps.write"])
        .audited("app.update", "app/{request.appId}", "")
        .faults(MANAGED),
    Route::patch("/v1/apps/{appId}/team", "apps.updateTeam", handler!(update_app_team))
        .ok(&APP)
        .scopes(WRITE)
        .audited("app.update", "app/{request.appId}", "")
        .faults(&[
            Fault::AppNotFound,
            Fault::AppLimitExceeded,
            Fault::TeamNotFound,
            Fault::UserUnauthorized,
            Fault::GeneralAccessForbidden,
        ]),
    Route::delete("/v1/apps/{appId}/tokens", "apps.deleteTokens", handler!(delete_app_tokens))
        .nothing()
        .scopes(WRITE)
        .audited("app.tokens.delete", "app/{request.appId}", "")
        .faults(MANAGED),
];

/// An address to which users are sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RedirectRule;

impl Rule for RedirectRule {
    type Output = String;

    fn shape(&self) -> Shape {
        Shape::text("url").sized(1, URI_CHARS_MAX).example("https://app.example/callback")
    }

    fn check(&self, value: &Value) -> Result<String, Refusal> {
        let text = value.as_str().unwrap_or_default();
        match check_redirect_uri(text) {
            Ok(()) => Ok(text.to_owned()),
            Err(reason) => Err(Refusal::new(format!("Value {reason}."))),
        }
    }
}

fn page() -> OrEmpty<cairn_http::rules::UrlRule> {
    OrEmpty(url().schemes(&["https", "http"]))
}

params! {
    pub(crate) struct CreateApp {
        /// The id, or `unique()`.
        app_id: IdChoice = "appId" => custom_id(),
        /// The name, up to 128 characters.
        name: String = "name" => text(1, NAME_CHARS_MAX),
        /// Where users may be sent with a code: https, http on the user's own machine, or a scheme like com.example.app.
        redirect_uris: Vec<String> = "redirectUris" => array_of(RedirectRule, ITEMS_MAX),
        /// What it is for.
        description: String = "description" => text(0, DESCRIPTION_CHARS_MAX).or_empty(),
        /// Its home page.
        client_uri: String = "clientUri" => page().or_empty(),
        /// Its logo.
        logo_uri: String = "logoUri" => page().or_empty(),
        /// How it treats people's data.
        privacy_policy_url: String = "privacyPolicyUrl" => page().or_empty(),
        /// Its terms of service.
        terms_url: String = "termsUrl" => page().or_empty(),
        /// Addresses of those who answer for it, up to 100.
        contacts: Vec<String> = "contacts" => array_of(email(), ITEMS_MAX).or_empty(),
        /// What it is in a few words.
        tagline: String = "tagline" => text(0, TAGLINE_CHARS_MAX).or_empty(),
        /// Words by which people find it, up to 100 of up to 64 characters.
        tags: Vec<String> = "tags" => array_of(text(1, TAG_CHARS_MAX), ITEMS_MAX).or_empty(),
        /// Pictures of it, up to 100.
        images: Vec<String> = "images" => array_of(url().schemes(&["https", "http"]), ITEMS_MAX).or_empty(),
        /// Where people find help.
        support_url: String = "supportUrl" => page().or_empty(),
        /// Where people have their data deleted.
        data_deletion_url: String = "dataDeletionUrl" => page().or_empty(),
        /// Where users may be sent after they signed out.
        post_logout_redirect_uris: Vec<String> = "postLogoutRedirectUris" => array_of(RedirectRule, ITEMS_MAX).or_empty(),
        /// Whether it may do anything.
        enabled: bool = "enabled" => boolean().or(true, json!(true)),
        /// Whether it can keep a secret: `public` or `confidential`.
        kind: ClientKind = "type" => choices(&KINDS).or(ClientKind::Confidential, json!("confidential")),
        /// Whether it may use the device flow.
        device_flow: bool = "deviceFlow" => boolean().or(false, json!(false)),
        /// The team that is to own it.
        team_id: Option<String> = "teamId" => maybe(uid()),
    }
}

async fn create_app(call: Call<CreateApp>) -> Reply {
    let sent = call.params;
    let new = NewApp {
        id: sent.app_id.or_make(|| call.cx.new_id()),
        name: sent.name,
        kind: sent.kind,
        is_enabled: sent.enabled,
        has_device_flow: sent.device_flow,
        team_id: sent.team_id.map(TeamId),
        redirect_uris: sent.redirect_uris,
        about: AppAbout {
            description: sent.description,
            tagline: sent.tagline,
            client_uri: sent.client_uri,
            logo_uri: sent.logo_uri,
            privacy_policy_url: sent.privacy_policy_url,
            terms_url: sent.terms_url,
            support_url: sent.support_url,
            data_deletion_url: sent.data_deletion_url,
            contacts: sent.contacts,
            tags: sent.tags,
            images: sent.images,
            post_logout_redirect_uris: sent.post_logout_redirect_uris,
            installation_scopes: Vec::new(),
            installation_redirect_url: String::new(),
        },
    };
    Ok(Answer::created("app", app(&apps::create(&call.cx, new).await?)))
}

async fn list_apps(call: Call<ListParams>) -> Reply {
    let request = call.params.into_request(&call.exchange);
    let page = apps::list(&call.cx, &request).await?;
    Ok(paged("app", "apps", &page, app))
}

async fn list_installation_scopes(_: Call<()>) -> Reply {
    Ok(listed_scopes(scopes::installable()))
}

async fn list_oauth2_scopes(_: Call<()>) -> Reply {
    Ok(listed_scopes(scopes::ALL.iter()))
}

fn listed_scopes(scopes: impl Iterator<Item = &'static AppScope>) -> Answer {
    let wires: Vec<Value> = scopes.map(|scope| Value::Object(scope_wire(scope))).collect();
    let total = i64::try_from(wires.len()).unwrap_or(i64::MAX);
    Answer::list("appScope", "scopes", total, wires)
}

fn scope_wire(scope: &AppScope) -> Object {
    object(json!({
        "value": scope.name,
        "description": scope.about,
        "type": scope.kind.name(),
        "category": scope.category,
        "deprecated": scope.is_deprecated,
    }))
}

params! {
    pub(crate) struct OfApp {
        /// The id of the application.
        app_id: String = "appId" => uid(),
    }
}

async fn get_app(call: Call<OfApp>) -> Reply {
    Ok(Answer::ok("app", app(&apps::get(&call.cx, &AppId(call.params.app_id)).await?)))
}

params! {
    /// New values of an application; what is left out stays.
    pub(crate) struct UpdateApp {
        /// The id of the application.
        app_id: String = "appId" => uid(),
        /// The name, up to 128 characters.
        name: String = "name" => text(1, NAME_CHARS_MAX),
        /// What it is for.
        description: Option<String> = "description" => text(0, DESCRIPTION_CHARS_MAX).optional(),
        /// Its home page.
        client_uri: Option<String> = "clientUri" => page().optional(),
        /// Its logo.
        logo_uri: Option<String> = "logoUri" => page().optional(),
        /// How it treats people's data.
        privacy_policy_url: Option<String> = "privacyPolicyUrl" => page().optional(),
        /// Its terms of service.
        terms_url: Option<String> = "termsUrl" => page().optional(),
        /// Addresses of those who answer for it, up to 100.
        contacts: Option<Vec<String>> = "contacts" => array_of(email(), ITEMS_MAX).optional(),
        /// What it is in a few words.
        tagline: Option<String> = "tagline" => text(0, TAGLINE_CHARS_MAX).optional(),
        /// Words by which people find it, up to 100 of up to 64 characters.
        tags: Option<Vec<String>> = "tags" => array_of(text(1, TAG_CHARS_MAX), ITEMS_MAX).optional(),
        /// Pictures of it, up to 100.
        images: Option<Vec<String>> = "images" => array_of(url().schemes(&["https", "http"]), ITEMS_MAX).optional(),
        /// Where people find help.
        support_url: Option<String> = "supportUrl" => page().optional(),
        /// Where people have their data deleted.
        data_deletion_url: Option<String> = "dataDeletionUrl" => page().optional(),
        /// Whether it may do anything.
        enabled: Option<bool> = "enabled" => boolean().optional(),
        /// Where users may be sent with a code.
        redirect_uris: Option<Vec<String>> = "redirectUris" => array_of(RedirectRule, ITEMS_MAX).optional(),
        /// Where users may be sent after they signed out.
        post_logout_redirect_uris: Option<Vec<String>> = "postLogoutRedirectUris" => array_of(RedirectRule, ITEMS_MAX).optional(),
        /// Whether it can keep a secret: `public` or `confidential`.
        kind: Option<ClientKind> = "type" => choices(&KINDS).optional(),
        /// Whether it may use the device flow.
        device_flow: Option<bool> = "deviceFlow" => boolean().optional(),
        /// What it asks of a team that installs it.
        installation_scopes: Option<Vec<&'static str>> = "installationScopes" => array_of(one_of(&INSTALLABLE), ITEMS_MAX).optional(),
        /// Where people go after they installed it; empty for nowhere.
        installation_redirect_url: Option<String> = "installationRedirectUrl" => OrEmpty(RedirectRule).optional(),
    }
}

async fn update_app(call: Call<UpdateApp>) -> Reply {
    let sent = call.params;
    let owned = |scopes: Vec<&'static str>| scopes.into_iter().map(str::to_owned).collect();
    let patch = AppPatch {
        name: sent.name,
        kind: sent.kind,
        is_enabled: sent.enabled,
        has_device_flow: sent.device_flow,
        redirect_uris: sent.redirect_uris,
        about: AboutPatch {
            description: sent.description,
            tagline: sent.tagline,
            client_uri: sent.client_uri,
            logo_uri: sent.logo_uri,
            privacy_policy_url: sent.privacy_policy_url,
            terms_url: sent.terms_url,
            support_url: sent.support_url,
            data_deletion_url: sent.data_deletion_url,
            contacts: sent.contacts,
            tags: sent.tags,
            images: sent.images,
            post_logout_redirect_uris: sent.post_logout_redirect_uris,
            installation_scopes: sent.installation_scopes.map(owned),
            installation_redirect_url: sent.installation_redirect_url,
        },
    };
    Ok(Answer::ok("app", app(&apps::update(&call.cx, &AppId(sent.app_id), patch).await?)))
}

async fn delete_app(call: Call<OfApp>) -> Reply {
    apps::delete(&call.cx, &AppId(call.params.app_id)).await?;
    Ok(Answer::no_content())
}

params! {
    pub(crate) struct UpdateAppLabels {
        /// The id of the application.
        app_id: String = "appId" => uid(),
        /// The labels that replace the present ones.
        labels: Vec<String> = "labels" => array_of(label(), APP_LABELS_MAX),
    }
}

async fn update_app_labels(call: Call<UpdateAppLabels>) -> Reply {
    let UpdateAppLabels { app_id, labels } = call.params;
    Ok(Answer::ok("app", app(&apps::update_labels(&call.cx, &AppId(app_id), labels).await?)))
}

params! {
    pub(crate) struct UpdateAppTeam {
        /// The id of the application.
        app_id: String = "appId" => uid(),
        /// The team that is to own it.
        team_id: String = "teamId" => uid(),
    }
}

async fn update_app_team(call: Call<UpdateAppTeam>) -> Reply {
    let UpdateAppTeam { app_id, team_id } = call.params;
    Ok(Answer::ok("app", app(&apps::update_team(&call.cx, &AppId(app_id), TeamId(team_id)).await?)))
}

async fn delete_app_tokens(call: Call<OfApp>) -> Reply {
    apps::delete_tokens(&call.cx, &AppId(call.params.app_id)).await?;
    Ok(Answer::no_content())
}

/// An application.
fn app(shown: &ShownApp) -> Object {
    let (app, about) = (&shown.app, &shown.app.about);
    let hidden = |secret| Value::Object(secrets::secret(secret, ""));
    object(json!({
        "$id": app.id.as_str(),
        "$createdAt": app.created.to_wire(),
        "$updatedAt": app.updated.to_wire(),
        "name": app.name,
        "description": about.description,
        "clientUri": about.client_uri,
        "logoUri": about.logo_uri,
        "privacyPolicyUrl": about.privacy_policy_url,
        "termsUrl": about.terms_url,
        "contacts": about.contacts,
        "tagline": about.tagline,
        "tags": about.tags,
        "labels": app.labels,
        "images": about.images,
        "supportUrl": about.support_url,
        "dataDeletionUrl": about.data_deletion_url,
        "redirectUris": app.redirect_uris,
        "postLogoutRedirectUris": about.post_logout_redirect_uris,
        "enabled": app.is_enabled,
        "type": app.kind.name(),
        "deviceFlow": app.has_device_flow,
        "teamId": app.team_id.as_ref().map_or("", |id| id.as_str()),
        "userId": app.user_id.as_ref().map_or("", |id| id.as_str()),
        "installationScopes": about.installation_scopes,
        "installationRedirectUrl": about.installation_redirect_url,
        "secrets": shown.secrets.iter().map(hidden).collect::<Vec<_>>(),
    }))
}
