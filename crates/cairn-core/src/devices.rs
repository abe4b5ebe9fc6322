//! Devices from which a user signed in before; from any other, the account API asks for a link that it mails.

use cairn_faults::Error;
use cairn_model::devices::{DEVICES_PER_USER_MAX, Device};
use cairn_model::ids::UserId;
use cairn_store::Tx;

use crate::Cx;
use crate::bearers::new_token;

/// Characters of a device's own description that are kept.
const USER_AGENT_CHARS_MAX: usize = 512;

/// A device that is not stored yet.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    /// What the device holds from now on.
    pub(crate) token: String,
    /// What is stored, once it is somebody's.
    pub(crate) device: Unowned,
}

/// A device of which it is not yet known whose it is.
#[derive(Clone, Debug)]
pub(crate) struct Unowned(Device);

impl Unowned {
    /// The device as this user's.
    pub(crate) fn of(self, user_id: &UserId) -> Device {
        Device { user_id: user_id.clone(), ..self.0 }
    }
}

/// Draw the token of the device that the request comes from.
pub(crate) fn draw(cx: &Cx) -> Drawn {
    let token = new_token(cx);
    Drawn { device: of_token(cx, &token), token }
}

/// The device that holds this token.
pub(crate) fn of_token(cx: &Cx, token: &str) -> Unowned {
    let now = cx.now();
    Unowned(Device {
        user_id: UserId::from(""),
        lookup: cx.app.secrets.lookup(token),
        user_agent: cx.request.user_agent.chars().take(USER_AGENT_CHARS_MAX).collect(),
        seen: now,
        created: now,
    })
}

/// Whether a user signed in from this device before; it is seen again then.
pub(crate) async fn is_known(tx: &Tx, device: Device) -> Result<bool, Error> {
    let known = tx.device_list(&device.user_id).await?;
    let is_known = known.iter().any(|known| known.lookup == device.lookup);
    if is_known {
        tx.device_upsert(&device).await?;
    }
    Ok(is_known)
}

/// Make a device known, and forget those unseen for longest beyond the limit.
pub(crate) async fn remember(tx: &Tx, device: Device) -> Result<(), Error> {
    let known = tx.device_list(&device.user_id).await?;
    let surplus = (known.len() + 1).saturating_sub(DEVICES_PER_USER_MAX);
    for old in known.iter().take(surplus) {
        tx.device_delete(&old.user_id, &old.lookup).await?;
    }
    Ok(tx.device_upsert(&device).await?)
}
