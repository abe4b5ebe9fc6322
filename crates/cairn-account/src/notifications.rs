//! What the caller is told, and what of it they want to hear.

use cairn_core::deeds::Direction;
use cairn_core::notices::{self, Told};
use cairn_http::rules::{Refusal, Rule, Shape, ShapeKind, array_of, boolean, choices, integer, one_of, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::UserId;
use cairn_model::notices::{NOTICE_ACTIONS, NoticeKind, NoticePreferences};
use cairn_store::NoticeFilter;
use serde_json::{Value, json};

use crate::SESSION;
use crate::models::{COUNT, NOTICE_PREFERENCES, NOTICE_SWITCHES, NOTICES};
use crate::rules::LIMIT_MAX;
use crate::wire::{DIRECTIONS, cursor_page, ok, parsed, picture_url, stretched, time};

const KINDS: &[(&str, NoticeKind)] =
    &[("Board", NoticeKind::Board), ("User", NoticeKind::User), ("System", NoticeKind::System)];

const fn of_user(route: Route) -> Route {
    route.scopes(SESSION).before_factors()
}

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    of_user(Route::get("/v0/notifications/list", "notifications.list", handler!(list)).ok(&NOTICES)),
    of_user(
        Route::get("/v0/notifications/unread/count", "notifications.countUnread", handler!(count)).ok(&COUNT),
    ),
    of_user(
        Route::post("/v0/notifications/mark-as-read", "notifications.markRead", handler!(mark_read))
            .nothing(),
    ),
    of_user(
        Route::post("/v0/notifications/mark-all-as-read", "notifications.markAllRead", handler!(mark_all))
            .nothing(),
    ),
    of_user(Route::post("/v0/notifications/delete", "notifications.delete", handler!(delete)).nothing()),
    of_user(
        Route::get("/v0/notifications/preferences", "notifications.getPreferences", handler!(preferences))
            .ok(&NOTICE_PREFERENCES),
    ),
    of_user(
        Route::post(
            "/v0/notifications/preferences/update",
            "notifications.updatePreferences",
            handler!(update_preferences),
        )
        .ok(&NOTICE_PREFERENCES),
    ),
    of_user(
        Route::get("/v0/notifications/preferences/actions", "notifications.getActions", handler!(actions))
            .ok(&NOTICE_SWITCHES),
    ),
    of_user(
        Route::post(
            "/v0/notifications/preferences/actions/update",
            "notifications.updateActions",
            handler!(update_actions),
        )
        .ok(&NOTICE_SWITCHES),
    ),
];

params! {
    /// A part of the caller's notices.
    struct ListNotices {
        /// The notice at which the part begins.
        cursor_notification_id: Option<String> = "cursor_notification_id" => uid().optional(),
        /// Which side of it.
        cursor_direction: Option<Direction> = "cursor_direction" => choices(DIRECTIONS).optional(),
        /// Notices at most.
        limit: i64 = "limit" => integer(1, LIMIT_MAX),
        /// Only of this kind.
        notification_type: Option<NoticeKind> = "notification_type" => choices(KINDS).optional(),
        /// Only of these actions.
        actions: Vec<&'static str> = "actions" => array_of(one_of(&NOTICE_ACTIONS), NOTICE_ACTIONS.len()).or_empty(),
        /// Only read ones, or only unread ones.
        is_read: Option<bool> = "is_read" => boolean().optional(),
    }
}

params! {
    /// One of the caller's notices.
    struct OneNotice {
        /// The notice.
        notification_id: String = "notification_id" => uid(),
    }
}

params! {
    /// How the caller wants to be told.
    struct UpdatePreferences {
        /// By mail too.
        email_enabled: Option<bool> = "email_enabled" => boolean().optional(),
        /// By push too.
        push_enabled: Option<bool> = "push_enabled" => boolean().optional(),
    }
}

params! {
    /// What the caller wants to be told of.
    struct UpdateActions {
        /// Actions with whether they are wanted.
        updates: Vec<(String, bool)> = "updates" => array_of(ActionSwitch, NOTICE_ACTIONS.len()),
    }
}

