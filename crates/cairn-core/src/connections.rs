//! Signing in through providers on the account API, and the connections of an account to them.
//!
//! INVARIANT: an account is never joined on the strength of an address: whoever has an account links a provider there, signed in.
//! INVARIANT: what a provider's sign-in began, only the same browser, in the same way, goes on with.

use cairn_faults::{Error, Fault};
use cairn_model::ids::{IdentityId, UserId};
use cairn_model::oauth::{Provider, SealedTokens, UserIdentity};
use cairn_model::vouchers::VoucherKind;
use cairn_net::{Request, Url};
use cairn_store::{OnConflict, PERSONAS_HANDLE_KEY, Picture, Tx};
use serde_json::{Value, json};

use crate::bearers::{self, Channel, Issued};
use crate::oauth::{self, Begin, Person};
use crate::personas::{self, PictureKind};
use crate::sessions::Proof;
use crate::{Cx, accounts, devices, email_policies, users, vouchers};

/// What a browser is sent to a provider for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// To sign in, or up.
    Login,
    /// To connect the account that is signed in.
    Link,
}

impl Flow {
    fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Link => "link",
        }
    }
}

/// A browser that came back from a provider.
#[derive(Clone, Copy, Debug)]
pub struct Returned<'a> {
    /// The provider's id.
    pub provider: &'a str,
    /// The code that it gave.
    pub code: &'a str,
    /// What travelled through it.
    pub state: &'a str,
    /// What the browser was named.
    pub browser: &'a str,
}

/// What came of a sign-in.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// The identity is known: its owner is signed in.
    Known(Issued),
    /// It is new: its owner chooses a handle, with this token.
    New {
        /// The token.
        pending_token: String,
        /// The address that the provider proved.
        email: String,
    },
}

/// What a new user chooses.
#[derive(Clone, Debug)]
pub struct Completion<'a> {
    /// The token of the sign-in.
    pub pending_token: &'a str,
    /// The handle.
    pub handle: Option<String>,
    /// The name that is shown.
    pub name: String,
    /// What the browser was named.
    pub browser: &'a str,
    /// How the session is held.
    pub channel: Channel,
}

/// The address to send a browser to.
///
/// # Errors
/// `oauth:invalid_redirect_url` where the application's configured address is none; those of the provider's settings.
pub async fn authorize(cx: &Cx, provider: &str, flow: Flow, browser: &str) -> Result<String, Error> {
    let provider = oauth::provider(cx, provider)?;
    let base = cx.app.options.account.url.trim_end_matches('/');
    let callback = format!("{base}/oauth/{}/callback", provider.id);
    let is_web = Url::parse(&callback).is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
    if !is_web {
        return Err(Fault::OauthRedirectUrlInvalid.error().detail("the setting `account_url` is no address"));
    }
    if flow == Flow::Link {
        accounts::own(cx)?;
    }
    let memo = json!({ "surface": "account", "flow": flow.name() }).to_string();
    let base = &cx.app.options.public_url;
    Box::pin(oauth::begin(cx, Begin { provider, scopes: &[], memo, base, callback, browser: Some(browser) }))
        .await
}

/// Who goes on with a sign-in: in this way, and by this name where it is a browser.
#[derive(Clone, Copy, Debug)]
struct Seat<'a> {
    browser: &'a str,
    channel: Channel,
}

impl Seat<'_> {
    /// What a sign-up that waits is bound to.
    fn bound(self, cx: &Cx) -> String {
        match self.channel {
            Channel::Browser => format!("browser:{}", cx.app.secrets.lookup(self.browser)),
            Channel::App => "app".to_owned(),
        }
    }
}

/// Sign in with what a provider told.
///
/// # Errors
/// Those of the state, of the exchange and of the profile; `oauth:email_not_verified`, `oauth:email_already_exists`,
/// `oauth:invalid_image_url`.
pub async fn login(cx: &Cx, returned: Returned<'_>) -> Result<Arrival, Error> {
    let (provider, person) = person(cx, Flow::Login, returned).await?;
    arrive(cx, provider, person, Seat { browser: returned.browser, channel: Channel::Browser }).await
}

