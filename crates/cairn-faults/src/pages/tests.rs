//! The pages, and that the committed ones are fresh.

use super::*;
use std::fs;
use std::path::Path;

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

#[test]
fn the_committed_code_table_is_fresh() {
    let committed = include_str!("../../codes.txt");
    for (line, (now, then)) in code_table().lines().zip(committed.lines()).enumerate() {
        assert_eq!(now, then, "codes.txt, line {}: run `cargo xtask generate` if you meant it", line + 1);
    }
    assert!(code_table() == committed, "codes.txt has another length: run `cargo xtask generate`");
}

#[test]
fn the_committed_pages_are_fresh() {
    let files = generated_files();
    for (path, content) in &files {
        let committed = fs::read_to_string(Path::new(REPOSITORY).join(path));
        let is_fresh = committed.is_ok_and(|committed| committed == *content);
        assert!(is_fresh, "{path} is stale: run `cargo xtask generate`");
    }
    for entry in fs::read_dir(Path::new(REPOSITORY).join("docs/errors")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let path = format!("docs/errors/{name}");
        assert!(files.iter().any(|(known, _)| *known == path), "{path} belongs to no fault: delete it");
    }
}

#[test]
fn planned_rows_have_no_page() {
    assert!(!live_faults().contains(&Fault::StorageFileNotFound));
    let paths: Vec<String> = generated_files().into_iter().map(|(path, _)| path).collect();
    assert!(paths.contains(&"docs/errors/user_blocked.md".to_owned()));
    assert!(!paths.contains(&"docs/errors/storage_file_not_found.md".to_owned()));
    assert!(!index_markdown().contains("storage_file_not_found"));
    assert!(!index_html().contains("storage_file_not_found"));
    let total = index_json()["total"].as_u64().and_then(|total| usize::try_from(total).ok());
    assert_eq!(total, Some(live_faults().len()));
}

#[test]
fn html_is_escaped_and_self_contained() {
    assert_eq!(html::escape("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    for fault in live_faults() {
        let page = fault_html(fault);
        assert!(page.contains(fault.id()), "{}", fault.id());
        for forbidden in ["<script", "<link", "http://", "https://", "src=", "@import"] {
            let is_prose = fault.page().contains(forbidden);
            assert!(is_prose || !page.contains(forbidden), "{}: {forbidden}", fault.id());
        }
    }
}

#[test]
fn one_page_as_markdown() {
    let expected = "\
<!-- Generated from crates/cairn-faults by `cargo xtask generate`; do not edit. -->

# document_not_found

There is no such document.

The id is mistyped, the document was deleted, or the caller may not read it: these look
the same on purpose.

Message: `` There is no such document. ``

Sending the same request again does not help.

| format | status | code |
|---|---|---|
| appwrite | 404 | `document_not_found` / `row_not_found` |
| appwrite 1.0 | 404 | `document_not_found` / `row_not_found` |
| reason | 404 | `system:not_found` |
| everlive | 404 | `801` |
| discord | 404 | `10008` |
| problem | 404 | `document_not_found` |

`appwrite 1.0` is told to clients that send no `X-Appwrite-Response-Format` or one up to 1.0; `X-Error-Format` asks for another format.
";
    assert_eq!(fault_markdown(Fault::DocumentNotFound), expected);
}
