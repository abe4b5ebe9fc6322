//! Compression and revalidation: what is compressed, and the `ETag` of answers that repeat.
//!
//! Answers are compressed by one layer around the whole app. An `ETag` is worth its hash only for answers
//! that clients fetch again unchanged: static files, the description of the API, the error pages, lists of
//! scopes, figures of the server. Which routes those are says [`crate::route::Route::lasting`]. What a project's people
//! read of its data has none: it would be on the disk of whatever browser read it.

use http::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use http::{Method, StatusCode};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

#[cfg(test)]
mod tests;

/// Answers below this size are sent as they are: the headers of compression would eat the gain.
pub const COMPRESS_BYTES_MIN: u64 = 1_024;

/// The compression layer of the app: gzip and brotli, for answers that are large enough and not packed already.
pub fn compression_layer() -> CompressionLayer<impl Predicate> {
    let predicate = SizeAbove::new(COMPRESS_BYTES_MIN)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::SSE)
        .and(NotForContentType::const_new("video/"))
        .and(NotForContentType::const_new("audio/"))
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("application/gzip"))
        .and(NotForContentType::const_new("application/octet-stream"));
    CompressionLayer::new().gzip(true).br(true).compress_when(predicate)
}

/// The weak entity tag of a body: its length and a 64-bit hash of its bytes, and of the content type.
///
/// Weak, because the same body may be sent compressed. It is no secret and no proof: a collision shows a
/// stale page to a client that asked for one.
pub fn entity_tag(content_type: &str, body: &[u8]) -> String {
    let hash = hashed(hashed(FNV_OFFSET, content_type.as_bytes()), body);
    format!("W/\"{:x}-{hash:016x}\"", body.len())
}

/// FNV-1a's step over eight bytes at a time, with a turn that brings the upper bits down: a description of the API
/// has two million bytes.
fn hashed(start: u64, bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(start, |hash, chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        (hash.rotate_left(23) ^ u64::from_le_bytes(word)).wrapping_mul(FNV_PRIME)
    })
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// Tag a successful answer and turn it into 304 when the client has it already.
///
/// Returns whether the body must still be sent. The answer's content type is read from `answer`.
pub fn revalidate(
    method: &Method,
    request: &HeaderMap,
    status: &mut StatusCode,
    answer: &mut HeaderMap,
    body: &[u8],
) -> bool {
    if *status != StatusCode::OK || (method != Method::GET && method != Method::HEAD) {
        return true;
    }
    let content_type = answer.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let tag = entity_tag(content_type, body);
    let is_known = names_tag(request, &tag);
    if let Ok(value) = HeaderValue::from_str(&tag) {
        answer.insert(ETAG, value);
    }
    if is_known {
        *status = StatusCode::NOT_MODIFIED;
        answer.remove(CONTENT_TYPE);
    }
    !is_known
}

/// Whether `If-None-Match` names the tag (weak comparison) or any.
fn names_tag(request: &HeaderMap, tag: &str) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let lines = request.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|sent| sent.trim() == "*" || strong(sent) == strong(tag))
}
