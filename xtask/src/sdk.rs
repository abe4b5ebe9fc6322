//! `cargo xtask sdk-test`: the official SDKs, unmodified, against a server that was just started.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use cairn_testkit::postgres::{Options, Postgres};
use clap::{Args, ValueEnum};

use crate::needs;
use crate::shell::{Counts, Run};

/// Which suites, and against what.
#[derive(Args, Default)]
pub(crate) struct SdkArgs {
    /// Run only the suites whose file name contains this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Test a server that already runs, for example http://127.0.0.1:8080, instead of starting one.
    ///
    /// Its console must be open for sign-up and its rate limits off (`_APP_CONSOLE_WHITELIST_ROOT=disabled`,
    /// `_APP_OPTIONS_ABUSE=disabled`), it must be allowed to call loopback (`CAIRN_OUTBOUND_ALLOW=127.0.0.0/8`),
    /// and have the mock provider of text messages (`_APP_SMS_PROVIDER=sms://user:secret@mock`).
    #[arg(long, value_name = "URL", conflicts_with = "engine")]
    endpoint: Option<String>,
    /// Test a server on this engine alone, instead of one on each.
    #[arg(long, value_enum, value_name = "ENGINE")]
    engine: Option<Engine>,
    /// Write down which SDK methods the suites called, in tests/sdk/methods.txt, instead of comparing with it.
    ///
    /// The list only grows: a method that was called before and is not any more fails all the same.
    #[arg(long, conflicts_with = "only")]
    update: bool,
}

/// What a server keeps its data in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// The embedded store.
    Sqlite,
    /// A PostgreSQL of our own.
    Postgres,
}

/// What the server prints when it accepts connections; its address follows.
const LISTENING: &str = "listening on http://";

/// Run the suites and count their tests; an error when one fails.
pub(crate) fn run(root: &Path, args: &SdkArgs) -> Result<Counts> {
    needs::npm_packages(root)?;
    if let Some(url) = &args.endpoint {
        return run_against(root, args, url.trim_end_matches('/'));
    }
    Run::new(root, "cargo", ["build", "--release", "--locked"]).check()?;
    let mut counts = Counts::default();
    for engine in Engine::value_variants() {
        if args.engine.is_none_or(|only| only == *engine) {
            let server = Server::start(root, *engine)?;
            println!("a server on {engine:?} has started");
            counts = counts + run_against(root, args, &server.origin)?;
        }
    }
    Ok(counts)
}

/// Run the suites against the server that is there.
fn run_against(root: &Path, args: &SdkArgs, origin: &str) -> Result<Counts> {
    let suites = suites(root, args)?;
    println!("suites run against {origin}");
    let dir = root.join("tests/sdk");
    let calls = tempfile::tempdir()?;
    let run = Run::new(&dir, "node", ["--test", "--test-reporter=tap"]).args(suites);
    let run = run.env("CAIRN_ORIGIN", origin).env("CAIRN_ENDPOINT", format!("{origin}/v1"));
    let (counts, is_success) = run.env("CAIRN_SDK_CALLS", calls.path()).count()?;
    if !is_success {
        bail!("SDK suites: {counts}");
    }
    if args.only.is_some() {
        return Ok(counts); // what a part of the suites calls says nothing about all of them
    }
    let ratchet = Run::new(&dir, "node", ["lib/methods.mjs"]).env("CAIRN_SDK_CALLS", calls.path());
    let mode = if args.update { "update" } else { "check" };
    let (ratcheted, is_success) = ratchet.args([mode]).count()?;
    if !is_success {
        bail!("the suites no longer call what tests/sdk/methods.txt says, or call more; see above");
    }
    Ok(counts + ratcheted)
}

/// Paths of the suites, below tests/sdk. Named one by one: what `node --test DIR` means depends on its version.
fn suites(root: &Path, args: &SdkArgs) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(root.join("tests/sdk/suites")).context("tests/sdk/suites")?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut suites: Vec<String> = names
        .filter(|name| name.ends_with(".test.mjs"))
        .filter(|name| args.only.as_ref().is_none_or(|text| name.contains(text.as_str())))
        .map(|name| format!("suites/{name}"))
        .collect();
    suites.sort();
    if suites.is_empty() {
        bail!("no suite is named like that");
    }
    Ok(suites)
}

/// A server of our own with nothing in it; ends when dropped.
struct Server {
    process: Child,
    origin: String,
    _data: tempfile::TempDir,
    _database: Option<Postgres>,
}

impl Server {
    fn start(root: &Path, engine: Engine) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Postgres::start(Options::default())?),
        };
        let mut command = Command::new("sh");
        if let Some(database) = &database {
            // The database that every cluster has.
            command.env("CAIRN_DATABASE", database.dsn("postgres"));
        }
        let mut process = command
            .args(["-c", "exec \"$0\" 2>&1"])
            .arg(root.join("target/release/cairn"))
            .current_dir(data.path())
            .env("CAIRN_DATA", data.path().join("data"))
            .env("CAIRN_LISTEN", "127.0.0.1:0")
            .env("_APP_CONSOLE_WHITELIST_ROOT", "disabled")
            .env("_APP_OPTIONS_ABUSE", "disabled")
            // Text messages are kept in memory; test numbers need none.
            .env("_APP_SMS_PROVIDER", "sms://user:secret@mock")
            // The suites play providers and receivers on loopback.
            .env("CAIRN_OUTBOUND_ALLOW", "127.0.0.0/8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let stdout = process.stdout.take().expect("stdout is piped");
        let mut lines = BufReader::new(stdout).lines();
        let origin = lines.by_ref().map_while(Result::ok).find_map(|line| origin_in(&line));
        let Some(origin) = origin else {
            let status = process.wait()?;
            bail!("the server ended ({status}) before it printed `{LISTENING}`");
        };
        // What it prints later must be read, or a full pipe would block it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("server: {line}")));
        Ok(Self { process, origin, _data: data, _database: database })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `http://host:port` from the line that announces it.
fn origin_in(line: &str) -> Option<String> {
    let (_, address) = line.split_once(LISTENING)?;
    let end = address.find(|c: char| c.is_whitespace() || matches!(c, '"' | ',' | '/' | '\x1b'));
    Some(format!("http://{}", &address[..end.unwrap_or(address.len())]))
}

#[cfg(test)]
mod tests;
