//! What is kept counts until its thing changes, also when the change comes during the query.

use std::cell::Cell;

use cairn_model::ids::UserId;
use cairn_store::{Noun, ProjectRef, Store, StoreError};

use super::Cache;
use crate::fixture::Fixture;

async fn change(store: &Store, id: &'static str) {
    let done: Result<(), StoreError> = store
        .write(&ProjectRef::console(), move |tx| async move {
            tx.touch(Noun::User, UserId::from(id).as_str());
            Ok(())
        })
        .await;
    done.expect("writes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_answer_counts_until_its_thing_changes() {
    let fixture = Fixture::new();
    let store = fixture.app.store.clone();
    let (cache, console, loads) = (Cache::new(Noun::User, 10), ProjectRef::console(), Cell::new(0));
    let loaded = || async {
        loads.set(loads.get() + 1);
        Ok(loads.get())
    };
    assert_eq!(cache.get(&store, &console, "ada", loaded).await.expect("loads"), 1);
    assert_eq!(cache.get(&store, &console, "ada", loaded).await.expect("kept"), 1);
    change(&store, "ada").await;
    assert_eq!(cache.get(&store, &console, "ada", loaded).await.expect("loads"), 2, "it has changed");
    change(&store, "ada").await;
    let during = || async {
        let seen = loads.get();
        change(&store, "ada").await;
        Ok(seen)
    };
    assert_eq!(cache.get(&store, &console, "ada", during).await.expect("loads"), 2);
    assert_eq!(cache.get(&store, &console, "ada", loaded).await.expect("loads"), 3, "it changed meanwhile");
}
