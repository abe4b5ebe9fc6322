//! Organizations: the console's teams under the names of newer SDKs, without what a hosting business adds.

use cairn_core::projects;
use cairn_core::teams::{self, NewTeam};
use cairn_faults::Fault;
use cairn_http::rules::{IdChoice, Rule as _, boolean, custom_id, queries, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::teams::OWNER;
use serde_json::json;

use crate::models::TEAM;
use crate::teams::{READ, WRITE, team};
use crate::wire::{list_request, paged};

mod memberships;

pub use memberships::ROUTES as MEMBERSHIP_ROUTES;

/// Of keys, and of users, whose rights in the team decide.
const OWN_READ: &[&str] = &["organization.read", "teams.read"];
const OWN_WRITE: &[&str] = &["organization.write", "teams.write"];
const SEEN: &[Fault] = &[Fault::TeamNotFound, Fault::GeneralAccessForbidden];
const OWNED: &[Fault] = &[Fault::TeamNotFound, Fault::UserUnauthorized, Fault::GeneralAccessForbidden];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v1/organizations", "organizations.create", handler!(create_organization))
        .created(&TEAM)
        .scopes(WRITE)
        .faults(&[Fault::TeamAlreadyExists, Fault::GeneralAccessForbidden]),
    Route::get("/v1/organizations", "organizations.list", handler!(list_organizations))
        .page("teams", &TEAM)
        .scopes(READ)
        .faults(&[Fault::GeneralAccessForbidden]),
    Route::delete(
        "/v1/organizations/{organizationId}",
        "organizations.delete",
        handler!(delete_organization),
    )
    .nothing()
    .scopes(WRITE)
    .faults(OWNED),
    Route::get("/v1/organization", "organization.get", handler!(get_own_organization))
        .ok(&TEAM)
        .scopes(OWN_READ)
        .faults(SEEN),
    Route::put("/v1/organization", "organization.update", handler!(update_own_organization))
        .ok(&TEAM)
        .scopes(OWN_WRITE)
        .faults(OWNED),
    Route::delete("/v1/organization", "organization.delete", handler!(delete_own_organization))
        .nothing()
        .scopes(OWN_WRITE)
        .faults(OWNED),
];

params! {
    /// An organization to make.
    pub(crate) struct CreateOrganization {
        /// Organization ID. Choose a custom ID or generate a random one with `unique()`.
        organization_id: IdChoice = "organizationId" => custom_id(),
        /// Organization name.
        name: String = "name" => text(1, 128),
    }
}

params! {
    /// Pages of organizations.
    pub(crate) struct ListOrganizations {
        /// Array of query strings.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Words to look for.
        search: String = "search" => text(0, 256).or_empty(),
        /// When set to false, the total count returned will be 0.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

params! {
    /// An organization by its id.
    pub(crate) struct OrganizationPath {
        /// Organization ID.
        organization_id: String = "organizationId" => uid(),
    }
}

params! {
    /// A new name of the organization.
    pub(crate) struct UpdateOrganization {
        /// Organization name.
        name: String = "name" => text(1, 128),
    }
}

async fn create_organization(call: Call<CreateOrganization>) -> Reply {
    let CreateOrganization { organization_id, name } = call.params;
    projects::check_console(&call.cx)?;
    let id = organization_id.or_make(|| call.cx.new_id());
    let new = NewTeam { id, name, roles: vec![OWNER.to_owned()] };
    Ok(Answer::created("team", team(&teams::create(&call.cx, new).await?)))
}

async fn list_organizations(call: Call<ListOrganizations>) -> Reply {
    let ListOrganizations { queries, search, total } = call.params;
    projects::check_console(&call.cx)?;
    let page = teams::list(&call.cx, &list_request(&call.exchange, queries, search, total)).await?;
    Ok(paged("team", "teams", &page, team))
}

async fn delete_organization(call: Call<OrganizationPath>) -> Reply {
    projects::check_console(&call.cx)?;
    teams::delete(&call.cx, &call.params.organization_id.into()).await?;
    Ok(Answer::no_content())
}

async fn get_own_organization(call: Call<()>) -> Reply {
    let id = projects::own_organization(&call.cx).await?;
    Ok(Answer::ok("team", team(&teams::get(&call.cx, &id).await?)))
}

async fn update_own_organization(call: Call<UpdateOrganization>) -> Reply {
    let id = projects::own_organization(&call.cx).await?;
    Ok(Answer::ok("team", team(&teams::update_name(&call.cx, &id, call.params.name).await?)))
}

async fn delete_own_organization(call: Call<()>) -> Reply {
    let id = projects::own_organization(&call.cx).await?;
    teams::delete(&call.cx, &id).await?;
    Ok(Answer::no_content())
}
