//! What the account API tells beyond the promised list of its codes: the rows of `contract/reason-codes-more.csv`.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_community {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// The change needs a fresh proof of who you are.
            ///
            /// Send the password, and the code of the second factor where there is one.
            UserReauthenticationRequired {
                kind: Unauthorized,
                message: "The change needs a fresh proof of who you are.",
                reason: 401 "user:reauthentication_required",
            }
            /// The user is not banned.
            ///
            /// There is no ban in force that could be lifted.
            UserNotBanned {
                kind: Invalid,
                message: "The user is not banned.",
                reason: 400 "user:not_banned",
            }
            /// The user is banned already.
            ///
            /// Lift the ban first to change it.
            UserAlreadyBanned {
                kind: Conflict,
                message: "The user is banned already.",
                reason: 409 "user:already_banned",
            }
            /// The user does not hold the role.
            ///
            /// A role that was given as a label is taken as a label.
            UserHasNotRole {
                kind: Invalid,
                message: "The user does not hold the role.",
                reason: 400 "user:does_not_have_role",
            }
            /// The user holds the role already.
            ///
            /// Revoke it first to give it anew.
            UserAlreadyHasRole {
                kind: Conflict,
                message: "The user holds the role already.",
                reason: 409 "user:already_has_role",
            }
            /// Nobody does this to themselves.
            ///
            /// Ask another administrator.
            UserCannotManageSelf {
                kind: Forbidden,
                message: "Nobody does this to themselves.",
                reason: 403 "user:cannot_manage_self",
            }
            /// The user holds as high a role as the caller.
            ///
            /// Only the project's owner can change administrators.
            UserCannotManageEqual {
                kind: Forbidden,
                message: "The user holds as high a role as the caller.",
                reason: 403 "user:cannot_manage_higher_or_equal_role",
            }
            /// There is no such group.
            ///
            /// List the groups to see those that exist.
            GroupNotFound {
                kind: NotFound,
                message: "There is no such group.",
                reason: 404 "group:not_found",
            }
            /// A group has this name already.
            ///
            /// Choose another name.
            GroupAlreadyExists {
                kind: Conflict,
                message: "A group has this name already.",
                reason: 409 "group:already_exists",
            }
            /// There is no such member.
            ///
            /// List the group's members to see those that exist.
            GroupMemberNotFound {
                kind: NotFound,
                message: "There is no such member.",
                reason: 404 "group:member_not_found",
            }
            /// The user is in the group already.
            ///
            /// Remove the member first to add them anew.
            GroupMemberAlreadyExists {
                kind: Conflict,
                message: "The user is in the group already.",
                reason: 409 "group:member_already_exists",
            }
            /// There is no such permission.
            ///
            /// List the permissions to see those that exist.
            PermissionInvalid {
                kind: Invalid,
                message: "There is no such permission.",
                reason: 400 "permission:invalid",
            }
            /// The file is no picture that browsers show.
            ///
            /// Send a PNG, JPEG, GIF or WebP.
            UploadTypeUnsupported {
                kind: Invalid,
                message: "The file is no picture that browsers show.",
                reason: 415 "file:unsupported_type",
            }
            /// The link to delete the account is not valid.
            ///
            /// It was used or has expired. Ask for the deletion again.
            DeletionTokenInvalid {
                kind: Invalid,
                message: "The link to delete the account is not valid.",
                reason: 400 "token:invalid_account_deletion",
            }
            /// The link to make the device known is not valid.
            ///
            /// It was used or has expired. Sign in again.
            DeviceTokenInvalid {
                kind: Invalid,
                message: "The link to make the device known is not valid.",
                reason: 400 "token:invalid_device_verify",
            }
            /// Google's id token does not count here.
            ///
            /// It was not signed by Google, was made for another application, or its time is over. Get a new one.
            GoogleIdTokenInvalid {
                kind: Invalid,
                message: "Google's id token does not count here.",
                reason: 400 "google:invalid_id_token",
            }
            /// The id token was not asked for by this browser.
            ///
            /// Get a nonce, and hand it to Google's library before the person signs in. Each counts once, for five minutes.
            GoogleNonceInvalid {
                kind: Invalid,
                message: "The id token was not asked for by this browser.",
                reason: 400 "google:one_tap_nonce_invalid",
            }
            /// Google's keys cannot be asked for.
            ///
            /// The server reaches no `google_keys_url`, or was refused there.
            GoogleKeysUnreachable {
                kind: Internal,
                message: "Google's keys cannot be asked for.",
                reason: 500 "google:jwks_fetch_failed",
            }
            /// Google's keys cannot be read.
            ///
            /// What the server found at `google_keys_url` is no list of keys.
            GoogleKeysUnreadable {
                kind: Internal,
                message: "Google's keys cannot be read.",
                reason: 500 "google:jwks_parse_failed",
            }
            /// GitHub's access token does not count here.
            ///
            /// It was made for another application, or was revoked.
            GithubTokenInvalid {
                kind: Invalid,
                message: "GitHub's access token does not count here.",
                reason: 400 "github:invalid_token",
            }
        }
    };
}
