//! Mails that wait for their mail server.
//!
//! They wait in memory: what they say (links, codes) is kept nowhere else, and the store has hashes only. A crash loses
//! those that wait, and the person asks again; a stop tries each one once more.

use std::sync::Arc;
use std::time::Duration;

use cairn_mail::Message;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::carrier::Carrier;
use crate::App;

/// Mails that may wait at once over all projects; a use case that would send one more is refused as busy.
const WAITING_MAX: usize = 2_000;
/// Mails that are delivered at once.
const CONNECTIONS_MAX: usize = 8;

/// The mails that wait.
pub(crate) struct Outbox {
    places: Arc<Semaphore>,
    connections: Arc<Semaphore>,
}

/// Room for one mail.
pub(crate) struct Place(OwnedSemaphorePermit);

impl Default for Outbox {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(WAITING_MAX)),
            connections: Arc::new(Semaphore::new(CONNECTIONS_MAX)),
        }
    }
}

impl Outbox {
    /// Room for one mail; `None` while there is none.
    pub(crate) fn place(&self) -> Option<Place> {
        Arc::clone(&self.places).try_acquire_owned().ok().map(Place)
    }

    /// How many mails wait.
    pub(crate) fn waiting(&self) -> usize {
        WAITING_MAX - self.places.available_permits()
    }
}

/// Deliver a mail in the background.
pub(crate) fn deliver(app: &Arc<App>, project: String, place: Place, carrier: Carrier, message: Message) {
    let app = Arc::clone(app);
    app.clone().tasks.spawn(move |stop| async move {
        let Place(_place) = place;
        let mut waits = app.options.mail.retries.clone().into_iter();
        loop {
            let outcome = {
                let Ok(_connection) = app.outbox.connections.acquire().await else { return };
                carrier.send(&app, &message).await
            };
            let Err(error) = outcome else { return };
            // Nothing of the message itself: it holds links and codes.
            let wait = waits.next().filter(|_| error.is_passing() && !stop.is_requested());
            let Some(wait) = wait else {
                tracing::warn!(project, mail = %message.id, %error, "a mail was given up");
                return;
            };
            tracing::info!(project, mail = %message.id, %error, again_ms = millis(wait), "a mail waits");
            tokio::select! {
                () = stop.requested() => {}
                _ = tokio::time::timeout(wait, std::future::pending::<()>()) => {}
            }
        }
    });
}

fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}
