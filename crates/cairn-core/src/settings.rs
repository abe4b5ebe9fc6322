//! What a project's owners choose: services, protocols, sign-in ways, policies, mail server, labels, test numbers.
//!
//! Every change reads the settings in its own transaction, so that two owners who change different things at once both
//! get their way.

use cairn_faults::{Error, Fault};
use cairn_model::projects::{
    MOCK_PHONES_MAX, MembershipPrivacy, MfaFactors, MockPhone, PasswordStrength, Settings, Smtp,
};
use cairn_query::{NounFields, build};
use cairn_store::StoreError;

use crate::Cx;
use crate::listing::{ListRequest, Page, query_error};
use crate::mail;

#[cfg(test)]
mod tests;

/// Turn a service on or off.
pub async fn set_service(cx: &Cx, service: &'static str, is_enabled: bool) -> Result<Settings, Error> {
    change(cx, move |settings| toggle(&mut settings.disabled_services, service, is_enabled)).await
}

/// Turn a protocol on or off.
pub async fn set_protocol(cx: &Cx, protocol: &'static str, is_enabled: bool) -> Result<Settings, Error> {
    change(cx, move |settings| toggle(&mut settings.disabled_protocols, protocol, is_enabled)).await
}

/// Turn a sign-in way on or off.
pub async fn set_auth_method(cx: &Cx, method: &'static str, is_enabled: bool) -> Result<Settings, Error> {
    change(cx, move |settings| toggle(&mut settings.disabled_auth_methods, method, is_enabled)).await
}

fn toggle(disabled: &mut std::collections::BTreeSet<String>, name: &str, is_enabled: bool) {
    if is_enabled {
        disabled.remove(name);
    } else {
        disabled.insert(name.to_owned());
    }
}

/// One policy with its new value.
#[derive(Clone, Debug)]
pub enum PolicyChange {
    /// Users at most; `None` is no limit.
    UserLimit(Option<i64>),
    /// Seconds that a session lasts.
    SessionDuration(i64),
    /// Sessions per user at most.
    SessionLimit(i64),
    /// Whether a changed password ends the user's other sessions.
    SessionInvalidation(bool),
    /// Whether a sign-in from a new client is told to the user.
    SessionAlert(bool),
    /// How many earlier passwords may not come back; `None` is none.
    PasswordHistory(Option<i64>),
    /// Whether common passwords are refused.
    PasswordDictionary(bool),
    /// Whether passwords that hold the user's own data are refused.
    PasswordPersonalData(bool),
    /// What a password must have in it.
    PasswordStrength(PasswordStrengthPatch),
    /// What members of a team may see of each other.
    MembershipPrivacy(MembershipPrivacyPatch),
    /// What may complete a second-factor challenge.
    MfaFactors(MfaFactorsPatch),
    /// Whether other spellings of a mailbox are refused.
    DenyAliasedEmail(bool),
    /// Whether addresses that are thrown away after use are refused.
    DenyDisposableEmail(bool),
    /// Whether addresses that anybody gets for nothing are refused.
    DenyFreeEmail(bool),
    /// Whether addresses of organizations alone are taken.
    DenyCorporateEmail(bool),
}

/// New values of [`PasswordStrength`]; `None` leaves one alone.
#[derive(Clone, Debug, Default)]
pub struct PasswordStrengthPatch {
    /// Characters at least.
    pub chars_min: Option<i64>,
    /// Whether an upper-case letter.
    pub needs_uppercase: Option<bool>,
    /// Whether a lower-case letter.
    pub needs_lowercase: Option<bool>,
    /// Whether a digit.
    pub needs_number: Option<bool>,
    /// Whether something else.
    pub needs_symbol: Option<bool>,
}

/// New values of [`MembershipPrivacy`]; `None` leaves one alone.
#[derive(Clone, Debug, Default)]
pub struct MembershipPrivacyPatch {
    /// Whether ids are shown.
    pub shows_user_id: Option<bool>,
    /// Whether e-mail addresses are shown.
    pub shows_email: Option<bool>,
    /// Whether phone numbers are shown.
    pub shows_phone: Option<bool>,
    /// Whether names are shown.
    pub shows_name: Option<bool>,
    /// Whether the second-factor status is shown.
    pub shows_mfa: Option<bool>,
    /// Whether the last use is shown.
    pub shows_accessed_at: Option<bool>,
}

