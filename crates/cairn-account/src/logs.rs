//! The logs: what people did, for everybody, and what moderators did, for moderators.

use cairn_core::deeds::{self, Direction};
use cairn_faults::Fault;
use cairn_http::rules::{Rule, array_of, choices, integer, text, uid};
use cairn_http::{Call, Reply, Route, handler, params};
use cairn_model::deeds::{Deed, DeedLog};
use cairn_model::ids::UserId;
use cairn_store::DeedFilter;
use serde_json::{Value, json};

use crate::SESSION;
use crate::models::DEEDS;
use crate::rules::LIMIT_MAX;
use crate::wire::{DIRECTIONS, cursor_page, parsed, stretched};

/// Actions that one request names at most.
const ACTIONS_MAX: usize = 32;

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v0/action-logs", "logs.listActions", handler!(list_actions)).ok(&DEEDS),
    Route::get("/v0/moderation/logs", "logs.listModeration", handler!(list_moderation))
        .ok(&DEEDS)
        .scopes(SESSION)
        .before_factors()
        .faults(&[Fault::UserUnauthorized, Fault::UserBlocked]),
];

params! {
    /// A part of a log.
    struct ListLog {
        /// The entry at which the part begins.
        cursor_id: Option<String> = "cursor_id" => uid().optional(),
        /// Which side of it.
        cursor_direction: Option<Direction> = "cursor_direction" => choices(DIRECTIONS).optional(),
        /// Entries at most.
        limit: i64 = "limit" => integer(1, LIMIT_MAX),
        /// Only what this user did.
        actor_id: Option<String> = "actor_id" => uid().optional(),
        /// Only what was done to this thing.
        resource_id: Option<String> = "resource_id" => text(1, 64).optional(),
        /// Only what was done to things of this kind.
        resource_type: Option<String> = "resource_type" => text(1, 64).optional(),
        /// Only these actions.
        actions: Vec<String> = "actions" => array_of(text(1, 64), ACTIONS_MAX).or_empty(),
    }
}

async fn list_actions(call: Call<ListLog>) -> Reply {
    list(call, DeedLog::Action).await
}

async fn list_moderation(call: Call<ListLog>) -> Reply {
    list(call, DeedLog::Moderation).await
}

async fn list(call: Call<ListLog>, log: DeedLog) -> Reply {
    let ListLog { cursor_id, cursor_direction, limit, actor_id, resource_id, resource_type, actions } =
        call.params;
    let filter = DeedFilter { actor_id, resource_id, resource_type, actions };
    let page = deeds::list(&call.cx, log, filter, cursor_page(cursor_id, cursor_direction, limit)).await?;
    Ok(stretched(&page, deed))
}

fn deed(deed: &Deed) -> Value {
    json!({
        "id": deed.id,
        "action": deed.action,
        "actor_id": deed.actor_id.as_ref().map(UserId::as_str),
        "resource_type": deed.resource_type,
        "resource_id": deed.resource_id,
        "summary": deed.summary,
        "metadata": parsed(&deed.metadata),
        "created_at": deed.created.to_wire(),
    })
}
