//! One request whose route is known, on its way through the checks.

use std::any::Any;
use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use cairn_core::auth::{self, Access, AdminTarget, Credentials};
use cairn_core::claims::Told;
use cairn_core::cx::ProjectContext;
use cairn_core::{Cx, idempotency};
use cairn_faults::{Error, Fault};
use cairn_store::ProjectRef;
use futures_util::FutureExt as _;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::matching::Matched;
use super::{Kit, auditing, incoming};
use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::headers::{self, DEBUG_FALLBACK, IDEMPOTENCY_KEY, PROJECT, SEEN_AT};
use crate::limits::{Enforcement, KeyParts, ResetOnSuccess};
use crate::origin::{AllowedOrigins, host_of, platform_origins, write_cors};
use crate::params::ParamMap;
use crate::route::{RequestStyle, Verb};

/// The console's list of projects, on which a parameter names the organization.
const PROJECTS: &str = "/v1/projects";
/// Headers that most answers have.
const ANSWER_HEADERS: usize = 16;
/// Stands on an answer that was given before.
const REPLAYED: &str = "idempotent-replayed";

pub(super) struct Passage<'a> {
    kit: &'a Arc<Kit>,
    matched: &'a Matched,
    sent: &'a HeaderMap,
    exchange: Arc<Exchange>,
    /// Headers that the answer has whatever comes of the request.
    headers: HeaderMap,
    /// The project, once it is found.
    place: Option<ProjectRef>,
}

impl<'a> Passage<'a> {
    pub(super) fn new(
        kit: &'a Arc<Kit>,
        matched: &'a Matched,
        sent: &'a HeaderMap,
        mut exchange: Exchange,
    ) -> Self {
        let mut headers = HeaderMap::with_capacity(ANSWER_HEADERS);
        if matched.surface.style == RequestStyle::Account && exchange.held.anonymous.is_none() {
            let name = kit.app.ids.unique();
            let (header, value) = exchange.browser_scope().anonymous(&name);
            headers::append(&mut headers, HeaderName::from_static(header), &value);
            exchange.held.anonymous = Some(name);
        }
        Self { kit, matched, sent, exchange: Arc::new(exchange), headers, place: None }
    }

    /// What the answer needs after [`Passage::run`].
    pub(super) fn finish(self) -> (Arc<Exchange>, HeaderMap, Option<ProjectRef>) {
        (self.exchange, self.headers, self.place)
    }

    pub(super) async fn run(&mut self, params: Result<ParamMap, Error>) -> Result<Answer, Error> {
        let readable = params.as_ref().ok();
        let (credentials, is_direct) =
            incoming::credentials(self.sent, &self.exchange, self.matched, readable);
        if self.matched.surface.style == RequestStyle::Appwrite {
            let fallback = HeaderValue::from_static(if is_direct { "false" } else { "true" });
            self.headers.insert(&DEBUG_FALLBACK, fallback);
        }
        let (project, is_dev) = self.project(&credentials).await?;
        self.place = Some(project.place.clone());
        self.check_place(&project, &credentials)?;
        let route = self.matched.route;
        let cx = self.resolve(project, &credentials, readable).await?;
        if !route.is_before_password {
            auth::require_password(&cx)?;
        }
        if !route.is_before_factors {
            auth::require_factors(&cx)?;
        }
        let held = self.check_limit(&cx, readable, is_dev)?;
        let mut params = params.map_err(|error| self.unreadable(error))?;
        self.check_seen_at()?;
        // The counters of the request as it was sent; its parameters are rewritten below.
        let for_reset =
            (held && route.limit.reset_on_success == ResetOnSuccess::OnCreated).then(|| params.clone());
        self.matched.surface.steps.lift_request(self.exchange.version, route.name, &mut params);
        let answer = self.answer(cx.clone(), params).await?;
        if let Some(params) = for_reset.filter(|_| route.limit.resets_at(answer.status)) {
            self.with_key_parts(&cx, Some(&params), |parts| {
                self.kit.limiter.reset(&route.limit, parts, cx.now().0);
            });
        }
        Ok(answer)
    }

    /// What is wrong with a request that cannot be read; a surface may have a fault of its own for uploads.
    fn unreadable(&self, error: Error) -> Error {
        let is_upload =
            headers::text(self.sent, &CONTENT_TYPE).is_some_and(|kind| kind.starts_with("multipart/"));
        match self.matched.surface.unreadable_upload {
            Some(fault) if is_upload && error.fault() == Fault::BodyInvalid => fault.error().source(error),
            _ => error,
        }
    }

