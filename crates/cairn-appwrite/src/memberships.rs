//! Who is in which team.

use cairn_core::listing::Page;
use cairn_core::memberships::{self, Acceptance, Invitation, Member};
use cairn_core::sessions::Issued;
use cairn_faults::Fault;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{Rule, array_of, boolean, email, key, phone, queries, text, uid, url};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::{MembershipId, TeamId, UserId};
use serde_json::json;

use crate::models::MEMBERSHIP;
use crate::teams::{READ, RESOURCE, ROLES_MAX, WRITE};
use crate::wire::{Object, list_request, maybe, object, paged, require_redirect, time_or_empty};

const ALL: &str = "/v1/teams/{teamId}/memberships";
const ONE: &str = "/v1/teams/{teamId}/memberships/{membershipId}";
/// Characters of a role: `project-{id}-{role}` with 36 for each.
pub(crate) const ROLE_CHARS_MAX: usize = 81;

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post(ALL, "teams.createMembership", handler!(create_membership))
        .created(&MEMBERSHIP)
        .scopes(WRITE)
        .audited("membership.create", RESOURCE, "{response.userId}")
        .limit(RateLimit::per_hour(10))
        .faults(&[
            Fault::TeamNotFound,
            Fault::UserNotFound,
            Fault::UserAlreadyExists,
            Fault::MembershipAlreadyConfirmed,
            Fault::GeneralSmtpDisabled,
            Fault::GeneralPhoneDisabled,
            Fault::UserUnauthorized,
            Fault::UserCountExceeded,
            Fault::UserEmailDisposable,
            Fault::UserEmailFree,
            Fault::UserEmailNotCanonical,
            Fault::UserEmailNotCorporate,
            Fault::UserAuthMethodUnsupported,
        ]),
    Route::get(ALL, "teams.listMemberships", handler!(list_memberships))
        .page("memberships", &MEMBERSHIP)
        .scopes(READ)
        .faults(&[Fault::TeamNotFound, Fault::GeneralQueryInvalid, Fault::GeneralCursorNotFound]),
    Route::get(ONE, "teams.getMembership", handler!(get_membership)).ok(&MEMBERSHIP).scopes(READ).faults(&[
        Fault::TeamNotFound,
        Fault::MembershipNotFound,
        Fault::TeamMembershipMismatch,
    ]),
    Route::patch(ONE, "teams.updateMembership", handler!(update_membership))
        .ok(&MEMBERSHIP)
        .scopes(WRITE)
        .audited("membership.update", RESOURCE, "")
        .faults(&[
            Fault::TeamNotFound,
            Fault::MembershipNotFound,
            Fault::TeamMembershipMismatch,
            Fault::MembershipDowngradeProhibited,
            Fault::UserUnauthorized,
        ]),
    Route::delete(ONE, "teams.deleteMembership", handler!(delete_membership))
        .nothing()
        .scopes(WRITE)
        .audited("membership.delete", RESOURCE, "")
        .faults(&[
            Fault::TeamNotFound,
            Fault::TeamInviteNotFound,
            Fault::TeamMembershipMismatch,
            Fault::MembershipDeletionProhibited,
            Fault::UserUnauthorized,
        ]),
    Route::patch(
        "/v1/teams/{teamId}/memberships/{membershipId}/status",
        "teams.updateMembershipStatus",
        handler!(update_membership_status),
    )
    .ok(&MEMBERSHIP)
    .scopes(&["public"])
    .audited("membership.update", RESOURCE, "{response.userId}")
    .faults(&[
        Fault::MembershipNotFound,
        Fault::TeamNotFound,
        Fault::TeamMembershipMismatch,
        Fault::TeamInvalidSecret,
        Fault::TeamInviteMismatch,
        Fault::MembershipAlreadyConfirmed,
        Fault::UserBlocked,
        Fault::UserEmailNotVerified,
        Fault::UserPhoneNotVerified,
    ]),
];

params! {
    pub(crate) struct CreateMembership {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// The e-mail address of the new member.
        email: Option<String> = "email" => maybe(email()),
        /// The id of the new member.
        user_id: Option<String> = "userId" => maybe(uid()),
        /// The phone number of the new member.
        phone: Option<String> = "phone" => maybe(phone()),
        /// The roles in the team.
        roles: Vec<String> = "roles" => array_of(key().chars_max(ROLE_CHARS_MAX), ROLES_MAX),
        /// Where the invitation leads; needed without a key.
        url: Option<String> = "url" => maybe(url()),
        /// The name of the new member, up to 128 characters.
        name: String = "name" => text(0, 128).or_empty(),
    }
}

