//! Which e-mail addresses a project takes, of new accounts and of changed ones.

use cairn_faults::{Error, Fault};
use cairn_model::email::EmailFacts;
use cairn_model::projects::EmailPolicies;

use crate::Cx;

#[cfg(test)]
mod tests;

/// The rules of a project, to be asked inside of a transaction.
#[derive(Clone, Debug)]
pub(crate) struct Check(EmailPolicies);

impl Check {
    /// The rules of the request's project.
    pub(crate) fn of(cx: &Cx) -> Self {
        Self(cx.project.settings.policies.emails.clone())
    }

    /// Whether the project takes the address; no address is always taken.
    ///
    /// # Errors
    /// `user_email_disposable`, `user_email_not_canonical`, `user_email_free`, `user_email_not_corporate`, in this order.
    pub(crate) fn admit(&self, email: Option<&str>) -> Result<(), Error> {
        let Some(facts) = email.and_then(EmailFacts::of) else { return Ok(()) };
        let refusals = [
            (self.0.denies_disposable && facts.is_disposable, Fault::UserEmailDisposable),
            (self.0.denies_aliased && !facts.is_canonical, Fault::UserEmailNotCanonical),
            (self.0.denies_free && facts.is_free, Fault::UserEmailFree),
            (self.0.is_corporate_only && !facts.is_corporate, Fault::UserEmailNotCorporate),
        ];
        match refusals.into_iter().find(|(is_refused, _)| *is_refused) {
            Some((_, fault)) => Err(fault.error()),
            None => Ok(()),
        }
    }
}
