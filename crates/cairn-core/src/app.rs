//! What one running server consists of, behind every request.

use std::sync::Arc;

use cairn_faults::Error;
use cairn_net::{Allowed, Net};
use cairn_std::{Clock, Ids, Rng, Tasks};
use cairn_store::Store;

use crate::accesses::Accesses;
use crate::auth::{Identities, Keys, Projects};
use crate::collections::Tables;
use crate::jobs::Jobs;
use crate::mail::{MailOptions, Outbox};
use crate::passwords::{HashCost, Passwords};
use crate::secrets::{SecretKey, Secrets};
use crate::sms::{Phones, SmsOptions};
use crate::transactions::Sweeps;

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
            outbound: Allowed::default(),
            public_url: "http://localhost:8080".to_owned(),
            facts: ServerFacts::default(),
            mail: MailOptions::default(),
            sms: SmsOptions::default(),
        }
    }
}

/// A running server.
pub struct App {
    /// Where everything is kept.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
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
    pub(crate) accesses: Accesses,
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
            accesses: Accesses::default(),
            tables: Tables::default(),
            jobs: Jobs::default(),
            sweeps: Sweeps::default(),
        }))
    }
}
