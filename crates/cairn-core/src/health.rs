//! How the parts of the server are.

use cairn_faults::Error;
use cairn_store::{Connections, ProjectRef, StoreError};

use crate::Cx;

/// Milliseconds that a small read of the platform's store takes.
pub async fn store_ping_ms(cx: &Cx) -> Result<i64, Error> {
    let began = cx.app.clock.monotonic_ms();
    let read: Result<i64, StoreError> =
        cx.store().read(&ProjectRef::console(), |tx| async move { tx.user_count(1).await }).await;
    read?;
    Ok(cx.app.clock.monotonic_ms().saturating_sub(began))
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
