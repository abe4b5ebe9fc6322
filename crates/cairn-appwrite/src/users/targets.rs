//! Users' targets: addresses that messages can be sent to.

use cairn_core::users::{self, NewTarget, TargetPatch};
use cairn_faults::Fault;
use cairn_http::rules::{IdChoice, Rule, boolean, custom_id, one_of, queries, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::{TargetId, UserId};
use cairn_model::users::Target;
use serde_json::json;

use super::{MISSING, READ, RESOURCE, SUBJECT, WRITE};
use crate::models::TARGET;
use crate::wire::{Object, list_request, maybe, object, paged};

const ALL: &str = "/v1/users/{userId}/targets";
const ONE: &str = "/v1/users/{userId}/targets/{targetId}";
const MISSING_TARGET: &[Fault] = &[Fault::UserNotFound, Fault::UserTargetNotFound];

pub(super) const ROUTES: &[Route] = &[
    Route::post(ALL, "users.createTarget", handler!(create_user_target))
        .created(&TARGET)
        .scopes(WRITE)
        .audited("target.create", RESOURCE, SUBJECT)
        .faults(&[
            Fault::UserNotFound,
            Fault::UserTargetAlreadyExists,
            Fault::GeneralInvalidEmail,
            Fault::GeneralInvalidPhone,
        ]),
    Route::get(ALL, "users.listTargets", handler!(list_user_targets))
        .page("targets", &TARGET)
        .scopes(READ)
        .faults(MISSING),
    Route::get(ONE, "users.getTarget", handler!(get_user_target))
        .ok(&TARGET)
        .scopes(READ)
        .faults(MISSING_TARGET),
    Route::patch(ONE, "users.updateTarget", handler!(update_user_target))
        .ok(&TARGET)
        .scopes(WRITE)
        .audited("target.update", RESOURCE, SUBJECT)
        .faults(&[
            Fault::UserNotFound,
            Fault::UserTargetNotFound,
            Fault::UserTargetAlreadyExists,
            Fault::GeneralInvalidEmail,
            Fault::GeneralInvalidPhone,
        ]),
    Route::delete(ONE, "users.deleteTarget", handler!(delete_user_target))
        .nothing()
        .scopes(WRITE)
        .audited("target.delete", RESOURCE, SUBJECT)
        .faults(MISSING_TARGET),
];

params! {
    pub(crate) struct CreateUserTarget {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The id of the target, or `unique()`.
        target_id: IdChoice = "targetId" => custom_id(),
        /// `email`, `sms` or `push`.
        provider_type: &'static str = "providerType" => one_of(&["email", "sms", "push"]),
        /// The address, number or token.
        identifier: String = "identifier" => text(1, 255),
        /// The messaging provider; one that does not exist counts as none.
        _provider_id: Option<String> = "providerId" => maybe(uid()),
        /// A name for people, up to 128 characters.
        name: String = "name" => text(0, 128).or_empty(),
    }
}

async fn create_user_target(call: Call<CreateUserTarget>) -> Reply {
    let CreateUserTarget { user_id, target_id, provider_type, identifier, name, .. } = call.params;
    let id = target_id.or_make(|| call.cx.new_id());
    let new = NewTarget { id, provider_type: provider_type.to_owned(), identifier, name };
    let made = users::create_target(&call.cx, &UserId(user_id), new).await?;
    Ok(Answer::created("target", target(&made)))
}

params! {
    pub(crate) struct ListUserTargets {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// Queries over the attributes userId, providerId, identifier and providerType.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Whether the targets are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_user_targets(call: Call<ListUserTargets>) -> Reply {
    let ListUserTargets { user_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    let page = users::list_targets(&call.cx, &UserId(user_id), &request).await?;
    Ok(paged("target", "targets", &page, target))
}

params! {
    pub(crate) struct OfUserTarget {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The id of the target.
        target_id: String = "targetId" => uid(),
    }
}

async fn get_user_target(call: Call<OfUserTarget>) -> Reply {
    let OfUserTarget { user_id, target_id } = call.params;
    let found = users::get_target(&call.cx, &UserId(user_id), &TargetId(target_id)).await?;
    Ok(Answer::ok("target", target(&found)))
}

params! {
    pub(crate) struct UpdateUserTarget {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The id of the target.
        target_id: String = "targetId" => uid(),
        /// The address, number or token.
        identifier: Option<String> = "identifier" => maybe(text(1, 255)),
        /// A messaging provider.
        provider_id: Option<String> = "providerId" => maybe(uid()),
        /// A name for people, up to 128 characters.
        name: Option<String> = "name" => maybe(text(1, 128)),
    }
}

async fn update_user_target(call: Call<UpdateUserTarget>) -> Reply {
    let UpdateUserTarget { user_id, target_id, identifier, provider_id, name } = call.params;
    let patch = TargetPatch { identifier, provider_id, name };
    let changed = users::update_target(&call.cx, &UserId(user_id), &TargetId(target_id), patch).await?;
    Ok(Answer::ok("target", target(&changed)))
}

async fn delete_user_target(call: Call<OfUserTarget>) -> Reply {
    let OfUserTarget { user_id, target_id } = call.params;
    users::delete_target(&call.cx, &UserId(user_id), &TargetId(target_id)).await?;
    Ok(Answer::no_content())
}

/// A target.
pub(crate) fn target(target: &Target) -> Object {
    object(json!({
        "$id": target.id.as_str(),
        "$createdAt": target.created.to_wire(),
        "$updatedAt": target.updated.to_wire(),
        "name": target.name,
        "userId": target.user_id.as_str(),
        "providerId": target.provider_id,
        "providerType": target.provider_type,
        "identifier": target.identifier,
        "expired": target.is_expired,
    }))
}