    /// What the handler answers, or answered when the same request came before.
    async fn answer(&self, cx: Cx, params: ParamMap) -> Result<Answer, Error> {
        let route = self.matched.route;
        let Some(key) =
            Some(&IDEMPOTENCY_KEY).filter(|_| route.is_idempotent).and_then(|name| self.sent.get(name))
        else {
            return self.call(cx, params).await;
        };
        let asked = serde_json::json!([route.name, params.to_object()]).to_string();
        // A text that cannot be read is refused like an empty one.
        let cx = cx.claiming(key.to_str().unwrap_or_default(), &asked)?;
        if let Some(told) = idempotency::repeated(&cx).await? {
            return Ok(replayed(told));
        }
        match self.call(cx.clone(), params).await {
            Err(error) if error.fault() == Fault::IdempotencyKeyInUse => {
                idempotency::repeated(&cx).await?.map(replayed).ok_or(error)
            }
            outcome => outcome,
        }
    }

    /// The project, and whether the caller develops it; tells the page that asks whether it may read the answer.
    async fn project(&mut self, credentials: &Credentials) -> Result<(Arc<ProjectContext>, bool), Error> {
        let app = &self.kit.app;
        if self.exchange.project.is_empty() {
            return Err(Fault::ProjectIdMissing.error());
        }
        let origin = incoming::origin(self.sent);
        let found = match auth::project(app, &self.exchange.project).await {
            Ok(project) => {
                auth::has_dev_key(app, &project, credentials).await.map(|is_dev| (project, is_dev))
            }
            Err(error) => Err(error),
        };
        let project = found.as_ref().ok().map(|(project, _)| &**project);
        let is_dev = found.as_ref().is_ok_and(|(_, is_dev)| *is_dev);
        let mut allowed = allowed_origins(self.kit, project, origin);
        Arc::make_mut(&mut self.exchange).is_developer = is_dev;
        if is_dev && let Some(host) = origin.and_then(host_of) {
            allowed = Cow::Owned(allowed.into_owned().with_host(&host));
        }
        write_cors(&mut self.headers, origin, &allowed);
        if self.kit.options.is_https_forced && !self.exchange.is_https {
            return Err(Fault::GeneralProtocolUnsupported.error());
        }
        // Keys have no page. Nothing is gained by a made-up one: whoever sends it is a guest, whatever the session.
        let is_open = is_dev || self.matched.route.is_open;
        let must_match = found.is_ok() && credentials.key.is_none() && !is_open;
        match origin.filter(|origin| must_match && !allowed.allows(origin)) {
            Some(origin) => Err(Fault::GeneralUnknownOrigin.with("origin", origin)),
            None => found,
        }
    }

    /// Refuse a request whose path, header and key are about different projects, or whose client's address is lost.
    fn check_place(&self, project: &ProjectContext, credentials: &Credentials) -> Result<(), Error> {
        if self.matched.surface.style == RequestStyle::Account {
            if project.place.is_console() {
                return Err(Fault::ProjectUnknown.with("project", project.id()));
            }
            if !self.exchange.is_ip_readable {
                return Err(Fault::ClientAddressInvalid.error());
            }
            return Ok(());
        }
        let named = headers::text(self.sent, &PROJECT);
        if let Some(managed) = self.matched.path_project.as_ref().filter(|_| self.matched.is_bound()) {
            let is_other = |id: &str| id != ProjectRef::CONSOLE_ID && id != managed;
            if is_other(project.id()) || named.is_some_and(is_other) {
                return Err(Fault::UserUnauthorized.error());
            }
        }
        // COMPAT(appwrite): a project's key counts only beside the header, not beside a parameter.
        let is_of_project = |key: &String| !key.starts_with("account_") && !key.starts_with("organization_");
        let is_named = named == Some(project.id()) || self.matched.path_server.is_some();
        if credentials.key.as_ref().is_some_and(is_of_project) && !is_named {
            return Err(Fault::ProjectIdMissing.error());
        }
        Ok(())
    }

    /// Refuse a time that cannot be read: whoever sends one relies on it.
    fn check_seen_at(&self) -> Result<(), Error> {
        if self.exchange.seen_at.is_none() && headers::text(self.sent, &SEEN_AT).is_some() {
            return Err(Error::invalid_param(SEEN_AT.as_str(), "Must be a date and time of ISO 8601."));
        }
        Ok(())
    }

