//! The table of settings: one row is a field of [`Config`], a `CAIRN_*` variable, a key of `cairn.toml`, a flag,
//! and a line of the documentation.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::value::{
    Auto, Count, Durability, Endpoint, Environment, List, LogFormat, Networks, Pooling, Regions, Secret, Sms,
    SmtpSecurity, Switch, Value,
};

/// A setting as data.
pub struct Setting {
    /// Its name, which is also its key in `cairn.toml`.
    pub name: &'static str,
    /// The reference's variables with the same meaning, the strongest first.
    pub references: &'static [&'static str],
    /// What its type is called.
    pub kind: &'static str,
    /// Its default, as text.
    pub default: &'static str,
    /// Whether its value is never shown.
    pub is_secret: bool,
    /// What it does; the first paragraph is one sentence.
    pub doc: &'static str,
    pub(super) set: fn(&mut Config, &str) -> Result<(), String>,
    pub(super) show: fn(&Config) -> String,
}

impl Setting {
    /// Its environment variable.
    pub fn variable(&self) -> String {
        format!("CAIRN_{}", self.name.to_ascii_uppercase())
    }

    /// Its flag, without the dashes in front. A secret has none: a command line is seen by the whole machine.
    pub fn flag(&self) -> Option<String> {
        (!self.is_secret).then(|| self.name.replace('_', "-"))
    }

    /// What it does as one line.
    pub fn line(&self) -> String {
        let words: Vec<&str> = self.doc.split_whitespace().collect();
        words.join(" ")
    }

