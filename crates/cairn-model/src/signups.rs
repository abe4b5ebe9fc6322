//! Sign-ups of the account API that wait for the proof of their address: no account exists until then.

use cairn_std::Timestamp;

/// A sign-up that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Signup {
    /// The id that the account will have.
    pub id: String,
    /// The address, in lower case.
    pub email: String,
    /// The handle, kept for this sign-up until it ends.
    pub handle: String,
    /// The name that will be shown.
    pub name: String,
    /// The password's hash.
    pub password_hash: String,
    /// When it ends.
    pub expires: Timestamp,
    /// When it began.
    pub created: Timestamp,
}
