//! The token flow: the browser carries a secret to the application, which makes a session of it.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::oauth::{OauthState, SealedTokens};
use cairn_std::Timestamp;
use cairn_store::Tx;
use serde_json::{Value, json};

use super::{Outcome, Plan, settle, token_hash};
use crate::Cx;
use crate::sessions::{self, Issued};

/// Seconds in which the application must use the secret.
pub const TOKEN_SECONDS: i64 = 60;
/// What such secrets begin with, so that they are not looked for among others.
const PREFIX: &str = "oauth2_";
/// Bytes of a secret before it is written in hex.
const SECRET_BYTES: usize = 32;

pub(super) async fn issue(cx: &Cx, plan: Plan) -> Result<Outcome, Error> {
    let secret = format!("{PREFIX}{}", cx.app.ids.secret_hex(SECRET_BYTES));
    let tokens = plan.identity.tokens.clone();
    let memo = json!({
        "uid": plan.identity.provider_uid,
        "access": tokens.access,
        "refresh": tokens.refresh,
        "expires": tokens.expires.map(|at| at.0),
    });
    let mut row = OauthState {
        hash: token_hash(&secret),
        provider: plan.identity.provider.clone(),
        memo: memo.to_string(),
        callback: String::new(),
        sealed_verifier: String::new(),
        browser_hash: None,
        user_id: None,
        expires: cx.now().plus_seconds(TOKEN_SECONDS),
    };
    let joins = plan.joins();
    let body = move |tx: Tx| async move {
        let user_id = plan.settle(&tx).await?;
        row.user_id = Some(user_id.clone());
        tx.oauth_state_insert(&row).await?;
        Ok(user_id)
    };
    let user_id = settle(cx, joins, body).await?;
    Ok(Outcome::Token { user_id, secret })
}

/// Make a session of a secret of the token flow; `None` when the text is none, so that other kinds are tried.
///
/// # Errors
/// `user_invalid_token` when it is another user's, used, or too old.
pub async fn redeem(cx: &Cx, user_id: &UserId, secret: &str) -> Result<Option<Issued>, Error> {
    if !secret.starts_with(PREFIX) {
        return Ok(None);
    }
    let invalid = || Fault::UserInvalidToken.error();
    let hash = token_hash(secret);
    let wanted = hash.clone();
    let found = cx
        .store()
        .read(cx.project_ref(), |tx| async move { tx.oauth_state(&wanted).await.map_err(Error::from) })
        .await?;
    let is_meant = |row: &OauthState| row.user_id.as_ref() == Some(user_id) && row.expires > cx.now();
    let row = found.filter(is_meant).ok_or_else(invalid)?;
    let memo: Value = serde_json::from_str(&row.memo).unwrap_or_default();
    let text = |name: &str| memo[name].as_str().unwrap_or_default().to_owned();
    let uid = text("uid");
    let mut issued = sessions::draw(cx, user_id, sessions::Proof::provider(&row.provider, &uid));
    issued.session.factors.push("oauth2".to_owned());
    issued.session.tokens = SealedTokens {
        access: text("access"),
        refresh: text("refresh"),
        expires: memo["expires"].as_i64().map(Timestamp),
    };
    let (session, kept) = (issued.session.clone(), sessions::sessions_kept(cx));
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            if !tx.oauth_state_delete(&hash).await? {
                return Err(invalid());
            }
            let user = tx.user_by_id(&session.user_id).await?.ok_or_else(invalid)?;
            if !user.is_active {
                return Err(Fault::UserBlocked.with("user", &user.id));
            }
            // The link may have been cut since.
            let link = tx.identity_at(&session.provider, &session.provider_uid).await?;
            if link.is_none_or(|link| link.user_id != user.id) {
                return Err(invalid());
            }
            sessions::begin(&tx, &session, kept).await
        })
        .await?;
    sessions::tell(cx, &issued.session).await;
    Ok(Some(issued))
}
