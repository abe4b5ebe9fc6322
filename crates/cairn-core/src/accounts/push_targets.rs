//! Devices on which a client wants to be pushed messages, each made in a session and gone with it.

use cairn_faults::{Error, Fault};
use cairn_model::ids::TargetId;
use cairn_model::user_agent::UserAgent;
use cairn_model::users::Target;
use cairn_store::{OnConflict as _, Tx};

use super::own;
use crate::Cx;
use crate::users;

/// Add the device of this session, known to its messaging provider by `identifier`.
///
/// # Errors
/// `user_target_already_exists` where the id or the identifier is a target's, whoever's.
pub async fn create_push_target(cx: &Cx, id: String, identifier: &str) -> Result<Target, Error> {
    let mut target = users::new_target(cx, &own(cx)?.id, "push", identifier);
    target.id = TargetId::from(id);
    target.name = device(cx);
    target.session_id = cx.session().map(|session| session.id.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            tx.target_insert(&target).await.on_any_conflict(Fault::UserTargetAlreadyExists)?;
            Ok(target)
        })
        .await
}

/// Let the device be known by another identifier.
///
/// # Errors
/// `user_target_not_found` where the caller has no such target, `user_target_already_exists`.
pub async fn update_push_target(cx: &Cx, id: &TargetId, identifier: String) -> Result<Target, Error> {
    let (owner, id, name, now) = (own(cx)?.id.clone(), id.clone(), device(cx), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut target = owned(&tx, &owner, &id).await?;
            target.identifier = identifier;
            target.is_expired = false;
            target.name = name;
            target.updated = now;
            tx.target_update(&target).await.on_any_conflict(Fault::UserTargetAlreadyExists)?;
            Ok(target)
        })
        .await
}

/// Take the device away.
///
/// # Errors
/// `user_target_not_found` where the caller has no such target.
pub async fn delete_push_target(cx: &Cx, id: &TargetId) -> Result<(), Error> {
    let (owner, id) = (own(cx)?.id.clone(), id.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            owned(&tx, &owner, &id).await?;
            Ok(tx.target_delete(&owner, &id).await.map(drop)?)
        })
        .await
}

async fn owned(tx: &Tx, owner: &cairn_model::ids::UserId, id: &TargetId) -> Result<Target, Error> {
    let found = tx.target_by_id(id).await?.filter(|found| found.user_id == *owner);
    let found = found.filter(|found| found.provider_type == "push");
    found.ok_or_else(|| Fault::UserTargetNotFound.with("target", id))
}

/// What the client runs on, for people.
fn device(cx: &Cx) -> String {
    let device = UserAgent::parse(&cx.request.user_agent).device;
    format!("{} {}", device.brand, device.model).trim().to_owned()
}
