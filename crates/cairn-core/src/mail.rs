//! Mail to people: by the project's own mail server or the server's, worded by the project or by us.
//!
//! A use case asks for a [`Letter`] before its transaction and sends it after the commit: what can fail (no mail
//! server, too many mails waiting, a template that cannot be read) fails before anything is written, and nothing is
//! sent of what was not. From then on delivery is the queue's, which tries again a bounded number of times.
//!
//! INVARIANT: links in mails begin with an address that the caller's project allows, or with the server's own
//! configured one; nothing of a request's headers stands in them.

mod carrier;
mod queue;
#[cfg(test)]
pub(crate) mod tests;

use std::time::Duration;

use cairn_faults::{Error, Fault};
use cairn_mail::Message;
use cairn_mail::template::{self, Phrase};
pub use cairn_mail::worker::WorkerSecret;
pub use cairn_mail::{
    Kind, MailError, MailErrorKind, MailServer, Mailbox, Security, Template, Values, Worker,
};
use cairn_model::mail_templates::MailTemplate;
use cairn_model::projects::Smtp;
use cairn_model::user_agent::UserAgent;
use cairn_store::StoreError;

use crate::Cx;

use carrier::Carrier;
pub(crate) use carrier::try_out;
pub(crate) use queue::Outbox;
use queue::Place;

pub(crate) const SMTP_SEALED_FOR: &str = "smtp password";

/// What the server's own configuration says about mail.
#[derive(Clone, Debug)]
pub struct MailOptions {
    /// The mail server of projects without their own; without it they send none.
    pub server: Option<MailServer>,
    /// The process that delivers; without it this one does. It has a mail server of its own.
    pub worker: Option<Worker>,
    /// Who sends where a project names nobody.
    pub sender: Mailbox,
    /// How long is waited before each further attempt; after the last one a mail is given up.
    pub retries: Vec<Duration>,
}

impl Default for MailOptions {
    fn default() -> Self {
        Self {
            server: None,
            worker: None,
            sender: Mailbox::new("Cairn", "noreply@localhost"),
            retries: [2, 10, 60, 300].map(Duration::from_secs).to_vec(),
        }
    }
}

/// A mail of which only the receiver and the values are missing, with its place in the queue.
pub struct Letter {
    kind: Kind,
    locale: String,
    template: Template,
    carrier: Carrier,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    values: Values,
    place: Place,
}

/// Begin a mail in the caller's language, without a security phrase.
///
/// # Errors
/// `general_smtp_disabled` without a mail server; the fault of a busy server while too many mails wait.
pub async fn prepare(cx: &Cx, kind: Kind) -> Result<Letter, Error> {
    prepare_with(cx, kind, Phrase::Absent).await
}

/// Begin a mail that shows the phrase which the person was shown.
pub async fn prepare_with_phrase(cx: &Cx, kind: Kind) -> Result<Letter, Error> {
    prepare_with(cx, kind, Phrase::Shown).await
}

async fn prepare_with(cx: &Cx, kind: Kind, phrase: Phrase) -> Result<Letter, Error> {
    let options = &cx.app.options.mail;
    let smtp = &cx.project.settings.smtp;
    let own = smtp.is_enabled.then(|| server_of(cx, smtp)).transpose()?;
    let has_own = own.is_some();
    let carrier = Carrier::of(&cx.app, own).ok_or_else(|| Fault::GeneralSmtpDisabled.error())?;
    let place =
        cx.app.outbox.place().ok_or_else(|| Fault::Overloaded.error().detail("too many mails wait"))?;
    let (mut from, mut reply_to) = (options.sender.clone(), Mailbox::default());
    let mut template = template::standard(kind, &cx.request.locale, phrase);
    if has_own {
        put(&mut from, &smtp.sender_name, &smtp.sender_email);
        put(&mut reply_to, &smtp.reply_to_name, &smtp.reply_to_email);
        // COMPAT(appwrite): a project's own words go out by its own mail server only.
        if let Some(worded) = worded(cx, kind).await? {
            put(&mut from, &worded.sender_name, &worded.sender_email);
            put(&mut reply_to, &worded.reply_to_name, &worded.reply_to_email);
            template = Template { subject: worded.subject, message: worded.message };
        }
    }
    Ok(Letter {
        kind,
        locale: cx.request.locale.clone(),
        template,
        carrier,
        from,
        reply_to: Some(reply_to).filter(|reply_to| !reply_to.address.is_empty()),
        values: common_values(cx),
        place,
    })
}

fn put(mailbox: &mut Mailbox, name: &str, address: &str) {
    if !name.is_empty() {
        name.clone_into(&mut mailbox.name);
    }
    if !address.is_empty() {
        address.clone_into(&mut mailbox.address);
    }
}

