//! Signing in by a link or a code: sending it, and making a session of it.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::one_time_tokens::{OneTimeKind, OneTimeToken};
use cairn_model::users::{Target, User};
use cairn_store::Tx;

use super::{Draft, IssuedToken, draw_secret, find, first_proof, link, phrases, redeem, user};
use crate::mail::{self, Kind, Mailbox};
use crate::sessions::{self, Issued, Proof};
use crate::{App, Cx, accounts, email_policies, oauth_sign_ins, sms, users};

/// Characters of the secret in a link that signs in.
const MAGIC_URL_CHARS: usize = 64;
/// The console's own page for links that name no other.
const MAGIC_URL_PAGE: &str = "/console/auth/magic-url";

/// Who wants to sign in by a code.
#[derive(Clone, Debug)]
pub struct NewSignIn {
    /// The id of the account that is made for an unknown address, or `unique()`.
    pub user_id: String,
    /// The e-mail address or the phone number.
    pub address: String,
    /// Whether the message shows a phrase, which the answer tells too.
    pub has_phrase: bool,
}

/// Who wants to sign in by a link.
#[derive(Clone, Debug)]
pub struct NewMagicUrl {
    /// Who, and how.
    pub sign_in: NewSignIn,
    /// The page that the link leads to; the console's own where it is `None`.
    pub url: Option<String>,
}

/// Send a link that signs in; an account is made for an unknown address.
///
/// # Errors
/// `general_smtp_disabled`, `user_count_exceeded` and those of the project's e-mail policies.
pub async fn create_magic_url(cx: &Cx, new: NewMagicUrl) -> Result<IssuedToken, Error> {
    accounts::require_method(cx, "magic-url")?;
    let base = new.url.unwrap_or_else(|| format!("{}{MAGIC_URL_PAGE}", cx.app.options.public_url));
    // A page that can have no link fails before anything is made.
    link(&base, &[])?;
    let letter = letter(cx, Kind::MagicSession, &new.sign_in).await?;
    let draft = Draft::new(cx, OneTimeKind::MagicUrl, draw_secret(cx, MAGIC_URL_CHARS));
    let secret = draft.secret.clone();
    let (token, user) = issue(cx, Entrant::by_email(cx, &new.sign_in)?, draft).await?;
    let params = [
        ("userId", user.id.as_str()),
        ("secret", &secret),
        ("expire", &token.expires.to_wire()),
        ("project", cx.project.id()),
    ];
    let redirect = link(&base, &params)?;
    let phrase = letter.phrase.clone();
    letter.send(cx, &user, ("redirect", &redirect));
    Ok(IssuedToken { token, secret, phrase })
}

/// Send a code by e-mail that signs in; an account is made for an unknown address.
pub async fn create_email_code(cx: &Cx, new: NewSignIn) -> Result<IssuedToken, Error> {
    accounts::require_method(cx, "email-otp")?;
    let letter = letter(cx, Kind::OtpSession, &new).await?;
    let draft = Draft::new(cx, OneTimeKind::Email, sms::draw_code(cx));
    let secret = draft.secret.clone();
    let (token, user) = issue(cx, Entrant::by_email(cx, &new)?, draft).await?;
    let phrase = letter.phrase.clone();
    letter.send(cx, &user, ("otp", &secret));
    Ok(IssuedToken { token, secret, phrase })
}

/// Send a code by phone that signs in; an account is made for an unknown number.
pub async fn create_phone_code(cx: &Cx, new: NewSignIn) -> Result<IssuedToken, Error> {
    accounts::require_method(cx, "phone")?;
    let sms = sms::prepare(cx)?;
    let fixed = sms::fixed_code(cx, &new.address);
    let is_sent = fixed.is_none();
    let draft = Draft::new(cx, OneTimeKind::Phone, fixed.unwrap_or_else(|| sms::draw_code(cx)));
    let secret = draft.secret.clone();
    let (token, _) = issue(cx, Entrant::by_phone(cx, &new)?, draft).await?;
    if is_sent {
        sms.send(cx, &new.address, &secret);
    }
    Ok(IssuedToken { token, secret, phrase: None })
}

/// A mail that waits for its user.
struct Waiting {
    letter: mail::Letter,
    phrase: Option<String>,
}

async fn letter(cx: &Cx, kind: Kind, new: &NewSignIn) -> Result<Waiting, Error> {
    if new.has_phrase {
        let letter = mail::prepare_with_phrase(cx, kind).await?;
        return Ok(Waiting { letter, phrase: Some(phrases::draw(cx)) });
    }
    Ok(Waiting { letter: mail::prepare(cx, kind).await?, phrase: None })
}

