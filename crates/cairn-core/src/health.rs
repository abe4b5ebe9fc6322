//! How the parts of the server are.

use cairn_faults::Error;
use cairn_store::{ProjectRef, StoreError};

use crate::Cx;

/// Milliseconds that a small read of the platform's store takes.
pub async fn store_ping_ms(cx: &Cx) -> Result<i64, Error> {
    let began = cx.app.clock.monotonic_ms();
    let read: Result<i64, StoreError> =
        cx.store().read(&ProjectRef::console(), |tx| async move { tx.user_count(1).await }).await;
    read?;
    Ok(cx.app.clock.monotonic_ms().saturating_sub(began))
}
