//! How the parts of the server are.

use cairn_faults::Error;
use cairn_store::ProjectRef;

use crate::Cx;

/// Milliseconds that each region's database takes to answer, the platform's first; `None` for one that does not.
///
/// # Errors
/// When the platform's own database does not answer.
pub async fn store_pings_ms(cx: &Cx) -> Result<Vec<(String, Option<i64>)>, Error> {
    let mut pings = Vec::new();
    for region in cx.store().regions() {
        let began = cx.app.clock.monotonic_ms();
        let answer = cx.store().ping(&region).await;
        if region == ProjectRef::REGION_DEFAULT {
            answer?;
            pings.push((region, Some(cx.app.clock.monotonic_ms().saturating_sub(began))));
            continue;
        }
        if let Err(error) = &answer {
            tracing::warn!(region, cause = ?error, "a region's database does not answer");
        }
        pings.push((region, answer.ok().map(|()| cx.app.clock.monotonic_ms().saturating_sub(began))));
    }
    Ok(pings)
}
