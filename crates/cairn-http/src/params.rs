//! The parameters of a request: one map, whatever way they were sent.
//!
//! Path parameters beat all others. The others come from the query string for GET and HEAD and from the
//! body for every other method, never from both. *Unset* is absence from the map, *null* is a value in it.
//! Texts from a query string, a form or a multipart body stay texts here; the rules in [`crate::rules`] read
//! numbers and booleans from them.
//!
//! COMPAT(appwrite): `text/plain` and a missing content type are read as JSON when they look like it, which old
//! SDKs rely on. Unlike the reference, a body that says it is JSON and is not, and one of a type that nobody
//! here reads, draw a fault of their own instead of being taken as empty: what was sent is never ignored.

use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_TYPE, HeaderMap};
use serde_json::{Map, Value};

use cairn_faults::{Error, Fault};

mod body;
mod form;
mod json;
mod multipart;

pub use body::read_body;

#[cfg(test)]
mod tests;

/// How deep objects and lists may be nested.
pub const PARAM_DEPTH_MAX: usize = 64;

/// How many parameters one request may name, in a query string, a form or at the top of a JSON body.
pub const PARAMS_MAX: usize = 1_000;

/// Where a parameter was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamOrigin {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// The body, or a wire step.
    Body,
}

/// A file of a multipart body.
#[derive(Clone, Debug)]
pub struct FilePart {
    /// Name of the parameter.
    pub name: String,
    /// Name of the file as the client gave it; no path may be built from it.
    pub file_name: String,
    /// The part's content type, if it has one.
    pub content_type: Option<String>,
    /// The content, within the bound of the body.
    pub bytes: Bytes,
}

/// The raw parameters of a request, in the order in which they were sent.
#[derive(Clone, Debug, Default)]
pub struct ParamMap {
    /// A handful at most: looking through them is quicker than hashing a name.
    path: Vec<(&'static str, Value)>,
    sent: Map<String, Value>,
    files: Vec<FilePart>,
    is_query: bool,
}

impl ParamMap {
    /// Read the parameters of a request whose body was read already (see [`read_body`]).
    pub async fn read(
        method: &Method,
        path: impl IntoIterator<Item = (&'static str, String)>,
        query: Option<&str>,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Self, Error> {
        let mut map = Self::default();
        for (name, value) in path {
            refuse_nul(name, &value)?;
            map.path.push((name, Value::String(value)));
        }
        if method == Method::GET || method == Method::HEAD {
            map.is_query = true;
            map.sent = form::parse(query.unwrap_or("").as_bytes())?;
        } else {
            map.read_body(headers, body).await.map_err(in_body)?;
        }
        json::refuse_nul_texts(&map.sent)?;
        Ok(map)
    }

    async fn read_body(&mut self, headers: &HeaderMap, body: Bytes) -> Result<(), Error> {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" => self.sent = json::parse(&body)?,
            "text/plain" | "" if json::looks_like_object(&body) => self.sent = json::parse(&body)?,
            "application/x-www-form-urlencoded" => self.sent = form::parse(&body)?,
            "multipart/form-data" => {
                (self.sent, self.files) = multipart::parse(content_type, body).await?;
            }
            _ if body.trim_ascii().is_empty() => {}
            kind if !is_media_type(kind) => return Err(Fault::MediaTypeMissing.error()),
            kind => return Err(Fault::UnsupportedMediaType.with("type", kind)),
        }
        Ok(())
    }

    /// A map of body parameters alone.
    pub fn from_body(sent: Map<String, Value>) -> Self {
        Self { sent, ..Self::default() }
    }

    /// The value of a parameter and where it was found; `None` when it is unset.
    pub fn get(&self, name: &str) -> Option<(&Value, ParamOrigin)> {
        let rest = if self.is_query { ParamOrigin::Query } else { ParamOrigin::Body };
        let in_path = self.path.iter().find(|(known, _)| *known == name);
        in_path
            .map(|(_, value)| (value, ParamOrigin::Path))
            .or_else(|| self.sent.get(name).map(|value| (value, rest)))
    }

    /// Take a parameter out of the path.
    fn remove_from_path(&mut self, name: &str) -> Option<Value> {
        let place = self.path.iter().position(|(known, _)| *known == name)?;
        Some(self.path.remove(place).1)
    }

    /// The value of a parameter.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.get(name).map(|(value, _)| value)
    }

