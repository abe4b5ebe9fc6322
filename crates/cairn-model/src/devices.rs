//! Devices from which a user has signed in before.

use cairn_std::Timestamp;

use crate::ids::UserId;

/// Devices that one user may have at most; the one unseen for longest goes.
pub const DEVICES_PER_USER_MAX: usize = 50;

/// A device that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// Whose device it is.
    pub user_id: UserId,
    /// The keyed hash of the device's token.
    pub lookup: String,
    /// What the device said of itself.
    pub user_agent: String,
    /// The last sign-in from it.
    pub seen: Timestamp,
    /// When it became known.
    pub created: Timestamp,
}