/// A nonce for one id token that Google gives to this browser.
pub async fn one_tap_nonce(cx: &Cx, browser: &str) -> Result<String, Error> {
    let drawn = vouchers::draw(cx, VoucherKind::OneTapNonce, None, &cx.app.secrets.lookup(browser));
    let voucher = drawn.voucher;
    cx.store()
        .write(cx.project_ref(), move |tx| async move { vouchers::insert(&tx, &voucher).await })
        .await?;
    Ok(drawn.token)
}

/// Sign in with an id token that Google gave to this browser, for a nonce of ours.
///
/// # Errors
/// Those of the token and of the profile; `google:one_tap_nonce_invalid`, and as [`login`].
pub async fn login_one_tap(cx: &Cx, credential: &str, browser: &str) -> Result<Arrival, Error> {
    let told = oauth::native::by_id_token(cx, credential).await?;
    let (lookup, bound, now) = (cx.app.secrets.lookup(&told.nonce), cx.app.secrets.lookup(browser), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let nonce = vouchers::spend(&tx, VoucherKind::OneTapNonce, &lookup, now).await?;
            if nonce.detail == bound { Ok(()) } else { Err(Fault::GoogleNonceInvalid.error()) }
        })
        .await?;
    let provider = oauth::provider(cx, "google")?;
    arrive(cx, provider, told.person, Seat { browser, channel: Channel::Browser }).await
}

/// What an application got of a provider's own library.
#[derive(Clone, Copy, Debug)]
pub enum NativeToken<'a> {
    /// An id token of Google's.
    Google(&'a str),
    /// An access token of GitHub's.
    Github(&'a str),
}

/// Sign an application in with a token that its provider's library gave it.
///
/// # Errors
/// Those of the token and of the profile, and as [`login`].
pub async fn login_native(cx: &Cx, token: NativeToken<'_>) -> Result<Arrival, Error> {
    let (id, person) = match token {
        NativeToken::Google(token) => ("google", oauth::native::by_id_token(cx, token).await?.person),
        NativeToken::Github(token) => ("github", oauth::native::by_access_token(cx, token).await?),
    };
    let seat = Seat { browser: "", channel: Channel::App };
    arrive(cx, oauth::provider(cx, id)?, person, seat).await
}

/// Sign in whom the provider tells, or let them choose a handle.
async fn arrive(
    cx: &Cx,
    provider: &'static Provider,
    person: Person,
    seat: Seat<'_>,
) -> Result<Arrival, Error> {
    let unreadable = || Fault::UserMissingId.with("provider", provider.id);
    let email = person.email.clone().ok_or_else(|| unreadable().detail("no e-mail address"))?;
    if !person.is_email_verified {
        return Err(Fault::OauthEmailNotVerified.with("provider", provider.id));
    }
    let proof = Proof::provider(provider.id, &person.uid);
    let session = bearers::draw(cx, &UserId::from(""), proof, seat.channel);
    let detail = json!({
        "provider": provider.id,
        "uid": &person.uid,
        "email": &email,
        "picture": &person.picture,
        "seat": seat.bound(cx),
    });
    let drawn = vouchers::draw(cx, VoucherKind::OauthSignUp, None, &detail.to_string());
    let (begun, voucher, now) = (session.clone(), drawn.voucher, cx.now());
    let (id, uid, address) = (provider.id, person.uid, email.clone());
    let policies = email_policies::Check::of(cx);
    let picture = person.picture;
    let is_known = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            if let Some(known) = tx.identity_at(id, &uid).await? {
                let user = users::load(&tx, &known.user_id).await?;
                if !user.is_active {
                    return Err(Fault::UserBlocked.with("user", &user.id));
                }
                personas::ensure(&tx, &user, now).await?;
                begun.of(&user.id).begin(&tx).await?;
                return Ok(true);
            }
            refuse_taken(&tx, &address, now).await?;
            policies.admit(Some(&address))?;
            if !picture.is_empty() && !is_picture_url(&picture) {
                return Err(Fault::OauthImageUrlInvalid.with("provider", id));
            }
            vouchers::insert(&tx, &voucher).await?;
            Ok(false)
        })
        .await?;
    Ok(if is_known {
        Arrival::Known(session.issued())
    } else {
        Arrival::New { pending_token: drawn.token, email }
    })
}

