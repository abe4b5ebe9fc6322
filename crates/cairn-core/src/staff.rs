//! Who runs a community on the account API: roles, bans, and the gate before both.
//!
//! Roles are given by administrators, or by the project's owner as labels (`admin`, `mod`): so the first one comes to be.
//! INVARIANT: what has ended by itself counts for nothing from that moment on; it is read anew in each transaction.

use cairn_faults::{Error, Fault};
use cairn_model::deeds::DeedLog;
use cairn_model::ids::UserId;
use cairn_model::staff::{Ban, Grant, PERMISSIONS, PERMISSIONS_OF_MODERATORS, StaffRole, is_in_force};
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_store::Tx;
use serde_json::json;

use crate::deeds::{self, NewDeed};
use crate::{Cx, accounts, notices, users};

/// What a user is in the community, now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// The roles, the lesser first.
    pub roles: Vec<StaffRole>,
    /// The ban, if one is in force.
    pub ban: Option<Ban>,
}

impl Standing {
    /// Whether the user holds this role or a higher one.
    pub fn is_at_least(&self, role: StaffRole) -> bool {
        self.roles.iter().any(|held| *held >= role)
    }
}

/// What a user is in the community.
pub(crate) async fn standing(tx: &Tx, user: &User, now: Timestamp) -> Result<Standing, Error> {
    let granted = tx.grant_list(&user.id).await?;
    let granted = granted.into_iter().filter(|grant| is_in_force(grant.expires, now)).map(|grant| grant.role);
    let labelled = user.labels.iter().filter_map(|label| StaffRole::of_name(label));
    let mut roles: Vec<StaffRole> = granted.chain(labelled).collect();
    roles.sort_unstable();
    roles.dedup();
    let ban = tx.ban_by_user(&user.id).await?.filter(|ban| is_in_force(ban.expires, now));
    Ok(Standing { roles, ban })
}

/// The gate of everything that takes a role.
///
/// # Errors
/// `user:banned`, `user:permission_insufficient`, `user:not_verified`, in this order.
pub(crate) async fn require(
    tx: &Tx,
    caller: &UserId,
    role: StaffRole,
    now: Timestamp,
) -> Result<User, Error> {
    let user = users::load(tx, caller).await?;
    let standing = standing(tx, &user, now).await?;
    if standing.ban.is_some() {
        return Err(Fault::UserBlocked.with("user", caller));
    }
    if !standing.is_at_least(role) {
        return Err(Fault::UserUnauthorized.with("role", role.name()));
    }
    if !user.is_email_verified {
        return Err(Fault::AccountNotVerified.error());
    }
    Ok(user)
}

/// The permissions that a user has: none while banned, all for administrators, some for moderators, else those of groups.
pub(crate) async fn permissions(tx: &Tx, user: &User, now: Timestamp) -> Result<Vec<String>, Error> {
    let standing = standing(tx, user, now).await?;
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    if standing.ban.is_some() {
        return Ok(Vec::new());
    }
    if standing.is_at_least(StaffRole::Admin) {
        return Ok(named(&PERMISSIONS));
    }
    if standing.is_at_least(StaffRole::Mod) {
        return Ok(named(&PERMISSIONS[..PERMISSIONS_OF_MODERATORS]));
    }
    let mut held = Vec::new();
    for member in tx.group_member_list_of_user(&user.id).await? {
        if is_in_force(member.expires, now) {
            held.extend(tx.group_permissions(&member.group_id).await?);
        }
    }
    held.sort_unstable();
    held.dedup();
    Ok(held)
}

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
