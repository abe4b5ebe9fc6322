//! How many users and sessions a project has.

use cairn_core::users::{self, Metric, UsageRange};
use cairn_faults::Fault;
use cairn_http::rules::{Rule, choices};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use serde_json::{Value, json};

use super::READ;
use crate::models::USAGE_USERS;
use crate::wire::object;

pub(super) const ROUTES: &[Route] = &[Route::get("/v1/users/usage", "users.getUsage", handler!(get_usage))
    .ok(&USAGE_USERS)
    .scopes(READ)
    .faults(&[Fault::GeneralUsageDisabled])];

const RANGES: &[(&str, UsageRange)] =
    &[("24h", UsageRange::Day), ("30d", UsageRange::Month), ("90d", UsageRange::Quarter)];

params! {
    pub(crate) struct GetUsage {
        /// Over which time: `24h`, `30d` or `90d`.
        range: UsageRange = "range" => choices(RANGES).or(UsageRange::Month, json!("30d")),
    }
}

async fn get_usage(call: Call<GetUsage>) -> Reply {
    let range = call.params.range;
    let usage = users::usage(&call.cx, range).await?;
    let shown = json!({
        "range": range.name(),
        "usersTotal": usage.users_total,
        "sessionsTotal": usage.sessions_total,
        "users": metrics(&usage.users),
        "sessions": metrics(&usage.sessions),
    });
    Ok(Answer::ok("usageUsers", object(shown)))
}

fn metrics(metrics: &[Metric]) -> Value {
    metrics.iter().map(|metric| json!({ "value": metric.value, "date": metric.at.to_wire() })).collect()
}
