//! Projects are made whole, found, changed and removed, whatever interrupts.

use std::sync::Arc;

use cairn_faults::Fault;
use cairn_model::ids::TeamId;
use cairn_model::keys::KeyRing;
use cairn_model::permissions::Role;
use cairn_model::projects::About;
use cairn_store::{PostgresOptions, ProjectRef};
use cairn_testkit::postgres::Postgres;

use super::{
    Detail, NewProject, ProjectPatch, create, delete, get, list, managed, managed_of, ping, tidy, transfer,
    update,
};
use crate::cx::KeyAccess;
use crate::fixture::{Fixture, fault};
use crate::keys::{self, NewKey};
use crate::listing::ListRequest;
use crate::{Actor, Cx};

#[tokio::test(flavor = "multi_thread")]
async fn a_project_is_made_once_in_an_organization() {
    let fixture = Fixture::new();
    assert_eq!(fault(fixture.make_project("shop", "nobody").await), Fault::TeamNotFound);
    fixture.organization("acme").await;
    fixture.make_project("shop", "acme").await.expect("a project");
    assert_eq!(fault(fixture.make_project("shop", "acme").await), Fault::ProjectAlreadyExists);
    assert_eq!(fault(fixture.make_project("console", "acme").await), Fault::ProjectReservedProject);
    assert_eq!(fault(fixture.make_project("Shop", "acme").await), Fault::GeneralArgumentInvalid);
    let overview =
        get(&fixture.guest_at("shop").await.expect("found"), Detail::Full).await.expect("an overview");
    assert_eq!((overview.project.name.as_str(), overview.project.number), ("Shop", 1));
    assert_eq!(overview.settings.policies.sessions_per_user_max(), 10);
    assert_eq!(
        fault(get(&fixture.console_guest().await, Detail::Plain).await),
        Fault::GeneralAccessForbidden
    );
    assert_eq!(fixture.files(), ["shop.db"]);
}

