//! Rows: teams.

macro_rules! rows_teams {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
            /// Membership already confirmed.
            MembershipAlreadyConfirmed {
                kind: Conflict,
                message: "Membership already confirmed.",
                appwrite: 409 "membership_already_confirmed",
            }
            /// Membership deletion prohibited.
            MembershipDeletionProhibited {
                kind: Invalid,
                message: "Membership deletion prohibited.",
                appwrite: 400 "membership_deletion_prohibited",
            }
            /// Membership downgrade prohibited.
            MembershipDowngradeProhibited {
                kind: Invalid,
                message: "Membership downgrade prohibited.",
                appwrite: 400 "membership_downgrade_prohibited",
            }
            /// Membership not found.
            MembershipNotFound {
                kind: NotFound,
                message: "Membership not found.",
                appwrite_1_0: 404 "membership_not_found",
                appwrite: 404 "membership_not_found",
            }
            /// Organization id missing.
            OrganizationIdMissing {
                kind: Forbidden,
                message: "Organization id missing.",
                appwrite: 403 "organization_id_missing",
            }
            /// Team already exists.
            TeamAlreadyExists {
                kind: Conflict,
                message: "Team already exists.",
                appwrite: 409 "team_already_exists",
            }
            /// Team invalid secret.
            TeamInvalidSecret {
                kind: Unauthorized,
                message: "Team invalid secret.",
                appwrite_1_0: 401 "team_invalid_secret",
                appwrite: 401 "team_invalid_secret",
            }
            /// Team invite mismatch.
            TeamInviteMismatch {
                kind: Unauthorized,
                message: "Team invite mismatch.",
                appwrite_1_0: 401 "team_invite_mismatch",
                appwrite: 401 "team_invite_mismatch",
            }
            /// Team invite not found.
            TeamInviteNotFound {
                kind: NotFound,
                message: "Team invite not found.",
                appwrite_1_0: 404 "team_invite_not_found",
                appwrite: 404 "team_invite_not_found",
            }
            /// Team membership mismatch.
            TeamMembershipMismatch {
                kind: NotFound,
                message: "Team membership mismatch.",
                appwrite_1_0: 404 "team_membership_mismatch",
                appwrite: 404 "team_membership_mismatch",
            }
            /// Team not found.
            TeamNotFound {
                kind: NotFound,
                message: "Team not found.",
                appwrite_1_0: 404 "team_not_found",
                appwrite: 404 "team_not_found",
            }
            /// Team invite already exists.
            TeamInviteAlreadyExists {
                kind: Conflict,
                message: "Team invite already exists.",
                appwrite_1_0: 409 "team_invite_already_exists",
            }
        }
    };
}
