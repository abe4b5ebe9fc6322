//! Tokens that a server makes and hands on by ways of its own.

use cairn_faults::Error;
use cairn_model::ids::UserId;
use cairn_model::one_time_tokens::OneTimeKind;

use super::{Draft, IssuedToken, draw_secret};
use crate::{Cx, users};

/// A token that a server hands on.
#[derive(Clone, Copy, Debug)]
pub struct NewCustomToken {
    /// Characters of the secret, 4 to 128.
    pub chars: usize,
    /// How long it lasts.
    pub seconds: i64,
}

/// Make a token that signs a user in. Keys and admins only.
pub async fn create_custom(cx: &Cx, id: &UserId, new: NewCustomToken) -> Result<IssuedToken, Error> {
    users::admit(cx)?;
    let draft = Draft::new(cx, OneTimeKind::Custom, draw_secret(cx, new.chars)).lasting(new.seconds);
    let (secret, id, app) = (draft.secret.clone(), id.clone(), cx.app.clone());
    let token = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let user = users::load(&tx, &id).await?;
            Ok::<_, Error>(draft.keep(&tx, &app.secrets, &user).await?)
        })
        .await?;
    Ok(IssuedToken { token, secret, phrase: None })
}
