//! Rows: general.

macro_rules! rows_general {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
            /// General access forbidden.
            GeneralAccessForbidden {
                kind: Unauthorized,
                message: "General access forbidden.",
                appwrite_1_0: 401 "general_access_forbidden",
                appwrite: 401 "general_access_forbidden",
            }
            /// General api disabled.
            GeneralApiDisabled {
                kind: Forbidden,
                message: "General api disabled.",
                appwrite: 403 "general_api_disabled",
            }
            /// General argument invalid.
            GeneralArgumentInvalid {
                kind: Invalid,
                message: "Invalid `{param}` param: {reason}",
                appwrite_1_0: 400 "general_argument_invalid",
                appwrite: 400 "general_argument_invalid",
            }
            /// General attribute query limit exceeded.
            GeneralAttributeQueryLimitExceeded {
                kind: Invalid,
                message: "General attribute query limit exceeded.",
                appwrite_1_0: 400 "general_query_limit_exceeded",
                appwrite: 400 "general_attribute_query_limit_exceeded" | "general_column_query_limit_exceeded",
            }
            /// The request cannot be read.
            ///
            /// The body is not what its content type says, its text is not UTF-8, or it passes a bound on depth or
            /// number of parameters. The message says which.
            GeneralBadRequest {
                kind: Invalid,
                message: "The request cannot be read: {reason}.",
                appwrite: 400 "general_bad_request",
            }
            /// General codes disabled.
            GeneralCodesDisabled {
                kind: Internal,
                message: "General codes disabled.",
                appwrite: 500 "general_codes_disabled",
            }
            /// General cursor not found.
            GeneralCursorNotFound {
                kind: Invalid,
                message: "General cursor not found.",
                appwrite_1_0: 400 "general_cursor_not_found",
                appwrite: 400 "general_cursor_not_found",
            }
            /// General feature unsupported.
            GeneralFeatureUnsupported {
                kind: Invalid,
                message: "General feature unsupported.",
                appwrite: 400 "general_feature_unsupported",
            }
            /// General invalid email.
            GeneralInvalidEmail {
                kind: Invalid,
                message: "General invalid email.",
                appwrite: 400 "general_invalid_email",
            }
            /// General invalid phone.
            GeneralInvalidPhone {
                kind: Invalid,
                message: "General invalid phone.",
                appwrite: 400 "general_invalid_phone",
            }
            /// General mock.
            GeneralMock {
                kind: Invalid,
                message: "General mock.",
                appwrite_1_0: 400 "general_mock",
                appwrite: 400 "general_mock",
            }
            /// General not implemented.
            GeneralNotImplemented {
                kind: NotImplemented,
                message: "General not implemented.",
                appwrite: 405 "general_not_implemented",
            }
            /// General phone disabled.
            GeneralPhoneDisabled {
                kind: Unavailable,
                message: "General phone disabled.",
                appwrite: 503 "general_phone_disabled",
            }
            /// General protocol unsupported.
            GeneralProtocolUnsupported {
                kind: Invalid,
                message: "General protocol unsupported.",
                appwrite_1_0: 500 "general_protocol_unsupported",
                appwrite: 426 "general_protocol_unsupported",
            }
            /// General provider failure.
            GeneralProviderFailure {
                kind: Invalid,
                message: "General provider failure.",
                appwrite: 400 "general_provider_failure",
            }
            /// General query invalid.
            GeneralQueryInvalid {
                kind: Invalid,
                message: "Invalid query: {reason}",
                appwrite_1_0: 400 "general_query_invalid",
                appwrite: 400 "general_query_invalid",
            }
            /// General rate limit exceeded.
            GeneralRateLimitExceeded {
                kind: RateLimited,
                message: "General rate limit exceeded.",
                appwrite_1_0: 429 "general_rate_limit_exceeded",
                appwrite: 429 "general_rate_limit_exceeded",
            }
            /// General region access denied.
            GeneralRegionAccessDenied {
                kind: Forbidden,
                message: "General region access denied.",
                appwrite: 451 "general_region_access_denied",
            }
            /// General resource blocked.
            GeneralResourceBlocked {
                kind: Forbidden,
                message: "General resource blocked.",
                appwrite: 403 "general_resource_blocked",
            }
            /// General resource locked.
            GeneralResourceLocked {
                kind: Conflict,
                message: "General resource locked.",
                appwrite: 409 "general_resource_locked",
            }
            /// General route not found.
            GeneralRouteNotFound {
                kind: NotFound,
                message: "General route not found.",
                appwrite_1_0: 404 "general_route_not_found",
                appwrite: 404 "general_route_not_found",
            }
            /// General server error.
            GeneralServerError {
                kind: Internal,
                message: "General server error.",
                appwrite_1_0: 500 "general_server_error",
                appwrite: 500 "general_server_error",
            }
            /// General service disabled.
            GeneralServiceDisabled {
                kind: Forbidden,
                message: "General service disabled.",
                appwrite_1_0: 503 "general_service_disabled",
                appwrite: 403 "general_service_disabled",
            }
            /// General smtp disabled.
            GeneralSmtpDisabled {
                kind: Unavailable,
                message: "General smtp disabled.",
                appwrite_1_0: 503 "general_smtp_disabled",
                appwrite: 503 "general_smtp_disabled",
            }
            /// General unauthorized scope.
            GeneralUnauthorizedScope {
                kind: Unauthorized,
                message: "General unauthorized scope.",
                appwrite_1_0: 401 "general_unauthorized_scope",
                appwrite: 401 "general_unauthorized_scope",
            }
            /// General unknown.
            GeneralUnknown {
                kind: Internal,
                message: "General unknown.",
                appwrite_1_0: 500 "general_unknown",
                appwrite: 500 "general_unknown",
            }
            /// General unknown origin.
            GeneralUnknownOrigin {
                kind: Forbidden,
                message: "General unknown origin.",
                appwrite_1_0: 403 "general_unknown_origin",
                appwrite: 403 "general_unknown_origin",
            }
            /// General usage disabled.
            GeneralUsageDisabled {
                kind: NotImplemented,
                message: "General usage disabled.",
                appwrite: 501 "general_usage_disabled",
            }
            /// The body of the request is too large.
            ///
            /// Nothing of it was kept. Send less at once, or upload in chunks where the route takes them.
            RequestBodyTooLarge {
                kind: TooLarge,
                message: "The body of the request may hold at most {limit} bytes.",
            }
            /// Resource already exists.
            ResourceAlreadyExists {
                kind: Conflict,
                message: "Resource already exists.",
                appwrite: 409 "resource_already_exists",
            }
        }
    };
}
