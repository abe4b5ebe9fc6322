//! Putting someone into a team.

use cairn_faults::{Error, Fault};
use cairn_model::ids::{MembershipId, TeamId, UserId};
use cairn_model::teams::Membership;
use cairn_model::users::{Target, User};
use cairn_store::{MEMBERSHIPS_USER_KEY, OnConflict, Tx};

use super::{Member, SeenUser};
use crate::Cx;
use crate::teams::{is_unrestricted, visible};
use crate::{accounts, email_policies, users};

/// Whom to put into a team, and as what. One of the first three is needed.
#[derive(Clone, Debug, Default)]
pub struct Invitation {
    /// The id of a user.
    pub user_id: Option<UserId>,
    /// An e-mail address; a user is made for an unknown one.
    pub email: Option<String>,
    /// A phone number; a user is made for an unknown one.
    pub phone: Option<String>,
    /// The roles in the team.
    pub roles: Vec<String>,
    /// Where the invitation leads; users must name it.
    pub url: Option<String>,
    /// The name of a user who is made.
    pub name: String,
}

/// Put someone into a team, or invite them.
///
/// By keys and admins the person is a member at once. A user's invitation is a message with a link: to the e-mail
/// address, else to the phone; one more invitation of the same person makes the link of the one before void.
///
/// # Errors
/// To users: `general_smtp_disabled` or `general_phone_disabled`, `user_unauthorized` where they are no owner.
pub async fn create(cx: &Cx, team: &TeamId, invitation: Invitation) -> Result<Member, Error> {
    if invitation.user_id.is_none() && invitation.email.is_none() && invitation.phone.is_none() {
        return Err(Error::invalid_param("userId", "one of userId, email and phone is needed"));
    }
    if !is_unrestricted(cx) && cx.acting_organization() != Some(team) {
        return super::invite::create(cx, team, invitation).await;
    }
    let joining = Joining::of(cx, team, invitation, None);
    let (actor, team) = (cx.clone(), team.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let team = visible(&actor, &tx, &team).await?;
            let user = joining.user(&tx).await?;
            let membership = joining.member(&tx, &user).await?;
            Ok(Member { membership, team_name: team.name, user: SeenUser::brief(&user) })
        })
        .await
}

/// What a transaction needs to put someone in, drawn before it.
#[derive(Clone)]
pub(super) struct Joining {
    user_id: Option<UserId>,
    email: Option<String>,
    phone: Option<String>,
    /// The user who is made where nobody is found.
    fresh: User,
    targets: Vec<Target>,
    /// The membership, whose user is not known yet.
    membership: Membership,
    /// Who may be made for an unknown address; anybody by keys and admins.
    gate: Option<accounts::Gate>,
    emails: email_policies::Check,
}

impl Joining {
    /// What a transaction needs; with a secret's hash it invites, without one it puts in at once.
    pub(super) fn of(cx: &Cx, team: &TeamId, invitation: Invitation, secret_hash: Option<String>) -> Self {
        let email = invitation.email.map(|email| email.to_lowercase());
        let mut fresh = users::blank(cx, &cx.new_id());
        fresh.name =
            if invitation.name.is_empty() { email.clone().unwrap_or_default() } else { invitation.name };
        fresh.email.clone_from(&email);
        fresh.phone.clone_from(&invitation.phone);
        let now = cx.now();
        let membership = Membership {
            id: MembershipId::from(cx.new_id()),
            seq: cx.next_seq(),
            team_id: team.clone(),
            user_id: fresh.id.clone(),
            roles: invitation.roles,
            invited: now,
            joined: secret_hash.is_none().then_some(now),
            is_confirmed: secret_hash.is_none(),
            secret_hash: secret_hash.clone().unwrap_or_default(),
            created: now,
            updated: now,
        };
        let targets = users::address_targets(cx, &fresh);
        // COMPAT(appwrite): an organization of the console takes whom its owners invite, however few may sign up.
        let gate = (secret_hash.is_some() && !cx.is_console()).then(|| accounts::Gate::of(cx));
        Self {
            user_id: invitation.user_id,
            email,
            phone: invitation.phone,
            fresh,
            targets,
            membership,
            gate,
            emails: email_policies::Check::of(cx),
        }
    }

    /// The user who is meant, made where an address is new.
    pub(super) async fn user(&self, tx: &Tx) -> Result<User, Error> {
        let differs = |asked: &Option<String>, is: &Option<String>| asked.is_some() && asked != is;
        let mismatch = || Err(Fault::UserAlreadyExists.error());
        if let Some(id) = &self.user_id {
            let user = users::load(tx, id).await?;
            let is_other = differs(&self.email, &user.email) || differs(&self.phone, &user.phone);
            return if is_other { mismatch() } else { Ok(user) };
        }
        let found = match (&self.email, &self.phone) {
            (Some(email), _) => tx.user_by_email(email).await?,
            (None, Some(phone)) => tx.user_by_phone(phone).await?,
            (None, None) => None,
        };
        match found {
            Some(user) if self.email.is_some() && differs(&self.phone, &user.phone) => mismatch(),
            Some(user) => Ok(user),
            None => {
                if let Some(gate) = &self.gate {
                    gate.admit(tx).await?;
                }
                self.emails.admit(self.email.as_deref())?;
                Ok(users::insert(tx, self.fresh.clone(), self.targets.clone()).await?.user)
            }
        }
    }

    /// The membership of this user: a new one, or the one of an earlier invitation.
    pub(super) async fn member(self, tx: &Tx, user: &User) -> Result<Membership, Error> {
        let fresh = self.membership;
        let (team_id, now, is_confirmed) = (fresh.team_id.clone(), fresh.updated, fresh.is_confirmed);
        let membership = match tx.membership_of_user(&team_id, &user.id).await? {
            Some(known) if known.is_confirmed => return Err(Fault::MembershipAlreadyConfirmed.error()),
            Some(known) => {
                let renewed = Membership {
                    invited: now,
                    joined: fresh.joined,
                    is_confirmed,
                    secret_hash: fresh.secret_hash,
                    updated: now,
                    ..known
                };
                tx.membership_update(&renewed).await?;
                renewed
            }
            None => {
                let fresh = Membership { user_id: user.id.clone(), ..fresh };
                let inserted = tx.membership_insert(&fresh).await;
                inserted.on_conflict(MEMBERSHIPS_USER_KEY, Fault::MembershipAlreadyConfirmed)?;
                fresh
            }
        };
        if is_confirmed {
            tx.team_count_members(&team_id, 1, now).await?;
        }
        Ok(membership)
    }
}
