//! The side that delivers, without its sockets.

use cairn_net::Allowed;
use tokio::sync::Semaphore;

use super::wire::{CheckWire, MailWire, OutcomeWire};
use super::{APART_MS_MAX, CHECKS, MAILS, WorkerSecret};
use crate::{MailError, MailErrorKind, MailServer};

/// Deliveries at once; one more is put off.
const DELIVERIES_MAX: usize = 64;

/// A request as it came.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The path.
    pub path: &'a str,
    /// When it says that it was made.
    pub at: &'a str,
    /// What proves the secret.
    pub proof: &'a str,
    /// The body.
    pub body: &'a [u8],
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Told {
    /// The HTTP status.
    pub status: u16,
    /// What proves the secret; none for whom did not.
    pub proof: Option<String>,
    /// The body, JSON.
    pub body: Vec<u8>,
}

/// Takes mails and delivers them.
pub struct Desk {
    secret: WorkerSecret,
    server: MailServer,
    reach: Allowed,
    places: Semaphore,
}

impl Desk {
    /// A desk with a mail server of its own; those that come with mails lead to `reach` only.
    pub fn new(secret: WorkerSecret, server: MailServer, reach: Allowed) -> Self {
        Self { secret, server, reach, places: Semaphore::new(DELIVERIES_MAX) }
    }

    /// Do what is asked, and tell what became of it.
    pub async fn answer(&self, now_ms: i64, asked: Asked<'_>) -> Told {
        let Asked { path, at, proof, body } = asked;
        let is_timely = at.parse::<i64>().is_ok_and(|at| now_ms.abs_diff(at) <= APART_MS_MAX.unsigned_abs());
        if !self.secret.is_request(path, at, body, proof) {
            tracing::warn!(path, "a request does not know the worker's secret");
            return refusal("the secret of this worker is another one");
        }
        if !is_timely {
            tracing::warn!(path, at, now_ms, "a request is of another time; are both clocks right?");
            return refusal("the request is of another time than the worker's");
        }
        let Ok(_place) = self.places.try_acquire() else {
            return self.tell(proof, Err(MailError::new(MailErrorKind::Busy, "the worker is busy")));
        };
        let outcome = match path {
            MAILS => self.deliver(body).await,
            CHECKS => self.check(body).await,
            _ => Err(unreadable()),
        };
        self.tell(proof, outcome)
    }

    async fn deliver(&self, body: &[u8]) -> Result<(), MailError> {
        let mail: MailWire = serde_json::from_slice(body).map_err(|_| unreadable())?;
        let own = mail.server.as_ref().map(|server| server.within(&self.reach));
        let message = mail.message();
        let outcome = own.as_ref().unwrap_or(&self.server).send(&message).await;
        // Nothing of the message itself: it holds links and codes.
        match &outcome {
            Ok(()) => tracing::debug!(mail = %message.id, "a mail was delivered"),
            Err(error) => tracing::warn!(mail = %message.id, %error, "a mail was not delivered"),
        }
        outcome
    }

    async fn check(&self, body: &[u8]) -> Result<(), MailError> {
        let check: CheckWire = serde_json::from_slice(body).map_err(|_| unreadable())?;
        check.server.within(&self.reach).check().await
    }

    fn tell(&self, proof: &str, outcome: Result<(), MailError>) -> Told {
        let status = match outcome.as_ref().map_err(MailError::kind) {
            Ok(()) => 200,
            Err(MailErrorKind::Busy) => 503,
            Err(_) => 502,
        };
        let body = serde_json::to_vec(&OutcomeWire::new(&outcome)).expect("texts can be written");
        Told { status, proof: Some(self.secret.of_answer(proof, status, &body)), body }
    }
}

/// Both sides come of one release; a body that only one of them reads is a server and a worker of two.
fn unreadable() -> MailError {
    MailError::new(MailErrorKind::Refused, "the worker cannot read the request; is it of the same version?")
}

/// Without a proof: who does not know the secret is told nothing that could pass for an answer.
fn refusal(why: &str) -> Told {
    let body = serde_json::json!({ "refused": why });
    Told { status: 401, proof: None, body: body.to_string().into_bytes() }
}
