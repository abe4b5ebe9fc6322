//! What the wire forms of several models and parameters share.

use cairn_core::Cx;
use cairn_core::claims::Told;
use cairn_core::listing::{ListRequest, Page};
use cairn_faults::{ContractAge, Error, Format};
use cairn_http::Answer;
use cairn_http::answer::Body;
use cairn_http::exchange::Exchange;
use cairn_http::params;
use cairn_http::rules::{Refusal, Rule, Shape, boolean, queries};
use cairn_model::user_agent::UserAgent;
use cairn_query::Limits;
use cairn_std::Timestamp;
use serde_json::{Map, Value, json};

/// An object of a model.
pub(crate) type Object = Map<String, Value>;

/// An answer as it is kept for a repetition of its request. Models in it have no older form.
pub(crate) fn told(answer: Answer) -> Told {
    let body = match answer.body {
        Body::Raw { bytes, .. } => String::from_utf8_lossy(&bytes).into_owned(),
        Body::Model { object, .. } => Value::Object(object).to_string(),
        Body::Empty | Body::List { .. } => String::new(),
    };
    Told { status: answer.status, body }
}

/// The answer of a page, its items in this form.
pub(crate) fn paged<T>(
    model: &'static str,
    name: &'static str,
    page: &Page<T>,
    wire: impl Fn(&T) -> Object,
) -> Answer {
    let objects = page.items.iter().map(|item| Value::Object(wire(item))).collect();
    Answer::list(model, name, page.total, objects)
}

/// An instant, or an empty text.
pub(crate) fn time_or_empty(at: Option<Timestamp>) -> Value {
    Value::String(at.map(Timestamp::to_wire).unwrap_or_default())
}

/// Add what is told of a client and where it is, of its own description of itself and its country.
///
/// COMPAT(appwrite): `--` and Unknown for a country that is not known; where it is, the code stands for the name.
pub(crate) fn add_client(shown: &mut Object, user_agent: &str, country: &str) {
    let UserAgent { os, client, device } = UserAgent::parse(user_agent);
    let (country_code, country_name) = match country {
        "" => ("--".to_owned(), "Unknown"),
        code => (code.to_lowercase(), code),
    };
    shown.extend(object(json!({
        "osCode": os.code,
        "osName": os.name,
        "osVersion": os.version,
        "clientType": client.kind,
        "clientCode": client.code,
        "clientName": client.name,
        "clientVersion": client.version,
        "clientEngine": client.engine,
        "clientEngineVersion": client.engine_version,
        "deviceName": device.name,
        "deviceBrand": device.brand,
        "deviceModel": device.model,
        "countryCode": country_code,
        "countryName": country_name,
    })));
}

/// Preferences as the store keeps them: a JSON object as text.
pub(crate) fn preferences(text: &str) -> Object {
    serde_json::from_str(text).unwrap_or_default()
}

/// Preferences as the store keeps them, of what a client sent.
pub(crate) fn preferences_text(prefs: Object) -> String {
    Value::Object(prefs).to_string()
}

/// The members of a JSON object literal.
pub(crate) fn object(value: Value) -> Object {
    match value {
        Value::Object(members) => members,
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}

/// What a client asks of a list, of the parameters `queries`, `search` and `total`, with the limits of the contract that
/// it speaks.
pub(crate) fn list_request(
    exchange: &Exchange,
    queries: Vec<String>,
    search: String,
    counts_total: bool,
) -> ListRequest {
    let limits = match exchange.errors.format {
        Format::Appwrite(ContractAge::Oldest | ContractAge::V1_0) => Limits::V1_0,
        _ => Limits::CURRENT,
    };
    ListRequest { queries, search, counts_total, limits }
}

/// Whether a link in a message may lead to this page.
///
/// # Errors
/// `general_argument_invalid` of the parameter `url`.
pub(crate) fn require_redirect(cx: &Cx, exchange: &Exchange, url: &str) -> Result<(), Error> {
    if exchange.allows_redirect(cx, url) {
        return Ok(());
    }
    Err(Error::invalid_param("url", "must be a page of one of the project's platforms"))
}

params! {
    /// What lists of a project take.
    pub(crate) struct ListParams {
        /// Array of query strings.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// When set to false, the total count returned will be 0.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

impl ListParams {
    pub(crate) fn into_request(self, exchange: &Exchange) -> ListRequest {
        list_request(exchange, self.queries, String::new(), self.total)
    }
}

/// See [`empty_or`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct EmptyOr<R>(R);

/// A text that keeps the rule, or an empty one, which is `None`.
pub(crate) fn empty_or<R: Rule>(rule: R) -> EmptyOr<R> {
    EmptyOr(rule)
}

impl<R: Rule> Rule for EmptyOr<R> {
    type Output = Option<R::Output>;

    fn shape(&self) -> Shape {
        Shape { min: None, ..self.0.shape() }
    }

    fn check(&self, value: &Value) -> Result<Self::Output, Refusal> {
        if value.as_str() == Some("") { Ok(None) } else { self.0.check(value).map(Some) }
    }
}

/// May be absent, null or empty, all of which are `None`.
pub(crate) fn maybe<R: Rule>(rule: R) -> cairn_http::rules::Defaulted<EmptyOr<R>>
where
    R::Output: Clone,
{
    empty_or(rule).or(None, json!(""))
}

/// The rule, or an empty text, which clears a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrEmpty<R>(pub(crate) R);

impl<R: Rule<Output = String>> Rule for OrEmpty<R> {
    type Output = String;

    fn shape(&self) -> Shape {
        Shape { min: None, ..self.0.shape() }
    }

    fn check(&self, value: &Value) -> Result<String, Refusal> {
        if value.as_str() == Some("") { Ok(String::new()) } else { self.0.check(value) }
    }
}
