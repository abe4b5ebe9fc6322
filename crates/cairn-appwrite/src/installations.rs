//! Applications in teams: `/v1/teams/{teamId}/installations`, and the same for the application, `/v1/apps/{appId}/installations`.

use cairn_core::installations;
use cairn_faults::Fault;
use cairn_http::rules::{Rule as _, boolean, queries, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::apps::Installation;
use cairn_model::ids::{AppId, InstallationId, TeamId};
use cairn_model::oauth2::DETAILS_BYTES_MAX;
use serde_json::{Value, json};

use crate::models::{APP_INSTALLATION, OAUTH2_TOKEN};
use crate::oauth2::token_answer;
use crate::teams::{READ, WRITE};
use crate::wire::{Object, list_request, object};

const SEEN: &[Fault] = &[Fault::TeamNotFound, Fault::InstallationNotFound];
const OWNED: &[Fault] = &[
    Fault::TeamNotFound,
    Fault::UserUnauthorized,
    Fault::AppNotFound,
    Fault::InstallationNotFound,
    Fault::InstallationAlreadyExists,
    Fault::Oauth2InvalidAuthorizationDetails,
];
const OF_APP: &[Fault] = &[Fault::AppKeyRequired, Fault::InstallationNotFound, Fault::Oauth2ServerDisabled];
/// What the application says of itself is its key: no scope is asked.
const BY_KEY: &[&str] = &["public"];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post(
        "/v1/teams/{teamId}/installations",
        "teams.createInstallation",
        handler!(create_installation),
    )
    .created(&APP_INSTALLATION)
    .scopes(WRITE)
    .audited("installation.create", "installation/{response.$id}", "")
    .faults(OWNED),
    Route::get("/v1/teams/{teamId}/installations", "teams.listInstallations", handler!(list_installations))
        .page("installations", &APP_INSTALLATION)
        .scopes(READ)
        .faults(&[Fault::TeamNotFound]),
    Route::get(
        "/v1/teams/{teamId}/installations/{installationId}",
        "teams.getInstallation",
        handler!(get_installation),
    )
    .ok(&APP_INSTALLATION)
    .scopes(READ)
    .faults(SEEN),
    Route::put(
        "/v1/teams/{teamId}/installations/{installationId}",
        "teams.updateInstallation",
        handler!(update_installation),
    )
    .ok(&APP_INSTALLATION)
    .scopes(WRITE)
    .audited("installation.update", "installation/{request.installationId}", "")
    .faults(OWNED),
    Route::delete(
        "/v1/teams/{teamId}/installations/{installationId}",
        "teams.deleteInstallation",
        handler!(delete_installation),
    )
    .nothing()
    .scopes(WRITE)
    .audited("installation.delete", "installation/{request.installationId}", "")
    .faults(OWNED),
    Route::get("/v1/apps/{appId}/installations", "apps.listInstallations", handler!(list_app_installations))
        .page("installations", &APP_INSTALLATION)
        .scopes(BY_KEY)
        .faults(OF_APP),
    Route::get(
        "/v1/apps/{appId}/installations/{installationId}",
        "apps.getInstallation",
        handler!(get_app_installation),
    )
    .ok(&APP_INSTALLATION)
    .scopes(BY_KEY)
    .faults(OF_APP),
    Route::post(
        "/v1/apps/{appId}/installations/{installationId}/tokens",
        "apps.createInstallationToken",
        handler!(create_installation_token),
    )
    .created(&OAUTH2_TOKEN)
    .scopes(BY_KEY)
    .faults(OF_APP),
];

params! {
    pub(crate) struct CreateInstallation {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// The id of the application.
        app_id: String = "appId" => uid(),
        /// What the application may do it on: a JSON list of objects, each with a type.
        details: String = "authorizationDetails" => text(0, DETAILS_BYTES_MAX).or_empty(),
    }
}

async fn create_installation(call: Call<CreateInstallation>) -> Reply {
    let CreateInstallation { team_id, app_id, details } = call.params;
    let made = installations::create(&call.cx, &TeamId(team_id), &AppId(app_id), &details).await?;
    Ok(Answer::created("appInstallation", installation(&made)))
}

