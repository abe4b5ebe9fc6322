//! Devices on which a client wants to be pushed messages.

use cairn_core::accounts;
use cairn_faults::Fault;
use cairn_http::rules::{IdChoice, custom_id, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::TargetId;

use crate::models::TARGET;
use crate::users::target;
use crate::wire::maybe;

const ONE: &str = "/v1/account/targets/{targetId}/push";
const WRITE: &[&str] = &["targets.write"];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v1/account/targets/push", "account.createPushTarget", handler!(create_push_target))
        .created(&TARGET)
        .scopes(WRITE)
        .audited("target.create", "target/{response.$id}", "")
        .faults(&[Fault::UserTargetAlreadyExists, Fault::UserUnauthorized]),
    Route::put(ONE, "account.updatePushTarget", handler!(update_push_target))
        .ok(&TARGET)
        .scopes(WRITE)
        .audited("target.update", "target/{response.$id}", "")
        .faults(&[Fault::UserTargetNotFound, Fault::UserTargetAlreadyExists, Fault::UserUnauthorized]),
    Route::delete(ONE, "account.deletePushTarget", handler!(delete_push_target))
        .nothing()
        .scopes(WRITE)
        .audited("target.delete", "target/{request.targetId}", "")
        .faults(&[Fault::UserTargetNotFound, Fault::UserUnauthorized]),
];

params! {
    pub(crate) struct CreatePushTarget {
        /// The id of the target, or `unique()`.
        target_id: IdChoice = "targetId" => custom_id(),
        /// What the messaging provider knows the device by.
        identifier: String = "identifier" => text(1, 255),
        /// The messaging provider; one that does not exist counts as none.
        _provider_id: Option<String> = "providerId" => maybe(uid()),
    }
}

async fn create_push_target(call: Call<CreatePushTarget>) -> Reply {
    let CreatePushTarget { target_id, identifier, .. } = call.params;
    let id = target_id.or_make(|| call.cx.new_id());
    let made = accounts::create_push_target(&call.cx, id, &identifier).await?;
    Ok(Answer::created("target", target(&made)))
}

params! {
    pub(crate) struct UpdatePushTarget {
        /// The id of the target.
        target_id: String = "targetId" => uid(),
        /// What the messaging provider knows the device by.
        identifier: String = "identifier" => text(1, 255),
    }
}

async fn update_push_target(call: Call<UpdatePushTarget>) -> Reply {
    let UpdatePushTarget { target_id, identifier } = call.params;
    let changed = accounts::update_push_target(&call.cx, &TargetId(target_id), identifier).await?;
    Ok(Answer::ok("target", target(&changed)))
}

params! {
    pub(crate) struct OfPushTarget {
        /// The id of the target.
        target_id: String = "targetId" => uid(),
    }
}

async fn delete_push_target(call: Call<OfPushTarget>) -> Reply {
    accounts::delete_push_target(&call.cx, &TargetId(call.params.target_id)).await?;
    Ok(Answer::no_content())
}
