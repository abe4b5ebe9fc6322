//! A surface as data: one row per route drives the router, the checks, the limiter, the API description and the
//! coverage tests.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use cairn_core::Cx;
use cairn_faults::{Error, Fault, Format, Vocabulary};
use http::Method;

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::limits::{RateLimit, ResetOnSuccess};
use crate::model::{Model, Shape, Success};
use crate::params::ParamMap;
use crate::spec::{FromParams, ParamSpec};
use crate::wire_version::WireSteps;

/// A set of routes with one contract.
#[derive(Clone, Copy)]
pub struct Surface {
    /// Its routes, by capability.
    pub routes: &'static [&'static [Route]],
    /// The conversions between its wire versions.
    pub steps: WireSteps,
    /// How it tells errors when the caller asks for nothing else.
    pub format: Format,
    /// How its requests name their project and their sender.
    pub style: RequestStyle,
    /// What it says of an upload that cannot be read, where that is a fault of its own.
    pub unreadable_upload: Option<Fault>,
}

/// How a request names its project and its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestStyle {
    /// The project in a header, the sender by the project's cookies, keys, JWTs and sessions.
    Appwrite,
    /// The project of the configuration where no header names one, the sender by one opaque token: a host-only cookie or
    /// `Authorization: Bearer`.
    Account,
}

/// One route.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks of a route")]
pub struct Route {
    /// The method.
    pub verb: Verb,
    /// The path, parameters as `{name}`.
    pub path: &'static str,
    /// Older paths of the same route.
    pub aliases: &'static [&'static str],
    /// The SDK's method, `service.method`; the service is also the project's toggle.
    pub name: &'static str,
    /// More SDK methods that call this route.
    pub also: &'static [&'static str],
    /// The words in which it speaks of documents.
    pub vocabulary: Vocabulary,
    /// Scopes of which one is enough; none is asked where this is empty.
    pub scopes: &'static [&'static str],
    /// How often it may be called.
    pub limit: RateLimit,
    /// Whether pages of any origin may call it, those of nobody's platform too.
    pub is_open: bool,
    /// Whether a session may call it that still lacks its second factor.
    pub is_before_factors: bool,
    /// Whether a user may call it whose password must be changed first.
    pub is_before_password: bool,
    /// What the log says of it; nothing where this is absent.
    pub audit: Option<Audit>,
    /// Whether it heeds an idempotency key: a repeated request is answered with the first one's answer.
    pub is_idempotent: bool,
    /// Whether its answer stays the same for long: it has an `ETag`, and a client that has the answer already is told so.
    pub is_lasting: bool,
    /// Faults of its own, beside those that every route may raise.
    pub faults: &'static [Fault],
    /// What it gives back when all goes well; `None` where nobody has said yet.
    pub success: Option<Success>,
    /// What else it may give back then; behind a thin pointer, because rows are handed on by value.
    pub others: &'static &'static [Success],
    /// What it does.
    pub handler: Handler,
}

/// What the log says of a route; see [`Route::audited`].
#[derive(Clone, Copy, Debug)]
pub struct Audit {
    /// What happened.
    pub event: &'static str,
    /// To what.
    pub resource: &'static str,
    /// Which user it is about.
    pub subject: &'static str,
    /// How often applications do it.
    pub pace: Pace,
}

/// How often applications do something that the log tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Now and then: the log has every time.
    Seldom,
    /// All the time: of a burst the log has a part.
    Often,
}

/// The methods that routes use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// GET, and HEAD without the body.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

impl Verb {
    /// The method in capitals.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The verb of a request's method; `None` for those that no route has.
    pub fn of(method: &Method) -> Option<Self> {
        match *method {
            Method::GET | Method::HEAD => Some(Self::Get),
            Method::POST => Some(Self::Post),
            Method::PUT => Some(Self::Put),
            Method::PATCH => Some(Self::Patch),
            Method::DELETE => Some(Self::Delete),
            _ => None,
        }
    }
}

/// Most routes give one thing.
const NO_OTHERS: &[Success] = &[];

const UNLIMITED: RateLimit = RateLimit {
    max: 0,
    window_seconds: 3_600,
    keys: &["url:{url},ip:{ip}"],
    reset_on_success: ResetOnSuccess::Keep,
};

