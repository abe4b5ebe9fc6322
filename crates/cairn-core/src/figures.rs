//! What a server tells about its own work beside the requests that it answers: pools, queues, caches.

use crate::App;
use crate::cache::CacheFigures;
use crate::passwords::HashFigures;

/// What a server tells at a moment; the store's part is [`cairn_store::Store::figures`].
#[derive(Clone, Debug)]
pub struct Figures {
    /// The threads that hash passwords.
    pub hashes: HashFigures,
    /// Mails that wait for their server, the next try included.
    pub mails_waiting: usize,
    /// Entries of the log that wait to be written.
    pub logs_waiting: usize,
    /// HTTP requests that went out.
    pub outgoing: u64,
    /// The caches, by name.
    pub caches: [(&'static str, CacheFigures); 5],
}

/// What `app` tells at this moment.
pub fn figures(app: &App) -> Figures {
    Figures {
        hashes: app.passwords.figures(),
        mails_waiting: app.outbox.waiting(),
        logs_waiting: app.logs.waiting(),
        outgoing: app.net.sent(),
        caches: [
            ("projects", app.projects.figures()),
            ("users", app.identities.figures()),
            ("keys", app.keys.figures()),
            ("bearers", app.bearers.figures()),
            ("collections", app.tables.figures()),
        ],
    }
}
