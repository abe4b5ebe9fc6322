//! A signing secret is shown once.

use cairn_faults::Fault;

use super::{WebhookFields, create, delete, get, list, rotate_secret, update};
use crate::fixture::{Fixture, fault};
use crate::listing::ListRequest;

#[tokio::test(flavor = "multi_thread")]
async fn a_signing_secret_is_shown_once() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    let fields = WebhookFields {
        name: "Hook".to_owned(),
        url: "https://example.com/hook".to_owned(),
        events: vec!["users.*.create".to_owned()],
        is_enabled: true,
        checks_certificate: true,
        auth_username: "user".to_owned(),
        auth_password: "pass".to_owned(),
    };
    let made = create(&cx, "hook", fields.clone(), None).await.expect("a webhook");
    assert_eq!(made.secret.as_ref().map(String::len), Some(128));
    assert_eq!(fault(create(&cx, "hook", fields.clone(), None).await), Fault::WebhookAlreadyExists);
    let id = made.webhook.id.clone();
    let seen = get(&cx, &id).await.expect("found");
    assert_eq!((seen.secret, seen.auth_password.as_str()), (None, "pass"));
    let changed = WebhookFields { auth_password: "word".to_owned(), is_enabled: false, ..fields };
    assert_eq!(update(&cx, &id, changed).await.expect("changed").auth_password, "word");
    let rotated = rotate_secret(&cx, &id, Some("my own secret".to_owned())).await.expect("rotated");
    assert_eq!(rotated.secret.as_deref(), Some("my own secret"));
    assert_eq!(list(&cx, &ListRequest::default()).await.expect("a list").items[0].secret, None);
    delete(&cx, &id).await.expect("removed");
    assert_eq!(fault(get(&cx, &id).await), Fault::WebhookNotFound);
}
