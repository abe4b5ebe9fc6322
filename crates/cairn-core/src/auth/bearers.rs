//! Opaque tokens: from what a client of the account API shows to who it is.
//!
//! INVARIANT: a token acts with its session and never longer: whoever ends the session, on whatever surface, ends the token.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::bearers::{Bearer, BearerKind};
use cairn_store::{Noun, StoreError};

use super::identity::account;
use super::{Caller, ProjectContext};
use crate::App;
use crate::bearers::{SLIDING_SECONDS, TOKEN_CHARS};
use crate::cache::{Cache, CacheFigures};

/// Tokens that are kept at once over all projects, unknown ones too.
const BEARERS_KEPT_MAX: u64 = 50_000;

/// Tokens that requests have shown, by the keyed hash.
pub(crate) struct Bearers(Cache<Option<Arc<Bearer>>>);

impl Bearers {
    /// What the cache tells about itself.
    pub(crate) fn figures(&self) -> CacheFigures {
        self.0.figures()
    }
}

impl Default for Bearers {
    fn default() -> Self {
        Self(Cache::new(Noun::Bearer, BEARERS_KEPT_MAX))
    }
}

/// Who holds the token; a guest with the reason where the token was good once.
pub(super) async fn caller(app: &App, project: &ProjectContext, token: &str) -> Result<Caller, Error> {
    let now = app.clock.now();
    let Some(bearer) = known(app, project, token).await? else { return Ok(Caller::guest()) };
    if bearer.kind != BearerKind::Session {
        return Ok(Caller::guest());
    }
    if bearer.expires_max <= now {
        return Ok(Caller::refused(Fault::SessionExpired));
    }
    let Some(account) = account(app, &project.place, bearer.user_id.as_str()).await? else {
        return Ok(Caller::refused(Fault::SessionUserInvalid));
    };
    let Some(identity) = account.session(|session| session.id == bearer.session_id) else {
        return Ok(Caller::refused(Fault::SessionInvalid));
    };
    let session = identity.session.as_ref().filter(|session| session.is_live(now));
    let Some(session) = session else { return Ok(Caller::guest()) };
    // Half of its time is over: whoever is here goes on. Written later, with others.
    if session.expires < bearer.expires_max && session.expires < now.plus_seconds(SLIDING_SECONDS / 2) {
        let expires = now.plus_seconds(SLIDING_SECONDS).min(bearer.expires_max);
        app.accesses.note_session(&project.place, session, expires);
    }
    Ok(Caller::user(identity))
}

async fn known(app: &App, project: &ProjectContext, token: &str) -> Result<Option<Arc<Bearer>>, Error> {
    // Clients make these up; what can be nobody's is not worth a place in memory.
    if token.len() != TOKEN_CHARS {
        return Ok(None);
    }
    let lookup = app.secrets.lookup(token);
    let wanted = &lookup;
    let load = || async move {
        let found: Result<_, StoreError> =
            app.store.read(&project.place, |tx| async move { tx.bearer_by_lookup(wanted).await }).await;
        Ok(found?.map(Arc::new))
    };
    app.bearers.0.get(&app.store, &project.place, &lookup, load).await
}
