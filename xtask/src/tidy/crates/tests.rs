//! Manifests that break each rule.

use super::super::{Finding, Tree, places};
use super::{
    arrows_point_down, drivers_stay_in_the_store, lints_come_from_the_workspace,
    the_model_is_not_serializable,
};

fn check(rule: fn(&Tree) -> Vec<Finding>, name: &str, rest: &str) -> Vec<String> {
    let manifest = format!("[package]\nname = \"{name}\"\n{rest}");
    places(&rule(&Tree::of(&[(&format!("crates/{name}/Cargo.toml"), &manifest)])))
}

#[test]
fn layers() {
    let none: [&str; 0] = [];
    let down = "[dependencies]\ncairn-std.workspace = true\nserde = \"1\"";
    assert_eq!(check(arrows_point_down, "cairn-model", down), none);
    let up = "[dependencies]\ncairn-std.workspace = true\ncairn-core.workspace = true";
    assert_eq!(check(arrows_point_down, "cairn-model", up), ["crates/cairn-model/Cargo.toml:5"]);
    let beside = "[dependencies]\ncairn-faults = { workspace = true }";
    assert_eq!(check(arrows_point_down, "cairn-std", beside), ["crates/cairn-std/Cargo.toml:4"]);
    let tools = "[dependencies]\ncairn-testkit.workspace = true";
    assert_eq!(check(arrows_point_down, "cairn-core", tools), ["crates/cairn-core/Cargo.toml:4"]);
    let in_tests = "[dev-dependencies]\ncairn-testkit.workspace = true\ncairn-server.workspace = true";
    assert_eq!(check(arrows_point_down, "cairn-core", in_tests), none);
    assert_eq!(check(arrows_point_down, "cairn-new", ""), ["crates/cairn-new/Cargo.toml:2"]);
}

#[test]
fn model() {
    let serde = "[dependencies]\nserde.workspace = true";
    let found = check(the_model_is_not_serializable, "cairn-model", serde);
    assert_eq!(found, ["crates/cairn-model/Cargo.toml:4"]);
    assert!(check(the_model_is_not_serializable, "cairn-http", serde).is_empty());
}

#[test]
fn drivers() {
    let sqlite = "[dependencies]\nrusqlite.workspace = true";
    assert!(check(drivers_stay_in_the_store, "cairn-store", sqlite).is_empty());
    assert_eq!(check(drivers_stay_in_the_store, "cairn-core", sqlite), ["crates/cairn-core/Cargo.toml:4"]);
    let in_tests = "[dev-dependencies]\nrusqlite.workspace = true";
    assert!(check(drivers_stay_in_the_store, "cairn-core", in_tests).is_empty());
}

#[test]
fn lints() {
    let lints = "[lints]\nworkspace = true";
    assert!(check(lints_come_from_the_workspace, "cairn-core", lints).is_empty());
    assert_eq!(check(lints_come_from_the_workspace, "cairn-core", ""), ["crates/cairn-core/Cargo.toml:0"]);
    assert!(check(lints_come_from_the_workspace, "cairn-vfs", "").is_empty());
}
