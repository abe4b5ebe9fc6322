//! Projects: `/v1/projects`, `/v1/organization/projects` and the project of the request itself, `/v1/project`.

use cairn_core::projects::{self, Detail, NewProject, ProjectPatch};
use cairn_faults::Fault;
use cairn_http::exchange::Exchange;
use cairn_http::rules::{IdChoice, Rule as _, array_of, boolean, label, project_id, queries, text, uid, url};
use cairn_http::wire_version::WireVersion;
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::projects::{About, LABELS_MAX};
use serde_json::Value;

use crate::models::PROJECT;
use crate::wire::{OrEmpty, list_request, paged};

pub(crate) mod wire;

use wire::project_wire;

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v1/projects", "projects.create", handler!(create_project))
        .created(&PROJECT)
        .scopes(&["projects.write"])
        .faults(CREATED),
    Route::get("/v1/projects", "projects.list", handler!(list_projects))
        .page("projects", &PROJECT)
        .scopes(&["projects.read"]),
    Route::get("/v1/project", "project.get", handler!(get_project))
        .ok(&PROJECT)
        .aliases(&["/v1/projects/{projectId}"])
        .also(&["projects.get"])
        .scopes(&["project.read"]),
    Route::patch("/v1/projects/{projectId}", "projects.update", handler!(update_project))
        .ok(&PROJECT)
        .scopes(&["projects.write"])
        .faults(&[Fault::ProjectNotFound]),
    Route::patch("/v1/projects/{projectId}/team", "projects.updateTeam", handler!(update_project_team))
        .ok(&PROJECT)
        .scopes(&["projects.write"])
        .faults(&[Fault::ProjectNotFound, Fault::TeamNotFound, Fault::UserUnauthorized]),
    Route::delete("/v1/project", "project.delete", handler!(delete_project))
        .nothing()
        .aliases(&["/v1/projects/{projectId}"])
        .also(&["projects.delete"])
        .scopes(&["project.write"]),
    Route::put("/v1/project/labels", "project.updateLabels", handler!(update_labels))
        .ok(&PROJECT)
        .aliases(&["/v1/projects/{projectId}/labels"])
        .also(&["projects.updateLabels"])
        .scopes(&["project.write"]),
    Route::post(
        "/v1/organization/projects",
        "organization.createProject",
        handler!(create_organization_project),
    )
    .created(&PROJECT)
    .scopes(&["projects.write"])
    .faults(CREATED),
    Route::get(
        "/v1/organization/projects",
        "organization.listProjects",
        handler!(list_organization_projects),
    )
    .page("projects", &PROJECT)
    .scopes(&["projects.read"])
    .faults(&[Fault::TeamNotFound]),
    Route::get(
        "/v1/organization/projects/{projectId}",
        "organization.getProject",
        handler!(get_organization_project),
    )
    .ok(&PROJECT)
    .scopes(&["projects.read"])
    .faults(OF_TEAM),
    Route::patch(
        "/v1/organization/projects/{projectId}",
        "organization.updateProject",
        handler!(update_organization_project),
    )
    .ok(&PROJECT)
    .scopes(&["projects.write"])
    .faults(OF_TEAM),
    Route::delete(
        "/v1/organization/projects/{projectId}",
        "organization.deleteProject",
        handler!(delete_organization_project),
    )
    .nothing()
    .scopes(&["projects.write"])
    .faults(OF_TEAM),
];

const CREATED: &[Fault] = &[
    Fault::TeamNotFound,
    Fault::ProjectAlreadyExists,
    Fault::ProjectReservedProject,
    Fault::ProjectRegionUnsupported,
];
const OF_TEAM: &[Fault] = &[Fault::TeamNotFound, Fault::ProjectNotFound];

