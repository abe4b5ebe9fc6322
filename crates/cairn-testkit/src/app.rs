//! The whole server in the test's process: a mock clock, seeded ids, the cheapest hashes, no socket.
//!
//! ```ignore
//! each_engine(async |app| {
//!     let project = app.project().await;
//!     let answer = project.guest().get("/v1/account").await;
//!     answer.expect_fault(401, "general_unauthorized_scope");
//! });
//! ```

mod actors;
mod request;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use cairn_core::app::{AccountOptions, ConsoleAccess, LogRetention, ServerFacts};
use cairn_core::geo::Geo;
use cairn_core::mail::{MailOptions, MailServer};
use cairn_core::passwords::HashCost;
use cairn_core::secrets::SecretKey;
use cairn_core::sms::{SmsOptions, SmsProvider};
use cairn_core::{Actor, App, Cx, Options, RequestInfo, auth, background};
use cairn_http::client_addr::TrustedProxies;
use cairn_http::{HttpOptions, Kit};
use cairn_model::permissions::RoleSet;
use cairn_net::Allowed;
use cairn_std::{Clock, Rng, Tasks, Timestamp};

use crate::smtp::Sink;
use crate::store::{self, Home};

pub use crate::store::{Engine, Trouble, on_engine};
pub use actors::{Admin, Client, Project, User};
pub use request::{Answer, RequestBuilder};

/// When every test begins: 2026-01-02T03:04:05.678Z.
pub const START: Timestamp = Timestamp(1_767_323_045_678);
/// Where every generator begins.
const SEED: u64 = 7;
/// Bytes of a request's body at most, as the server's default.
const BODY_BYTES_MAX: usize = 8_388_608;
/// Bytes of an uploaded file at most, as the server's default.
const FILE_BYTES_MAX: u64 = 30_000_000;

/// What a test wants otherwise than the rest.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the server")]
pub struct TestOptions {
    /// Whether development conveniences are on.
    pub is_development: bool,
    /// Whether rate limits are counted; off, because most tests send more than people do.
    pub has_rate_limits: bool,
    /// Who may sign up to the console; everybody by default.
    pub console: ConsoleAccess,
    /// The wire version of callers that name none.
    pub response_format: Option<String>,
    /// Whether plain http is refused.
    pub is_https_forced: bool,
    /// What a new password's hash costs.
    pub hash_cost: HashCost,
    /// The settings of the account API.
    pub account: AccountOptions,
    /// Headers that tell the client's address, from every near peer.
    pub trusted_headers: &'static str,
    /// Where addresses lie.
    pub geo: Geo,
    /// How long the log of what people did is kept.
    pub logs: LogRetention,
    /// Whether usage figures are told.
    pub has_usage: bool,
    /// Networks that foreign URLs may lead to beside the public internet; none by default.
    pub outbound: Allowed,
    /// How mail is sent; not at all by default.
    pub mail: MailOptions,
    /// How text messages are sent; not at all by default.
    pub sms: SmsOptions,
    /// Milliseconds of real time that a query may run, where a test waits for that.
    pub query_ms_max: Option<u32>,
}

impl TestOptions {
    /// With text messages that are kept in memory.
    #[must_use]
    pub fn with_sms(mut self) -> Self {
        self.sms.provider = Some(SmsProvider::Mock);
        self
    }

    /// With a mail server.
    #[must_use]
    pub fn with_mail(mut self, sink: &Sink) -> Self {
        let server = MailServer { host: "127.0.0.1".to_owned(), port: sink.port(), ..MailServer::default() };
        self.mail.server = Some(server);
        self
    }
}

impl Default for TestOptions {
    fn default() -> Self {
        Self {
            is_development: false,
            has_rate_limits: false,
            console: ConsoleAccess { is_root_only: false, ..ConsoleAccess::default() },
            response_format: None,
            is_https_forced: false,
            hash_cost: HashCost::LEAST,
            account: AccountOptions::default(),
            trusted_headers: "",
            geo: Geo::default(),
            logs: LogRetention::default(),
            has_usage: true,
            outbound: Allowed::default(),
            mail: MailOptions::default(),
            sms: SmsOptions::default(),
            query_ms_max: None,
        }
    }
}

