//! Teams, memberships and invitations.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_teams {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// There is no such team.
            ///
            /// The id is mistyped, the team was deleted, or the caller is not a member of it.
            TeamNotFound {
                kind: NotFound,
                message: "There is no such team.",
                appwrite_1_0: 404 "team_not_found",
                appwrite: 404 "team_not_found",
            }
            /// A team with this id exists already.
            ///
            /// Choose another id, or let the server make one with `unique()`.
            TeamAlreadyExists {
                kind: Conflict,
                message: "A team with this id exists already.",
                appwrite: 409 "team_already_exists",
                discord: 409 40041,
            }
            /// There is no such membership.
            ///
            /// The id is mistyped, or the member has left.
            MembershipNotFound {
                kind: NotFound,
                message: "There is no such membership.",
                appwrite_1_0: 404 "membership_not_found",
                appwrite: 404 "membership_not_found",
                discord: 404 10007,
            }
            /// The user is a member, or is invited already.
            ///
            /// A user has one membership in a team. Change its roles instead.
            MembershipAlreadyConfirmed {
                kind: Conflict,
                message: "The user is a member, or is invited already.",
                appwrite_1_0: 409 "team_invite_already_exists",
                appwrite: 409 "membership_already_confirmed",
                discord: 409 40074,
            }
            /// This membership cannot be deleted.
            ///
            /// A team keeps at least one owner. Make somebody else an owner first, or delete the team.
            MembershipDeletionProhibited {
                kind: Conflict,
                message: "This membership cannot be deleted.",
                appwrite: 400 "membership_deletion_prohibited",
                discord: 403 50013,
            }
            /// The last owner keeps the owner role.
            ///
            /// A team keeps at least one owner. Make somebody else an owner first.
            MembershipDowngradeProhibited {
                kind: Conflict,
                message: "The last owner keeps the owner role.",
                appwrite: 400 "membership_downgrade_prohibited",
                discord: 403 50013,
            }
            /// The membership belongs to another team.
            ///
            /// The ids of the team and of the membership in the path do not fit together.
            TeamMembershipMismatch {
                kind: NotFound,
                message: "The membership belongs to another team.",
                appwrite_1_0: 404 "team_membership_mismatch",
                appwrite: 404 "team_membership_mismatch",
                discord: 404 10007,
            }
            /// The request names no organization.
            ///
            /// An organization key must be sent with `X-Appwrite-Organization`.
            OrganizationIdMissing {
                kind: Forbidden,
                message: "The request names no organization.",
                appwrite: 403 "organization_id_missing",
            }
            /// There is no such invitation.
            ///
            /// It was withdrawn, or accepted already.
            TeamInviteNotFound {
                kind: NotFound,
                message: "There is no such invitation.",
                appwrite_1_0: 404 "team_invite_not_found",
                appwrite: 404 "team_invite_not_found",
                discord: 404 10006,
            }
            /// The invitation is for somebody else.
            ///
            /// Sign in as the user who was invited.
            TeamInviteMismatch {
                kind: Unauthorized,
                message: "The invitation is for somebody else.",
                appwrite_1_0: 401 "team_invite_mismatch",
                appwrite: 401 "team_invite_mismatch",
            }
            /// The secret of the invitation is wrong.
            ///
            /// The link may be cut off or old. Ask for a new invitation.
            TeamInvalidSecret {
                kind: Unauthorized,
                message: "The secret of the invitation is wrong.",
                appwrite_1_0: 401 "team_invalid_secret",
                appwrite: 401 "team_invalid_secret",
            }
        }
    };
}
