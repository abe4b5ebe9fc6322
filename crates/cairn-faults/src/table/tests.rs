//! The table against the contract's files: all rows, no other, the same statuses.

use super::*;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Statuses of the contract's files that no failure produces.
const SUCCESSES: &[&str] = &["200", "201", "204", "301", "304"];

/// The first two fields of each line below the header; a file of statuses has one.
fn pairs(text: &str) -> Vec<(String, String)> {
    let line_pair = |line: &str| {
        let mut fields = line.trim().split(',');
        (fields.next().unwrap_or_default().to_owned(), fields.next().unwrap_or_default().to_owned())
    };
    text.lines().skip(1).filter(|line| !line.trim().is_empty()).map(line_pair).collect()
}

fn contract(file: &str) -> Vec<(String, String)> {
    let path = Path::new(REPOSITORY).join("contract").join(file);
    pairs(&fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Compare a column of the table with a file: (code, status) on both sides, and one row per code.
fn check(file: &str, file_codes: Vec<(String, String)>, column: Vec<(String, String, Fault)>) {
    let mut owners: BTreeMap<String, Vec<(String, Fault)>> = BTreeMap::new();
    for (code, status, fault) in column {
        owners.entry(code).or_default().push((status, fault));
    }
    let mut complaints = Vec::new();
    for (code, status) in &file_codes {
        match owners.get(code).map(Vec::as_slice) {
            None => complaints.push(format!("{code} belongs to no fault")),
            Some([(own, fault)]) if own != status => {
                complaints.push(format!("{code} of {fault:?} is {own}, the contract says {status}"));
            }
            Some([_]) => {}
            Some(many) => complaints.push(format!("{code} belongs to several faults: {many:?}")),
        }
    }
    let known: HashSet<&String> = file_codes.iter().map(|(code, _)| code).collect();
    complaints
        .extend(owners.keys().filter(|code| !known.contains(code)).map(|code| format!("{code} is extra")));
    assert!(complaints.is_empty(), "{file}:\n{}", complaints.join("\n"));
}

fn swapped(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.into_iter().map(|(status, code)| (code, status)).collect()
}

#[test]
fn every_type_of_the_current_contract_is_one_fault() {
    let mut column = Vec::new();
    for &fault in Fault::ALL {
        if let Some((status, name, table_name)) = fault.row().appwrite {
            column.push((name.to_owned(), status.to_string(), fault));
            column.extend(table_name.map(|name| (name.to_owned(), status.to_string(), fault)));
        }
    }
    let promised = [contract("appwrite-types-1.9.csv"), contract("appwrite-types-more.csv")].concat();
    check("appwrite-types-1.9.csv", swapped(promised), column);
}

#[test]
fn every_type_of_the_1_0_contract_is_one_fault() {
    let own = |fault: &Fault| fault.row().appwrite_1_0.map(|(s, c)| (c.to_owned(), s.to_string(), *fault));
    let column = Fault::ALL.iter().filter_map(own).collect();
    check("appwrite-types.csv", swapped(contract("appwrite-types.csv")), column);
}

#[test]
fn every_reason_is_one_fault() {
    let own = |fault: &Fault| fault.row().reason.map(|(s, c)| (c.to_owned(), s.to_string(), *fault));
    let promised = [contract("reason-codes.csv"), contract("reason-codes-more.csv")].concat();
    check("reason-codes.csv", promised, Fault::ALL.iter().filter_map(own).collect());
}

#[test]
fn every_everlive_number_is_one_fault() {
    let own = |fault: &Fault| fault.row().everlive.map(|(s, c, _)| (c.to_string(), s.to_string(), *fault));
    check("everlive-codes.csv", contract("everlive-codes.csv"), Fault::ALL.iter().filter_map(own).collect());
}

#[test]
fn every_status_of_the_http_tables_can_be_produced() {
    let cases =
        [("appwrite-http.csv", Format::Appwrite(ContractAge::V1_0)), ("chat-http.csv", Format::Discord)];
    for (file, format) in cases {
        let produced: HashSet<String> =
            Fault::ALL.iter().map(|fault| fault.status(format).to_string()).collect();
        for (status, _) in contract(file) {
            let status = if status == "5xx" { "500".to_owned() } else { status };
            let is_success = SUCCESSES.contains(&status.as_str());
            assert!(is_success || produced.contains(&status), "{file}: nothing produces {status}");
        }
    }
}

#[test]
fn pending_rows_are_rows_of_the_contract() {
    let text = fs::read_to_string(Path::new(REPOSITORY).join("contract/pending.txt")).unwrap();
    for line in text.lines() {
        let (file, code) = line.split_once(',').unwrap_or_else(|| panic!("`{line}` is no `file,code`"));
        let is_row = contract(file).iter().any(|(a, b)| a == code || b == code);
        assert!(is_row, "{line}: the file has no such row");
    }
}

/// The given contract beside the repository, where it is present.
fn given_contract() -> Option<PathBuf> {
    let path = Path::new(REPOSITORY).join("../shared/contract");
    if !path.is_dir() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    Some(path)
}

#[test]
fn the_repositorys_contract_is_the_given_one() {
    let Some(given) = given_contract() else { return };
    let files = [
        ("appwrite-types.csv", 2),
        ("appwrite-types-1.9.csv", 2),
        ("reason-codes.csv", 2),
        ("everlive-codes.csv", 2),
        ("appwrite-http.csv", 1),
        ("chat-http.csv", 1),
    ];
    for (file, columns) in files {
        let mut theirs = pairs(&fs::read_to_string(given.join(file)).unwrap());
        if columns == 1 {
            for pair in &mut theirs {
                pair.1.clear();
            }
        }
        assert_eq!(contract(file), theirs, "{file}");
    }
}

#[test]
fn everlive_texts_are_the_given_ones() {
    let Some(given) = given_contract() else { return };
    let text = fs::read_to_string(given.join("everlive-codes.csv")).unwrap();
    for &fault in Fault::ALL {
        if let Some((status, code, text_of_row)) = fault.row().everlive {
            let start = format!("{code},{status},{text_of_row},");
            assert!(text.lines().any(|line| line.starts_with(&start)), "{fault:?}: `{start}` starts no line");
        }
    }
}

#[test]
fn ids_are_the_newest_types() {
    for &fault in Fault::ALL {
        if let Some((_, name, _)) = fault.row().appwrite {
            assert_eq!(fault.id(), name);
        }
    }
}

#[test]
fn rows_are_well_formed() {
    let mut seen = HashSet::new();
    for &fault in Fault::ALL {
        let id = fault.id();
        assert!(seen.insert(id), "{id}: two rows have this id");
        assert_eq!(Fault::by_id(id), Some(fault));
        assert!(fault.summary().ends_with('.'), "{id}: the first line is one sentence");
        assert!(fault.page().contains("\n\n"), "{id}: say why and what to do next");
        assert!(
            !fault.summary().contains('{'),
            "{id}: the first line stands in where a parameter is missing"
        );
        let steps = std::iter::successors(Some(fault), |fault| fault.row().like).take(4).count();
        assert!(steps < 4, "{id}: `like` leads too far, or in a circle");
    }
}

#[test]
fn fallbacks_are_codes_of_the_contracts() {
    let old = contract("appwrite-types.csv");
    let new = contract("appwrite-types-1.9.csv");
    let reasons = contract("reason-codes.csv");
    let numbers = contract("everlive-codes.csv");
    for &kind in Kind::ALL {
        let fallback = kind.fallback();
        // What the 1.0 contract lacks is told by the newer one's name.
        assert!(old.iter().chain(&new).any(|(_, name)| name == fallback.appwrite_1_0.1), "{kind:?}");
        assert!(new.iter().any(|(_, name)| name == fallback.appwrite.1), "{kind:?}");
        let reason = (fallback.reason.1.to_owned(), fallback.reason.0.to_string());
        assert!(reasons.contains(&reason), "{kind:?}");
        let number = (fallback.everlive.1.to_string(), fallback.everlive.0.to_string());
        assert!(fallback.everlive.1 == 1 || numbers.contains(&number), "{kind:?}");
    }
}

#[test]
fn columns_are_borrowed_and_fall_back() {
    let new = Format::Appwrite(ContractAge::V1_9);
    let old = Format::Appwrite(ContractAge::V1_0);
    let cases = [
        (Fault::UserBlocked, new, 403, "user_blocked"),
        (Fault::UserBlocked, old, 401, "user_blocked"),
        (Fault::UserBlocked, Format::Reason, 403, "user:banned"),
        (Fault::UserBlocked, Format::Everlive, 403, "603"),
        (Fault::UserBlocked, Format::Discord, 403, "20013"),
        (Fault::UserBlocked, Format::Problem, 403, "user_blocked"),
        (Fault::ProjectUnknown, old, 400, "project_unknown"),
        (Fault::ProjectUnknown, new, 404, "project_not_found"),
        (Fault::DevKeyGone, old, 410, "dev_key_gone"),
        (Fault::MembershipAlreadyConfirmed, old, 409, "team_invite_already_exists"),
        (Fault::Unauthenticated, new, 401, "general_unauthorized_scope"),
        (Fault::Unauthenticated, Format::Everlive, 401, "604"),
        (Fault::UserNotFound, Format::Everlive, 404, "801"),
        (Fault::TeamNotFound, Format::Everlive, 404, "600"),
        (Fault::RequestBodyTooLarge, Format::Reason, 413, "FILE_TOO_LARGE"),
        (Fault::UnsupportedMediaType, new, 415, "general_bad_request"),
        (Fault::MethodUnknown, old, 501, "general_not_implemented"),
        (Fault::GeneralNotImplemented, Format::Everlive, 405, "602"),
        (Fault::Overloaded, new, 503, "general_server_error"),
    ];
    for (fault, format, status, code) in cases {
        assert_eq!(fault.status(format), status, "{fault:?} in {format:?}");
        assert_eq!(fault.code(format, Vocabulary::Documents).to_string(), code, "{fault:?} in {format:?}");
    }
}

#[test]
fn the_table_vocabulary_has_its_own_names() {
    for age in [ContractAge::V1_0, ContractAge::V1_9] {
        let code = Fault::DocumentNotFound.code(Format::Appwrite(age), Vocabulary::Tables);
        assert_eq!(code, Code::Text("row_not_found"), "{age:?}");
    }
    let code = Fault::TeamNotFound.code(Format::Appwrite(ContractAge::V1_9), Vocabulary::Tables);
    assert_eq!(code, Code::Text("team_not_found"));
}
