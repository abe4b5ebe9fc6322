//! The second factor: an authenticator and backup codes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cairn_core::second_factors::{self, Status};
use cairn_faults::Fault;
use cairn_http::limits::RateLimit;
use cairn_http::rules::text;
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use serde_json::json;

use crate::SESSION;
use crate::models::{BACKUP_CODES, TOTP_SETUP, TOTP_STATUS};
use crate::qr;
use crate::wire::ok;

const ATTEMPTS: RateLimit = RateLimit::per_hour(30).by(&["url:{url},userId:{userId}"]);

const fn of_user(route: Route) -> Route {
    route.scopes(SESSION).before_factors().limit(ATTEMPTS)
}

/// The routes of this capability.
pub const ROUTES: &[Route] =
    &[
        Route::get("/v0/auth/totp/status", "totp.status", handler!(status))
            .ok(&TOTP_STATUS)
            .scopes(SESSION)
            .before_factors(),
        of_user(Route::post("/v0/auth/totp/setup", "totp.setup", handler!(set_up)).ok(&TOTP_SETUP))
            .faults(&[Fault::TotpAlreadyEnabled, Fault::TotpSecretFailed, Fault::TotpQrFailed]),
        of_user(Route::post("/v0/auth/totp/enable", "totp.enable", handler!(enable)).ok(&BACKUP_CODES))
            .faults(&[Fault::TotpAlreadyEnabled, Fault::TotpNotEnabled, Fault::TotpCodeInvalid]),
        of_user(Route::post("/v0/auth/totp/disable", "totp.disable", handler!(disable)).nothing())
            .faults(&[Fault::TotpNotEnabled, Fault::TotpCodeInvalid]),
        of_user(
            Route::post(
                "/v0/auth/totp/backup-codes/regenerate",
                "totp.regenerateBackupCodes",
                handler!(regenerate),
            )
            .ok(&BACKUP_CODES),
        )
        .faults(&[Fault::TotpNotEnabled, Fault::TotpCodeInvalid]),
    ];

params! {
    /// Show a code of the authenticator.
    struct OneCode {
        /// Six digits.
        code: String = "code" => text(6, 6),
    }
}

params! {
    /// Show a code of the authenticator, or a backup code.
    struct AnyCode {
        /// Six digits, or eight characters.
        code: String = "code" => text(6, 8),
    }
}

async fn status(call: Call<()>) -> Reply {
    Ok(ok(match second_factors::status(&call.cx).await? {
        Status::Off => json!({ "enabled": false }),
        Status::On { since, backup_codes } => json!({
            "enabled": true,
            "enabled_at": since.to_wire(),
            "backup_codes_remaining": backup_codes,
        }),
    }))
}

async fn set_up(call: Call<()>) -> Reply {
    let enrolment = second_factors::set_up(&call.cx).await?;
    let picture = STANDARD.encode(qr::png(&enrolment.uri)?);
    let body = json!({ "qr_code_base64": picture, "qr_code_uri": enrolment.uri });
    Ok(ok(body).header("cache-control", "no-store"))
}

async fn enable(call: Call<OneCode>) -> Reply {
    let codes = second_factors::enable(&call.cx, &call.params.code).await?;
    Ok(ok(json!({ "backup_codes": codes })).header("cache-control", "no-store"))
}

async fn disable(call: Call<AnyCode>) -> Reply {
    second_factors::disable(&call.cx, &call.params.code).await?;
    Ok(Answer::no_content())
}

async fn regenerate(call: Call<OneCode>) -> Reply {
    let codes = second_factors::regenerate_backup_codes(&call.cx, &call.params.code).await?;
    Ok(ok(json!({ "backup_codes": codes })).header("cache-control", "no-store"))
}
