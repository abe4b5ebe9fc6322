//! One request whose route is known, on its way through the checks.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use cairn_core::Cx;
use cairn_core::auth::{self, Access, AdminTarget, Credentials, ProjectContext};
use cairn_faults::{Error, Fault};
use futures_util::FutureExt as _;
use http::header::HeaderMap;

use super::matching::Matched;
use super::{Kit, answering, incoming};
use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::limits::{Enforcement, KeyParts};
use crate::origin::{PlatformOrigin, write_cors};
use crate::params::ParamMap;
use crate::route::Verb;

pub(super) struct Passage<'a> {
    kit: &'a Arc<Kit>,
    matched: &'a Matched,
    sent: &'a HeaderMap,
    exchange: Arc<Exchange>,
    /// Headers that the answer has whatever comes of the request.
    headers: HeaderMap,
}

impl<'a> Passage<'a> {
    pub(super) fn new(
        kit: &'a Arc<Kit>,
        matched: &'a Matched,
        sent: &'a HeaderMap,
        exchange: Exchange,
    ) -> Self {
        Self { kit, matched, sent, exchange: Arc::new(exchange), headers: HeaderMap::new() }
    }

    /// What the answer needs after [`Passage::run`].
    pub(super) fn finish(self) -> (Arc<Exchange>, HeaderMap) {
        (self.exchange, self.headers)
    }

    pub(super) async fn run(&mut self, params: Result<ParamMap, Error>) -> Result<Answer, Error> {
        if self.kit.options.is_https_forced && !self.exchange.is_https {
            return Err(Fault::GeneralProtocolUnsupported.error());
        }
        let readable = params.as_ref().ok();
        let credentials = incoming::credentials(self.sent, &self.exchange, self.matched, readable);
        let project = self.project().await?;
        let is_dev = auth::has_dev_key(&self.kit.app, &project, &credentials).await?;
        self.check_origin(&project, &credentials, is_dev)?;
        self.tell_fallback(credentials.is_admin_mode);
        let cx = self.resolve(project, &credentials, readable).await?;
        let held = self.check_limit(&cx, readable, is_dev)?;
        let mut params = params?;
        self.matched.surface.steps.lift_request(self.exchange.version, self.matched.route.name, &mut params);
        let for_reset = held.then(|| params.clone());
        let answer = self.call(cx.clone(), params).await?;
        if let Some(params) = for_reset.filter(|_| self.matched.route.limit.resets_at(answer.status)) {
            self.with_key_parts(&cx, Some(&params), |parts| {
                self.kit.limiter.reset(&self.matched.route.limit, parts, cx.now().0);
            });
        }
        Ok(answer)
    }

    async fn project(&mut self) -> Result<Arc<ProjectContext>, Error> {
        let found = auth::project(&self.kit.app, &self.exchange.project).await;
        if found.is_err() {
            write_cors(&mut self.headers, self.exchange.origin.as_deref(), &self.kit.own_origins());
        }
        found
    }

    /// Refuse requests of web pages that the project does not list; keys have no page.
    fn check_origin(
        &mut self,
        project: &ProjectContext,
        credentials: &Credentials,
        is_dev: bool,
    ) -> Result<(), Error> {
        let mut allowed = self.kit.own_origins();
        if !project.place.is_console() {
            allowed = allowed.with_project(project.id(), platform_origins(project));
        }
        let origin = self.exchange.origin.clone();
        if is_dev && let Some(host) = origin.as_deref().and_then(crate::origin::host_of) {
            allowed = allowed.with_host(&host);
        }
        write_cors(&mut self.headers, origin.as_deref(), &allowed);
        let must_match = credentials.key.is_none() && !is_dev;
        match origin {
            Some(origin) if must_match && !allowed.allows(&origin) => {
                Err(Fault::GeneralUnknownOrigin.with("origin", origin))
            }
            _ => Ok(()),
        }
    }

    fn tell_fallback(&mut self, is_admin_mode: bool) {
        let sessions = incoming::sessions(self.sent, &self.exchange, is_admin_mode);
        let has_direct = sessions.iter().any(|sent| !sent.is_fallback);
        answering::append(
            &mut self.headers,
            crate::cookies::DEBUG_FALLBACK,
            if has_direct { "false" } else { "true" },
        );
    }

    async fn resolve(
        &self,
        project: Arc<ProjectContext>,
        credentials: &Credentials,
        params: Option<&ParamMap>,
    ) -> Result<Cx, Error> {
        let route = self.matched.route;
        let path_project =
            incoming::path_project(self.matched).filter(|_| route.path.starts_with("/v1/projects/"));
        let team_id = match path_project {
            Some(id) if project.place.is_console() => auth::owner_of(&self.kit.app, id).await?,
            _ if route.path == "/v1/projects" => {
                params.and_then(|params| params.text("teamId")).map(str::to_owned)
            }
            _ => incoming::text(self.sent, "x-appwrite-organization").map(str::to_owned),
        };
        let admin = AdminTarget { path_project: path_project.map(str::to_owned), team_id };
        let access = Access { scopes: route.scopes, service: route.service() };
        let info = incoming::request_info(self.sent, &self.exchange, params);
        auth::resolve(&self.kit.app, project, credentials, &admin, access, info).await
    }

    /// Count the request; whether it was held to the limit.
    fn check_limit(&mut self, cx: &Cx, params: Option<&ParamMap>, is_dev: bool) -> Result<bool, Error> {
        let is_exempt = !cx.app.options.has_rate_limits || cx.is_privileged() || is_dev;
        let enforcement = if is_exempt { Enforcement::Exempt } else { Enforcement::Enforced };
        let (limit, now_ms) = (self.matched.route.limit, cx.now().0);
        let state = self
            .with_key_parts(cx, params, |parts| self.kit.limiter.check(&limit, parts, enforcement, now_ms));
        let Some(state) = state else { return Ok(false) };
        for (name, value) in state.headers() {
            answering::append(&mut self.headers, name, &value);
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

    /// Run the handler. A write goes on to its end even when the client has gone.
    async fn call(&self, cx: Cx, params: ParamMap) -> Result<Answer, Error> {
        let tasks = cx.app.tasks.clone();
        let running = (self.matched.route.handler.call)(cx, params, Arc::clone(&self.exchange));
        let guarded = AssertUnwindSafe(running).catch_unwind();
        let defect = || Fault::GeneralServerError.error().detail("the handler panicked");
        if self.matched.route.verb == Verb::Get {
            return guarded.await.unwrap_or_else(|_| Err(defect()));
        }
        let (done, outcome) = tokio::sync::oneshot::channel();
        tasks.spawn(|_| async move {
            let _ = done.send(guarded.await);
        });
        match outcome.await {
            Ok(Ok(result)) => result,
            _ => Err(defect()),
        }
    }
}

/// What the project's platforms allow.
fn platform_origins(project: &ProjectContext) -> impl Iterator<Item = PlatformOrigin<'_>> {
    project.platforms.iter().map(|platform| PlatformOrigin {
        kind: platform.kind.name(),
        hostname: &platform.hostname,
        key: &platform.key,
    })
}
