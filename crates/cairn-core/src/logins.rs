//! Signing in on the account API: password, second factor, and a link that makes an unknown device known.
//!
//! INVARIANT: an unknown address costs what a known one does. The second factor is asked before the device.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::users::User;
use cairn_model::vouchers::{Voucher, VoucherKind};
use cairn_store::Tx;
use serde_json::{Value, json};

use crate::account_mail::{self, Page, Purpose};
use crate::bearers::{self, Channel, Issued};
use crate::mail::{Kind, Mailbox};
use crate::sessions::{self, Proof};
use crate::{Cx, accounts, devices, personas, second_factors, users, vouchers};

/// An address, the password that should go with it, and how the session is held.
#[derive(Clone, Debug)]
pub struct Login {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// Whether the session outlives the browser.
    pub is_remembered: bool,
    /// How the session is held.
    pub how: How,
}

/// How a session is held.
#[derive(Clone, Debug)]
pub struct How {
    /// By whom.
    pub channel: Channel,
    /// The token of the device, where it has one.
    pub device: Option<String>,
}

/// How far a sign-in came.
#[derive(Clone, Debug)]
pub enum Step {
    /// To its end.
    Done(Done),
    /// The second factor is missing; the token stands for the first one.
    SecondFactor(String),
    /// The device is unknown; a link was mailed.
    Device,
}

/// A sign-in that came to its end.
#[derive(Clone, Debug)]
pub struct Done {
    /// The session.
    pub issued: Issued,
    /// Whether it outlives the browser.
    pub is_remembered: bool,
    /// What makes the device known from now on, where it was not.
    pub device: Option<String>,
}

/// What was proved so far, as vouchers carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Proved {
    is_remembered: bool,
    has_second_factor: bool,
}

impl Proved {
    fn to_detail(&self) -> String {
        json!({ "remembered": self.is_remembered, "second": self.has_second_factor }).to_string()
    }

    fn of_detail(detail: &str) -> Self {
        let value: Value = serde_json::from_str(detail).unwrap_or_default();
        let fact = |name: &str| value.get(name).and_then(Value::as_bool).unwrap_or_default();
        Self { is_remembered: fact("remembered"), has_second_factor: fact("second") }
    }
}

/// Sign in with address and password.
///
/// # Errors
/// `auth:invalid_credentials`, `user:banned` once the password proved right, `worker:*` where a link cannot be mailed.
pub async fn create(cx: &Cx, login: Login) -> Result<Step, Error> {
    accounts::require_method(cx, "email-password")?;
    let email = login.email.trim().to_lowercase();
    let found: Option<User> = cx
        .store()
        .read(cx.project_ref(), |tx| async move { tx.user_by_email(&email).await.map_err(Error::from) })
        .await?;
    let user = sessions::prove(cx, found, &login.password).await?;
    let proved = Proved { is_remembered: login.is_remembered, has_second_factor: false };
    if second_factors::is_enabled(cx, &user).await? {
        let drawn = vouchers::draw(cx, VoucherKind::SecondFactor, Some(&user.id), &proved.to_detail());
        let voucher = drawn.voucher;
        cx.store()
            .write(cx.project_ref(), move |tx| async move { vouchers::insert(&tx, &voucher).await })
            .await?;
        return Ok(Step::SecondFactor(drawn.token));
    }
    arrive(cx, user, proved, login.how).await
}

/// Go on with the second factor: a code of the authenticator, or a backup code. Any attempt spends the token.
///
/// # Errors
/// `totp:temp_token_invalid`, `totp:temp_token_expired`, `totp:not_enabled`, `totp:invalid_code`,
/// `totp:backup_code_exhausted`, `user:not_found`, `worker:*`.
pub async fn verify_second_factor(cx: &Cx, token: &str, code: &str, how: How) -> Result<Step, Error> {
    let (lookup, now) = (cx.app.secrets.lookup(token), cx.now());
    let spend = move |tx: Tx| async move {
        let voucher = vouchers::spend(&tx, VoucherKind::SecondFactor, &lookup, now).await?;
        let user = users::load(&tx, &owner(&voucher)?).await?;
        Ok::<_, Error>((user, Proved::of_detail(&voucher.detail)))
    };
    let (user, proved) = cx.store().write(cx.project_ref(), spend).await?;
    second_factors::verify(cx, &user, code).await?;
    arrive(cx, user, Proved { has_second_factor: true, ..proved }, how).await
}