impl Waiting {
    fn send(self, cx: &Cx, user: &User, (name, value): (&'static str, &str)) {
        let to = Mailbox::new(&user.name, user.email.clone().unwrap_or_default());
        let phrase = self.phrase.unwrap_or_default();
        self.letter
            .send(cx, &to, |values| values.with("user", &user.name).with("phrase", phrase).with(name, value));
    }
}

/// Somebody at an address, who may be new.
#[derive(Clone)]
struct Entrant {
    fresh: User,
    targets: Vec<Target>,
    gate: accounts::Gate,
}

impl Entrant {
    fn by_email(cx: &Cx, new: &NewSignIn) -> Result<Self, Error> {
        let email = new.address.to_lowercase();
        accounts::check_lists(cx, &email)?;
        let mut fresh = Self::fresh(cx, new);
        fresh.email = Some(email);
        Ok(Self::of(cx, fresh))
    }

    fn by_phone(cx: &Cx, new: &NewSignIn) -> Result<Self, Error> {
        // The console's people are known by their e-mail address.
        accounts::check_lists(cx, "")?;
        let mut fresh = Self::fresh(cx, new);
        fresh.phone = Some(new.address.clone());
        Ok(Self::of(cx, fresh))
    }

    fn fresh(cx: &Cx, new: &NewSignIn) -> User {
        let mut fresh = users::blank(cx, &cx.id_or_new(&new.user_id));
        fresh.accessed_at = Some(fresh.created);
        fresh
    }

    fn of(cx: &Cx, fresh: User) -> Self {
        Self { targets: users::address_targets(cx, &fresh), fresh, gate: accounts::Gate::of(cx) }
    }

    /// The user at the address, made where there is none.
    async fn user(self, tx: &Tx, policies: email_policies::Check) -> Result<User, Error> {
        let found = match (&self.fresh.email, &self.fresh.phone) {
            (Some(email), _) => tx.user_by_email(email).await?,
            (None, Some(phone)) => tx.user_by_phone(phone).await?,
            (None, None) => None,
        };
        if let Some(user) = found {
            return Ok(user);
        }
        self.gate.admit(tx).await?;
        policies.admit(self.fresh.email.as_deref())?;
        Ok(users::insert(tx, self.fresh, self.targets).await?.user)
    }
}

async fn issue(cx: &Cx, entrant: Entrant, draft: Draft) -> Result<(OneTimeToken, User), Error> {
    let (app, policies) = (cx.app.clone(), email_policies::Check::of(cx));
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let user = entrant.user(&tx, policies).await?;
            let token = draft.keep(&tx, &app.secrets, &user).await?;
            Ok((token, user))
        })
        .await
}

/// Sign in with the secret of a link or code.
///
/// # Errors
/// `user_invalid_token` where there is no such user, or no such token of theirs any more; `user_blocked`;
/// `user_email_not_verified` and `user_phone_not_verified`, see `first_proof`.
pub async fn create_session(cx: &Cx, id: &UserId, secret: &str) -> Result<Issued, Error> {
    sessions::refuse_second(cx)?;
    // Sign-ins through another service have secrets of their own kind.
    if let Some(issued) = oauth_sign_ins::redeem(cx, id, secret).await? {
        return Ok(issued);
    }
    let invalid = || Fault::UserInvalidToken.error();
    let (reader, wanted, shown, now) = (cx.app.clone(), id.clone(), secret.to_owned(), cx.now());
    // The session is drawn before the transaction, and what it says depends on the kind of the token.
    let known = cx
        .store()
        .read(cx.project_ref(), |tx| async move {
            let Some(user) = user(&tx, &wanted).await? else { return Ok(None) };
            let found = find(&tx, &reader, &user, &OneTimeKind::SIGN_IN, &shown, now).await?;
            Ok::<_, Error>(found)
        })
        .await?;
    let known = known.ok_or_else(invalid)?;
    let issued = sessions::draw(cx, id, proved_by(known.kind));
    let (app, session, kept) = (cx.app.clone(), issued.session.clone(), sessions::sessions_kept(cx));
    let (id, secret) = (id.clone(), secret.to_owned());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = user(&tx, &id).await?.ok_or_else(invalid)?;
            use_up(&tx, &app, &mut user, known.kind, &secret, session.created).await?;
            sessions::begin(&tx, &session, kept).await
        })
        .await?;
    sessions::tell(cx, &issued.session).await;
    Ok(issued)
}

/// Take the token, and note in the account what it proved.
async fn use_up(
    tx: &Tx,
    app: &App,
    user: &mut User,
    kind: OneTimeKind,
    secret: &str,
    now: cairn_std::Timestamp,
) -> Result<(), Error> {
    redeem(tx, app, user, &[kind], secret, now).await?.ok_or_else(|| Fault::UserInvalidToken.error())?;
    if !user.is_active {
        return Err(Fault::UserBlocked.with("user", &user.id));
    }
    first_proof::note(tx, user, kind, now).await
}

/// What the session of a token says of how its user signed in, in the reference's words.
fn proved_by(kind: OneTimeKind) -> Proof<'static> {
    match kind {
        OneTimeKind::MagicUrl => Proof::message("magic-url", "email"),
        OneTimeKind::Email => Proof::message("token", "email"),
        OneTimeKind::Phone => Proof::message("phone", "phone"),
        _ => Proof::message("token", "token"),
    }
}
