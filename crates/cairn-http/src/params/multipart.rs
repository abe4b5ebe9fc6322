//! Multipart bodies: fields with PHP's arrays, and files kept as bytes within the bound of the body.

use bytes::Bytes;
use futures_util::stream;
use multer::Multipart;
use serde_json::{Map, Value};

use cairn_faults::Error;

use super::form::Fields;
use super::{FilePart, PARAMS_MAX, malformed, not_utf8, too_many_params};

/// Parse a body that was read already.
pub(super) async fn parse(
    content_type: &str,
    body: Bytes,
) -> Result<(Map<String, Value>, Vec<FilePart>), Error> {
    let boundary = multer::parse_boundary(content_type)
        .map_err(|error| malformed("the multipart body names no boundary").source(error))?;
    // PHP takes a request without any part as one without parameters.
    if body.is_empty() {
        return Ok((Map::new(), Vec::new()));
    }
    let chunks = stream::once(async move { Ok::<_, std::convert::Infallible>(body) });
    let mut parts = Multipart::new(chunks, boundary);
    let (mut fields, mut files) = (Fields::default(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let Some(name) = part.name().map(str::to_owned) else {
            continue;
        };
        if let Some(file_name) = part.file_name().map(str::to_owned) {
            if files.len() == PARAMS_MAX {
                return Err(too_many_params());
            }
            let content_type = part.content_type().map(ToString::to_string);
            let bytes = part.bytes().await.map_err(broken)?;
            files.push(FilePart { name, file_name, content_type, bytes });
        } else {
            let bytes = part.bytes().await.map_err(broken)?;
            let text = String::from_utf8(bytes.to_vec()).map_err(|_| not_utf8())?;
            fields.push(&name, Value::String(text))?;
        }
    }
    Ok((fields.finish(), files))
}

fn broken(error: multer::Error) -> Error {
    malformed("the multipart body is broken").source(error)
}
