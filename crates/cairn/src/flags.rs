//! Flags of the settings, made from the server's table.

use std::path::PathBuf;

use cairn_server::config::{Config, ConfigError, SETTINGS, Setting, Sources};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

/// The flag that names the file.
const FILE: &str = "config";

/// Settings given on the command line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    file: Option<PathBuf>,
    flags: Vec<(String, String)>,
}

impl Settings {
    /// The settings of this process, from all sources.
    pub(crate) fn read(&self) -> Result<Config, ConfigError> {
        let sources =
            Sources { environment: environment(), flags: self.flags.clone(), file: self.file.clone() };
        sources.read()
    }
}

/// The environment, read here and nowhere else.
#[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
fn environment() -> Vec<(String, String)> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect()
}

impl FromArgMatches for Settings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut settings = Self::default();
        settings.update_from_arg_matches(matches)?;
        Ok(settings)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.file = matches.get_one::<PathBuf>(FILE).cloned();
        let given = SETTINGS.iter().filter_map(|setting| {
            let flag = setting.flag()?;
            // A command takes those that mean something to it.
            let given = matches.try_get_one::<String>(setting.name).ok()?;
            Some((flag, given?.clone()))
        });
        self.flags = given.collect();
        Ok(())
    }
}

impl Args for Settings {
    fn augment_args(command: Command) -> Command {
        with_flags(command, |_| true, |setting| SHORT.contains(&setting.name))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// Settings of a mail worker given on the command line.
#[derive(Clone, Debug, Default)]
pub(crate) struct WorkerSettings(pub(crate) Settings);

impl FromArgMatches for WorkerSettings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Settings::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl Args for WorkerSettings {
    fn augment_args(command: Command) -> Command {
        with_flags(command, |setting| WORKER.contains(&setting.name), |_| true)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// A command with the flags of the settings that mean something to it; the short help lists some of them.
fn with_flags(
    command: Command,
    is_meant: impl Fn(&Setting) -> bool,
    is_short: impl Fn(&Setting) -> bool,
) -> Command {
    let file =
        Arg::new(FILE).long(FILE).value_name("FILE").value_parser(clap::value_parser!(PathBuf)).help(
            "File of settings; cairn.toml in the working directory where it is not given [CAIRN_CONFIG]",
        );
    let flags = SETTINGS.iter().filter(|setting| is_meant(setting)).filter_map(|setting| {
        let default = match setting.default {
            "" => String::new(),
            default => format!(" [default: {default}]"),
        };
        let flag = Arg::new(setting.name).long(setting.flag()?).value_name("VALUE");
        let flag = flag.help(format!("{}{default} [{}]", setting.line(), setting.variable()));
        Some(flag.hide_short_help(!is_short(setting)))
    });
    let secrets = secrets(&is_meant);
    command.next_help_heading("Settings").arg(file).args(flags).after_long_help(secrets)
}

/// What is said of the settings that have no flag.
fn secrets(is_meant: impl Fn(&Setting) -> bool) -> String {
    let unflagged = SETTINGS.iter().filter(|setting| setting.flag().is_none() && is_meant(setting));
    let lines = unflagged.map(|setting| format!("\n  {}\n          {}", setting.variable(), setting.line()));
    let head = "Secrets have no flag, because a command line is visible to the whole machine; the environment or the file \
                names them:";
    head.to_owned() + &lines.collect::<Vec<_>>().join("\n")
}

/// The settings that the short help lists; `--help` has all.
const SHORT: &[&str] = &["listen", "data", "environment", "log_format", "log_level"];

/// The settings of a mail worker.
const WORKER: &[&str] = &[
    "worker_listen",
    "smtp_host",
    "smtp_port",
    "smtp_secure",
    "smtp_username",
    "smtp_password",
    "worker_secret",
    "outbound_allow",
    "connections_max",
    "shutdown_seconds_max",
    "log_format",
    "log_level",
];
