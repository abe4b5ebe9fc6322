//! When users, keys and projects were last used: gathered in memory, written now and then.
//!
//! Reads do not write. A use is noted only when the stored one is a day old (the reference's `APP_USER_ACCESS`), and
//! all that were noted are written every few seconds, a group of them in a transaction. A crash loses at most those seconds of a
//! figure that is exact to the day.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cairn_model::apps::AppSecret;
use cairn_model::ids::{KeyId, ProjectId, SessionId, UserId};
use cairn_model::keys::{Key, KeyRing};
use cairn_model::sessions::Session;
use cairn_std::Timestamp;
use cairn_std::tasks::Stop;
use cairn_store::{ProjectRef, StoreError, Tx};

use crate::{Actor, App, Cx};

#[cfg(test)]
mod tests;

/// A use is noted again after this long.
const PRECISION_MS: i64 = 24 * 60 * 60 * 1_000;
/// Uses that wait to be written at most; more are forgotten, the next request notes them again.
const WAITING_MAX: usize = 10_000;
/// How often they are written.
const WRITE_EVERY: Duration = Duration::from_secs(5);
/// Uses that one transaction writes at most: others wait for it.
const GROUP_MAX: usize = 200;
/// SDK names that one key remembers.
const SDKS_PER_KEY_MAX: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Used {
    User(UserId),
    Key(KeyRing, KeyId),
    /// A session that lasts longer the longer it is used; until the instant that is noted.
    Session(UserId, SessionId),
    /// Kept in the console's registry.
    Project(ProjectId),
    /// A key of an application, by its keyed hash.
    AppKey(String),
}

#[derive(Clone, Debug)]
struct Use {
    at: Timestamp,
    sdk: Option<String>,
}

type Waiting = HashMap<(ProjectRef, Used), Use>;

/// Uses that wait to be written.
#[derive(Default)]
pub(crate) struct Accesses(Mutex<Waiting>);

impl Accesses {
    fn note(&self, project: &ProjectRef, used: Used, at: Timestamp, sdk: Option<String>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < WAITING_MAX {
            waiting.insert((project.clone(), used), Use { at, sdk });
        }
    }

    /// Note that a key was used, if that tells anything new.
    pub(crate) fn note_key(&self, project: &ProjectRef, key: &Key, now: Timestamp, sdk: Option<&String>) {
        let sdk = sdk.filter(|sdk| key.sdks.len() < SDKS_PER_KEY_MAX && !key.sdks.contains(sdk));
        if is_due(key.accessed_at, now) || sdk.is_some() {
            self.note(project, Used::Key(key.ring.clone(), key.id.clone()), now, sdk.cloned());
        }
    }

    /// Note that a key of an application was used, if that tells anything new.
    pub(crate) fn note_app_key(&self, project: &ProjectRef, key: &AppSecret, now: Timestamp) {
        if is_due(key.accessed_at, now) {
            self.note(project, Used::AppKey(key.lookup.clone()), now, None);
        }
    }

    /// Note that a session was used, and so lasts until `expires`.
    pub(crate) fn note_session(&self, project: &ProjectRef, session: &Session, expires: Timestamp) {
        self.note(project, Used::Session(session.user_id.clone(), session.id.clone()), expires, None);
    }

    fn take(&self) -> Waiting {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Note that the caller of `cx` used the project.
pub(crate) fn note(cx: &Cx) {
    let now = cx.now();
    let place = cx.project_ref();
    if let Some(registry) = &cx.project.registry
        && is_due(registry.accessed_at, now)
    {
        cx.app.accesses.note(&ProjectRef::console(), Used::Project(registry.id.clone()), now, None);
    }
    let (console, sdk) = (ProjectRef::console(), cx.request.sdk.as_ref());
    if let Some(key) = &cx.account_key {
        cx.app.accesses.note_key(&console, key, now, sdk);
    }
    match &cx.actor {
        // Not the user but somebody else is at work.
        Actor::User(identity) | Actor::Admin(identity) if identity.impersonator.is_some() => {}
        Actor::User(identity) if is_due(identity.user.accessed_at, now) => {
            cx.app.accesses.note(place, Used::User(identity.user.id.clone()), now, None);
        }
        Actor::Admin(identity) if is_due(identity.user.accessed_at, now) => {
            cx.app.accesses.note(&console, Used::User(identity.user.id.clone()), now, None);
        }
        Actor::Key(access) => {
            if let Some(key) = &access.key {
                let kept = if cx.acting_organization().is_some() { &console } else { place };
                cx.app.accesses.note_key(kept, key, now, sdk);
            }
        }
        _ => {}
    }
}

fn is_due(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| now.0.saturating_sub(last.0) > PRECISION_MS)
}

/// Write what was noted, every few seconds until the server stops; what comes after that is for [`write()`].
pub async fn write_regularly(app: Arc<App>, stop: Stop) {
    let app = &app;
    stop.regularly(WRITE_EVERY, || write(app)).await;
}

/// Write what was noted until now.
pub async fn write(app: &App) {
    let mut by_project: HashMap<ProjectRef, Vec<(Used, Use)>> = HashMap::new();
    for ((project, used), noted) in app.accesses.take() {
        by_project.entry(project).or_default().push((used, noted));
    }
    for (project, uses) in by_project {
        for group in uses.chunks(GROUP_MAX) {
            if let Err(error) = write_group(app, &project, group.into()).await {
                tracing::debug!(project = %project.id, %error, "uses could not be written; later requests note them again");
            }
        }
    }
}

async fn write_group(app: &App, project: &ProjectRef, uses: Arc<[(Used, Use)]>) -> Result<(), StoreError> {
    app.store
        .write(project, move |tx| async move {
            for (used, noted) in uses.iter() {
                write_one(&tx, used, noted).await?;
            }
            Ok(())
        })
        .await
}

/// Write one use; what has gone meanwhile is passed over.
async fn write_one(tx: &Tx, used: &Used, noted: &Use) -> Result<(), StoreError> {
    match used {
        Used::User(id) => tx.user_accessed(id, noted.at).await,
        Used::Session(user_id, id) => tx.session_extend(user_id, id, noted.at).await,
        Used::AppKey(lookup) => tx.app_secret_accessed(lookup, noted.at).await,
        Used::Key(ring, id) => {
            let Some(mut key) = tx.key_by_id(ring, id).await? else { return Ok(()) };
            key.accessed_at = Some(noted.at);
            let sdk = noted.sdk.as_ref().filter(|sdk| !key.sdks.contains(sdk));
            if let Some(sdk) = sdk.filter(|_| key.sdks.len() < SDKS_PER_KEY_MAX) {
                key.sdks.push(sdk.clone());
            }
            tx.key_update(&key).await
        }
        Used::Project(id) => {
            let Some(mut row) = tx.project_by_id(id).await? else { return Ok(()) };
            row.accessed_at = Some(noted.at);
            tx.project_update(&row).await
        }
    }
}
