//! What a provider's word means for an account of `/v1`.
//!
//! Who is known by an identity signs in as its owner. Who is signed in already gets the identity. Everybody else is
//! recognized by e-mail address, and only if both sides proved it:
//!
//! INVARIANT (no takeover): an account is not joined on the strength of an address that the provider has not proved.
//! INVARIANT (no pre-hijack): nor is an account whose own address was never proved and that somebody else may hold a key
//! to: a password, a number, another identity, a second factor, a session.

use cairn_faults::{Error, Fault};
use cairn_model::ids::{IdentityId, UserId};
use cairn_model::oauth::{IDENTITIES_PER_USER_MAX, OauthState, Provider, UserIdentity};
use cairn_model::users::{Target, User};
use cairn_store::{OnConflict as _, Tx};
use serde_json::{Value, json};

use crate::oauth::{Begin, Person, begin, identify, provider, signed_in, take_state};
use crate::secrets::hash_secret;
use crate::sessions::{self, Issued};
use crate::{Cx, accounts, email_policies, oauth, users};

mod token;

pub use token::{TOKEN_SECONDS, redeem};

/// What a finished sign-in is handed on as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// A session, in the browser's cookies.
    Session,
    /// A secret in the address, from which the application makes a session.
    Token,
}

/// A sign-in to be started.
#[derive(Clone, Debug)]
pub struct Start<'a> {
    /// The provider's id.
    pub provider: &'a str,
    /// Where to go when it worked.
    pub success: String,
    /// Where to go when it did not.
    pub failure: String,
    /// What it is handed on as.
    pub flow: Flow,
    /// More scopes.
    pub scopes: &'a [String],
    /// Where this server is reached: scheme and host.
    pub base: &'a str,
    /// The address to return to, below `base`.
    pub callback: &'a str,
    /// What the browser keeps.
    pub browser: &'a str,
}

/// Start a sign-in: the address to send the browser to.
///
/// # Errors
/// `project_provider_unsupported`, `project_provider_disabled`.
pub async fn start(cx: &Cx, start: Start<'_>) -> Result<String, Error> {
    let memo = json!({
        "success": start.success,
        "failure": start.failure,
        "isToken": start.flow == Flow::Token,
    });
    let wanted = Begin {
        provider: provider(cx, start.provider)?,
        scopes: start.scopes,
        memo: memo.to_string(),
        base: start.base,
        callback: format!("{}{}", start.base, start.callback),
        // A server with a key begins for a browser that it has never met here; it is the one that tells them apart.
        browser: (!cx.is_privileged()).then_some(start.browser),
    };
    Box::pin(begin(cx, wanted)).await
}

/// A browser that comes back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Returned<'a> {
    /// The provider's id.
    pub provider: &'a str,
    /// The code.
    pub code: &'a str,
    /// What travelled through the provider.
    pub state: &'a str,
    /// What went wrong there; empty when nothing did.
    pub error: &'a str,
    /// The same in the provider's words.
    pub error_description: &'a str,
    /// What Apple tells of the user in the first sign-in alone: a JSON text.
    pub user: &'a str,
    /// Where this server is reached.
    pub base: &'a str,
    /// What the browser shows.
    pub browser: Option<&'a str>,
}

/// How a sign-in ended, once it is known where to tell.
#[derive(Debug)]
pub struct Finished {
    /// Where to go when it worked.
    pub success: String,
    /// Where to go when it did not.
    pub failure: String,
    /// What came of it.
    pub outcome: Result<Outcome, Error>,
}

/// What a sign-in is handed on as.
#[derive(Debug)]
pub enum Outcome {
    /// A session.
    Session(Box<Issued>),
    /// A secret of this user.
    Token {
        /// Whose it is.
        user_id: UserId,
        /// The secret.
        secret: String,
    },
}

/// Finish a sign-in. `is_allowed` tells whether an address belongs to the project: that may have changed since.
///
/// # Errors
/// What goes wrong before it is known where to tell: the faults of the state, `project_invalid_success_url`,
/// `project_invalid_failure_url`, `project_provider_unsupported`.
pub async fn finish(
    cx: &Cx,
    returned: Returned<'_>,
    is_allowed: impl Fn(&str) -> bool + Send,
) -> Result<Finished, Error> {
    let provider = provider(cx, returned.provider)?;
    let state = take_state(cx, provider, returned.state, returned.browser).await?;
    let memo: Value = serde_json::from_str(&state.memo).unwrap_or_default();
    let text = |name: &str| memo.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (success, failure) = (text("success"), text("failure"));
    if !is_allowed(&success) {
        return Err(Fault::ProjectInvalidSuccessUrl.with("url", success));
    }
    if !is_allowed(&failure) {
        return Err(Fault::ProjectInvalidFailureUrl.with("url", failure));
    }
    let flow = if memo["isToken"] == true { Flow::Token } else { Flow::Session };
    // Large for a future: what it holds lives as long as the provider takes.
    let outcome = Box::pin(conclude(cx, provider, &returned, &state, flow)).await;
    Ok(Finished { success, failure, outcome })
}

