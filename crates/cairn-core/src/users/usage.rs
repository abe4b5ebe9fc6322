//! How many users and sessions a project has, and when they came.
//!
//! Counted out of what is there: who was deleted does not count for the day of the coming either.

use cairn_faults::Error;

use crate::Cx;
use crate::usage::{Figure, UsageRange, admit, users_that_came};

/// The figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Users.
    pub users: Figure,
    /// Sessions.
    pub sessions: Figure,
}

/// The figures of the project's users.
///
/// # Errors
/// `user_unauthorized`, `general_usage_disabled`.
pub async fn usage(cx: &Cx, range: UsageRange) -> Result<Usage, Error> {
    admit(cx)?;
    let steps = range.steps(cx);
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            let sessions = steps.points(&tx.sessions_by_step(steps.since(), steps.step).await?);
            Ok(Usage {
                users: users_that_came(&tx, steps).await?,
                sessions: Figure { total: tx.session_count().await?, points: sessions },
            })
        })
        .await
}
