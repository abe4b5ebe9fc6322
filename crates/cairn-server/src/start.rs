//! What is opened and made before the server listens: data directory, store, secret key, settings of the parts.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::Arc;

use cairn_core::app::{AccountOptions, ConsoleAccess, LogRetention, ServerFacts};
use cairn_core::geo::Geo;
use cairn_core::mail::{MailOptions, MailServer, Mailbox, Security, Worker, WorkerSecret};
use cairn_core::passwords::HashCost;
use cairn_core::secrets::SecretKey;
use cairn_core::sms::SmsOptions;
use cairn_core::turnstile::Turnstile;
use cairn_core::{App, Options, projects};
use cairn_std::{Clock, Rng, Tasks};
use cairn_store::{PostgresOptions, ProjectRef, SqliteOptions, Store, StoreError};
use tokio::net::TcpListener;

use crate::StartError;
use crate::config::{Config, Durability, Environment, Pooling, SmtpSecurity};

/// The file in the data directory that holds the key made at the first start.
const KEY_FILE: &str = "secret.key";
/// Bytes of a made key.
const KEY_BYTES: usize = 32;
/// Bytes of the one-time code of the first sign-up to the console.
const SETUP_CODE_BYTES: usize = 8;
/// The key that the reference's example configuration holds, which everybody knows.
const EXAMPLE_KEY: &str = "your-secret-key";

/// The server's inside, without any socket.
///
/// # Errors
/// When the data directory or the store cannot be used.
pub(crate) async fn open(config: &Config, clock: Clock, rng: Rng) -> Result<Arc<App>, StartError> {
    let tasks = Tasks::new();
    data_directory(config)?;
    let store = store(config, clock.clone(), tasks.clone()).await?;
    let key = secret_key(config, &rng)?;
    let setup_code = setup_code(config, &store, &rng).await?;
    let options = options(config, setup_code, HashCost::REFERENCE)?;
    let app = App::new(store, clock, rng, tasks, key, options)
        .map_err(|error| StartError::caused("The server cannot be put together", error))?;
    let untidy = "What a crash left of projects cannot be put in order";
    projects::tidy(&app).await.map_err(|error| StartError::caused(untidy, error))?;
    Ok(app)
}

/// Make the data directory where it is missing, for its owner alone.
pub(crate) fn data_directory(config: &Config) -> Result<(), StartError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&config.data);
    made.map_err(|error| StartError::of_directory(&config.data, error))
}

/// Listen; the address is the one that the system chose for port 0. `variable` names another.
pub(crate) async fn listen(
    wanted: SocketAddr,
    variable: &str,
) -> Result<(TcpListener, SocketAddr), StartError> {
    let listener = TcpListener::bind(wanted).await;
    let listener = listener.map_err(|error| StartError::of_address(wanted, variable, error))?;
    let unknown = |error| StartError::caused("The system does not tell the address listened on", error);
    let address = listener.local_addr().map_err(unknown)?;
    Ok((listener, address))
}

/// Open the store that the settings name.
pub(crate) async fn store(config: &Config, clock: Clock, tasks: Tasks) -> Result<Store, StartError> {
    match &config.database {
        None if !config.database_regions.0.is_empty() => {
            Err(StartError::new("The setting `database_regions` needs the setting `database`"))
        }
        None => {
            let options = SqliteOptions {
                open_projects_max: config.open_projects_max.0,
                page_cache_bytes_max: config.page_cache_bytes_max.0 as u64,
                query_ms_max: i64::try_from(config.query_ms_max.0).unwrap_or(i64::MAX),
                long_writer_threads: config.long_writer_threads.0,
                writer_threads: config.writer_threads.or(crate::config::Count(cores().clamp(2, 8))).0,
                queue_max: config.write_queue_max.0,
                ..SqliteOptions::new(&config.data)
            };
            Store::open_sqlite(options, clock).map_err(|error| StartError::of_embedded(&config.data, error))
        }
        Some(dsn) => {
            let options = PostgresOptions {
                connections_max: config.database_connections_max.0,
                project_connections_max: config
                    .database_project_connections_max
                    .or(crate::config::Count(config.database_connections_max.0 / 2))
                    .0,
                query_ms_max: u32::try_from(config.query_ms_max.0).unwrap_or(u32::MAX),
                durability: match config.durability {
                    Durability::Strict => cairn_store::Durability::Strict,
                    Durability::Relaxed => cairn_store::Durability::Relaxed,
                },
                pooling: match config.database_pooling {
                    Pooling::Session => cairn_store::Pooling::Session,
                    Pooling::Transaction => cairn_store::Pooling::Transaction,
                },
                regions: (config.database_regions.0.iter())
                    .map(|(name, dsn)| (name.clone(), dsn.reveal().to_owned()))
                    .collect(),
                ..PostgresOptions::new(dsn.reveal())
            };
            Store::open_postgres(options, tasks).await.map_err(StartError::of_postgres)
        }
    }
}

