//! Notices to the caller on the account API, and announcements to everybody.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::notices::{NOTICE_ACTIONS, NOTICES_PER_USER_MAX, Notice, NoticeKind, NoticePreferences};
use cairn_model::personas::Persona;
use cairn_store::{NoticeFilter, Tx};
use serde_json::json;

use crate::deeds::{CursorPage, Stretched};
use crate::{Cx, accounts};

/// A notice with the face of whoever caused it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The notice.
    pub notice: Notice,
    /// Who caused it, while that is somebody.
    pub actor: Option<Persona>,
}

/// A part of the caller's notices.
///
/// # Errors
/// `general_cursor_not_found`.
pub async fn list(cx: &Cx, filter: NoticeFilter, page: CursorPage) -> Result<Stretched<Told>, Error> {
    let id = accounts::own(cx)?.id.clone();
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            let place = match &page.cursor {
                None => None,
                Some(cursor) => {
                    let known = tx.notice_by_id(&id, cursor).await?;
                    Some(known.ok_or_else(|| Fault::GeneralCursorNotFound.with("cursor", cursor))?.seq)
                }
            };
            let stretch = page.stretch(place);
            let found = tx.notice_list(&id, &filter, stretch, page.limit + 1).await?;
            let mut told = Vec::with_capacity(found.len());
            for notice in found {
                let actor = match &notice.actor_id {
                    Some(actor) => tx.persona_by_user(actor).await?,
                    None => None,
                };
                told.push(Told { notice, actor });
            }
            Ok(page.page(stretch, told))
        })
        .await
}

/// How many of the caller's notices are unread.
pub async fn count_unread(cx: &Cx) -> Result<i64, Error> {
    let id = accounts::own(cx)?.id.clone();
    cx.store()
        .read(cx.project_ref(), |tx| async move { tx.notice_count_unread(&id).await.map_err(Error::from) })
        .await
}

/// Mark one of the caller's notices as read.
///
/// # Errors
/// `system:not_found` for one that is unknown, somebody else's, or read already.
pub async fn mark_read(cx: &Cx, notice: String) -> Result<(), Error> {
    let (id, now) = (accounts::own(cx)?.id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            if tx.notice_read(&id, &notice, now).await? { Ok(()) } else { Err(missing(&notice)) }
        })
        .await
}

/// Mark all of the caller's notices as read.
pub async fn mark_all_read(cx: &Cx) -> Result<(), Error> {
    let (id, now) = (accounts::own(cx)?.id.clone(), cx.now());
    cx.store()
        .write(
            cx.project_ref(),
            move |tx| async move { tx.notice_read_all(&id, now).await.map_err(Error::from) },
        )
        .await
}

/// Remove one of the caller's notices.
///
/// # Errors
/// `system:not_found` for one that is unknown or somebody else's.
pub async fn delete(cx: &Cx, notice: String) -> Result<(), Error> {
    let id = accounts::own(cx)?.id.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            if tx.notice_delete(&id, &notice).await? { Ok(()) } else { Err(missing(&notice)) }
        })
        .await
}

#[track_caller]
fn missing(notice: &str) -> Error {
    Fault::GeneralRouteNotFound.with("notification", notice)
}

/// What the caller wants to be told.
pub async fn preferences(cx: &Cx) -> Result<NoticePreferences, Error> {
    let id = accounts::own(cx)?.id.clone();
    cx.store()
        .read(cx.project_ref(), |tx| async move { tx.notice_preferences(&id).await.map_err(Error::from) })
        .await
}

/// Change how the caller is told; what is `None` stays.
pub async fn update_preferences(
    cx: &Cx,
    email: Option<bool>,
    push: Option<bool>,
) -> Result<NoticePreferences, Error> {
    edit(cx, move |preferences| {
        preferences.email_enabled = email.unwrap_or(preferences.email_enabled);
        preferences.push_enabled = push.unwrap_or(preferences.push_enabled);
    })
    .await
}

/// Change what the caller is told of, by action.
pub async fn update_actions(cx: &Cx, updates: Vec<(String, bool)>) -> Result<NoticePreferences, Error> {
    edit(cx, move |preferences| {
        for (action, is_enabled) in updates {
            preferences.disabled_actions.retain(|disabled| *disabled != action);
            if !is_enabled {
                preferences.disabled_actions.push(action);
            }
        }
        preferences.disabled_actions.sort_unstable();
    })
    .await
}

async fn edit(
    cx: &Cx,
    change: impl FnOnce(&mut NoticePreferences) + Clone + Send + 'static,
) -> Result<NoticePreferences, Error> {
    let (id, now) = (accounts::own(cx)?.id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut preferences = tx.notice_preferences(&id).await?;
            change(&mut preferences);
            preferences.updated = Some(now);
            tx.notice_preferences_set(&id, &preferences).await?;
            Ok(preferences)
        })
        .await
}

/// A notice of the service to one user, that is not stored yet.
pub(crate) fn announcement(cx: &Cx, user_id: &UserId, text: &str) -> Notice {
    Notice {
        id: cx.new_id(),
        seq: cx.next_seq(),
        user_id: user_id.clone(),
        actor_id: None,
        kind: NoticeKind::System,
        action: NOTICE_ACTIONS[2].to_owned(),
        additional: json!({ "text": text }).to_string(),
        read: None,
        created: cx.now(),
    }
}

/// Tell a user something, unless the user does not want to hear of it.
pub(crate) async fn tell(tx: &Tx, notice: &Notice) -> Result<(), Error> {
    let preferences = tx.notice_preferences(&notice.user_id).await?;
    if preferences.disabled_actions.contains(&notice.action) {
        return Ok(());
    }
    Ok(tx.notice_insert(notice, NOTICES_PER_USER_MAX).await?)
}
