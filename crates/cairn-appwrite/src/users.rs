//! Users as an administrator sees them.

mod import;
mod sessions;
mod targets;

pub(crate) use targets::target;

use cairn_core::Cx;
use cairn_core::memberships as members;
use cairn_core::passwords::{Hashed, Scheme};
use cairn_core::users::{self, NewUser, PasswordState, Profile, Standing, Trust, Verification};
use cairn_faults::Fault;
use cairn_http::rules::{
    IdChoice, Rule, array_of, boolean, custom_id, email, label, object as object_rule, password, phone,
    queries, text, uid,
};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::email::EmailFacts;
use cairn_model::ids::UserId;
use cairn_std::Timestamp;
use serde_json::{Value, json};

use crate::memberships;
use crate::models::{MEMBERSHIP, PREFERENCES, USER};
use crate::wire::{
    Object, empty_or, list_request, maybe, object, paged, preferences, preferences_text, time_or_empty,
};

pub(crate) const READ: &[&str] = &["users.read"];
pub(crate) const WRITE: &[&str] = &["users.write"];
/// The user of the path, as the log names whom something is about, and what it happened to.
pub(crate) const SUBJECT: &str = "{request.userId}";
pub(crate) const RESOURCE: &str = "user/{request.userId}";
pub(crate) const MISSING: &[Fault] = &[Fault::UserNotFound];
const ADDRESS: &[Fault] = &[
    Fault::UserNotFound,
    Fault::UserTargetAlreadyExists,
    Fault::UserEmailAlreadyExists,
    Fault::UserPhoneAlreadyExists,
];
/// Labels of a user at most (`APP_LIMIT_ARRAY_LABELS_SIZE`).
const LABELS_MAX: usize = 1_000;

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v1/users", "users.create", handler!(create_user))
        .created(&USER)
        .scopes(WRITE)
        .audited("user.create", "user/{response.$id}", "{response.$id}")
        .faults(&[Fault::UserAlreadyExists, Fault::PasswordPersonalData]),
    Route::get("/v1/users", "users.list", handler!(list_users)).page("users", &USER).scopes(READ).faults(&[
        Fault::GeneralQueryInvalid,
        Fault::GeneralCursorNotFound,
        Fault::DatabaseQueryOrderNull,
    ]),
    Route::get("/v1/users/{userId}", "users.get", handler!(get_user)).ok(&USER).scopes(READ).faults(MISSING),
    Route::delete("/v1/users/{userId}", "users.delete", handler!(delete_user))
        .nothing()
        .scopes(WRITE)
        .audited("user.delete", RESOURCE, SUBJECT)
        .faults(MISSING),
    Route::get("/v1/users/{userId}/prefs", "users.getPrefs", handler!(get_user_prefs))
        .ok(&PREFERENCES)
        .scopes(READ)
        .faults(MISSING),
    Route::patch("/v1/users/{userId}/prefs", "users.updatePrefs", handler!(update_user_prefs))
        .ok(&PREFERENCES)
        .scopes(WRITE)
        .faults(MISSING),
    Route::patch("/v1/users/{userId}/name", "users.updateName", handler!(update_user_name))
        .ok(&USER)
        .scopes(WRITE)
        .audited("user.update", RESOURCE, SUBJECT)
        .faults(MISSING),
    Route::patch("/v1/users/{userId}/email", "users.updateEmail", handler!(update_user_email))
        .ok(&USER)
        .scopes(WRITE)
        .audited("user.update", RESOURCE, SUBJECT)
        .faults(ADDRESS),
    Route::patch("/v1/users/{userId}/phone", "users.updatePhone", handler!(update_user_phone))
        .ok(&USER)
        .scopes(WRITE)
        .audited("user.update", RESOURCE, SUBJECT)
        .faults(ADDRESS),
    Route::patch("/v1/users/{userId}/password", "users.updatePassword", handler!(update_user_password))
        .ok(&USER)
        .scopes(WRITE)
        .audited("user.update", RESOURCE, SUBJECT)
        .faults(&[Fault::UserNotFound, Fault::PasswordRecentlyUsed, Fault::PasswordPersonalData]),
    Route::patch("/v1/users/{userId}/status", "users.updateStatus", handler!(update_user_status))
        .ok(&USER)
        .scopes(WRITE)
        .audited("user.update", RESOURCE, SUBJECT)
        .faults(MISSING),
    Route::put("/v1/users/{userId}/labels", "users.updateLabels", handler!(update_user_labels))
        .ok(&USER)
        .scopes(WRITE)
        .audited("user.update", RESOURCE, SUBJECT)
        .faults(MISSING),
    Route::patch(
        "/v1/users/{userId}/verification",
        "users.updateEmailVerification",
        handler!(update_user_email_verification),
    )
    .ok(&USER)
    .scopes(WRITE)
    .audited("verification.update", RESOURCE, SUBJECT)
    .faults(MISSING),
    Route::patch(
        "/v1/users/{userId}/verification/phone",
        "users.updatePhoneVerification",
        handler!(update_user_phone_verification),
    )
    .ok(&USER)
    .scopes(WRITE)
    .audited("verification.update", RESOURCE, SUBJECT)
    .faults(MISSING),
    Route::patch(
        "/v1/users/{userId}/impersonator",
        "users.updateImpersonator",
        handler!(update_user_impersonator),
    )
    .ok(&USER)
    .scopes(WRITE)
    .audited("user.update", RESOURCE, SUBJECT)
    .faults(MISSING),
    Route::patch("/v1/users/{userId}/reset", "users.updateReset", handler!(update_user_reset))
        .ok(&USER)
        .scopes(WRITE)
        .audited("user.update", RESOURCE, SUBJECT)
        .faults(MISSING),
    Route::get("/v1/users/{userId}/memberships", "users.listMemberships", handler!(list_user_memberships))
        .page("memberships", &MEMBERSHIP)
        .scopes(READ)
        .faults(MISSING),
];

