//! Users as an administrator sees them: all accounts of a project.
//!
//! INVARIANT: nobody administers the console's own users this way, whatever scopes their organization gives them.

mod addresses;
mod import;
mod passwords;
mod targets;
#[cfg(test)]
mod tests;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{TargetId, UserId};
use cairn_model::keys::KeyRing;
use cairn_model::users::{Target, User};
use cairn_std::Timestamp;
use cairn_store::{OnConflict, Page, Tx, USER_FIELDS};

use crate::Cx;
use crate::email_policies;
use crate::listing::ListRequest;
use crate::password_rules::{self, Personal};

pub(crate) use addresses::{Address, change_address};
pub use addresses::{update_email, update_phone};
pub use import::{NewImport, import};
pub use passwords::update_password;
pub use targets::{
    NewTarget, TargetPatch, create_target, delete_target, get_target, list_targets, update_target,
};

/// A user with the addresses that messages can be sent to.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The account.
    pub user: User,
    /// Its targets, in the order of their making.
    pub targets: Vec<Target>,
}

/// A user to be made.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    /// The id, or `unique()`.
    pub id: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// The password; none, and none can be used to sign in, where it is absent or empty.
    pub password: Option<String>,
    /// The name; may be empty.
    pub name: String,
}

/// Make a user.
pub async fn create(cx: &Cx, new: NewUser) -> Result<Profile, Error> {
    admit(cx)?;
    let email = new.email.filter(|email| !email.is_empty()).map(|email| email.to_lowercase());
    email_policies::Check::of(cx).admit(email.as_deref())?;
    let phone = new.phone.filter(|phone| !phone.is_empty());
    let id = cx.id_or_new(&new.id);
    let policies = &cx.project.settings.policies;
    let mut user = blank(cx, &id);
    if let Some(password) = new.password.filter(|password| !password.is_empty()) {
        let about = Personal { id: &id, email: email.as_deref(), name: &new.name, phone: phone.as_deref() };
        let hash = password_rules::hash_first(cx, &password, about).await?;
        let now = user.created;
        password_rules::set(&mut user, hash, policies, now);
    }
    user.name = new.name;
    user.email = email;
    user.phone = phone;
    let targets = address_targets(cx, &user);
    cx.store().write(cx.project_ref(), move |tx| async move { insert(&tx, user, targets).await }).await
}

/// A page of all users.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<Profile>, Error> {
    admit_reader(cx)?;
    let listing = request.listing(&USER_FIELDS)?;
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            let page = tx.user_list(&listing).await?;
            let ids: Vec<&UserId> = page.items.iter().map(|user| &user.id).collect();
            let mut targets = tx.target_list_of_users(&ids).await?;
            let profile = |user: User| {
                let own = targets.extract_if(.., |target| target.user_id == user.id).collect();
                Profile { user, targets: own }
            };
            Ok::<_, Error>(Page { items: page.items.into_iter().map(profile).collect(), total: page.total })
        })
        .await
}

/// The user with this id.
pub async fn get(cx: &Cx, id: &UserId) -> Result<Profile, Error> {
    admit_reader(cx)?;
    let id = id.clone();
    cx.store().read(cx.project_ref(), |tx| async move { profile(&tx, load(&tx, &id).await?).await }).await
}

/// Rename a user.
pub async fn update_name(cx: &Cx, id: &UserId, name: String) -> Result<Profile, Error> {
    admit(cx)?;
    edit(cx, id, |user| user.name = name).await
}

/// Replace a user's preferences, a JSON object as text.
pub async fn update_prefs(cx: &Cx, id: &UserId, prefs: String) -> Result<Profile, Error> {
    admit(cx)?;
    edit(cx, id, |user| user.prefs = prefs).await
}

/// Replace a user's labels; duplicates are dropped.
pub async fn update_labels(cx: &Cx, id: &UserId, labels: Vec<String>) -> Result<Profile, Error> {
    admit(cx)?;
    let mut own: Vec<String> = Vec::with_capacity(labels.len());
    for label in labels {
        if !own.contains(&label) {
            own.push(label);
        }
    }
    edit(cx, id, |user| user.labels = own).await
}

/// Whether a user may sign in and act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The user may.
    Active,
    /// The user is blocked.
    Blocked,
}

/// Block a user or lift the block.
pub async fn update_standing(cx: &Cx, id: &UserId, standing: Standing) -> Result<Profile, Error> {
    admit(cx)?;
    edit(cx, id, move |user| user.is_active = standing == Standing::Active).await
}

/// Whether a user may act as others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The user may.
    Impersonator,
    /// The user acts as nobody else.
    Ordinary,
}

/// Let a user act as others, or no more.
pub async fn update_impersonator(cx: &Cx, id: &UserId, trust: Trust) -> Result<Profile, Error> {
    admit(cx)?;
    edit(cx, id, move |user| user.is_impersonator = trust == Trust::Impersonator).await
}

/// Whether a user's password is as good as before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordState {
    /// It must be changed before anything else.
    Expired,
    /// It is.
    Usable,
}

/// Ask a user for a new password before anything else, or no more.
pub async fn update_password_state(cx: &Cx, id: &UserId, state: PasswordState) -> Result<Profile, Error> {
    admit(cx)?;
    edit(cx, id, move |user| user.needs_new_password = state == PasswordState::Expired).await
}

/// Whether an address or number was proved.
pub use cairn_model::permissions::Verification;

/// Say that a user's e-mail address is proved, or that it is not.
pub async fn update_email_verification(cx: &Cx, id: &UserId, is: Verification) -> Result<Profile, Error> {
    admit(cx)?;
    edit(cx, id, move |user| user.is_email_verified = is == Verification::Verified).await
}

