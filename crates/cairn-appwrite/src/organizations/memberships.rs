//! Who is in the organization of the request: its team's memberships under the names of newer SDKs.

use cairn_core::memberships::{self, Invitation};
use cairn_core::projects;
use cairn_faults::Fault;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{Rule as _, array_of, boolean, email, key, phone, queries, text, uid, url};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::{MembershipId, UserId};
use serde_json::json;

use crate::memberships::{ROLE_CHARS_MAX, membership, page};
use crate::models::MEMBERSHIP;
use crate::teams::ROLES_MAX;
use crate::wire::{list_request, maybe, require_redirect};

const ALL: &str = "/v1/organization/memberships";
const ONE: &str = "/v1/organization/memberships/{membershipId}";
/// Of keys, and of users, whose rights in the team decide.
const READ: &[&str] = &["organization.memberships.read", "teams.read"];
const WRITE: &[&str] = &["organization.memberships.write", "teams.write"];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post(ALL, "organization.createMembership", handler!(create_membership))
        .created(&MEMBERSHIP)
        .scopes(WRITE)
        .limit(RateLimit::per_hour(10))
        .faults(&[
            Fault::GeneralAccessForbidden,
            Fault::TeamNotFound,
            Fault::UserNotFound,
            Fault::UserAlreadyExists,
            Fault::MembershipAlreadyConfirmed,
            Fault::GeneralSmtpDisabled,
            Fault::UserAuthMethodUnsupported,
        ]),
    Route::get(ALL, "organization.listMemberships", handler!(list_memberships))
        .page("memberships", &MEMBERSHIP)
        .scopes(READ)
        .faults(&[Fault::GeneralAccessForbidden, Fault::TeamNotFound, Fault::GeneralQueryInvalid]),
    Route::get(ONE, "organization.getMembership", handler!(get_membership))
        .ok(&MEMBERSHIP)
        .scopes(READ)
        .faults(&[Fault::GeneralAccessForbidden, Fault::TeamNotFound, Fault::MembershipNotFound]),
    Route::patch(ONE, "organization.updateMembership", handler!(update_membership))
        .ok(&MEMBERSHIP)
        .scopes(WRITE)
        .faults(&[
            Fault::GeneralAccessForbidden,
            Fault::TeamNotFound,
            Fault::MembershipNotFound,
            Fault::MembershipDowngradeProhibited,
        ]),
    Route::delete(ONE, "organization.deleteMembership", handler!(delete_membership))
        .nothing()
        .scopes(WRITE)
        .faults(&[
            Fault::GeneralAccessForbidden,
            Fault::TeamNotFound,
            Fault::TeamInviteNotFound,
            Fault::MembershipDeletionProhibited,
        ]),
];

params! {
    /// Somebody to put into the organization.
    pub(crate) struct CreateOrganizationMembership {
        /// The e-mail address of the new member.
        email: Option<String> = "email" => maybe(email()),
        /// The id of the new member.
        user_id: Option<String> = "userId" => maybe(uid()),
        /// The phone number of the new member.
        phone: Option<String> = "phone" => maybe(phone()),
        /// The roles in the organization.
        roles: Vec<String> = "roles" => array_of(key().chars_max(ROLE_CHARS_MAX), ROLES_MAX),
        /// Where the invitation leads; needed without a key.
        url: Option<String> = "url" => maybe(url()),
        /// The name of the new member, up to 128 characters.
        name: String = "name" => text(0, 128).or_empty(),
    }
}

params! {
    /// Pages of the organization's members.
    pub(crate) struct ListOrganizationMemberships {
        /// Queries over the attributes userId, teamId, invited, joined, confirm and roles.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Words to look for, up to 256 characters.
        search: String = "search" => text(0, 256).or_empty(),
        /// Whether the memberships are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

params! {
    /// A membership by its id.
    pub(crate) struct OfOrganizationMembership {
        /// The id of the membership.
        membership_id: String = "membershipId" => uid(),
    }
}

params! {
    /// Other roles of a member.
    pub(crate) struct UpdateOrganizationMembership {
        /// The id of the membership.
        membership_id: String = "membershipId" => uid(),
        /// The roles that replace the present ones.
        roles: Vec<String> = "roles" => array_of(key().chars_max(ROLE_CHARS_MAX), ROLES_MAX),
    }
}

async fn create_membership(call: Call<CreateOrganizationMembership>) -> Reply {
    if let Some(url) = &call.params.url {
        require_redirect(&call.cx, &call.exchange, url)?;
    }
    let CreateOrganizationMembership { email, user_id, phone, roles, url, name } = call.params;
    let team = projects::own_organization(&call.cx).await?;
    let invitation = Invitation { user_id: user_id.map(UserId), email, phone, roles, url, name };
    Ok(Answer::created("membership", membership(&memberships::create(&call.cx, &team, invitation).await?)))
}

async fn list_memberships(call: Call<ListOrganizationMemberships>) -> Reply {
    let ListOrganizationMemberships { queries, search, total } = call.params;
    let team = projects::own_organization(&call.cx).await?;
    let request = list_request(&call.exchange, queries, search, total);
    Ok(page(&memberships::list(&call.cx, &team, &request).await?))
}

async fn get_membership(call: Call<OfOrganizationMembership>) -> Reply {
    let team = projects::own_organization(&call.cx).await?;
    let found = memberships::get(&call.cx, &team, &MembershipId(call.params.membership_id)).await?;
    Ok(Answer::ok("membership", membership(&found)))
}

async fn update_membership(call: Call<UpdateOrganizationMembership>) -> Reply {
    let UpdateOrganizationMembership { membership_id, roles } = call.params;
    let team = projects::own_organization(&call.cx).await?;
    let changed = memberships::update_roles(&call.cx, &team, &MembershipId(membership_id), roles).await?;
    Ok(Answer::ok("membership", membership(&changed)))
}

async fn delete_membership(call: Call<OfOrganizationMembership>) -> Reply {
    let team = projects::own_organization(&call.cx).await?;
    memberships::delete(&call.cx, &team, &MembershipId(call.params.membership_id)).await?;
    Ok(Answer::no_content())
}
