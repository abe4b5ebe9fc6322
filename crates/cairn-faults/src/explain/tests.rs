//! Codes found and codes mistyped.

use super::*;

#[test]
fn codes_of_every_contract_are_found() {
    let cases: &[(&str, &[Fault])] = &[
        ("user_blocked", &[Fault::UserBlocked]),
        ("USER_BLOCKED", &[Fault::UserBlocked]),
        ("user:banned", &[Fault::UserBlocked]),
        ("603", &[Fault::UserBlocked]),
        ("everlive:603", &[Fault::UserBlocked]),
        ("discord:20013", &[Fault::UserBlocked]),
        (" row_not_found ", &[Fault::DocumentNotFound]),
        ("project_unknown", &[Fault::ProjectUnknown]),
        ("FORBIDDEN", &[Fault::GeneralAccessForbidden]),
        ("store_failed", &[Fault::StoreFailed]),
        ("cairn:store_failed", &[Fault::StoreFailed]),
        ("storage_file_not_found", &[Fault::StorageFileNotFound]),
        ("discord:603", &[]),
    ];
    for (code, faults) in cases {
        assert_eq!(explain(code).faults(), *faults, "{code}");
    }
}

#[test]
fn a_shared_code_lists_all_its_faults() {
    let found = explain("discord:50035");
    assert!(found.faults().len() > 5);
    assert!(found.faults().contains(&Fault::GeneralArgumentInvalid));
    assert!(found.text().starts_with("`discord:50035` stands for "));
}

#[test]
fn every_code_of_every_row_is_explained() {
    for &fault in Fault::ALL {
        for (contract, code) in own_codes(fault) {
            let found = explain(&format!("{contract}:{code}"));
            assert!(found.faults().contains(&fault), "{contract}:{code}");
            assert!(explain(&code).faults().contains(&fault), "{code}");
        }
    }
}

#[test]
fn a_mistyped_code_gets_suggestions() {
    let cases = [
        ("user_bloked", "user_blocked"),
        ("user:baned", "user:banned"),
        ("docment_not_found", "document_not_found"),
        ("colum_not_found", "column_not_found"),
    ];
    for (typed, meant) in cases {
        let found = explain(typed);
        assert!(!found.is_found(), "{typed}");
        assert_eq!(found.suggestions.first().map(String::as_str), Some(meant), "{typed}");
        assert!(found.text().contains(meant));
    }
    let unknown = explain("zzz");
    assert!(unknown.suggestions.is_empty());
    assert_eq!(unknown.text(), "No contract knows the code `zzz`.\n");
}

#[test]
fn the_terminal_text() {
    let expected = "\
user_blocked (forbidden; matched in: reason)

  The account is blocked.

  Raised only after the password proved right, so that a stranger cannot learn who is
  blocked. An administrator can unblock the account.

  appwrite      403 user_blocked
  appwrite 1.0  401 user_blocked
  reason        403 user:banned
  everlive      403 603
  discord       403 20013
  problem       403 user_blocked
";
    assert_eq!(explain("user:banned").text(), expected);
    assert!(explain("storage_file_not_found").text().contains("does not exist yet"));
}

#[test]
fn the_json() {
    let found = explain("user:banned").json();
    assert_eq!(found["matches"][0]["contract"], "reason");
    assert_eq!(found["matches"][0]["fault"]["id"], "user_blocked");
    assert_eq!(found["matches"][0]["fault"]["contracts"]["everlive"], json!({ "status": 403, "code": 603 }));
}
