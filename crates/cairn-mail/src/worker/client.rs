//! The side that has mail to send.

use std::time::Duration;

use cairn_net::{Client, Request, Url};
use serde::Serialize;

use super::wire::{CheckWire, MailWire, OutcomeWire, ServerWire};
use super::{AT, CHECKS, MAILS, PROOF, WorkerSecret};
use crate::{MailError, MailErrorKind, MailServer, Message};

/// How long a worker may take: longer than one delivery.
const TIMEOUT: Duration = Duration::from_secs(35);
/// Bytes of its answer at most.
const ANSWER_BYTES_MAX: usize = 65_536;

/// Where a worker is, and what it knows us by.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Its address; the paths are below it.
    pub url: Url,
    /// What both sides know.
    pub secret: WorkerSecret,
}

impl Worker {
    /// Hand over a mail and wait until it was delivered: by `server`, or by the worker's own mail server.
    ///
    /// # Errors
    /// [`MailErrorKind::Unreachable`] where the worker is not there, [`MailErrorKind::Unreadable`] where its answer is none of
    /// one that knows our secret; what the worker tells, as [`MailError::is_reported`].
    pub async fn send(
        &self,
        http: &Client,
        at_ms: i64,
        server: Option<&MailServer>,
        message: &Message,
    ) -> Result<(), MailError> {
        self.ask(http, at_ms, MAILS, &MailWire::new(server, message)).await
    }

    /// Let the worker try a mail server out.
    ///
    /// # Errors
    /// As [`Worker::send`].
    pub async fn check(&self, http: &Client, at_ms: i64, server: &MailServer) -> Result<(), MailError> {
        self.ask(http, at_ms, CHECKS, &CheckWire { server: ServerWire::new(server) }).await
    }

    async fn ask(
        &self,
        http: &Client,
        at_ms: i64,
        path: &str,
        body: &impl Serialize,
    ) -> Result<(), MailError> {
        let body = serde_json::to_vec(body).expect("texts and numbers can be written");
        let at = at_ms.to_string();
        let proof = self.secret.of_request(path, &at, &body);
        let request = Request::post(self.at(path))
            .header(AT, &at)
            .header(PROOF, &proof)
            .body("application/json", body)
            .within(TIMEOUT)
            .at_most(ANSWER_BYTES_MAX);
        let answer = http.send(request).await.map_err(|error| {
            let kind = match error.kind() {
                cairn_net::NetErrorKind::TooLarge => MailErrorKind::Unreadable,
                _ => MailErrorKind::Unreachable,
            };
            MailError::caused(kind, "the mail worker cannot be reached", error)
        })?;
        let unreadable = |what: &str| Err(MailError::new(MailErrorKind::Unreadable, what));
        let shown = answer.headers.get(PROOF).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !self.secret.is_answer(&proof, answer.status, &answer.body, shown) {
            return unreadable("what answers is no mail worker that knows the secret");
        }
        let told: Option<OutcomeWire> = serde_json::from_slice(&answer.body).ok();
        match told.and_then(OutcomeWire::outcome) {
            Some(outcome) => outcome,
            None => unreadable("the mail worker's answer cannot be read"),
        }
    }

    /// The address of one of its paths; the configured one may itself have a path.
    fn at(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{path}"));
        url
    }
}
