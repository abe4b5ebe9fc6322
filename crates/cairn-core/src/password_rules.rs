//! What a project asks of a password, beside its length on the wire.
//!
//! Common passwords are those of at least eight characters among the 10,000 most used ones that the password meter
//! zxcvbn ranks; its licence lies beside the list.

use std::collections::HashSet;
use std::sync::LazyLock;

use cairn_faults::{Error, Fault};
use cairn_model::projects::{PasswordStrength, Policies};
use cairn_model::users::User;
use cairn_std::Timestamp;

use crate::Cx;

#[cfg(test)]
mod tests;

/// Passwords that are tried first, of at least eight characters, in lower case.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("password_rules/common.txt").lines().collect());

/// What is known of the person whose password it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Personal<'a> {
    pub(crate) id: &'a str,
    pub(crate) email: Option<&'a str>,
    pub(crate) name: &'a str,
    pub(crate) phone: Option<&'a str>,
}

impl<'a> From<&'a User> for Personal<'a> {
    fn from(user: &'a User) -> Self {
        let (email, phone) = (user.email.as_deref(), user.phone.as_deref());
        Self { id: user.id.as_str(), email, name: &user.name, phone }
    }
}

/// Whether the policies allow the form of the password.
///
/// # Errors
/// `general_argument_invalid` of the parameter `password`.
pub(crate) fn check_form(policies: &Policies, password: &str) -> Result<(), Error> {
    let refuse = |reason: String| Err(Error::invalid_param("password", reason));
    let PasswordStrength { chars_min, needs_uppercase, needs_lowercase, needs_number, needs_symbol } =
        policies.password_strength;
    if i64::try_from(password.chars().count()).is_ok_and(|count| count < chars_min) {
        return refuse(format!("must have at least {chars_min} characters"));
    }
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    for (is_needed, is_there, what) in [
        (needs_uppercase, has(char::is_uppercase), "an upper-case letter"),
        (needs_lowercase, has(char::is_lowercase), "a lower-case letter"),
        (needs_number, has(char::is_numeric), "a digit"),
        (needs_symbol, has(|c| !c.is_alphanumeric()), "a symbol"),
    ] {
        if is_needed && !is_there {
            return refuse(format!("must have {what}"));
        }
    }
    if policies.refuses_common_passwords && COMMON.contains(password.to_lowercase().as_str()) {
        return refuse("is among the passwords that are tried first".to_owned());
    }
    Ok(())
}

/// Whether the policies allow the password for this person.
///
/// # Errors
/// `password_personal_data`.
pub(crate) fn check_personal(policies: &Policies, password: &str, about: Personal<'_>) -> Result<(), Error> {
    if !policies.refuses_personal_passwords {
        return Ok(());
    }
    let password = password.to_lowercase();
    let local = about.email.and_then(|email| email.split('@').next());
    let digits = about.phone.map(|phone| phone.trim_start_matches('+'));
    let known = [Some(about.id), about.email, local, Some(about.name), about.phone, digits];
    if known.into_iter().flatten().any(|part| !part.is_empty() && password.contains(&part.to_lowercase())) {
        return Err(Fault::PasswordPersonalData.error());
    }
    Ok(())
}

/// The hash of a person's first password, which no history knows, if the policies allow it.
///
/// # Errors
/// As [`check_form`] and [`check_personal`].
pub(crate) async fn hash_first(cx: &Cx, password: &str, about: Personal<'_>) -> Result<String, Error> {
    let policies = &cx.project.settings.policies;
    check_form(policies, password)?;
    check_personal(policies, password, about)?;
    cx.app.passwords.hash(password).await
}

/// Whether the password is none of the remembered ones.
///
/// # Errors
/// `password_recently_used`.
pub(crate) async fn check_history(cx: &Cx, password: &str, history: &[String]) -> Result<(), Error> {
    if cx.project.settings.policies.password_history <= 0 {
        return Ok(());
    }
    for hash in history {
        if cx.app.passwords.is_match(password, hash).await? {
            return Err(Fault::PasswordRecentlyUsed.error());
        }
    }
    Ok(())
}

/// Give a user the password that has this hash.
pub(crate) fn set(user: &mut User, hash: String, policies: &Policies, now: Timestamp) {
    let history = std::mem::take(&mut user.password_history);
    user.password_history = remember(policies, history, &hash);
    user.password_hash = Some(hash);
    user.password_updated = Some(now);
    user.needs_new_password = false;
    user.updated = now;
}

/// The history with a new hash, as long as the policies want it.
fn remember(policies: &Policies, mut history: Vec<String>, hash: &str) -> Vec<String> {
    let kept = usize::try_from(policies.password_history).unwrap_or(0);
    if kept == 0 {
        return Vec::new();
    }
    history.push(hash.to_owned());
    let surplus = history.len().saturating_sub(kept);
    history.split_off(surplus)
}
