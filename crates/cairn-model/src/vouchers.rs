//! Single-use tokens of the account API: links in mails, steps between two factors, states of a provider's sign-in.
//!
//! What is spent or over is remembered for a while, so that an expired token is told apart from one that never was.

use cairn_std::Timestamp;

use crate::ids::UserId;

/// A single-use token.
#[derive(Clone, Debug, PartialEq)]
pub struct Voucher {
    /// The keyed hash of the token.
    pub lookup: String,
    /// What it is for.
    pub kind: VoucherKind,
    /// The user; none where the account does not exist yet.
    pub user_id: Option<UserId>,
    /// What it stands for besides: an address, a browser, a provider; written and read by the use case that made it.
    pub detail: String,
    /// When it ends.
    pub expires: Timestamp,
    /// When it was spent, or replaced by a newer one.
    pub used: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
}

impl Voucher {
    /// Whether it can still be spent.
    pub fn state(&self, now: Timestamp) -> VoucherState {
        match self.used {
            Some(_) => VoucherState::Spent,
            None if self.expires <= now => VoucherState::Expired,
            None => VoucherState::Open,
        }
    }
}

/// Whether a voucher can be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoucherState {
    /// It can.
    Open,
    /// Its time is over.
    Expired,
    /// It was spent or replaced.
    Spent,
}

macro_rules! voucher_kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $seconds:literal;)+) => {
        /// What a voucher is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum VoucherKind { $($(#[$doc])* $variant,)+ }

        impl VoucherKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in the store.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// How long it can be spent, in seconds.
            pub fn seconds(self) -> i64 {
                match self { $(Self::$variant => $seconds,)+ }
            }
        }
    };
}

voucher_kinds! {
    /// Proves the address of a sign-up that waits.
    SignUp = "sign_up", 900;
    /// Proves the address of an account.
    Verification = "verification", 900;
    /// Sets a new password.
    PasswordReset = "password_reset", 900;
    /// Moves an account to the address that it was sent to.
    EmailChange = "email_change", 900;
    /// Deletes an account.
    Deletion = "deletion", 1_800;
    /// Makes a device known.
    Device = "device", 1_800;
    /// Stands between a password and the second factor.
    SecondFactor = "second_factor", 120;
    /// Binds an id token of Google's to the browser that asked for it.
    OneTapNonce = "one_tap_nonce", 300;
    /// Keeps a provider's identity until its owner has chosen a handle.
    OauthSignUp = "oauth_sign_up", 600;
}

impl VoucherKind {
    /// The kind with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