async fn conclude(
    cx: &Cx,
    provider: &'static Provider,
    returned: &Returned<'_>,
    state: &OauthState,
    flow: Flow,
) -> Result<Outcome, Error> {
    let refused = |why: &str| Fault::UserOauth2ProviderError.with("provider", provider.id).detail(why);
    if !returned.error.is_empty() {
        return Err(refused(&format!("{}: {}", returned.error, returned.error_description)));
    }
    if returned.code.is_empty() {
        return Err(refused("the browser came back without a code"));
    }
    // Who began is who ends: else an identity would go to whoever happens to be signed in by now.
    if state.user_id.is_some() && state.user_id.as_ref() != signed_in(cx) {
        return Err(Fault::OauthStateInvalid.with("provider", provider.id));
    }
    let asked = identify(cx, provider, state, returned.code, returned.base).await;
    let mut person = asked.map_err(oauth::profile_by_status)?;
    if person.name.is_empty() {
        person.name = name_of_form(returned.user);
    }
    let plan = Plan::draw(cx, provider, person, state.user_id.clone());
    match flow {
        Flow::Session => begin_session(cx, plan).await.map(|issued| Outcome::Session(Box::new(issued))),
        Flow::Token => token::issue(cx, plan).await,
    }
}

/// The name in what Apple posts beside the code.
fn name_of_form(user: &str) -> String {
    let told: Value = serde_json::from_str(user).unwrap_or_default();
    let part = |pointer: &str| told.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let parts = [part("/name/firstName"), part("/name/lastName")];
    parts.join(" ").trim().chars().filter(|c| *c != '\0').take(128).collect()
}

async fn begin_session(cx: &Cx, plan: Plan) -> Result<Issued, Error> {
    let mut issued = sessions::draw(cx, &plan.new_user.id, plan.proof());
    issued.session.factors.push("oauth2".to_owned());
    issued.session.tokens = plan.identity.tokens.clone();
    let kept = sessions::sessions_kept(cx);
    let replaced = signed_in(cx).and_then(|_| cx.session().cloned());
    let joins = plan.joins();
    let body = move |tx: Tx| async move {
        let user_id = plan.settle(&tx).await?;
        // The browser's cookies will hold the new session alone.
        if let Some(old) = replaced {
            tx.session_delete(&old.user_id, &old.id).await?;
        }
        let issued = issued.handed_to(&user_id);
        sessions::begin(&tx, &issued.session, kept).await?;
        Ok(issued)
    };
    let issued = settle(cx, joins, body).await?;
    sessions::tell(cx, &issued.session).await;
    Ok(issued)
}

/// Whose a person becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joins {
    /// Of who was signed in.
    Caller,
    /// Of whoever the person is.
    Anybody,
}