/// A server of its own for one test.
pub struct TestApp {
    /// The server, for what a test looks at behind the API's back.
    pub app: Arc<App>,
    /// Its clock, which stands still until it is advanced.
    pub clock: Clock,
    kit: Arc<Kit>,
    home: Home,
}

/// Run a test on every engine, each time with a server of its own.
///
/// # Panics
/// When the test does; says on which engine.
pub fn each_engine(test: impl AsyncFn(TestApp)) {
    for engine in Engine::ALL {
        on_engine(engine, async || test(TestApp::start(engine).await).await);
    }
}

impl TestApp {
    /// A server on this engine.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, TestOptions::default()).await
    }

    /// A server on this engine with options of its own.
    ///
    /// # Panics
    /// When the store cannot be opened.
    pub async fn start_with(engine: Engine, options: TestOptions) -> Self {
        let (clock, tasks) = (Clock::mock(START), Tasks::new());
        let (store, home) = store::open(engine, clock.clone(), tasks.clone(), options.query_ms_max).await;
        let rules = Options {
            is_development: options.is_development,
            has_rate_limits: options.has_rate_limits,
            console: options.console,
            hash_cost: options.hash_cost,
            hash_threads: 1,
            geo: options.geo,
            logs: options.logs,
            has_usage: options.has_usage,
            outbound: options.outbound,
            public_url: "http://localhost".to_owned(),
            facts: ServerFacts {
                domain: "localhost".to_owned(),
                file_bytes_max: FILE_BYTES_MAX,
                is_https_forced: options.is_https_forced,
            },
            mail: options.mail,
            sms: options.sms,
            account: options.account,
        };
        let key = SecretKey::new(*b"the secret key of tests");
        let app = App::new(store, clock.clone(), Rng::seeded(SEED), tasks, key, rules).expect("it starts");
        let http = HttpOptions {
            console_hosts: vec!["localhost".to_owned()],
            is_https_forced: options.is_https_forced,
            response_format: options.response_format,
            version: cairn_appwrite::APPWRITE_VERSION.to_owned(),
            body_bytes_max: BODY_BYTES_MAX,
            account_project: None,
            proxies: TrustedProxies::parse(options.trusted_headers, "").expect("names of headers"),
        };
        cairn_core::background::start(&app);
        let kit = Kit::new(Arc::clone(&app), &cairn_server::SURFACES, http);
        Self { app, clock, kit, home }
    }

    /// The engine underneath.
    pub fn engine(&self) -> Engine {
        self.home.engine()
    }

    /// From now on what is below the store fails, until [`TestApp::heal_store`].
    ///
    /// # Panics
    /// When this engine cannot fail so.
    pub async fn break_store(&self, trouble: Trouble) {
        self.home.break_by(trouble).await;
    }

    /// What was broken works again.
    pub async fn heal_store(&self) {
        self.home.heal().await;
    }

    /// Do what waits in the background (schema changes, removals), and return when nothing does.
    ///
    /// # Panics
    /// When the engine refuses.
    pub async fn settle(&self) {
        background::run_due(&self.app).await.expect("the background's work can be done");
    }

    /// The context of somebody unknown in a project, for use cases that no route offers yet.
    ///
    /// # Panics
    /// When there is no such project.
    pub async fn cx(&self, project: &str) -> Cx {
        Cx {
            app: Arc::clone(&self.app),
            project: auth::project(&self.app, project).await.expect("there is such a project"),
            actor: Actor::Guest,
            scopes: Arc::new([]),
            roles: Arc::new(RoleSet::guest()),
            request: Arc::new(RequestInfo::default()),
            is_by_jwt: false,
            account_key: None,
            application: None,
        }
    }

    /// A request of nobody in particular, to be filled in.
    pub fn request(&self) -> RequestBuilder<'_> {
        RequestBuilder::new(&self.kit, IpAddr::V4(Ipv4Addr::LOCALHOST))
    }
}
