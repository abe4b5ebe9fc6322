//! Bans and roles.

use cairn_core::measures::{self, Measure};
use cairn_faults::Fault;
use cairn_http::rules::{Rule, choices, datetime, uid};
use cairn_http::{Call, Error, Reply, Route, handler, params};
use cairn_model::ids::UserId;
use cairn_model::staff::StaffRole;
use cairn_std::Timestamp;
use serde_json::json;

use crate::SESSION;
use crate::models::MEASURE;
use crate::rules::reason;
use crate::wire::{ok, time};

/// Characters of a reason at most.
const REASON_CHARS_MAX: usize = 1_000;
const ROLES: &[(&str, StaffRole)] = &[("mod", StaffRole::Mod), ("admin", StaffRole::Admin)];
/// What every one of these routes may answer, beside its own.
macro_rules! gate {
    ($($own:ident),+) => {
        &[
            Fault::UserBlocked, Fault::UserUnauthorized, Fault::AccountNotVerified, Fault::UserCannotManageSelf,
            Fault::UserNotFound, Fault::UserCannotManageEqual, $(Fault::$own),+
        ]
    };
}

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v0/users/ban", "users.ban", handler!(ban))
        .ok(&MEASURE)
        .scopes(SESSION)
        .before_factors()
        .faults(gate!(UserAlreadyBanned)),
    Route::post("/v0/users/unban", "users.unban", handler!(unban))
        .ok(&MEASURE)
        .scopes(SESSION)
        .before_factors()
        .faults(gate!(UserNotBanned)),
    Route::post("/v0/users/roles/grant", "users.grantRole", handler!(grant))
        .ok(&MEASURE)
        .scopes(SESSION)
        .before_factors()
        .faults(gate!(UserAlreadyHasRole)),
    Route::post("/v0/users/roles/revoke", "users.revokeRole", handler!(revoke))
        .ok(&MEASURE)
        .scopes(SESSION)
        .before_factors()
        .faults(gate!(UserHasNotRole)),
];

params! {
    /// Ban somebody.
    struct Ban {
        /// Whom.
        user_id: String = "user_id" => uid(),
        /// Why.
        reason: String = "reason" => reason(REASON_CHARS_MAX),
        /// When the ban ends by itself.
        expires_at: Option<Timestamp> = "expires_at" => datetime().optional(),
    }
}

params! {
    /// Lift a ban.
    struct Unban {
        /// Whose.
        user_id: String = "user_id" => uid(),
        /// Why.
        reason: String = "reason" => reason(REASON_CHARS_MAX),
    }
}

params! {
    /// Give a role.
    struct Grant {
        /// To whom.
        user_id: String = "user_id" => uid(),
        /// The role.
        role: StaffRole = "role" => choices(ROLES),
        /// Why.
        reason: String = "reason" => reason(REASON_CHARS_MAX),
        /// When it ends by itself.
        expires_at: Option<Timestamp> = "expires_at" => datetime().optional(),
    }
}

params! {
    /// Take a role.
    struct Revoke {
        /// From whom.
        user_id: String = "user_id" => uid(),
        /// The role.
        role: StaffRole = "role" => choices(ROLES),
        /// Why.
        reason: String = "reason" => reason(REASON_CHARS_MAX),
    }
}

/// Refuse an end that lies behind.
pub(crate) fn ahead(expires: Option<Timestamp>, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    match expires {
        Some(at) if at <= now => Err(Error::invalid_param("expires_at", "Must lie in the future.")),
        _ => Ok(expires),
    }
}

async fn ban(call: Call<Ban>) -> Reply {
    let Ban { user_id, reason, expires_at } = call.params;
    let expires = ahead(expires_at, call.cx.now())?;
    let measure = Measure { user_id: UserId::from(user_id.as_str()), reason, expires };
    measures::ban(&call.cx, measure).await?;
    Ok(ok(json!({ "user_id": user_id, "expires_at": time(expires) })))
}

async fn unban(call: Call<Unban>) -> Reply {
    let Unban { user_id, reason } = call.params;
    let measure = Measure { user_id: UserId::from(user_id.as_str()), reason, expires: None };
    measures::unban(&call.cx, measure).await?;
    Ok(ok(json!({ "user_id": user_id })))
}

async fn grant(call: Call<Grant>) -> Reply {
    let Grant { user_id, role, reason, expires_at } = call.params;
    let expires = ahead(expires_at, call.cx.now())?;
    let measure = Measure { user_id: UserId::from(user_id.as_str()), reason, expires };
    measures::grant(&call.cx, measure, role).await?;
    Ok(ok(json!({ "user_id": user_id, "role": role.name(), "expires_at": time(expires) })))
}

async fn revoke(call: Call<Revoke>) -> Reply {
    let Revoke { user_id, role, reason } = call.params;
    let measure = Measure { user_id: UserId::from(user_id.as_str()), reason, expires: None };
    measures::revoke(&call.cx, measure, role).await?;
    Ok(ok(json!({ "user_id": user_id, "role": role.name() })))
}
