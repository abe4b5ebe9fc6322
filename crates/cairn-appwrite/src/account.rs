//! The account of the person who asks.

use cairn_core::Cx;
use cairn_core::accounts::{self, NewAccount};
use cairn_core::users::Profile;
use cairn_faults::Fault;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{IdChoice, Rule, custom_id, email, object, password, phone, text};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use serde_json::json;

use crate::models::{OWN_ACCOUNT, PREFERENCES};
use crate::users;
use crate::wire::{Object, preferences, preferences_text};
use crate::{ACCOUNT, OWN};

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v1/account", "account.create", handler!(create_account))
        .created(&OWN_ACCOUNT)
        .scopes(&["sessions.write"])
        .limit(RateLimit::per_hour(10))
        .audited("user.create", "user/{response.$id}", "{response.$id}")
        .faults(&[
            Fault::UserAlreadyExists,
            Fault::UserCountExceeded,
            Fault::UserConsoleCountExceeded,
            Fault::UserEmailNotWhitelisted,
            Fault::UserIpNotWhitelisted,
            Fault::SetupCodeRequired,
            Fault::UserAuthMethodUnsupported,
            Fault::PasswordPersonalData,
        ]),
    Route::post("/v1/account/invite", "account.createWithInviteCode", handler!(create_account_with_code))
        .created(&OWN_ACCOUNT)
        .scopes(&["sessions.write"])
        .limit(RateLimit::per_hour(10))
        .audited("user.create", "user/{response.$id}", "{response.$id}")
        .faults(&[
            Fault::GeneralAccessForbidden,
            Fault::GeneralCodesDisabled,
            Fault::UserInvalidCode,
            Fault::UserAlreadyExists,
            Fault::SetupCodeRequired,
            Fault::PasswordPersonalData,
        ]),
    Route::get("/v1/account", "account.get", handler!(get_account)).ok(&OWN_ACCOUNT).scopes(ACCOUNT),
    Route::delete("/v1/account", "account.delete", handler!(delete_account))
        .nothing()
        .scopes(ACCOUNT)
        .audited("user.delete", OWN, "")
        .faults(&[Fault::UserDeletionProhibited]),
    Route::get("/v1/account/prefs", "account.getPrefs", handler!(get_account_prefs))
        .ok(&PREFERENCES)
        .scopes(ACCOUNT),
    Route::patch("/v1/account/prefs", "account.updatePrefs", handler!(update_account_prefs))
        .ok(&OWN_ACCOUNT)
        .scopes(ACCOUNT)
        .audited("user.update", OWN, ""),
    Route::patch("/v1/account/name", "account.updateName", handler!(update_account_name))
        .ok(&OWN_ACCOUNT)
        .scopes(ACCOUNT)
        .audited("user.update", OWN, ""),
    Route::patch("/v1/account/password", "account.updatePassword", handler!(update_account_password))
        .ok(&OWN_ACCOUNT)
        .scopes(ACCOUNT)
        .before_password()
        .audited("user.update", OWN, "")
        .limit(RateLimit::per_hour(10))
        .faults(&[Fault::UserInvalidCredentials, Fault::PasswordRecentlyUsed, Fault::PasswordPersonalData]),
    Route::patch("/v1/account/email", "account.updateEmail", handler!(update_account_email))
        .ok(&OWN_ACCOUNT)
        .scopes(ACCOUNT)
        .audited("user.update", OWN, "")
        .faults(&[
            Fault::UserInvalidCredentials,
            Fault::UserTargetAlreadyExists,
            Fault::PasswordPersonalData,
        ]),
    Route::patch("/v1/account/phone", "account.updatePhone", handler!(update_account_phone))
        .ok(&OWN_ACCOUNT)
        .scopes(ACCOUNT)
        .audited("user.update", OWN, "")
        .faults(&[
            Fault::UserInvalidCredentials,
            Fault::UserTargetAlreadyExists,
            Fault::UserPhoneAlreadyExists,
            Fault::PasswordPersonalData,
        ]),
    Route::patch("/v1/account/status", "account.updateStatus", handler!(update_account_status))
        .ok(&OWN_ACCOUNT)
        .scopes(ACCOUNT)
        .audited("user.update", OWN, ""),
];

params! {
    pub(crate) struct CreateAccount {
        /// The id, or `unique()`.
        user_id: IdChoice = "userId" => custom_id(),
        /// The e-mail address.
        email: String = "email" => email(),
        /// The password, 8 to 256 characters.
        password: String = "password" => password(),
        /// The name, up to 128 characters.
        name: String = "name" => text(0, 128).or_empty(),
    }
}

async fn create_account(call: Call<CreateAccount>) -> Reply {
    let CreateAccount { user_id, email, password, name } = call.params;
    let id = user_id.or_make(|| call.cx.new_id());
    let made = accounts::create(&call.cx, NewAccount { id, email, password, name }).await?;
    Ok(Answer::created("account", shown(&call.cx, &made)))
}