/// Say that a user's phone number is proved, or that it is not.
pub async fn update_phone_verification(cx: &Cx, id: &UserId, is: Verification) -> Result<Profile, Error> {
    admit(cx)?;
    edit(cx, id, move |user| user.is_phone_verified = is == Verification::Verified).await
}

/// Delete a user with everything that is the user's own.
pub async fn delete(cx: &Cx, id: &UserId) -> Result<(), Error> {
    admit(cx)?;
    let (id, now) = (id.clone(), cx.now());
    cx.store().write(cx.project_ref(), move |tx| async move { remove(&tx, &id, now).await }).await
}

/// Only keys and admins of a project come here, and those of its users who may act as others.
fn admit_reader(cx: &Cx) -> Result<(), Error> {
    let actor = cx.identity().map(|identity| identity.impersonator.as_ref().unwrap_or(identity));
    let is_trusted = actor.is_some_and(|actor| actor.user.is_impersonator) && !cx.is_console();
    if is_trusted { Ok(()) } else { admit(cx) }
}

/// Only keys and admins of a project come here, and never for the console's users.
pub(crate) fn admit(cx: &Cx) -> Result<(), Error> {
    if cx.is_privileged() && !cx.is_console() { Ok(()) } else { Err(Fault::UserUnauthorized.error()) }
}

/// The user with this id, or the fault.
pub(crate) async fn load(tx: &Tx, id: &UserId) -> Result<User, Error> {
    tx.user_by_id(id).await?.ok_or_else(|| Fault::UserNotFound.with("user", id))
}

/// A user with its targets.
pub(crate) async fn profile(tx: &Tx, user: User) -> Result<Profile, Error> {
    let targets = tx.target_list_of_users(&[&user.id]).await?;
    Ok(Profile { user, targets })
}

/// Change a user in a transaction of its own.
pub(crate) async fn edit(
    cx: &Cx,
    id: &UserId,
    change: impl FnOnce(&mut User) + Clone + Send + 'static,
) -> Result<Profile, Error> {
    let (id, now) = (id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = load(&tx, &id).await?;
            change(&mut user);
            user.updated = now;
            tx.user_update(&user).await?;
            profile(&tx, user).await
        })
        .await
}

/// A user of which nothing is known yet.
pub(crate) fn blank(cx: &Cx, id: &str) -> User {
    let now = cx.now();
    User {
        id: UserId::from(id),
        seq: cx.next_seq(),
        name: String::new(),
        email: None,
        phone: None,
        password_hash: None,
        password_updated: None,
        password_history: Vec::new(),
        is_active: true,
        is_email_verified: false,
        is_phone_verified: false,
        has_mfa: false,
        is_impersonator: false,
        needs_new_password: false,
        labels: Vec::new(),
        prefs: "{}".to_owned(),
        accessed_at: None,
        created: now,
        updated: now,
    }
}

/// A user with an address and a password, that is not stored yet.
///
/// # Errors
/// Those of the project's rules on passwords.
pub(crate) async fn with_password(
    cx: &Cx,
    id: &str,
    email: String,
    name: String,
    password: &str,
) -> Result<User, Error> {
    let policies = &cx.project.settings.policies;
    password_rules::check_form(policies, password)?;
    let about = Personal { id, email: Some(&email), name: &name, phone: None };
    password_rules::check_personal(policies, password, about)?;
    let hash = cx.app.passwords.hash(password).await?;
    let mut user = User { email: Some(email), name, ..blank(cx, id) };
    let now = user.created;
    password_rules::set(&mut user, hash, policies, now);
    Ok(user)
}

/// A target that is not stored yet.
pub(crate) fn new_target(cx: &Cx, user_id: &UserId, provider_type: &str, identifier: &str) -> Target {
    let now = cx.now();
    Target {
        id: TargetId::from(cx.new_id()),
        seq: cx.next_seq(),
        user_id: user_id.clone(),
        name: String::new(),
        provider_id: None,
        provider_type: provider_type.to_owned(),
        identifier: identifier.to_owned(),
        session_id: None,
        is_expired: false,
        created: now,
        updated: now,
    }
}

/// The targets that a user's own address and number are.
pub(crate) fn address_targets(cx: &Cx, user: &User) -> Vec<Target> {
    let email = user.email.iter().map(|email| new_target(cx, &user.id, "email", email));
    let phone = user.phone.iter().map(|phone| new_target(cx, &user.id, "sms", phone));
    email.chain(phone).collect()
}

/// Store a user and those of its targets whose address is nobody's yet.
pub(crate) async fn insert(tx: &Tx, user: User, targets: Vec<Target>) -> Result<Profile, Error> {
    tx.user_insert(&user).await.on_any_conflict(Fault::UserAlreadyExists)?;
    let mut own = Vec::with_capacity(targets.len());
    for target in targets {
        if tx.target_by_identifier(&target.identifier).await?.is_none() {
            tx.target_insert(&target).await.on_any_conflict(Fault::UserAlreadyExists)?;
            own.push(target);
        }
    }
    Ok(Profile { user, targets: own })
}

/// Remove a user with its sessions, targets, memberships and keys.
pub(crate) async fn remove(tx: &Tx, id: &UserId, now: Timestamp) -> Result<(), Error> {
    for membership in tx.membership_list_of_user(id).await? {
        tx.membership_delete(&membership).await?;
        if membership.is_confirmed {
            tx.team_count_members(&membership.team_id, -1, now).await?;
        }
    }
    tx.key_delete_all(&KeyRing::Account(id.clone())).await?;
    tx.app_delete_all_of_owner(None, Some(id)).await?;
    if tx.user_delete(id).await? { Ok(()) } else { Err(Fault::UserNotFound.with("user", id)) }
}