params! {
    /// A project to make.
    pub(crate) struct CreateProject {
        /// Project ID. Choose a custom ID or generate a random one with `unique()`.
        project_id: IdChoice = "projectId" => project_id(),
        /// Project name.
        name: String = "name" => text(1, 128),
        /// The organization that owns the project.
        team_id: String = "teamId" => uid(),
        /// Where the project is kept.
        region: Option<String> = "region" => text(0, 64).optional(),
    }
}

params! {
    /// A project to make in the organization of the request.
    pub(crate) struct CreateOrganizationProject {
        /// Project ID. Choose a custom ID or generate a random one with `unique()`.
        project_id: IdChoice = "projectId" => project_id(),
        /// Project name.
        name: String = "name" => text(1, 128),
        /// Where the project is kept.
        region: Option<String> = "region" => text(0, 64).optional(),
    }
}

params! {
    /// A list of projects.
    pub(crate) struct ListProjects {
        /// Array of query strings.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// A word to look for.
        search: String = "search" => text(0, 256).or_empty(),
        /// When set to false, the total count returned will be 0.
        total: bool = "total" => boolean().or(true, Value::Bool(true)),
        /// The organization whose projects are listed.
        team_id: Option<String> = "teamId" => OrEmpty(uid()).optional(),
    }
}

params! {
    /// New values of a project.
    pub(crate) struct UpdateProject {
        /// Project ID.
        project_id: String = "projectId" => uid(),
        /// Project name.
        name: String = "name" => text(1, 128),
        /// What the project is for.
        description: String = "description" => text(0, 256).or_empty(),
        /// Its logo.
        logo: String = "logo" => text(0, 1_024).or_empty(),
        /// Its own address.
        url: String = "url" => OrEmpty(url()).or_empty(),
        /// The owner's name in law.
        legal_name: String = "legalName" => text(0, 256).or_empty(),
        /// The owner's country.
        legal_country: String = "legalCountry" => text(0, 256).or_empty(),
        /// The owner's state.
        legal_state: String = "legalState" => text(0, 256).or_empty(),
        /// The owner's city.
        legal_city: String = "legalCity" => text(0, 256).or_empty(),
        /// The owner's street.
        legal_address: String = "legalAddress" => text(0, 256).or_empty(),
        /// The owner's tax number.
        legal_tax_id: String = "legalTaxId" => text(0, 256).or_empty(),
    }
}

params! {
    /// Another owner of a project.
    pub(crate) struct UpdateProjectTeam {
        /// Project ID.
        project_id: String = "projectId" => uid(),
        /// The organization that gets it.
        team_id: String = "teamId" => uid(),
    }
}

params! {
    /// Labels of a project.
    pub(crate) struct UpdateLabels {
        /// The labels; they take the place of all earlier ones.
        labels: Vec<String> = "labels" => array_of(label(), LABELS_MAX),
    }
}

params! {
    /// A project by its id.
    pub(crate) struct ProjectPath {
        /// Project ID.
        project_id: String = "projectId" => uid(),
    }
}

params! {
    /// A new name of a project.
    pub(crate) struct UpdateOrganizationProject {
        /// Project ID.
        project_id: String = "projectId" => uid(),
        /// Project name.
        name: String = "name" => text(1, 128),
    }
}

/// How much of a project the caller's version shows.
pub(crate) fn detail(exchange: &Exchange) -> Detail {
    if exchange.is_below(WireVersion::new(1, 9, 5)) { Detail::Full } else { Detail::Plain }
}

/// 200 with the project of this context as it is now.
pub(crate) async fn shown(cx: &cairn_core::Cx, exchange: &Exchange) -> Reply {
    Ok(Answer::ok("project", project_wire(&cx.app, &projects::get(cx, detail(exchange)).await?)))
}

async fn create_project(call: Call<CreateProject>) -> Reply {
    let CreateProject { project_id, name, team_id, region } = call.params;
    let id = project_id.or_make(|| call.cx.new_id());
    let new = NewProject { id, name, team_id: team_id.into(), region: region.unwrap_or_default() };
    let made = projects::create(&call.cx, new, detail(&call.exchange)).await?;
    Ok(Answer::created("project", project_wire(&call.cx.app, &made)))
}

