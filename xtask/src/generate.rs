//! Files made from code, committed and proved fresh (ARCHITECTURE.md, invariant 7).
//!
//! To add one, write a function that returns paths and texts and name it in [`GENERATORS`].

mod routes;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// Something that makes files: paths below the workspace's root, and their text.
struct Generator {
    /// What it makes, for the message.
    name: &'static str,
    /// Directories in which every file is generated: one that is no longer made is stale.
    owned: &'static [&'static str],
    files: fn() -> Vec<(String, String)>,
}

/// All generators, in the order in which they run.
const GENERATORS: &[Generator] = &[
    Generator { name: "error catalogue", owned: &["docs/errors"], files: cairn_faults::generated_files },
    Generator { name: "routes", owned: &[], files: routes::generated_files },
    Generator { name: "settings", owned: &[], files: cairn_server::config::generated_files },
];

/// Write what differs, and remove what is stale.
pub(crate) fn write(root: &Path) -> Result<()> {
    for change in changes(root, GENERATORS)? {
        match &change.text {
            Some(text) => put(&root.join(&change.path), text)?,
            None => fs::remove_file(root.join(&change.path))?,
        }
        println!("{}: {}", if change.text.is_some() { "wrote" } else { "removed" }, change.path.display());
    }
    Ok(())
}

/// Fail where anything would be written.
pub(crate) fn check(root: &Path) -> Result<()> {
    let changes = changes(root, GENERATORS)?;
    for change in &changes {
        let state = if change.text.is_some() { "differs" } else { "is no longer made" };
        eprintln!("{} ({}) {state}", change.path.display(), change.generator);
    }
    if !changes.is_empty() {
        bail!("{} generated files are not fresh: run `cargo xtask generate` and commit", changes.len());
    }
    println!("generated files are fresh");
    Ok(())
}

/// A file to write, or with no text, to remove.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    generator: &'static str,
    path: PathBuf,
    text: Option<String>,
}

fn changes(root: &Path, generators: &[Generator]) -> Result<Vec<Change>> {
    let mut found = Vec::new();
    for generator in generators {
        let made: BTreeMap<PathBuf, String> =
            (generator.files)().into_iter().map(|(path, text)| (PathBuf::from(path), text)).collect();
        for dir in generator.owned {
            let stale =
                files_below(root, Path::new(dir))?.into_iter().filter(|path| !made.contains_key(path));
            found.extend(stale.map(|path| Change { generator: generator.name, path, text: None }));
        }
        for (path, text) in made {
            if fs::read_to_string(root.join(&path)).ok().as_ref() != Some(&text) {
                found.push(Change { generator: generator.name, path, text: Some(text) });
            }
        }
    }
    Ok(found)
}

/// Every file below `dir`, as a path below `root`; none where the directory is missing.
fn files_below(root: &Path, dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(root.join(dir)) else { return Ok(files) };
    for entry in entries {
        let entry = entry?;
        let path = dir.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            files.extend(files_below(root, &path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn put(path: &Path, text: &str) -> Result<()> {
    let dir = path.parent().context("a generated file lies in a directory")?;
    fs::create_dir_all(dir)?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests;
