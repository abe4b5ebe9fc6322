//! Project rules that no compiler knows, as ordinary code with tests (ARCHITECTURE.md says why each exists).
//!
//! A rule is a function from the [`Tree`] to its findings. Rules do not know about each other, and none changes a file.

mod circles;
mod crates;
mod documents;
mod rust;
mod sources;
mod sql;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// A broken rule, at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Finding {
    rule: &'static str,
    path: String,
    /// Counted from 1; 0 where the finding is about the file as a whole.
    line: usize,
    text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} [{}]", self.path, self.line.max(1), self.text, self.rule)
    }
}

/// The files that rules look at: paths below the root with `/` between, and texts.
#[derive(Default)]
struct Tree {
    files: Vec<(String, String)>,
    /// Every path, also of files that are not text, so that links to them resolve.
    paths: std::collections::BTreeSet<String>,
}

type Rule = fn(&Tree) -> Vec<Finding>;

/// All rules.
const RULES: &[Rule] = &[
    circles::modules_form_no_circles,
    crates::arrows_point_down,
    crates::the_model_is_not_serializable,
    crates::drivers_stay_in_the_store,
    crates::lints_come_from_the_workspace,
    sources::files_open_with_their_purpose,
    sources::files_stay_small,
    sources::drivers_are_named_in_the_store_alone,
    sources::connections_are_made_in_few_places,
    sources::unsafe_is_argued_in_few_places,
    sources::tests_wait_for_events,
    sources::nothing_is_left_lying,
    sql::time_is_never_read_in_sql,
    sql::placeholders_have_no_gap,
    documents::links_resolve,
    documents::the_changelog_is_open,
    documents::npm_locks_name_no_registry,
];

/// What a walk over the workspace leaves out.
const SKIPPED: &[&str] = &["target", "node_modules", ".git", "cairn-data"];

/// Extensions of the files that rules read.
const TEXTS: &[&str] = &["rs", "toml", "md", "sql", "mjs", "json"];

/// Apply every rule to the workspace; an error where one finds something.
pub(crate) fn run(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    for finding in &findings {
        eprintln!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} project rules are broken", findings.len());
    }
    println!("{} rules hold in {} files", RULES.len(), tree.files.len());
    Ok(())
}

impl Tree {
    fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.walk(root, &PathBuf::new())?;
        tree.files.sort();
        Ok(tree)
    }

    fn walk(&mut self, root: &Path, dir: &Path) -> Result<()> {
        for entry in fs::read_dir(root.join(dir))? {
            let entry = entry?;
            let name = entry.file_name();
            let path = dir.join(&name);
            if entry.file_type()?.is_dir() {
                if !SKIPPED.iter().any(|skipped| name == *skipped) {
                    self.paths.insert(path.display().to_string());
                    self.walk(root, &path)?;
                }
                continue;
            }
            self.paths.insert(path.display().to_string());
            let is_text = path.extension().is_some_and(|end| TEXTS.iter().any(|text| end == *text));
            if let Some(text) = is_text.then(|| fs::read_to_string(entry.path()).ok()).flatten() {
                self.files.push((path.display().to_string(), text));
            }
        }
        Ok(())
    }

    /// Files whose path starts and ends like that.
    fn matching<'a>(&'a self, start: &'a str, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        files.filter(move |(path, _)| path.starts_with(start) && path.ends_with(end))
    }

    /// Rust files of the workspace.
    fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.matching("", ".rs")
    }

    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let files: Vec<_> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { paths: files.iter().map(|(path, _)| path.clone()).collect(), files }
    }
}

/// Whether a Rust file holds tests or examples alone.
fn is_test_file(path: &str) -> bool {
    const DIRS: [&str; 3] = ["tests/", "examples/", "benches/"];
    let lies_in = |dir: &&str| path.starts_with(dir) || path.contains(&format!("/{dir}"));
    path.ends_with("/tests.rs") || DIRS.iter().any(lies_in)
}

/// The crate that a path lies in, by its directory's name.
fn crate_of(path: &str) -> &str {
    let inner = path.strip_prefix("crates/").unwrap_or(path);
    inner.split('/').next().unwrap_or(inner)
}

/// `path:line` of every finding, for the rules' tests.
#[cfg(test)]
fn places(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{}:{}", finding.path, finding.line)).collect()
}

#[cfg(test)]
mod tests;
