//! How the parts of the server are.

use std::time::Duration;

use cairn_store::{StoreError, StoreErrorKind};
use futures_util::future::join_all;

use crate::App;

/// A database that takes longer to answer does not answer.
const PING_MAX: Duration = Duration::from_secs(2);

/// Milliseconds that the database of each region takes to answer, the platform's first.
pub async fn pings_ms(app: &App) -> Vec<(String, Result<i64, StoreError>)> {
    let ping = async |region: String| {
        let began = app.clock.monotonic_ms();
        let answer = match tokio::time::timeout(PING_MAX, app.store.ping(&region)).await {
            Ok(answer) => answer,
            Err(late) => Err(StoreError::caused(StoreErrorKind::Unavailable, late)),
        };
        if let Err(error) = &answer {
            tracing::warn!(region, cause = ?error, "the store does not answer");
        }
        (region, answer.map(|()| app.clock.monotonic_ms().saturating_sub(began)))
    };
    join_all(app.store.regions().into_iter().map(ping)).await
}
