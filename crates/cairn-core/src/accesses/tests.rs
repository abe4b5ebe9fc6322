//! A use is written once, later, and read back by the next request.

use cairn_model::ids::UserId;
use cairn_std::Timestamp;
use cairn_store::{ProjectRef, StoreError};

use super::{Used, write};
use crate::fixture::Fixture;

#[tokio::test(flavor = "multi_thread")]
async fn a_use_is_written_with_the_others() {
    let fixture = Fixture::new();
    let app = &fixture.app;
    let (console, id) = (ProjectRef::console(), UserId::from("ada"));
    app.accesses.note(&console, Used::User(id), Timestamp(7_000), None);
    write(app).await;
    assert!(app.accesses.take().is_empty(), "what was written waits no longer");
    let found: Result<_, StoreError> =
        app.store.read(&console, |tx| async move { tx.user_by_id(&UserId::from("ada")).await }).await;
    assert_eq!(found.expect("reads"), None, "a use of someone who has gone makes nobody");
}