    /// Its value in `config`; a placeholder for a secret.
    pub fn show(&self, config: &Config) -> String {
        (self.show)(config)
    }
}

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:literal $(, $reference:literal)*;)+) => {
        /// The settings of one server.
        #[derive(Clone, Debug)]
        pub struct Config {
            $($(#[doc = $doc])+ pub $name: $type,)+
            /// Variables of the reference that were set and have no use here, sorted.
            pub ignored: Vec<String>,
        }

        /// Every setting, in the order of the documentation.
        pub const SETTINGS: &[Setting] = &[$(Setting {
            name: stringify!($name),
            references: &[$($reference),*],
            kind: <$type as Value>::KIND,
            default: $default,
            is_secret: <$type as Value>::IS_SECRET,
            doc: concat!($($doc, "\n"),+),
            set: |config, text| { config.$name = Value::parse(text)?; Ok(()) },
            show: |config| config.$name.show(),
        }),+];

        impl Default for Config {
            fn default() -> Self {
                Self {
                    $($name: Value::parse($default).expect("a test reads every default"),)+
                    ignored: Vec::new(),
                }
            }
        }
    };
}

settings! {
    /// Address and port to listen on. Port 0 lets the system choose one, which the start-up line tells.
    listen: SocketAddr = "127.0.0.1:8080";
    /// Directory of the data, made when missing. One process at a time.
    data: PathBuf = "./cairn-data";
    /// PostgreSQL to keep everything in, `postgres://user:password@host:port/database`. Without it, the embedded
    /// store in the data directory.
    database: Option<Secret> = "";
    /// Further PostgreSQL databases, each with the name of the region whose projects it keeps, separated by spaces:
    /// `eu=postgres://.. us=postgres://..`. A project is made in the region that is asked for, otherwise in the one with the
    /// fewest projects, and stays there; `default` is the region of `database`, which also keeps the platform.
    database_regions: Regions = "";
    /// What a pooler in front of PostgreSQL lends: whole sessions, as if there were none (`session`), or a connection for one
    /// `transaction` at a time; then no statement is prepared under a name and nothing is set for a session.
    database_pooling: Pooling = "session";
    /// Connections to PostgreSQL at most, for each database.
    database_connections_max: Count<2, 1000> = "32";
    /// Connections to PostgreSQL that one project has at once at most, so that a noisy one leaves the others some; its other
    /// requests wait. `auto` is half of `database_connections_max`.
    database_project_connections_max: Auto<Count<1, 1000>> = "auto";
    /// Whether a PostgreSQL that may lose acknowledged writes is refused (`strict`) or accepted (`relaxed`).
    durability: Durability = "strict";
    /// Project files of the embedded store kept open at most; the least recently used one is closed first.
    open_projects_max: Count<2, 100_000> = "256";
    /// Bytes of memory that the embedded store may keep of its files, over all projects. The files that nobody has used for
    /// longest are closed before it is exceeded; each open connection keeps 64 KiB whatever this says.
    page_cache_bytes_max: Count<1_048_576, 1_099_511_627_776> = "536870912";
    /// Milliseconds that one query may run; then it is answered `database_timeout`, whichever store it runs on.
    query_ms_max: Count<10, 3_600_000> = "15000";
    /// Threads that write to the embedded store; one project never has more than one of them.
    writer_threads: Auto<Count<1, 64>> = "auto";
    /// Threads for long writes to the embedded store (bulk requests, schema changes), beside those for short ones.
    long_writer_threads: Count<1, 64> = "1";
    /// Writes that may wait for one project of the embedded store; one more is refused as busy.
    write_queue_max: Count<1, 1_000_000> = "4096";
    /// Threads that serve requests. `auto` is one per core.
    worker_threads: Auto<Count<1, 256>> = "auto";
    /// Threads that hash passwords. `auto` is one per core but one, and at least one.
    hash_threads: Auto<Count<1, 256>> = "auto";
    /// Bytes of a request's body at most.
    body_bytes_max: Count<1024, 1_000_000_000> = "8388608";
    /// Connections of clients at most; more wait until one ends.
    connections_max: Count<1, 1_000_000> = "8192";
    /// Seconds that requests under way may still take when the server is told to stop.
    shutdown_seconds_max: Count<0, 3600> = "20";
    /// Key that everything secret in the store hangs on. Without it, one is made into the data directory.
    /// Changing it makes stored secrets unreadable.
    secret_key: Option<Secret> = "", "_APP_OPENSSL_KEY_V1";
    /// `development` turns development conveniences on; `production` is for everybody.
    environment: Environment = "production", "_APP_ENV";
    /// Whether requests are counted against rate limits. Switch it off for tests and measurements alone.
    rate_limits: Switch = "enabled", "_APP_OPTIONS_ABUSE";
    /// Whether requests over plain http are refused. Behind a proxy that speaks https, name its headers in
    /// `trusted_headers`.
    force_https: Switch = "disabled", "_APP_OPTIONS_FORCE_HTTPS";
    /// Host names under which the server is reached.
    domain: List = "localhost", "_APP_DOMAIN";
    /// Host name of the console, where it is another one.
    console_domain: Option<String> = "", "_APP_CONSOLE_DOMAIN";
    /// More host names from which the console may be used.
    console_hostnames: List = "", "_APP_CONSOLE_HOSTNAMES";
    /// Whether only the first person may sign up to the console. While nobody has, that takes the code printed at
    /// start. Switched off, the console is open for sign-up.
    console_root_only: Switch = "enabled", "_APP_CONSOLE_WHITELIST_ROOT";
    /// E-mail addresses that may sign up to the console, `*@example.com` for a whole domain; all when empty.
    console_emails: List = "", "_APP_CONSOLE_WHITELIST_EMAILS";
    /// Client addresses that may sign up to the console; all when empty.
    console_ips: List = "", "_APP_CONSOLE_WHITELIST_IPS";
    /// Codes with which anybody may sign up to the console; none are taken when empty.
    console_codes: List = "", "_APP_CONSOLE_WHITELIST_CODES";
    /// Database of addresses in the MMDB form, for the countries of sessions and log entries. Read once at start;
    /// without it no country is known.
    geoip_db: Option<PathBuf> = "";
    /// Seconds that entries of a project's log of what people did are kept.
    audit_seconds: Count<60, 3_153_600_000> = "1209600", "_APP_MAINTENANCE_RETENTION_AUDIT";
    /// Seconds that entries of the console's log of what people did are kept.
    console_audit_seconds: Count<60, 3_153_600_000> = "15778800", "_APP_MAINTENANCE_RETENTION_AUDIT_CONSOLE";
    /// Whether usage figures are told.
    usage_stats: Switch = "enabled", "_APP_USAGE_STATS";
    /// Where people's programs reach the server, such as `https://api.example.com`. Links in mails begin with it where a
    /// request names no page of its own. Without it, it is put together of `console_domain`, else the first `domain`,
    /// `force_https` and the port of `listen`.
    public_url: Option<String> = "";
    /// Headers that tell the client's address, in the order in which they are asked. They are believed only when a
    /// trusted proxy sent them.
    trusted_headers: List = "", "_APP_TRUSTED_HEADERS";
    /// Addresses and networks of trusted proxies. Without any, those on loopback and private networks are.
    trusted_proxies: List = "";
    /// Addresses and networks that may be called although they are not on the public internet, where a URL comes from
    /// users or projects: webhooks, providers of identity with an endpoint of their own. What the server's own
    /// configuration names is always called.
    outbound_allow: Networks = "";
    /// Wire version of callers that name none in `X-Appwrite-Response-Format`; the newest when empty.
    response_format: Option<String> = "", "_APP_SYSTEM_RESPONSE_FORMAT";
    /// Appwrite version that the server tells its clients.
    appwrite_version: String = "1.9.6", "_APP_VERSION";
    /// Project whose users sign in through the account API (`/v0`) where a request names none in
    /// `X-Appwrite-Project`.
    account_project: Option<String> = "";
    /// Address of the application whose pages links in mails of the account API lead to, for example
    /// `https://app.example.com`; `/verify-email?token=..` and the like are added.
    account_url: String = "http://localhost:3000";
    /// Whether a sign-in through the account API from an unknown device takes a link that is mailed.
    account_device_verification: Switch = "enabled";
    /// Where tokens that prove a person are checked, an endpoint of the siteverify protocol.
    turnstile_endpoint: Endpoint = "https://challenges.cloudflare.com/turnstile/v0/siteverify";
    /// Secret for that endpoint; without it nobody is asked for a token.
    turnstile_secret: Option<Secret> = "";
    /// Routes of the account API that ask for a token in `X-Turnstile-Token`.
    turnstile_routes: List = "auth.signup,auth.login,auth.forgotPassword,auth.resendVerificationEmail";
    /// Where Google tells the public keys of its id tokens, with which applications sign in through the account API.
    google_keys_url: Endpoint = "https://www.googleapis.com/oauth2/v3/certs";
    /// Address of GitHub's API, where people who sign in through GitHub are looked up.
    github_api_url: Endpoint = "https://api.github.com/";
    /// Bytes of an uploaded file at most, as the console is told.
    storage_bytes_max: Count<0, 1_000_000_000_000> = "30000000", "_APP_STORAGE_LIMIT";
    /// Host of the mail server; without it no mail is sent.
    smtp_host: Option<String> = "", "_APP_SMTP_HOST";
    /// Port of the mail server.
    smtp_port: Count<1, 65535> = "25", "_APP_SMTP_PORT";
    /// How the mail server is spoken to: `none`, `tls` (encrypted after the greeting) or `ssl` (from the start).
    smtp_secure: SmtpSecurity = "none", "_APP_SMTP_SECURE";
    /// User name at the mail server.
    smtp_username: Option<String> = "", "_APP_SMTP_USERNAME";
    /// Password at the mail server.
    smtp_password: Option<Secret> = "", "_APP_SMTP_PASSWORD";
    /// Name of the sender of the server's own mails.
    email_name: String = "Cairn", "_APP_SYSTEM_EMAIL_NAME";
    /// Address of the sender of the server's own mails.
    email_address: Option<String> = "", "_APP_SYSTEM_EMAIL_ADDRESS";
    /// Where a mail worker (`cairn worker`) is reached, such as `http://127.0.0.1:8025`; mails are handed to it, and its mail server
    /// sends them. Without it, this process sends them itself.
    worker_url: Option<Endpoint> = "";
    /// What a server and its mail worker know each other by, the same in both; long and random.
    worker_secret: Option<Secret> = "";
    /// Address and port that a mail worker listens on. Port 0 lets the system choose one, which the start-up line tells.
    worker_listen: SocketAddr = "127.0.0.1:8025";
    /// Who delivers text messages, `sms://user:secret@provider`; without it none is sent. The one provider there is yet
    /// is `mock`, which delivers nothing: `sms://user:secret@mock`.
    sms_provider: Sms = "", "_APP_SMS_PROVIDER";
    /// Token that opens `/metrics` to callers from elsewhere, as `Authorization: Bearer`. Without it, only callers
    /// on this machine see it.
    metrics_token: Option<Secret> = "";
    /// How log lines look: `text`, `json`, or `auto` for text on a terminal and JSON elsewhere.
    log_format: LogFormat = "auto";
    /// What is logged: `error`, `warn`, `info`, `debug` or `trace`, also per part as in `info,cairn_store=debug`.
    log_level: String = "info";
}
