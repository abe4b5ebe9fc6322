//! Groups of users.

use cairn_core::teams::{self, NewTeam};
use cairn_faults::Fault;
use cairn_http::rules::{
    IdChoice, Rule, array_of, boolean, custom_id, key, object as object_rule, queries, text, uid,
};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::TeamId;
use cairn_model::teams::{OWNER, Team};
use serde_json::json;

use crate::models::{PREFERENCES, TEAM};
use crate::wire::{Object, list_request, object, paged, preferences, preferences_text};

pub(crate) const READ: &[&str] = &["teams.read"];
pub(crate) const WRITE: &[&str] = &["teams.write"];
const SEEN: &[Fault] = &[Fault::TeamNotFound];
const OWNED: &[Fault] = &[Fault::TeamNotFound, Fault::UserUnauthorized];
/// Roles of a member at most.
pub(crate) const ROLES_MAX: usize = 100;

/// The team of the path, as the log names what something happened to.
pub(crate) const RESOURCE: &str = "team/{request.teamId}";

/// The routes of this capability.
pub const ROUTES: &[Route] =
    &[
        Route::post("/v1/teams", "teams.create", handler!(create_team))
            .created(&TEAM)
            .scopes(WRITE)
            .audited("team.create", "team/{response.$id}", "")
            .faults(&[Fault::TeamAlreadyExists]),
        Route::get("/v1/teams", "teams.list", handler!(list_teams)).page("teams", &TEAM).scopes(READ).faults(
            &[Fault::GeneralQueryInvalid, Fault::GeneralCursorNotFound, Fault::DatabaseQueryOrderNull],
        ),
        Route::get("/v1/teams/{teamId}", "teams.get", handler!(get_team)).ok(&TEAM).scopes(READ).faults(SEEN),
        Route::put("/v1/teams/{teamId}", "teams.updateName", handler!(update_team_name))
            .ok(&TEAM)
            .scopes(WRITE)
            .audited("team.update", RESOURCE, "")
            .faults(OWNED),
        Route::delete("/v1/teams/{teamId}", "teams.delete", handler!(delete_team))
            .nothing()
            .scopes(WRITE)
            .audited("team.delete", RESOURCE, "")
            .faults(OWNED),
        Route::get("/v1/teams/{teamId}/prefs", "teams.getPrefs", handler!(get_team_prefs))
            .ok(&PREFERENCES)
            .scopes(READ)
            .faults(SEEN),
        Route::put("/v1/teams/{teamId}/prefs", "teams.updatePrefs", handler!(update_team_prefs))
            .ok(&PREFERENCES)
            .scopes(WRITE)
            .audited("team.update", RESOURCE, "")
            .faults(OWNED),
    ];

params! {
    pub(crate) struct CreateTeam {
        /// The id, or `unique()`.
        team_id: IdChoice = "teamId" => custom_id(),
        /// The name, up to 128 characters.
        name: String = "name" => text(1, 128),
        /// What the maker is in the team, beside owner.
        roles: Vec<String> = "roles" => array_of(key(), ROLES_MAX).or(vec![OWNER.to_owned()], json!([OWNER])),
    }
}

async fn create_team(call: Call<CreateTeam>) -> Reply {
    let CreateTeam { team_id, name, roles } = call.params;
    let id = team_id.or_make(|| call.cx.new_id());
    Ok(Answer::created("team", team(&teams::create(&call.cx, NewTeam { id, name, roles }).await?)))
}

params! {
    pub(crate) struct ListTeams {
        /// Queries over the attributes name and total.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Words to look for, up to 256 characters.
        search: String = "search" => text(0, 256).or_empty(),
        /// Whether the teams are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_teams(call: Call<ListTeams>) -> Reply {
    let ListTeams { queries, search, total } = call.params;
    let page = teams::list(&call.cx, &list_request(&call.exchange, queries, search, total)).await?;
    Ok(paged("team", "teams", &page, team))
}

params! {
    pub(crate) struct OfTeam {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
    }
}

async fn get_team(call: Call<OfTeam>) -> Reply {
    Ok(Answer::ok("team", team(&teams::get(&call.cx, &TeamId(call.params.team_id)).await?)))
}

params! {
    pub(crate) struct UpdateTeamName {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// The name, up to 128 characters.
        name: String = "name" => text(1, 128),
    }
}

async fn update_team_name(call: Call<UpdateTeamName>) -> Reply {
    let UpdateTeamName { team_id, name } = call.params;
    Ok(Answer::ok("team", team(&teams::update_name(&call.cx, &TeamId(team_id), name).await?)))
}

async fn delete_team(call: Call<OfTeam>) -> Reply {
    teams::delete(&call.cx, &TeamId(call.params.team_id)).await?;
    Ok(Answer::no_content())
}

async fn get_team_prefs(call: Call<OfTeam>) -> Reply {
    let found = teams::get(&call.cx, &TeamId(call.params.team_id)).await?;
    Ok(Answer::ok("preferences", preferences(&found.prefs)))
}

params! {
    pub(crate) struct UpdateTeamPrefs {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// The preferences that replace the present ones.
        prefs: Object = "prefs" => object_rule(),
    }
}

async fn update_team_prefs(call: Call<UpdateTeamPrefs>) -> Reply {
    let UpdateTeamPrefs { team_id, prefs } = call.params;
    let changed = teams::update_prefs(&call.cx, &TeamId(team_id), preferences_text(prefs)).await?;
    Ok(Answer::ok("preferences", preferences(&changed.prefs)))
}

/// A team.
pub(crate) fn team(team: &Team) -> Object {
    object(json!({
        "$id": team.id.as_str(),
        "$createdAt": team.created.to_wire(),
        "$updatedAt": team.updated.to_wire(),
        "name": team.name,
        "total": team.total,
        "prefs": preferences(&team.prefs),
    }))
}
