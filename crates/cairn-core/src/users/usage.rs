//! How many users and sessions a project has, and when they came.
//!
//! Counted out of what is there: who was deleted does not count for the day of the coming either.

use cairn_faults::{Error, Fault};
use cairn_std::Timestamp;

use super::admit;
use crate::Cx;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

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

    /// How many steps it has, and how long each is.
    fn steps(self) -> (i64, i64) {
        match self {
            Self::Day => (24, HOUR_MS),
            Self::Month => (30, DAY_MS),
            Self::Quarter => (90, DAY_MS),
        }
    }
}

/// How many came in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// When the step began.
    pub at: Timestamp,
    /// How many.
    pub value: i64,
}

/// The figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Users in all.
    pub users_total: i64,
    /// Sessions in all.
    pub sessions_total: i64,
    /// Users who came, step by step.
    pub users: Vec<Metric>,
    /// Sessions that began, step by step.
    pub sessions: Vec<Metric>,
}

/// The figures of the project's users.
///
/// # Errors
/// `general_usage_disabled`.
pub async fn usage(cx: &Cx, range: UsageRange) -> Result<Usage, Error> {
    admit(cx)?;
    if !cx.app.options.has_usage {
        return Err(Fault::GeneralUsageDisabled.error());
    }
    let (count, step) = range.steps();
    let first = cx.now().0.div_euclid(step) - (count - 1);
    let since = Timestamp(first * step);
    let metrics = move |found: Vec<(i64, i64)>| -> Vec<Metric> {
        let value = |at: i64| found.iter().find(|(step, _)| *step == at).map_or(0, |(_, value)| *value);
        (first..first + count).map(|at| Metric { at: Timestamp(at * step), value: value(at) }).collect()
    };
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            Ok(Usage {
                users_total: tx.user_count(i64::MAX).await?,
                sessions_total: tx.session_count().await?,
                users: metrics(tx.user_counts_since(since, step).await?),
                sessions: metrics(tx.session_counts_since(since, step).await?),
            })
        })
        .await
}
