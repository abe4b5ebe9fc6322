//! Work that outlives its request: schema changes and removals.
//!
//! A job is a row of the project's own file, written with the change that asks for it and removed with the change
//! that it makes, so that a crash at any point only repeats it. A marker in the platform's file, written before the
//! first job, lets a start-up find the projects that have some. [`crate::background`] does them.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cairn_faults::Error;
use cairn_store::{ProjectRef, Tx};
use tokio::sync::{Mutex as AsyncMutex, Notify, RwLock};

use crate::Cx;

/// What the server knows of projects with jobs.
#[derive(Default)]
pub(crate) struct Jobs {
    state: Mutex<State>,
    pub(crate) wake: Notify,
    /// Held while jobs are done, so that whoever waits for them waits for those in hand too.
    pub(crate) running: AsyncMutex<()>,
    /// Held for reading from before a marker is looked at until its job is written, for writing while markers go.
    pub(crate) marking: RwLock<()>,
}

/// Projects with jobs.
#[derive(Default)]
pub(crate) struct State {
    /// Projects that may have due jobs.
    pub(crate) waiting: BTreeSet<Arc<str>>,
    /// Projects whose marker is on disk.
    pub(crate) marked: BTreeSet<Arc<str>>,
}

impl Jobs {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Run a write transaction that may add jobs, and see that they are done.
pub(crate) async fn write<T, F, Fut>(cx: &Cx, body: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<T, Error>> + Send,
{
    let jobs = &cx.app.jobs;
    let id = &cx.project_ref().id;
    let marking = jobs.marking.read().await;
    if !jobs.state().marked.contains(id) {
        let name = id.to_string();
        let mark = move |tx: Tx| async move { tx.marker_insert(&name).await };
        cx.store().write(&ProjectRef::console(), mark).await.map_err(Error::from)?;
        jobs.state().marked.insert(Arc::clone(id));
    }
    let result = cx.store().write(cx.project_ref(), body).await;
    drop(marking);
    jobs.state().waiting.insert(Arc::clone(id));
    jobs.wake.notify_one();
    result
}