/// Finish a provider's sign-up: the account is made, and its owner is signed in.
///
/// # Errors
/// `oauth:handle_required`, `user:token_expired`, `user:invalid_token` also from another browser or in another way,
/// `user:handle_already_exists`, `oauth:email_already_exists`, `oauth:account_already_linked`.
pub async fn complete(cx: &Cx, completion: Completion<'_>) -> Result<(Issued, String), Error> {
    let handle = completion.handle.ok_or_else(|| Fault::OauthHandleRequired.error())?;
    let lookup = cx.app.secrets.lookup(completion.pending_token);
    let seat = Seat { browser: completion.browser, channel: completion.channel };
    let (seat, now) = (seat.bound(cx), cx.now());
    let gate = accounts::Gate::of(cx);
    let mut user = users::blank(cx, &cx.new_id());
    user.name.clone_from(&completion.name);
    user.is_email_verified = true;
    let target = users::new_target(cx, &user.id, "email", "");
    let session = bearers::draw(cx, &user.id, Proof::provider("", ""), completion.channel);
    let device = devices::draw(cx);
    let identity = blank_identity(cx, &user.id);
    let (begun, known, id) = (session.clone(), device.device.clone(), user.id.clone());
    let picture = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let voucher = vouchers::spend(&tx, VoucherKind::OauthSignUp, &lookup, now).await?;
            let told: Value = serde_json::from_str(&voucher.detail).unwrap_or_default();
            let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
            if text("seat") != seat {
                return Err(Fault::UserJwtInvalid.with("reason", "the sign-in began elsewhere"));
            }
            let (provider, uid, email) = (text("provider"), text("uid"), text("email"));
            if tx.identity_at(&provider, &uid).await?.is_some() {
                return Err(Fault::OauthAccountAlreadyLinked.with("provider", &provider));
            }
            refuse_taken(&tx, &email, now).await?;
            personas::require_free(&tx, &handle, now).await?;
            gate.admit(&tx).await?;
            user.email = Some(email.clone());
            let target = cairn_model::users::Target { identifier: email.clone(), ..target };
            users::insert(&tx, user.clone(), vec![target]).await?;
            let persona = personas::draw(&user, handle, now);
            tx.persona_insert(&persona).await.on_conflict(PERSONAS_HANDLE_KEY, Fault::HandleAlreadyExists)?;
            attach(&tx, identity, &provider, &uid, &email).await?;
            devices::remember(&tx, known.of(&user.id)).await?;
            let mut begun = begun.of(&user.id);
            begun.session.provider = provider;
            begun.session.provider_uid = uid;
            begun.begin(&tx).await?;
            Ok::<_, Error>(text("picture"))
        })
        .await?;
    import_picture(cx, &id, &picture).await;
    Ok((session.issued(), device.token))
}

/// Connect the caller's account to a provider.
///
/// # Errors
/// Those of the state, of the exchange and of the profile; `oauth:account_already_linked` where the identity is anybody's, or
/// the caller has one of this provider.
pub async fn link(cx: &Cx, returned: Returned<'_>) -> Result<(), Error> {
    let own = accounts::own(cx)?.id.clone();
    let (provider, person) = person(cx, Flow::Link, returned).await?;
    let identity = UserIdentity { tokens: person.tokens.seal(cx), ..blank_identity(cx, &own) };
    let (id, uid, email) = (provider.id, person.uid, person.email.unwrap_or_default());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let held = tx.identity_list_of_user(&own).await?;
            let has_one = held.iter().any(|identity| identity.provider == id);
            if has_one || tx.identity_at(id, &uid).await?.is_some() {
                return Err(Fault::OauthAccountAlreadyLinked.with("provider", id));
            }
            attach(&tx, identity, id, &uid, &email).await
        })
        .await
}

/// The caller's connections, oldest first.
pub async fn list(cx: &Cx) -> Result<Vec<UserIdentity>, Error> {
    let own = accounts::own(cx)?.id.clone();
    cx.store()
        .read(cx.project_ref(), |tx| async move { tx.identity_list_of_user(&own).await.map_err(Error::from) })
        .await
}

