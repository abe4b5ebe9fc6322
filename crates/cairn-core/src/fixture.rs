//! The server of every test of use cases: on a mock clock, with seeded ids and cheap password hashes, in development.
//!
//! [`on_both`] runs a test on either engine, with the console and one project, [`PROJECT`]. [`Fixture::new`] has the
//! console alone, in a directory of its own, for tests of what comes before a project or after a stop. Callers are made as
//! requests make them, through `auth::resolve`.

use std::future::Future;
use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::ids::TeamId;
use cairn_model::projects::Settings;
use cairn_model::teams::Team;
use cairn_std::{Clock, Rng, Tasks, Timestamp};
use cairn_store::{PostgresOptions, ProjectRef, Store};
use cairn_testkit::store::{self, Engine, Home, Trouble};

use crate::auth::{self, Access, AdminTarget, Credentials};
use crate::cx::KeyAccess;
use crate::passwords::HashCost;
use crate::projects::{Detail, NewProject};
use crate::secrets::SecretKey;
use crate::sessions::{self, EmailSession};
use crate::tokens::SessionValue;
use crate::users::Profile;
use crate::{Actor, App, Cx, Options, RequestInfo, accounts, projects};

/// When every test begins.
pub(crate) const START: Timestamp = Timestamp(1_767_322_800_000);
/// The project of the tests, and the organization that owns it.
pub(crate) const PROJECT: &str = "shop";
const OWNER: &str = "acme";
/// The password that accounts of [`Fixture::signed_up`] have.
pub(crate) const PASSWORD: &str = "correct horse";

pub(crate) struct Fixture {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Clock,
    home: Home,
}

/// Run a test on SQLite and on PostgreSQL.
pub(crate) async fn on_both<F: Future<Output = ()>>(name: &str, test: impl Fn(Fixture) -> F) {
    on_both_with(name, Options::default(), test).await;
}

/// As [`on_both`], with the server's own settings.
pub(crate) async fn on_both_with<F: Future<Output = ()>>(
    name: &str,
    options: Options,
    test: impl Fn(Fixture) -> F,
) {
    for engine in Engine::ALL {
        println!("{name}, on {engine:?}");
        let clock = Clock::mock(START);
        let (store, home) = store::open(engine, clock.clone(), Tasks::new(), None).await;
        let fixture = Fixture::over(store, clock, home, options.clone());
        fixture.in_project().await;
        test(fixture).await;
    }
}

impl Fixture {
    /// On the embedded engine.
    pub(crate) fn new() -> Self {
        let clock = Clock::mock(START);
        let (store, home) = store::embedded(clock.clone(), None);
        Self::over(store, clock, home, Options::default())
    }

    /// On a PostgreSQL of the test's own.
    pub(crate) async fn on_postgres(options: PostgresOptions) -> Self {
        let name = options.dsn.rsplit('/').next().expect("a DSN has a path").to_owned();
        let store = Store::open_postgres(options, Tasks::new()).await.expect("the store opens");
        Self::over(store, Clock::mock(START), Home::Database { name }, Options::default())
    }

    fn over(store: Store, clock: Clock, home: Home, options: Options) -> Self {
        let options = Options { is_development: true, hash_cost: HashCost::LEAST, ..options };
        let (rng, key) = (Rng::seeded(7), SecretKey::new(*b"a key for tests"));
        let app = App::new(store, clock.clone(), rng, Tasks::new(), key, options).expect("starts");
        Self { app, clock, home }
    }

    /// The same data under another server, as after a stop.
    pub(crate) fn restarted(self) -> Self {
        let Self { app, clock, home } = self;
        drop(app);
        Self::over(home.open(clock.clone(), None), clock, home, Options::default())
    }

    /// Nothing that is written to the project's file reaches the disk, until [`Fixture::heal`].
    pub(crate) fn break_project(&self, id: &str) {
        self.home.break_file(Trouble::SyncFails, &format!("{id}.db-wal"));
    }

    /// What was broken works again.
    pub(crate) async fn heal(&self) {
        self.home.heal().await;
    }

