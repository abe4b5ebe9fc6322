//! Screens without a browser (RFC 8628): a device shows a short code, its user types it elsewhere and decides there, and the device
//! asks until it is answered.
//!
//! Short codes are guessed by trying: they end soon, and the route that takes them is limited per user and per address.

use cairn_faults::{Error, Fault};
use cairn_model::oauth2::{AuthRequest, Grant, GrantState, Oauth2Server, typed_user_code};
use cairn_std::Rng;

use super::authorize::new_grant;
use super::tokens::Work;
use super::{Client, decider, draw, requests, server, sweep, with_query};
use crate::Cx;

/// Seconds between two questions of a device, and by how much they grow when it asks too soon.
const INTERVAL_SECONDS: i64 = 5;

/// What a device shows its user, and what it asks with.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceCodes {
    /// What the device asks with.
    pub device_code: String,
    /// What its user types.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// The same with the code in it.
    pub verification_uri_complete: String,
    /// Seconds until both end.
    pub expires_in: i64,
    /// Seconds between two questions at least.
    pub interval: i64,
}

impl std::fmt::Debug for DeviceCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceCodes").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// What a device asks for; empty for what it leaves out.
#[derive(Clone, Debug, Default)]
pub struct DeviceAsk {
    /// The application.
    pub client_id: String,
    /// Scopes, with spaces between.
    pub scope: String,
    /// On what, as a JSON list.
    pub authorization_details: String,
    /// For which servers, with spaces between.
    pub resource: String,
    /// The same by another name.
    pub audience: String,
}

/// Begin on a device.
///
/// # Errors
/// `oauth2_unauthorized_client` where the application or the project has no device flow; those of an authorization.
pub async fn begin(cx: &Cx, ask: DeviceAsk) -> Result<DeviceCodes, Error> {
    let server = server(cx)?.clone();
    let request = AuthRequest {
        scopes: requests::asked_scopes(&server, &ask.scope)?,
        resources: requests::asked_resources(&ask.resource, &ask.audience)?,
        details: requests::asked_details(&server, &ask.authorization_details)?,
        ..AuthRequest::default()
    };
    let client = Client::of(cx, &ask.client_id, "")?;
    let (device, user_code) = (draw(cx), new_user_code(&server, cx.app.ids.rng()));
    let lookups = (device.lookup, cx.app.secrets.lookup(&user_code));
    let has_page = !server.verification_url.is_empty();
    let (actor, expires) = (cx.clone(), cx.now().plus_seconds(server.device_seconds));
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let app = client.asking(&actor, &tx).await?;
            if !app.has_device_flow || !has_page {
                return Err(Fault::Oauth2UnauthorizedClient.error());
            }
            sweep(&actor, &tx).await?;
            let grant = Grant {
                handle: Some(lookups.0),
                user_code: Some(lookups.1),
                interval_seconds: INTERVAL_SECONDS,
                expires,
                ..new_grant(&actor, &app, request, GrantState::Waiting)
            };
            Ok::<_, Error>(tx.grant_insert(&grant).await?)
        })
        .await?;
    Ok(DeviceCodes {
        verification_uri_complete: with_query(&server.verification_url, &[("user_code", &user_code)]),
        verification_uri: server.verification_url,
        device_code: device.plain,
        user_code,
        expires_in: server.device_seconds,
        interval: INTERVAL_SECONDS,
    })
}

/// A code that people type.
fn new_user_code(server: &Oauth2Server, rng: &Rng) -> String {
    let alphabet = server.user_code_format.alphabet();
    let letters = alphabet.len() as u64;
    let chars = usize::try_from(server.user_code_chars).unwrap_or(8);
    // Below this bound every letter is as likely as the others.
    let bound = u64::MAX - u64::MAX % letters;
    let mut code = String::with_capacity(chars);
    while code.len() < chars {
        let drawn = rng.u64();
        if drawn < bound {
            let place = usize::try_from(drawn % letters).unwrap_or_default();
            code.push(char::from(alphabet[place]));
        }
    }
    code
}

/// The grant behind a code that the caller typed, which is the caller's from now on.
///
/// # Errors
/// `oauth2_grant_not_found` for a code that is unknown, has ended, or was typed by somebody else.
pub async fn claim(cx: &Cx, typed: &str) -> Result<Grant, Error> {
    server(cx)?;
    let user_id = decider(cx)?.id.clone();
    let (lookup, now) = (cx.app.secrets.lookup(&typed_user_code(typed)), cx.now());
    let auth_time = cx.session().map(|session| session.created);
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let missing = || Fault::Oauth2GrantNotFound.error();
            let grant = tx.grant_by_user_code(&lookup).await?.filter(|grant| grant.expires > now);
            let mut grant = grant.ok_or_else(missing)?;
            if grant.state == GrantState::Pending && grant.user_id.as_ref() == Some(&user_id) {
                return Ok(grant);
            }
            grant.user_id = Some(user_id);
            grant.auth_time = auth_time;
            grant.state = GrantState::Pending;
            grant.updated = now;
            if tx.grant_advance(&grant, GrantState::Waiting).await? { Ok(grant) } else { Err(missing()) }
        })
        .await
}

/// What a device that asks is told.
pub(super) enum Polled {
    /// The user allows it.
    Approved(Box<Grant>),
    /// Not yet, not so often, or never.
    Refused(Fault),
}

/// A device asks.
pub(super) async fn polled(work: &Work<'_>, device_code: &str) -> Result<Polled, Error> {
    let Work { cx, tx, app, .. } = work;
    let grant = tx.grant_by_handle(&cx.app.secrets.lookup(device_code)).await?;
    let is_own = |grant: &Grant| grant.app_id == app.id && grant.state != GrantState::Pushed;
    let grant = grant.filter(is_own).ok_or_else(|| Fault::Oauth2InvalidGrant.with("reason", "unknown"))?;
    let now = cx.now();
    let refused = match grant.state {
        GrantState::Spent => {
            if let Some(family) = &grant.family_id {
                tx.family_delete(family).await?;
            }
            Fault::Oauth2InvalidGrant
        }
        GrantState::Rejected => Fault::Oauth2AccessDenied,
        _ if grant.expires <= now => Fault::Oauth2ExpiredToken,
        GrantState::Approved => return Ok(Polled::Approved(Box::new(grant))),
        GrantState::Waiting | GrantState::Pending | GrantState::Pushed => {
            let is_early = grant.polled.is_some_and(|at| at.plus_seconds(grant.interval_seconds) > now);
            let interval = grant.interval_seconds + if is_early { INTERVAL_SECONDS } else { 0 };
            tx.grant_polled(&grant.id, now, interval).await?;
            if is_early { Fault::Oauth2SlowDown } else { Fault::Oauth2AuthorizationPending }
        }
    };
    Ok(Polled::Refused(refused))
}
