//! Which source wins, what is refused and how, and that the documentation is the table.

use std::collections::BTreeSet;

use super::{Config, ConfigError, SETTINGS, Sources, Switch, generated_files};

/// Settings of an environment, some flags, and a file where there is text for one.
fn read(
    environment: &[(&str, &str)],
    flags: &[(&str, &str)],
    file: Option<&str>,
) -> Result<Config, ConfigError> {
    let owned = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cairn.toml");
    std::fs::write(&path, file.unwrap_or_default()).unwrap();
    Sources { environment: owned(environment), flags: owned(flags), file: Some(path) }.read()
}

fn problem(environment: &[(&str, &str)], flags: &[(&str, &str)], file: Option<&str>) -> String {
    let error = read(environment, flags, file).unwrap_err();
    let text = error.to_string();
    // The temporary directory's name is no part of what is tested.
    match text.split_once("cairn.toml, ") {
        Some((_, rest)) => rest.to_owned(),
        None => text,
    }
}

#[test]
fn later_sources_win() {
    let file = Some("listen = \"127.0.0.1:1001\"");
    let own = ("CAIRN_LISTEN", "127.0.0.1:1002");
    assert_eq!(read(&[], &[], None).unwrap().listen.port(), 8080);
    assert_eq!(read(&[], &[], file).unwrap().listen.port(), 1001);
    assert_eq!(read(&[own], &[], file).unwrap().listen.port(), 1002);
    assert_eq!(read(&[own], &[("listen", "127.0.0.1:1003")], file).unwrap().listen.port(), 1003);
}

#[test]
fn own_variables_beat_the_references_which_beat_the_file() {
    let file = Some("rate_limits = true");
    let reference = ("_APP_OPTIONS_ABUSE", "disabled");
    assert_eq!(read(&[reference], &[], file).unwrap().rate_limits, Switch(false));
    let both = [reference, ("CAIRN_RATE_LIMITS", "enabled")];
    assert_eq!(read(&both, &[], file).unwrap().rate_limits, Switch(true));
    assert_eq!(
        read(&[("_APP_OPTIONS_ABUSE", "")], &[], None).unwrap().rate_limits,
        Switch(true),
        "empty is unset"
    );
}

#[test]
fn files_hold_texts_numbers_switches_and_lists() {
    let file =
        "domain = [\"a.example\", \"b.example\"]\nhash_threads = 3\nforce_https = true\nlog_level = 'debug'";
    let config = read(&[], &[], Some(file)).unwrap();
    assert_eq!(config.domain.0, ["a.example", "b.example"]);
    assert_eq!(config.hash_threads.or(super::Count(1)).0, 3);
    assert_eq!((config.force_https, config.log_level.as_str()), (Switch(true), "debug"));
}

#[test]
fn what_is_unknown_stops_the_start() {
    for (environment, flags, file, wanted) in [
        (
            &[("CAIRN_LISTN", "x")][..],
            &[][..],
            None,
            "There is no environment variable `CAIRN_LISTN`. Did you mean `CAIRN_LISTEN`?",
        ),
        (&[], &[("lisen", "x")], None, "There is no flag `lisen`. Did you mean `listen`?"),
        (
            &[],
            &[],
            Some("\nfoo_of_bar = 1"),
            "line 2: There is no setting `foo_of_bar`. `cairn serve --help` lists what there is.",
        ),
        (
            &[],
            &[],
            Some("listen = \n"),
            "line 1: this is not TOML: string values must be quoted, expected literal string.",
        ),
    ] {
        assert_eq!(problem(environment, flags, file), wanted);
    }
}

#[test]
fn what_is_unusable_stops_the_start() {
    for (environment, file, wanted) in [
        (
            &[("CAIRN_LISTEN", "8080")][..],
            None,
            "CAIRN_LISTEN: `8080` cannot be used: an address with a port is needed, such as 127.0.0.1:8080.",
        ),
        (
            &[("_APP_OPTIONS_ABUSE", "maybe")],
            None,
            "_APP_OPTIONS_ABUSE: `maybe` cannot be used: `enabled` or `disabled` is needed.",
        ),
        (
            &[("_APP_ENV", "staging")],
            None,
            "_APP_ENV: `staging` cannot be used: one of these is needed: production, development.",
        ),
        (
            &[("CAIRN_HASH_THREADS", "0")],
            None,
            "CAIRN_HASH_THREADS: `0` cannot be used: a whole number from 1 to 256 is needed, or `auto`.",
        ),
        (
            &[("_APP_SYSTEM_RESPONSE_FORMAT", "newest")],
            None,
            "response_format: `newest` cannot be used: a version such as 1.8.0 is needed.",
        ),
        (
            &[],
            Some("data = 3.5"),
            "line 1: data must be a text, a number, true or false, or a list of texts.",
        ),
        (
            &[("CAIRN_TRUSTED_PROXIES", "10.0.0.0/99")],
            None,
            "trusted_headers and trusted_proxies: `10.0.0.0/99` cannot be used: the first takes names of headers, \
             the second addresses and networks such as 10.0.0.0/8.",
        ),
    ] {
        assert_eq!(problem(environment, &[], file), wanted);
    }
}

