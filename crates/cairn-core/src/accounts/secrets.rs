//! What one changes of oneself only with the password: the password, the e-mail address, the phone number.

use cairn_faults::{Error, Fault};
use cairn_model::users::{Target, User};
use cairn_store::Tx;

use super::own;
use crate::password_rules::{self, Personal};
use crate::users::{self, Address, Profile, change_address};
use crate::{Cx, email_policies, revocations};

/// Set the caller's password; the old one is asked for where there is one.
///
/// The caller's other sessions, and the tokens that applications hold, end where the project's policy says so.
pub async fn update_password(cx: &Cx, password: &str, old: &str) -> Result<Profile, Error> {
    let known = own(cx)?.clone();
    let policies = &cx.project.settings.policies;
    password_rules::check_form(policies, password)?;
    prove(cx, &known, old).await?;
    password_rules::check_history(cx, password, &known.password_history).await?;
    password_rules::check_personal(policies, password, (&known).into())?;
    let hash = cx.app.passwords.hash(password).await?;
    let (now, policies) = (cx.now(), policies.clone());
    let own = cx.session().map(|session| session.id.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = reload(&tx, &known).await?;
            password_rules::set(&mut user, hash, &policies, now);
            tx.user_update(&user).await?;
            match (policies.ends_sessions_on_password_change, &own) {
                (true, Some(own)) => revocations::end_others(&tx, &user.id, Some(own)).await?,
                // COMPAT(appwrite): who changes it without a session of their own ends none.
                (true, None) => revocations::end_tokens(&tx, &user.id).await?,
                (false, _) => {}
            }
            users::profile(&tx, user).await
        })
        .await
}

/// Give the caller another e-mail address. An account without password gets this one: so a guest's becomes a full one.
pub async fn update_email(cx: &Cx, email: &str, password: &str) -> Result<Profile, Error> {
    update_address(cx, Address::Email, &email.to_lowercase(), password).await
}

/// Give the caller another phone number. An account without password gets this one.
pub async fn update_phone(cx: &Cx, phone: &str, password: &str) -> Result<Profile, Error> {
    update_address(cx, Address::Phone, phone, password).await
}

async fn update_address(cx: &Cx, kind: Address, address: &str, password: &str) -> Result<Profile, Error> {
    let known = own(cx)?.clone();
    prove(cx, &known, password).await?;
    if kind == Address::Email {
        email_policies::Check::of(cx).admit(Some(address))?;
    }
    let mut first_hash = None;
    if known.password_updated.is_none() {
        let person = Personal::from(&known);
        let person = match kind {
            Address::Email => Personal { email: Some(address), ..person },
            Address::Phone => Personal { phone: Some(address), ..person },
        };
        first_hash = Some(password_rules::hash_first(cx, password, person).await?);
    }
    let fresh: Option<Target> = kind.target(cx, &known.id, Some(address));
    let (now, policies) = (cx.now(), cx.project.settings.policies.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = reload(&tx, &known).await?;
            if let Some(hash) = first_hash {
                password_rules::set(&mut user, hash, &policies, now);
            }
            match change_address(&tx, &mut user, kind, fresh, now).await {
                // COMPAT(appwrite): a taken address is not told apart, so that nobody learns who has an account.
                Err(error) if error.fault() == Fault::UserEmailAlreadyExists => Err(Fault::GeneralBadRequest
                    .with("reason", "the e-mail address cannot be used")
                    .source(error)),
                Err(error) => Err(error),
                Ok(()) => users::profile(&tx, user).await,
            }
        })
        .await
}

/// Whether the password is the caller's; anything will do where there is none.
async fn prove(cx: &Cx, user: &User, password: &str) -> Result<(), Error> {
    if user.password_updated.is_none() {
        return Ok(());
    }
    let is_proved = match &user.password_hash {
        Some(hash) => cx.app.passwords.is_match(password, hash).await?,
        None => false,
    };
    if is_proved { Ok(()) } else { Err(Fault::UserInvalidCredentials.error()) }
}

/// The caller as stored now, whose password must still be the one that was proved.
async fn reload(tx: &Tx, known: &User) -> Result<User, Error> {
    let user = users::load(tx, &known.id).await?;
    let is_same =
        user.password_hash == known.password_hash && user.password_updated == known.password_updated;
    if is_same { Ok(user) } else { Err(Fault::UserInvalidCredentials.error()) }
}
