//! How a project words its mails, and trying out its mail server.

use cairn_core::mail::Kind;
use cairn_core::mail_templates::{self, MailTemplatePatch};
use cairn_core::projects;
use cairn_core::settings::SmtpPatch;
use cairn_faults::Fault;
use cairn_http::rules::{Patch, Rule, array_of, choices, email, hostname, integer, one_of, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::locales::LOCALES;
use cairn_model::mail_templates::{LOCALE_DEFAULT, MailTemplate};
use serde_json::json;

use crate::models::EMAIL_TEMPLATE;
use crate::wire::{ListParams, Object, OrEmpty, maybe, object, paged};

const READ: &[&str] = &["templates.read"];
const WRITE: &[&str] = &["templates.write"];
/// Characters of a body at most.
const MESSAGE_CHARS_MAX: usize = 10_485_760;
/// Receivers of one sample at most.
const SAMPLES_MAX: usize = 10;

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/project/templates/email", "project.listEmailTemplates", handler!(list_email_templates))
        .page("templates", &EMAIL_TEMPLATE)
        .scopes(READ),
    Route::get(
        "/v1/project/templates/email/{templateId}",
        "project.getEmailTemplate",
        handler!(get_email_template),
    )
    .ok(&EMAIL_TEMPLATE)
    .aliases(&["/v1/projects/{projectId}/templates/email/{templateId}/{locale}"])
    .also(&["projects.getEmailTemplate"])
    .scopes(READ),
    Route::patch(
        "/v1/project/templates/email",
        "project.updateEmailTemplate",
        handler!(update_email_template),
    )
    .ok(&EMAIL_TEMPLATE)
    .aliases(&[
        "/v1/projects/{projectId}/templates/email",
        "/v1/projects/{projectId}/templates/email/{templateId}/{locale}",
    ])
    .also(&["projects.updateEmailTemplate"])
    .scopes(WRITE),
    Route::delete(
        "/v1/projects/{projectId}/templates/email/{templateId}/{locale}",
        "projects.deleteEmailTemplate",
        handler!(delete_email_template),
    )
    .nothing()
    .scopes(&["projects.write"])
    .faults(&[Fault::ProjectNotFound, Fault::ProjectTemplateDefaultDeletion]),
    Route::post("/v1/project/smtp/tests", "project.createSMTPTest", handler!(create_smtp_test))
        .nothing()
        .aliases(&["/v1/projects/{projectId}/smtp/tests"])
        .also(&["projects.createSmtpTest", "projects.createSMTPTest"])
        .scopes(&["project.write"]),
];

/// Kinds by their name.
const KINDS: [(&str, Kind); Kind::WORDED.len()] = {
    let mut kinds = [("", Kind::Verification); Kind::WORDED.len()];
    let mut place = 0;
    while place < kinds.len() {
        kinds[place] = (Kind::WORDED[place].name(), Kind::WORDED[place]);
        place += 1;
    }
    kinds
};

async fn list_email_templates(call: Call<ListParams>) -> Reply {
    projects::registry(&call.cx)?;
    let request = call.params.into_request(&call.exchange);
    let page = mail_templates::list(&call.cx, &request).await?;
    Ok(paged("emailTemplate", "templates", &page, wire))
}

params! {
    /// A kind of mail in a language.
    pub(crate) struct TemplatePath {
        /// Custom email template type.
        template_id: Kind = "templateId" => choices(&KINDS),
        /// Custom email template locale; `en` where it is left out.
        locale: Option<&'static str> = "locale" => maybe(one_of(&LOCALES)),
    }
}

async fn get_email_template(call: Call<TemplatePath>) -> Reply {
    projects::registry(&call.cx)?;
    let TemplatePath { template_id, locale } = call.params;
    let template = mail_templates::get(&call.cx, template_id, locale.unwrap_or(LOCALE_DEFAULT)).await?;
    Ok(Answer::ok("emailTemplate", wire(&template)))
}

