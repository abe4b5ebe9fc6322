//! How many users and sessions a project has, and when they came.
//!
//! Counted out of what is there: who was deleted does not count for the day of the coming either.

use cairn_faults::Error;
use cairn_store::Tx;

use super::{Figure, Steps, UsageRange, admit};
use crate::Cx;

/// The figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsersUsage {
    /// Users.
    pub users: Figure,
    /// Sessions.
    pub sessions: Figure,
}

/// The figures of the project's users.
///
/// # Errors
/// `user_unauthorized`, `general_usage_disabled`.
pub async fn users(cx: &Cx, range: UsageRange) -> Result<UsersUsage, Error> {
    admit(cx)?;
    let steps = range.steps(cx);
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            let sessions = steps.points(&tx.sessions_by_step(steps.since(), steps.step).await?);
            Ok(UsersUsage {
                users: users_that_came(&tx, steps).await?,
                sessions: Figure { total: tx.session_count().await?, points: sessions },
            })
        })
        .await
}

/// The users there are, and when they came.
pub(super) async fn users_that_came(tx: &Tx, steps: Steps) -> Result<Figure, Error> {
    let points = steps.points(&tx.users_by_step(steps.since(), steps.step).await?);
    Ok(Figure { total: tx.user_count(i64::MAX).await?, points })
}