/// The project's words in the caller's language, else in English; `None` where it has none.
async fn worded(cx: &Cx, kind: Kind) -> Result<Option<MailTemplate>, Error> {
    let locale = cx.request.locale.to_lowercase();
    let found: Result<_, StoreError> = cx
        .store()
        .read(cx.project_ref(), |tx| async move {
            match tx.mail_template(kind.name(), &locale).await? {
                Some(found) => Ok(Some(found)),
                None => tx.mail_template(kind.name(), cairn_model::mail_templates::LOCALE_DEFAULT).await,
            }
        })
        .await;
    Ok(found?)
}

/// What every mail may say: of the project, and of the client that asked for it.
fn common_values(cx: &Cx) -> Values {
    let UserAgent { os, client, device } = UserAgent::parse(&cx.request.user_agent);
    let known = |text: String| if text.is_empty() { "UNKNOWN".to_owned() } else { text };
    Values::default()
        .with("project", project_name(cx))
        .with("direction", "ltr")
        .with("team", "")
        .with("phrase", "")
        .with("agentOs", known(os.name))
        .with("agentClient", known(client.name))
        .with("agentDevice", known(device.brand))
}

/// The project's name for people.
pub(crate) fn project_name(cx: &Cx) -> &str {
    cx.project.registry.as_ref().map_or(&cx.app.options.mail.sender.name, |project| &project.name)
}

/// The mail server that these settings of a project name.
///
/// Its host is the project's choice: only addresses that foreign URLs may lead to are connected to.
pub(crate) fn server_of(cx: &Cx, smtp: &Smtp) -> Result<MailServer, Error> {
    let password = match smtp.sealed_password.as_str() {
        "" => String::new(),
        sealed => cx.app.secrets.open(SMTP_SEALED_FOR, sealed)?,
    };
    Ok(MailServer {
        host: smtp.host.clone(),
        port: u16::try_from(smtp.port).unwrap_or_default(),
        security: Security::by_name(&smtp.secure),
        username: smtp.username.clone(),
        password,
        trusted_pem: None,
        reach: Some(cx.app.options.outbound.clone()),
    })
}

impl Letter {
    /// The same mail about something else, of which a project has no words of its own.
    #[must_use]
    pub(crate) fn about(self, kind: Kind) -> Self {
        debug_assert!(Kind::ACCOUNT.contains(&kind), "a project may have worded {kind:?}");
        let template = template::standard(kind, &self.locale, Phrase::Absent);
        Self { kind, template, ..self }
    }

    /// Send it: put it into the queue, after the commit of what it tells.
    pub fn send(self, cx: &Cx, to: &Mailbox, values: impl FnOnce(Values) -> Values) {
        let project = cx.project.id().to_owned();
        let (message, carrier, place) = self.finish(cx, to, values);
        queue::deliver(&cx.app, project, place, carrier, message);
    }

    /// Send it now and wait for what the mail server, or the worker, says; it is not tried again.
    ///
    /// # Errors
    /// Why the mail server did not take it.
    pub async fn deliver(
        self,
        cx: &Cx,
        to: &Mailbox,
        values: impl FnOnce(Values) -> Values,
    ) -> Result<(), MailError> {
        let (message, carrier, _place) = self.finish(cx, to, values);
        carrier.send(&cx.app, &message).await
    }

    fn finish(
        self,
        cx: &Cx,
        to: &Mailbox,
        values: impl FnOnce(Values) -> Values,
    ) -> (Message, Carrier, Place) {
        let values = values(self.values);
        let message = Message {
            id: cx.new_id(),
            date_ms: cx.now().0,
            from: self.from,
            reply_to: self.reply_to,
            to: to.clone(),
            content: template::fill(self.kind, &self.locale, &self.template, &values),
        };
        (message, self.carrier, self.place)
    }
}

/// Our own words for a kind of mail, with every place open.
pub(crate) fn standard(kind: Kind, locale: &str) -> Template {
    template::standard(kind, locale, Phrase::Shown)
}

/// Send a sample by a mail server that a project's owners try out.
pub(crate) fn prepare_sample(cx: &Cx, smtp: &Smtp) -> Result<Letter, Error> {
    let place =
        cx.app.outbox.place().ok_or_else(|| Fault::Overloaded.error().detail("too many mails wait"))?;
    let (mut from, mut reply_to) = (cx.app.options.mail.sender.clone(), Mailbox::default());
    put(&mut from, &smtp.sender_name, &smtp.sender_email);
    put(&mut reply_to, &smtp.reply_to_name, &smtp.reply_to_email);
    let answers = if reply_to.address.is_empty() { &from } else { &reply_to };
    let carrier = Carrier::of(&cx.app, Some(server_of(cx, smtp)?)).expect("a server is there");
    let shown = |mailbox: &Mailbox| format!("{} ({})", mailbox.name, mailbox.address);
    Ok(Letter {
        kind: Kind::SmtpTest,
        locale: cx.request.locale.clone(),
        template: template::standard(Kind::SmtpTest, &cx.request.locale, Phrase::Absent),
        carrier,
        values: common_values(cx).with("from", shown(&from)).with("replyTo", shown(answers)),
        from,
        reply_to: Some(reply_to).filter(|reply_to| !reply_to.address.is_empty()),
        place,
    })
}
