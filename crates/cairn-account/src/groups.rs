//! Groups, their members and their permissions.

use cairn_core::groups::{self, NewGroup, NewGroupMember};
use cairn_faults::Fault;
use cairn_http::rules::{Rule, array_of, datetime, integer, text, uid};
use cairn_http::{Call, Reply, Route, handler, params};
use cairn_model::ids::UserId;
use cairn_model::staff::{Group, GroupMember, PERMISSIONS, PERMISSIONS_PER_REQUEST_MAX};
use cairn_std::Timestamp;
use serde_json::{Value, json};

use crate::SESSION;
use crate::models::{GROUP, GROUP_MEMBER, GROUP_MEMBERS, GROUP_PERMISSIONS, GROUPS, PERMISSION_NAMES};
use crate::moderation::ahead;
use crate::rules::{LIMIT_MAX, reason};
use crate::wire::{ok, time};

/// Characters of a group's name at most.
const NAME_CHARS_MAX: usize = 64;
/// Characters of a group's description at most, and of a reason.
const TEXT_CHARS_MAX: usize = 500;
/// Characters of the reason of a membership at most.
const MEMBER_REASON_CHARS_MAX: usize = 1_000;

const fn of_staff(route: Route) -> Route {
    route.scopes(SESSION).before_factors()
}

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    of_staff(Route::get("/v0/groups", "groups.list", handler!(list)).ok(&GROUPS))
        .faults(&[Fault::UserUnauthorized]),
    of_staff(Route::post("/v0/groups", "groups.create", handler!(create)).ok(&GROUP))
        .faults(&[Fault::GroupAlreadyExists]),
    of_staff(Route::post("/v0/groups/delete", "groups.delete", handler!(delete)).ok(&GROUP))
        .faults(&[Fault::GroupNotFound]),
    of_staff(
        Route::get("/v0/permissions", "permissions.list", handler!(list_permissions)).ok(&PERMISSION_NAMES),
    ),
    of_staff(
        Route::get("/v0/groups/permissions", "groups.listPermissions", handler!(group_permissions))
            .ok(&GROUP_PERMISSIONS),
    )
    .faults(&[Fault::GroupNotFound]),
    of_staff(
        Route::post("/v0/groups/permissions/replace", "groups.replacePermissions", handler!(replace))
            .ok(&GROUP_PERMISSIONS),
    )
    .faults(&[Fault::GroupNotFound, Fault::PermissionInvalid]),
    of_staff(Route::get("/v0/groups/members", "groups.listMembers", handler!(members)).ok(&GROUP_MEMBERS))
        .faults(&[Fault::GroupNotFound]),
    of_staff(Route::post("/v0/groups/members", "groups.addMember", handler!(add_member)).ok(&GROUP_MEMBER))
        .faults(&[Fault::GroupNotFound, Fault::UserNotFound, Fault::GroupMemberAlreadyExists]),
    of_staff(
        Route::post("/v0/groups/members/remove", "groups.removeMember", handler!(remove_member))
            .ok(&GROUP_MEMBER),
    )
    .faults(&[Fault::GroupMemberNotFound]),
];

params! {
    /// Make a group.
    struct CreateGroup {
        /// Its name.
        name: String = "name" => text(1, NAME_CHARS_MAX),
        /// What it is for.
        description: Option<String> = "description" => text(0, TEXT_CHARS_MAX).optional(),
        /// Why.
        reason: String = "reason" => reason(TEXT_CHARS_MAX),
    }
}

params! {
    /// Remove a group.
    struct DeleteGroup {
        /// The group.
        group_id: String = "group_id" => uid(),
        /// Why.
        reason: String = "reason" => reason(TEXT_CHARS_MAX),
    }
}

params! {
    /// One group.
    struct OneGroup {
        /// The group.
        group_id: String = "group_id" => uid(),
    }
}

params! {
    /// Give a group these permissions and no others.
    struct Replace {
        /// The group.
        group_id: String = "group_id" => uid(),
        /// The permissions, all of them.
        permissions: Vec<String> = "permissions" => array_of(text(1, 64), PERMISSIONS_PER_REQUEST_MAX),
        /// Why.
        reason: String = "reason" => reason(TEXT_CHARS_MAX),
    }
}