async fn create_organization_project(call: Call<CreateOrganizationProject>) -> Reply {
    let CreateOrganizationProject { project_id, name, region } = call.params;
    let team_id = projects::organization(&call.cx).await?;
    let id = project_id.or_make(|| call.cx.new_id());
    let new = NewProject { id, name, team_id, region: region.unwrap_or_default() };
    let made = projects::create(&call.cx, new, detail(&call.exchange)).await?;
    Ok(Answer::created("project", project_wire(&call.cx.app, &made)))
}

async fn list_projects(call: Call<ListProjects>) -> Reply {
    let team = call.params.team_id.clone().filter(|team| !team.is_empty()).map(Into::into);
    list_of(call, team).await
}

async fn list_organization_projects(call: Call<ListProjects>) -> Reply {
    let team = projects::organization(&call.cx).await?;
    list_of(call, Some(team)).await
}

async fn list_of(call: Call<ListProjects>, team: Option<cairn_model::ids::TeamId>) -> Reply {
    let ListProjects { queries, search, total, .. } = call.params;
    let request = list_request(&call.exchange, queries, search, total);
    let page = projects::list(&call.cx, team.as_ref(), &request, detail(&call.exchange)).await?;
    Ok(paged("project", "projects", &page, |project| project_wire(&call.cx.app, project)))
}

async fn get_project(call: Call<()>) -> Reply {
    shown(&call.cx, &call.exchange).await
}

async fn update_project(call: Call<UpdateProject>) -> Reply {
    let sent = call.params;
    let cx = projects::managed(&call.cx, &sent.project_id).await?;
    let about = About {
        description: sent.description,
        logo: sent.logo,
        url: sent.url,
        legal_name: sent.legal_name,
        legal_country: sent.legal_country,
        legal_state: sent.legal_state,
        legal_city: sent.legal_city,
        legal_address: sent.legal_address,
        legal_tax_id: sent.legal_tax_id,
    };
    let patch = ProjectPatch { name: Some(sent.name), about: Some(about), labels: None };
    shown(&projects::update(&cx, patch).await?, &call.exchange).await
}

async fn update_project_team(call: Call<UpdateProjectTeam>) -> Reply {
    let cx = projects::managed(&call.cx, &call.params.project_id).await?;
    shown(&projects::transfer(&cx, call.params.team_id.into()).await?, &call.exchange).await
}

async fn update_labels(call: Call<UpdateLabels>) -> Reply {
    let patch = ProjectPatch { labels: Some(call.params.labels), ..ProjectPatch::default() };
    shown(&projects::update(&call.cx, patch).await?, &call.exchange).await
}

async fn delete_project(call: Call<()>) -> Reply {
    projects::delete(&call.cx).await?;
    Ok(Answer::no_content())
}

async fn get_organization_project(call: Call<ProjectPath>) -> Reply {
    let team = projects::organization(&call.cx).await?;
    let cx = projects::managed_of(&call.cx, &team, &call.params.project_id).await?;
    shown(&cx, &call.exchange).await
}

async fn update_organization_project(call: Call<UpdateOrganizationProject>) -> Reply {
    let team = projects::organization(&call.cx).await?;
    let cx = projects::managed_of(&call.cx, &team, &call.params.project_id).await?;
    let patch = ProjectPatch { name: Some(call.params.name), ..ProjectPatch::default() };
    shown(&projects::update(&cx, patch).await?, &call.exchange).await
}

async fn delete_organization_project(call: Call<ProjectPath>) -> Reply {
    let team = projects::organization(&call.cx).await?;
    let cx = projects::managed_of(&call.cx, &team, &call.params.project_id).await?;
    projects::delete(&cx).await?;
    Ok(Answer::no_content())
}
