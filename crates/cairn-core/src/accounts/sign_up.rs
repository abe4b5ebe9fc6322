//! Sign-up.
//!
//! The console takes its first person only, unless it was opened; who that is, the one-time code decides where the
//! server printed one.

use cairn_faults::{Error, Fault};
use cairn_store::Tx;

use super::require_method;
use crate::secrets::is_equal;
use crate::users::{self, Profile};
use crate::{Cx, email_policies};

/// How far users are counted.
const USERS_COUNTED_MAX: i64 = cairn_model::users::USERS_MAX;

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The id, or `unique()`.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
    /// The name; may be empty.
    pub name: String,
}

/// Sign up with e-mail address and password.
///
/// # Errors
/// `user_already_exists`, `user_count_exceeded`, and at the console `user_email_not_whitelisted`,
/// `user_ip_not_whitelisted`, `user_console_count_exceeded` and the fault of the setup code.
pub async fn create(cx: &Cx, new: NewAccount) -> Result<Profile, Error> {
    require_method(cx, "email-password")?;
    check_lists(cx, &new.email.to_lowercase())?;
    make(cx, new, Gate::of(cx)).await
}

async fn make(cx: &Cx, new: NewAccount, gate: Gate) -> Result<Profile, Error> {
    let email = new.email.to_lowercase();
    // Asked twice: hashing is too dear to be done for nothing, and only inside the transaction the answer holds.
    let early = gate.clone();
    cx.store().read(cx.project_ref(), |tx| async move { early.admit(&tx).await }).await?;
    email_policies::Check::of(cx).admit(Some(&email))?;
    let mut user = users::with_password(cx, &cx.id_or_new(&new.id), email, new.name, &new.password).await?;
    user.accessed_at = Some(user.created);
    let targets = users::address_targets(cx, &user);
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            gate.admit(&tx).await?;
            users::insert(&tx, user, targets).await
        })
        .await
}

/// Sign up to the console with a code that its operator gave out; whoever has one need not stand on the lists.
///
/// # Errors
/// `general_access_forbidden` outside of the console, `general_codes_disabled`, `user_invalid_code`, and those of
/// [`create`].
pub async fn create_with_code(cx: &Cx, new: NewAccount, code: &str) -> Result<Profile, Error> {
    if !cx.is_console() {
        return Err(Fault::GeneralAccessForbidden.error());
    }
    let codes = &cx.app.options.console.codes;
    if codes.is_empty() {
        return Err(Fault::GeneralCodesDisabled.error());
    }
    // All are compared: the time does not tell which one is near.
    let hits = codes.iter().filter(|known| is_equal(known, code)).count();
    if hits == 0 {
        return Err(Fault::UserInvalidCode.error());
    }
    make(cx, new, Gate { users_max: None, ..Gate::of(cx) }).await
}

/// The console's lists of who may sign up, where they are set.
pub(crate) fn check_lists(cx: &Cx, email: &str) -> Result<(), Error> {
    if !cx.is_console() {
        return Ok(());
    }
    let console = &cx.app.options.console;
    if !console.emails.is_empty() && !console.emails.iter().any(|entry| is_listed(entry, email)) {
        return Err(Fault::UserEmailNotWhitelisted.error());
    }
    let ip = cx.request.ip.to_string();
    if !console.ips.is_empty() && !console.ips.contains(&ip) {
        return Err(Fault::UserIpNotWhitelisted.error());
    }
    Ok(())
}

/// Whether an entry names the address; `*` stands for any characters but `@`.
fn is_listed(entry: &str, email: &str) -> bool {
    let entry = entry.trim().to_lowercase();
    match entry.split_once('*') {
        None => entry == email,
        Some((head, tail)) => email
            .strip_prefix(head)
            .and_then(|rest| rest.strip_suffix(tail))
            .is_some_and(|middle| !middle.contains('@')),
    }
}

/// How many users there may be, and what else the first one must show.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    users_max: Option<i64>,
    full: Fault,
    has_shown_code: bool,
}

impl Gate {
    /// The gate of the request's project.
    pub(crate) fn of(cx: &Cx) -> Self {
        if !cx.is_console() {
            let users_max = cx.project.settings.policies.users_max.filter(|max| *max > 0);
            return Self { users_max, full: Fault::UserCountExceeded, has_shown_code: true };
        }
        let console = &cx.app.options.console;
        let has_shown_code = match (&console.setup_code, &cx.request.setup_code) {
            (None, _) => true,
            (Some(code), Some(shown)) => is_equal(code, shown.trim()),
            (Some(_), None) => false,
        };
        Self {
            users_max: console.is_root_only.then_some(1),
            full: Fault::UserConsoleCountExceeded,
            has_shown_code,
        }
    }

    /// Whether one user more may be made now.
    pub(crate) async fn admit(&self, tx: &Tx) -> Result<(), Error> {
        if self.users_max.is_none() && self.has_shown_code {
            return Ok(());
        }
        let count = tx.user_count(USERS_COUNTED_MAX).await?;
        if self.users_max.is_some_and(|max| count >= max) {
            return Err(self.full.error());
        }
        if count == 0 && !self.has_shown_code {
            return Err(Fault::SetupCodeRequired.error());
        }
        Ok(())
    }
}
