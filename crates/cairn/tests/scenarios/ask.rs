//! What scenarios share: the same question in both contracts, and projects with settings of their own.

use cairn_faults::Error;
use cairn_model::projects::Settings;
use cairn_testkit::app::{Answer, Client, TestApp};

/// The newest contract; without a header, errors follow the older one.
pub(crate) const NEW: &str = "2.0.0";

/// What is asked is refused in the same way by both contracts.
pub(crate) async fn refused(
    client: &Client<'_>,
    status: u16,
    name: &str,
    ask: impl AsyncFn(Client<'_>) -> Answer,
) {
    refused_as(client, (status, name), (status, name), ask).await;
}

/// What is asked is refused: so by the older contract, so by the newer one.
pub(crate) async fn refused_as(
    client: &Client<'_>,
    old: (u16, &str),
    new: (u16, &str),
    ask: impl AsyncFn(Client<'_>) -> Answer,
) {
    ask(client.clone()).await.expect_fault(old.0, old.1);
    ask(client.with("x-appwrite-response-format", NEW)).await.expect_fault(new.0, new.1);
}

/// Change what a project's owners have chosen.
pub(crate) async fn configure(app: &TestApp, project: &str, change: impl FnOnce(&mut Settings)) {
    let cx = app.cx(project).await;
    let mut settings = cx.project.settings.clone();
    change(&mut settings);
    let place = cx.project.place.clone();
    let written: Result<(), Error> = app
        .app
        .store
        .write(&place, move |tx| async move { tx.settings_update(&settings).await.map_err(Error::from) })
        .await;
    written.expect("settings can be written");
}
