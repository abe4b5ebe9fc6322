//! Rows: operations.

macro_rules! rows_operations {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
            /// Graphql method unsupported.
            GraphqlMethodUnsupported {
                kind: NotImplemented,
                message: "Graphql method unsupported.",
                appwrite: 405 "graphql_method_unsupported",
            }
            /// Graphql no query.
            GraphqlNoQuery {
                kind: Invalid,
                message: "Graphql no query.",
                appwrite: 400 "graphql_no_query",
            }
            /// Graphql too many queries.
            GraphqlTooManyQueries {
                kind: Invalid,
                message: "Graphql too many queries.",
                appwrite: 400 "graphql_too_many_queries",
            }
            /// Health certificate expired.
            HealthCertificateExpired {
                kind: NotFound,
                message: "Health certificate expired.",
                appwrite: 404 "health_certificate_expired",
            }
            /// Health invalid host.
            HealthInvalidHost {
                kind: NotFound,
                message: "Health invalid host.",
                appwrite: 404 "health_invalid_host",
            }
            /// Health queue size exceeded.
            HealthQueueSizeExceeded {
                kind: Unavailable,
                message: "Health queue size exceeded.",
                appwrite: 503 "health_queue_size_exceeded",
            }
            /// Insight already exists.
            InsightAlreadyExists {
                kind: Conflict,
                message: "Insight already exists.",
                appwrite: 409 "insight_already_exists",
            }
            /// Insight not found.
            InsightNotFound {
                kind: NotFound,
                message: "Insight not found.",
                appwrite: 404 "insight_not_found",
            }
            /// Log not found.
            LogNotFound {
                kind: NotFound,
                message: "Log not found.",
                appwrite: 404 "log_not_found",
            }
            /// Migration already exists.
            MigrationAlreadyExists {
                kind: Conflict,
                message: "Migration already exists.",
                appwrite: 409 "migration_already_exists",
            }
            /// Migration database type unsupported.
            MigrationDatabaseTypeUnsupported {
                kind: Invalid,
                message: "Migration database type unsupported.",
                appwrite: 400 "migration_database_type_unsupported",
            }
            /// Migration destination type invalid.
            MigrationDestinationTypeInvalid {
                kind: Invalid,
                message: "Migration destination type invalid.",
                appwrite: 400 "migration_destination_type_invalid",
            }
            /// Migration in progress.
            MigrationInProgress {
                kind: Conflict,
                message: "Migration in progress.",
                appwrite: 409 "migration_in_progress",
            }
            /// Migration not found.
            MigrationNotFound {
                kind: NotFound,
                message: "Migration not found.",
                appwrite: 404 "migration_not_found",
            }
            /// Migration provider error.
            MigrationProviderError {
                kind: Invalid,
                message: "Migration provider error.",
                appwrite: 400 "migration_provider_error",
            }
            /// Migration source project id required.
            MigrationSourceProjectIdRequired {
                kind: Invalid,
                message: "Migration source project id required.",
                appwrite: 400 "migration_source_project_id_required",
            }
            /// Migration source project not found.
            MigrationSourceProjectNotFound {
                kind: NotFound,
                message: "Migration source project not found.",
                appwrite: 404 "migration_source_project_not_found",
            }
            /// Migration source type invalid.
            MigrationSourceTypeInvalid {
                kind: Invalid,
                message: "Migration source type invalid.",
                appwrite: 400 "migration_source_type_invalid",
            }
            /// Report already exists.
            ReportAlreadyExists {
                kind: Conflict,
                message: "Report already exists.",
                appwrite: 409 "report_already_exists",
            }
            /// Report not found.
            ReportNotFound {
                kind: NotFound,
                message: "Report not found.",
                appwrite: 404 "report_not_found",
            }
        }
    };
}
