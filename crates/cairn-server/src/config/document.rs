//! The page of the guide that lists every setting, made from the table.

use std::fmt::Write as _;

use super::{SETTINGS, Setting};

/// The page, below the repository's root.
const PAGE: &str = "docs/guide/configuration.md";

const INTRODUCTION: &str = "<!-- Generated from crates/cairn-server by `cargo xtask generate`; do not edit. -->

# Configuration

Cairn needs none. What you want otherwise comes from, the later the stronger:

1. `cairn.toml` in the working directory, or the file that `--config` or `CAIRN_CONFIG` names,
2. environment variables: the `_APP_*` names that Appwrite documents, with the meaning they have there, and `CAIRN_*`, which win,
3. flags of the command line (`cairn serve --help`).

A setting has one name everywhere: `hash_threads` in `cairn.toml` is `CAIRN_HASH_THREADS` in the environment and
`--hash-threads` on the command line. Secrets have no flag, because a command line is visible to the whole machine. `cairn config` prints the values that a start would use, without the secrets.

```toml
# cairn.toml
listen = \"0.0.0.0:8080\"
domain = [\"api.example.com\"]
trusted_headers = [\"x-forwarded-for\"]
log_format = \"json\"
```

## Wrong settings

An unknown `CAIRN_*` variable, an unknown key in `cairn.toml`, an unknown flag, or a value that cannot be used stops the start with
a sentence that says which one and why. An `_APP_*` variable that Cairn has no use for never does, because deployments share
such files between many containers: one line at start lists those that were ignored. An empty `_APP_*` variable counts as unset.

## Settings

";

/// Generated files: paths below the repository's root, and their text.
pub fn generated_files() -> Vec<(String, String)> {
    vec![(PAGE.to_owned(), page())]
}

fn page() -> String {
    let mut text = INTRODUCTION.to_owned();
    for setting in SETTINGS {
        section(&mut text, setting);
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn section(text: &mut String, setting: &Setting) {
    let default = match setting.default {
        "" => "none".to_owned(),
        default => format!("`{default}`"),
    };
    let _ = writeln!(text, "### `{}`\n\n{}\n", setting.name, setting.line());
    let _ = writeln!(text, "- type: {}; default: {default}", setting.kind);
    let references: Vec<String> = setting.references.iter().map(|name| format!(", `{name}`")).collect();
    let flag = setting.flag().map_or_else(String::new, |flag| format!("; `--{flag}`"));
    let _ = writeln!(text, "- `{}`{}{flag}\n", setting.variable(), references.concat());
}