params! {
    /// List the members of a group.
    struct Members {
        /// The group.
        group_id: String = "group_id" => uid(),
        /// The member behind whom the list goes on.
        cursor_id: Option<String> = "cursor_id" => uid().optional(),
        /// Members at most.
        limit: i64 = "limit" => integer(1, LIMIT_MAX),
    }
}

params! {
    /// Add somebody to a group.
    struct AddMember {
        /// The group.
        group_id: String = "group_id" => uid(),
        /// Whom.
        user_id: String = "user_id" => uid(),
        /// Why.
        reason: Option<String> = "reason" => reason(MEMBER_REASON_CHARS_MAX).optional(),
        /// When it ends by itself.
        expires_at: Option<Timestamp> = "expires_at" => datetime().optional(),
    }
}

params! {
    /// Take somebody out of a group.
    struct RemoveMember {
        /// Their place in the group.
        member_id: String = "member_id" => uid(),
        /// Why.
        reason: String = "reason" => reason(MEMBER_REASON_CHARS_MAX),
    }
}

async fn list(call: Call<()>) -> Reply {
    let found = groups::list(&call.cx).await?;
    Ok(ok(json!({ "groups": found.iter().map(group).collect::<Vec<_>>() })))
}

async fn create(call: Call<CreateGroup>) -> Reply {
    let CreateGroup { name, description, reason } = call.params;
    Ok(ok(group(&groups::create(&call.cx, NewGroup { name, description, reason }).await?)))
}

async fn delete(call: Call<DeleteGroup>) -> Reply {
    let DeleteGroup { group_id, reason } = call.params;
    Ok(ok(group(&groups::delete(&call.cx, group_id, reason).await?)))
}

async fn list_permissions(call: Call<()>) -> Reply {
    // The list is the same for all; who may see it is not.
    groups::list(&call.cx).await?;
    Ok(ok(json!({ "permissions": PERMISSIONS })))
}

async fn group_permissions(call: Call<OneGroup>) -> Reply {
    let id = call.params.group_id;
    let permissions = groups::permissions(&call.cx, id.clone()).await?;
    Ok(ok(json!({ "group_id": id, "permissions": permissions })))
}

async fn replace(call: Call<Replace>) -> Reply {
    let Replace { group_id, permissions, reason } = call.params;
    let held = groups::replace_permissions(&call.cx, group_id.clone(), permissions, reason).await?;
    Ok(ok(json!({ "group_id": group_id, "permissions": held })))
}

async fn members(call: Call<Members>) -> Reply {
    let Members { group_id, cursor_id, limit } = call.params;
    let (found, has_more) = groups::members(&call.cx, group_id, cursor_id, limit).await?;
    Ok(ok(json!({ "data": found.iter().map(member).collect::<Vec<_>>(), "has_more": has_more })))
}

async fn add_member(call: Call<AddMember>) -> Reply {
    let AddMember { group_id, user_id, reason, expires_at } = call.params;
    let expires = ahead(expires_at, call.cx.now())?;
    let new = NewGroupMember { group_id, user_id: UserId::from(user_id), reason, expires };
    Ok(ok(member(&groups::add_member(&call.cx, new).await?)))
}

async fn remove_member(call: Call<RemoveMember>) -> Reply {
    let RemoveMember { member_id, reason } = call.params;
    Ok(ok(member(&groups::remove_member(&call.cx, member_id, reason).await?)))
}

fn group(group: &Group) -> Value {
    json!({
        "id": group.id,
        "name": group.name,
        "description": group.description,
        // No group belongs to the service itself.
        "is_system": false,
        "created_at": group.created.to_wire(),
    })
}

fn member(member: &GroupMember) -> Value {
    json!({
        "id": member.id,
        "group_id": member.group_id,
        "user_id": member.user_id.as_str(),
        "reason": member.reason,
        "expires_at": time(member.expires),
        "created_by": member.created_by,
        "created_at": member.created.to_wire(),
    })
}
