//! Where settings come from, and in which order: defaults, `cairn.toml`, the environment, flags.

use std::path::PathBuf;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::table::{Config, SETTINGS, Setting};
use super::{ConfigError, value::Value as _};

/// Prefix of the project's own variables.
const OWN: &str = "CAIRN_";
/// Prefix of the reference's variables.
const REFERENCE: &str = "_APP_";
/// The variable that names the file instead of a setting in it.
pub(super) const FILE_VARIABLE: &str = "CAIRN_CONFIG";
/// The file that is read when none is named.
pub(super) const FILE: &str = "cairn.toml";
/// A name that differs more than this from what was written is no suggestion.
const SUGGESTION_DISTANCE_MAX: usize = 3;

/// Everything that settings are read from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The process's environment.
    pub environment: Vec<(String, String)>,
    /// Flags, without the dashes in front, with their values.
    pub flags: Vec<(String, String)>,
    /// The file named by `--config`.
    pub file: Option<PathBuf>,
}

/// A problem with one source, as a sentence.
type Problems = Vec<String>;

impl Sources {
    /// Read all sources into settings.
    ///
    /// # Errors
    /// A sentence for every unknown name and every unusable value.
    pub fn read(&self) -> Result<Config, ConfigError> {
        let mut config = Config::default();
        let mut problems = Problems::new();
        if let Some((path, text)) = self.file_text()? {
            read_file(&mut config, &path, &text, &mut problems);
        }
        self.read_environment(&mut config, &mut problems);
        for (flag, value) in &self.flags {
            let known = SETTINGS.iter().find(|setting| setting.flag().as_ref() == Some(flag));
            match known {
                Some(setting) => set(&mut config, setting, &format!("--{flag}"), value, &mut problems),
                None => problems.push(unknown("flag", flag, |s| s.flag().unwrap_or_default())),
            }
        }
        check(&config, &mut problems);
        ConfigError::of(problems)?;
        Ok(config)
    }

    /// The file and what is in it: the one that is named, which must exist, else `cairn.toml` where there is one.
    fn file_text(&self) -> Result<Option<(String, String)>, ConfigError> {
        let variable = self.environment.iter().find(|(name, _)| name == FILE_VARIABLE);
        let named = self.file.clone().or_else(|| variable.map(|(_, value)| PathBuf::from(value)));
        let path = named.clone().unwrap_or_else(|| PathBuf::from(FILE));
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some((path.display().to_string(), text))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => Ok(None),
            Err(error) => {
                Err(ConfigError::new(format!("The settings in {} cannot be read: {error}.", path.display())))
            }
        }
    }

    fn read_environment(&self, config: &mut Config, problems: &mut Problems) {
        for setting in SETTINGS {
            let is_own_set = self.environment.iter().any(|(name, _)| *name == setting.variable());
            let reference = setting.references.iter().find_map(|wanted| {
                self.environment.iter().find(|(name, value)| name == wanted && !value.is_empty())
            });
            if let Some((name, value)) = reference.filter(|_| !is_own_set) {
                set(config, setting, name, value, problems);
            }
        }
        for (name, value) in &self.environment {
            if let Some(own) = name.strip_prefix(OWN).filter(|_| name != FILE_VARIABLE) {
                match SETTINGS.iter().find(|setting| setting.name.to_ascii_uppercase() == own) {
                    Some(setting) => set(config, setting, name, value, problems),
                    None => problems.push(unknown("environment variable", name, Setting::variable)),
                }
            }
        }
        let is_used = |name: &str| SETTINGS.iter().any(|setting| setting.references.contains(&name));
        let ignored = self.environment.iter().map(|(name, _)| name);
        config.ignored =
            ignored.filter(|name| name.starts_with(REFERENCE) && !is_used(name)).cloned().collect();
        config.ignored.sort();
    }
}

fn read_file(config: &mut Config, path: &str, text: &str, problems: &mut Problems) {
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            problems.push(format!("{path}, line {line}: this is not TOML: {}.", error.message()));
            return;
        }
    };
    for (key, value) in table.get_ref() {
        let place = format!("{path}, line {}", line_of(text, key.span().start));
        let Some(setting) = by_name(key.get_ref()) else {
            problems.push(format!("{place}: {}", unknown("setting", key.get_ref(), |s| s.name.to_owned())));
            continue;
        };
        match text_of(value) {
            Some(value) => {
                set(config, setting, &format!("{place}: {}", setting.name), &value, problems);
            }
            None => problems.push(format!(
                "{place}: {} must be a text, a number, true or false, or a list of texts.",
                setting.name
            )),
        }
    }
}

/// The value of a key as the text that an environment variable would have.
fn text_of(value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().replace('_', "")),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Array(items) => {
            let texts = items.iter().map(|item| match item.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            });
            Some(texts.collect::<Option<Vec<_>>>()?.join(","))
        }
        _ => None,
    }
}

fn set(config: &mut Config, setting: &Setting, source: &str, value: &str, problems: &mut Problems) {
    if let Err(why) = (setting.set)(config, value.trim()) {
        let shown = if setting.is_secret { "its value" } else { &format!("`{value}`") };
        problems.push(format!("{source}: {shown} cannot be used: {why}."));
    }
}

/// What single values cannot tell.
fn check(config: &Config, problems: &mut Problems) {
    let (headers, peers) = (config.trusted_headers.show(), config.trusted_proxies.show());
    if let Err(item) = cairn_http::client_addr::TrustedProxies::parse(&headers, &peers) {
        problems.push(format!(
            "trusted_headers and trusted_proxies: `{item}` cannot be used: the first takes names of headers, the \
             second addresses and networks such as 10.0.0.0/8."
        ));
    }
    if let Err(error) = config.log_level.parse::<tracing_subscriber::EnvFilter>() {
        problems.push(format!("log_level: `{}` cannot be used: {error}.", config.log_level));
    }
    if config.worker_url.is_some() && config.worker_secret.is_none() {
        problems.push("worker_url: a worker is known by `worker_secret`, which is not set.".to_owned());
    }
    let spoken = config.response_format.as_deref();
    if spoken.is_some_and(|text| !is_version(text)) {
        let text = spoken.unwrap_or_default();
        problems
            .push(format!("response_format: `{text}` cannot be used: a version such as 1.8.0 is needed."));
    }
}

fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    (2..=3).contains(&parts.len()) && parts.iter().all(|part| part.parse::<u16>().is_ok())
}

fn by_name(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// The sentence about a name that no setting has, with the nearest one that does.
fn unknown(what: &str, name: &str, name_of: impl Fn(&Setting) -> String) -> String {
    let names = SETTINGS.iter().map(name_of);
    let nearest = names.min_by_key(|known| strsim::damerau_levenshtein(known, name));
    let near = nearest.filter(|known| strsim::damerau_levenshtein(known, name) <= SUGGESTION_DISTANCE_MAX);
    let end = near.map_or_else(
        || "`cairn serve --help` lists what there is.".to_owned(),
        |known| format!("Did you mean `{known}`?"),
    );
    format!("There is no {what} `{name}`. {end}")
}

fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}
