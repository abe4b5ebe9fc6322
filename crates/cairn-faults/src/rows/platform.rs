//! Rows: platform.

macro_rules! rows_platform {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
            /// Dev key gone.
            DevKeyGone {
                kind: Gone,
                message: "Dev key gone.",
                appwrite: 410 "dev_key_gone",
            }
            /// Key already exists.
            KeyAlreadyExists {
                kind: Conflict,
                message: "Key already exists.",
                appwrite: 409 "key_already_exists",
            }
            /// Key creation denied.
            KeyCreationDenied {
                kind: Forbidden,
                message: "Key creation denied.",
                appwrite: 403 "key_creation_denied",
            }
            /// Key not found.
            KeyNotFound {
                kind: NotFound,
                message: "Key not found.",
                appwrite_1_0: 404 "key_not_found",
                appwrite: 404 "key_not_found",
            }
            /// Mock number already exists.
            MockNumberAlreadyExists {
                kind: Conflict,
                message: "Mock number already exists.",
                appwrite: 409 "mock_number_already_exists",
            }
            /// Mock number limit exceeded.
            MockNumberLimitExceeded {
                kind: Invalid,
                message: "Mock number limit exceeded.",
                appwrite: 400 "mock_number_limit_exceeded",
            }
            /// Mock number not found.
            MockNumberNotFound {
                kind: NotFound,
                message: "Mock number not found.",
                appwrite: 404 "mock_number_not_found",
            }
            /// Platform already exists.
            PlatformAlreadyExists {
                kind: Conflict,
                message: "Platform already exists.",
                appwrite: 409 "platform_already_exists",
            }
            /// Platform method unsupported.
            PlatformMethodUnsupported {
                kind: Invalid,
                message: "Platform method unsupported.",
                appwrite: 400 "platform_method_unsupported",
            }
            /// Platform not found.
            PlatformNotFound {
                kind: NotFound,
                message: "Platform not found.",
                appwrite_1_0: 404 "platform_not_found",
                appwrite: 404 "platform_not_found",
            }
            /// Project already exists.
            ProjectAlreadyExists {
                kind: Conflict,
                message: "Project already exists.",
                appwrite: 409 "project_already_exists",
            }
            /// Project id missing.
            ProjectIdMissing {
                kind: Forbidden,
                message: "Project id missing.",
                appwrite: 403 "project_id_missing",
            }
            /// Project invalid failure url.
            ProjectInvalidFailureUrl {
                kind: Invalid,
                message: "Project invalid failure url.",
                appwrite_1_0: 400 "project_invalid_failure_url",
                appwrite: 400 "project_invalid_failure_url",
            }
            /// Project invalid success url.
            ProjectInvalidSuccessUrl {
                kind: Invalid,
                message: "Project invalid success url.",
                appwrite_1_0: 400 "project_invalid_success_url",
                appwrite: 400 "project_invalid_success_url",
            }
            /// Project key expired.
            ProjectKeyExpired {
                kind: Unauthorized,
                message: "Project key expired.",
                appwrite: 401 "project_key_expired",
            }
            /// Project not found.
            ProjectNotFound {
                kind: NotFound,
                message: "Project not found.",
                appwrite_1_0: 404 "project_not_found",
                appwrite: 404 "project_not_found",
            }
            /// Project provider disabled.
            ProjectProviderDisabled {
                kind: Invalid,
                message: "Project provider disabled.",
                appwrite_1_0: 412 "project_provider_disabled",
                appwrite: 412 "project_provider_disabled",
            }
            /// Project provider unsupported.
            ProjectProviderUnsupported {
                kind: Invalid,
                message: "Project provider unsupported.",
                appwrite_1_0: 501 "project_provider_unsupported",
                appwrite: 400 "project_provider_unsupported",
            }
            /// Project region unsupported.
            ProjectRegionUnsupported {
                kind: Invalid,
                message: "Project region unsupported.",
                appwrite: 400 "project_region_unsupported",
            }
            /// Project reserved project.
            ProjectReservedProject {
                kind: Invalid,
                message: "Project reserved project.",
                appwrite: 400 "project_reserved_project",
            }
            /// Project smtp config invalid.
            ProjectSmtpConfigInvalid {
                kind: Invalid,
                message: "Project smtp config invalid.",
                appwrite: 400 "project_smtp_config_invalid",
            }
            /// Project template default deletion.
            ProjectTemplateDefaultDeletion {
                kind: Unauthorized,
                message: "Project template default deletion.",
                appwrite: 401 "project_template_default_deletion",
            }
            /// Variable already exists.
            VariableAlreadyExists {
                kind: Conflict,
                message: "Variable already exists.",
                appwrite: 409 "variable_already_exists",
            }
            /// Variable cannot unset secret.
            VariableCannotUnsetSecret {
                kind: Invalid,
                message: "Variable cannot unset secret.",
                appwrite: 400 "variable_cannot_unset_secret",
            }
            /// Variable not found.
            VariableNotFound {
                kind: NotFound,
                message: "Variable not found.",
                appwrite: 404 "variable_not_found",
            }
            /// Webhook already exists.
            WebhookAlreadyExists {
                kind: Conflict,
                message: "Webhook already exists.",
                appwrite: 409 "webhook_already_exists",
            }
            /// Webhook not found.
            WebhookNotFound {
                kind: NotFound,
                message: "Webhook not found.",
                appwrite_1_0: 404 "webhook_not_found",
                appwrite: 404 "webhook_not_found",
            }
            /// Project unknown.
            ProjectUnknown {
                kind: Invalid,
                message: "Project unknown.",
                appwrite_1_0: 400 "project_unknown",
            }
        }
    };
}
