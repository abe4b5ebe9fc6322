//! Single-use tokens of the account API: made before a transaction, spent inside one.
//!
//! INVARIANT: of any number of parallel uses one wins, because spending is a single conditional change of the row.
//! A token that is over is told apart from one that never was for [`REMEMBERED_SECONDS`].

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::vouchers::{Voucher, VoucherKind, VoucherState};
use cairn_std::Timestamp;
use cairn_store::Tx;

use crate::Cx;
use crate::bearers::new_token;

/// How long an ended token is remembered: thirty days.
const REMEMBERED_SECONDS: i64 = 30 * 86_400;

/// A token that is not stored yet.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    /// What goes into the mail or the answer.
    pub(crate) token: String,
    /// What is stored.
    pub(crate) voucher: Voucher,
}

/// Draw a token. `detail` is what it stands for, and what [`replace`] finds older ones by.
pub(crate) fn draw(cx: &Cx, kind: VoucherKind, user_id: Option<&UserId>, detail: &str) -> Drawn {
    let (token, now) = (new_token(cx), cx.now());
    let voucher = Voucher {
        lookup: cx.app.secrets.lookup(&token),
        kind,
        user_id: user_id.cloned(),
        detail: detail.to_owned(),
        expires: now.plus_seconds(kind.seconds()),
        used: None,
        created: now,
    };
    Drawn { token, voucher }
}

/// Store a token, and forget those that are long over.
pub(crate) async fn insert(tx: &Tx, voucher: &Voucher) -> Result<(), Error> {
    tx.voucher_delete_ended(voucher.created.plus_seconds(-REMEMBERED_SECONDS)).await?;
    Ok(tx.voucher_insert(voucher).await?)
}

/// Store a token in the place of all open ones of its kind with the same detail.
pub(crate) async fn replace(tx: &Tx, voucher: &Voucher) -> Result<(), Error> {
    tx.voucher_spend_all(voucher.kind, &voucher.detail, voucher.created).await?;
    insert(tx, voucher).await
}

/// Spend a token.
///
/// # Errors
/// The kind's own fault for a token that is unknown, spent or replaced, and another one where its time is over.
pub(crate) async fn spend(
    tx: &Tx,
    kind: VoucherKind,
    lookup: &str,
    now: Timestamp,
) -> Result<Voucher, Error> {
    let (invalid, expired) = faults(kind);
    let known = tx.voucher_by_lookup(kind, lookup).await?.ok_or_else(|| invalid.error())?;
    match known.state(now) {
        VoucherState::Expired => Err(expired.error()),
        VoucherState::Open if tx.voucher_spend(lookup, now).await? => Ok(known),
        VoucherState::Spent | VoucherState::Open => Err(invalid.error()),
    }
}

/// What is said of a token that is none, and of one whose time is over.
fn faults(kind: VoucherKind) -> (Fault, Fault) {
    match kind {
        VoucherKind::SignUp | VoucherKind::Verification => {
            (Fault::VerificationTokenInvalid, Fault::VerificationTokenExpired)
        }
        VoucherKind::PasswordReset => (Fault::ResetTokenInvalid, Fault::ResetTokenExpired),
        VoucherKind::EmailChange => (Fault::EmailChangeTokenInvalid, Fault::EmailChangeTokenInvalid),
        VoucherKind::Deletion => (Fault::DeletionTokenInvalid, Fault::DeletionTokenInvalid),
        VoucherKind::Device => (Fault::DeviceTokenInvalid, Fault::DeviceTokenInvalid),
        VoucherKind::SecondFactor => (Fault::TotpTemporaryTokenInvalid, Fault::TotpTemporaryTokenExpired),
        VoucherKind::OneTapNonce => (Fault::GoogleNonceInvalid, Fault::GoogleNonceInvalid),
        VoucherKind::OauthSignUp => (Fault::UserJwtInvalid, Fault::PendingTokenExpired),
    }
}
