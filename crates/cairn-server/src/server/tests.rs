//! The end of a server: nothing that was accepted is lost.

use std::sync::Arc;

use cairn_core::auth::{self, Access, AdminTarget, Credentials};
use cairn_core::{RequestInfo, logs};
use cairn_std::{Clock, Rng};
use cairn_store::{Counting, LogPage, LogScope, Page, ProjectRef, SqliteOptions, Store, StoreError};

use super::Server;
use crate::config::Sources;

/// Turns of the scheduler that the regular writers need to see the stop and end.
const TURNS: usize = 20_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_last_requests_note_is_written_before_the_store_closes() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_str().unwrap().to_owned();
    let environment =
        vec![("CAIRN_DATA".to_owned(), data), ("CAIRN_LISTEN".to_owned(), "127.0.0.1:0".to_owned())];
    let config = Sources { environment, ..Sources::default() }.read().unwrap();
    let server = Server::start(config, Clock::system(), Rng::seeded(1)).await.unwrap();
    let app = Arc::clone(&server.site.app);
    let console = auth::project(&app, ProjectRef::CONSOLE_ID).await.unwrap();
    let access = Access { scopes: &[], service: "account", is_reading: false };
    let (credentials, admin, request) =
        (Credentials::default(), AdminTarget::default(), RequestInfo::default());
    let cx = auth::resolve(&app, console, &credentials, &admin, access, request).await.unwrap();
    let tasks = app.tasks.clone();
    drop(app);
    // A request that is still under way when the server is told to stop.
    tasks.spawn(|stop| async move {
        stop.requested().await;
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
        let (event, resource) = ("late.event".to_owned(), "user/late".to_owned());
        let entry = logs::Entry { event, resource, subject: "late".to_owned(), is_frequent: false };
        logs::note(&cx, entry);
    });
    server.run(async {}).await;

    let store = Store::open_sqlite(SqliteOptions::new(dir.path()), Clock::system()).unwrap();
    let page = LogPage { limit: 10, offset: 0, counting: Counting::Skipped };
    let body = |tx: cairn_store::Tx| async move { tx.log_list(&LogScope::User("late".into()), page).await };
    let found: Result<Page<_>, StoreError> = store.read_long(&ProjectRef::console(), body).await;
    let events: Vec<String> = found.unwrap().items.into_iter().map(|log| log.event).collect();
    assert_eq!(events, ["late.event"]);
}
