//! What one running server consists of, behind every request.

use std::sync::Arc;

use cairn_faults::Error;
use cairn_model::logs::{CONSOLE_LOG_SECONDS_DEFAULT, LOG_SECONDS_DEFAULT};
use cairn_net::{Allowed, Net, Url};
use cairn_std::{Clock, Ids, Rng, Tasks};
use cairn_store::Store;

use crate::accesses::Accesses;
use crate::auth::{Bearers, Identities, Keys, Projects};
use crate::collections::Tables;
use crate::geo::Geo;
use crate::jobs::Jobs;
use crate::logs::Logs;
use crate::mail::{MailOptions, Outbox};
use crate::oauth::native::IdTokenKeys;
use crate::passwords::{HashCost, Passwords};
use crate::secrets::{SecretKey, Secrets};
use crate::sms::{Phones, SmsOptions};
use crate::transactions::Sweeps;
use crate::turnstile::Turnstile;

/// The server's own settings, as far as rules depend on them.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether development conveniences are on (`_APP_ENV=development`).
    pub is_development: bool,
    /// Whether rate limits are counted (`_APP_OPTIONS_ABUSE`).
    pub has_rate_limits: bool,
    /// Who may sign up to the console.
    pub console: ConsoleAccess,
    /// What a new password's hash costs.
    pub hash_cost: HashCost,
    /// Threads that hash passwords.
    pub hash_threads: usize,
    /// Where addresses lie.
    pub geo: Geo,
    /// How long the log of what people did is kept.
    pub logs: LogRetention,
    /// Whether usage figures are told (`_APP_USAGE_STATS`).
    pub has_usage: bool,
    /// Networks that are opened to foreign URLs (`CAIRN_OUTBOUND_ALLOW`).
    pub outbound: Allowed,
    /// Where the server is reached by people's programs, without a slash at the end: links begin with it.
    pub public_url: String,
    /// What consoles are told of the server.
    pub facts: ServerFacts,
    /// How mail is sent.
    pub mail: MailOptions,
    /// How text messages are sent.
    pub sms: SmsOptions,
    /// What the account API needs to know.
    pub account: AccountOptions,
}

/// The settings of the account API.
#[derive(Clone, Debug)]
pub struct AccountOptions {
    /// Where the application's pages are, to which links in mails lead.
    pub url: String,
    /// Whether a sign-in from an unknown device takes a link that is mailed.
    pub verifies_devices: bool,
    /// Who proves that a person asks, and where that is wanted.
    pub turnstile: Option<Turnstile>,
    /// Where Google tells the keys of its id tokens.
    pub google_keys_url: Url,
    /// Where GitHub's API is.
    pub github_api_url: Url,
}

impl Default for AccountOptions {
    fn default() -> Self {
        let known = |address: &str| Url::parse(address).expect("a test reads every default");
        Self {
            url: "http://localhost:3000".to_owned(),
            verifies_devices: true,
            turnstile: None,
            google_keys_url: known("https://www.googleapis.com/oauth2/v3/certs"),
            github_api_url: known("https://api.github.com"),
        }
    }
}

/// How long the log of what people did is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRetention {
    /// Seconds, in projects (`_APP_MAINTENANCE_RETENTION_AUDIT`).
    pub seconds: i64,
    /// Seconds, at the console (`_APP_MAINTENANCE_RETENTION_AUDIT_CONSOLE`).
    pub console_seconds: i64,
}

impl Default for LogRetention {
    fn default() -> Self {
        Self { seconds: LOG_SECONDS_DEFAULT, console_seconds: CONSOLE_LOG_SECONDS_DEFAULT }
    }
}

/// What consoles are told of the server, to show and to check by.
#[derive(Clone, Debug, Default)]
pub struct ServerFacts {
    /// The host name under which the server is reached (`_APP_DOMAIN`).
    pub domain: String,
    /// Bytes of an uploaded file at most (`_APP_STORAGE_LIMIT`).
    pub file_bytes_max: u64,
    /// Whether requests over plain http are refused (`_APP_OPTIONS_FORCE_HTTPS`).
    pub is_https_forced: bool,
}

