//! Flags of the settings, made from the server's table.

use std::path::PathBuf;

use cairn_server::config::{Config, ConfigError, SETTINGS, Sources};
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
            Some((flag, matches.get_one::<String>(setting.name)?.clone()))
        });
        self.flags = given.collect();
        Ok(())
    }
}

impl Args for Settings {
    fn augment_args(command: Command) -> Command {
        let file =
            Arg::new(FILE).long(FILE).value_name("FILE").value_parser(clap::value_parser!(PathBuf)).help(
                "File of settings; cairn.toml in the working directory where it is not given [CAIRN_CONFIG]",
            );
        let flags = SETTINGS.iter().filter_map(|setting| {
            let default = match setting.default {
                "" => String::new(),
                default => format!(" [default: {default}]"),
            };
            let flag = Arg::new(setting.name).long(setting.flag()?).value_name("VALUE");
            let flag = flag.help(format!("{}{default} [{}]", setting.line(), setting.variable()));
            Some(flag.hide_short_help(!SHORT.contains(&setting.name)))
        });
        command.next_help_heading("Settings").arg(file).args(flags).after_long_help(secrets())
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// What is said of the settings that have no flag.
fn secrets() -> String {
    let unflagged = SETTINGS.iter().filter(|setting| setting.flag().is_none());
    let lines = unflagged.map(|setting| format!("\n  {}\n          {}", setting.variable(), setting.line()));
    let head = "Secrets have no flag, because a command line is visible to the whole machine; the environment or the file \
                names them:";
    head.to_owned() + &lines.collect::<Vec<_>>().join("\n")
}

/// The settings that the short help lists; `--help` has all.
const SHORT: &[&str] = &["listen", "data", "environment", "log_format", "log_level"];
