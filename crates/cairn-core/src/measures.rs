//! What administrators of a community do to its users on the account API: bans and roles, given and taken.

use cairn_faults::{Error, Fault};
use cairn_model::deeds::DeedLog;
use cairn_model::ids::UserId;
use cairn_model::staff::{Ban, Grant, StaffRole, is_in_force};
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_store::Tx;
use serde_json::json;

use crate::deeds::{self, NewDeed};
use crate::staff::{require, standing};
use crate::{Cx, accounts, notices, users};

/// What is done to somebody, why and until when.
#[derive(Clone, Debug)]
pub struct Measure {
    /// To whom.
    pub user_id: UserId,
    /// Why.
    pub reason: String,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
}

/// Ban a user.
///
/// # Errors
/// Those of the gate, and `user:already_banned`.
pub async fn ban(cx: &Cx, measure: Measure) -> Result<(), Error> {
    on_target(cx, measure, "user:ban", |tx, actor, target, measure, now| async move {
        if standing(&tx, &target, now).await?.ban.is_some() {
            return Err(Fault::UserAlreadyBanned.with("user", &target.id));
        }
        let Measure { user_id, reason, expires } = measure;
        let ban = Ban { user_id, reason, expires, created_by: actor.id.0, created: now };
        Ok(tx.ban_upsert(&ban).await?)
    })
    .await
}

/// Lift a ban.
///
/// # Errors
/// Those of the gate, and `user:not_banned`.
pub async fn unban(cx: &Cx, measure: Measure) -> Result<(), Error> {
    on_target(cx, measure, "user:unban", |tx, _, target, _, now| async move {
        let is_banned = standing(&tx, &target, now).await?.ban.is_some();
        tx.ban_delete(&target.id).await?;
        if is_banned { Ok(()) } else { Err(Fault::UserNotBanned.with("user", &target.id)) }
    })
    .await
}

/// Give a role.
///
/// # Errors
/// Those of the gate, and `user:already_has_role`.
pub async fn grant(cx: &Cx, measure: Measure, role: StaffRole) -> Result<(), Error> {
    on_target(cx, measure, "role:grant", move |tx, actor, target, measure, now| async move {
        if standing(&tx, &target, now).await?.roles.contains(&role) {
            return Err(Fault::UserAlreadyHasRole.with("role", role.name()));
        }
        let Measure { user_id, reason, expires } = measure;
        let grant = Grant { user_id, role, reason, expires, created_by: actor.id.0, created: now };
        Ok(tx.grant_upsert(&grant).await?)
    })
    .await
}

/// Take a role.
///
/// # Errors
/// Those of the gate, and `user:does_not_have_role`.
pub async fn revoke(cx: &Cx, measure: Measure, role: StaffRole) -> Result<(), Error> {
    on_target(cx, measure, "role:revoke", move |tx, _, target, _, now| async move {
        let held = tx.grant_list(&target.id).await?;
        let held = held.iter().any(|grant| grant.role == role && is_in_force(grant.expires, now));
        tx.grant_delete(&target.id, role).await?;
        if held { Ok(()) } else { Err(Fault::UserHasNotRole.with("role", role.name())) }
    })
    .await
}

/// Do something to a user, behind the gate; tell them, and write it down.
///
/// The gate, in this order: the caller is banned, is no administrator, means themselves; the target does not exist, or is an
/// administrator too.
async fn on_target<F, Fut>(cx: &Cx, measure: Measure, action: &'static str, work: F) -> Result<(), Error>
where
    F: FnOnce(Tx, User, User, Measure, Timestamp) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<(), Error>> + Send,
{
    let (caller, now) = (accounts::own(cx)?.id.clone(), cx.now());
    let deed = NewDeed {
        log: DeedLog::Moderation,
        action,
        resource_type: "user",
        resource_id: measure.user_id.as_str().to_owned(),
        summary: measure.reason.clone(),
        metadata: json!({ "expires_at": measure.expires.map(Timestamp::to_wire) }),
    };
    let deed = deeds::draw(cx, deed, Some(caller.clone()));
    let notice = notices::announcement(cx, &measure.user_id, &format!("{action}: {}", measure.reason));
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let actor = require(&tx, &caller, StaffRole::Admin, now).await?;
            if measure.user_id == caller {
                return Err(Fault::UserCannotManageSelf.error());
            }
            let target = users::load(&tx, &measure.user_id).await?;
            if standing(&tx, &target, now).await?.is_at_least(StaffRole::Admin) {
                return Err(Fault::UserCannotManageEqual.with("user", &target.id));
            }
            work(tx.clone(), actor, target, measure, now).await?;
            notices::tell(&tx, &notice).await?;
            deeds::insert(&tx, &deed).await
        })
        .await
}