/// Go on with the link that was mailed: the device becomes known, and its holder is signed in.
///
/// # Errors
/// `token:invalid_device_verify`, `user:not_found`.
pub async fn verify_device(cx: &Cx, token: &str, channel: Channel) -> Result<Done, Error> {
    let (lookup, now) = (cx.app.secrets.lookup(token), cx.now());
    let (session, device) = (draw(cx, channel), devices::draw(cx));
    let (drawn, known) = (session.clone(), device.device.clone());
    let is_remembered = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let voucher = vouchers::spend(&tx, VoucherKind::Device, &lookup, now).await?;
            let user = users::load(&tx, &owner(&voucher)?).await?;
            let proved = Proved::of_detail(&voucher.detail);
            devices::remember(&tx, known.of(&user.id)).await?;
            begin(&tx, &user, drawn, &proved).await?;
            Ok::<_, Error>(proved.is_remembered)
        })
        .await?;
    Ok(Done { issued: session.issued(), is_remembered, device: Some(device.token) })
}

/// Begin the session of somebody who has proved enough, or mail a link where the device is unknown.
async fn arrive(cx: &Cx, user: User, proved: Proved, how: How) -> Result<Step, Error> {
    let known = how.device.as_deref().map(|token| devices::of_token(cx, token).of(&user.id));
    let session = draw(cx, how.channel);
    let (drawn, holder, so_far) = (session.clone(), user.clone(), proved.clone());
    let asks_for_device = cx.app.options.account.verifies_devices;
    let has_begun = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            // Between the proof and this transaction the password may have changed, or the user may have gone.
            let now = tx.user_by_id(&holder.id).await?;
            let now =
                now.filter(|now| now.password_hash == holder.password_hash && now.email == holder.email);
            let now = now.ok_or_else(|| Fault::UserInvalidCredentials.error())?;
            let is_known = match known {
                Some(device) => devices::is_known(&tx, device).await?,
                None => false,
            };
            if asks_for_device && !is_known {
                return Ok(false);
            }
            begin(&tx, &now, drawn, &so_far).await.map(|()| true)
        })
        .await?;
    if has_begun {
        let is_remembered = proved.is_remembered;
        return Ok(Step::Done(Done { issued: session.issued(), is_remembered, device: None }));
    }
    let letter = account_mail::prepare(cx, Kind::AccountDevice).await?;
    let drawn = vouchers::draw(cx, VoucherKind::Device, Some(&user.id), &proved.to_detail());
    let voucher = drawn.voucher;
    cx.store()
        .write(cx.project_ref(), move |tx| async move { vouchers::insert(&tx, &voucher).await })
        .await?;
    let to = Mailbox::new(&user.name, user.email.as_deref().unwrap_or_default());
    let purpose = Purpose::Verification;
    account_mail::send_link(cx, letter, purpose, &to, Page::VerifyDevice, &drawn.token).await?;
    Ok(Step::Device)
}

/// A session of somebody who is known inside the transaction only.
fn draw(cx: &Cx, channel: Channel) -> bearers::Drawn {
    bearers::draw(cx, &UserId::from(""), Proof::password(""), channel)
}

async fn begin(tx: &Tx, user: &User, session: bearers::Drawn, proved: &Proved) -> Result<(), Error> {
    if !user.is_active {
        return Err(Fault::UserBlocked.with("user", &user.id));
    }
    let mut session = session.of(&user.id);
    session.session.provider_uid = user.email.clone().unwrap_or_default();
    if proved.has_second_factor {
        session.session.factors.push("totp".to_owned());
        session.session.mfa_updated = Some(session.session.created);
    }
    personas::ensure(tx, user, session.session.created).await?;
    session.begin(tx).await
}

fn owner(voucher: &Voucher) -> Result<UserId, Error> {
    voucher.user_id.clone().ok_or_else(|| Fault::UserNotFound.error())
}
