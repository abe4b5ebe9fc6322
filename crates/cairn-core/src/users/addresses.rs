//! A user's e-mail address and phone number, and the targets that follow them.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::users::{Target, User};
use cairn_std::Timestamp;
use cairn_store::{OnConflict, Tx};

use super::{Profile, admit, load, new_target, profile};
use crate::Cx;
use crate::email_policies;

/// Which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// The e-mail address.
    Email,
    /// The phone number.
    Phone,
}

impl Address {
    fn provider_type(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "sms",
        }
    }

    fn taken(self) -> Fault {
        match self {
            Self::Email => Fault::UserEmailAlreadyExists,
            Self::Phone => Fault::UserPhoneAlreadyExists,
        }
    }

    fn of(self, user: &mut User) -> (&mut Option<String>, &mut bool) {
        match self {
            Self::Email => (&mut user.email, &mut user.is_email_verified),
            Self::Phone => (&mut user.phone, &mut user.is_phone_verified),
        }
    }

    /// A target for the address; `None` where there is none.
    pub(crate) fn target(self, cx: &Cx, user_id: &UserId, address: Option<&str>) -> Option<Target> {
        address.map(|address| new_target(cx, user_id, self.provider_type(), address))
    }
}

/// Give a user another e-mail address, or take it where it is empty.
pub async fn update_email(cx: &Cx, id: &UserId, email: &str) -> Result<Profile, Error> {
    admit(cx)?;
    let email = email.to_lowercase();
    email_policies::Check::of(cx).admit(Some(&email))?;
    update(cx, id, Address::Email, &email).await
}

/// Give a user another phone number, or take it where it is empty.
pub async fn update_phone(cx: &Cx, id: &UserId, phone: &str) -> Result<Profile, Error> {
    admit(cx)?;
    update(cx, id, Address::Phone, phone).await
}

async fn update(cx: &Cx, id: &UserId, kind: Address, address: &str) -> Result<Profile, Error> {
    let address = (!address.is_empty()).then(|| address.to_owned());
    let fresh = kind.target(cx, id, address.as_deref());
    let (id, now) = (id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = load(&tx, &id).await?;
            change_address(&tx, &mut user, kind, fresh, now).await?;
            profile(&tx, user).await
        })
        .await
}

/// Store `user` with the address of the target `fresh`, or without one, and let the user's target follow.
///
/// Whatever else the caller changed in `user` is stored too.
///
/// # Errors
/// `user_target_already_exists` where the address is anybody's target, also the user's own.
pub(crate) async fn change_address(
    tx: &Tx,
    user: &mut User,
    kind: Address,
    fresh: Option<Target>,
    now: Timestamp,
) -> Result<(), Error> {
    if let Some(fresh) = &fresh
        && tx.target_by_identifier(&fresh.identifier).await?.is_some()
    {
        return Err(Fault::UserTargetAlreadyExists.error());
    }
    user.updated = now;
    let (address, is_verified) = kind.of(user);
    let old = std::mem::replace(address, fresh.as_ref().map(|fresh| fresh.identifier.clone()));
    *is_verified = false;
    tx.user_update(user).await.on_any_conflict(kind.taken())?;
    let known = match &old {
        Some(old) => tx.target_by_identifier(old).await?.filter(|target| target.user_id == user.id),
        None => None,
    };
    match (known, fresh) {
        (Some(mut known), Some(fresh)) => {
            known.identifier = fresh.identifier;
            known.is_expired = false;
            known.updated = now;
            tx.target_update(&known).await?;
        }
        (Some(known), None) => {
            tx.target_delete(&user.id, &known.id).await?;
        }
        (None, Some(fresh)) => {
            tx.target_insert(&fresh).await.on_any_conflict(Fault::UserTargetAlreadyExists)?;
        }
        (None, None) => {}
    }
    Ok(())
}
