//! How the parts of the server are.

use std::time::Duration;

use cairn_faults::Error;
use cairn_store::{Connections, StoreError, StoreErrorKind};
use futures_util::future::join_all;

use crate::{App, Cx};

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

/// How the engine is that keeps a project's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineState {
    /// `sqlite` or `postgresql`.
    pub name: &'static str,
    /// Its version.
    pub version: String,
    /// How long it has run: the embedded engine for as long as this process.
    pub uptime_seconds: i64,
    /// Connections to it.
    pub connections: Connections,
}

/// How the engine is that keeps the project's data.
///
/// # Errors
/// What it cannot be asked for.
pub async fn engine(cx: &Cx) -> Result<EngineState, Error> {
    let connections = cx.store().connections();
    let read: Result<_, StoreError> =
        cx.store().read(cx.project_ref(), |tx| async move { tx.engine_state().await }).await;
    let (version, started) = read?;
    let uptime_ms = match started {
        Some(at) => cx.now().0.saturating_sub(at.0),
        None => cx.app.clock.monotonic_ms().saturating_sub(cx.app.started_ms),
    };
    let name = if cx.store().engine() == "postgres" { "postgresql" } else { "sqlite" };
    Ok(EngineState { name, version, uptime_seconds: uptime_ms.max(0) / 1_000, connections })
}
