//! Several databases: each keeps the projects of its region, the first one the platform too.

use cairn_std::Tasks;
use cairn_testkit::postgres::Postgres;

use super::harness::{add, embedded, has, project, user};
use crate::{PostgresOptions, ProjectRef, Store, StoreError, StoreErrorKind, Tx};

async fn open(dsn: &str, regions: &[(&str, &str)]) -> Result<Store, StoreError> {
    let regions = regions.iter().map(|(name, dsn)| ((*name).to_owned(), (*dsn).to_owned())).collect();
    let options = PostgresOptions { regions, connections_max: 4, ..PostgresOptions::new(dsn) };
    Store::open_postgres(options, Tasks::new()).await
}

async fn databases<const N: usize>(name: &str) -> [String; N] {
    let mut made = Vec::new();
    for number in 0..N {
        made.push(Postgres::shared().create_database(&format!("{name}_{number}")).await.unwrap());
    }
    made.try_into().unwrap()
}

/// Why the store was not opened.
async fn refusal(dsn: &str, regions: &[(&str, &str)]) -> String {
    let error = open(dsn, regions).await.err().unwrap();
    assert!(matches!(error.kind(), StoreErrorKind::Unfit(_)), "{error}");
    error.into_cause().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_is_kept_by_the_database_of_its_region_alone() {
    let [first, eu, us] = databases("regions").await;
    let store = open(&first, &[("eu", &eu), ("us", &us)]).await.unwrap();
    assert_eq!(store.regions(), ["default", "eu", "us"]);
    let places = [project(1), project(2).in_region("eu"), project(3).in_region("us")];
    assert_eq!(places[0], project(1).in_region("default"));
    for place in &places {
        store.project_prepare(&place.id).await.unwrap();
        add(&store, place, user("one")).await.unwrap();
        assert!(has(&store, place, "one").await);
    }
    for (dsn, number) in [(&first, 1), (&eu, 2), (&us, 3)] {
        let name = dsn.rsplit('/').next().unwrap();
        let rows = Postgres::shared().run(name, "SELECT project FROM cairn.users").await.unwrap();
        let found = rows.iter().filter_map(|row| match row {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        assert_eq!(found.collect::<Vec<&str>>(), [number.to_string()]);
    }
    store.project_discard(&places[1]).await.unwrap();
    assert!(!has(&store, &places[1], "one").await && has(&store, &places[2], "one").await);
    for region in store.regions() {
        store.ping(&region).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_without_a_database_holds_up_nobody_else() {
    let [first, eu] = databases("missing").await;
    let store = open(&first, &[("eu", &eu)]).await.unwrap();
    let there = project(1).in_region("eu");
    add(&store, &there, user("one")).await.unwrap();
    drop(store);
    let store = open(&first, &[]).await.unwrap();
    add(&store, &project(2), user("two")).await.unwrap();
    let body = |tx: Tx| async move { tx.user_count(1).await };
    for error in [
        add(&store, &there, user("two")).await.unwrap_err(),
        store.read(&there, body).await.unwrap_err(),
        store.ping("eu").await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), &StoreErrorKind::NoRegion);
        assert_eq!(cairn_faults::Error::from(error).fault(), cairn_faults::Fault::ProjectUnavailable);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_keeps_the_region_that_it_was_first_used_for() {
    let [first, eu, other] = databases("claimed").await;
    drop(open(&first, &[("eu", &eu)]).await.unwrap());
    let why = refusal(&first, &[("us", &eu)]).await;
    assert!(why.contains("the database of region us: this database keeps region eu"), "{why}");
    drop(open(&other, &[]).await.unwrap());
    let why = refusal(&first, &[("us", &other)]).await;
    assert!(why.contains("keeps region default"), "{why}");
    let why = refusal(&eu, &[]).await;
    assert!(why.contains("keeps region eu, not region default"), "{why}");
    drop(open(&first, &[("eu", &eu)]).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_that_stops_leaves_the_others() {
    let [first] = databases("stopped").await;
    let cluster = Postgres::start(cairn_testkit::postgres::Options::default()).unwrap();
    let eu = cluster.create_database("eu").await.unwrap();
    let store = open(&first, &[("eu", &eu)]).await.unwrap();
    let there = project(1).in_region("eu");
    add(&store, &there, user("one")).await.unwrap();
    tokio::task::block_in_place(|| cluster.stop_immediate()).unwrap();
    store.ping("eu").await.unwrap_err();
    store.ping(ProjectRef::REGION_DEFAULT).await.unwrap();
    add(&store, &project(2), user("two")).await.unwrap();
    tokio::task::block_in_place(|| cluster.restart()).unwrap();
    assert!(has(&store, &there, "one").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_store_is_one_region() {
    let dir = tempfile::tempdir().unwrap();
    let store = embedded(dir.path(), |_| ());
    assert_eq!(store.regions(), ["default"]);
    store.ping("default").await.unwrap();
}
