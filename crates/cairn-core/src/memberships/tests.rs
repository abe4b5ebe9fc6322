//! Joining, changing and leaving teams.

use cairn_faults::Fault;
use cairn_model::ids::{MembershipId, TeamId, UserId};
use cairn_model::permissions::Role;
use cairn_model::projects::MembershipPrivacy;
use cairn_store::ProjectRef;

use super::{Invitation, create, delete, get, list, list_of_user, update_roles};
use crate::fixture::{PASSWORD, new_account, on_both, on_both_with};
use crate::listing::ListRequest;
use crate::sessions::{EmailSession, create_with_password};
use crate::teams::{self, NewTeam};
use crate::{Cx, Options, accounts, users};

const TEAM: &str = "climbers";

async fn make_team(cx: &Cx) -> TeamId {
    let new = NewTeam { id: TEAM.to_owned(), name: "Climbers".to_owned(), roles: Vec::new() };
    teams::create(cx, new).await.unwrap().id
}

fn of(user: &str, roles: &[&str]) -> Invitation {
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    Invitation { user_id: Some(UserId::from(user)), roles, ..Invitation::default() }
}

fn by_email(email: &str) -> Invitation {
    Invitation { email: Some(email.to_owned()), ..Invitation::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_puts_people_in_at_once() {
    on_both("join", |fixture| async move {
        let key = fixture.key().await;
        let team = make_team(&key).await;
        fixture.sign_up("bob").await;
        let value = fixture.sign_in("bob").await;
        let made = create(&key, &team, of("bob", &["guide"])).await.unwrap();
        assert!(made.membership.is_confirmed);
        assert_eq!(made.team_name, "Climbers");
        let guide = Role::Team(TEAM.to_owned(), Some("guide".to_owned()));
        assert!(fixture.holder(&value).await.has_role(&guide), "a role counts at once");
        let error = create(&key, &team, by_email("Bob@example.com")).await.unwrap_err();
        assert_eq!(error.fault(), Fault::MembershipAlreadyConfirmed);
        let error = create(&key, &team, of("nobody", &[])).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserNotFound);
        let mixed = Invitation { email: Some("eve@example.com".to_owned()), ..of("bob", &[]) };
        assert_eq!(create(&key, &team, mixed).await.unwrap_err().fault(), Fault::UserAlreadyExists);
        let error = create(&key, &team, Invitation::default()).await.unwrap_err();
        assert_eq!(error.fault(), Fault::GeneralArgumentInvalid);
        let error = create(&key, &TeamId::from("none"), of("bob", &[])).await.unwrap_err();
        assert_eq!(error.fault(), Fault::TeamNotFound);

        let made = create(&key, &team, by_email("New@example.com")).await.unwrap();
        let user = users::get(&key, &made.membership.user_id).await.unwrap().user;
        assert_eq!((user.name.as_str(), user.email.as_deref()), ("new@example.com", Some("new@example.com")));
        assert_eq!(teams::get(&key, &team).await.unwrap().total, 2);
        let page = list_of_user(&key, &user.id, &ListRequest::default()).await.unwrap();
        assert_eq!((page.total, page.items[0].team_name.as_str()), (1, "Climbers"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_invite_by_mail_which_is_not_there() {
    on_both("invite", |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        let team = make_team(&ada).await;
        let error = create(&ada, &team, by_email("bob@example.com")).await.unwrap_err();
        assert_eq!(error.fault(), Fault::GeneralArgumentInvalid, "where the invitation leads is missing");
        let whole = Invitation { url: Some("https://example.com".to_owned()), ..by_email("bob@example.com") };
        assert_eq!(create(&ada, &team, whole).await.unwrap_err().fault(), Fault::GeneralSmtpDisabled);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_change_roles_and_members_leave() {
    on_both("roles", |fixture| async move {
        let key = fixture.key().await;
        fixture.sign_up("ada").await;
        fixture.sign_up("bob").await;
        let (ada, bob) = (fixture.sign_in("ada").await, fixture.sign_in("bob").await);
        let team = make_team(&fixture.holder(&ada).await).await;
        let member = create(&key, &team, of("bob", &[])).await.unwrap().membership.id;
        let roles = || vec!["guide".to_owned()];
        let error = update_roles(&fixture.holder(&bob).await, &team, &member, roles()).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserUnauthorized);
        update_roles(&fixture.holder(&ada).await, &team, &member, roles()).await.unwrap();
        let guide = Role::Team(TEAM.to_owned(), Some("guide".to_owned()));
        assert!(fixture.holder(&bob).await.has_role(&guide));

        let all = list(&key, &team, &ListRequest::default()).await.unwrap();
        let own = all.items.iter().find(|member| member.membership.user_id.as_str() == "ada").unwrap();
        let own = own.membership.id.clone();
        let error = delete(&fixture.holder(&bob).await, &team, &own).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserUnauthorized);
        delete(&fixture.holder(&bob).await, &team, &member).await.unwrap();
        assert!(!fixture.holder(&bob).await.has_role(&Role::team(TEAM)), "who has left holds no role");
        assert_eq!(teams::get(&key, &team).await.unwrap().total, 1);
        let error = delete(&key, &team, &member).await.unwrap_err();
        assert_eq!(error.fault(), Fault::TeamInviteNotFound);
        let error = get(&key, &team, &member).await.unwrap_err();
        assert_eq!(error.fault(), Fault::MembershipNotFound);

        let other = NewTeam { id: "other".to_owned(), name: "Other".to_owned(), roles: Vec::new() };
        let other = teams::create(&key, other).await.unwrap().id;
        let error = get(&key, &other, &own).await.unwrap_err();
        assert_eq!(error.fault(), Fault::TeamMembershipMismatch);
        let error = delete(&key, &other, &own).await.unwrap_err();
        assert_eq!(error.fault(), Fault::TeamMembershipMismatch);
        users::delete(&key, &UserId::from("ada")).await.unwrap();
        assert_eq!(teams::get(&key, &team).await.unwrap().total, 0, "a membership ends with its user");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_keeps_an_owner() {
    let mut options = Options::default();
    options.console.is_root_only = false;
    on_both_with("last_owner", options, |fixture| async move {
        let guest = fixture.console_guest().await;
        accounts::create(&guest, new_account("ada")).await.unwrap();
        let credentials = EmailSession { email: "ada@example.com".to_owned(), password: PASSWORD.to_owned() };
        let value = create_with_password(&guest, credentials).await.unwrap().value;
        let team = make_team(&fixture.holder_at(ProjectRef::CONSOLE_ID, &value).await).await;
        let ada = fixture.holder_at(ProjectRef::CONSOLE_ID, &value).await;
        let own: MembershipId = ada.identity().unwrap().memberships[0].id.clone();
        let error = update_roles(&ada, &team, &own, vec!["developer".to_owned()]).await.unwrap_err();
        assert_eq!(error.fault(), Fault::MembershipDowngradeProhibited);
        let error = delete(&ada, &team, &own).await.unwrap_err();
        assert_eq!(error.fault(), Fault::MembershipDeletionProhibited);
        let more = vec!["owner".to_owned(), "developer".to_owned()];
        assert_eq!(update_roles(&ada, &team, &own, more).await.unwrap().membership.roles.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn members_see_of_each_other_what_the_project_shows() {
    on_both("privacy", |fixture| async move {
        let key = fixture.key().await;
        let ada = fixture.signed_up("ada").await;
        let team = make_team(&ada).await;
        let value = fixture.sign_in("ada").await;
        let hidden = list(&fixture.holder(&value).await, &team, &ListRequest::default()).await.unwrap();
        assert_eq!(hidden.items[0].user, super::SeenUser::default());
        let whole = list(&key, &team, &ListRequest::default()).await.unwrap();
        assert_eq!(whole.items[0].user.email.as_deref(), Some("ada@example.com"));
        let names = MembershipPrivacy { shows_name: true, ..MembershipPrivacy::CLOSED };
        fixture.configure(|settings| settings.policies.memberships = names).await;
        let shown = list(&fixture.holder(&value).await, &team, &ListRequest::default()).await.unwrap();
        assert_eq!(shown.items[0].user.name.as_deref(), Some("ada"));
        assert_eq!(shown.items[0].user.email, None);
    })
    .await;
}
