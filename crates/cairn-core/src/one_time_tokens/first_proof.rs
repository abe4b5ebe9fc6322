//! The first proof of an address or number, by a link, code or invitation that signs in.
//!
//! Anybody can sign up with somebody else's address and a password of their own, and wait. Whoever then proves that they hold
//! the address must not come into an account to which the other one has a key.
//!
//! INVARIANT (no pre-hijack): what nobody proved goes with the first proof: password, sessions, what applications were allowed,
//! an unproved address of the other kind. INVARIANT (no takeover): an account that somebody else proved by other means is not opened by an address that was
//! merely noted in it.

use cairn_faults::{Error, Fault};
use cairn_model::one_time_tokens::OneTimeKind;
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_store::Tx;

use crate::revocations;
use crate::users::{Address, change_address};

/// Note in the account what a token proved, after everything was taken from it that others may hold.
///
/// # Errors
/// `user_email_not_verified` and `user_phone_not_verified` where somebody proved the account by other means: the owner
/// verifies the address from inside.
pub(crate) async fn note(tx: &Tx, user: &mut User, kind: OneTimeKind, now: Timestamp) -> Result<(), Error> {
    let (is_known, is_held, other, unproved) = match kind {
        OneTimeKind::MagicUrl | OneTimeKind::Email => {
            (user.is_email_verified, user.is_phone_verified, Address::Phone, Fault::UserEmailNotVerified)
        }
        OneTimeKind::Phone => {
            (user.is_phone_verified, user.is_email_verified, Address::Email, Fault::UserPhoneNotVerified)
        }
        _ => return Ok(()),
    };
    if is_known {
        return Ok(());
    }
    // A second factor is somebody's, too; without it nobody comes in, and with it nothing is taken away.
    if is_held || user.has_mfa || !tx.identity_list_of_user(&user.id).await?.is_empty() {
        return Err(unproved.with("user", &user.id));
    }
    revocations::end_others(tx, &user.id, None).await?;
    tx.consent_delete_all(&user.id).await?;
    user.password_hash = None;
    user.password_history = Vec::new();
    user.password_updated = None;
    user.needs_new_password = false;
    change_address(tx, user, other, None, now).await?;
    match other {
        Address::Phone => user.is_email_verified = true,
        Address::Email => user.is_phone_verified = true,
    }
    Ok(tx.user_update(user).await?)
}
