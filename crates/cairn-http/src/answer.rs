//! What a handler gives back, before it is bytes on the wire.

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::wire_version::{WireSteps, WireVersion};

/// An answer: a status, a body and more headers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Body,
    /// More headers, names in lower case; one name may stand several times.
    pub headers: Vec<(&'static str, String)>,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub enum Body {
    /// None.
    Empty,
    /// One object of a model, which older wire versions may want otherwise.
    Model {
        /// The model's name.
        model: &'static str,
        /// The object in its native form.
        object: Map<String, Value>,
    },
    /// A page of objects of one model: `{total, <name>: [..]}`.
    List {
        /// The model of each object.
        model: &'static str,
        /// The name of the member that holds them.
        name: &'static str,
        /// How many there are in all.
        total: i64,
        /// The objects in their native form.
        objects: Vec<Value>,
    },
    /// Bytes that are sent as they are.
    Raw {
        /// Their media type.
        content_type: &'static str,
        /// The bytes.
        bytes: Bytes,
    },
}

/// The media type of every JSON answer, as clients compare it.
pub const JSON: &str = "application/json; charset=UTF-8";

impl Answer {
    fn new(status: u16, body: Body) -> Self {
        Self { status, body, headers: Vec::new() }
    }

    /// 200 with one object.
    pub fn ok(model: &'static str, object: Map<String, Value>) -> Self {
        Self::new(200, Body::Model { model, object })
    }

    /// 201 with the object that was made.
    pub fn created(model: &'static str, object: Map<String, Value>) -> Self {
        Self::new(201, Body::Model { model, object })
    }

    /// 202 with the object that is being made.
    pub fn accepted(model: &'static str, object: Map<String, Value>) -> Self {
        Self::new(202, Body::Model { model, object })
    }

    /// 204 without a body.
    pub fn no_content() -> Self {
        Self::new(204, Body::Empty)
    }

    /// 301 to another address, which nobody may remember: the next one leads elsewhere.
    ///
    /// COMPAT(appwrite): clients expect 301 or 302.
    pub fn moved(url: impl Into<String>) -> Self {
        Self::new(301, Body::Empty)
            .header("location", url)
            .header("cache-control", "no-store, no-cache, must-revalidate, max-age=0")
            .header("pragma", "no-cache")
    }

    /// 200 with a page of objects.
    pub fn list(model: &'static str, name: &'static str, total: i64, objects: Vec<Value>) -> Self {
        Self::new(200, Body::List { model, name, total, objects })
    }

    /// JSON that is already written.
    pub fn json_bytes(status: u16, bytes: impl Into<Bytes>) -> Self {
        Self::new(status, Body::Raw { content_type: JSON, bytes: bytes.into() })
    }

    /// 200 with these bytes.
    pub fn raw(content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        Self::new(200, Body::Raw { content_type, bytes: bytes.into() })
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same answer with more headers.
    #[must_use]
    pub fn headers(mut self, headers: Vec<(&'static str, String)>) -> Self {
        self.headers.extend(headers);
        self
    }
}

impl Body {
    /// The bytes and their media type, in the version that the caller speaks.
    pub(crate) fn into_bytes(
        self,
        steps: &WireSteps,
        version: Option<WireVersion>,
    ) -> Option<(&'static str, Bytes)> {
        match self {
            Self::Empty => None,
            Self::Raw { content_type, bytes } => Some((content_type, bytes)),
            Self::Model { model, mut object } => {
                steps.lower_answer(version, model, &mut object);
                Some((JSON, to_bytes(&Value::Object(object))))
            }
            Self::List { model, name, total, mut objects } => {
                for object in objects.iter_mut().filter_map(Value::as_object_mut) {
                    steps.lower_answer(version, model, object);
                }
                let mut page = Map::new();
                page.insert("total".to_owned(), total.into());
                page.insert(name.to_owned(), Value::Array(objects));
                Some((JSON, to_bytes(&Value::Object(page))))
            }
        }
    }
}

fn to_bytes(value: &Value) -> Bytes {
    serde_json::to_vec(value).expect("a JSON value has string keys only").into()
}
