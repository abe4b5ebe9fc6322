//! Platforms come and go, and the project's context knows them at once.

use cairn_faults::Fault;
use cairn_model::platforms::PlatformKind;

use super::{NewPlatform, PlatformPatch, create, delete, get, list, update};
use crate::fixture::{Fixture, fault};
use crate::listing::ListRequest;

#[tokio::test(flavor = "multi_thread")]
async fn the_next_request_knows_a_platform() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    let new = NewPlatform {
        id: "web".to_owned(),
        kind: PlatformKind::Web,
        name: "Site".to_owned(),
        key: String::new(),
        hostname: "shop.example".to_owned(),
    };
    let made = create(&cx, new.clone()).await.expect("a platform");
    assert_eq!(fault(create(&cx, new).await), Fault::PlatformAlreadyExists);
    assert_eq!(fixture.guest_at("shop").await.expect("found").project.platforms, std::slice::from_ref(&made));
    let patch = PlatformPatch {
        kind: Some(PlatformKind::Web),
        name: "Shop".to_owned(),
        key: None,
        hostname: Some("www.shop.example".to_owned()),
    };
    let wrong = PlatformPatch { kind: Some(PlatformKind::Apple), ..patch.clone() };
    assert_eq!(fault(update(&cx, &made.id, wrong).await), Fault::PlatformMethodUnsupported);
    update(&cx, &made.id, patch).await.expect("changed");
    let seen = get(&cx, &made.id).await.expect("found");
    assert_eq!((seen.name.as_str(), seen.hostname.as_str()), ("Shop", "www.shop.example"));
    let query = r#"{"method":"equal","attribute":"type","values":["web"]}"#.to_owned();
    let request = ListRequest { queries: vec![query], ..ListRequest::default() };
    assert_eq!(list(&cx, &request).await.expect("a list").total, 1);
    delete(&cx, &made.id).await.expect("removed");
    assert_eq!(fault(delete(&cx, &made.id).await), Fault::PlatformNotFound);
    assert!(
        fixture.guest_at("shop").await.expect("found").project.platforms.is_empty(),
        "it is forgotten at once"
    );
}