impl Route {
    /// A route; `name` is the SDK's `service.method`.
    pub const fn new(verb: Verb, path: &'static str, name: &'static str, handler: Handler) -> Self {
        Self {
            verb,
            path,
            aliases: &[],
            name,
            also: &[],
            vocabulary: Vocabulary::Documents,
            scopes: &[],
            limit: UNLIMITED,
            is_open: false,
            is_before_factors: false,
            is_before_password: false,
            audit: None,
            is_idempotent: false,
            is_lasting: false,
            faults: &[],
            success: None,
            others: &NO_OTHERS,
            handler,
        }
    }

    /// A GET route.
    pub const fn get(path: &'static str, name: &'static str, handler: Handler) -> Self {
        Self::new(Verb::Get, path, name, handler)
    }

    /// A POST route.
    pub const fn post(path: &'static str, name: &'static str, handler: Handler) -> Self {
        Self::new(Verb::Post, path, name, handler)
    }

    /// A PUT route.
    pub const fn put(path: &'static str, name: &'static str, handler: Handler) -> Self {
        Self::new(Verb::Put, path, name, handler)
    }

    /// A PATCH route.
    pub const fn patch(path: &'static str, name: &'static str, handler: Handler) -> Self {
        Self::new(Verb::Patch, path, name, handler)
    }

    /// A DELETE route.
    pub const fn delete(path: &'static str, name: &'static str, handler: Handler) -> Self {
        Self::new(Verb::Delete, path, name, handler)
    }

    /// One of these scopes is needed.
    #[must_use]
    pub const fn scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// These older paths are the same route.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// These SDK methods call it too.
    #[must_use]
    pub const fn also(mut self, names: &'static [&'static str]) -> Self {
        self.also = names;
        self
    }

    /// It speaks of tables, columns and rows.
    #[must_use]
    pub const fn tables(mut self) -> Self {
        self.vocabulary = Vocabulary::Tables;
        self
    }

    /// It is limited.
    #[must_use]
    pub const fn limit(mut self, limit: RateLimit) -> Self {
        self.limit = limit;
        self
    }

    /// Pages of any origin may call it: where others post to on a user's behalf and prove it by what they send.
    #[must_use]
    pub const fn open_to_all(mut self) -> Self {
        self.is_open = true;
        self
    }

    /// A session may call it before its second factor: the routes that prove one, and signing out.
    #[must_use]
    pub const fn before_factors(mut self) -> Self {
        self.is_before_factors = true;
        self
    }

    /// A user may call it whose password must be changed first: changing it, and signing out.
    #[must_use]
    pub const fn before_password(mut self) -> Self {
        self.is_before_password = true;
        self
    }

    /// The log tells of it: `event` happened to `resource`, which is about the user `subject`.
    ///
    /// Both may have `{response.NAME}`, `{request.NAME}` and `{user.$id}` in them. An empty subject is the caller.
    #[must_use]
    pub const fn audited(
        mut self,
        event: &'static str,
        resource: &'static str,
        subject: &'static str,
    ) -> Self {
        self.audit = Some(Audit { event, resource, subject, pace: Pace::Seldom });
        self
    }

    /// As [`Route::audited`] about the caller, for what applications do all the time: of a burst the log has a part.
    #[must_use]
    pub const fn audited_often(mut self, event: &'static str, resource: &'static str) -> Self {
        self.audit = Some(Audit { event, resource, subject: "", pace: Pace::Often });
        self
    }

    /// A repeated request with the same idempotency key is answered with the first one's answer.
    #[must_use]
    pub const fn idempotent(mut self) -> Self {
        self.is_idempotent = true;
        self
    }

    /// Its answer stays the same for long: a client that has it already is told 304 and gets no body.
    ///
    /// For what the server itself is and can do; never for what people keep in a project.
    #[must_use]
    pub const fn lasting(mut self) -> Self {
        self.is_lasting = true;
        self
    }

    /// It may raise these faults.
    #[must_use]
    pub const fn faults(mut self, faults: &'static [Fault]) -> Self {
        self.faults = faults;
        self
    }

    const fn gives(mut self, status: u16, body: Shape) -> Self {
        self.success = Some(Success { status, body });
        self
    }

    /// It may also give one of these.
    #[must_use]
    pub const fn or(mut self, others: &'static &'static [Success]) -> Self {
        self.others = others;
        self
    }

    /// Everything that it may give when all goes well.
    pub fn successes(&self) -> impl Iterator<Item = Success> {
        self.success.into_iter().chain(self.others.iter().copied())
    }

    /// What is wrong with an answer in its native form, if anything is; nothing where nobody has said what it gives.
    pub fn problem(&self, status: u16, body: &serde_json::Value) -> Option<String> {
        let meant = self.successes().find(|success| success.status == status);
        meant.or(self.success)?.problem(status, body)
    }

    /// It gives one object, 200.
    #[must_use]
    pub const fn ok(self, model: &'static Model) -> Self {
        self.gives(200, Shape::One(model))
    }

    /// It gives the object that was made, 201.
    #[must_use]
    pub const fn created(self, model: &'static Model) -> Self {
        self.gives(201, Shape::One(model))
    }

    /// It gives the object that is being made, 202.
    #[must_use]
    pub const fn accepted(self, model: &'static Model) -> Self {
        self.gives(202, Shape::One(model))
    }

    /// It gives a page of objects in the member `name`, 200.
    #[must_use]
    pub const fn page(self, name: &'static str, model: &'static Model) -> Self {
        self.gives(200, Shape::Page { name, model })
    }

    /// It gives nothing, 204.
    #[must_use]
    pub const fn nothing(self) -> Self {
        self.gives(204, Shape::Nothing)
    }

    /// It sends people elsewhere, 301.
    #[must_use]
    pub const fn moved(self) -> Self {
        self.gives(301, Shape::Nothing)
    }

    /// It gives a text or a file, 200.
    #[must_use]
    pub const fn bytes(self) -> Self {
        self.gives(200, Shape::Bytes)
    }

    /// Whether everybody may call it, so that its answer is no secret of whom it was given to.
    pub fn is_public(&self) -> bool {
        self.scopes.is_empty() || self.scopes.contains(&"public") || self.scopes.contains(&"global")
    }

    /// The service that the route belongs to, as the project's toggles name it.
    pub fn service(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(service, _)| service)
    }

    /// All paths, the canonical one first.
    pub fn paths(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.path).chain(self.aliases.iter().copied())
    }
}

