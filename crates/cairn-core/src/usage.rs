//! How much of a project is used: the meter, and the figures that it gives.
//!
//! Reads do not write: what is counted waits in memory, in the store's meter, and is written every few seconds, a group
//! of it in a transaction, before anybody reads figures, and once more at the end. A crash loses the counts of the last
//! seconds. How many there are of a thing now is counted out of what is there; the meter tells how that came about.

mod databases;
mod projects;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use cairn_faults::{Error, Fault};
use cairn_model::usage::{Count, Metric, Step, Subject};
use cairn_std::Timestamp;
use cairn_std::tasks::Stop;
use cairn_store::{ProjectRef, StoreError, StoreErrorKind, Table, Tx};

pub use databases::{CollectionUsage, DatabaseUsage, DatabasesUsage, collection, database, databases};
pub(crate) use projects::users_that_came;
pub use projects::{Breakdown, ProjectUsage, Span, project};

use crate::{App, Cx, users};

/// How often counts are written.
const WRITE_EVERY: Duration = Duration::from_secs(5);
/// Counts that one transaction writes at most: others wait for it.
const GROUP_MAX: usize = 50;

/// Over which time figures are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageRange {
    /// The last day, by the hour.
    Day,
    /// The last 30 days, by the day.
    Month,
    /// The last 90 days, by the day.
    Quarter,
}

impl UsageRange {
    /// Its name, as clients know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Month => "30d",
            Self::Quarter => "90d",
        }
    }

    /// The steps that end with the present one.
    pub(crate) fn steps(self, cx: &Cx) -> Steps {
        let (count, step) = match self {
            Self::Day => (24, Step::Hour),
            Self::Month => (30, Step::Day),
            Self::Quarter => (90, Step::Day),
        };
        let first = cx.now().0.div_euclid(step.millis()) - (count - 1);
        Steps { step, first, count }
    }
}

/// How many came in a step, less those that went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// When the step began.
    pub at: Timestamp,
    /// How many.
    pub value: i64,
}

/// A number of things now, and how it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// How many there are, or were in all.
    pub total: i64,
    /// Step by step.
    pub points: Vec<Point>,
}

/// Steps of time that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Steps {
    pub(crate) step: Step,
    /// The first one, counted from the beginning of time.
    first: i64,
    count: i64,
}

impl Steps {
    /// When the first one begins.
    pub(crate) fn since(self) -> Timestamp {
        Timestamp(self.first * self.step.millis())
    }

    /// When the last one ends.
    pub(crate) fn until(self) -> Timestamp {
        Timestamp((self.first + self.count) * self.step.millis())
    }

    /// A point for each of them, of what was found for some, by when they begin.
    pub(crate) fn points(self, found: &[(Timestamp, i64)]) -> Vec<Point> {
        let value = |at| found.iter().find(|(began, _)| *began == at).map_or(0, |(_, value)| *value);
        let begins =
            (self.first..self.first + self.count).map(|number| Timestamp(number * self.step.millis()));
        begins.map(|at| Point { at, value: value(at) }).collect()
    }

    /// What the meter has of a metric.
    pub(crate) async fn read(
        self,
        tx: &Tx,
        subject: Subject,
        metric: Metric,
    ) -> Result<Vec<Point>, StoreError> {
        let found = tx.usage_steps(subject, metric, self.step, (self.since(), self.until())).await?;
        Ok(self.points(&found))
    }
}

/// Only keys and admins are told how much is used, unless nobody is.
///
/// # Errors
/// `user_unauthorized`, `general_usage_disabled`.
pub(crate) fn admit(cx: &Cx) -> Result<(), Error> {
    users::admit(cx)?;
    if cx.app.options.has_usage { Ok(()) } else { Err(Fault::GeneralUsageDisabled.error()) }
}

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
async fn write_waiting(app: &App, only: Option<&ProjectRef>) {
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
