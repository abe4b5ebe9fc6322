//! Conversions between wire versions: the native form is that of 2.0.0, older ones are small steps away.
//!
//! A file per capability under `versions/` holds its steps; the tables here put them in order.

mod users;

use cairn_http::wire_version::WireSteps;

#[cfg(test)]
mod tests;

/// All steps of the surface.
pub(crate) const STEPS: WireSteps = WireSteps {
    requests: &[],
    responses: &[
        users::MEMBERSHIP_1_9_2,
        users::USER_1_9_0,
        users::ACCOUNT_1_9_0,
        users::USER_1_5_0,
        users::MEMBERSHIP_1_5_0,
        users::SESSION_1_5_0,
    ],
};
