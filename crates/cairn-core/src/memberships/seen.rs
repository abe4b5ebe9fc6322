//! What members of a team see of each other.

use cairn_model::ids::UserId;
use cairn_model::projects::MembershipPrivacy;
use cairn_model::users::User;
use cairn_std::Timestamp;

/// What the caller may see of a member's account; what is hidden is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeenUser {
    /// The id.
    pub id: Option<UserId>,
    /// The name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// Whether a second factor is asked for.
    pub has_mfa: bool,
    /// The last use.
    pub accessed_at: Option<Timestamp>,
}

impl SeenUser {
    /// Everything, as keys and admins see it.
    pub(super) fn whole(user: &User) -> Self {
        Self::by(user, &MembershipPrivacy::OPEN)
    }

    /// What the project lets members see.
    pub(super) fn by(user: &User, privacy: &MembershipPrivacy) -> Self {
        Self {
            id: privacy.shows_user_id.then(|| user.id.clone()),
            name: privacy.shows_name.then(|| user.name.clone()),
            email: user.email.clone().filter(|_| privacy.shows_email),
            phone: user.phone.clone().filter(|_| privacy.shows_phone),
            has_mfa: privacy.shows_mfa && user.has_mfa,
            accessed_at: user.accessed_at.filter(|_| privacy.shows_accessed_at),
        }
    }

    /// Who it is, as who changes a membership is told.
    pub(super) fn brief(user: &User) -> Self {
        Self {
            id: Some(user.id.clone()),
            name: Some(user.name.clone()),
            email: user.email.clone(),
            ..Self::default()
        }
    }
}
