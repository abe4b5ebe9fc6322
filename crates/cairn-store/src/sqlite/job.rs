//! A waiting transaction: the caller's closure, moved to the project's writer and answered from there.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use crate::tx::poll_now;
use crate::{StoreError, StoreErrorKind, Tx};

/// What the writer knows of a waiting transaction.
pub(super) trait Job: Send {
    /// Run the closure once; whether its changes stay.
    fn run(&mut self, tx: &Tx) -> Verdict;
    /// Milliseconds on the monotonic clock after which nobody waits for the answer.
    fn deadline_ms(&self) -> i64;
    /// Milliseconds that it may run once its turn has come; with one it runs alone and is interrupted.
    fn run_ms_max(&self) -> Option<i64>;
    /// Send the closure's own answer: after COMMIT, or after the undoing of what it refused.
    fn answer(self: Box<Self>);
    /// Send the closure's own error where it has one, otherwise this failure: nothing of it is there.
    fn refuse(self: Box<Self>, kind: StoreErrorKind);
    /// Send this failure instead of the closure's answer.
    fn fail(self: Box<Self>, kind: StoreErrorKind);
}

/// Whether a transaction shares a group with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// It does, and nothing interrupts it.
    Short,
    /// It runs alone and for a limited time.
    Long,
}

impl Length {
    pub(super) fn of(job: &dyn Job) -> Self {
        if job.run_ms_max().is_some() { Self::Long } else { Self::Short }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Keep,
    Undo,
}

pub(super) struct WriteJob<T, E, F> {
    body: F,
    deadline_ms: i64,
    run_ms_max: Option<i64>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> WriteJob<T, E, F> {
    pub(super) fn new(
        body: F,
        deadline_ms: i64,
        run_ms_max: Option<i64>,
    ) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (reply, receiver) = oneshot::channel();
        (Self { body, deadline_ms, run_ms_max, result: None, reply }, receiver)
    }
}

impl<T, E, F, Fut> Job for WriteJob<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnOnce(Tx) -> Fut + Clone + Send,
    Fut: Future<Output = Result<T, E>>,
{
    fn run(&mut self, tx: &Tx) -> Verdict {
        let (body, handle) = (self.body.clone(), tx.clone());
        // A panic undoes this member alone: the writer and the others of its group go on.
        let outcome = catch_unwind(AssertUnwindSafe(|| poll_now(body(handle))));
        let result = outcome.unwrap_or_else(|_| Err(defect("a transaction's closure panicked").into()));
        let result = match result {
            Ok(_) if tx.has_failed() => Err(defect("a closure went on after a failed statement").into()),
            other => other,
        };
        let verdict = if result.is_ok() { Verdict::Keep } else { Verdict::Undo };
        self.result = Some(result);
        verdict
    }

    fn deadline_ms(&self) -> i64 {
        self.deadline_ms
    }

    fn run_ms_max(&self) -> Option<i64> {
        self.run_ms_max
    }

    fn answer(self: Box<Self>) {
        let result = self.result.unwrap_or_else(|| Err(defect("a transaction was answered unrun").into()));
        let _ = self.reply.send(result);
    }

    fn refuse(self: Box<Self>, kind: StoreErrorKind) {
        match self.result {
            Some(Err(_)) => self.answer(),
            _ => self.fail(kind),
        }
    }

    fn fail(self: Box<Self>, kind: StoreErrorKind) {
        let _ = self.reply.send(Err(StoreError::new(kind).into()));
    }
}

fn defect(what: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Inconsistent(what.to_owned()))
}