/// What a handler works with.
pub struct Call<P> {
    /// Who asks what project, with which rights.
    pub cx: Cx,
    /// The parameters.
    pub params: P,
    /// The exchange that the call is part of: version, vocabulary, cookies.
    pub exchange: Arc<Exchange>,
}

/// What a handler gives back.
pub type Reply = Result<Answer, Error>;

type Pending = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// A handler with its parameters as data; made by [`handler!`](crate::handler!).
#[derive(Clone, Copy)]
pub struct Handler {
    /// Reads the parameters and runs the handler.
    pub call: fn(Cx, ParamMap, Arc<Exchange>) -> Pending,
    /// The parameters.
    pub specs: fn() -> Vec<ParamSpec>,
}

/// Make a [`Handler`] of an `async fn(Call<P>) -> Reply`.
#[macro_export]
macro_rules! handler {
    ($function:path) => {
        $crate::route::Handler {
            call: |cx, params, exchange| $crate::route::run($function, cx, params, exchange),
            specs: || $crate::route::specs_of($function),
        }
    };
}

/// Read the parameters and run the handler; for [`handler!`](crate::handler!).
pub fn run<P, F, Fut>(handler: F, cx: Cx, params: ParamMap, exchange: Arc<Exchange>) -> Pending
where
    P: FromParams + Send + 'static,
    F: FnOnce(Call<P>) -> Fut + Send + 'static,
    Fut: Future<Output = Reply> + Send + 'static,
{
    match P::from_params(&params) {
        Ok(params) => Box::pin(handler(Call { cx, params, exchange })),
        Err(error) => Box::pin(std::future::ready(Err(error))),
    }
}

/// The parameters of a handler as data; for [`handler!`](crate::handler!).
pub fn specs_of<P, F, Fut>(_: F) -> Vec<ParamSpec>
where
    P: FromParams,
    F: FnOnce(Call<P>) -> Fut,
{
    P::specs()
}
