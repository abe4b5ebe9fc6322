//! Rules on manifests: who may depend on whom.

use toml::{Table, Value};

use super::{Finding, Tree, crate_of};

/// Where a crate stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Layer {
    /// A part of the product; an arrow points only to a lower number.
    Product(u8),
    /// Used by nobody's product code, and free to use all of it.
    Development,
}

use Layer::{Development, Product};

/// Layer of every crate.
const LAYERS: &[(&str, Layer)] = &[
    ("cairn-faults", Product(0)),
    ("cairn-std", Product(0)),
    ("cairn-model", Product(1)),
    ("cairn-vfs", Product(1)),
    ("cairn-net", Product(1)),
    ("cairn-query", Product(2)),
    ("cairn-store", Product(3)),
    ("cairn-blob", Product(3)),
    ("cairn-mail", Product(3)),
    ("cairn-bus", Product(3)),
    ("cairn-media", Product(3)),
    ("cairn-runtime", Product(3)),
    ("cairn-core", Product(4)),
    ("cairn-http", Product(5)),
    ("cairn-account", Product(6)),
    ("cairn-appwrite", Product(6)),
    ("cairn-account", Product(6)),
    ("cairn-everlive", Product(6)),
    ("cairn-console", Product(6)),
    ("cairn-server", Product(7)),
    ("cairn", Product(8)),
    ("cairn-testkit", Development),
    ("cairn-bench", Development),
    ("xtask", Development),
];

/// Crates that talk to a database or to the network, and the crates that may name them.
pub(super) const DRIVERS: &[(&str, &[&str])] = &[
    ("rusqlite", &["cairn-store", "cairn-testkit", "cairn-bench"]),
    ("libsqlite3-sys", &["cairn-store", "cairn-vfs", "cairn-bench"]),
    ("tokio-postgres", &["cairn-store", "cairn-testkit", "cairn-bench"]),
    ("deadpool-postgres", &["cairn-store", "cairn-bench"]),
    ("reqwest", &["cairn-net"]),
];

/// A crate's manifest, with what rules ask of it.
struct Manifest<'a> {
    path: &'a str,
    text: &'a str,
    name: String,
    table: Table,
}

impl Manifest<'_> {
    /// Names of the crates that the product code needs (not those of tests).
    fn dependencies(&self) -> Vec<String> {
        let tables = ["dependencies", "build-dependencies"].into_iter().filter_map(|key| self.table.get(key));
        tables.filter_map(Value::as_table).flat_map(|table| table.keys().cloned()).collect()
    }

    fn finding(&self, rule: &'static str, dependency: &str, text: String) -> Finding {
        let line = self.text.lines().position(|line| line.trim_start().starts_with(dependency));
        Finding { rule, path: self.path.to_owned(), line: line.map_or(0, |at| at + 1), text }
    }
}

/// Manifests of the workspace's crates; one that does not parse is cargo's to report.
fn manifests(tree: &Tree) -> Vec<Manifest<'_>> {
    let parsed = tree.matching("", "Cargo.toml").filter_map(|(path, text)| {
        let table: Table = text.parse().ok()?;
        let name = table.get("package")?.get("name")?.as_str()?.to_owned();
        Some(Manifest { path, text, name, table })
    });
    parsed.collect()
}

fn layer(name: &str) -> Option<Layer> {
    LAYERS.iter().find(|(known, _)| *known == name).map(|(_, layer)| *layer)
}

/// Product code depends on lower layers only, so that a change is felt in one direction.
pub(super) fn arrows_point_down(tree: &Tree) -> Vec<Finding> {
    const RULE: &str = "layers";
    let mut findings = Vec::new();
    for manifest in manifests(tree) {
        let Some(own) = layer(&manifest.name) else {
            let text = format!("`{}` has no layer: give it one in xtask/src/tidy/crates.rs", manifest.name);
            findings.push(manifest.finding(RULE, "name", text));
            continue;
        };
        let Product(own) = own else { continue };
        for dependency in manifest.dependencies() {
            match layer(&dependency) {
                Some(Product(other)) if other >= own => {
                    let text = format!("layer {own} depends on `{dependency}` of layer {other}");
                    findings.push(manifest.finding(RULE, &dependency, text));
                }
                Some(Development) => {
                    let text =
                        format!("product code depends on `{dependency}`, which is for development alone");
                    findings.push(manifest.finding(RULE, &dependency, text));
                }
                _ => {}
            }
        }
    }
    findings
}

/// Surfaces own their wire types and the store its rows; the model can be neither by accident.
pub(super) fn the_model_is_not_serializable(tree: &Tree) -> Vec<Finding> {
    const RULE: &str = "model";
    let mut findings = Vec::new();
    for manifest in manifests(tree).iter().filter(|manifest| manifest.name == "cairn-model") {
        for dependency in manifest.dependencies().iter().filter(|name| name.starts_with("serde")) {
            findings.push(manifest.finding(RULE, dependency, format!("the model depends on `{dependency}`")));
        }
    }
    findings
}

/// Manifests name a driver where SQL may live, so that no other crate can run any.
pub(super) fn drivers_stay_in_the_store(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in manifests(tree) {
        for dependency in manifest.dependencies() {
            let driver = DRIVERS.iter().find(|(driver, _)| *driver == dependency);
            if driver.is_some_and(|(_, allowed)| !allowed.contains(&manifest.name.as_str())) {
                let owner = driver.and_then(|(_, allowed)| allowed.first()).copied().unwrap_or_default();
                let text = format!("`{dependency}` is for {owner}; ask that crate for what you need");
                findings.push(manifest.finding("drivers", &dependency, text));
            }
        }
    }
    findings
}

/// Every crate takes the workspace's lints; the one with unsafe code restates them to lift that one lint.
pub(super) fn lints_come_from_the_workspace(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in manifests(tree).iter().filter(|manifest| crate_of(manifest.path) != "cairn-vfs") {
        let lints = manifest.table.get("lints").and_then(|lints| lints.get("workspace"));
        if lints.and_then(Value::as_bool) != Some(true) {
            let text = "lacks `[lints] workspace = true`".to_owned();
            findings.push(manifest.finding("lints", "[lints]", text));
        }
    }
    findings
}

#[cfg(test)]
mod tests;
