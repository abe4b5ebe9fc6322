//! Addresses to which users are sent.

use cairn_std::Timestamp;

use super::{AppAbout, Application, ClientKind, check_redirect_uri};

fn app(uris: &[&str]) -> Application {
    Application {
        id: "app".into(),
        seq: 1,
        name: "App".to_owned(),
        kind: ClientKind::Public,
        is_enabled: true,
        has_device_flow: false,
        team_id: None,
        user_id: None,
        labels: Vec::new(),
        redirect_uris: uris.iter().map(|uri| (*uri).to_owned()).collect(),
        about: AppAbout::default(),
        created: Timestamp(0),
        updated: Timestamp(0),
    }
}

#[test]
fn addresses_that_can_be_registered() {
    for fine in [
        "https://app.example/callback",
        "https://app.example:8443/?next=1",
        "http://localhost/callback",
        "http://localhost:3000",
        "http://127.0.0.1:5555/x",
        "http://[::1]/x",
        "com.example.app:/oauth",
        "com.example.app://oauth/x",
    ] {
        assert_eq!(check_redirect_uri(fine), Ok(()), "{fine}");
    }
    for refused in [
        "",
        "callback",
        "/callback",
        "http://app.example/callback",
        "http://localhost.evil.example/",
        "http://127.0.0.2/",
        "https://app.example/#fragment",
        "https://app.example/a b",
        "https://user@app.example/",
        "http://localhost@evil.example/",
        "https://app.example\\@evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "myapp:/oauth",
        "https://",
    ] {
        assert!(check_redirect_uri(refused).is_err(), "{refused}");
    }
    assert!(check_redirect_uri(&format!("https://app.example/{}", "x".repeat(2_048))).is_err());
}

#[test]
fn addresses_are_compared_letter_by_letter_but_for_loopback_ports() {
    let known = app(&["https://app.example/cb", "http://127.0.0.1/cb", "http://localhost:80/x"]);
    for fine in ["https://app.example/cb", "http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"] {
        assert!(known.allows_redirect(fine), "{fine}");
    }
    for refused in [
        "https://app.example/cb/",
        "https://app.example/CB",
        "https://app.example:444/cb",
        "https://app.example/cb?x=1",
        "https://app.example/cb/../cb",
        "http://app.example/cb",
        "http://127.0.0.1:49152/cb2",
        "http://127.0.0.1:49152/cb#x",
        "http://127.0.0.1:49152/a/../cb",
        "http://user@127.0.0.1:49152/cb",
        "http://localhost:49152/cb",
        "",
    ] {
        assert!(!known.allows_redirect(refused), "{refused}");
    }
}