params! {
    /// Words of a kind of mail in a language; empty text clears what is not needed.
    pub(crate) struct UpdateEmailTemplate {
        /// Custom email template type.
        template_id: Kind = "templateId" => choices(&KINDS),
        /// Custom email template locale; `en` where it is left out.
        locale: Option<&'static str> = "locale" => maybe(one_of(&LOCALES)),
        /// Subject, up to 255 characters.
        subject: Patch<String> = "subject" => text(1, 255).nullable().optional(),
        /// Plain or HTML body.
        message: Patch<String> = "message" => text(1, MESSAGE_CHARS_MAX).nullable().optional(),
        /// Name of the sender.
        sender_name: Patch<String> = "senderName" => text(0, 255).nullable().optional(),
        /// Address of the sender.
        sender_email: Patch<String> = "senderEmail" => OrEmpty(email()).nullable().optional(),
        /// Where answers go.
        reply_to_email: Patch<String> = "replyToEmail" => OrEmpty(email()).nullable().optional(),
        /// Whose answers they are.
        reply_to_name: Patch<String> = "replyToName" => text(0, 255).nullable().optional(),
    }
}

async fn update_email_template(call: Call<UpdateEmailTemplate>) -> Reply {
    projects::registry(&call.cx)?;
    let sent = call.params;
    let patch = MailTemplatePatch {
        subject: sent.subject.value(),
        message: sent.message.value(),
        sender_name: sent.sender_name.value(),
        sender_email: sent.sender_email.value(),
        reply_to_email: sent.reply_to_email.value(),
        reply_to_name: sent.reply_to_name.value(),
    };
    let locale = sent.locale.unwrap_or(LOCALE_DEFAULT);
    let template = mail_templates::update(&call.cx, sent.template_id, locale, patch).await?;
    Ok(Answer::ok("emailTemplate", wire(&template)))
}

params! {
    /// Words of a project that are to go.
    pub(crate) struct DeleteEmailTemplate {
        /// Project ID.
        project_id: String = "projectId" => uid(),
        /// Template type.
        template_id: Kind = "templateId" => choices(&KINDS),
        /// Template locale.
        locale: &'static str = "locale" => one_of(&LOCALES),
    }
}

async fn delete_email_template(call: Call<DeleteEmailTemplate>) -> Reply {
    let cx = projects::managed(&call.cx, &call.params.project_id).await?;
    mail_templates::delete(&cx, call.params.template_id, call.params.locale).await?;
    Ok(Answer::no_content())
}

params! {
    /// Receivers of a sample, and a mail server as clients before 1.9.2 name it.
    pub(crate) struct CreateSmtpTest {
        /// Addresses to send a sample to, up to 10.
        emails: Vec<String> = "emails" => array_of(email(), SAMPLES_MAX),
        /// Name of the sender.
        sender_name: String = "senderName" => text(0, 256).or_empty(),
        /// Address of the sender.
        sender_email: Option<String> = "senderEmail" => maybe(email()),
        /// Where answers go.
        reply_to: Option<String> = "replyTo" => maybe(email()),
        /// Host name of the server.
        host: Option<String> = "host" => maybe(hostname()),
        /// Port of the server.
        port: Option<i64> = "port" => integer(0, 65_535).optional(),
        /// Name to sign in with.
        username: String = "username" => text(0, 256).or_empty(),
        /// Password to sign in with.
        password: String = "password" => text(0, 256).or_empty(),
        /// How the connection is encrypted.
        secure: Option<&'static str> = "secure" => maybe(one_of(&["tls", "ssl"])),
    }
}

async fn create_smtp_test(call: Call<CreateSmtpTest>) -> Reply {
    projects::registry(&call.cx)?;
    let sent = call.params;
    let other = sent.host.map(|host| SmtpPatch {
        host: Some(host),
        port: sent.port,
        username: Some(sent.username),
        password: Some(sent.password),
        sender_email: sent.sender_email,
        sender_name: Some(sent.sender_name),
        reply_to_email: sent.reply_to,
        secure: sent.secure.map(str::to_owned),
        ..SmtpPatch::default()
    });
    mail_templates::send_sample(&call.cx, &sent.emails, other).await?;
    Ok(Answer::no_content())
}

fn wire(template: &MailTemplate) -> Object {
    object(json!({
        "templateId": template.kind,
        "locale": template.locale,
        "message": template.message,
        "senderName": template.sender_name,
        "senderEmail": template.sender_email,
        "replyToEmail": template.reply_to_email,
        "replyToName": template.reply_to_name,
        "subject": template.subject,
    }))
}
