//! A use is written once, later, and read back by the next request.

use cairn_model::ids::UserId;
use cairn_std::{Clock, Rng, Tasks, Timestamp};
use cairn_store::{ProjectRef, SqliteOptions, Store, StoreError};

use super::{Used, write};
use crate::passwords::HashCost;
use crate::secrets::SecretKey;
use crate::{App, Options};

#[tokio::test(flavor = "multi_thread")]
async fn a_use_is_written_with_the_others() {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = Clock::mock(Timestamp(5_000));
    let store = Store::open_sqlite(SqliteOptions::new(dir.path()), clock.clone()).expect("opens");
    let options = Options { hash_cost: HashCost::LEAST, ..Options::default() };
    let app =
        App::new(store, clock, Rng::seeded(1), Tasks::new(), SecretKey::new(*b"k"), options).expect("starts");
    let (console, id) = (ProjectRef::console(), UserId::from("ada"));
    app.accesses.note(&console, Used::User(id), Timestamp(7_000), None);
    write(&app).await;
    assert!(app.accesses.take().is_empty(), "what was written waits no longer");
    let found: Result<_, StoreError> =
        app.store.read(&console, |tx| async move { tx.user_by_id(&UserId::from("ada")).await }).await;
    assert_eq!(found.expect("reads"), None, "a use of someone who has gone makes nobody");
}