async fn make_in(fixture: &Fixture, id: &str, region: &str) -> Result<String, Fault> {
    let region = region.to_owned();
    let new = NewProject { id: id.to_owned(), name: id.to_owned(), team_id: "acme".into(), region };
    let made =
        create(&fixture.console_guest().await, new, Detail::Plain).await.map_err(|error| error.fault())?;
    Ok(made.project.region)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_goes_where_it_is_asked_for_or_where_the_fewest_are() {
    let cluster = Postgres::shared();
    let first = cluster.create_database("placed").await.expect("a database");
    let eu = cluster.create_database("placed_eu").await.expect("a database");
    let options = |regions: &[(&str, &str)]| PostgresOptions {
        regions: regions.iter().map(|(name, dsn)| ((*name).to_owned(), (*dsn).to_owned())).collect(),
        connections_max: 4,
        ..PostgresOptions::new(&first)
    };
    let fixture = Fixture::on_postgres(options(&[("eu", &eu)])).await;
    fixture.organization("acme").await;
    assert_eq!(make_in(&fixture, "nowhere", "mars").await, Err(Fault::ProjectRegionUnsupported));
    let placed = [("a", "default"), ("b", "eu"), ("c", "default"), ("d", "eu")];
    for (id, region) in placed {
        assert_eq!(make_in(&fixture, id, "").await.as_deref(), Ok(region), "{id}");
    }
    for id in ["e", "f"] {
        assert_eq!(make_in(&fixture, id, "eu").await.as_deref(), Ok("eu"), "{id}");
    }
    assert_eq!(make_in(&fixture, "g", "").await.as_deref(), Ok("default"));
    assert_eq!(make_in(&fixture, "h", "default").await.as_deref(), Ok("default"));
    for id in ["b", "g"] {
        let key = NewKey { id: "key".to_owned(), name: id.to_owned(), scopes: Vec::new(), expires: None };
        keys::create_unprefixed(&fixture.guest_at(id).await.expect("found"), key).await.expect("a key");
    }
    delete(&fixture.guest_at("b").await.expect("found")).await.expect("removed");
    assert_eq!(fixture.guest_at("b").await.map(drop), Err(Fault::ProjectUnknown));
    drop(fixture);
    // Without its database a region's projects are not there, and nobody else notices.
    let fixture = Fixture::on_postgres(options(&[])).await;
    tidy(&fixture.app).await.expect("tidied");
    assert_eq!(fixture.guest_at("d").await.map(drop), Err(Fault::ProjectUnavailable));
    fixture.guest_at("g").await.expect("found");
    assert_eq!(make_in(&fixture, "i", "").await.as_deref(), Ok("default"));
    assert_eq!(make_in(&fixture, "j", "eu").await, Err(Fault::ProjectRegionUnsupported));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_project_leaves_nothing_and_its_id_is_free() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    delete(&cx).await.expect("removed");
    assert_eq!(fixture.guest_at("shop").await.map(drop), Err(Fault::ProjectUnknown));
    assert!(fixture.files().is_empty(), "the file has gone");
    assert_eq!(fault(delete(&cx).await), Fault::ProjectNotFound);
    fixture.make_project("shop", "acme").await.expect("made anew");
    let anew = fixture.guest_at("shop").await.expect("found");
    assert_eq!(anew.project.place.number, 2, "a number is never used again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_finishes_what_a_crash_left() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    // A removal that was marked and no more, and storage without a registry row.
    let mut row = cx.project.registry.clone().expect("a row");
    row.is_going = true;
    let marked: Result<(), cairn_faults::Error> = fixture
        .app
        .store
        .write(&ProjectRef::console(), move |tx| async move { Ok(tx.project_update(&row).await?) })
        .await;
    marked.expect("marked");
    fixture.app.store.project_prepare("half").await.expect("prepared");
    drop(cx);
    let fixture = fixture.restarted();
    tidy(&fixture.app).await.expect("tidied");
    assert_eq!(fixture.files(), [".orphan-half.db"], "half-made storage is set aside, never destroyed");
    fixture.make_project("half", "acme").await.expect("its id is free");
    fixture.make_project("shop", "acme").await.expect("its id is free");
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_seen_by_the_next_request() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    fixture.organization("other").await;
    let patch = ProjectPatch {
        name: Some("Shop two".to_owned()),
        about: Some(About { url: "https://shop.example".to_owned(), ..About::default() }),
        labels: Some(["a", "b", "a"].map(str::to_owned).into()),
    };
    update(&cx, patch).await.expect("changed");
    let seen = fixture.guest_at("shop").await.expect("found").project.registry.clone().expect("a row");
    assert_eq!(
        (seen.name.as_str(), seen.labels.as_slice()),
        ("Shop two", ["a", "b"].map(str::to_owned).as_slice())
    );
    assert_eq!(seen.about.url, "https://shop.example");
    assert_eq!(fault(transfer(&cx, "nobody".into()).await), Fault::TeamNotFound);
    assert_eq!(fault(transfer(&cx, "other".into()).await), Fault::TeamNotFound, "not the caller's");
    let as_member = |role: &str| {
        let roles = [Role::team("other"), Role::Team("other".to_owned(), Some(role.to_owned()))];
        Cx { roles: Arc::new(roles.into_iter().collect()), ..cx.clone() }
    };
    let analyst = as_member("analyst");
    assert_eq!(fault(transfer(&analyst, "other".into()).await), Fault::UserUnauthorized, "not to give to");
    let cx = as_member("developer");
    transfer(&cx, "other".into()).await.expect("given away");
    let console = fixture.console_guest().await;
    assert_eq!(fault(managed_of(&console, &"acme".into(), "shop").await), Fault::ProjectNotFound);
    assert_eq!(fault(managed(&console, "console").await), Fault::ProjectNotFound);
    managed_of(&console, &"other".into(), "shop").await.map(drop).expect("found");
    ping(&cx).await.expect("pong");
    assert!(
        fixture
            .guest_at("shop")
            .await
            .expect("found")
            .project
            .registry
            .clone()
            .expect("a row")
            .pinged_at
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_what_the_caller_may_see() {
    let fixture = Fixture::new();
    fixture.in_project().await;
    fixture.organization("other").await;
    fixture.make_project("blog", "other").await.expect("a project");
    let mut cx = fixture.console_guest().await;
    let ids = |page: crate::listing::Page<super::Overview>| {
        page.items.into_iter().map(|item| item.project.id.0).collect::<Vec<_>>()
    };
    let all = ListRequest::default();
    assert!(
        ids(list(&cx, None, &all, Detail::Plain).await.expect("a list")).is_empty(),
        "a guest sees nothing"
    );
    let (acme, other): (TeamId, TeamId) = ("acme".into(), "other".into());
    let new = NewKey { id: "k".to_owned(), name: "k".to_owned(), scopes: Vec::new(), expires: None };
    let key = keys::create(&cx, KeyRing::Organization(acme), new).await.expect("a key").key;
    cx.actor = Actor::Key(Arc::new(KeyAccess { key: Some(Arc::new(key)), name: "test".to_owned() }));
    assert_eq!(ids(list(&cx, None, &all, Detail::Plain).await.expect("a list")), ["shop"], "its own");
    assert!(ids(list(&cx, Some(&other), &all, Detail::Full).await.expect("a list")).is_empty());
    for (search, expected) in [("SHOP", vec!["shop"]), ("blog", Vec::new())] {
        let found = ListRequest { search: search.to_owned(), ..ListRequest::default() };
        assert_eq!(ids(list(&cx, None, &found, Detail::Plain).await.expect("a list")), expected);
    }
}
