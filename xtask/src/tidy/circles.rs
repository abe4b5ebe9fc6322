//! A rule on what imports what inside of a crate.

use std::collections::{BTreeMap, BTreeSet};

use super::rust::code_lines;
use super::{Finding, Tree, crate_of, is_test_file};

type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The modules of a crate can be read one after the other: none needs another that needs it.
pub(super) fn modules_form_no_circles(tree: &Tree) -> Vec<Finding> {
    let mut crates: BTreeMap<&str, Graph<'_>> = BTreeMap::new();
    let tests = test_modules(tree);
    for (path, text) in tree.matching("crates/", ".rs").filter(|(path, _)| !is_test_file(path)) {
        let module = module_of(path).filter(|module| !tests.contains(&(crate_of(path), module)));
        if let Some(module) = module {
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
            let uses = crates.entry(crate_of(path)).or_default().entry(module).or_default();
            uses.extend(named(text));
        }
    }
    let of_crate = |(name, graph): (&&str, &Graph<'_>)| {
        let circles = circles(graph).into_iter();
        circles.map(|circle| finding(name, &circle)).collect::<Vec<_>>()
    };
    crates.iter().flat_map(of_crate).collect()
}

/// The module at the top of the crate to which a file belongs; none for its root.
fn module_of(path: &str) -> Option<&str> {
    let (_, inner) = path.split_once("/src/")?;
    let top = inner.split('/').next()?;
    let module = top.strip_suffix(".rs").unwrap_or(top);
    (!matches!(module, "lib" | "main" | "bin")).then_some(module)
}

/// Modules at the top of a crate that only its tests have.
fn test_modules(tree: &Tree) -> BTreeSet<(&str, &str)> {
    let roots = tree.matching("crates/", "/src/lib.rs");
    let declared = roots.flat_map(|(path, text)| {
        let after = text.split("#[cfg(test)]\nmod ").skip(1);
        after.filter_map(move |rest| Some((crate_of(path), rest.split(';').next()?)))
    });
    declared.collect()
}

/// The modules that follow `crate::` in the code, also in a list in braces.
fn named(text: &str) -> Vec<&str> {
    let end = |text: &str| {
        text.find(|c: char| !c.is_ascii_lowercase() && c != '_' && !c.is_ascii_digit()).unwrap_or(text.len())
    };
    let mut found = Vec::new();
    let (mut is_listing, mut depth) = (false, 0_usize);
    for (_, line) in code_lines(text).into_iter().filter(|(_, line)| !line.is_empty()) {
        let mut rest = line;
        while let Some((_, after)) = rest.split_once("crate::").filter(|_| !is_listing) {
            found.push(&after[..end(after)]);
            is_listing = after.starts_with('{');
            rest = after;
        }
        if is_listing {
            for part in rest.split_inclusive(['{', ',', '}']) {
                let name = part.trim_start();
                if depth == 1 {
                    found.push(&name[..end(name)]);
                }
                depth = if part.ends_with('{') { depth + 1 } else { depth };
                depth = if part.ends_with('}') { depth.saturating_sub(1) } else { depth };
            }
            is_listing = depth > 0;
        }
    }
    found
}

/// Groups of modules from each of which every other one can be reached, in order.
fn circles<'a>(graph: &Graph<'a>) -> Vec<Vec<&'a str>> {
    let reach: Graph<'a> = graph.keys().map(|module| (*module, reached(graph, module))).collect();
    let mut groups: Vec<Vec<&str>> = Vec::new();
    for (module, beyond) in &reach {
        let is_grouped = groups.iter().any(|group| group.contains(module));
        if beyond.contains(module) && !is_grouped {
            let back = |other: &&&str| reach.get(*other).is_some_and(|others| others.contains(module));
            groups.push(beyond.iter().filter(back).copied().collect());
        }
    }
    groups
}

/// Everything that a module needs, directly or not.
fn reached<'a>(graph: &Graph<'a>, from: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = vec![from];
    while let Some(module) = open.pop() {
        for next in graph.get(module).into_iter().flatten().filter(|next| graph.contains_key(*next)) {
            // A module that names itself is no circle.
            if *next != module && seen.insert(*next) {
                open.push(next);
            }
        }
    }
    seen
}

fn finding(name: &str, circle: &[&str]) -> Finding {
    let text = format!("these modules need each other: {}", circle.join(", "));
    Finding { rule: "circles", path: format!("crates/{name}/src"), line: 0, text }
}

#[cfg(test)]
mod tests;
