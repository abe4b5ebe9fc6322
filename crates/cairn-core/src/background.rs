//! Doing the jobs that changes of schemas and removals have left (module `jobs`), and those of an earlier process first.

mod run;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use cairn_faults::{Error, Fault};
use cairn_store::{ProjectRef, StoreError, Tx};

use crate::{App, auth};

/// How long a project waits whose engine refused a job for now.
const RETRY: Duration = Duration::from_secs(2);

/// Do the jobs of this server in the background until it stops; first those that an earlier one left.
pub fn start(app: &Arc<App>) {
    let app = Arc::clone(app);
    app.clone().tasks.spawn(move |stop| async move {
        loop {
            let outcome = async {
                find_marked(&app).await?;
                run_due(&app).await
            };
            let failed = tokio::select! {
                outcome = outcome => outcome.is_err(),
                () = stop.requested() => return,
            };
            let again = async {
                if failed {
                    let _ = tokio::time::timeout(RETRY, std::future::pending::<()>()).await;
                } else {
                    app.jobs.wake.notified().await;
                }
            };
            tokio::select! {
                () = again => {}
                () = stop.requested() => return,
            }
        }
    });
}

/// Put marked projects among the waiting ones.
async fn find_marked(app: &App) -> Result<(), Error> {
    let read = |tx: Tx| async move { tx.marker_list().await };
    let marked: Result<_, StoreError> = app.store.read(&ProjectRef::console(), read).await;
    let mut state = app.jobs.state();
    for id in marked? {
        let id: Arc<str> = id.into();
        state.marked.insert(Arc::clone(&id));
        state.waiting.insert(id);
    }
    Ok(())
}

/// Do all due jobs, and return when there are none but those that cannot be done yet.
///
/// # Errors
/// What the engine refuses for now: the job is still there, and only those of its own project wait for it.
pub async fn run_due(app: &Arc<App>) -> Result<(), Error> {
    let _running = app.jobs.running.lock().await;
    let (mut outcome, mut refused) = (Ok(()), BTreeSet::new());
    loop {
        let next = app.jobs.state().waiting.pop_first();
        let Some(id) = next else { break };
        if let Err(error) = run_project(app, &id).await {
            tracing::warn!(project = %id, error = %error.private_text(), "a job could not be done yet");
            refused.insert(id);
            outcome = Err(error);
        }
    }
    app.jobs.state().waiting.append(&mut refused);
    unmark(app).await?;
    outcome
}

async fn run_project(app: &Arc<App>, id: &str) -> Result<(), Error> {
    let project = match auth::project(app, id).await {
        Ok(project) => project.place.clone(),
        // It is gone, and its jobs with it.
        Err(error) if error.fault() == Fault::ProjectUnknown => return Ok(()),
        Err(error) => return Err(error),
    };
    loop {
        let read = |tx: Tx| async move { tx.job_first().await };
        let first: Result<_, StoreError> = app.store.read(&project, read).await;
        let Some(job) = first? else { return Ok(()) };
        run::job(app, &project, job).await?;
    }
}

/// Remove the markers of projects without jobs.
async fn unmark(app: &Arc<App>) -> Result<(), Error> {
    let _marking = app.jobs.marking.write().await;
    let marked: Vec<Arc<str>> = {
        let state = app.jobs.state();
        state.marked.iter().filter(|id| !state.waiting.contains(*id)).cloned().collect()
    };
    if marked.is_empty() {
        return Ok(());
    }
    let done = marked.clone();
    let write = move |tx: Tx| async move {
        for id in &done {
            tx.marker_delete(id).await?;
        }
        Ok::<_, StoreError>(())
    };
    app.store.write(&ProjectRef::console(), write).await?;
    let mut state = app.jobs.state();
    for id in &marked {
        state.marked.remove(id);
    }
    Ok(())
}
