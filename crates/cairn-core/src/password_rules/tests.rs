//! Policies of passwords.

use cairn_faults::Fault;
use cairn_model::projects::{PasswordStrength, Policies};

use super::{COMMON, Personal, check_form, check_personal, remember};

#[test]
fn form_follows_the_policies() {
    let strict = Policies {
        password_strength: PasswordStrength {
            chars_min: 10,
            needs_uppercase: true,
            needs_lowercase: true,
            needs_number: true,
            needs_symbol: true,
        },
        ..Policies::default()
    };
    for (password, is_fine) in [
        ("Abcdefgh1!", true),
        ("Abcdef1!", false),
        ("abcdefgh1!", false),
        ("ABCDEFGH1!", false),
        ("Abcdefghi!", false),
        ("Abcdefghi1", false),
    ] {
        assert_eq!(check_form(&strict, password).is_ok(), is_fine, "{password}");
    }
    let common = Policies { refuses_common_passwords: true, ..Policies::default() };
    for known in ["PassWord", "12345678", "trustno1", "1q2w3e4r5t", "iloveyou"] {
        assert_eq!(check_form(&common, known).unwrap_err().fault(), Fault::GeneralArgumentInvalid, "{known}");
    }
    assert!(check_form(&common, "correct horse battery").is_ok());
    assert!(COMMON.len() > 3_000);
    assert!(check_form(&Policies::default(), "password").is_ok());
    assert!(COMMON.iter().all(|known| known.len() >= 8 && known.to_lowercase() == *known));
}

#[test]
fn personal_data_is_refused_where_the_policy_says_so() {
    let policies = Policies { refuses_personal_passwords: true, ..Policies::default() };
    let about = Personal {
        id: "ada1815",
        email: Some("lovelace@example.com"),
        name: "Ada",
        phone: Some("+491234567"),
    };
    for (password, is_fine) in [
        ("xxADA1815xx", false),
        ("my-Lovelace-pw", false),
        ("number 491234567", false),
        ("adamant-secret", false),
        ("correct horse", true),
    ] {
        assert_eq!(check_personal(&policies, password, about).is_ok(), is_fine, "{password}");
    }
    assert!(check_personal(&Policies::default(), "xxada1815xx", about).is_ok());
}

#[test]
fn history_is_as_long_as_the_policy() {
    let policies = Policies { password_history: 2, ..Policies::default() };
    let old = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(remember(&policies, old.clone(), "c"), ["b", "c"]);
    assert!(remember(&Policies::default(), old, "c").is_empty());
}
