//! Keys are found by their secret, shown again, and refused once they end.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::ids::KeyId;
use cairn_model::keys::KeyRing;
use cairn_std::Timestamp;

use super::{
    KeyPatch, NewKey, create, create_dev, create_ephemeral, create_unprefixed, delete, get, list, update,
};
use crate::auth::{self, Access, AdminTarget, Credentials};
use crate::cx::KeyAccess;
use crate::fixture::{Fixture, fault};
use crate::listing::ListRequest;
use crate::{Actor, Cx, RequestInfo};

fn new_key(id: &str) -> NewKey {
    let scopes = vec!["users.read".to_owned()];
    NewKey { id: id.to_owned(), name: "Server".to_owned(), scopes, expires: None }
}

async fn enter(fixture: &Fixture, secret: &str) -> Result<Cx, Error> {
    let project = auth::project(&fixture.app, "shop").await.expect("found");
    let credentials = Credentials { key: Some(secret.to_owned()), ..Credentials::default() };
    let access = Access { scopes: &["users.read"], service: "users", is_reading: true };
    auth::resolve(
        &fixture.app,
        project,
        &credentials,
        &AdminTarget::default(),
        access,
        RequestInfo::default(),
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_what_its_scopes_say() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    let made = create(&cx, KeyRing::Standard, new_key("unique()")).await.expect("a key");
    assert_eq!((made.secret.len(), &made.secret[..9]), (265, "standard_"));
    assert_eq!(
        get(&cx, &KeyRing::Standard, &made.key.id).await.expect("found"),
        made,
        "the secret is given back"
    );
    enter(&fixture, &made.secret).await.map(drop).expect("the key counts");
    enter(&fixture, &made.secret[9..]).await.map(drop).expect("also without its prefix");
    assert_eq!(fault(enter(&fixture, "standard_wrong").await), Fault::Unauthenticated);
    let patch = KeyPatch { name: "Other".to_owned(), scopes: Some(Vec::new()), expires: None };
    update(&cx, &KeyRing::Standard, &made.key.id, patch).await.expect("changed");
    assert_eq!(fault(enter(&fixture, &made.secret).await), Fault::GeneralUnauthorizedScope);
    let ended = Some(Timestamp(fixture.clock.now().0 - 1));
    let patch = KeyPatch { name: "Other".to_owned(), scopes: None, expires: ended };
    update(&cx, &KeyRing::Standard, &made.key.id, patch).await.expect("changed");
    assert_eq!(fault(enter(&fixture, &made.secret).await), Fault::ProjectKeyExpired);
    delete(&cx, &KeyRing::Standard, &made.key.id).await.expect("removed");
    assert_eq!(fault(get(&cx, &KeyRing::Standard, &made.key.id).await), Fault::KeyNotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_have_ids_of_their_own_and_make_no_keys() {
    let fixture = Fixture::new();
    let mut cx = fixture.in_project().await;
    create(&cx, KeyRing::Standard, new_key("server")).await.expect("a key");
    assert_eq!(fault(create(&cx, KeyRing::Standard, new_key("server")).await), Fault::KeyAlreadyExists);
    let bare = create_unprefixed(&cx, new_key("old")).await.expect("a key");
    enter(&fixture, &bare.secret).await.map(drop).expect("an old key counts");
    let dev = create_dev(&cx, "Laptop".to_owned(), Timestamp(fixture.clock.now().0 + 1_000))
        .await
        .expect("a dev key");
    assert_eq!(
        fault(get(&cx, &KeyRing::Standard, &dev.key.id).await),
        Fault::KeyNotFound,
        "kinds are kept apart"
    );
    assert_eq!(fault(enter(&fixture, &dev.secret).await), Fault::Unauthenticated);
    let page = list(&cx, &KeyRing::Standard, &ListRequest::default()).await.expect("a list");
    let ids: Vec<&KeyId> = page.items.iter().map(|item| &item.key.id).collect();
    assert_eq!((ids, page.total), (vec![&KeyId::from("server"), &KeyId::from("old")], 2));
    cx.actor = Actor::Key(Arc::new(KeyAccess { key: None, name: "test".to_owned() }));
    assert_eq!(fault(create(&cx, KeyRing::Standard, new_key("third")).await), Fault::KeyCreationDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ephemeral_key_ends_by_itself() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    let made = create_ephemeral(&cx, vec!["users.read".to_owned()], 60);
    assert!(made.secret.starts_with("ephemeral_"), "{}", made.secret);
    enter(&fixture, &made.secret).await.map(drop).expect("the key counts");
    fixture.clock.advance_ms(61_000);
    assert_eq!(fault(enter(&fixture, &made.secret).await), Fault::ApiKeyExpired);
}