/// New values of [`MfaFactors`]; `None` leaves one alone.
#[derive(Clone, Debug, Default)]
pub struct MfaFactorsPatch {
    /// Codes of an authenticator.
    pub totp: Option<bool>,
    /// Codes by e-mail.
    pub email: Option<bool>,
    /// Codes by phone.
    pub phone: Option<bool>,
    /// What the project's own code decides.
    pub custom: Option<bool>,
}

/// Change one policy.
pub async fn set_policy(cx: &Cx, policy: PolicyChange) -> Result<Settings, Error> {
    change(cx, move |settings| apply(settings, policy)).await
}

fn apply(settings: &mut Settings, policy: PolicyChange) {
    let policies = &mut settings.policies;
    match policy {
        PolicyChange::UserLimit(max) => policies.users_max = max.filter(|max| *max > 0),
        PolicyChange::SessionDuration(seconds) => policies.session_seconds = Some(seconds),
        PolicyChange::SessionLimit(max) => policies.sessions_per_user_max = Some(max),
        PolicyChange::SessionInvalidation(is_on) => policies.ends_sessions_on_password_change = is_on,
        PolicyChange::SessionAlert(is_on) => policies.alerts_on_session = is_on,
        PolicyChange::PasswordHistory(count) => policies.password_history = count.unwrap_or(0),
        PolicyChange::PasswordDictionary(is_on) => policies.refuses_common_passwords = is_on,
        PolicyChange::PasswordPersonalData(is_on) => policies.refuses_personal_passwords = is_on,
        PolicyChange::DenyAliasedEmail(is_on) => policies.emails.denies_aliased = is_on,
        PolicyChange::DenyDisposableEmail(is_on) => policies.emails.denies_disposable = is_on,
        PolicyChange::DenyFreeEmail(is_on) => policies.emails.denies_free = is_on,
        PolicyChange::DenyCorporateEmail(is_on) => policies.emails.is_corporate_only = is_on,
        PolicyChange::PasswordStrength(patch) => {
            let old = policies.password_strength.clone();
            policies.password_strength = PasswordStrength {
                chars_min: patch.chars_min.unwrap_or(old.chars_min),
                needs_uppercase: patch.needs_uppercase.unwrap_or(old.needs_uppercase),
                needs_lowercase: patch.needs_lowercase.unwrap_or(old.needs_lowercase),
                needs_number: patch.needs_number.unwrap_or(old.needs_number),
                needs_symbol: patch.needs_symbol.unwrap_or(old.needs_symbol),
            };
        }
        PolicyChange::MembershipPrivacy(patch) => {
            let old = policies.memberships.clone();
            policies.memberships = MembershipPrivacy {
                shows_user_id: patch.shows_user_id.unwrap_or(old.shows_user_id),
                shows_email: patch.shows_email.unwrap_or(old.shows_email),
                shows_phone: patch.shows_phone.unwrap_or(old.shows_phone),
                shows_name: patch.shows_name.unwrap_or(old.shows_name),
                shows_mfa: patch.shows_mfa.unwrap_or(old.shows_mfa),
                shows_accessed_at: patch.shows_accessed_at.unwrap_or(old.shows_accessed_at),
            };
        }
        PolicyChange::MfaFactors(patch) => {
            let old = policies.mfa_factors.clone();
            policies.mfa_factors = MfaFactors {
                totp: patch.totp.unwrap_or(old.totp),
                email: patch.email.unwrap_or(old.email),
                phone: patch.phone.unwrap_or(old.phone),
                custom: patch.custom.unwrap_or(old.custom),
            };
        }
    }
}

/// New values of a project's mail server; `None` leaves one alone, empty text clears it.
#[derive(Clone, Debug, Default)]
pub struct SmtpPatch {
    /// Its host name.
    pub host: Option<String>,
    /// Its port.
    pub port: Option<i64>,
    /// The name to sign in with.
    pub username: Option<String>,
    /// The password to sign in with.
    pub password: Option<String>,
    /// The sender's address.
    pub sender_email: Option<String>,
    /// The sender's name.
    pub sender_name: Option<String>,
    /// Where answers go.
    pub reply_to_email: Option<String>,
    /// Whose answers they are.
    pub reply_to_name: Option<String>,
    /// `tls`, `ssl` or empty.
    pub secure: Option<String>,
    /// Whether it is used.
    pub is_enabled: Option<bool>,
}