/// Run the transaction that settles a plan; once more where another first sign-in of the same person was faster, which
/// is found then.
async fn settle<T, F, Fut>(cx: &Cx, joins: Joins, body: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<T, Error>> + Send,
{
    match cx.store().write(cx.project_ref(), body.clone()).await {
        Err(error) if error.fault() == Fault::UserAlreadyExists && joins == Joins::Anybody => {
            cx.store().write(cx.project_ref(), body).await
        }
        outcome => outcome,
    }
}

/// Everything that a transaction needs to turn a person into a user, drawn before it.
#[derive(Clone)]
struct Plan {
    person: Person,
    /// Who was signed in, and gets the identity.
    linking: Option<UserId>,
    gate: accounts::Gate,
    policies: email_policies::Check,
    new_user: User,
    new_target: Option<Target>,
    identity: UserIdentity,
}

impl Plan {
    fn draw(cx: &Cx, provider: &Provider, person: Person, linking: Option<UserId>) -> Self {
        let mut new_user = users::blank(cx, &cx.new_id());
        new_user.name.clone_from(&person.name);
        new_user.email.clone_from(&person.email);
        new_user.is_email_verified = person.is_email_verified;
        new_user.accessed_at = Some(new_user.created);
        let identity = UserIdentity {
            id: IdentityId::from(cx.new_id()),
            seq: cx.next_seq(),
            user_id: new_user.id.clone(),
            provider: provider.id.to_owned(),
            provider_uid: person.uid.clone(),
            provider_email: person.email.clone().unwrap_or_default(),
            tokens: person.tokens.seal(cx),
            created: new_user.created,
            updated: new_user.created,
        };
        let new_target = users::address_targets(cx, &new_user).pop();
        Self {
            person,
            linking,
            gate: accounts::Gate::of(cx),
            policies: email_policies::Check::of(cx),
            new_user,
            new_target,
            identity,
        }
    }

    fn joins(&self) -> Joins {
        if self.linking.is_some() { Joins::Caller } else { Joins::Anybody }
    }

    fn proof(&self) -> sessions::Proof<'_> {
        sessions::Proof::provider(&self.identity.provider, &self.identity.provider_uid)
    }

    /// The user whom the person is, made where there is none; with the identity written.
    async fn settle(&self, tx: &Tx) -> Result<UserId, Error> {
        let known = tx.identity_at(&self.identity.provider, &self.identity.provider_uid).await?;
        let user = match (&self.linking, &known) {
            (Some(own), Some(known)) if known.user_id != *own => {
                return Err(Fault::UserAlreadyExists.with("identity", &known.id));
            }
            (Some(own), _) => self.linked(tx, own).await?,
            (None, Some(known)) => users::load(tx, &known.user_id).await?,
            (None, None) => self.by_address(tx).await?,
        };
        if !user.is_active {
            return Err(Fault::UserBlocked.with("user", &user.id));
        }
        let user = self.completed(tx, user).await?;
        match known {
            Some(known) => {
                let fresh = self.identity.clone();
                let renewed = UserIdentity { id: known.id, user_id: known.user_id, ..fresh };
                tx.identity_update(&renewed).await?;
            }
            None => self.attach(tx, &user).await?,
        }
        Ok(user.id)
    }

    /// The user who was signed in, if the address is nobody else's.
    async fn linked(&self, tx: &Tx, own: &UserId) -> Result<User, Error> {
        if let Some(email) = &self.person.email
            && let Some(other) = tx.user_by_email(email).await?
            && other.id != *own
        {
            return Err(Fault::UserAlreadyExists.with("user", &other.id));
        }
        users::load(tx, own).await
    }

    /// The user with the person's address, or a new one.
    async fn by_address(&self, tx: &Tx) -> Result<User, Error> {
        let Some(email) = &self.person.email else {
            return Err(Fault::UserUnauthorized.error().detail("the provider tells no e-mail address"));
        };
        let Some(user) = tx.user_by_email(email).await? else {
            self.gate.admit(tx).await?;
            self.policies.admit(Some(email))?;
            return Ok(users::insert(tx, self.new_user.clone(), self.new_target.iter().cloned().collect())
                .await?
                .user);
        };
        // COMPAT(appwrite): the answer does not tell whether there is such an account.
        let refuse = |why: &str| {
            Err(Fault::GeneralBadRequest.with("reason", "the sign-in cannot be completed").detail(why))
        };
        if !self.person.is_email_verified {
            return refuse("the provider has not proved the address of an account");
        }
        if !user.is_email_verified && may_be_held_by_another(tx, &user).await? {
            return refuse("the account's address was never proved, and somebody may hold a key to it");
        }
        Ok(user)
    }

    /// The user with what the provider knows and the account lacked.
    async fn completed(&self, tx: &Tx, mut user: User) -> Result<User, Error> {
        let before = user.clone();
        if user.name.is_empty() {
            user.name.clone_from(&self.person.name);
        }
        if user.email.is_none() {
            user.email.clone_from(&self.person.email);
            if let (Some(email), Some(target)) = (&user.email, &self.new_target)
                && tx.target_by_identifier(email).await?.is_none()
            {
                let target = Target { user_id: user.id.clone(), ..target.clone() };
                tx.target_insert(&target).await.on_any_conflict(Fault::UserAlreadyExists)?;
            }
        }
        // Never taken back: what was proved once stays proved.
        user.is_email_verified |= self.person.is_email_verified && user.email == self.person.email;
        if user != before {
            user.updated = self.identity.updated;
            tx.user_update(&user).await.on_any_conflict(Fault::UserAlreadyExists)?;
        }
        Ok(user)
    }

    async fn attach(&self, tx: &Tx, user: &User) -> Result<(), Error> {
        if tx.identity_list_of_user(&user.id).await?.len() >= IDENTITIES_PER_USER_MAX {
            let reason = format!("a user has {IDENTITIES_PER_USER_MAX} identities at most");
            return Err(Fault::GeneralBadRequest.with("reason", reason));
        }
        let identity = UserIdentity { user_id: user.id.clone(), ..self.identity.clone() };
        tx.identity_insert(&identity).await.on_any_conflict(Fault::UserAlreadyExists)
    }
}

/// Whether an account with an unproved address has a way in that its maker may know.
async fn may_be_held_by_another(tx: &Tx, user: &User) -> Result<bool, Error> {
    Ok(user.password_hash.is_some()
        || user.phone.is_some()
        || user.has_mfa
        || !tx.identity_list_of_user(&user.id).await?.is_empty()
        || !tx.session_list(&user.id).await?.is_empty())
}

/// The hash under which a secret of the token flow is kept.
fn token_hash(secret: &str) -> String {
    hash_secret(secret)
}
