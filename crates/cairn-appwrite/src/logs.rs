//! What people did, as they, their administrators and the owners of their teams may read it.

use cairn_core::listing::ListRequest;
use cairn_core::logs;
use cairn_faults::Fault;
use cairn_http::exchange::Exchange;
use cairn_http::rules::{Rule, boolean, queries, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::{TeamId, UserId};
use cairn_model::logs::Log;
use cairn_store::Page;
use serde_json::{Value, json};

use crate::ACCOUNT;
use crate::models::LOG;
use crate::users::READ;
use crate::wire::{ListParams, Object, list_request, object, origin};

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/account/logs", "account.listLogs", handler!(list_account_logs))
        .page("logs", &LOG)
        .scopes(ACCOUNT)
        .faults(&[Fault::GeneralQueryInvalid]),
    Route::get("/v1/users/{userId}/logs", "users.listLogs", handler!(list_user_logs))
        .page("logs", &LOG)
        .scopes(READ)
        .faults(&[Fault::UserNotFound, Fault::GeneralQueryInvalid]),
    Route::get("/v1/teams/{teamId}/logs", "teams.listLogs", handler!(list_team_logs))
        .page("logs", &LOG)
        .scopes(&["teams.read"])
        .faults(&[Fault::TeamNotFound, Fault::UserUnauthorized, Fault::GeneralQueryInvalid]),
];

async fn list_account_logs(call: Call<ListParams>) -> Reply {
    let request = call.params.into_request(&call.exchange);
    Ok(page(&logs::list(&call.cx, &request).await?))
}

params! {
    pub(crate) struct ListUserLogs {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// Queries: limit and offset only.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Whether the entries are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_user_logs(call: Call<ListUserLogs>) -> Reply {
    let ListUserLogs { user_id, queries, total } = call.params;
    let request = request(&call.exchange, queries, total);
    Ok(page(&logs::list_of_user(&call.cx, &UserId(user_id), &request).await?))
}

params! {
    pub(crate) struct ListTeamLogs {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// Queries: limit and offset only.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Whether the entries are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_team_logs(call: Call<ListTeamLogs>) -> Reply {
    let ListTeamLogs { team_id, queries, total } = call.params;
    let request = request(&call.exchange, queries, total);
    Ok(page(&logs::list_of_team(&call.cx, &TeamId(team_id), &request).await?))
}

fn request(exchange: &Exchange, queries: Vec<String>, total: bool) -> ListRequest {
    list_request(exchange, queries, String::new(), total)
}

fn page(page: &Page<Log>) -> Answer {
    let shown = page.items.iter().map(|found| Value::Object(log(found))).collect();
    Answer::list("log", "logs", page.total, shown)
}

/// An entry.
fn log(log: &Log) -> Object {
    let mut wire = object(json!({
        "event": log.event,
        "userId": log.actor_id.as_str(),
        "userEmail": log.actor_email,
        "userName": log.actor_name,
        "mode": log.mode,
        "userType": log.actor.name(),
        "ip": log.ip,
        "time": log.created.to_wire(),
    }));
    wire.extend(origin(&log.user_agent, &log.country));
    wire
}
