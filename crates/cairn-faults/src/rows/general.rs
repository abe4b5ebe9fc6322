//! What any request can meet: arguments, queries, routes, limits, the server's own state.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_general {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// A parameter is missing or has an unusable value.
            ///
            /// The message names the first parameter in question; the other formats list all of them.
            /// Nothing was changed. Correct the parameters and send the request again.
            GeneralArgumentInvalid {
                kind: Invalid,
                message: "Invalid `{param}` param: {reason}",
                like: GeneralBadRequest,
                appwrite_1_0: 400 "general_argument_invalid",
                appwrite: 400 "general_argument_invalid",
                reason: 400 "general:validation_error",
                discord: 400 50035,
            }
            /// A query cannot be used.
            ///
            /// The text of a query is malformed, its method is unknown, or it names an attribute or value
            /// that does not fit the collection. The message says which. Build queries with the SDK's
            /// `Query` helper.
            GeneralQueryInvalid {
                kind: Invalid,
                message: "Invalid query: {reason}",
                appwrite_1_0: 400 "general_query_invalid",
                appwrite: 400 "general_query_invalid",
                everlive: 400 608 "Invalid filter expression.",
                discord: 400 50035,
            }
            /// A query compares with too many values.
            ///
            /// One query may carry a bounded number of values: 500, or 100 for callers of the 1.0
            /// contract. Split the list over several requests.
            GeneralAttributeQueryLimitExceeded {
                kind: Invalid,
                message: "The query on `{attribute}` carries more than {limit} values.",
                appwrite_1_0: 400 "general_query_limit_exceeded",
                appwrite: 400 "general_attribute_query_limit_exceeded" | "general_column_query_limit_exceeded",
                discord: 400 50035,
            }
            /// The item that the cursor names does not exist.
            ///
            /// A cursor is the id of the last item seen, which may have been deleted since, or may never
            /// have been readable for this caller. Start the list again without a cursor, or with the id
            /// of an item that is still there.
            GeneralCursorNotFound {
                kind: Invalid,
                message: "The item that the cursor names does not exist.",
                appwrite_1_0: 400 "general_cursor_not_found",
                appwrite: 400 "general_cursor_not_found",
                discord: 400 50035,
            }
            /// The request cannot be read.
            ///
            /// Its query string is not UTF-8 or passes a bound on depth or number of parameters, or its
            /// parameters contradict each other. The message says which.
            GeneralBadRequest {
                kind: Invalid,
                message: "The request cannot be read: {reason}.",
                appwrite: 400 "general_bad_request",
                reason: 400 "general:bad_request",
                everlive: 400 601 "Invalid request.",
                discord: 400 50035,
            }
            /// The request body cannot be read.
            ///
            /// The body is not what its `Content-Type` announces: broken JSON, a multipart part without
            /// an end, text that is not UTF-8, or nesting deeper than the server accepts.
            BodyInvalid {
                kind: Invalid,
                message: "The request body cannot be read: {reason}.",
                like: GeneralBadRequest,
                everlive: 400 615 "Invalid request body.",
                discord: 400 50109,
            }
            /// The request body is larger than the server accepts.
            ///
            /// Nothing of the body was kept. Send less in one request; files go up in chunks.
            RequestBodyTooLarge {
                kind: TooLarge,
                message: "The request body may hold at most {limit} bytes.",
                reason: 413 "FILE_TOO_LARGE",
                discord: 413 40005,
            }
            /// The content type of the request body is not supported.
            ///
            /// Send JSON, a form or multipart, and say so in `Content-Type`. A body of another type is not read, and
            /// nothing was done.
            UnsupportedMediaType {
                kind: Invalid,
                message: "The content type {type} of the request body is not supported.",
                status: 415,
                everlive: 400 613 "Unsupported Content-Type.",
                discord: 415 50035,
            }
            /// The request has a body and no usable content type.
            ///
            /// A body needs a `Content-Type` header with a media type that can be parsed. Only what begins like a JSON
            /// object is read without one.
            MediaTypeMissing {
                kind: Invalid,
                message: "The request has a body and no usable content type.",
                status: 415,
                everlive: 400 610 "Missing or invalid content type. Please specify a valid Content-Type",
                discord: 400 50035,
            }
            /// There is nothing at this path.
            ///
            /// The path is mistyped, belongs to an API version that the server does not speak, or lacks
            /// the `/v1` prefix. Compare it with the API reference.
            GeneralRouteNotFound {
                kind: NotFound,
                message: "There is nothing at this path.",
                appwrite_1_0: 404 "general_route_not_found",
                appwrite: 404 "general_route_not_found",
                reason: 404 "system:not_found",
                everlive: 404 600 "Not found.",
                discord: 404 0,
            }
            /// This path exists, but not with this method.
            ///
            /// The `Allow` header lists the methods that the path knows.
            GeneralNotImplemented {
                kind: NotImplemented,
                message: "This path exists, but not with this method.",
                status: 405,
                appwrite: 405 "general_not_implemented",
                everlive: 405 602 "Method not supported",
                discord: 405 0,
            }
            /// The HTTP method is not one that the server knows.
            ///
            /// Only the common methods exist anywhere in the API: GET, HEAD, POST, PUT, PATCH, DELETE and
            /// OPTIONS.
            MethodUnknown {
                kind: NotImplemented,
                message: "The HTTP method is not one that the server knows.",
                status: 501,
                discord: 501 0,
            }
            /// The request needs a credential and carries none that works.
            ///
            /// A session, a JWT or a key is missing, expired or unknown; an unknown one counts as none,
            /// so that nobody learns which ones exist. Sign in, or send the key.
            Unauthenticated {
                kind: Unauthorized,
                message: "The request needs a credential and carries none that works.",
                like: GeneralUnauthorizedScope,
                reason: 401 "user:unauthorized",
                everlive: 401 604 "Unauthorized",
                discord: 401 40001,
            }
            /// The caller lacks a scope that the route needs.
            ///
            /// Users get their scopes from their role, keys from the list they were made with. Use a key
            /// that has the scope, or sign in.
            GeneralUnauthorizedScope {
                kind: Forbidden,
                message: "The caller (role: {role}) lacks a needed scope: {scopes}.",
                appwrite_1_0: 401 "general_unauthorized_scope",
                appwrite: 401 "general_unauthorized_scope",
                discord: 403 50026,
            }
            /// This API is closed to the caller.
            ///
            /// The route is not open to this kind of caller at all, whatever its permissions.
            GeneralAccessForbidden {
                kind: Forbidden,
                message: "This API is closed to the caller.",
                appwrite_1_0: 401 "general_access_forbidden",
                appwrite: 401 "general_access_forbidden",
                reason: 403 "FORBIDDEN",
                discord: 403 50001,
            }
            /// The request comes from an origin that the project does not know.
            ///
            /// Browsers and apps may only call from hosts and app ids that are registered as platforms of
            /// the project. Add the platform to the project, or call with a key from a server.
            GeneralUnknownOrigin {
                kind: Forbidden,
                message: "The origin `{origin}` is not a platform of this project.",
                appwrite_1_0: 403 "general_unknown_origin",
                appwrite: 403 "general_unknown_origin",
                discord: 403 50001,
            }
            /// Too many requests in a short time.
            ///
            /// Every limited route counts in a fixed window; the `X-RateLimit-*` headers tell the limit
            /// and the moment of the reset, `Retry-After` the seconds to wait. Wait that long.
            GeneralRateLimitExceeded {
                kind: RateLimited,
                message: "Too many requests in a short time.",
                appwrite_1_0: 429 "general_rate_limit_exceeded",
                appwrite: 429 "general_rate_limit_exceeded",
                reason: 429 "rate_limit:exceeded",
                discord: 429 31001,
            }
            /// This protocol is switched off for the project.
            ///
            /// REST, GraphQL and realtime can each be switched off in the project's settings. Switch it
            /// on there, or use another one.
            GeneralApiDisabled {
                kind: Forbidden,
                message: "This protocol is switched off for the project.",
                appwrite: 403 "general_api_disabled",
                discord: 403 40006,
            }
            /// This service is switched off for the project.
            ///
            /// Services such as databases or teams can be switched off in the project's settings; keys
            /// and admins are not affected. Switch it on there.
            GeneralServiceDisabled {
                kind: Forbidden,
                message: "The service `{service}` is switched off.",
                appwrite_1_0: 503 "general_service_disabled",
                appwrite: 403 "general_service_disabled",
                everlive: 403 224 "The feature is not enabled for this account.",
                discord: 403 40006,
            }
            /// The request must come over HTTPS.
            ///
            /// The server is configured to refuse plain HTTP for what cannot be redirected. Use
            /// `https://`.
            GeneralProtocolUnsupported {
                kind: Invalid,
                message: "The request must come over HTTPS.",
                status: 426,
                appwrite_1_0: 500 "general_protocol_unsupported",
                appwrite: 426 "general_protocol_unsupported",
            }
            /// The server cannot send mail.
            ///
            /// No mail server is configured, neither for the project nor for the installation. Configure
            /// SMTP; until then, invitations and members are made with a key.
            GeneralSmtpDisabled {
                kind: Unavailable,
                message: "The server cannot send mail.",
                appwrite_1_0: 503 "general_smtp_disabled",
                appwrite: 503 "general_smtp_disabled",
            }
            /// The mock route fails on purpose.
            ///
            /// Raised only by the routes that exist for testing SDKs, which are there only in development
            /// mode.
            GeneralMock {
                kind: Invalid,
                message: "The mock route fails on purpose.",
                appwrite_1_0: 400 "general_mock",
                appwrite: 400 "general_mock",
            }
            /// Something failed that has no name of its own.
            ///
            /// What is stored is not what the server wrote, or the server has a defect that this request met. Other
            /// requests are not affected. Tell the operator the request id; the log has the cause.
            GeneralUnknown {
                kind: Internal,
                message: "Something failed that has no name of its own.",
                like: GeneralServerError,
                appwrite_1_0: 500 "general_unknown",
                appwrite: 500 "general_unknown",
            }
            /// The server failed.
            ///
            /// The cause is not the request's fault. The log has the details under the request id; the
            /// operator should look.
            GeneralServerError {
                kind: Internal,
                message: "The server failed.",
                appwrite_1_0: 500 "general_server_error",
                appwrite: 500 "general_server_error",
                reason: 400 "system:internal_error",
                discord: 500 0,
            }
            /// The database failed.
            ///
            /// A read or write failed at the storage below. Nothing of this request was kept. The
            /// operator should look at the log and at the disk.
            StoreFailed {
                kind: Internal,
                message: "The database failed.",
                like: GeneralServerError,
                reason: 500 "system:database_error",
            }
            /// The write may or may not have been kept.
            ///
            /// The storage failed in the moment of committing, so nobody can say which. Read the item
            /// again before you repeat the write.
            CommitOutcomeUnknown {
                kind: Internal,
                message: "The write may or may not have been kept.",
                like: GeneralServerError,
                reason: 500 "system:transaction_error",
            }
            /// A password could not be hashed.
            ///
            /// The hash parameters are unusable or memory ran out. Nothing was changed.
            HashingFailed {
                kind: Internal,
                message: "A password could not be hashed.",
                like: GeneralServerError,
                reason: 500 "system:hashing_error",
            }
            /// The disk is full.
            ///
            /// Nothing of this request was kept; reads go on. Service resumes by itself when there is
            /// space.
            StorageFull {
                kind: Unavailable,
                message: "The disk is full.",
            }
            /// The server has too much to do.
            ///
            /// A bounded queue is full, so the request was refused before it did anything. Repeat it
            /// after a moment.
            Overloaded {
                kind: Unavailable,
                message: "The server has too much to do.",
                discord: 503 130_000,
            }
            /// The server is shutting down.
            ///
            /// It finishes what it accepted and takes nothing new. Repeat the request against another
            /// node or after the restart.
            ShuttingDown {
                kind: Unavailable,
                message: "The server is shutting down.",
                discord: 503 130_000,
            }
            /// The request took too long.
            ///
            /// Its deadline passed before it was done. A write that was still waiting was dropped; one
            /// that had begun may have been kept, so read before you repeat it.
            RequestTimeout {
                kind: Timeout,
                message: "The request took too long.",
                everlive: 408 650 "The request timed out.",
                discord: 504 0,
            }
            /// The project cannot be opened.
            ///
            /// Its file is newer than this server, damaged or unreadable, or no database is configured for its
            /// region; other projects are not affected. The operator should look at the log.
            ProjectUnavailable {
                kind: Unavailable,
                message: "The project cannot be opened.",
            }
            /// A provider that the project uses failed.
            ///
            /// A mail, message or identity provider refused or answered badly. Its settings in the
            /// project may be wrong.
            GeneralProviderFailure planned {
                kind: Upstream,
                message: "A provider that the project uses failed.",
                appwrite: 400 "general_provider_failure",
                discord: 502 0,
            }
            /// The database has no such feature.
            ///
            /// It was asked for a machine of its own, its replicas or a failover: every database lives in the store
            /// of its project. What that can do, it does on every engine.
            GeneralFeatureUnsupported {
                kind: Invalid,
                message: "The database has no such feature: {feature}.",
                appwrite: 400 "general_feature_unsupported",
            }
            /// The value is no e-mail address.
            ///
            /// Write it as `name@example.org`.
            GeneralInvalidEmail {
                kind: Invalid,
                message: "The value is no e-mail address.",
                like: GeneralArgumentInvalid,
                appwrite: 400 "general_invalid_email",
            }
            /// The value is no telephone number.
            ///
            /// Write it with a leading plus sign and the country code, as in `+14155550123`.
            GeneralInvalidPhone {
                kind: Invalid,
                message: "The value is no telephone number.",
                like: GeneralArgumentInvalid,
                appwrite: 400 "general_invalid_phone",
            }
            /// The server cannot send text messages.
            ///
            /// No provider for text messages is configured.
            GeneralPhoneDisabled {
                kind: Unavailable,
                message: "The server cannot send text messages.",
                appwrite: 503 "general_phone_disabled",
            }
            /// Invitation codes are switched off on this server.
            ///
            /// Sign up without a code, or ask the operator to switch them on.
            GeneralCodesDisabled {
                kind: Internal,
                message: "Invitation codes are switched off on this server.",
                appwrite: 500 "general_codes_disabled",
            }
            /// Usage figures are switched off on this server.
            ///
            /// Ask the operator to switch them on.
            GeneralUsageDisabled {
                kind: NotImplemented,
                message: "Usage figures are switched off on this server.",
                appwrite: 501 "general_usage_disabled",
            }
            /// The service may not be offered at the caller's location.
            ///
            /// The operator closed the region for legal reasons.
            GeneralRegionAccessDenied planned {
                kind: Forbidden,
                message: "The service may not be offered at the caller's location.",
                status: 451,
                appwrite: 451 "general_region_access_denied",
            }
            /// This resource is blocked.
            ///
            /// The operator stopped access to the project or one of its resources. Ask the operator.
            GeneralResourceBlocked planned {
                kind: Forbidden,
                message: "This resource is blocked.",
                appwrite: 403 "general_resource_blocked",
            }
            /// Another request is changing this resource right now.
            ///
            /// Repeat the request after a moment.
            GeneralResourceLocked planned {
                kind: Conflict,
                message: "Another request is changing this resource right now.",
                appwrite: 409 "general_resource_locked",
                discord: 423 0,
            }
            /// Something with this id exists already.
            ///
            /// Choose another id, or let the server make one with `unique()`.
            ResourceAlreadyExists planned {
                kind: Conflict,
                message: "Something with this id exists already.",
                appwrite: 409 "resource_already_exists",
            }
        }
    };
}
