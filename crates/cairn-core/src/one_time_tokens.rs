//! Secrets that are sent to a person and good for one use: sign-in by link or code, proof of an address, recovery.
//!
//! INVARIANT: of any number of uses of one token exactly one finds it: a use removes it in the transaction of what it
//! allows.
//! INVARIANT: a token proves the address that it was sent to and no other: the address is part of the keyed hash, so that
//! a token is void once the account has another one. A recovery is void, too, once the password is another.
//! Not here: JWTs and the opaque session value (`tokens`), second-factor challenges, file tokens.

mod custom;
pub(crate) mod first_proof;
mod links;
mod phrases;
mod recover;
mod sign_in;
#[cfg(test)]
mod tests;
mod verify;

use cairn_faults::Error;
use cairn_model::ids::{OneTimeTokenId, UserId};
use cairn_model::one_time_tokens::{OneTimeKind, OneTimeToken};
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_store::{StoreError, Tx};

use crate::secrets::{Secrets, is_equal};
use crate::{App, Cx};

pub use custom::{NewCustomToken, create_custom};
pub(crate) use links::link;
pub use recover::{Typed, complete_recovery, create_recovery};
pub use sign_in::{
    NewMagicUrl, NewSignIn, create_email_code, create_magic_url, create_phone_code, create_session,
};
pub use verify::{
    complete_email_verification, complete_phone_verification, create_email_verification,
    create_phone_verification,
};

/// Live tokens of one user; the oldest one goes for one more.
const TOKENS_PER_USER_MAX: usize = 50;

/// A token that was just made, with what only its receiver may know.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedToken {
    /// The token.
    pub token: OneTimeToken,
    /// The secret: in the message, and in answers to keys and admins.
    pub secret: String,
    /// The phrase by which a person knows the message, where one was asked for.
    pub phrase: Option<String>,
}

impl std::fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuedToken").field("id", &self.token.id).finish_non_exhaustive()
    }
}

/// A token to be made for a user whom only the transaction knows.
#[derive(Clone)]
struct Draft {
    id: OneTimeTokenId,
    kind: OneTimeKind,
    secret: String,
    expires: Timestamp,
    created: Timestamp,
}

impl Draft {
    fn new(cx: &Cx, kind: OneTimeKind, secret: String) -> Self {
        let now = cx.now();
        Self {
            id: OneTimeTokenId::from(cx.new_id()),
            kind,
            secret,
            expires: now.plus_seconds(kind.seconds()),
            created: now,
        }
    }

    fn lasting(mut self, seconds: i64) -> Self {
        self.expires = self.created.plus_seconds(seconds);
        self
    }

    /// Store it for this user.
    async fn keep(self, tx: &Tx, secrets: &Secrets, user: &User) -> Result<OneTimeToken, StoreError> {
        let token = OneTimeToken {
            secret_hash: proof(secrets, self.kind, user, &self.secret),
            id: self.id,
            user_id: user.id.clone(),
            kind: self.kind,
            expires: self.expires,
            created: self.created,
        };
        tx.one_time_token_sweep(&user.id, token.created).await?;
        let live = tx.one_time_token_list(&user.id).await?;
        let surplus = (live.len() + 1).saturating_sub(TOKENS_PER_USER_MAX);
        for old in live.iter().take(surplus) {
            tx.one_time_token_delete(&user.id, &old.id).await?;
        }
        tx.one_time_token_insert(&token).await?;
        Ok(token)
    }
}

/// A secret of `chars` hex digits.
fn draw_secret(cx: &Cx, chars: usize) -> String {
    let mut secret = cx.app.ids.secret_hex(chars.div_ceil(2));
    secret.truncate(chars);
    secret
}

/// What is stored for a secret. Codes are short: without the server's key nobody finds them by trying all.
fn proof(secrets: &Secrets, kind: OneTimeKind, user: &User, secret: &str) -> String {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let (address, password) = match kind {
        OneTimeKind::Verification | OneTimeKind::MagicUrl | OneTimeKind::Email => {
            (text(&user.email), String::new())
        }
        OneTimeKind::Recovery => (text(&user.email), text(&user.password_hash)),
        OneTimeKind::Phone => (text(&user.phone), String::new()),
        OneTimeKind::Custom => (String::new(), String::new()),
    };
    secrets.lookup(&format!("one-time\0{}\0{}\0{address}\0{password}\0{secret}", kind.name(), user.id))
}

/// The user's live token of one of these kinds with this secret.
async fn find(
    tx: &Tx,
    app: &App,
    user: &User,
    kinds: &[OneTimeKind],
    secret: &str,
    now: Timestamp,
) -> Result<Option<OneTimeToken>, StoreError> {
    let all = tx.one_time_token_list(&user.id).await?;
    let is_it = |token: &OneTimeToken| {
        kinds.contains(&token.kind)
            && token.is_live(now)
            && is_equal(&token.secret_hash, &proof(&app.secrets, token.kind, user, secret))
    };
    Ok(all.into_iter().find(is_it))
}

/// Use a token up: it is found, and gone.
async fn redeem(
    tx: &Tx,
    app: &App,
    user: &User,
    kinds: &[OneTimeKind],
    secret: &str,
    now: Timestamp,
) -> Result<Option<OneTimeToken>, StoreError> {
    let Some(token) = find(tx, app, user, kinds, secret, now).await? else { return Ok(None) };
    // Another transaction may have used it since it was read.
    Ok(tx.one_time_token_delete(&user.id, &token.id).await?.then_some(token))
}

/// The user with this id; `None` also for what is no id.
async fn user(tx: &Tx, id: &UserId) -> Result<Option<User>, Error> {
    Ok(tx.user_by_id(id).await?)
}