    /// The files of the projects.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.home.dir().join("projects")).expect("a directory");
        let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
        let mut names: Vec<String> = names.filter(|name| !name.contains(".db-")).collect();
        names.sort();
        names
    }

    /// Make an organization that nobody is in.
    pub(crate) async fn organization(&self, id: &str) -> TeamId {
        let (now, seq) = (self.clock.now(), self.app.ids.sequence());
        let team = Team {
            id: id.into(),
            seq,
            name: id.to_owned(),
            total: 0,
            prefs: "{}".to_owned(),
            created: now,
            updated: now,
        };
        let write = move |tx: cairn_store::Tx| async move { tx.team_insert(&team).await };
        self.app.store.write(&ProjectRef::console(), write).await.expect("an organization");
        id.into()
    }

    pub(crate) async fn make_project(&self, id: &str, team: &str) -> Result<(), Error> {
        let (first, rest) = id.split_at(1);
        let new = NewProject {
            id: id.to_owned(),
            name: first.to_uppercase() + rest,
            team_id: team.into(),
            region: String::new(),
        };
        projects::create(&self.console_guest().await, new, Detail::Plain).await.map(drop)
    }

    /// Nobody, at the project, which is made with its organization.
    pub(crate) async fn in_project(&self) -> Cx {
        self.organization(OWNER).await;
        self.make_project(PROJECT, OWNER).await.expect("a project");
        self.guest().await
    }

    /// Change the settings of the project.
    pub(crate) async fn configure(&self, change: impl FnOnce(&mut Settings)) {
        let cx = self.guest().await;
        let mut settings = cx.project.settings.clone();
        change(&mut settings);
        let written = self.app.store.write(cx.project_ref(), move |tx| async move {
            tx.settings_update(&settings).await.map_err(Error::from)
        });
        written.await.expect("writes");
    }

    /// Whoever shows these credentials to a project.
    pub(crate) async fn caller(&self, project: &str, credentials: Credentials) -> Result<Cx, Error> {
        let project = auth::project(&self.app, project).await?;
        let access = Access { scopes: &[], service: "account", is_reading: true };
        let (admin, request) = (AdminTarget::default(), RequestInfo::default());
        auth::resolve(&self.app, project, &credentials, &admin, access, request).await
    }

    /// Nobody, at a project that may not be there.
    pub(crate) async fn guest_at(&self, project: &str) -> Result<Cx, Fault> {
        self.caller(project, Credentials::default()).await.map_err(|error| error.fault())
    }

    /// Nobody, at the project.
    pub(crate) async fn guest(&self) -> Cx {
        self.guest_at(PROJECT).await.expect("a guest")
    }

    /// Nobody, at the console.
    pub(crate) async fn console_guest(&self) -> Cx {
        self.guest_at(ProjectRef::CONSOLE_ID).await.expect("a guest")
    }

    /// An application with a key of the project.
    pub(crate) async fn key(&self) -> Cx {
        as_key(&self.guest().await)
    }

    /// Who holds this session value, at the project.
    pub(crate) async fn holder(&self, value: &str) -> Cx {
        self.holder_at(PROJECT, value).await
    }

    /// Who holds this session value.
    pub(crate) async fn holder_at(&self, project: &str, value: &str) -> Cx {
        let credentials = Credentials { session: SessionValue::parse(value), ..Credentials::default() };
        self.caller(project, credentials).await.expect("a caller")
    }

    /// Sign someone up with `{name}@example.com` and the id `name`.
    pub(crate) async fn sign_up(&self, name: &str) -> Profile {
        accounts::create(&self.guest().await, new_account(name)).await.expect("signs up")
    }

    /// Sign someone in; the session's value.
    pub(crate) async fn sign_in(&self, name: &str) -> String {
        let credentials =
            EmailSession { email: format!("{name}@example.com"), password: PASSWORD.to_owned() };
        sessions::create_with_password(&self.guest().await, credentials).await.expect("signs in").value
    }

    /// Someone who has just signed up and in.
    pub(crate) async fn signed_up(&self, name: &str) -> Cx {
        self.sign_up(name).await;
        self.holder(&self.sign_in(name).await).await
    }
}

/// The same context for an application with a key.
pub(crate) fn as_key(cx: &Cx) -> Cx {
    let access = KeyAccess { key: None, name: "Key".to_owned() };
    Cx { actor: Actor::Key(Arc::new(access)), ..cx.clone() }
}

/// An account with the id `name` and the address `{name}@example.com`.
pub(crate) fn new_account(name: &str) -> accounts::NewAccount {
    accounts::NewAccount {
        id: name.to_owned(),
        email: format!("{name}@example.com"),
        password: PASSWORD.to_owned(),
        name: name.to_owned(),
    }
}

/// The fault of what must fail.
#[track_caller]
pub(crate) fn fault<T>(result: Result<T, Error>) -> Fault {
    result.map(drop).expect_err("this must be refused").fault()
}
