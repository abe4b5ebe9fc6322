//! Rows: functions.

macro_rules! rows_functions {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
            /// Build already completed.
            BuildAlreadyCompleted {
                kind: Invalid,
                message: "Build already completed.",
                appwrite: 400 "build_already_completed",
            }
            /// Build canceled.
            BuildCanceled {
                kind: Invalid,
                message: "Build canceled.",
                appwrite: 400 "build_canceled",
            }
            /// Build failed.
            BuildFailed {
                kind: Invalid,
                message: "Build failed.",
                appwrite: 400 "build_failed",
            }
            /// Build in progress.
            BuildInProgress {
                kind: Invalid,
                message: "Build in progress.",
                appwrite_1_0: 400 "build_in_progress",
                appwrite: 400 "build_in_progress",
            }
            /// Build not found.
            BuildNotFound {
                kind: NotFound,
                message: "Build not found.",
                appwrite_1_0: 404 "build_not_found",
                appwrite: 404 "build_not_found",
            }
            /// Build not ready.
            BuildNotReady {
                kind: Invalid,
                message: "Build not ready.",
                appwrite_1_0: 400 "build_not_ready",
                appwrite: 400 "build_not_ready",
            }
            /// Build timeout.
            BuildTimeout {
                kind: Timeout,
                message: "Build timeout.",
                appwrite: 408 "build_timeout",
            }
            /// Deployment invalid file size.
            DeploymentInvalidFileSize {
                kind: Invalid,
                message: "Deployment invalid file size.",
                appwrite: 400 "deployment_invalid_file_size",
            }
            /// Deployment not found.
            DeploymentNotFound {
                kind: NotFound,
                message: "Deployment not found.",
                appwrite_1_0: 404 "deployment_not_found",
                appwrite: 404 "deployment_not_found",
            }
            /// Execution in progress.
            ExecutionInProgress {
                kind: Invalid,
                message: "Execution in progress.",
                appwrite: 400 "execution_in_progress",
            }
            /// Execution not found.
            ExecutionNotFound {
                kind: NotFound,
                message: "Execution not found.",
                appwrite_1_0: 404 "execution_not_found",
                appwrite: 404 "execution_not_found",
            }
            /// Function already exists.
            FunctionAlreadyExists {
                kind: Conflict,
                message: "Function already exists.",
                appwrite: 409 "function_already_exists",
            }
            /// Function asynchronous timeout.
            FunctionAsynchronousTimeout {
                kind: Timeout,
                message: "Function asynchronous timeout.",
                appwrite: 408 "function_asynchronous_timeout",
            }
            /// Function entrypoint missing.
            FunctionEntrypointMissing {
                kind: NotFound,
                message: "Function entrypoint missing.",
                appwrite: 404 "function_entrypoint_missing",
            }
            /// Function execute permission missing.
            FunctionExecutePermissionMissing {
                kind: Unauthorized,
                message: "Function execute permission missing.",
                appwrite: 401 "function_execute_permission_missing",
            }
            /// Function not found.
            FunctionNotFound {
                kind: NotFound,
                message: "Function not found.",
                appwrite_1_0: 404 "function_not_found",
                appwrite: 404 "function_not_found",
            }
            /// Function runtime not detected.
            FunctionRuntimeNotDetected {
                kind: Invalid,
                message: "Function runtime not detected.",
                appwrite: 400 "function_runtime_not_detected",
            }
            /// Function runtime unsupported.
            FunctionRuntimeUnsupported {
                kind: NotFound,
                message: "Function runtime unsupported.",
                appwrite_1_0: 404 "function_runtime_unsupported",
                appwrite: 404 "function_runtime_unsupported",
            }
            /// Function synchronous timeout.
            FunctionSynchronousTimeout {
                kind: Timeout,
                message: "Function synchronous timeout.",
                appwrite: 408 "function_synchronous_timeout",
            }
            /// Function template not found.
            FunctionTemplateNotFound {
                kind: NotFound,
                message: "Function template not found.",
                appwrite: 404 "function_template_not_found",
            }
            /// Installation not found.
            InstallationNotFound {
                kind: NotFound,
                message: "Installation not found.",
                appwrite: 404 "installation_not_found",
            }
            /// Provider contribution conflict.
            ProviderContributionConflict {
                kind: Conflict,
                message: "Provider contribution conflict.",
                appwrite: 409 "provider_contribution_conflict",
            }
            /// Provider repository not found.
            ProviderRepositoryNotFound {
                kind: NotFound,
                message: "Provider repository not found.",
                appwrite: 404 "provider_repository_not_found",
            }
            /// Repository not found.
            RepositoryNotFound {
                kind: NotFound,
                message: "Repository not found.",
                appwrite: 404 "repository_not_found",
            }
            /// Router domain not configured.
            RouterDomainNotConfigured {
                kind: Internal,
                message: "Router domain not configured.",
                appwrite: 500 "router_domain_not_configured",
            }
            /// Router host not found.
            RouterHostNotFound {
                kind: NotFound,
                message: "Router host not found.",
                appwrite: 404 "router_host_not_found",
            }
            /// Rule already exists.
            RuleAlreadyExists {
                kind: Conflict,
                message: "Rule already exists.",
                appwrite_1_0: 409 "domain_already_exists",
                appwrite: 409 "rule_already_exists",
            }
            /// Rule not found.
            RuleNotFound {
                kind: NotFound,
                message: "Rule not found.",
                appwrite_1_0: 404 "domain_not_found",
                appwrite: 404 "rule_not_found",
            }
            /// Rule resource not found.
            RuleResourceNotFound {
                kind: NotFound,
                message: "Rule resource not found.",
                appwrite: 404 "rule_resource_not_found",
            }
            /// Rule verification failed.
            RuleVerificationFailed {
                kind: Invalid,
                message: "Rule verification failed.",
                appwrite_1_0: 401 "domain_verification_failed",
                appwrite: 400 "rule_verification_failed",
            }
            /// Schedule not found.
            ScheduleNotFound {
                kind: NotFound,
                message: "Schedule not found.",
                appwrite: 404 "schedule_not_found",
            }
            /// Site already exists.
            SiteAlreadyExists {
                kind: Conflict,
                message: "Site already exists.",
                appwrite: 409 "site_already_exists",
            }
            /// Site not found.
            SiteNotFound {
                kind: NotFound,
                message: "Site not found.",
                appwrite: 404 "site_not_found",
            }
            /// Site template not found.
            SiteTemplateNotFound {
                kind: NotFound,
                message: "Site template not found.",
                appwrite: 404 "site_template_not_found",
            }
        }
    };
}
