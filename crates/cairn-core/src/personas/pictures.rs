//! Pictures of profiles: checked by their content and kept as they came.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::personas::Persona;
use cairn_store::Picture;

use super::load;
use crate::{Cx, accounts};

/// Bytes that tell the kinds of pictures that browsers show, and their media types.
const SIGNATURES: [(&[u8], &str, &str); 4] = [
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
    (b"GIF87a", "gif", "image/gif"),
    (b"GIF89a", "gif", "image/gif"),
];
const MIB: usize = 1_048_576;

/// Which picture of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// The face.
    Profile,
    /// The broad one above.
    Banner,
}

impl PictureKind {
    /// Bytes at most.
    pub fn bytes_max(self) -> usize {
        match self {
            Self::Profile => 4 * MIB,
            Self::Banner => 8 * MIB,
        }
    }

    fn of(self, persona: &mut Persona) -> &mut Option<String> {
        match self {
            Self::Profile => &mut persona.profile_image,
            Self::Banner => &mut persona.banner_image,
        }
    }
}

/// Set a picture of the caller's profile; the name of its file.
///
/// # Errors
/// `general:bad_request` for none, `FILE_TOO_LARGE`, `file:unsupported_type` for what is no picture that browsers show.
pub async fn set_picture(cx: &Cx, kind: PictureKind, bytes: Vec<u8>) -> Result<String, Error> {
    let id = accounts::own(cx)?.id.clone();
    if bytes.is_empty() {
        return Err(Fault::GeneralBadRequest.with("reason", "the file is empty"));
    }
    if bytes.len() > kind.bytes_max() {
        return Err(Fault::RequestBodyTooLarge.with("bytes_max", kind.bytes_max()));
    }
    let picture = draw(cx, &id, bytes).ok_or_else(|| Fault::UploadTypeUnsupported.error())?;
    let (name, now) = (picture.name.clone(), picture.created);
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut persona = load(&tx, &id).await?;
            tx.picture_insert(&picture).await?;
            if let Some(old) = kind.of(&mut persona).replace(picture.name) {
                tx.picture_delete(&old).await?;
            }
            persona.updated = now;
            tx.persona_update(&persona).await.map_err(Error::from)
        })
        .await?;
    Ok(name)
}

/// Remove a picture of the caller's profile.
///
/// # Errors
/// `system:not_found` where there is none.
pub async fn delete_picture(cx: &Cx, kind: PictureKind) -> Result<(), Error> {
    let (id, now) = (accounts::own(cx)?.id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut persona = load(&tx, &id).await?;
            let old = kind.of(&mut persona).take();
            let old = old.ok_or_else(|| Fault::GeneralRouteNotFound.with("picture", "none"))?;
            tx.picture_delete(&old).await?;
            persona.updated = now;
            tx.persona_update(&persona).await.map_err(Error::from)
        })
        .await
}

/// A picture by the name of its file.
///
/// # Errors
/// `file:not_found`.
pub async fn picture(cx: &Cx, name: String) -> Result<Picture, Error> {
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            tx.picture_by_name(&name).await?.ok_or_else(|| Fault::UploadNotFound.with("name", &name))
        })
        .await
}

/// A picture that is not stored yet; none where the bytes are no picture that browsers show.
pub(crate) fn draw(cx: &Cx, user_id: &UserId, bytes: Vec<u8>) -> Option<Picture> {
    let (extension, media_type) = kind_of(&bytes)?;
    let (name, created) = (format!("{}.{extension}", cx.new_id()), cx.now());
    Some(Picture { name, user_id: user_id.clone(), media_type: media_type.to_owned(), bytes, created })
}

/// The extension and media type of a picture, by its first bytes.
fn kind_of(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(("webp", "image/webp"));
    }
    let found = SIGNATURES.iter().find(|(signature, ..)| bytes.starts_with(signature));
    found.map(|(_, extension, media_type)| (*extension, *media_type))
}
