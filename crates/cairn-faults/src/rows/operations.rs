//! GraphQL, health, migrations, reports and other means of operation.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_operations {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// There is no such log entry.
            ///
            /// It was cleaned up, or the id is mistyped.
            LogNotFound planned {
                kind: NotFound,
                message: "There is no such log entry.",
                appwrite: 404 "log_not_found",
            }
            /// The request carries no GraphQL query.
            ///
            /// Send it as `query`.
            GraphqlNoQuery planned {
                kind: Invalid,
                message: "Param \"query\" is not optional.",
                appwrite: 400 "graphql_no_query",
            }
            /// The request carries too many GraphQL queries.
            ///
            /// Send fewer in one batch.
            GraphqlTooManyQueries planned {
                kind: Invalid,
                message: "The request carries too many GraphQL queries.",
                appwrite: 400 "graphql_too_many_queries",
            }
            /// Only GraphQL queries may come with GET.
            ///
            /// Send mutations with POST.
            GraphqlMethodUnsupported planned {
                kind: NotImplemented,
                message: "Only GraphQL queries may come with GET.",
                status: 405,
                appwrite: 405 "graphql_method_unsupported",
            }
            /// A queue is longer than the caller's threshold.
            ///
            /// Workers cannot keep up; the operator should look.
            HealthQueueSizeExceeded planned {
                kind: Unavailable,
                message: "A queue is longer than the caller's threshold.",
                appwrite: 503 "health_queue_size_exceeded",
            }
            /// The certificate of the domain has expired.
            ///
            /// Renew it.
            HealthCertificateExpired planned {
                kind: NotFound,
                message: "The certificate of the domain has expired.",
                appwrite: 404 "health_certificate_expired",
            }
            /// The domain could not be reached.
            ///
            /// Check its name and that its server runs.
            HealthInvalidHost planned {
                kind: NotFound,
                message: "The domain could not be reached.",
                appwrite: 404 "health_invalid_host",
            }
            /// There is no such migration.
            ///
            /// The id is mistyped, or the migration was deleted.
            MigrationNotFound planned {
                kind: NotFound,
                message: "There is no such migration.",
                appwrite: 404 "migration_not_found",
            }
            /// A migration with this id exists already.
            ///
            /// Choose another id.
            MigrationAlreadyExists planned {
                kind: Conflict,
                message: "A migration with this id exists already.",
                appwrite: 409 "migration_already_exists",
            }
            /// A migration is running.
            ///
            /// Wait for its end.
            MigrationInProgress planned {
                kind: Conflict,
                message: "A migration is running.",
                appwrite: 409 "migration_in_progress",
            }
            /// The other side of the migration failed.
            ///
            /// Check its address and credentials.
            MigrationProviderError planned {
                kind: Invalid,
                message: "The other side of the migration failed.",
                appwrite: 400 "migration_provider_error",
            }
            /// This type of database cannot be imported or exported so.
            ///
            /// Choose another way.
            MigrationDatabaseTypeUnsupported planned {
                kind: Invalid,
                message: "This type of database cannot be imported or exported so.",
                appwrite: 400 "migration_database_type_unsupported",
            }
            /// This source of a migration does not exist.
            ///
            /// Take one that the API reference lists.
            MigrationSourceTypeInvalid planned {
                kind: Invalid,
                message: "This source of a migration does not exist.",
                appwrite: 400 "migration_source_type_invalid",
            }
            /// This destination of a migration does not exist.
            ///
            /// Take one that the API reference lists.
            MigrationDestinationTypeInvalid planned {
                kind: Invalid,
                message: "This destination of a migration does not exist.",
                appwrite: 400 "migration_destination_type_invalid",
            }
            /// The migration names no source project.
            ///
            /// Send the source's project id.
            MigrationSourceProjectIdRequired planned {
                kind: Invalid,
                message: "The migration names no source project.",
                appwrite: 400 "migration_source_project_id_required",
            }
            /// The source project of the migration does not exist.
            ///
            /// Check its id and the key.
            MigrationSourceProjectNotFound planned {
                kind: NotFound,
                message: "The source project of the migration does not exist.",
                appwrite: 404 "migration_source_project_not_found",
            }
            /// There is no such insight.
            ///
            /// The id is mistyped, or the insight was deleted.
            InsightNotFound planned {
                kind: NotFound,
                message: "There is no such insight.",
                appwrite: 404 "insight_not_found",
            }
            /// An insight with this id exists already.
            ///
            /// Choose another id.
            InsightAlreadyExists planned {
                kind: Conflict,
                message: "An insight with this id exists already.",
                appwrite: 409 "insight_already_exists",
            }
            /// There is no such report.
            ///
            /// The id is mistyped, or the report was deleted.
            ReportNotFound planned {
                kind: NotFound,
                message: "There is no such report.",
                appwrite: 404 "report_not_found",
            }
            /// A report with this id exists already.
            ///
            /// Choose another id.
            ReportAlreadyExists planned {
                kind: Conflict,
                message: "A report with this id exists already.",
                appwrite: 409 "report_already_exists",
            }
        }
    };
}
