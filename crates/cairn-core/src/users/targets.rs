//! Addresses that messages to a user can be sent to.
//!
//! Providers come with messaging: a target that names one is refused until then.

use cairn_faults::{Error, Fault};
use cairn_model::ids::{TargetId, UserId};
use cairn_model::users::Target;
use cairn_model::value::formats::is_email;
use cairn_store::{OnConflict, Page, TARGET_FIELDS};

use super::{admit, load, new_target};
use crate::Cx;
use crate::listing::ListRequest;

/// A target to be made.
#[derive(Clone, Debug, Default)]
pub struct NewTarget {
    /// The id, or `unique()`.
    pub id: String,
    /// `email`, `sms` or `push`.
    pub provider_type: String,
    /// The address, number or token.
    pub identifier: String,
    /// A name for people; may be empty.
    pub name: String,
}

/// What changes in a target.
#[derive(Clone, Debug, Default)]
pub struct TargetPatch {
    /// The address, number or token.
    pub identifier: Option<String>,
    /// A messaging provider.
    pub provider_id: Option<String>,
    /// A name for people.
    pub name: Option<String>,
}

/// Add a target to a user.
pub async fn create_target(cx: &Cx, id: &UserId, new: NewTarget) -> Result<Target, Error> {
    admit(cx)?;
    check_identifier(&new.provider_type, &new.identifier)?;
    let mut target = new_target(cx, id, &new.provider_type, &new.identifier);
    target.id = TargetId::from(cx.id_or_new(&new.id));
    target.name = new.name;
    let id = id.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            load(&tx, &id).await?;
            tx.target_insert(&target).await.on_any_conflict(Fault::UserTargetAlreadyExists)?;
            Ok(target)
        })
        .await
}

/// A page of a user's targets.
pub async fn list_targets(cx: &Cx, id: &UserId, request: &ListRequest) -> Result<Page<Target>, Error> {
    admit(cx)?;
    let (id, listing) = (id.clone(), request.listing(&TARGET_FIELDS)?);
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            load(&tx, &id).await?;
            tx.target_list(&id, &listing).await
        })
        .await
}

/// A target of a user.
pub async fn get_target(cx: &Cx, id: &UserId, target: &TargetId) -> Result<Target, Error> {
    admit(cx)?;
    let (id, target) = (id.clone(), target.clone());
    cx.store().read(cx.project_ref(), |tx| async move { owned(&tx, &id, &target).await }).await
}

/// Change a target of a user.
pub async fn update_target(
    cx: &Cx,
    id: &UserId,
    target: &TargetId,
    patch: TargetPatch,
) -> Result<Target, Error> {
    admit(cx)?;
    if patch.provider_id.is_some() {
        return Err(Error::invalid_param("providerId", "names no messaging provider"));
    }
    let (id, target, now) = (id.clone(), target.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut target = owned(&tx, &id, &target).await?;
            if let Some(identifier) = patch.identifier {
                check_identifier(&target.provider_type, &identifier)?;
                target.identifier = identifier;
                target.is_expired = false;
            }
            if let Some(name) = patch.name {
                target.name = name;
            }
            target.updated = now;
            tx.target_update(&target).await.on_any_conflict(Fault::UserTargetAlreadyExists)?;
            Ok(target)
        })
        .await
}

/// Remove a target of a user.
pub async fn delete_target(cx: &Cx, id: &UserId, target: &TargetId) -> Result<(), Error> {
    admit(cx)?;
    let (id, target) = (id.clone(), target.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            owned(&tx, &id, &target).await?;
            tx.target_delete(&id, &target).await?;
            Ok(())
        })
        .await
}

async fn owned(tx: &cairn_store::Tx, id: &UserId, target: &TargetId) -> Result<Target, Error> {
    load(tx, id).await?;
    let found = tx.target_by_id(target).await?.filter(|found| found.user_id == *id);
    found.ok_or_else(|| Fault::UserTargetNotFound.with("target", target))
}

/// Whether messages of this kind can be sent to the address.
fn check_identifier(provider_type: &str, identifier: &str) -> Result<(), Error> {
    match provider_type {
        "email" if !is_email(identifier) => Err(Fault::GeneralInvalidEmail.error()),
        "sms" if !is_phone(identifier) => Err(Fault::GeneralInvalidPhone.error()),
        _ => Ok(()),
    }
}

/// `+` and 7 to 15 digits.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}
