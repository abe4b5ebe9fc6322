//! Functions, sites, builds, deployments, executions, domains and repositories.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_functions {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// There is no such function.
            ///
            /// The id is mistyped, or the function was deleted.
            FunctionNotFound planned {
                kind: NotFound,
                message: "There is no such function.",
                appwrite_1_0: 404 "function_not_found",
                appwrite: 404 "function_not_found",
            }
            /// A function with this id exists already.
            ///
            /// Choose another id.
            FunctionAlreadyExists planned {
                kind: Conflict,
                message: "A function with this id exists already.",
                appwrite: 409 "function_already_exists",
            }
            /// This runtime is not available.
            ///
            /// The operator chose which runtimes run here.
            FunctionRuntimeUnsupported planned {
                kind: NotFound,
                message: "This runtime is not available.",
                appwrite_1_0: 404 "function_runtime_unsupported",
                appwrite: 404 "function_runtime_unsupported",
            }
            /// The runtime could not be guessed.
            ///
            /// Name it.
            FunctionRuntimeNotDetected planned {
                kind: Invalid,
                message: "The runtime could not be guessed.",
                appwrite: 400 "function_runtime_not_detected",
            }
            /// The function has no entry point.
            ///
            /// Name the file to start.
            FunctionEntrypointMissing planned {
                kind: NotFound,
                message: "The function has no entry point.",
                appwrite: 404 "function_entrypoint_missing",
            }
            /// The function may not be run by everybody.
            ///
            /// A function behind a domain needs the execute permission for `any` or `guests`.
            FunctionExecutePermissionMissing planned {
                kind: Unauthorized,
                message: "The function may not be run by everybody.",
                appwrite: 401 "function_execute_permission_missing",
            }
            /// The function took too long to be waited for.
            ///
            /// Run it asynchronously, or make it faster.
            FunctionSynchronousTimeout planned {
                kind: Timeout,
                message: "The function took too long to be waited for.",
                appwrite: 408 "function_synchronous_timeout",
            }
            /// The function ran past its time.
            ///
            /// Raise its timeout, or make it faster.
            FunctionAsynchronousTimeout planned {
                kind: Timeout,
                message: "The function ran past its time.",
                appwrite: 408 "function_asynchronous_timeout",
            }
            /// There is no such template of a function.
            ///
            /// List the templates to see those that exist.
            FunctionTemplateNotFound planned {
                kind: NotFound,
                message: "There is no such template of a function.",
                appwrite: 404 "function_template_not_found",
            }
            /// There is no such site.
            ///
            /// The id is mistyped, or the site was deleted.
            SiteNotFound planned {
                kind: NotFound,
                message: "There is no such site.",
                appwrite: 404 "site_not_found",
            }
            /// A site with this id exists already.
            ///
            /// Choose another id.
            SiteAlreadyExists planned {
                kind: Conflict,
                message: "A site with this id exists already.",
                appwrite: 409 "site_already_exists",
            }
            /// There is no such template of a site.
            ///
            /// List the templates to see those that exist.
            SiteTemplateNotFound planned {
                kind: NotFound,
                message: "There is no such template of a site.",
                appwrite: 404 "site_template_not_found",
            }
            /// There is no such build.
            ///
            /// The id is mistyped, or the deployment was deleted.
            BuildNotFound planned {
                kind: NotFound,
                message: "There is no such build.",
                appwrite_1_0: 404 "build_not_found",
                appwrite: 404 "build_not_found",
            }
            /// The build is not ready.
            ///
            /// Ask for the deployment until its status is `ready`.
            BuildNotReady planned {
                kind: NotReady,
                message: "The build is not ready.",
                appwrite_1_0: 400 "build_not_ready",
                appwrite: 400 "build_not_ready",
                discord: 202 110_000,
            }
            /// The build is running already.
            ///
            /// Wait for it, or cancel it.
            BuildInProgress planned {
                kind: Conflict,
                message: "The build is running already.",
                appwrite_1_0: 400 "build_in_progress",
                appwrite: 400 "build_in_progress",
            }
            /// The build is finished and cannot be cancelled.
            ///
            /// Nothing is left to do.
            BuildAlreadyCompleted planned {
                kind: Conflict,
                message: "The build is finished and cannot be cancelled.",
                appwrite: 400 "build_already_completed",
            }
            /// The build was cancelled.
            ///
            /// Deploy again.
            BuildCanceled planned {
                kind: Conflict,
                message: "The build was cancelled.",
                appwrite: 400 "build_canceled",
            }
            /// The build failed.
            ///
            /// Its log says why.
            BuildFailed planned {
                kind: Invalid,
                message: "The build failed.",
                appwrite: 400 "build_failed",
            }
            /// The build took too long.
            ///
            /// Make it do less, or ask the operator for a longer limit.
            BuildTimeout planned {
                kind: Timeout,
                message: "The build took too long.",
                appwrite: 408 "build_timeout",
            }
            /// There is no such deployment.
            ///
            /// The id is mistyped, or the deployment was deleted.
            DeploymentNotFound planned {
                kind: NotFound,
                message: "There is no such deployment.",
                appwrite_1_0: 404 "deployment_not_found",
                appwrite: 404 "deployment_not_found",
            }
            /// The code is too large.
            ///
            /// Leave out what the function does not need.
            DeploymentInvalidFileSize planned {
                kind: Invalid,
                message: "The code is too large.",
                appwrite: 400 "deployment_invalid_file_size",
            }
            /// There is no such execution.
            ///
            /// The id is mistyped, or the log of it was cleaned up.
            ExecutionNotFound planned {
                kind: NotFound,
                message: "There is no such execution.",
                appwrite_1_0: 404 "execution_not_found",
                appwrite: 404 "execution_not_found",
            }
            /// The execution is still running.
            ///
            /// Wait for its end before you delete it.
            ExecutionInProgress planned {
                kind: Conflict,
                message: "The execution is still running.",
                appwrite: 400 "execution_in_progress",
            }
            /// There is no such schedule.
            ///
            /// The id is mistyped, or the schedule was deleted.
            ScheduleNotFound planned {
                kind: NotFound,
                message: "There is no such schedule.",
                appwrite: 404 "schedule_not_found",
            }
            /// There is no such domain.
            ///
            /// The id is mistyped, or the domain was removed.
            RuleNotFound planned {
                kind: NotFound,
                message: "There is no such domain.",
                appwrite_1_0: 404 "domain_not_found",
                appwrite: 404 "rule_not_found",
            }
            /// This domain is in use already.
            ///
            /// A domain belongs to one project. Remove it there first.
            RuleAlreadyExists planned {
                kind: Conflict,
                message: "This domain is in use already.",
                appwrite_1_0: 409 "domain_already_exists",
                appwrite: 409 "rule_already_exists",
            }
            /// What the domain shall lead to does not exist.
            ///
            /// Check the id of the function, site or project.
            RuleResourceNotFound planned {
                kind: NotFound,
                message: "What the domain shall lead to does not exist.",
                appwrite: 404 "rule_resource_not_found",
            }
            /// The domain could not be verified.
            ///
            /// Its DNS records do not say what they should, or the change has not spread yet.
            RuleVerificationFailed planned {
                kind: Invalid,
                message: "The domain could not be verified.",
                appwrite_1_0: 401 "domain_verification_failed",
                appwrite: 400 "rule_verification_failed",
            }
            /// Nothing is served at this host.
            ///
            /// Add the domain to a project first.
            RouterHostNotFound planned {
                kind: NotFound,
                message: "Nothing is served at this host.",
                appwrite: 404 "router_host_not_found",
            }
            /// The server has no domain of its own.
            ///
            /// The operator should set the domain variables.
            RouterDomainNotConfigured planned {
                kind: Internal,
                message: "The server has no domain of its own.",
                appwrite: 500 "router_domain_not_configured",
            }
            /// There is no such installation.
            ///
            /// The id is mistyped, the application was removed from the team, or the installation is another
            /// team's or application's. Install it again.
            InstallationNotFound {
                kind: NotFound,
                message: "There is no such installation.",
                appwrite: 404 "installation_not_found",
            }
            /// There is no such repository connection.
            ///
            /// Connect the repository again.
            RepositoryNotFound planned {
                kind: NotFound,
                message: "There is no such repository connection.",
                appwrite: 404 "repository_not_found",
            }
            /// The repository host has no such repository.
            ///
            /// It was renamed, deleted, or the installation may not see it.
            ProviderRepositoryNotFound planned {
                kind: NotFound,
                message: "The repository host has no such repository.",
                appwrite: 404 "provider_repository_not_found",
            }
            /// The contribution from outside is authorized already.
            ///
            /// Nothing is left to do.
            ProviderContributionConflict planned {
                kind: Conflict,
                message: "The contribution from outside is authorized already.",
                appwrite: 409 "provider_contribution_conflict",
            }
        }
    };
}
