//! Projects and what belongs to them: keys, platforms, variables, webhooks.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_platform {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// There is no such project.
            ///
            /// The id is mistyped, or the project was deleted. Compare it with the project's settings in
            /// the console.
            ProjectNotFound {
                kind: NotFound,
                message: "There is no such project.",
                appwrite_1_0: 404 "project_not_found",
                appwrite: 404 "project_not_found",
                discord: 404 10002,
            }
            /// The project that the request names does not exist.
            ///
            /// The id in `X-Appwrite-Project` is missing or mistyped, or the project was deleted.
            ProjectUnknown {
                kind: NotFound,
                message: "The project that the request names does not exist.",
                like: ProjectNotFound,
                appwrite_1_0: 400 "project_unknown",
            }
            /// The request names no project.
            ///
            /// A key of a project must be sent with `X-Appwrite-Project`.
            ProjectIdMissing {
                kind: Forbidden,
                message: "The request names no project.",
                appwrite: 403 "project_id_missing",
            }
            /// A project with this id exists already.
            ///
            /// Ids of projects are unique in the whole installation. Choose another one.
            ProjectAlreadyExists {
                kind: Conflict,
                message: "A project with this id exists already.",
                appwrite: 409 "project_already_exists",
                discord: 409 40041,
            }
            /// This project id is reserved.
            ///
            /// `console` names the console itself. Choose another id.
            ProjectReservedProject {
                kind: Invalid,
                message: "This project id is reserved.",
                appwrite: 400 "project_reserved_project",
            }
            /// This region does not exist here.
            ///
            /// Leave the region out, or take one that the operator configured.
            ProjectRegionUnsupported {
                kind: Invalid,
                message: "This region does not exist here.",
                appwrite: 400 "project_region_unsupported",
            }
            /// The mail server's settings do not work.
            ///
            /// The server could not be reached, or refused the credentials. The message says what it
            /// answered.
            ProjectSmtpConfigInvalid {
                kind: Invalid,
                message: "The mail server's settings do not work: {reason}",
                appwrite: 400 "project_smtp_config_invalid",
            }
            /// The key has expired.
            ///
            /// Make a new key in the console, or move its expiry.
            ProjectKeyExpired {
                kind: Unauthorized,
                message: "The key has expired.",
                appwrite: 401 "project_key_expired",
                discord: 401 50014,
            }
            /// There is no such key.
            ///
            /// The id is mistyped, or the key was deleted.
            KeyNotFound {
                kind: NotFound,
                message: "There is no such key.",
                appwrite_1_0: 404 "key_not_found",
                appwrite: 404 "key_not_found",
                discord: 404 10012,
            }
            /// A key with this id exists already.
            ///
            /// Choose another id, or let the server make one with `unique()`.
            KeyAlreadyExists {
                kind: Conflict,
                message: "A key with this id exists already.",
                appwrite: 409 "key_already_exists",
                discord: 409 40041,
            }
            /// A key cannot be made with a key.
            ///
            /// Make it with a console session. Short-lived keys are the exception.
            KeyCreationDenied {
                kind: Forbidden,
                message: "A key cannot be made with a key.",
                appwrite: 403 "key_creation_denied",
            }
            /// Dev keys cannot be made any more.
            ///
            /// Register the host as a platform instead; existing dev keys go on working.
            DevKeyGone {
                kind: Gone,
                message: "Dev keys cannot be made any more.",
                appwrite: 410 "dev_key_gone",
            }
            /// There is no such platform.
            ///
            /// The id is mistyped, or the platform was deleted.
            PlatformNotFound {
                kind: NotFound,
                message: "There is no such platform.",
                appwrite_1_0: 404 "platform_not_found",
                appwrite: 404 "platform_not_found",
            }
            /// A platform with this id exists already.
            ///
            /// Choose another id, or let the server make one with `unique()`.
            PlatformAlreadyExists {
                kind: Conflict,
                message: "A platform with this id exists already.",
                appwrite: 409 "platform_already_exists",
                discord: 409 40041,
            }
            /// This route is for platforms of another type.
            ///
            /// Each type of platform has its own update route.
            PlatformMethodUnsupported {
                kind: Invalid,
                message: "This route is for platforms of another type.",
                appwrite: 400 "platform_method_unsupported",
            }
            /// There is no such variable.
            ///
            /// The id is mistyped, or the variable was deleted.
            VariableNotFound {
                kind: NotFound,
                message: "There is no such variable.",
                appwrite: 404 "variable_not_found",
            }
            /// A variable with this name or id exists already.
            ///
            /// Update it instead, or choose another name.
            VariableAlreadyExists {
                kind: Conflict,
                message: "A variable with this name or id exists already.",
                appwrite: 409 "variable_already_exists",
                discord: 409 40041,
            }
            /// A secret variable stays secret.
            ///
            /// Delete it and make a new one if its value may be shown.
            VariableCannotUnsetSecret {
                kind: Invalid,
                message: "A secret variable stays secret.",
                appwrite: 400 "variable_cannot_unset_secret",
            }
            /// There is no such webhook.
            ///
            /// The id is mistyped, or the webhook was deleted.
            WebhookNotFound {
                kind: NotFound,
                message: "There is no such webhook.",
                appwrite_1_0: 404 "webhook_not_found",
                appwrite: 404 "webhook_not_found",
                discord: 404 10015,
            }
            /// A webhook with this id exists already.
            ///
            /// Choose another id, or let the server make one with `unique()`.
            WebhookAlreadyExists {
                kind: Conflict,
                message: "A webhook with this id exists already.",
                appwrite: 409 "webhook_already_exists",
                discord: 409 40041,
            }
            /// There is no such mock telephone number.
            ///
            /// List those of the project to see what exists.
            MockNumberNotFound {
                kind: NotFound,
                message: "There is no such mock telephone number.",
                appwrite: 404 "mock_number_not_found",
            }
            /// This mock telephone number exists already.
            ///
            /// Update its code instead.
            MockNumberAlreadyExists {
                kind: Conflict,
                message: "This mock telephone number exists already.",
                appwrite: 409 "mock_number_already_exists",
            }
            /// The project takes no more mock telephone numbers.
            ///
            /// Delete one first.
            MockNumberLimitExceeded {
                kind: Invalid,
                message: "The project takes no more mock telephone numbers.",
                appwrite: 400 "mock_number_limit_exceeded",
            }
            /// This identity provider is switched off.
            ///
            /// Switch it on in the project's settings, with the client id and the secret that the provider gave.
            ProjectProviderDisabled {
                kind: Invalid,
                message: "This identity provider is switched off.",
                status: 412,
                appwrite_1_0: 412 "project_provider_disabled",
                appwrite: 412 "project_provider_disabled",
            }
            /// This identity provider is not supported.
            ///
            /// Choose one that the API reference lists.
            ProjectProviderUnsupported {
                kind: Invalid,
                message: "This identity provider is not supported.",
                appwrite_1_0: 501 "project_provider_unsupported",
                appwrite: 400 "project_provider_unsupported",
            }
            /// The address to go to after success is not allowed.
            ///
            /// It must belong to a platform of the project.
            ProjectInvalidSuccessUrl {
                kind: Invalid,
                message: "The address to go to after success is not allowed.",
                appwrite_1_0: 400 "project_invalid_success_url",
                appwrite: 400 "project_invalid_success_url",
            }
            /// The address to go to after failure is not allowed.
            ///
            /// It must belong to a platform of the project.
            ProjectInvalidFailureUrl {
                kind: Invalid,
                message: "The address to go to after failure is not allowed.",
                appwrite_1_0: 400 "project_invalid_failure_url",
                appwrite: 400 "project_invalid_failure_url",
            }
            /// A default template cannot be deleted.
            ///
            /// It was reset already; nothing is left to do.
            ProjectTemplateDefaultDeletion {
                kind: Unauthorized,
                message: "A default template cannot be deleted.",
                appwrite: 401 "project_template_default_deletion",
            }
        }
    };
}