async fn create_membership(call: Call<CreateMembership>) -> Reply {
    if let Some(url) = &call.params.url {
        require_redirect(&call.cx, &call.exchange, url)?;
    }
    let CreateMembership { team_id, email, user_id, phone, roles, url, name } = call.params;
    let invitation = Invitation { user_id: user_id.map(UserId), email, phone, roles, url, name };
    let made = memberships::create(&call.cx, &TeamId(team_id), invitation).await?;
    Ok(Answer::created("membership", membership(&made)))
}

params! {
    pub(crate) struct ListMemberships {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// Queries over the attributes userId, teamId, invited, joined, confirm and roles.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Words to look for, up to 256 characters.
        search: String = "search" => text(0, 256).or_empty(),
        /// Whether the memberships are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_memberships(call: Call<ListMemberships>) -> Reply {
    let ListMemberships { team_id, queries, search, total } = call.params;
    let request = list_request(&call.exchange, queries, search, total);
    Ok(page(&memberships::list(&call.cx, &TeamId(team_id), &request).await?))
}

params! {
    pub(crate) struct OfMembership {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// The id of the membership.
        membership_id: String = "membershipId" => uid(),
    }
}

async fn get_membership(call: Call<OfMembership>) -> Reply {
    let OfMembership { team_id, membership_id } = call.params;
    let found = memberships::get(&call.cx, &TeamId(team_id), &MembershipId(membership_id)).await?;
    Ok(Answer::ok("membership", membership(&found)))
}

params! {
    pub(crate) struct UpdateMembership {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// The id of the membership.
        membership_id: String = "membershipId" => uid(),
        /// The roles that replace the present ones.
        roles: Vec<String> = "roles" => array_of(key().chars_max(ROLE_CHARS_MAX), ROLES_MAX),
    }
}

async fn update_membership(call: Call<UpdateMembership>) -> Reply {
    let UpdateMembership { team_id, membership_id, roles } = call.params;
    let (team, id) = (TeamId(team_id), MembershipId(membership_id));
    Ok(Answer::ok("membership", membership(&memberships::update_roles(&call.cx, &team, &id, roles).await?)))
}

params! {
    pub(crate) struct UpdateMembershipStatus {
        /// The id of the team.
        team_id: String = "teamId" => uid(),
        /// The id of the membership.
        membership_id: String = "membershipId" => uid(),
        /// The id of the user who was invited.
        user_id: String = "userId" => uid(),
        /// The secret of the invitation's link.
        secret: String = "secret" => text(1, 256),
    }
}

async fn update_membership_status(call: Call<UpdateMembershipStatus>) -> Reply {
    let UpdateMembershipStatus { team_id, membership_id, user_id, secret } = call.params;
    let (team, membership) = (TeamId(team_id), MembershipId(membership_id));
    let acceptance = Acceptance { team, membership, user: UserId(user_id), secret };
    let accepted = memberships::accept(&call.cx, acceptance).await?;
    let answer = Answer::ok("membership", self::membership(&accepted.member));
    Ok(match accepted.session {
        None => answer,
        Some(Issued { session, value }) => {
            let cookies = call.exchange.cookie_scope(call.cx.project.id());
            answer.headers(cookies.start_session(&value, session.expires, call.cx.now()))
        }
    })
}

async fn delete_membership(call: Call<OfMembership>) -> Reply {
    let OfMembership { team_id, membership_id } = call.params;
    memberships::delete(&call.cx, &TeamId(team_id), &MembershipId(membership_id)).await?;
    Ok(Answer::no_content())
}

/// The answer of a page of memberships.
pub(crate) fn page(page: &Page<Member>) -> Answer {
    paged("membership", "memberships", page, membership)
}

/// A membership.
pub(crate) fn membership(member: &Member) -> Object {
    let Member { membership, team_name, user } = member;
    object(json!({
        "$id": membership.id.as_str(),
        "$createdAt": membership.created.to_wire(),
        "$updatedAt": membership.updated.to_wire(),
        "userId": user.id.as_ref().map(UserId::as_str).unwrap_or_default(),
        "userName": user.name.as_deref().unwrap_or_default(),
        "userEmail": user.email.as_deref().unwrap_or_default(),
        "userPhone": user.phone.as_deref().unwrap_or_default(),
        "teamId": membership.team_id.as_str(),
        "teamName": team_name,
        "invited": membership.invited.to_wire(),
        "joined": time_or_empty(membership.joined),
        "confirm": membership.is_confirmed,
        "mfa": user.has_mfa,
        "userAccessedAt": time_or_empty(user.accessed_at),
        "roles": membership.roles,
    }))
}
