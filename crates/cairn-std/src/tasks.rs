//! Background tasks that the shutdown waits for.

use std::future::Future;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Spawns tasks, tells them when to stop, and waits until all have.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

/// Tells a task that the server is stopping.
#[derive(Clone, Debug)]
pub struct Stop(CancellationToken);

impl Stop {
    /// Wait until the server is stopping.
    pub async fn requested(&self) {
        self.0.cancelled().await;
    }

    /// Do `work` every so often until the server is stopping, and once more then.
    pub async fn regularly<F: Future<Output = ()>>(self, every: Duration, work: impl Fn() -> F) {
        while !self.is_requested() {
            let _ = tokio::time::timeout(every, self.requested()).await;
            work().await;
        }
    }

    /// Whether the server is stopping.
    pub fn is_requested(&self) -> bool {
        self.0.is_cancelled()
    }
}

impl Tasks {
    /// An empty set of tasks.
    pub fn new() -> Self {
        Self::default()
    }

    /// Run `task` until it ends by itself; it should watch its [`Stop`].
    pub fn spawn<F>(&self, task: impl FnOnce(Stop) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tracker.spawn(task(self.stop()));
    }

    /// Run blocking work on the runtime's blocking threads.
    pub fn spawn_blocking(&self, work: impl FnOnce() + Send + 'static) {
        self.tracker.spawn_blocking(work);
    }

    /// A watcher of the stop signal.
    pub fn stop(&self) -> Stop {
        Stop(self.stop.clone())
    }

    /// Ask all tasks to stop and wait until they have.
    pub async fn shutdown(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}
