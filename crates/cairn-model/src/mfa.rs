//! Second factors: what can prove a user beside the way of signing in, and what is remembered of it.

use cairn_std::Timestamp;

use crate::ids::{ChallengeId, UserId};
use crate::projects::MfaFactors;

/// Recovery codes that a user is given at once.
pub const RECOVERY_CODES: usize = 6;
/// How long a challenge can be answered (`TOKEN_EXPIRATION_CONFIRM`).
pub const CHALLENGE_SECONDS: i64 = 3_600;
/// How long an answered challenge opens what asks for a fresh one (`MFA_RECENT_DURATION`).
pub const FRESH_SECONDS: i64 = 1_800;
/// Open challenges of one user at most; the oldest goes when one more is made.
pub const CHALLENGES_PER_USER_MAX: usize = 20;
/// Wrong answers after which a challenge is over.
pub const CHALLENGE_ATTEMPTS_MAX: i64 = 10;

/// What a challenge asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// A code of the user's authenticator.
    Totp,
    /// A code sent to the user's e-mail address.
    Email,
    /// A code sent to the user's phone.
    Phone,
    /// One of the codes that the user keeps for bad days.
    RecoveryCode,
    /// A code that the project's own servers hand to the user.
    Custom,
}

impl Factor {
    /// Every factor, as clients name them.
    pub const NAMES: [&'static str; 5] = ["email", "phone", "totp", "recoveryCode", "custom"];

    /// The factor with this name.
    pub fn of(name: &str) -> Option<Self> {
        [Self::Totp, Self::Email, Self::Phone, Self::RecoveryCode, Self::Custom]
            .into_iter()
            .find(|factor| factor.name() == name)
    }

    /// Its name, as clients and sessions know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::RecoveryCode => "recoveryCode",
            Self::Custom => "custom",
        }
    }

    /// Whether the project lets it complete a challenge; recovery codes always do.
    pub fn is_allowed(self, policy: &MfaFactors) -> bool {
        match self {
            Self::Totp => policy.totp,
            Self::Email => policy.email,
            Self::Phone => policy.phone,
            Self::Custom => policy.custom,
            Self::RecoveryCode => true,
        }
    }
}

/// What makes a user's time-based codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticator {
    /// Whose it is.
    pub user_id: UserId,
    /// The shared secret, encrypted.
    pub sealed_secret: String,
    /// Whether a code of it was shown once.
    pub is_verified: bool,
    /// The newest time step whose code was used; no code of it or of an older one counts again.
    pub step: i64,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// A code for who has lost every other factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryCode {
    /// The keyed hash by which it is found.
    pub lookup: String,
    /// Its place among the user's codes.
    pub seq: i64,
    /// The code, encrypted, where it is given back; empty where only its hash is kept.
    pub sealed: String,
}

/// A question for a second factor that is not answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The id that clients use.
    pub id: ChallengeId,
    /// The order of making.
    pub seq: i64,
    /// Who is asked.
    pub user_id: UserId,
    /// What is asked for.
    pub factor: Factor,
    /// The hash of the code that was sent; empty where the code comes from elsewhere.
    pub code_hash: String,
    /// The code, encrypted, where the project's own servers hand it over; empty elsewhere.
    pub sealed_code: String,
    /// Wrong answers so far.
    pub attempts: i64,
    /// When it can no longer be answered.
    pub expires: Timestamp,
    /// When it was made.
    pub created: Timestamp,
}

impl Challenge {
    /// Whether it can still be answered.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires && self.attempts < CHALLENGE_ATTEMPTS_MAX
    }
}
