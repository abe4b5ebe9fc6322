//! A signed-in user with everything that decides what they may do.

use std::sync::Arc;

use cairn_faults::Error;
use cairn_model::ids::{ID_CHARS_MAX, UserId, is_key};
use cairn_model::sessions::Session;
use cairn_model::teams::Membership;
use cairn_model::users::User;
use cairn_store::{Noun, ProjectRef, StoreError};

use crate::App;
use crate::cache::{Cache, CacheFigures};
use crate::cx::Identity;

/// Users that are kept at once over all projects.
const IDENTITIES_KEPT_MAX: u64 = 50_000;

/// A user with all sessions, of which a request picks one.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) sessions: Vec<Arc<Identity>>,
    pub(super) without_session: Arc<Identity>,
}

impl Account {
    /// The user with the session that `is_wanted`.
    pub(super) fn session(&self, is_wanted: impl Fn(&Session) -> bool) -> Option<Arc<Identity>> {
        self.sessions.iter().find(|identity| identity.session.as_ref().is_some_and(&is_wanted)).cloned()
    }
}

/// Users that requests have named.
pub(crate) struct Identities(Cache<Option<Arc<Account>>>);

impl Identities {
    /// What the cache tells about itself.
    pub(crate) fn figures(&self) -> CacheFigures {
        self.0.figures()
    }
}

impl Default for Identities {
    fn default() -> Self {
        Self(Cache::new(Noun::User, IDENTITIES_KEPT_MAX))
    }
}

pub(super) async fn account(
    app: &App,
    project: &ProjectRef,
    id: &str,
) -> Result<Option<Arc<Account>>, Error> {
    // Clients make these names up; what can be nobody's is not worth a place in memory.
    if !is_key(id, ID_CHARS_MAX) {
        return Ok(None);
    }
    app.identities.0.get(&app.store, project, id, || load(app, project, id)).await
}

/// A user of a project without a session, as when one acts for them.
pub async fn identity(app: &App, project: &ProjectRef, id: &UserId) -> Result<Option<Arc<Identity>>, Error> {
    Ok(account(app, project, id.as_str()).await?.map(|account| Arc::clone(&account.without_session)))
}

async fn load(app: &App, project: &ProjectRef, id: &str) -> Result<Option<Arc<Account>>, Error> {
    let id = UserId::from(id);
    let found: Result<_, StoreError> = app
        .store
        .read(project, |tx| async move {
            let Some(user) = tx.user_by_id(&id).await? else { return Ok(None) };
            let sessions = tx.session_list(&id).await?;
            let authenticator = tx.authenticator_of(&id).await?;
            let has_authenticator = authenticator.is_some_and(|known| known.is_verified);
            Ok(Some((user, sessions, tx.membership_list_of_user(&id).await?, has_authenticator)))
        })
        .await;
    Ok(found?.map(|(user, sessions, memberships, has_authenticator)| {
        Arc::new(assemble(user, sessions, memberships, has_authenticator))
    }))
}

fn assemble(
    user: User,
    sessions: Vec<Session>,
    memberships: Vec<Membership>,
    has_authenticator: bool,
) -> Account {
    let roles = Arc::new(user.roles(&memberships));
    let (user, memberships): (_, Arc<[Membership]>) = (Arc::new(user), memberships.into());
    let with = |session: Option<Session>| {
        let (user, memberships, roles) = (Arc::clone(&user), Arc::clone(&memberships), Arc::clone(&roles));
        Arc::new(Identity { user, session, memberships, roles, has_authenticator, impersonator: None })
    };
    let sessions = sessions.into_iter().map(|session| with(Some(session))).collect();
    Account { sessions, without_session: with(None) }
}