#[test]
fn every_problem_is_told() {
    let error = read(&[("CAIRN_A", ""), ("CAIRN_DURABILITY", "some")], &[], Some("b = 1")).unwrap_err();
    assert_eq!(error.problems().len(), 3, "{error}");
}

#[test]
fn the_references_other_variables_are_listed_and_nothing_more() {
    let environment =
        [("_APP_REDIS_HOST", "redis"), ("_APP_ENV", ""), ("_APP_DB_HOST", "mariadb"), ("HOME", "/")];
    assert_eq!(read(&environment, &[], None).unwrap().ignored, ["_APP_DB_HOST", "_APP_REDIS_HOST"]);
}

#[test]
fn a_named_file_must_exist() {
    let sources = Sources { file: Some("/nowhere/cairn.toml".into()), ..Sources::default() };
    let error = sources.read().unwrap_err().to_string();
    assert!(error.starts_with("The settings in /nowhere/cairn.toml cannot be read"), "{error}");
}

#[test]
fn secrets_are_never_shown() {
    let secret = "geheim";
    let environment: Vec<(String, &str)> = SETTINGS
        .iter()
        .filter(|setting| setting.is_secret)
        .map(|setting| {
            let text = match setting.name {
                "sms_provider" => "sms://user:geheim@mock",
                "database_regions" => "eu=postgres://user:geheim@host/eu",
                _ => secret,
            };
            (setting.variable(), text)
        })
        .collect();
    let borrowed: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert_eq!(
        borrowed.len(),
        8,
        "database, database_regions, secret_key, turnstile_secret, smtp_password, worker_secret, sms_provider, metrics_token"
    );
    let config = read(&borrowed, &[], None).unwrap();
    assert!(!format!("{config:?}").contains(secret));
    for setting in SETTINGS {
        assert!(!setting.show(&config).contains(secret), "{}", setting.name);
        assert_eq!(setting.flag().is_none(), setting.is_secret, "{}", setting.name);
    }
}

#[test]
fn every_setting_is_documented_and_every_documented_one_exists() {
    let (_, page) = generated_files().remove(0);
    let documented: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).collect();
    let existing: BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(documented, existing);
    for setting in SETTINGS {
        assert!(page.contains(&format!("`{}`", setting.variable())), "{}", setting.name);
        assert!(setting.references.iter().all(|name| page.contains(name)), "{}", setting.name);
    }
}

#[test]
fn regions_have_names_of_their_own_and_their_databases_are_not_shown() {
    let usable = "eu=postgres://a:b@c/d  us-2=postgresql://e/f?options=x=y";
    let config = read(&[("CAIRN_DATABASE_REGIONS", usable)], &[], None).unwrap();
    let names: Vec<&str> = config.database_regions.0.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["eu", "us-2"]);
    assert_eq!(config.database_regions.0[1].1.reveal(), "postgresql://e/f?options=x=y");
    let shown = |config: &Config| super::Value::show(&config.database_regions);
    assert_eq!(shown(&config), "eu us-2 (databases not shown)");
    let listed = "database_regions = [\"eu=postgres://a:1,b:2/c\", \"us=postgres://d/e\"]";
    let config = read(&[], &[], Some(listed)).unwrap();
    assert_eq!(config.database_regions.0[0].1.reveal(), "postgres://a:1,b:2/c");
    assert_eq!(shown(&config), "eu us (databases not shown)");
    for (unusable, why) in [
        ("postgres://a:geheim@b/c", "item 1"),
        ("eu=postgres://a/b Us=postgres://geheim@c", "item 2"),
        ("eu=mysql://geheim", "item 1"),
        ("eu=postgres://a eu=postgres://b", "region eu is named twice"),
        ("default=postgres://a", "region default is named twice"),
    ] {
        let error = read(&[("CAIRN_DATABASE_REGIONS", unusable)], &[], None).unwrap_err().to_string();
        assert!(error.contains(why) && !error.contains("geheim"), "{error}");
    }
}

#[test]
fn defaults_are_their_texts() {
    let config = Config::default();
    for setting in SETTINGS {
        assert_eq!(setting.show(&config), setting.default, "{}", setting.name);
    }
    assert_eq!(config.appwrite_version, cairn_appwrite::APPWRITE_VERSION);
}
