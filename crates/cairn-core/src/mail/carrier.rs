//! Who delivers: this process, or a worker that mails are handed to.

use cairn_mail::{MailError, MailServer, Message, Worker};

use crate::App;

/// Who delivers one mail.
#[derive(Clone, Debug)]
pub(crate) enum Carrier {
    /// This process, by this mail server.
    Here(MailServer),
    /// The worker: by its own mail server, or by the project's.
    Worker(Worker, Option<MailServer>),
}

impl Carrier {
    /// Who delivers for a project whose own mail server is `own`; `None` where nobody does.
    pub(crate) fn of(app: &App, own: Option<MailServer>) -> Option<Self> {
        let options = &app.options.mail;
        match &options.worker {
            Some(worker) => Some(Self::Worker(worker.clone(), own)),
            None => own.or_else(|| options.server.clone()).map(Self::Here),
        }
    }

    /// Deliver a message, and wait.
    ///
    /// # Errors
    /// Why nobody took it.
    pub(crate) async fn send(&self, app: &App, message: &Message) -> Result<(), MailError> {
        match self {
            Self::Here(server) => server.send(message).await,
            Self::Worker(worker, own) => {
                worker.send(app.net.configured(), app.clock.now().0, own.as_ref(), message).await
            }
        }
    }
}

/// Try a mail server out, from where its mails would come.
///
/// # Errors
/// Why no mail could be delivered by it.
pub(crate) async fn try_out(app: &App, server: &MailServer) -> Result<(), MailError> {
    match &app.options.mail.worker {
        Some(worker) => worker.check(app.net.configured(), app.clock.now().0, server).await,
        None => server.check().await,
    }
}