params! {
    pub(crate) struct CreateAccountWithCode {
        /// The id, or `unique()`.
        user_id: IdChoice = "userId" => custom_id(),
        /// The e-mail address.
        email: String = "email" => email(),
        /// The password, 8 to 256 characters.
        password: String = "password" => password(),
        /// The name, up to 128 characters.
        name: String = "name" => text(0, 128).or_empty(),
        /// A code that the server's operator gave out, up to 128 characters.
        code: String = "code" => text(0, 128).or_empty(),
    }
}

async fn create_account_with_code(call: Call<CreateAccountWithCode>) -> Reply {
    let CreateAccountWithCode { user_id, email, password, name, code } = call.params;
    let id = user_id.or_make(|| call.cx.new_id());
    let made = accounts::create_with_code(&call.cx, NewAccount { id, email, password, name }, &code).await?;
    Ok(Answer::created("account", account(&made)))
}

async fn get_account(call: Call<()>) -> Reply {
    Ok(Answer::ok("account", shown(&call.cx, &accounts::get(&call.cx).await?)))
}

async fn delete_account(call: Call<()>) -> Reply {
    accounts::delete(&call.cx).await?;
    Ok(Answer::no_content())
}

async fn get_account_prefs(call: Call<()>) -> Reply {
    Ok(Answer::ok("preferences", preferences(&accounts::prefs(&call.cx)?)))
}

params! {
    pub(crate) struct UpdatePrefs {
        /// The preferences that replace the present ones.
        prefs: Object = "prefs" => object(),
    }
}

async fn update_account_prefs(call: Call<UpdatePrefs>) -> Reply {
    let prefs = preferences_text(call.params.prefs);
    Ok(Answer::ok("account", shown(&call.cx, &accounts::update_prefs(&call.cx, prefs).await?)))
}

params! {
    pub(crate) struct UpdateName {
        /// The name, up to 128 characters.
        name: String = "name" => text(1, 128),
    }
}

async fn update_account_name(call: Call<UpdateName>) -> Reply {
    Ok(Answer::ok("account", shown(&call.cx, &accounts::update_name(&call.cx, call.params.name).await?)))
}

params! {
    pub(crate) struct UpdatePassword {
        /// The new password, 8 to 256 characters.
        password: String = "password" => password(),
        /// The present password; needed by all who have one.
        old_password: String = "oldPassword" => text(0, 256).or_empty(),
    }
}

async fn update_account_password(call: Call<UpdatePassword>) -> Reply {
    let UpdatePassword { password, old_password } = call.params;
    let changed = accounts::update_password(&call.cx, &password, &old_password).await?;
    Ok(Answer::ok("account", shown(&call.cx, &changed)))
}

params! {
    pub(crate) struct UpdateEmail {
        /// The new e-mail address.
        email: String = "email" => email(),
        /// The present password, or the first one of an account without.
        password: String = "password" => password(),
    }
}

async fn update_account_email(call: Call<UpdateEmail>) -> Reply {
    let UpdateEmail { email, password } = call.params;
    Ok(Answer::ok("account", shown(&call.cx, &accounts::update_email(&call.cx, &email, &password).await?)))
}

params! {
    pub(crate) struct UpdatePhone {
        /// The new phone number, `+` and digits.
        phone: String = "phone" => phone(),
        /// The present password, or the first one of an account without.
        password: String = "password" => password(),
    }
}

async fn update_account_phone(call: Call<UpdatePhone>) -> Reply {
    let UpdatePhone { phone, password } = call.params;
    Ok(Answer::ok("account", shown(&call.cx, &accounts::update_phone(&call.cx, &phone, &password).await?)))
}

async fn update_account_status(call: Call<()>) -> Reply {
    let blocked = accounts::block(&call.cx).await?;
    let cookies = call.exchange.cookie_scope(call.cx.project.id()).end_session(call.cx.now());
    Ok(Answer::ok("account", shown(&call.cx, &blocked)).headers(cookies))
}

/// An account as whoever acts as its owner sees it.
pub(crate) fn shown(cx: &Cx, profile: &Profile) -> Object {
    let mut shown = account(profile);
    let impersonator = cx.identity().and_then(|identity| identity.impersonator.as_ref());
    if let Some(actor) = impersonator.filter(|_| cx.user_id() == Some(&profile.user.id)) {
        shown.insert("impersonatorUserId".to_owned(), json!(actor.user.id.as_str()));
    }
    shown
}

/// An account as its owner sees it: a user without what is said of its password.
pub(crate) fn account(profile: &Profile) -> Object {
    let mut account = users::user(profile);
    for hidden in ["password", "hash", "hashOptions"] {
        account.shift_remove(hidden);
    }
    account
}
