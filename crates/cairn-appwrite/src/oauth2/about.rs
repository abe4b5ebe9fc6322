//! What an OAuth2 server tells: about itself, its keys, its tokens' user and what they name.

use cairn_core::Cx;
use cairn_core::oauth2::resources::{self, Part};
use cairn_core::oauth2::{claims, issuer, metadata};
use cairn_faults::Fault;
use cairn_http::rules::{Rule as _, integer, text};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use serde_json::{Value, json};

use crate::models::{OAUTH2_KEYS, OAUTH2_METADATA, OAUTH2_ORGANIZATION, OAUTH2_PROJECT, OAUTH2_USER_INFO};
use crate::wire::object;

const TOLD: &[Fault] = &[Fault::Oauth2ServerDisabled, Fault::GeneralAccessForbidden];
const OF_TOKEN: &[Fault] =
    &[Fault::Oauth2ServerDisabled, Fault::Oauth2InvalidToken, Fault::GeneralAccessForbidden];

/// The routes of this capability.
pub(crate) const ROUTES: &[Route] = &[
    Route::get(
        "/v1/oauth2/{project_id}/.well-known/openid-configuration",
        "oauth2.getMetadata",
        handler!(get_metadata),
    )
    .ok(&OAUTH2_METADATA)
    .aliases(&["/v1/oauth2/{project_id}/.well-known/oauth-authorization-server"])
    .open_to_all()
    .faults(TOLD),
    Route::get("/v1/oauth2/{project_id}/.well-known/jwks.json", "oauth2.getKeys", handler!(get_keys))
        .ok(&OAUTH2_KEYS)
        .open_to_all()
        .faults(TOLD),
    Route::get("/v1/oauth2/{project_id}/userinfo", "oauth2.getUserInfo", handler!(get_user_info))
        .ok(&OAUTH2_USER_INFO)
        .open_to_all()
        .faults(OF_TOKEN),
    Route::post("/v1/oauth2/{project_id}/userinfo", "oauth2.postUserInfo", handler!(get_user_info))
        .ok(&OAUTH2_USER_INFO)
        .open_to_all()
        .faults(OF_TOKEN),
    Route::get(
        "/v1/oauth2/{project_id}/organizations",
        "oauth2.listOrganizations",
        handler!(list_organizations),
    )
    .page("organizations", &OAUTH2_ORGANIZATION)
    .open_to_all()
    .faults(OF_TOKEN),
    Route::get("/v1/oauth2/{project_id}/projects", "oauth2.listProjects", handler!(list_projects))
        .page("projects", &OAUTH2_PROJECT)
        .open_to_all()
        .faults(OF_TOKEN),
];

async fn get_metadata(call: Call<()>) -> Reply {
    Ok(Answer::ok("oauth2Metadata", object(metadata(&call.cx)?)))
}

async fn get_keys(call: Call<()>) -> Reply {
    Ok(Answer::ok("oauth2Keys", object(claims::key_set(&call.cx)?)))
}

async fn get_user_info(call: Call<()>) -> Reply {
    Ok(Answer::ok("oauth2UserInfo", claims::user_info(&call.cx)?).header("cache-control", "no-store"))
}

params! {
    pub(crate) struct ListResources {
        /// How many at most.
        limit: i64 = "limit" => integer(1, 5_000).or(25, json!(25)),
        /// How many are passed over.
        offset: i64 = "offset" => integer(0, i64::MAX).or_empty(),
        /// What the id or the name has in it, up to 256 characters.
        search: String = "search" => text(0, 256).or_empty(),
    }
}

impl ListResources {
    fn into_part(self) -> Part {
        let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        Part { limit: count(self.limit), offset: count(self.offset), search: self.search }
    }
}

async fn list_organizations(call: Call<ListResources>) -> Reply {
    let page = resources::organizations(&call.cx, &call.params.into_part()).await?;
    let wires = page.items.iter().map(|id| json!({ "$id": id.as_str() })).collect();
    Ok(Answer::list("oauth2Organization", "organizations", page.total, wires))
}

async fn list_projects(call: Call<ListResources>) -> Reply {
    let page = resources::projects(&call.cx, &call.params.into_part())?;
    let wires = page.items.iter().map(|id| project(&call.cx, id)).collect();
    Ok(Answer::list("oauth2Project", "projects", page.total, wires))
}

fn project(cx: &Cx, id: &str) -> Value {
    let region = cx.project.registry.as_ref().map(|row| row.region.clone()).unwrap_or_default();
    let issuer = issuer(cx);
    let endpoint = issuer.split("/oauth2/").next().unwrap_or_default();
    json!({ "$id": id, "region": region, "endpoint": endpoint })
}
