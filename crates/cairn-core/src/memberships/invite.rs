//! Inviting people: a message with a link that only they have.

#[cfg(test)]
mod tests;

use cairn_faults::{Error, Fault};
use cairn_model::ids::TeamId;
use cairn_model::teams::{Membership, Team};
use cairn_model::users::User;

use super::join::{Invitation, Joining};
use super::{Member, SeenUser};
use crate::mail::{self, Kind, Mailbox};
use crate::one_time_tokens::link;
use crate::teams::{require_owner, visible};
use crate::{Cx, accounts, sms};

/// Bytes of an invitation's secret before it is written in hex.
const SECRET_BYTES: usize = 128;

/// How the invitation travels, ready before anything is written.
struct Way {
    letter: mail::Letter,
    /// Where text messages can be sent.
    sms: Option<sms::Sms>,
}

/// Invite somebody as a user does.
pub(super) async fn create(cx: &Cx, team: &TeamId, invitation: Invitation) -> Result<Member, Error> {
    accounts::require_method(cx, "invites")?;
    let url = invitation.url.clone().ok_or_else(|| Error::missing_param("url"))?;
    link(&url, &[])?;
    let way = way(cx, &invitation).await?;
    let secret = cx.app.ids.secret_hex(SECRET_BYTES);
    let joining = Joining::of(cx, team, invitation, Some(super::accept::proof(cx, &secret)));
    let (actor, team, has_sms) = (cx.clone(), team.clone(), way.sms.is_some());
    let (membership, team, user) = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let team = visible(&actor, &tx, &team).await?;
            require_owner(&actor, &team.id)?;
            let user = joining.user(&tx).await?;
            // Nobody is invited without a message: which one it is, only the account tells.
            match (&user.email, &user.phone) {
                (None, None) => {
                    let reason = "names a user without e-mail address and phone number";
                    return Err(Error::invalid_param("userId", reason));
                }
                (None, Some(_)) if !has_sms => return Err(Fault::GeneralPhoneDisabled.error()),
                _ => {}
            }
            let membership = joining.member(&tx, &user).await?;
            Ok((membership, team, user))
        })
        .await?;
    send(cx, way, &url, (&membership, &team, &user), &secret)?;
    Ok(Member { membership, team_name: team.name, user: SeenUser::brief(&user) })
}

/// Both ways are asked for: whether a user has an e-mail address, the transaction tells.
async fn way(cx: &Cx, invitation: &Invitation) -> Result<Way, Error> {
    // COMPAT(appwrite): without a mail server users invite nobody, by phone neither.
    let letter = mail::prepare(cx, Kind::Invitation).await?;
    let sms = sms::prepare(cx);
    let is_by_phone = invitation.email.is_none() && invitation.user_id.is_none();
    let sms = if is_by_phone { Some(sms?) } else { sms.ok() };
    Ok(Way { letter, sms })
}

fn send(
    cx: &Cx,
    way: Way,
    url: &str,
    (membership, team, user): (&Membership, &Team, &User),
    secret: &str,
) -> Result<(), Error> {
    let redirect = link(
        url,
        &[
            ("membershipId", membership.id.as_str()),
            ("userId", user.id.as_str()),
            ("secret", secret),
            ("teamId", team.id.as_str()),
            ("teamName", &team.name),
        ],
    )?;
    if let Some(email) = &user.email {
        let owner = cx.identity().map(|owner| owner.user.name.clone()).unwrap_or_default();
        way.letter.send(cx, &Mailbox::new(&user.name, email), |values| {
            values
                .with("user", &user.name)
                .with("owner", owner)
                .with("team", &team.name)
                .with("redirect", redirect)
        });
    } else if let (Some(sms), Some(phone)) = (way.sms, &user.phone) {
        sms.send(cx, phone, &redirect);
    }
    Ok(())
}
