//! Rules on what people read, and on lock files.

use super::{Finding, Tree};

/// Every link from one page to another leads somewhere, also into the middle of a page.
pub(super) fn links_resolve(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.matching("", ".md") {
        for (line, link) in links(text) {
            if let Some(problem) = problem_with(tree, path, text, link) {
                findings.push(finding("links", path, line, problem));
            }
        }
    }
    findings
}

/// The changelog has a place for what is being done now.
pub(super) fn the_changelog_is_open(tree: &Tree) -> Vec<Finding> {
    let changelog = tree.matching("CHANGELOG.md", "").next();
    match changelog {
        Some((_, text)) if text.lines().any(|line| line == "## [Unreleased]") => Vec::new(),
        _ => vec![finding("changelog", "CHANGELOG.md", 0, "has no `## [Unreleased]`".to_owned())],
    }
}

/// A lock file holds for every registry and mirror: versions and checksums, no addresses.
pub(super) fn npm_locks_name_no_registry(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.matching("", "package-lock.json") {
        for (index, line) in text.lines().enumerate().filter(|(_, line)| line.contains("\"resolved\"")) {
            let text = format!("names a registry: {}", line.trim());
            findings.push(finding("npm-lock", path, index + 1, text));
        }
    }
    findings
}

/// What is wrong with a link on the page `path`, or nothing.
fn problem_with(tree: &Tree, path: &str, text: &str, link: &str) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") || link.starts_with('/') {
        return None; // the outside world, and paths of a running server
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let target = if file.is_empty() { path.to_owned() } else { join(path, file) };
    if !tree.paths.contains(&target) {
        return Some(format!("the link `{link}` leads to no file"));
    }
    let page =
        if file.is_empty() { Some(text) } else { tree.matching(&target, ".md").next().map(|(_, text)| text) };
    let is_missing = match (anchor, page) {
        (Some(anchor), Some(page)) => !headings(page).any(|heading| slug(heading) == anchor),
        _ => false,
    };
    is_missing.then(|| format!("the link `{link}` leads to no heading"))
}

/// Targets of the inline links outside of code, with their lines.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (line, text) in prose(text) {
        let plain = text.split('`').step_by(2); // every other part lies between backticks
        for part in plain {
            let targets = part.split("](").skip(1).filter_map(|after| after.split(')').next());
            found.extend(targets.map(|target| (line, target.split(' ').next().unwrap_or(target))));
        }
    }
    // A link whose text is code (`[`x`](y)`) starts its target after a backtick.
    for (line, text) in prose(text) {
        let targets = text.split("`](").skip(1).filter_map(|after| after.split(')').next());
        found.extend(targets.map(|target| (line, target)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Lines outside of fenced code, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_code = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        (!is_code && !is_fence).then_some((index + 1, line))
    })
}

fn headings(text: &str) -> impl Iterator<Item = &str> {
    let lines = prose(text).map(|(_, line)| line).filter(|line| line.starts_with('#'));
    lines.map(|line| line.trim_start_matches('#').trim())
}

/// The anchor that sites give a heading.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// `link` seen from the page `path`.
fn join(path: &str, link: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn finding(rule: &'static str, path: &str, line: usize, text: String) -> Finding {
    Finding { rule, path: path.to_owned(), line, text }
}

#[cfg(test)]
mod tests;
