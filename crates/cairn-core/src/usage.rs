//! How much of a project is used: figures of the meter, written down before anybody reads them.
//!
//! How many there are of a thing now is counted out of what is there; the meter tells how that came about.

mod databases;
mod projects;
#[cfg(test)]
mod tests;
mod users;

use cairn_faults::{Error, Fault};
use cairn_model::usage::{Metric, Step, Subject};
use cairn_std::Timestamp;
use cairn_store::{StoreError, Tx};

pub use databases::{CollectionUsage, DatabaseUsage, DatabasesUsage, collection, database, databases};
pub use projects::{Breakdown, ProjectUsage, Span, project};
pub use users::{UsersUsage, users};

use crate::Cx;

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
    crate::users::admit(cx)?;
    if cx.app.options.has_usage { Ok(()) } else { Err(Fault::GeneralUsageDisabled.error()) }
}
