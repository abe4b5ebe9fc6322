//! What a request meets first: the operations pages or the API, and around both the log line and the counts.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use cairn_http::Route;
use http::{Request, Response};

use crate::connections::Answers;
use crate::operations;
use crate::site::Site;

/// Requests of paths that no route has, in logs and counts.
const UNMATCHED: &str = "unmatched";

impl Answers for Site {
    /// Answer a request of the client at `peer`, then log and count it.
    async fn handle(
        self: Arc<Self>,
        request: Request<Body>,
        peer: IpAddr,
    ) -> Result<Response<Body>, Infallible> {
        let start_us = self.app.clock.monotonic_us();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let operation = operations::name_of(&path);
        let response = match operation {
            Some(_) => operations::answer(&self, &request.into_parts().0, peer).await,
            None => self.kit.handle(request, peer).await,
        };
        let matched = response.extensions().get::<&'static Route>().map(|route| route.name);
        let route = operation.or(matched).unwrap_or(UNMATCHED);
        let status = response.status().as_u16();
        let took_us = self.app.clock.monotonic_us() - start_us;
        self.metrics.request(route, status, seconds(took_us));
        let request_id = response.headers().get(&cairn_http::headers::REQUEST_ID);
        let request_id = request_id.and_then(|id| id.to_str().ok()).unwrap_or_default();
        // The query is left out: secrets of recovery and invitation links stand there.
        if status >= 500 {
            tracing::info!(request_id, %method, path, route, status, took_us, %peer, "answered");
        } else {
            tracing::debug!(request_id, %method, path, route, status, took_us, %peer, "answered");
        }
        Ok(response)
    }
}

#[expect(clippy::cast_precision_loss, reason = "no request takes 2^53 microseconds")]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1_000_000.0
}