/// An object of an action and whether it is wanted.
#[derive(Clone, Copy)]
struct ActionSwitch;

impl Rule for ActionSwitch {
    type Output = (String, bool);

    fn shape(&self) -> Shape {
        Shape::of(ShapeKind::Object)
    }

    fn check(&self, value: &Value) -> Result<Self::Output, Refusal> {
        let action = one_of(&NOTICE_ACTIONS).check(value.get("action").unwrap_or(&Value::Null))?;
        let is_enabled = boolean().check(value.get("enabled").unwrap_or(&Value::Null))?;
        Ok((action.to_owned(), is_enabled))
    }
}

async fn list(call: Call<ListNotices>) -> Reply {
    let ListNotices { cursor_notification_id, cursor_direction, limit, notification_type, actions, is_read } =
        call.params;
    let actions = actions.into_iter().map(str::to_owned).collect();
    let filter = NoticeFilter { kind: notification_type, actions, is_read };
    let page = cursor_page(cursor_notification_id, cursor_direction, limit);
    Ok(stretched(&notices::list(&call.cx, filter, page).await?, told))
}

async fn count(call: Call<()>) -> Reply {
    Ok(ok(json!({ "count": notices::count_unread(&call.cx).await? })))
}

async fn mark_read(call: Call<OneNotice>) -> Reply {
    notices::mark_read(&call.cx, call.params.notification_id).await?;
    Ok(Answer::no_content())
}

async fn mark_all(call: Call<()>) -> Reply {
    notices::mark_all_read(&call.cx).await?;
    Ok(Answer::no_content())
}

async fn delete(call: Call<OneNotice>) -> Reply {
    notices::delete(&call.cx, call.params.notification_id).await?;
    Ok(Answer::no_content())
}

async fn preferences(call: Call<()>) -> Reply {
    Ok(ok(wire_preferences(&notices::preferences(&call.cx).await?)))
}

async fn update_preferences(call: Call<UpdatePreferences>) -> Reply {
    let UpdatePreferences { email_enabled, push_enabled } = call.params;
    let updated = notices::update_preferences(&call.cx, email_enabled, push_enabled).await?;
    Ok(ok(wire_preferences(&updated)))
}

async fn actions(call: Call<()>) -> Reply {
    Ok(ok(wire_actions(&notices::preferences(&call.cx).await?)))
}

async fn update_actions(call: Call<UpdateActions>) -> Reply {
    if call.params.updates.is_empty() {
        return Err(cairn_http::Error::invalid_param("updates", "Must name an action at least."));
    }
    Ok(ok(wire_actions(&notices::update_actions(&call.cx, call.params.updates).await?)))
}

fn wire_preferences(preferences: &NoticePreferences) -> Value {
    json!({
        "email_enabled": preferences.email_enabled,
        "push_enabled": preferences.push_enabled,
        "updated_at": time(preferences.updated),
    })
}

fn wire_actions(preferences: &NoticePreferences) -> Value {
    let is_disabled = |action: &str| preferences.disabled_actions.iter().any(|disabled| disabled == action);
    let wire = |action: &&str| json!({ "action": action, "enabled": !is_disabled(action) });
    json!({ "preferences": NOTICE_ACTIONS.iter().map(wire).collect::<Vec<_>>() })
}

fn told(told: &Told) -> Value {
    let notice = &told.notice;
    let actor = told.actor.as_ref().map(|persona| {
        json!({
            "id": persona.user_id.as_str(),
            "handle": persona.handle,
            "display_name": persona.last_name,
            "profile_image": persona.profile_image.as_deref().map(picture_url),
        })
    });
    json!({
        "id": notice.id,
        "actor_id": notice.actor_id.as_ref().map(UserId::as_str),
        "actor": actor,
        "notification_type": notice.kind.name(),
        "action": notice.action,
        "board_id": null,
        "post_id": null,
        "comment_id": null,
        "additional_data": parsed(&notice.additional),
        "is_read": notice.read.is_some(),
        "created_at": notice.created.to_wire(),
        "read_at": time(notice.read),
    })
}