/// The configured secret key, or the one of the data directory, made at the first start.
pub(crate) fn secret_key(config: &Config, rng: &Rng) -> Result<SecretKey, StartError> {
    if let Some(key) = &config.secret_key {
        if key.reveal() == EXAMPLE_KEY {
            tracing::warn!("the secret key is the one of the example configuration: choose one of your own");
        }
        return Ok(SecretKey::new(key.reveal()));
    }
    let path = config.data.join(KEY_FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => return Ok(SecretKey::new(text.trim())),
        Ok(_) => return Err(StartError::new(format!("The secret key in {} is empty", path.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => {
            let what = format!("The secret key in {} cannot be read", path.display());
            return Err(StartError::caused(what, error));
        }
    }
    let key = cairn_std::Ids::new(Clock::system(), rng.clone()).secret_hex(KEY_BYTES);
    keep_key(&config.data, &path, &key).map_err(|error| StartError::of_directory(&config.data, error))?;
    Ok(SecretKey::new(key))
}

/// Written under another name and renamed: a crash leaves the whole key or none.
fn keep_key(dir: &Path, path: &Path, key: &str) -> std::io::Result<()> {
    let unfinished = path.with_extension("new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    writeln!(file, "{key}")?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    File::open(dir)?.sync_all()
}

/// The one-time code of the first sign-up: while there is no console user, and the console is not open.
pub(crate) async fn setup_code(
    config: &Config,
    store: &Store,
    rng: &Rng,
) -> Result<Option<String>, StartError> {
    if !config.console_root_only.0 {
        return Ok(None);
    }
    let users = store.read(&ProjectRef::console(), |tx| async move { tx.user_count(1).await }).await;
    let users: i64 = users.map_err(|error: StoreError| {
        StartError::caused("The console's users cannot be read from the store", error)
    })?;
    let ids = cairn_std::Ids::new(Clock::system(), rng.clone());
    Ok((users == 0).then(|| ids.secret_hex(SETUP_CODE_BYTES)))
}

/// The settings that the rules depend on.
pub(crate) fn options(
    config: &Config,
    setup_code: Option<String>,
    hash_cost: HashCost,
) -> Result<Options, StartError> {
    let threads = config.hash_threads.or(crate::config::Count(cores().saturating_sub(1).max(1))).0;
    let seconds = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Ok(Options {
        is_development: config.environment == Environment::Development,
        has_rate_limits: config.rate_limits.0,
        console: ConsoleAccess {
            is_root_only: config.console_root_only.0,
            emails: config.console_emails.0.clone(),
            ips: config.console_ips.0.clone(),
            codes: config.console_codes.0.clone(),
            setup_code,
        },
        hash_cost,
        hash_threads: threads,
        geo: geo(config)?,
        logs: LogRetention {
            seconds: seconds(config.audit_seconds.0),
            console_seconds: seconds(config.console_audit_seconds.0),
        },
        has_usage: config.usage_stats.0,
        outbound: cairn_net::Allowed::new(config.outbound_allow.0.clone()),
        public_url: public_url(config),
        facts: ServerFacts {
            domain: config.domain.0.first().cloned().unwrap_or_default(),
            file_bytes_max: config.storage_bytes_max.0 as u64,
            is_https_forced: config.force_https.0,
        },
        mail: mail(config),
        sms: SmsOptions { provider: config.sms_provider.0 },
        account: AccountOptions {
            url: config.account_url.clone(),
            verifies_devices: config.account_device_verification.0,
            google_keys_url: config.google_keys_url.0.clone(),
            github_api_url: config.github_api_url.0.clone(),
            turnstile: config.turnstile_secret.as_ref().map(|secret| Turnstile {
                endpoint: config.turnstile_endpoint.0.clone(),
                secret: secret.reveal().to_owned(),
                routes: config.turnstile_routes.0.clone(),
            }),
        },
    })
}

/// The database of addresses, where one is named.
fn geo(config: &Config) -> Result<Geo, StartError> {
    let Some(path) = &config.geoip_db else { return Ok(Geo::default()) };
    let what = || format!("The database of addresses {} cannot be read", path.display());
    let bytes = std::fs::read(path).map_err(|error| StartError::caused(what(), error))?;
    Geo::from_bytes(bytes).map_err(|error| StartError::caused(what(), error))
}

/// Where people's programs reach the server.
fn public_url(config: &Config) -> String {
    if let Some(url) = &config.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = config.console_domain.as_ref().or(config.domain.0.first()).map_or("localhost", String::as_str);
    match (config.force_https.0, config.listen.port()) {
        (true, _) => format!("https://{host}"),
        (false, 0 | 80) => format!("http://{host}"),
        (false, port) => format!("http://{host}:{port}"),
    }
}

/// The mail server that the settings name.
pub(crate) fn mail_server(config: &Config) -> Option<MailServer> {
    config.smtp_host.as_ref().map(|host| MailServer {
        host: host.clone(),
        port: u16::try_from(config.smtp_port.0).unwrap_or_default(),
        security: match config.smtp_secure {
            SmtpSecurity::None => Security::None,
            SmtpSecurity::Tls => Security::StartTls,
            SmtpSecurity::Ssl => Security::Tls,
        },
        username: config.smtp_username.clone().unwrap_or_default(),
        password: config
            .smtp_password
            .as_ref()
            .map(|password| password.reveal().to_owned())
            .unwrap_or_default(),
        trusted_pem: None,
        // The operator's own choice: any address.
        reach: None,
    })
}

/// What the two processes know, one of them the worker.
pub(crate) fn worker_secret(config: &Config) -> Option<WorkerSecret> {
    config.worker_secret.as_ref().map(|secret| WorkerSecret::new(secret.reveal()))
}

/// How mail is sent, and by whom.
fn mail(config: &Config) -> MailOptions {
    let worker = config.worker_url.as_ref().zip(worker_secret(config));
    let worker = worker.map(|(url, secret)| Worker { url: url.0.clone(), secret });
    let host = config.domain.0.first().map_or("localhost", String::as_str);
    let address = config.email_address.clone().unwrap_or_else(|| format!("noreply@{host}"));
    MailOptions {
        server: mail_server(config),
        worker,
        sender: Mailbox::new(&config.email_name, address),
        ..MailOptions::default()
    }
}

/// Cores that this process may use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
