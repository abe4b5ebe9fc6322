//! A mail worker: a process that delivers what servers hand to it, and does nothing else.
//!
//! It has no store and no users; what it may do is known by a secret that its servers share ([`cairn_mail::worker`]).

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use cairn_http::params::read_body;
use cairn_mail::Desk;
use cairn_mail::worker::{AT, Asked, BODY_BYTES_MAX, CHECKS, MAILS, PROOF, Told};
use cairn_std::{Clock, Tasks};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use tokio::net::TcpListener;

use crate::config::{Config, ConfigError};
use crate::connections::{self, Answers};
use crate::{StartError, start};

/// A worker that listens.
pub struct WorkerServer {
    listener: TcpListener,
    address: SocketAddr,
    counter: Arc<Counter>,
    connections_max: usize,
    patience: Duration,
}

/// Where requests are taken.
struct Counter {
    desk: Desk,
    clock: Clock,
}

impl WorkerServer {
    /// What a worker lacks in these settings.
    ///
    /// # Errors
    /// A sentence where the secret or the mail server is missing.
    pub fn check(config: &Config) -> Result<(), ConfigError> {
        if config.worker_secret.is_none() {
            let why = "A worker takes mails of those who know `worker_secret`, which is not set.";
            return Err(ConfigError::new(why));
        }
        if config.smtp_host.is_none() {
            return Err(ConfigError::new("A worker needs a mail server: `smtp_host` is not set."));
        }
        Ok(())
    }

    /// Listen.
    ///
    /// # Errors
    /// When the settings lack something, or the address cannot be listened on.
    pub async fn start(config: &Config, clock: Clock) -> Result<Self, StartError> {
        let lacking = || StartError::new("A worker needs the settings `worker_secret` and `smtp_host`");
        let secret = start::worker_secret(config).ok_or_else(lacking)?;
        let server = start::mail_server(config).ok_or_else(lacking)?;
        let reach = cairn_net::Allowed::new(config.outbound_allow.0.clone());
        let (listener, address) = start::listen(config.worker_listen, "CAIRN_WORKER_LISTEN").await?;
        Ok(Self {
            listener,
            address,
            counter: Arc::new(Counter { desk: Desk::new(secret, server, reach), clock }),
            connections_max: config.connections_max.0,
            patience: Duration::from_secs(config.shutdown_seconds_max.0 as u64),
        })
    }

    /// The address listened on, with the port that the system chose for port 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serve until `stop` resolves, then finish what was accepted.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { listener, counter, connections_max, patience, .. } = self;
        let tasks = Tasks::new();
        let own = tasks.clone();
        tasks.spawn(|stop| connections::accept(listener, counter, connections_max, own, stop));
        stop.await;
        tracing::info!("stopping: finishing what was accepted");
        if tokio::time::timeout(patience, tasks.shutdown()).await.is_err() {
            tracing::warn!("deliveries were still under way after {} seconds", patience.as_secs());
        }
    }
}

impl Answers for Counter {
    async fn handle(
        self: Arc<Self>,
        request: Request<Body>,
        _peer: IpAddr,
    ) -> Result<Response<Body>, Infallible> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path();
        Ok(match (&parts.method, path) {
            (&Method::GET | &Method::HEAD, "/healthz") => answer(200, None, br#"{"status":"ok"}"#.to_vec()),
            (&Method::POST, MAILS | CHECKS) => self.take(&parts, body).await,
            _ => answer(404, None, br#"{"refused":"there is no such path"}"#.to_vec()),
        })
    }
}

impl Counter {
    async fn take(&self, parts: &Parts, body: Body) -> Response<Body> {
        let Ok(body) = read_body(body, BODY_BYTES_MAX).await else {
            return answer(400, None, br#"{"refused":"the body is too large, or broke off"}"#.to_vec());
        };
        let shown =
            |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let asked = Asked { path: parts.uri.path(), at: shown(AT), proof: shown(PROOF), body: &body };
        let Told { status, proof, body } = self.desk.answer(self.clock.now().0, asked).await;
        answer(status, proof, body)
    }
}

fn answer(status: u16, proof: Option<String>, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(proof) = proof.and_then(|proof| HeaderValue::try_from(proof).ok()) {
        response.headers_mut().insert(PROOF, proof);
    }
    response
}
