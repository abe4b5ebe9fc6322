//! The end of transactions that nobody ended: they and what is staged in them are removed some time after they expired.
//!
//! Every new transaction takes a few expired ones of its project along, and the projects of which this process knows
//! are looked at regularly. What an earlier process left is removed with the project's next transaction.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cairn_std::Timestamp;
use cairn_std::tasks::Stop;
use cairn_store::{ProjectRef, StoreError, StoreErrorKind, Tx};

use super::KEPT_MS;
use crate::App;

/// How often projects are looked at.
const EVERY: Duration = Duration::from_mins(1);
/// Transactions that one transaction of the store removes at most: others wait for it.
const GROUP_MAX: i64 = 20;

/// Projects with transactions, and when the last one of each expires.
#[derive(Default)]
pub(crate) struct Sweeps(Mutex<HashMap<ProjectRef, Timestamp>>);

impl Sweeps {
    pub(crate) fn note(&self, project: &ProjectRef, expires: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = known.entry(project.clone()).or_insert(expires);
        *last = expires.max(*last);
    }

    fn known(&self) -> Vec<(ProjectRef, Timestamp)> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().map(|(project, last)| (project.clone(), *last)).collect()
    }

    fn forget(&self, project: &ProjectRef, last: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.get(project) == Some(&last) {
            known.remove(project);
        }
    }
}

/// Remove what has expired, every minute until the server stops.
pub async fn sweep_regularly(app: Arc<App>, stop: Stop) {
    let app = &app;
    stop.regularly(EVERY, || sweep(app)).await;
}

/// Remove what has expired by now.
pub async fn sweep(app: &App) {
    let before = Timestamp(app.clock.now().0 - KEPT_MS);
    for (project, last) in app.sweeps.known() {
        match sweep_project(app, &project, before).await {
            Ok(()) if last < before => app.sweeps.forget(&project, last),
            Ok(()) => {}
            Err(error) if *error.kind() == StoreErrorKind::NoProject => app.sweeps.forget(&project, last),
            Err(error) => {
                tracing::debug!(project = %project.id, %error, "expired transactions are left for later");
            }
        }
    }
}

async fn sweep_project(app: &App, project: &ProjectRef, before: Timestamp) -> Result<(), StoreError> {
    loop {
        let write = move |tx: Tx| async move { tx.transaction_delete_expired(before, GROUP_MAX).await };
        let removed = app.store.write(project, write).await?;
        if i64::try_from(removed).is_ok_and(|removed| removed < GROUP_MAX) {
            return Ok(());
        }
    }
}
