//! Second factors.

use cairn_http::model;
use cairn_http::model::Kind::{Boolean, List, Text, Time};

model! {
    /// What an authenticator is set up with.
    pub(crate) MFA_TYPE = "mfaType" {
        "secret": Text,
        "uri": Text,
    }
}

model! {
    /// A question that a second factor answers.
    pub(crate) MFA_CHALLENGE = "mfaChallenge" {
        "$id": Text,
        "$createdAt": Time,
        "userId": Text,
        "expire": Time,
    }
}

model! {
    /// The same with its code, for a server that delivers it itself.
    pub(crate) MFA_CHALLENGE_SECRET = "mfaChallengeSecret" {
        "$id": Text,
        "$createdAt": Time,
        "userId": Text,
        "expire": Time,
        "code": Text,
    }
}

model! {
    /// Which second factors a user has.
    pub(crate) MFA_FACTORS = "mfaFactors" {
        "totp": Boolean,
        "phone": Boolean,
        "email": Boolean,
        "recoveryCode": Boolean,
        "custom": Boolean,
    }
}

model! {
    /// Codes that stand in for a second factor, each once.
    pub(crate) MFA_RECOVERY_CODES = "mfaRecoveryCodes" {
        "recoveryCodes": List(&Text),
    }
}
