//! The meter: what is counted of the use of projects, on its way to the store.
//!
//! Reads do not write: what is counted waits in memory, in the store's meter, and is written every few seconds, a group
//! of it in a transaction, before anybody reads figures, and once more at the end. A crash loses the counts of the last
//! seconds.

use std::sync::Arc;
use std::time::Duration;

use cairn_model::usage::{Count, Metric, Subject};
use cairn_std::tasks::Stop;
use cairn_store::{ProjectRef, StoreError, StoreErrorKind, Table, Tx};

use crate::{App, Cx};

/// How often counts are written.
const WRITE_EVERY: Duration = Duration::from_secs(5);
/// Counts that one transaction writes at most: others wait for it.
const GROUP_MAX: usize = 50;

/// Count that documents of a collection were read.
pub(crate) fn note_reads(cx: &Cx, table: &Table, documents: usize) {
    let subject = Subject::Database(table.database_number);
    let amount = i64::try_from(documents.max(1)).unwrap_or(i64::MAX);
    note(cx, &[Count { subject, metric: Metric::DatabaseReads, amount }]);
}

/// Count a request of the project with the bytes of its body and its answer's.
pub fn note_request(app: &App, project: &ProjectRef, bytes: u64) {
    let subject = Subject::Project;
    let amount = i64::try_from(bytes).unwrap_or(i64::MAX);
    let counts = [
        Count { subject, metric: Metric::Requests, amount: 1 },
        Count { subject, metric: Metric::Network, amount },
    ];
    app.store.meter().add(project, &counts);
}

fn note(cx: &Cx, counts: &[Count]) {
    cx.store().meter().add(cx.project_ref(), counts);
}

/// Write what was counted, every few seconds and once more at the end.
pub async fn write_regularly(app: Arc<App>, stop: Stop) {
    let app = &app;
    stop.regularly(WRITE_EVERY, || write(app)).await;
}

/// Write what was counted until now.
pub async fn write(app: &App) {
    write_waiting(app, None).await;
}

/// Write what waits of one project or of all. Nobody takes counts while somebody else writes them: whoever reads
/// figures after this sees all that was counted before.
pub(crate) async fn write_waiting(app: &App, only: Option<&ProjectRef>) {
    let _turn = app.metering.lock().await;
    for (project, counts) in app.store.meter().take(only) {
        if !app.options.has_usage {
            continue;
        }
        for group in counts.chunks(GROUP_MAX) {
            write_group(app, &project, group.into()).await;
        }
    }
}

async fn write_group(app: &App, project: &ProjectRef, group: Arc<[Count]>) {
    let (counts, now) = (Arc::clone(&group), app.clock.now());
    let write = move |tx: Tx| async move { tx.usage_add(&counts, now).await };
    let written: Result<(), StoreError> = app.store.write(project, write).await;
    match written.as_ref().map_err(StoreError::kind) {
        Ok(()) | Err(StoreErrorKind::NoProject) => {}
        // Nothing of it is there: the next time may be better.
        Err(StoreErrorKind::Busy | StoreErrorKind::Deadline | StoreErrorKind::Full) => {
            app.store.meter().add(project, &group);
        }
        Err(kind) => tracing::warn!(project = %project.id, ?kind, "counts of usage could not be written"),
    }
}
