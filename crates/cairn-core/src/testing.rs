//! What tests of use cases share: a server over a directory of its own, on a mock clock with seeded ids.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::ids::TeamId;
use cairn_model::permissions::RoleSet;
use cairn_model::teams::Team;
use cairn_std::{Clock, Rng, Tasks, Timestamp};
use cairn_store::{PostgresOptions, ProjectRef, Store, StoreError};
use cairn_testkit::store::{self, Home};

use crate::auth::{self, ProjectContext};
use crate::passwords::HashCost;
use crate::projects::{self, Detail, NewProject};
use crate::secrets::SecretKey;
use crate::{Actor, App, Cx, Options, RequestInfo};

/// A server of one test.
pub(crate) struct Bed {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Clock,
    home: Home,
}

impl Bed {
    pub(crate) fn new() -> Self {
        let clock = Clock::mock(Timestamp(1_767_322_800_000));
        let (store, home) = store::embedded(clock.clone(), None);
        Self { app: in_development(store, &clock), clock, home }
    }

    /// A server over a PostgreSQL of the test's own.
    pub(crate) async fn on_postgres(options: PostgresOptions) -> Self {
        let clock = Clock::mock(Timestamp(1_767_322_800_000));
        let name = options.dsn.rsplit('/').next().expect("a DSN has a path").to_owned();
        let store = Store::open_postgres(options, Tasks::new()).await.expect("the store opens");
        Self { app: in_development(store, &clock), clock, home: Home::Database { name } }
    }

    /// The same data under another server, as after a stop.
    pub(crate) fn restarted(self) -> Self {
        let Self { app, clock, home } = self;
        drop(app);
        Self { app: in_development(home.open(clock.clone(), None), &clock), clock, home }
    }

    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.home.dir().join("projects")).expect("a directory");
        let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
        let mut names: Vec<String> = names.filter(|name| !name.contains(".db-")).collect();
        names.sort();
        names
    }

    /// A context of nobody; use cases ask for rights only where the route does not.
    pub(crate) fn cx_in(&self, project: Arc<ProjectContext>) -> Cx {
        Cx {
            app: Arc::clone(&self.app),
            project,
            actor: Actor::Guest,
            scopes: Arc::new([]),
            roles: Arc::new(RoleSet::guest()),
            request: Arc::new(RequestInfo::default()),
            is_by_jwt: false,
            account_key: None,
            application: None,
        }
    }

    pub(crate) async fn cx(&self, project: &str) -> Result<Cx, Fault> {
        let found = auth::project(&self.app, project).await.map_err(|error| error.fault())?;
        Ok(self.cx_in(found))
    }

    pub(crate) async fn console(&self) -> Cx {
        self.cx(ProjectRef::CONSOLE_ID).await.expect("the console is always there")
    }

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
        let made: Result<(), StoreError> = self
            .app
            .store
            .write(&ProjectRef::console(), move |tx| async move { tx.team_insert(&team).await })
            .await;
        made.expect("an organization");
        id.into()
    }

    pub(crate) async fn make_project(&self, id: &str, team: &str) -> Result<(), Error> {
        let new = NewProject {
            id: id.to_owned(),
            name: format!("The {id}"),
            team_id: team.into(),
            region: String::new(),
        };
        projects::create(&self.console().await, new, Detail::Plain).await.map(drop)
    }

    /// A context in a new project of a new organization.
    pub(crate) async fn in_project(&self) -> Cx {
        self.organization("acme").await;
        self.make_project("shop", "acme").await.expect("a project");
        self.cx("shop").await.expect("a project")
    }
}

fn in_development(store: Store, clock: &Clock) -> Arc<App> {
    app(store, clock, Options { is_development: true, ..Options::default() })
}

/// A server over this store, with seeded ids and cheap password hashes; every test of the use cases has its server from here.
pub(crate) fn app(store: Store, clock: &Clock, options: Options) -> Arc<App> {
    let options = Options { hash_cost: HashCost::LEAST, ..options };
    let key = SecretKey::new(*b"a key for tests");
    App::new(store, clock.clone(), Rng::seeded(7), Tasks::new(), key, options).expect("starts")
}

/// The fault of what must fail.
#[track_caller]
pub(crate) fn fault<T>(result: Result<T, Error>) -> Fault {
    result.map(drop).expect_err("this must be refused").fault()
}
