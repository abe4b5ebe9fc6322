//! Users as things that are stored: their addresses, identities and targets.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_users {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// There is no such user.
            ///
            /// The id is mistyped, or the user was deleted.
            UserNotFound {
                kind: NotFound,
                message: "There is no such user.",
                like: DocumentNotFound,
                appwrite_1_0: 404 "user_not_found",
                appwrite: 404 "user_not_found",
                reason: 404 "user:not_found",
                discord: 404 10013,
            }
            /// A user with this id, e-mail address or telephone number exists already.
            ///
            /// Sign in instead, or choose another id or address.
            UserAlreadyExists {
                kind: Conflict,
                message: "A user with this id, e-mail address or telephone number exists already.",
                like: UserEmailAlreadyExists,
                appwrite_1_0: 409 "user_already_exists",
                appwrite: 409 "user_already_exists",
                discord: 409 40041,
            }
            /// The e-mail address belongs to another user.
            ///
            /// An address belongs to one account of a project. Use another one, or sign in to that
            /// account.
            UserEmailAlreadyExists {
                kind: Conflict,
                message: "The e-mail address belongs to another user.",
                appwrite_1_0: 409 "user_email_already_exists",
                appwrite: 409 "user_email_already_exists",
                reason: 409 "user:email_already_exists",
                everlive: 400 211 "A user with the specified email already exists.",
                discord: 400 50035,
            }
            /// The telephone number belongs to another user.
            ///
            /// A number belongs to one account of a project. Use another one.
            UserPhoneAlreadyExists {
                kind: Conflict,
                message: "The telephone number belongs to another user.",
                appwrite: 409 "user_phone_already_exists",
                discord: 400 50035,
            }
            /// The user has this target already.
            ///
            /// A target is an address where messages go. Update the one that is there.
            UserTargetAlreadyExists {
                kind: Conflict,
                message: "The user has this target already.",
                appwrite: 409 "user_target_already_exists",
            }
            /// The user is a member of teams and cannot be deleted.
            ///
            /// Leave or delete the teams first, so that none is left without an owner.
            UserDeletionProhibited {
                kind: Conflict,
                message: "The user is a member of teams and cannot be deleted.",
                appwrite: 400 "user_deletion_prohibited",
            }
            /// The user has no such target.
            ///
            /// List the user's targets to see those that exist.
            UserTargetNotFound {
                kind: NotFound,
                message: "The user has no such target.",
                appwrite: 404 "user_target_not_found",
            }
            /// There is no such identity.
            ///
            /// The user unlinked it, or never had it.
            UserIdentityNotFound {
                kind: NotFound,
                message: "There is no such identity.",
                appwrite: 404 "user_identity_not_found",
            }
            /// The user has no e-mail address.
            ///
            /// Add one before you ask for this.
            UserEmailNotFound {
                kind: Invalid,
                message: "The user has no e-mail address.",
                appwrite: 400 "user_email_not_found",
            }
            /// The e-mail address is not verified.
            ///
            /// Verify it before you ask for this.
            UserEmailNotVerified {
                kind: Invalid,
                message: "The e-mail address is not verified.",
                appwrite: 400 "user_email_not_verified",
            }
            /// The e-mail address is verified already.
            ///
            /// Nothing is left to do.
            UserEmailAlreadyVerified {
                kind: Conflict,
                message: "The e-mail address is verified already.",
                appwrite: 409 "user_email_already_verified",
            }
            /// Throw-away e-mail addresses are not accepted.
            ///
            /// The project asks for a lasting address.
            UserEmailDisposable {
                kind: Invalid,
                message: "Throw-away e-mail addresses are not accepted.",
                appwrite: 400 "user_email_disposable",
            }
            /// Addresses of free mail services are not accepted.
            ///
            /// The project asks for an address at an organization's own domain.
            UserEmailFree {
                kind: Invalid,
                message: "Addresses of free mail services are not accepted.",
                appwrite: 400 "user_email_free",
            }
            /// The e-mail address is not in its plain form.
            ///
            /// Leave out tags, aliases and dots that the mail service ignores.
            UserEmailNotCanonical {
                kind: Invalid,
                message: "The e-mail address is not in its plain form.",
                appwrite: 400 "user_email_not_canonical",
            }
            /// Only addresses of organizations are accepted.
            ///
            /// Use an address at work.
            UserEmailNotCorporate {
                kind: Invalid,
                message: "Only addresses of organizations are accepted.",
                appwrite: 400 "user_email_not_corporate",
            }
            /// The user has no telephone number.
            ///
            /// Add one before you ask for this.
            UserPhoneNotFound {
                kind: Invalid,
                message: "The user has no telephone number.",
                appwrite: 400 "user_phone_not_found",
            }
            /// The telephone number is not verified.
            ///
            /// Verify it before you ask for this.
            UserPhoneNotVerified {
                kind: Invalid,
                message: "The telephone number is not verified.",
                appwrite: 400 "user_phone_not_verified",
            }
            /// The telephone number is verified already.
            ///
            /// Nothing is left to do.
            UserPhoneAlreadyVerified {
                kind: Conflict,
                message: "The telephone number is verified already.",
                appwrite: 409 "user_phone_already_verified",
            }
            /// There is no such file token.
            ///
            /// It was deleted, or belongs to another file.
            TokenNotFound planned {
                kind: NotFound,
                message: "There is no such file token.",
                appwrite: 404 "token_not_found",
            }
            /// The file token has expired.
            ///
            /// Make a new one.
            TokenExpired planned {
                kind: Unauthorized,
                message: "The file token has expired.",
                appwrite: 401 "token_expired",
            }
            /// A token cannot be made for this kind of resource.
            ///
            /// Tokens open files.
            TokenResourceTypeInvalid planned {
                kind: Invalid,
                message: "A token cannot be made for this kind of resource.",
                appwrite: 400 "token_resource_type_invalid",
            }
        }
    };
}
