//! What a generator changes on disk.

use std::path::PathBuf;

use super::{Change, Generator, changes, put};

fn made() -> Vec<(String, String)> {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    vec![file("docs/a.md", "a"), file("docs/b.md", "b"), file("elsewhere/c.md", "c")]
}

#[test]
fn missing_changed_and_stale_files_are_found() {
    let generators = [Generator { name: "sample", owned: &["docs"], files: made }];
    let root = tempfile::tempdir().unwrap();
    for (path, text) in [("docs/a.md", "a"), ("docs/b.md", "old"), ("docs/gone.md", ""), ("other.md", "")] {
        put(&root.path().join(path), text).unwrap();
    }
    let change = |path: &str, text: Option<&str>| Change {
        generator: "sample",
        path: PathBuf::from(path),
        text: text.map(str::to_owned),
    };
    let expected =
        [change("docs/gone.md", None), change("docs/b.md", Some("b")), change("elsewhere/c.md", Some("c"))];
    assert_eq!(changes(root.path(), &generators).unwrap(), expected);
}
