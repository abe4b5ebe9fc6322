//! Console users and what their roles in organizations let them do.
//!
//! INVARIANT: permissions are lifted for work on one project only, the one whose organization gave the role. On
//! the console itself a role adds scopes and lifts nothing: whoever owns one organization is an ordinary user to
//! every other.

use std::sync::{Arc, LazyLock};

use cairn_faults::{Error, Fault};
use cairn_model::scopes;

use super::{Caller, owned};
use crate::Actor;
use crate::cx::Identity;

/// What every member of an organization may ask for, whatever the role.
const MEMBER: &[&str] = &["teams.read", "projects.read"];
/// What owners and developers may do with their organization on the console, beside what users may.
const ORGANIZATION: &[&str] = &["projects.read", "projects.write", "organization.read"];
/// What owners alone may do with it.
const OWNED: &[&str] = &[
    "organization.write",
    "organization.keys.read",
    "organization.keys.write",
    "organization.memberships.read",
    "organization.memberships.write",
];

static OWNER_SCOPES: LazyLock<Arc<[String]>> =
    LazyLock::new(|| united(&[MEMBER, scopes::USER, scopes::ADMIN]));
static DEVELOPER_SCOPES: LazyLock<Arc<[String]>> = LazyLock::new(|| united(&[MEMBER, scopes::ADMIN]));
static ORGANIZATION_SCOPES: LazyLock<Arc<[String]>> = LazyLock::new(|| united(&[scopes::USER, ORGANIZATION]));
static OWNED_SCOPES: LazyLock<Arc<[String]>> = LazyLock::new(|| united(&[scopes::USER, ORGANIZATION, OWNED]));

/// What the roles of one membership come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    None,
    Developer,
    Owner,
}

/// A console user at work on the project `managed`, which the organization `team` owns.
pub(super) fn of_project(identity: Arc<Identity>, team: &str, managed: &str) -> Result<Caller, Error> {
    let own_prefix = format!("project-{managed}-");
    let scopes = match rank(&identity, team, Some(&own_prefix))? {
        // Only roles in other projects of the organization: this one is none of theirs.
        Rank::None => return Err(Fault::ProjectNotFound.with("project", managed)),
        Rank::Developer => Arc::clone(&DEVELOPER_SCOPES),
        Rank::Owner => Arc::clone(&OWNER_SCOPES),
    };
    let roles = Arc::clone(&identity.roles);
    Ok(Caller { roles, scopes, actor: Actor::Admin(identity), ..Caller::guest() })
}

/// A console user whose request is about the organization `team`.
pub(super) fn of_organization(identity: Arc<Identity>, team: &str) -> Result<Caller, Error> {
    let caller = Caller::user(Arc::clone(&identity));
    match rank(&identity, team, None)? {
        Rank::None => Ok(caller),
        Rank::Developer => Ok(Caller { scopes: Arc::clone(&ORGANIZATION_SCOPES), ..caller }),
        Rank::Owner => Ok(Caller { scopes: Arc::clone(&OWNED_SCOPES), ..caller }),
    }
}

/// The highest of the roles that count: those in the whole organization, and those in the one project.
fn rank(identity: &Identity, team: &str, own_prefix: Option<&str>) -> Result<Rank, Error> {
    let membership = identity
        .memberships
        .iter()
        .find(|membership| membership.is_confirmed && membership.team_id.as_str() == team)
        .ok_or_else(|| Fault::UserUnauthorized.error())?;
    let rank_of = |role: &String| {
        let name = match (role.strip_prefix("project-"), own_prefix) {
            (None, _) => role.as_str(),
            (Some(_), Some(prefix)) => role.strip_prefix(prefix).unwrap_or_default(),
            (Some(_), None) => "",
        };
        match name {
            "owner" => Rank::Owner,
            "developer" => Rank::Developer,
            _ => Rank::None,
        }
    };
    Ok(membership.roles.iter().map(rank_of).max().unwrap_or(Rank::None))
}

fn united(sets: &[&[&str]]) -> Arc<[String]> {
    let mut held: Vec<String> = sets.iter().flat_map(|set| owned(set)).collect();
    held.sort_unstable();
    held.dedup();
    held.into()
}
