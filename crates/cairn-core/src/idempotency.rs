//! Idempotency keys: a write that is sent again answers what it answered first, and is not carried out again.
//!
//! INVARIANT: an answer is kept by the transaction of the store that carries out the write. After a crash both are
//! there, or neither. What was refused is not kept: it changed nothing, and may be asked again.
//!
//! The answer's form is a matter of the surface, which says how to tell what was written before it writes.

#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use cairn_faults::{Error, Fault};
use cairn_store::{IDEMPOTENCY_KEY, KeptAnswer, OnConflict as _, Tx};

use crate::claims::{Claim, Told, Written};
use crate::cx::{ActingApp, ActingBy};
use crate::secrets::hash_secret;
use crate::{Actor, Cx};

/// Characters of a key at most.
pub const KEY_CHARS_MAX: usize = 255;
/// How long an answer is kept, in milliseconds.
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;
/// Bytes of an answer that is kept at most.
const ANSWER_BYTES_MAX: usize = 1 << 20;
/// Answers of a project that are kept at most, give or take a few hundred: the oldest are forgotten first.
const ANSWERS_MAX: i64 = 100_000;
/// Expired answers that are forgotten along with the keeping of another one.
const FORGOTTEN_WITH_NEW_MAX: i64 = 4;
/// Answers beyond the bound that are forgotten at once.
const FORGOTTEN_AT_ONCE_MAX: i64 = 1_000;
const PURPOSE: &str = "idempotency";

impl Cx {
    /// This context for a request that carries an idempotency key; `request` is all that it asks.
    ///
    /// # Errors
    /// A key that is empty, longer than [`KEY_CHARS_MAX`] or has other characters than those of printable ASCII.
    pub fn claiming(&self, key: &str, request: &str) -> Result<Self, Error> {
        let is_fine =
            (1..=KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(|b| (0x20..0x7f).contains(&b));
        if !is_fine {
            let reason = format!("Must have 1 to {KEY_CHARS_MAX} characters of printable ASCII.");
            return Err(Error::invalid_param("idempotency-key", reason));
        }
        let caller = match &self.actor {
            Actor::Guest => "guests".to_owned(),
            Actor::User(identity) => format!("user:{}", identity.user.id),
            Actor::Admin(identity) => format!("admin:{}", identity.user.id),
            Actor::Key(access) => match &access.key {
                Some(key) => format!("key:{}", key.id),
                None => format!("key {}", access.name),
            },
        };
        let caller = match self.application.as_deref() {
            Some(ActingApp { by: ActingBy::Token(family), .. }) => format!("tokens:{}:{caller}", family.id),
            Some(ActingApp { app_id, by: ActingBy::Key }) => format!("app:{app_id}"),
            None => caller,
        };
        let request = hash_secret(request);
        let claim = Claim { caller, key: key.to_owned(), request, tell: OnceLock::new() };
        let request = crate::RequestInfo { claim: Some(Arc::new(claim)), ..(*self.request).clone() };
        Ok(Self { request: Arc::new(request), ..self.clone() })
    }

    /// Say how the answer to what this request writes is told, where that has to be kept.
    pub fn telling(&self, tell: impl Fn(&Written) -> Told + Send + Sync + 'static) {
        if let Some(claim) = &self.request.claim {
            // The first one counts: a request has one answer.
            let _ = claim.tell.set(Box::new(tell));
        }
    }
}

/// What was answered to the same request before; `None` when it is new or carries no key.
///
/// # Errors
/// `idempotency_key_reused` where the key was used for another request.
pub async fn repeated(cx: &Cx) -> Result<Option<Told>, Error> {
    let Some(claim) = &cx.request.claim else { return Ok(None) };
    let read = |tx: Tx| async move { tx.kept_answer(&claim.caller, &claim.key).await };
    let kept = cx.store().read(cx.project_ref(), read).await?;
    let Some(kept) = kept.filter(|kept| kept.expires > cx.now()) else { return Ok(None) };
    if kept.request != claim.request {
        return Err(Fault::IdempotencyKeyReused.with("key", &claim.key));
    }
    let body = cx.app.secrets.open(PURPOSE, &kept.body)?;
    Ok(Some(Told { status: kept.status, body }))
}

/// Keep the answer to what a transaction wrote; the last thing that it does.
///
/// # Errors
/// `idempotency_key_in_use` where the same request came in between: its answer counts then.
pub(crate) async fn keep(cx: &Cx, tx: &Tx, written: impl FnOnce() -> Written) -> Result<(), Error> {
    let Some(claim) = &cx.request.claim else { return Ok(()) };
    let Some(tell) = claim.tell.get() else {
        return Err(Fault::GeneralServerError.error().detail("nobody says how this write is told"));
    };
    let told = tell(&written());
    if told.body.len() > ANSWER_BYTES_MAX {
        let reason =
            format!("an answer of more than {ANSWER_BYTES_MAX} bytes cannot be kept for its idempotency key");
        return Err(Fault::GeneralBadRequest.with("reason", reason));
    }
    let now = cx.now();
    tx.kept_answer_forget(&claim.caller, &claim.key, now).await?;
    tx.kept_answer_delete_expired(now, FORGOTTEN_WITH_NEW_MAX).await?;
    // Counting costs; one request of 256 does it for the others.
    if claim.request.starts_with("00") {
        tx.kept_answer_trim(ANSWERS_MAX, FORGOTTEN_AT_ONCE_MAX).await?;
    }
    let kept = KeptAnswer {
        caller: claim.caller.clone(),
        key: claim.key.clone(),
        request: claim.request.clone(),
        status: told.status,
        body: cx.app.secrets.seal(PURPOSE, &told.body),
        expires: now.plus_ms(KEPT_MS),
    };
    tx.kept_answer_insert(&kept).await.on_conflict(IDEMPOTENCY_KEY, Fault::IdempotencyKeyInUse)
}
