//! Pages and lock files that break each rule.

use super::super::{Tree, places};
use super::{links_resolve, npm_locks_name_no_registry, slug, the_changelog_is_open};

#[test]
fn links() {
    let page = "# Home\n[a](guide/b.md) [c](guide/b.md#two-words) [h](#home) [x](https://example.org/y)\n\
                [gone](guide/z.md) [dir](guide)\n`[code](no.md)`\n[`s`](no.md)\n```\n[fence](no.md)\n```\n\
                [title](guide/b.md \"T\") [wrong](guide/b.md#three)";
    let guide = "# B\n## Two words\n[up](../README.md) [up](../../README.md)";
    let mut tree = Tree::of(&[("README.md", page), ("guide/b.md", guide)]);
    tree.paths.insert("guide".to_owned());
    assert_eq!(places(&links_resolve(&tree)), ["README.md:3", "README.md:5", "README.md:9"]);
    assert_eq!(slug("Known quirks: `/v1`, and more"), "known-quirks-v1-and-more");
}

#[test]
fn changelog() {
    assert!(the_changelog_is_open(&Tree::of(&[("CHANGELOG.md", "# C\n\n## [Unreleased]\n")])).is_empty());
    assert_eq!(places(&the_changelog_is_open(&Tree::of(&[("CHANGELOG.md", "# C")]))), ["CHANGELOG.md:0"]);
    assert_eq!(places(&the_changelog_is_open(&Tree::default())), ["CHANGELOG.md:0"]);
}

#[test]
fn npm_locks() {
    let lock = "{\n\"version\": \"1.0.0\",\n\"resolved\": \"https://registry.example/x.tgz\"\n}";
    let tree = Tree::of(&[("tests/sdk/package-lock.json", lock)]);
    assert_eq!(places(&npm_locks_name_no_registry(&tree)), ["tests/sdk/package-lock.json:3"]);
}
