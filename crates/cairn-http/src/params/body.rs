//! The bounded body reader.

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body;

use cairn_faults::Error;

use super::{in_body, malformed, too_large};

/// Read a whole body, but never more than `limit` bytes.
///
/// A declared length above the limit is refused before anything is read.
pub async fn read_body<B>(body: B, limit: usize) -> Result<Bytes, Error>
where
    B: Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large(limit));
    }
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(limit)),
        Err(error) => Err(in_body(malformed("the body ended before it was complete").source(error))),
    }
}
