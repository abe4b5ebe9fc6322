//! Accepting an invitation.

use cairn_faults::{Error, Fault};
use cairn_model::ids::{MembershipId, TeamId, UserId};
use cairn_model::one_time_tokens::OneTimeKind;

use super::{Member, SeenUser, check_team};
use crate::one_time_tokens::first_proof;
use crate::secrets::is_equal;
use crate::sessions::{self, Issued, Proof};
use crate::{Cx, users};

/// What a person who follows the link of an invitation shows.
#[derive(Clone)]
pub struct Acceptance {
    /// The team.
    pub team: TeamId,
    /// The membership that the invitation made.
    pub membership: MembershipId,
    /// Who accepts.
    pub user: UserId,
    /// The secret of the link.
    pub secret: String,
}

/// A membership that was accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The membership, now confirmed.
    pub member: Member,
    /// The session that began for who was not signed in.
    pub session: Option<Issued>,
}

/// Accept an invitation. Whoever is not signed in is from then on: the link proves the address that it was sent to.
///
/// # Errors
/// `membership_not_found`, `team_not_found`, `team_membership_mismatch`, `team_invalid_secret`, `team_invite_mismatch`,
/// `membership_already_confirmed`, `user_blocked`; in this order; those of `first_proof::note` of who is not signed in.
pub async fn accept(cx: &Cx, acceptance: Acceptance) -> Result<Accepted, Error> {
    let own = cx.user_id().cloned();
    let email = email_of(cx, &acceptance.user).await?;
    let issued = sessions::draw(cx, &acceptance.user, Proof::invitation(&email));
    let (hash, now, kept) = (proof(cx, &acceptance.secret), cx.now(), sessions::sessions_kept(cx));
    let session = own.is_none().then(|| issued.session.clone());
    let has_session = session.is_some();
    let member = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let found = tx.membership_by_id(&acceptance.membership).await?;
            let mut membership =
                found.ok_or_else(|| Fault::MembershipNotFound.with("membership", &acceptance.membership))?;
            let team = tx.team_by_id(&acceptance.team).await?;
            let team = team.ok_or_else(|| Fault::TeamNotFound.with("team", &acceptance.team))?;
            check_team(&membership, &team)?;
            if membership.secret_hash.is_empty() || !is_equal(&membership.secret_hash, &hash) {
                return Err(Fault::TeamInvalidSecret.error());
            }
            let is_other =
                membership.user_id != acceptance.user || own.is_some_and(|own| own != membership.user_id);
            if is_other {
                return Err(Fault::TeamInviteMismatch.error());
            }
            if membership.is_confirmed {
                return Err(Fault::MembershipAlreadyConfirmed.error());
            }
            let mut user = users::load(&tx, &membership.user_id).await?;
            if !user.is_active {
                return Err(Fault::UserBlocked.with("user", &user.id));
            }
            membership.joined = Some(now);
            membership.is_confirmed = true;
            membership.updated = now;
            tx.membership_update(&membership).await?;
            tx.team_count_members(&team.id, 1, now).await?;
            // The link went to the e-mail address, or to the phone of who has none.
            let has_email = user.email.is_some();
            if let Some(session) = session {
                let kind = if has_email { OneTimeKind::MagicUrl } else { OneTimeKind::Phone };
                first_proof::note(&tx, &mut user, kind, now).await?;
                sessions::begin(&tx, &session, kept).await?;
            } else {
                let proved =
                    if has_email { &mut user.is_email_verified } else { &mut user.is_phone_verified };
                if !std::mem::replace(proved, true) {
                    user.updated = now;
                    tx.user_update(&user).await?;
                }
            }
            Ok(Member { membership, team_name: team.name, user: SeenUser::brief(&user) })
        })
        .await?;
    Ok(Accepted { member, session: has_session.then_some(issued) })
}

/// The address that a session names as its proof; nothing of who does not exist.
async fn email_of(cx: &Cx, id: &UserId) -> Result<String, Error> {
    let id = id.clone();
    let read =
        cx.store().read(cx.project_ref(), |tx| async move { Ok::<_, Error>(tx.user_by_id(&id).await?) });
    Ok(read.await?.and_then(|user| user.email).unwrap_or_default())
}

/// What is stored for an invitation's secret.
pub(super) fn proof(cx: &Cx, secret: &str) -> String {
    cx.app.secrets.lookup(&format!("invitation\0{secret}"))
}
