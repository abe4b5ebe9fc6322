//! The error answers of a route: every fault it may raise, by status, with a body as clients of the 1.9 contract get it.
//!
//! Faults and whole answers are described once and referred to, because most routes share most of them.

use std::collections::BTreeMap;

use cairn_faults::{ContractAge, Fault, Format, RenderContext, Vocabulary, render};
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::route::{Route, Verb};

/// The contract in which the document tells errors.
const SHOWN: Format = Format::Appwrite(ContractAge::V1_9);

/// The formats beside [`SHOWN`].
const OTHERS: &[(&str, Format)] = &[
    ("appwrite 1.0", Format::Appwrite(ContractAge::V1_0)),
    ("reason", Format::Reason),
    ("everlive", Format::Everlive),
    ("discord", Format::Discord),
    ("problem", Format::Problem),
];

/// What any request may meet before its handler runs, and what any handler may meet.
const OF_ALL: &[Fault] = &[
    Fault::GeneralProtocolUnsupported,
    Fault::GeneralBadRequest,
    Fault::GeneralArgumentInvalid,
    Fault::ProjectUnknown,
    Fault::ProjectNotFound,
    Fault::GeneralUnknownOrigin,
    Fault::UserJwtInvalid,
    Fault::UserJwtAndCookieSet,
    Fault::UserApiKeyAndSessionSet,
    Fault::ProjectKeyExpired,
    Fault::AccountKeyExpired,
    Fault::ApiKeyExpired,
    Fault::UserIdMissing,
    Fault::OrganizationIdMissing,
    Fault::UserUnauthorized,
    Fault::UserBlocked,
    Fault::GeneralServiceDisabled,
    Fault::GeneralApiDisabled,
    Fault::GeneralServerError,
    Fault::GeneralUnknown,
    Fault::StoreFailed,
    Fault::Overloaded,
    Fault::RequestTimeout,
    Fault::ShuttingDown,
];

/// What a request that changes something may meet besides.
const OF_WRITES: &[Fault] = &[
    Fault::BodyInvalid,
    Fault::MediaTypeMissing,
    Fault::UnsupportedMediaType,
    Fault::RequestBodyTooLarge,
    Fault::StorageFull,
    Fault::CommitOutcomeUnknown,
];

/// What a caller without the scope meets.
const OF_SCOPES: &[Fault] = &[Fault::Unauthenticated, Fault::GeneralUnauthorizedScope];

/// Collects what the routes refer to.
pub(super) struct Catalogue {
    api_version: String,
    examples: BTreeMap<String, Value>,
    responses: BTreeMap<String, Value>,
}

impl Catalogue {
    pub(super) fn new(api_version: &str) -> Self {
        Self { api_version: api_version.to_owned(), examples: BTreeMap::new(), responses: BTreeMap::new() }
    }

    /// The error answers of a route: status and reference.
    pub(super) fn responses(&mut self, route: &Route, has_params: bool) -> Vec<(String, Value)> {
        let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
        for fault in faults(route, has_params) {
            let (status, name) = self.example(fault, route.vocabulary);
            by_status.entry(status).or_default().push(name);
        }
        let answers = by_status.into_iter();
        answers.map(|(status, names)| (status.to_string(), self.response(status, names))).collect()
    }

    /// `components.examples` and `components.responses`.
    pub(super) fn into_components(self) -> (Value, Value) {
        let object = |parts: BTreeMap<String, Value>| Value::Object(parts.into_iter().collect());
        (object(self.examples), object(self.responses))
    }

    /// Note how a fault is told; its status and the name of the example.
    fn example(&mut self, fault: Fault, vocabulary: Vocabulary) -> (u16, String) {
        let (status, body) = self.told(fault, vocabulary);
        let has_own_words =
            vocabulary == Vocabulary::Tables && body != self.told(fault, Vocabulary::Documents).1;
        let name = format!("{}{}", fault.id(), if has_own_words { ".tables" } else { "" });
        let example = || json!({ "value": body, "x-cairn-codes": codes(fault, vocabulary) });
        self.examples.entry(name.clone()).or_insert_with(example);
        (status, name)
    }

    fn told(&self, fault: Fault, vocabulary: Vocabulary) -> (u16, Value) {
        let context = RenderContext {
            format: SHOWN,
            vocabulary,
            request_id: "",
            version: &self.api_version,
            is_development: false,
        };
        let rendered = render(&fault.error(), &context);
        (rendered.status, serde_json::from_slice(&rendered.body).expect("the error body is JSON"))
    }

    /// A reference to the answer that tells one of these faults.
    fn response(&mut self, status: u16, mut names: Vec<String>) -> Value {
        names.sort();
        let key = names.join("-");
        let reference = json!({ "$ref": format!("#/components/responses/{key}") });
        let examples = &self.examples;
        self.responses.entry(key).or_insert_with(|| {
            let mut types: Vec<&str> =
                names.iter().filter_map(|name| examples[name]["value"]["type"].as_str()).collect();
            types.dedup();
            let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
            let description = format!("{}: `{}`", reason.unwrap_or("Error"), types.join("`, `"));
            let example =
                |name: &String| (name.clone(), json!({ "$ref": format!("#/components/examples/{name}") }));
            let shown: Map<String, Value> = names.iter().map(example).collect();
            let schema = json!({ "$ref": "#/components/schemas/error" });
            json!({
                "description": description,
                "content": { "application/json": { "schema": schema, "examples": shown } },
            })
        });
        reference
    }
}

/// Every fault of a route, each once. Those of features that do not exist yet are left out.
fn faults(route: &Route, has_params: bool) -> Vec<Fault> {
    let mut faults: Vec<Fault> = OF_ALL.to_vec();
    faults.retain(|fault| has_params || *fault != Fault::GeneralArgumentInvalid);
    if route.verb != Verb::Get {
        faults.extend(OF_WRITES);
    }
    if !route.scopes.is_empty() {
        faults.extend(OF_SCOPES);
    }
    if route.is_idempotent {
        faults.extend([Fault::IdempotencyKeyReused, Fault::IdempotencyKeyInUse]);
    }
    if route.limit.max > 0 {
        faults.push(Fault::GeneralRateLimitExceeded);
    }
    faults.extend(route.faults);
    faults.retain(|fault| !fault.is_planned());
    faults.sort();
    faults.dedup();
    faults
}

fn codes(fault: Fault, vocabulary: Vocabulary) -> Value {
    let code = |(name, format): &(&str, Format)| {
        let told = format!("{} {}", fault.status(*format), fault.code(*format, vocabulary));
        ((*name).to_owned(), Value::from(told))
    };
    Value::Object(OTHERS.iter().map(code).collect())
}

/// The body of an error of the `appwrite` format.
pub(super) fn body_schema() -> Value {
    json!({
        "type": "object",
        "required": ["message", "code", "type", "version"],
        "properties": {
            "message": { "type": "string", "description": "What happened, for people; may change." },
            "code": { "type": "integer", "description": "The HTTP status." },
            "type": { "type": "string", "description": "The stable name of the fault." },
            "version": { "type": "string", "description": "The version of the API." },
        },
    })
}
