//! Names, codes and what a consent covers.

use cairn_std::Timestamp;

use super::{AuthRequest, Consent, Oauth2Server, ResponseKind, UserCodeFormat, scopes, typed_user_code};

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn an_application_gets_nothing_that_a_user_has_not() {
    for scope in scopes::ALL {
        let is_of_users = crate::scopes::USER.contains(&scope.name) || scopes::IDENTITY.contains(&scope.name);
        assert!(is_of_users, "{}", scope.name);
        assert_ne!(scope.name, "sessions.write");
    }
    assert_eq!(
        scopes::heeded(&texts(&["openid", "users.read", "rows.read", "games.play"])),
        ["openid", "rows.read"]
    );
    assert!(scopes::is_installable("rows.write") && !scopes::is_installable("account"));
}

#[test]
fn typed_codes_lose_what_people_add() {
    assert_eq!(typed_user_code(" wdjb-mjht "), "WDJBMJHT");
    for format in UserCodeFormat::ALL {
        let drawn = String::from_utf8(format.alphabet().to_vec()).unwrap();
        assert_eq!(typed_user_code(&drawn), drawn);
        assert_eq!(UserCodeFormat::of_name(format.name()), Some(format));
    }
}

#[test]
fn words_of_a_response_type_stand_in_any_order() {
    assert_eq!(ResponseKind::of_name("id_token code"), Some(ResponseKind::CodeAndIdToken));
    assert_eq!(ResponseKind::of_name("code"), Some(ResponseKind::Code));
    for unknown in ["", "token", "code token", "code code"] {
        assert_eq!(ResponseKind::of_name(unknown), None, "{unknown}");
    }
}

#[test]
fn a_consent_covers_what_it_names() {
    let (now, later) = (Timestamp(1_000), Timestamp(2_000));
    let consent = Consent {
        id: "c".into(),
        seq: 1,
        user_id: "u".into(),
        app_id: "a".into(),
        scopes: texts(&["openid", "rows.read"]),
        resources: texts(&["https://api.example"]),
        details: r#"[{"type":"file"}]"#.to_owned(),
        expires: Some(later),
        created: now,
        updated: now,
    };
    let ask = |scopes: &[&str], resources: &[&str], details: &str| AuthRequest {
        scopes: texts(scopes),
        resources: texts(resources),
        details: details.to_owned(),
        ..AuthRequest::default()
    };
    assert!(consent.covers(&ask(&["openid"], &[], ""), now));
    assert!(consent.covers(&ask(&["rows.read"], &["https://api.example"], r#"[{"type":"file"}]"#), now));
    assert!(!consent.covers(&ask(&["rows.write"], &[], ""), now));
    assert!(!consent.covers(&ask(&["openid"], &["https://other.example"], ""), now));
    assert!(!consent.covers(&ask(&["openid"], &[], r#"[{"type":"mail"}]"#), now));
    assert!(!consent.covers(&ask(&["openid"], &[], ""), later));
}

#[test]
fn a_server_has_the_scopes_of_openid_and_its_own() {
    let server = Oauth2Server { scopes: texts(&["games.play"]), ..Oauth2Server::default() };
    assert!(server.has_scope("openid") && server.has_scope("games.play") && !server.has_scope("rows.read"));
}