    /// The value of a parameter that is a text, such as `project`, `mode` or `locale`.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::as_str)
    }

    /// A parameter as the text that stands in keys of rate limits: texts bare, other values as JSON, and
    /// `None` for what PHP calls empty.
    pub fn limit_key_text(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            Value::Null | Value::Bool(false) => None,
            Value::String(text) if text.is_empty() || text == "0" => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// Whether a parameter was sent, be it null.
    pub fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A file of a multipart body.
    pub fn file(&self, name: &str) -> Option<&FilePart> {
        self.files.iter().find(|file| file.name == name)
    }

    /// All files, in the order in which they were sent.
    pub fn files(&self) -> &[FilePart] {
        &self.files
    }

    /// The names of all parameters, each once.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let in_path = || self.path.iter().map(|(name, _)| *name);
        let rest = self.sent.keys().map(String::as_str);
        in_path().chain(rest.filter(move |name| !in_path().any(|known| known == *name)))
    }

    /// The value of a parameter for a wire step to rewrite.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        match self.path.iter_mut().find(|(known, _)| *known == name) {
            Some((_, value)) => Some(value),
            None => self.sent.get_mut(name),
        }
    }

    /// Set a parameter; one from the path is replaced.
    pub fn set(&mut self, name: &str, value: Value) {
        self.remove_from_path(name);
        self.sent.insert(name.to_owned(), value);
    }

    /// Take a parameter out of the map.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let from_path = self.remove_from_path(name);
        let from_rest = self.sent.shift_remove(name);
        from_path.or(from_rest)
    }

    /// Give a parameter another name, unless one of that name was sent too.
    pub fn rename(&mut self, from: &str, to: &str) {
        if !self.is_set(to)
            && let Some(value) = self.remove(from)
        {
            self.sent.insert(to.to_owned(), value);
        }
    }

    /// Everything as one object, path parameters first.
    pub fn to_object(&self) -> Map<String, Value> {
        self.names().filter_map(|name| Some((name.to_owned(), self.value(name)?.clone()))).collect()
    }
}

/// U+0000 cannot be stored by every engine, and is in no text that a person means to send.
fn refuse_nul(name: &str, text: &str) -> Result<(), Error> {
    if text.contains('\0') {
        return Err(Error::invalid_param(name, "A text must not contain the character U+0000."));
    }
    Ok(())
}

/// Whether a text has the form of a media type, `a/b`.
fn is_media_type(text: &str) -> bool {
    let is_token = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    text.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

fn too_many_params() -> Error {
    malformed(format!("a request may carry at most {PARAMS_MAX} parameters"))
}

fn too_deep() -> Error {
    malformed(format!("values may be nested at most {PARAM_DEPTH_MAX} levels deep"))
}

fn not_utf8() -> Error {
    malformed("the text is not valid UTF-8")
}

/// A request that cannot be read, and why, as a phrase.
#[track_caller]
fn malformed(reason: impl std::fmt::Display) -> Error {
    Error::new(Fault::GeneralBadRequest).with("reason", reason)
}

/// What cannot be read is in the body, not in the query string.
fn in_body(error: Error) -> Error {
    match error.param("reason") {
        Some(reason) if error.fault() == Fault::GeneralBadRequest => {
            Fault::BodyInvalid.with("reason", reason).source(error)
        }
        _ => error,
    }
}

/// A body above its bound.
#[track_caller]
fn too_large(limit: usize) -> Error {
    Error::new(Fault::RequestBodyTooLarge).with("limit", limit)
}

/// An object sent as a text of JSON, within the bounds of a body; `None` when it is none.
pub(crate) fn parse_json_text(text: &str) -> Option<Map<String, Value>> {
    let map = json::parse(text.as_bytes()).ok()?;
    json::refuse_nul_texts(&map).is_ok().then_some(map)
}
