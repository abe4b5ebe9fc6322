//! How a project words its mails.

use cairn_faults::{Error, Fault};
use cairn_model::mail_templates::MailTemplate;
use cairn_query::{NounFields, build};
use cairn_store::StoreError;

use crate::listing::{ListRequest, Page, query_error};
use crate::mail::{self, Kind, Template};
use crate::{Cx, settings};

#[cfg(test)]
mod tests;

/// Texts on a page at most.
const PAGE_MAX: u64 = 1_000;

/// New values of a text; `None` leaves one alone, an empty sender or reply address clears it.
#[derive(Clone, Debug, Default)]
pub struct MailTemplatePatch {
    /// The subject.
    pub subject: Option<String>,
    /// The body.
    pub message: Option<String>,
    /// The sender's name.
    pub sender_name: Option<String>,
    /// The sender's address.
    pub sender_email: Option<String>,
    /// Where answers go.
    pub reply_to_email: Option<String>,
    /// Whose answers they are.
    pub reply_to_name: Option<String>,
}

/// The words for a kind of mail in a language: the project's, else ours.
pub async fn get(cx: &Cx, kind: Kind, locale: &str) -> Result<MailTemplate, Error> {
    if let Some(own) = own(cx, kind, locale).await? {
        return Ok(own);
    }
    let Template { subject, message } = mail::standard(kind, locale);
    Ok(MailTemplate {
        kind: kind.name().to_owned(),
        locale: locale.to_owned(),
        subject,
        message,
        ..MailTemplate::default()
    })
}

async fn own(cx: &Cx, kind: Kind, locale: &str) -> Result<Option<MailTemplate>, Error> {
    let locale = locale.to_owned();
    let found: Result<_, StoreError> = cx
        .store()
        .read(cx.project_ref(), |tx| async move { tx.mail_template(kind.name(), &locale).await })
        .await;
    Ok(found?)
}

/// A page of the project's own words, by kind and language.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<MailTemplate>, Error> {
    let query = build(&request.queries, &NounFields(&[]), request.limits).map_err(query_error)?;
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (offset, limit) = (count(query.offset), count(query.limit.unwrap_or(PAGE_MAX).min(PAGE_MAX)));
    let counts_total = request.counts_total;
    let page: Result<_, StoreError> = cx
        .store()
        .read_long(cx.project_ref(), |tx| async move {
            let items = tx.mail_template_list(offset, limit).await?;
            let total = if counts_total { tx.mail_template_count().await? } else { 0 };
            Ok(Page { items, total })
        })
        .await;
    Ok(page?)
}

/// Word a kind of mail in a language.
///
/// # Errors
/// `general_argument_invalid` while the project has no mail server of its own in use, which alone sends such words, and
/// where subject or message would be empty.
pub async fn update(
    cx: &Cx,
    kind: Kind,
    locale: &str,
    patch: MailTemplatePatch,
) -> Result<MailTemplate, Error> {
    let (now, locale) = (cx.now(), locale.to_owned());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            if !tx.settings().await?.smtp.is_enabled {
                let reason = "needs a mail server of the project's own, which is off";
                return Err(Error::invalid_param("templateId", reason));
            }
            let old = tx.mail_template(kind.name(), &locale).await?.unwrap_or_default();
            let template = MailTemplate {
                kind: kind.name().to_owned(),
                locale,
                subject: patch.subject.unwrap_or(old.subject),
                message: patch.message.unwrap_or(old.message),
                sender_name: patch.sender_name.unwrap_or(old.sender_name),
                sender_email: patch.sender_email.unwrap_or(old.sender_email),
                reply_to_email: patch.reply_to_email.unwrap_or(old.reply_to_email),
                reply_to_name: patch.reply_to_name.unwrap_or(old.reply_to_name),
                updated: Some(now),
            };
            for (name, value) in [("subject", &template.subject), ("message", &template.message)] {
                if value.is_empty() {
                    return Err(Error::missing_param(name));
                }
            }
            tx.mail_template_put(&template).await?;
            Ok(template)
        })
        .await
}

/// Go back to our words for a kind of mail in a language.
///
/// # Errors
/// `project_template_default_deletion` where they are in use already.
pub async fn delete(cx: &Cx, kind: Kind, locale: &str) -> Result<(), Error> {
    let locale = locale.to_owned();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            if tx.mail_template_delete(kind.name(), &locale).await? {
                Ok(())
            } else {
                Err(Fault::ProjectTemplateDefaultDeletion.error())
            }
        })
        .await
}

/// Send a sample to these addresses, by the project's own mail server or the one of an older client's parameters.
///
/// # Errors
/// `general_argument_invalid` while the project's own is off, and where host, port or sender are missing.
pub async fn send_sample(cx: &Cx, to: &[String], other: Option<settings::SmtpPatch>) -> Result<(), Error> {
    let smtp = if let Some(patch) = other {
        settings::smtp_of(cx, patch)?
    } else {
        let smtp = settings::current(cx).await?.smtp;
        if !smtp.is_enabled {
            let reason = "cannot be written to: the project's own mail server is off";
            return Err(Error::invalid_param("emails", reason));
        }
        smtp
    };
    settings::require_complete(&smtp)?;
    // All of them are begun before any is sent.
    let letters: Vec<mail::Letter> =
        to.iter().map(|_| mail::prepare_sample(cx, &smtp)).collect::<Result<_, _>>()?;
    for (letter, address) in letters.into_iter().zip(to) {
        letter.send(cx, &mail::Mailbox::new("", address), |values| values);
    }
    Ok(())
}