/// Who may sign up to the console.
#[derive(Clone, Debug, Default)]
pub struct ConsoleAccess {
    /// Whether only the first person may sign up (`_APP_CONSOLE_WHITELIST_ROOT`).
    pub is_root_only: bool,
    /// Addresses that may, all when empty (`_APP_CONSOLE_WHITELIST_EMAILS`).
    pub emails: Vec<String>,
    /// Client addresses that may, all when empty (`_APP_CONSOLE_WHITELIST_IPS`).
    pub ips: Vec<String>,
    /// Codes with which anybody may (`_APP_CONSOLE_WHITELIST_CODES`); none are taken when empty.
    pub codes: Vec<String>,
    /// The one-time code that the first sign-up must show, when the server printed one.
    pub setup_code: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            is_development: false,
            has_rate_limits: true,
            console: ConsoleAccess { is_root_only: true, ..ConsoleAccess::default() },
            hash_cost: HashCost::REFERENCE,
            hash_threads: 1,
            geo: Geo::default(),
            logs: LogRetention::default(),
            has_usage: true,
            outbound: Allowed::default(),
            public_url: "http://localhost:8080".to_owned(),
            facts: ServerFacts::default(),
            mail: MailOptions::default(),
            sms: SmsOptions::default(),
            account: AccountOptions::default(),
        }
    }
}

/// A running server.
pub struct App {
    /// Where everything is kept.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// When it was put together, on the monotonic clock.
    pub(crate) started_ms: i64,
    /// Makes ids and secrets.
    pub ids: Ids,
    /// The server's own settings.
    pub options: Options,
    /// Background work.
    pub tasks: Tasks,
    /// Hashing of passwords in its own threads.
    pub passwords: Passwords,
    /// Encryption and keyed hashes.
    pub secrets: Secrets,
    /// The way out, over HTTP.
    pub net: Net,
    /// Text messages that went to nobody's phone.
    pub phones: Phones,
    pub(crate) outbox: Outbox,
    pub(crate) projects: Projects,
    /// Held while a project is made or removed.
    pub(crate) project_making: tokio::sync::Mutex<()>,
    pub(crate) identities: Identities,
    pub(crate) keys: Keys,
    pub(crate) id_token_keys: IdTokenKeys,
    pub(crate) bearers: Bearers,
    pub(crate) accesses: Accesses,
    pub(crate) logs: Logs,
    /// Held while counts of usage are written.
    pub(crate) metering: tokio::sync::Mutex<()>,
    pub(crate) tables: Tables,
    pub(crate) jobs: Jobs,
    pub(crate) sweeps: Sweeps,
}

impl App {
    /// Put a server together.
    pub fn new(
        store: Store,
        clock: Clock,
        rng: Rng,
        tasks: Tasks,
        key: SecretKey,
        options: Options,
    ) -> Result<Arc<Self>, Error> {
        let ids = Ids::new(clock.clone(), rng.clone());
        let passwords = Passwords::start(options.hash_cost, options.hash_threads, rng.clone())?;
        Ok(Arc::new(Self {
            store,
            started_ms: clock.monotonic_ms(),
            clock,
            ids,
            tasks,
            passwords,
            secrets: Secrets::new(&key, rng),
            net: Net::new(options.outbound.clone()),
            options,
            phones: Phones::default(),
            outbox: Outbox::default(),
            projects: Projects::default(),
            project_making: tokio::sync::Mutex::default(),
            identities: Identities::default(),
            keys: Keys::default(),
            id_token_keys: IdTokenKeys::default(),
            bearers: Bearers::default(),
            accesses: Accesses::default(),
            logs: Logs::default(),
            metering: tokio::sync::Mutex::default(),
            tables: Tables::default(),
            jobs: Jobs::default(),
            sweeps: Sweeps::default(),
        }))
    }
}