/// Change the project's mail server.
///
/// It is spoken to before it is kept, unless it is to be off. Where nobody says whether it is to be used, it is once it
/// answers.
///
/// # Errors
/// `general_argument_invalid` when it is to be used but host, port or sender are missing; `project_smtp_config_invalid`
/// when it is to be used and does not answer, or refuses the sign-in.
pub async fn set_smtp(cx: &Cx, patch: SmtpPatch) -> Result<Settings, Error> {
    let patch = SealedPatch::of(cx, patch);
    let mut wanted = patch.clone().applied(current(cx).await?.smtp);
    if wanted.is_enabled {
        require_complete(&wanted)?;
    }
    let is_tried = patch.0.is_enabled != Some(false) && !wanted.sender_email.is_empty();
    if is_tried {
        match mail::try_out(&cx.app, &mail::server_of(cx, &wanted)?).await {
            Ok(()) => wanted.is_enabled = true,
            Err(error) if wanted.is_enabled => {
                let reason = error.to_string();
                return Err(Fault::ProjectSmtpConfigInvalid.with("reason", reason).source(error));
            }
            Err(_) => {}
        }
    }
    let is_enabled = wanted.is_enabled;
    try_change(cx, move |settings| {
        let old = std::mem::take(&mut settings.smtp);
        settings.smtp = Smtp { is_enabled, ..patch.applied(old) };
        Ok(())
    })
    .await
}

/// Whether everything is there that a mail server needs to be used.
pub(crate) fn require_complete(smtp: &Smtp) -> Result<(), Error> {
    let missing = [
        ("host", smtp.host.is_empty()),
        ("port", smtp.port == 0),
        ("senderEmail", smtp.sender_email.is_empty()),
    ];
    match missing.into_iter().find(|(_, is_missing)| *is_missing) {
        Some((param, _)) => Err(Error::missing_param(param)),
        None => Ok(()),
    }
}

/// The mail server that these values alone make.
pub(crate) fn smtp_of(cx: &Cx, patch: SmtpPatch) -> Result<Smtp, Error> {
    let smtp = SealedPatch::of(cx, patch).applied(Smtp::default());
    require_complete(&smtp)?;
    Ok(smtp)
}

/// New values whose password is sealed.
#[derive(Clone)]
struct SealedPatch(SmtpPatch);

impl SealedPatch {
    fn of(cx: &Cx, patch: SmtpPatch) -> Self {
        let seal = |password: String| {
            if password.is_empty() { password } else { cx.app.secrets.seal(mail::SMTP_SEALED_FOR, &password) }
        };
        Self(SmtpPatch { password: patch.password.map(seal), ..patch })
    }

    fn applied(self, old: Smtp) -> Smtp {
        let patch = self.0;
        Smtp {
            is_enabled: patch.is_enabled.unwrap_or(old.is_enabled),
            host: patch.host.unwrap_or(old.host),
            port: patch.port.unwrap_or(old.port),
            username: patch.username.unwrap_or(old.username),
            sealed_password: patch.password.unwrap_or(old.sealed_password),
            secure: patch.secure.unwrap_or(old.secure),
            sender_email: patch.sender_email.unwrap_or(old.sender_email),
            sender_name: patch.sender_name.unwrap_or(old.sender_name),
            reply_to_email: patch.reply_to_email.unwrap_or(old.reply_to_email),
            reply_to_name: patch.reply_to_name.unwrap_or(old.reply_to_name),
        }
    }
}

/// Keep a test phone number.
pub async fn create_mock_phone(cx: &Cx, number: String, otp: String) -> Result<MockPhone, Error> {
    let now = cx.now();
    let phone = MockPhone { number, otp, created: now, updated: now };
    let added = phone.clone();
    try_change(cx, move |settings| {
        if settings.mock_phones.len() >= MOCK_PHONES_MAX {
            return Err(Fault::MockNumberLimitExceeded.error());
        }
        if settings.mock_phones.iter().any(|known| known.number == added.number) {
            return Err(Fault::MockNumberAlreadyExists.with("number", &added.number));
        }
        settings.mock_phones.push(added);
        Ok(())
    })
    .await?;
    Ok(phone)
}

