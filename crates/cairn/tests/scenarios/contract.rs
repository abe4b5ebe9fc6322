//! The ratchet of the contract: every row of every file is proved by a scenario, or stands in the pending list.
//!
//! The list only shrinks: a row in it that a scenario proves fails the test, and so does a row that is in neither.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What one scenario proves.
pub(crate) struct Scenario {
    /// The test's name.
    pub(crate) name: &'static str,
    /// Rows of the contract as `file,code`.
    pub(crate) proves: &'static [&'static str],
}

/// The rows of a file of the contract, as `file,code`; the code stands in the column of this name.
const FILES: &[(&str, &str)] = &[
    ("appwrite-types.csv", "type"),
    ("appwrite-types-1.9.csv", "type"),
    ("appwrite-http.csv", "status"),
    ("reason-codes.csv", "code"),
    ("reason-codes-more.csv", "code"),
    ("everlive-codes.csv", "errorCode"),
    ("chat-http.csv", "status"),
];

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contract")
}

fn text(file: &str) -> String {
    std::fs::read_to_string(directory().join(file)).unwrap_or_else(|error| panic!("contract/{file}: {error}"))
}

fn rows(file: &str, column: &str) -> Vec<String> {
    let text = text(file);
    let mut lines = text.lines();
    let place = lines.next().unwrap_or_default().split(',').position(|name| name == column);
    let place = place.unwrap_or_else(|| panic!("contract/{file} has no column {column}"));
    let code = |line: &str| line.split(',').nth(place).map(|code| format!("{file},{code}"));
    lines.filter_map(code).collect()
}

#[test]
fn every_row_is_proved_or_pending() {
    let promised: BTreeMap<&str, Vec<String>> =
        FILES.iter().map(|(file, column)| (*file, rows(file, column))).collect();
    let all: BTreeSet<&str> = promised.values().flatten().map(String::as_str).collect();
    let pending_text = text("pending.txt");
    let pending: BTreeSet<&str> = pending_text.lines().filter(|line| !line.is_empty()).collect();
    let mut proved = BTreeSet::new();
    let mut problems = Vec::new();
    for scenario in super::ALL.iter().copied().flatten() {
        for row in scenario.proves {
            proved.insert(*row);
            if !all.contains(row) {
                problems.push(format!("`{}` proves {row}, which no file promises", scenario.name));
            }
            if pending.contains(row) {
                problems.push(format!(
                    "{row} is proved by `{}`: take it out of contract/pending.txt",
                    scenario.name
                ));
            }
        }
    }
    let neither = all.iter().filter(|row| !proved.contains(*row) && !pending.contains(*row));
    problems.extend(neither.map(|row| format!("{row} has no scenario, and the pending list must not grow")));
    let unknown = pending.iter().filter(|row| !all.contains(*row));
    problems.extend(unknown.map(|row| format!("{row} stands in contract/pending.txt and in no file")));
    for (file, rows) in &promised {
        let count = rows.iter().filter(|row| proved.contains(row.as_str())).count();
        println!("{file}: {count} of {} rows proved", rows.len());
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