    async fn resolve(
        &self,
        project: Arc<ProjectContext>,
        credentials: &Credentials,
        params: Option<&ParamMap>,
    ) -> Result<Cx, Error> {
        let route = self.matched.route;
        let managed = self.matched.path_project.as_ref().filter(|_| project.place.is_console());
        let team_id = match managed {
            Some(id) => auth::owner_of(&self.kit.app, id).await?,
            None if self.matched.pattern == PROJECTS => {
                params.and_then(|params| params.text("teamId")).map(str::to_owned)
            }
            None => incoming::organization(self.sent, self.matched).map(str::to_owned),
        };
        let admin = AdminTarget { path_project: managed.cloned(), team_id };
        let access =
            Access { scopes: route.scopes, service: route.service(), is_reading: route.verb == Verb::Get };
        let info = incoming::request_info(self.sent, &self.exchange, self.matched, params);
        auth::resolve(&self.kit.app, project, credentials, &admin, access, info).await
    }

    /// Count the request; whether it was held to the limit.
    fn check_limit(&mut self, cx: &Cx, params: Option<&ParamMap>, is_dev: bool) -> Result<bool, Error> {
        if self.matched.route.limit.max == 0 {
            return Ok(false);
        }
        let is_exempt = !cx.app.options.has_rate_limits || cx.is_privileged() || is_dev;
        let enforcement = if is_exempt { Enforcement::Exempt } else { Enforcement::Enforced };
        let (limit, now_ms) = (self.matched.route.limit, cx.now().0);
        let state = self
            .with_key_parts(cx, params, |parts| self.kit.limiter.check(&limit, parts, enforcement, now_ms));
        let Some(state) = state else { return Ok(false) };
        for (name, value) in state.headers() {
            headers::append(&mut self.headers, HeaderName::from_static(name), &value);
        }
        if state.is_exceeded {
            return Err(state.refusal(now_ms));
        }
        Ok(!is_exempt)
    }

    fn with_key_parts<T>(
        &self,
        cx: &Cx,
        params: Option<&ParamMap>,
        work: impl FnOnce(&KeyParts<'_>) -> T,
    ) -> T {
        let param = |name: &str| params.and_then(|params| params.limit_key_text(name));
        work(&KeyParts {
            project: cx.project.id(),
            host: &self.exchange.host,
            route_path: self.matched.route.path,
            method: self.matched.route.verb.name(),
            ip: &self.exchange.ip.to_string(),
            user_id: cx.user_id().map_or("", |id| id.as_str()),
            user_agent: &cx.request.user_agent,
            chunk: 0,
            param: &param,
        })
    }

    /// Run the handler, and tell the log of it.
    async fn call(&self, cx: Cx, params: ParamMap) -> Result<Answer, Error> {
        let audited = self.matched.route.audit.and_then(|audit| auditing::Asked::new(audit, &cx, &params));
        let answer = self.handle(cx.clone(), params).await?;
        if let Some(audited) = audited {
            audited.note(&cx, &answer);
        }
        Ok(answer)
    }

    /// Run the handler. A write goes on to its end even when the client has gone.
    async fn handle(&self, cx: Cx, params: ParamMap) -> Result<Answer, Error> {
        let tasks = cx.app.tasks.clone();
        let (handler, exchange) = (self.matched.route.handler.call, Arc::clone(&self.exchange));
        let guarded = AssertUnwindSafe(async move { handler(cx, params, exchange).await }).catch_unwind();
        if self.matched.route.verb == Verb::Get {
            return guarded.await.unwrap_or_else(|panic| Err(defect(&*panic)));
        }
        let (done, outcome) = tokio::sync::oneshot::channel();
        tasks.spawn(|_| async move {
            let _ = done.send(guarded.await.unwrap_or_else(|panic| Err(defect(&*panic))));
        });
        let lost = || Fault::GeneralServerError.error().detail("the handler's task was dropped");
        outcome.await.unwrap_or_else(|_| Err(lost()))
    }
}

/// An answer that was given before.
fn replayed(told: Told) -> Answer {
    let answer = match told.body.as_str() {
        "" => Answer { status: told.status, ..Answer::no_content() },
        _ => Answer::json_bytes(told.status, told.body),
    };
    answer.header(REPLAYED, "true")
}

/// The error of a handler that panicked.
pub(super) fn defect(panic: &(dyn Any + Send)) -> Error {
    let told = panic.downcast_ref::<&str>().copied();
    let text = told.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text");
    Fault::GeneralUnknown.error().detail(format_args!("the request panicked: {text}"))
}

/// The origins whose pages may call the project; without an origin nothing is worked out.
pub(super) fn allowed_origins<'k>(
    kit: &'k Kit,
    project: Option<&ProjectContext>,
    origin: Option<&str>,
) -> Cow<'k, AllowedOrigins> {
    match (project, origin) {
        (Some(project), Some(origin)) if !project.place.is_console() && !kit.own_origins.allows(origin) => {
            Cow::Owned(
                AllowedOrigins::clone(&kit.own_origins).with_project(project.id(), platform_origins(project)),
            )
        }
        _ => Cow::Borrowed(&kit.own_origins),
    }
}