/// Take a connection away.
///
/// # Errors
/// `oauth:connection_not_found`; `oauth:cannot_unlink_last_connection` where nothing else signs the caller in.
pub async fn unlink(cx: &Cx, provider: String) -> Result<(), Error> {
    let own = accounts::own(cx)?.id.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let user = users::load(&tx, &own).await?;
            let held = tx.identity_list_of_user(&own).await?;
            let wanted = held.iter().find(|identity| identity.provider == provider);
            let wanted = wanted.ok_or_else(|| Fault::OauthConnectionNotFound.with("provider", &provider))?;
            if held.len() == 1 && user.password_hash.is_none() {
                return Err(Fault::OauthLastConnection.error());
            }
            tx.identity_delete(&wanted.id).await?;
            Ok(())
        })
        .await
}

/// Whom the provider tells, once the browser and its wish are recognized.
async fn person(cx: &Cx, flow: Flow, returned: Returned<'_>) -> Result<(&'static Provider, Person), Error> {
    let provider = oauth::provider(cx, returned.provider)?;
    let state = oauth::take_state(cx, provider, returned.state, Some(returned.browser)).await?;
    let memo: Value = serde_json::from_str(&state.memo).unwrap_or_default();
    let is_wanted = memo["surface"] == "account" && memo["flow"] == flow.name();
    // Who began a link is who ends it: else an identity would go to whoever happens to be signed in by now.
    let is_same_user = flow == Flow::Login || state.user_id.as_ref() == cx.user_id();
    if !is_wanted || !is_same_user {
        return Err(Fault::OauthStateInvalid.with("provider", provider.id));
    }
    let base = &cx.app.options.public_url;
    let person = Box::pin(oauth::identify(cx, provider, &state, returned.code, base)).await?;
    Ok((provider, person))
}

/// Refuse an address that has an account, or that a sign-up waits for.
async fn refuse_taken(tx: &Tx, email: &str, now: cairn_std::Timestamp) -> Result<(), Error> {
    let waits = tx.signup_by_email(email).await?.is_some_and(|waiting| now < waiting.expires);
    if waits || tx.user_by_email(email).await?.is_some() {
        return Err(Fault::OauthEmailAlreadyExists.error());
    }
    Ok(())
}

fn blank_identity(cx: &Cx, user_id: &UserId) -> UserIdentity {
    let now = cx.now();
    UserIdentity {
        id: IdentityId::from(cx.new_id()),
        seq: cx.next_seq(),
        user_id: user_id.clone(),
        provider: String::new(),
        provider_uid: String::new(),
        provider_email: String::new(),
        tokens: SealedTokens::default(),
        created: now,
        updated: now,
    }
}

async fn attach(tx: &Tx, blank: UserIdentity, provider: &str, uid: &str, email: &str) -> Result<(), Error> {
    let identity = UserIdentity {
        provider: provider.to_owned(),
        provider_uid: uid.to_owned(),
        provider_email: email.to_owned(),
        ..blank
    };
    tx.identity_insert(&identity).await.on_any_conflict(Fault::OauthAccountAlreadyLinked)
}

fn is_picture_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
}

/// Take the provider's picture over. The account is there with or without it.
async fn import_picture(cx: &Cx, user_id: &UserId, url: &str) {
    let Ok(url) = Url::parse(url) else { return };
    let request = Request::get(url).at_most(PictureKind::Profile.bytes_max()).following(1);
    let bytes = match cx.app.net.foreign().send(request).await {
        Ok(answer) if answer.is_ok() => answer.body.to_vec(),
        _ => return,
    };
    let Some(picture) = personas::pictures::draw(cx, user_id, bytes) else { return };
    let id = user_id.clone();
    let stored: Result<(), Error> =
        cx.store().write(cx.project_ref(), move |tx| async move { keep(&tx, &id, picture).await }).await;
    if let Err(error) = stored {
        tracing::info!(%error, "a provider's picture was not kept");
    }
}

async fn keep(tx: &Tx, id: &UserId, picture: Picture) -> Result<(), Error> {
    let mut persona = personas::load(tx, id).await?;
    tx.picture_insert(&picture).await?;
    persona.profile_image = Some(picture.name);
    Ok(tx.persona_update(&persona).await?)
}
