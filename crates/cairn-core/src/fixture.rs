//! A server for tests of use cases: on either engine, with a mock clock, seeded ids and cheap password hashes.
//!
//! It has the console and one project, `shop`; callers are made as requests make them, through `auth::resolve`.

use std::future::Future;
use std::sync::Arc;

use cairn_faults::Error;
use cairn_model::ids::{ProjectId, TeamId};
use cairn_model::projects::{About, Project, Settings};
use cairn_std::{Clock, Tasks, Timestamp};
use cairn_store::{ProjectRef, Store};
use cairn_testkit::store::{self, Engine, Home};

use crate::auth::{self, Access, AdminTarget, Credentials};
use crate::cx::KeyAccess;
use crate::sessions::{self, EmailSession};
use crate::testing::app;
use crate::tokens::SessionValue;
use crate::users::Profile;
use crate::{Actor, App, Cx, Options, RequestInfo, accounts};

/// The project of the tests.
pub(crate) const PROJECT: &str = "shop";
/// The password that accounts of [`Fixture::signed_up`] have.
pub(crate) const PASSWORD: &str = "correct horse";

pub(crate) struct Fixture {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Clock,
    _home: Home,
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
        let (clock, tasks) = (Clock::mock(Timestamp(1_800_000_000_000)), Tasks::new());
        let (store, home) = store::open(engine, clock.clone(), tasks, None).await;
        test(Fixture::new(store, clock, home, options.clone()).await).await;
    }
}

impl Fixture {
    async fn new(store: Store, clock: Clock, home: Home, options: Options) -> Self {
        let app = app(store, &clock, options);
        let fixture = Self { app, clock, _home: home };
        fixture.make_project().await;
        fixture
    }

    async fn make_project(&self) {
        let now = self.clock.now();
        let project = Project {
            id: ProjectId::from(PROJECT),
            number: 1,
            seq: 1,
            team_id: TeamId::from("owners"),
            name: "Shop".to_owned(),
            region: "default".to_owned(),
            labels: Vec::new(),
            is_going: false,
            about: About::default(),
            pinged_at: None,
            accessed_at: None,
            created: now,
            updated: now,
        };
        self.app.store.project_prepare(PROJECT).await.expect("prepares");
        let console = ProjectRef::console();
        let made = self
            .app
            .store
            .write(&console, move |tx| async move { tx.project_insert(&project).await.map_err(Error::from) });
        made.await.expect("registers");
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

    /// Nobody, at the project.
    pub(crate) async fn guest(&self) -> Cx {
        self.caller(PROJECT, Credentials::default()).await.expect("a guest")
    }

    /// Nobody, at the console.
    pub(crate) async fn console_guest(&self) -> Cx {
        self.caller(ProjectRef::CONSOLE_ID, Credentials::default()).await.expect("a guest")
    }

    /// An application with a key of the project.
    pub(crate) async fn key(&self) -> Cx {
        let access = KeyAccess { key: None, name: "Key".to_owned() };
        Cx { actor: Actor::Key(Arc::new(access)), ..self.guest().await }
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

/// An account with the id `name` and the address `{name}@example.com`.
pub(crate) fn new_account(name: &str) -> accounts::NewAccount {
    accounts::NewAccount {
        id: name.to_owned(),
        email: format!("{name}@example.com"),
        password: PASSWORD.to_owned(),
        name: name.to_owned(),
    }
}