/// A test phone number.
pub async fn mock_phone(cx: &Cx, number: &str) -> Result<MockPhone, Error> {
    let found = current(cx).await?.mock_phones.into_iter().find(|known| known.number == number);
    found.ok_or_else(|| Fault::MockNumberNotFound.with("number", number))
}

/// Change the code of a test phone number.
pub async fn update_mock_phone(cx: &Cx, number: &str, otp: String) -> Result<MockPhone, Error> {
    let (now, wanted) = (cx.now(), number.to_owned());
    let settings = try_change(cx, move |settings| {
        let found = settings.mock_phones.iter_mut().find(|known| known.number == wanted);
        let phone = found.ok_or_else(|| Fault::MockNumberNotFound.with("number", &wanted))?;
        phone.otp = otp;
        phone.updated = now;
        Ok(())
    })
    .await?;
    let found = settings.mock_phones.into_iter().find(|known| known.number == number);
    found.ok_or_else(|| Fault::MockNumberNotFound.with("number", number))
}

/// Forget a test phone number.
pub async fn delete_mock_phone(cx: &Cx, number: &str) -> Result<(), Error> {
    let wanted = number.to_owned();
    try_change(cx, move |settings| {
        let before = settings.mock_phones.len();
        settings.mock_phones.retain(|known| known.number != wanted);
        if settings.mock_phones.len() == before {
            return Err(Fault::MockNumberNotFound.with("number", &wanted));
        }
        Ok(())
    })
    .await
    .map(drop)
}

/// Put other test phone numbers in the place of all.
///
/// # Errors
/// `general_bad_request` when a number stands twice.
pub async fn replace_mock_phones(cx: &Cx, phones: Vec<(String, String)>) -> Result<Settings, Error> {
    let now = cx.now();
    let mut replaced: Vec<MockPhone> = Vec::with_capacity(phones.len());
    for (number, otp) in phones {
        if replaced.iter().any(|known| known.number == number) {
            return Err(Fault::GeneralBadRequest.with("reason", "a phone number stands twice"));
        }
        replaced.push(MockPhone { number, otp, created: now, updated: now });
    }
    change(cx, move |settings| settings.mock_phones = replaced).await
}

/// The project's settings as they are now.
pub async fn current(cx: &Cx) -> Result<Settings, Error> {
    let settings: Result<_, StoreError> =
        cx.store().read(cx.project_ref(), |tx| async move { tx.settings().await }).await;
    Ok(settings?)
}

async fn change(
    cx: &Cx,
    apply: impl FnOnce(&mut Settings) + Clone + Send + 'static,
) -> Result<Settings, Error> {
    try_change(cx, move |settings| {
        apply(settings);
        Ok(())
    })
    .await
}

pub(crate) async fn try_change(
    cx: &Cx,
    apply: impl FnOnce(&mut Settings) -> Result<(), Error> + Clone + Send + 'static,
) -> Result<Settings, Error> {
    let now = cx.now();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut settings = tx.settings().await?;
            apply(&mut settings)?;
            settings.updated = Some(now);
            tx.settings_update(&settings).await?;
            Ok::<_, Error>(settings)
        })
        .await
}

/// Things that are only paged: test phone numbers and policies, in their own order.
pub(crate) fn paged<T: Clone>(all: &[T], request: &ListRequest) -> Result<Page<T>, Error> {
    let query = build(&request.queries, &NounFields(&[]), request.limits).map_err(query_error)?;
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let limit = query.limit.map_or(usize::MAX, count);
    let items = all.iter().skip(count(query.offset)).take(limit).cloned().collect();
    let total = if request.counts_total { i64::try_from(all.len()).unwrap_or(i64::MAX) } else { 0 };
    Ok(Page { items, total })
}

/// A page of the project's test phone numbers.
pub async fn mock_phones(cx: &Cx, request: &ListRequest) -> Result<Page<MockPhone>, Error> {
    paged(&current(cx).await?.mock_phones, request)
}

/// A page of the names of policies.
pub fn policy_names(names: &[&'static str], request: &ListRequest) -> Result<Page<&'static str>, Error> {
    paged(names, request)
}