params! {
    pub(crate) struct ListInstallations {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// Queries over appId, teamId, scopes, createdById and lastAccessedAt.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Whether the installations are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_installations(call: Call<ListInstallations>) -> Reply {
    let ListInstallations { team_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    let page = installations::list(&call.cx, &TeamId(team_id), &request).await?;
    Ok(listed(page.total, &page.items))
}

fn listed(total: i64, items: &[Installation]) -> Answer {
    let wires = items.iter().map(|found| Value::Object(installation(found))).collect();
    Answer::list("appInstallation", "installations", total, wires)
}

params! {
    pub(crate) struct OfInstallation {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// The id of the installation.
        installation_id: String = "installationId" => uid(),
    }
}

async fn get_installation(call: Call<OfInstallation>) -> Reply {
    let OfInstallation { team_id, installation_id } = call.params;
    let found = installations::get(&call.cx, &TeamId(team_id), &InstallationId(installation_id)).await?;
    Ok(Answer::ok("appInstallation", installation(&found)))
}

params! {
    pub(crate) struct UpdateInstallation {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// The id of the installation.
        installation_id: String = "installationId" => uid(),
        /// What the application may do it on; what there is stays where this is left out.
        details: Option<String> = "authorizationDetails" => text(0, DETAILS_BYTES_MAX).optional(),
    }
}

async fn update_installation(call: Call<UpdateInstallation>) -> Reply {
    let UpdateInstallation { team_id, installation_id, details } = call.params;
    let (team_id, id) = (TeamId(team_id), InstallationId(installation_id));
    let changed = installations::update(&call.cx, &team_id, &id, details.as_deref()).await?;
    Ok(Answer::ok("appInstallation", installation(&changed)))
}

async fn delete_installation(call: Call<OfInstallation>) -> Reply {
    let OfInstallation { team_id, installation_id } = call.params;
    installations::delete(&call.cx, &TeamId(team_id), &InstallationId(installation_id)).await?;
    Ok(Answer::no_content())
}

params! {
    pub(crate) struct ListAppInstallations {
        /// The id of the application.
        app_id: String = "appId" => uid(),
        /// Queries over appId, teamId, scopes, createdById and lastAccessedAt.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Whether the installations are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_app_installations(call: Call<ListAppInstallations>) -> Reply {
    let ListAppInstallations { app_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    let page = installations::list_of_app(&call.cx, &AppId(app_id), &request).await?;
    Ok(listed(page.total, &page.items))
}

params! {
    pub(crate) struct OfAppInstallation {
        /// The id of the application.
        app_id: String = "appId" => uid(),
        /// The id of the installation.
        installation_id: String = "installationId" => uid(),
    }
}

async fn get_app_installation(call: Call<OfAppInstallation>) -> Reply {
    let OfAppInstallation { app_id, installation_id } = call.params;
    let found = installations::get_of_app(&call.cx, &AppId(app_id), &InstallationId(installation_id)).await?;
    Ok(Answer::ok("appInstallation", installation(&found)))
}

async fn create_installation_token(call: Call<OfAppInstallation>) -> Reply {
    let OfAppInstallation { app_id, installation_id } = call.params;
    let issued =
        installations::create_token(&call.cx, &AppId(app_id), &InstallationId(installation_id)).await?;
    Ok(Answer { status: 201, ..token_answer(issued) })
}

fn installation(installation: &Installation) -> Object {
    let details: Value = serde_json::from_str(&installation.details).unwrap_or_else(|_| json!([]));
    object(json!({
        "$id": installation.id.as_str(),
        "$createdAt": installation.created.to_wire(),
        "$updatedAt": installation.updated.to_wire(),
        "appId": installation.app_id.as_str(),
        "teamId": installation.team_id.as_str(),
        "scopes": installation.scopes,
        "authorizationDetails": details,
        "createdById": installation.creator_id,
        "createdByName": installation.creator_name,
        "lastAccessedAt": installation.accessed_at.map(cairn_std::Timestamp::to_wire),
    }))
}