/// The routes of users who come with a hash.
pub const IMPORT_ROUTES: &[Route] = import::ROUTES;
/// The routes of users' sessions and tokens.
pub const SESSION_ROUTES: &[Route] = sessions::ROUTES;
/// The routes of users' targets.
pub const TARGET_ROUTES: &[Route] = targets::ROUTES;

params! {
    pub(crate) struct CreateUser {
        /// The id, or `unique()`.
        user_id: IdChoice = "userId" => custom_id(),
        /// The e-mail address.
        email: Option<String> = "email" => maybe(email()),
        /// The phone number, `+` and digits.
        phone: Option<String> = "phone" => maybe(phone()),
        /// The password, 8 to 256 characters.
        password: Option<String> = "password" => maybe(password()),
        /// The name, up to 128 characters.
        name: String = "name" => text(0, 128).or_empty(),
    }
}

async fn create_user(call: Call<CreateUser>) -> Reply {
    let CreateUser { user_id, email, phone, password, name } = call.params;
    let id = user_id.or_make(|| call.cx.new_id());
    let made = users::create(&call.cx, NewUser { id, email, phone, password, name }).await?;
    Ok(Answer::created("user", user(&made)))
}

params! {
    pub(crate) struct ListUsers {
        /// Queries over the attributes name, email, phone, status, passwordUpdate, registration, emailVerification,
        /// phoneVerification, labels, impersonator and accessedAt.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Words to look for, up to 256 characters.
        search: String = "search" => text(0, 256).or_empty(),
        /// Whether the users are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_users(call: Call<ListUsers>) -> Reply {
    let ListUsers { queries, search, total } = call.params;
    let page = users::list(&call.cx, &list_request(&call.exchange, queries, search, total)).await?;
    Ok(paged("user", "users", &page, |profile| as_seen(&call.cx, profile)))
}

params! {
    pub(crate) struct OfUser {
        /// The id of the user.
        user_id: String = "userId" => uid(),
    }
}

async fn get_user(call: Call<OfUser>) -> Reply {
    let found = users::get(&call.cx, &UserId(call.params.user_id)).await?;
    Ok(Answer::ok("user", as_seen(&call.cx, &found)))
}

async fn delete_user(call: Call<OfUser>) -> Reply {
    users::delete(&call.cx, &UserId(call.params.user_id)).await?;
    Ok(Answer::no_content())
}

async fn get_user_prefs(call: Call<OfUser>) -> Reply {
    let found = users::get(&call.cx, &UserId(call.params.user_id)).await?;
    Ok(Answer::ok("preferences", preferences(&found.user.prefs)))
}

params! {
    pub(crate) struct UpdateUserPrefs {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The preferences that replace the present ones.
        prefs: Object = "prefs" => object_rule(),
    }
}

async fn update_user_prefs(call: Call<UpdateUserPrefs>) -> Reply {
    let UpdateUserPrefs { user_id, prefs } = call.params;
    let changed = users::update_prefs(&call.cx, &UserId(user_id), preferences_text(prefs)).await?;
    Ok(Answer::ok("preferences", preferences(&changed.user.prefs)))
}

params! {
    pub(crate) struct UpdateUserName {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The name, up to 128 characters; may be empty.
        name: String = "name" => text(0, 128),
    }
}

async fn update_user_name(call: Call<UpdateUserName>) -> Reply {
    let UpdateUserName { user_id, name } = call.params;
    Ok(Answer::ok("user", user(&users::update_name(&call.cx, &UserId(user_id), name).await?)))
}

params! {
    pub(crate) struct UpdateUserEmail {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The e-mail address, or an empty text to take it away.
        email: Option<String> = "email" => empty_or(email()),
    }
}

async fn update_user_email(call: Call<UpdateUserEmail>) -> Reply {
    let UpdateUserEmail { user_id, email } = call.params;
    let changed = users::update_email(&call.cx, &UserId(user_id), &email.unwrap_or_default()).await?;
    Ok(Answer::ok("user", user(&changed)))
}

params! {
    pub(crate) struct UpdateUserPhone {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The phone number, `+` and digits, or an empty text to take it away.
        number: Option<String> = "number" => empty_or(phone()),
    }
}

async fn update_user_phone(call: Call<UpdateUserPhone>) -> Reply {
    let UpdateUserPhone { user_id, number } = call.params;
    let changed = users::update_phone(&call.cx, &UserId(user_id), &number.unwrap_or_default()).await?;
    Ok(Answer::ok("user", user(&changed)))
}

params! {
    pub(crate) struct UpdateUserPassword {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The password, 8 to 256 characters, or an empty text to take it away.
        password: Option<String> = "password" => empty_or(password()),
    }
}

async fn update_user_password(call: Call<UpdateUserPassword>) -> Reply {
    let UpdateUserPassword { user_id, password } = call.params;
    let changed = users::update_password(&call.cx, &UserId(user_id), &password.unwrap_or_default()).await?;
    Ok(Answer::ok("user", user(&changed)))
}

params! {
    pub(crate) struct UpdateUserStatus {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// Whether the user may sign in and act.
        status: bool = "status" => boolean(),
    }
}

async fn update_user_status(call: Call<UpdateUserStatus>) -> Reply {
    let UpdateUserStatus { user_id, status } = call.params;
    let standing = if status { Standing::Active } else { Standing::Blocked };
    Ok(Answer::ok("user", user(&users::update_standing(&call.cx, &UserId(user_id), standing).await?)))
}

params! {
    pub(crate) struct UpdateUserLabels {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The labels that replace the present ones, letters and digits.
        labels: Vec<String> = "labels" => array_of(label(), LABELS_MAX),
    }
}

async fn update_user_labels(call: Call<UpdateUserLabels>) -> Reply {
    let UpdateUserLabels { user_id, labels } = call.params;
    Ok(Answer::ok("user", user(&users::update_labels(&call.cx, &UserId(user_id), labels).await?)))
}

params! {
    pub(crate) struct UpdateUserEmailVerification {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// Whether the e-mail address is proved.
        is_verified: bool = "emailVerification" => boolean(),
    }
}

async fn update_user_email_verification(call: Call<UpdateUserEmailVerification>) -> Reply {
    let UpdateUserEmailVerification { user_id, is_verified } = call.params;
    let is = verification(is_verified);
    Ok(Answer::ok("user", user(&users::update_email_verification(&call.cx, &UserId(user_id), is).await?)))
}

params! {
    pub(crate) struct UpdateUserPhoneVerification {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// Whether the phone number is proved.
        is_verified: bool = "phoneVerification" => boolean(),
    }
}

async fn update_user_phone_verification(call: Call<UpdateUserPhoneVerification>) -> Reply {
    let UpdateUserPhoneVerification { user_id, is_verified } = call.params;
    let is = verification(is_verified);
    Ok(Answer::ok("user", user(&users::update_phone_verification(&call.cx, &UserId(user_id), is).await?)))
}

params! {
    pub(crate) struct UpdateUserImpersonator {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// Whether the user may act as others.
        impersonator: bool = "impersonator" => boolean(),
    }
}

async fn update_user_impersonator(call: Call<UpdateUserImpersonator>) -> Reply {
    let UpdateUserImpersonator { user_id, impersonator } = call.params;
    let trust = if impersonator { Trust::Impersonator } else { Trust::Ordinary };
    Ok(Answer::ok("user", user(&users::update_impersonator(&call.cx, &UserId(user_id), trust).await?)))
}

params! {
    pub(crate) struct UpdateUserReset {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// Whether the password must be changed before anything else.
        reset: bool = "reset" => boolean(),
    }
}

async fn update_user_reset(call: Call<UpdateUserReset>) -> Reply {
    let UpdateUserReset { user_id, reset } = call.params;
    let state = if reset { PasswordState::Expired } else { PasswordState::Usable };
    Ok(Answer::ok("user", user(&users::update_password_state(&call.cx, &UserId(user_id), state).await?)))
}

fn verification(is_verified: bool) -> Verification {
    if is_verified { Verification::Verified } else { Verification::Unverified }
}

params! {
    pub(crate) struct ListUserMemberships {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// Queries over the attributes userId, teamId, invited, joined, confirm and roles.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Words to look for, up to 256 characters.
        search: String = "search" => text(0, 256).or_empty(),
        /// Whether the memberships are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_user_memberships(call: Call<ListUserMemberships>) -> Reply {
    let ListUserMemberships { user_id, queries, search, total } = call.params;
    let request = list_request(&call.exchange, queries, search, total);
    let page = members::list_of_user(&call.cx, &UserId(user_id), &request).await?;
    Ok(memberships::page(&page))
}

/// A user as the caller may see it: who looks for somebody to act as sees nothing of passwords.
fn as_seen(cx: &Cx, profile: &Profile) -> Object {
    let mut shown = user(profile);
    if !cx.is_privileged() {
        for hidden in ["password", "hash", "hashOptions"] {
            shown.insert(hidden.to_owned(), Value::Null);
        }
    }
    shown
}

/// A user with everything that an administrator sees.
pub(crate) fn user(profile: &Profile) -> Object {
    let Profile { user, targets } = profile;
    let email = user.email.as_deref().unwrap_or_default();
    let facts = EmailFacts::of(email);
    let fact = |of: fn(&EmailFacts) -> bool| facts.as_ref().map(of);
    let hashed = user.password_hash.as_deref().map(Hashed::of);
    let mut shown = object(json!({
        "$id": user.id.as_str(),
        "$createdAt": user.created.to_wire(),
        "$updatedAt": user.updated.to_wire(),
        "name": user.name,
        "password": password_shown(hashed.as_ref(), user.password_updated),
        "hash": null,
        "hashOptions": null,
        "registration": user.created.to_wire(),
        "status": user.is_active,
        "labels": user.labels,
        "passwordUpdate": time_or_empty(user.password_updated),
        "email": email,
        "phone": user.phone.as_deref().unwrap_or_default(),
        "emailVerification": user.is_email_verified,
        "emailCanonical": facts.as_ref().map(|facts| facts.canonical.as_str()),
        "emailIsFree": fact(|facts| facts.is_free),
        "emailIsDisposable": fact(|facts| facts.is_disposable),
        "emailIsCorporate": fact(|facts| facts.is_corporate),
        "emailIsCanonical": fact(|facts| facts.is_canonical),
        "phoneVerification": user.is_phone_verified,
        "mfa": user.has_mfa,
    }));
    let (hash, options) = scheme(hashed.as_ref().map_or(&Scheme::Argon2, |hashed| &hashed.scheme));
    shown.insert("hash".to_owned(), json!(hash));
    shown.insert("hashOptions".to_owned(), options);
    let targets: Vec<_> = targets.iter().map(|target| Value::Object(targets::target(target))).collect();
    shown.insert("prefs".to_owned(), Value::Object(preferences(&user.prefs)));
    shown.insert("targets".to_owned(), Value::Array(targets));
    shown.insert("accessedAt".to_owned(), time_or_empty(user.accessed_at));
    shown.insert("impersonator".to_owned(), json!(user.is_impersonator));
    shown.insert("impersonatorUserId".to_owned(), Value::Null);
    shown
}

/// The hash; an empty text for a password that was taken away, null for one that never was.
fn password_shown(hashed: Option<&Hashed>, updated: Option<Timestamp>) -> Value {
    match (hashed, updated) {
        (Some(hashed), _) => json!(hashed.hash),
        (None, Some(_)) => json!(""),
        (None, None) => Value::Null,
    }
}

/// The name and the options of the way in which a hash was made.
fn scheme(scheme: &Scheme) -> (&'static str, Value) {
    match scheme {
        Scheme::Argon2 => {
            ("argon2", json!({ "type": "argon2", "memoryCost": 65_536, "timeCost": 4, "threads": 3 }))
        }
        Scheme::Bcrypt => ("bcrypt", json!({ "type": "bcrypt" })),
        Scheme::Md5 => ("md5", json!({ "type": "md5" })),
        Scheme::Phpass => ("phpass", json!({ "type": "phpass" })),
        Scheme::Scrypt { cpu, memory, parallel, length, .. } => (
            "scrypt",
            json!({
                "type": "scrypt",
                "costCpu": cpu,
                "costMemory": memory,
                "costParallel": parallel,
                "length": length,
            }),
        ),
        Scheme::ScryptModified { salt, separator, signer_key } => (
            "scryptMod",
            json!({ "type": "scryptMod", "salt": salt, "saltSeparator": separator, "signerKey": signer_key }),
        ),
        Scheme::Sha { .. } => ("sha", json!({ "type": "sha" })),
    }
}
