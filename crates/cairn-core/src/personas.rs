//! The public face of users on the account API: profiles, handles, search, pictures.
//!
//! INVARIANT: a handle belongs to one user for ever; those of deleted accounts and of sign-ups that wait are taken too.

pub(crate) mod pictures;
use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::personas::{HANDLE_CHARS_MAX, Persona};
use cairn_model::staff::{Ban, StaffRole};
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_store::{OnConflict, PERSONAS_HANDLE_KEY, Tx};

use crate::{Cx, accounts, staff, users};

pub use pictures::{PictureKind, delete_picture, picture, set_picture};

/// How far a search counts.
const HITS_MAX: i64 = 1_000;

/// A user as others see them.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// The public part.
    pub persona: Persona,
    /// The account; none once it is deleted.
    pub user: Option<User>,
    /// The roles.
    pub roles: Vec<StaffRole>,
    /// The ban, if one is in force.
    pub ban: Option<Ban>,
}

impl Face {
    /// The name that is shown.
    pub fn display_name(&self) -> &str {
        match &self.user {
            Some(user) if !user.name.is_empty() => &user.name,
            Some(_) => &self.persona.handle,
            None => &self.persona.last_name,
        }
    }
}

/// What a user changes of the own profile. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ProfilePatch {
    /// The handle.
    pub handle: Option<String>,
    /// The name that is shown.
    pub display_name: Option<String>,
    /// A few words; `Some(None)` clears them.
    pub bio: Option<Option<String>>,
}

/// The caller's own profile.
pub async fn own(cx: &Cx) -> Result<Face, Error> {
    let (id, now) = (accounts::own(cx)?.id.clone(), cx.now());
    cx.store().read(cx.project_ref(), |tx| async move { face_of(&tx, &id, now).await }).await
}

/// The permissions that the caller has, by role and groups: none while banned.
pub async fn permissions(cx: &Cx) -> Result<Vec<String>, Error> {
    let (id, now) = (accounts::own(cx)?.id.clone(), cx.now());
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            let user = users::load(&tx, &id).await?;
            staff::permissions(&tx, &user, now).await
        })
        .await
}

/// Somebody's profile, by handle.
///
/// # Errors
/// `user:not_found`.
pub async fn by_handle(cx: &Cx, handle: String) -> Result<Face, Error> {
    let now = cx.now();
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            let persona = tx.persona_by_handle(&handle).await?;
            face(&tx, persona.ok_or_else(|| Fault::UserNotFound.with("handle", &handle))?, now).await
        })
        .await
}

/// Somebody's profile, by id.
///
/// # Errors
/// `user:not_found`.
pub async fn by_id(cx: &Cx, id: UserId) -> Result<Face, Error> {
    let now = cx.now();
    cx.store().read(cx.project_ref(), |tx| async move { face_of(&tx, &id, now).await }).await
}

/// Whether nobody has this handle or had it; sign-ups that wait are not told.
pub async fn is_handle_available(cx: &Cx, handle: String) -> Result<bool, Error> {
    cx.store()
        .read(cx.project_ref(), |tx| async move { Ok(tx.persona_by_handle(&handle).await?.is_none()) })
        .await
}

/// Users in whose handle, name or biography all words occur, and how many there are, as far as that was counted.
pub async fn search(cx: &Cx, words: String, page: i64, page_size: i64) -> Result<(Vec<Face>, i64), Error> {
    let now = cx.now();
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            let offset = page.saturating_sub(1).saturating_mul(page_size);
            let (found, total) = tx.persona_search(&words, offset, page_size, HITS_MAX).await?;
            let mut faces = Vec::with_capacity(found.len());
            for persona in found {
                faces.push(face(&tx, persona, now).await?);
            }
            Ok::<_, Error>((faces, total))
        })
        .await
}

/// Change the caller's own profile.
///
/// # Errors
/// `user:handle_already_exists`.
pub async fn update(cx: &Cx, patch: ProfilePatch) -> Result<Face, Error> {
    let (id, now) = (accounts::own(cx)?.id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = users::load(&tx, &id).await?;
            let mut persona = load(&tx, &id).await?;
            if let Some(handle) = patch.handle.filter(|handle| *handle != persona.handle) {
                require_free(&tx, &handle, now).await?;
                persona.handle = handle;
            }
            if let Some(name) = patch.display_name {
                user.name.clone_from(&name);
                user.updated = now;
                tx.user_update(&user).await?;
                persona.last_name = name;
            }
            if let Some(bio) = patch.bio {
                persona.bio = bio;
            }
            persona.updated = now;
            let stored = tx.persona_update(&persona).await;
            stored.on_conflict(PERSONAS_HANDLE_KEY, Fault::HandleAlreadyExists)?;
            face_of(&tx, &id, now).await
        })
        .await
}

/// Refuse a handle that somebody has, had, or waits for.
///
/// # Errors
/// `user:handle_already_exists`.
pub(crate) async fn require_free(tx: &Tx, handle: &str, now: Timestamp) -> Result<(), Error> {
    let waits = tx.signup_by_handle(handle).await?.is_some_and(|waiting| now < waiting.expires);
    if waits || tx.persona_by_handle(handle).await?.is_some() {
        return Err(Fault::HandleAlreadyExists.with("handle", handle));
    }
    Ok(())
}

/// A persona that is not stored yet.
pub(crate) fn draw(user: &User, handle: String, now: Timestamp) -> Persona {
    Persona {
        user_id: user.id.clone(),
        handle,
        last_name: user.name.clone(),
        bio: None,
        profile_image: None,
        banner_image: None,
        deleted: None,
        created: now,
        updated: now,
    }
}

/// Give a user who came from another surface a persona, if there is none yet; the handle is made of the id.
pub(crate) async fn ensure(tx: &Tx, user: &User, now: Timestamp) -> Result<(), Error> {
    if tx.persona_by_user(&user.id).await?.is_some() {
        return Ok(());
    }
    let letters: String = user.id.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
    let tail = letters.len().saturating_sub(HANDLE_CHARS_MAX - 2);
    let mut handle = format!("u_{}", &letters[tail..]);
    for attempt in 0.. {
        if handle.len() >= 4 && require_free(tx, &handle, now).await.is_ok() {
            break;
        }
        let kept: String = letters.chars().rev().take(HANDLE_CHARS_MAX - 6).collect();
        handle = format!("u_{kept}{attempt:04}");
    }
    Ok(tx.persona_insert(&draw(user, handle, now)).await?)
}

/// The persona of a user, or the fault.
pub(crate) async fn load(tx: &Tx, id: &UserId) -> Result<Persona, Error> {
    tx.persona_by_user(id).await?.ok_or_else(|| Fault::UserNotFound.with("user", id))
}

async fn face_of(tx: &Tx, id: &UserId, now: Timestamp) -> Result<Face, Error> {
    face(tx, load(tx, id).await?, now).await
}

async fn face(tx: &Tx, persona: Persona, now: Timestamp) -> Result<Face, Error> {
    let user = tx.user_by_id(&persona.user_id).await?;
    let standing = match &user {
        Some(user) => staff::standing(tx, user, now).await?,
        None => staff::Standing::default(),
    };
    Ok(Face { persona, user, roles: standing.roles, ban: standing.ban })
}
