//! Who sees and changes which team.

use cairn_faults::Fault;
use cairn_model::ids::TeamId;
use cairn_store::ProjectRef;

use super::{NewTeam, create, delete, get, list, update_name, update_prefs};
use crate::Cx;
use crate::auth::{self, Access, AdminTarget, Credentials};
use crate::fixture::{Fixture, PASSWORD, new_account, on_both, on_both_with};
use crate::listing::ListRequest;
use crate::memberships::{self, Invitation};
use crate::sessions::{EmailSession, create_with_password};
use crate::{Options, RequestInfo, accounts};

fn team(id: &str) -> NewTeam {
    NewTeam { id: id.to_owned(), name: format!("Team {id}"), roles: Vec::new() }
}

async fn seen(cx: &Cx) -> Vec<String> {
    let page = list(cx, &ListRequest::default()).await.unwrap();
    assert_eq!(usize::try_from(page.total).unwrap(), page.items.len());
    page.items.into_iter().map(|team| team.id.0).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_its_members_to_see_and_its_owners_to_change() {
    on_both("teams", |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        let bob_value = {
            fixture.sign_up("bob").await;
            fixture.sign_in("bob").await
        };
        let key = fixture.key().await;
        let id = TeamId::from("climbers");
        assert_eq!(create(&ada, team("climbers")).await.unwrap().total, 1);
        assert_eq!(create(&key, team("empty")).await.unwrap().total, 0);
        assert_eq!(create(&key, team("climbers")).await.unwrap_err().fault(), Fault::TeamAlreadyExists);
        // Roles are those of the request: the maker has them with the next one.
        let ada = fixture.holder(&fixture.sign_in("ada").await).await;
        assert_eq!(seen(&ada).await, ["climbers"]);
        assert_eq!(seen(&key).await, ["climbers", "empty"]);

        let bob = fixture.holder(&bob_value).await;
        assert_eq!(seen(&bob).await, [""; 0]);
        assert_eq!(get(&bob, &id).await.unwrap_err().fault(), Fault::TeamNotFound);
        assert_eq!(delete(&bob, &id).await.unwrap_err().fault(), Fault::TeamNotFound);
        let invitation = Invitation { user_id: bob.user_id().cloned(), ..Invitation::default() };
        memberships::create(&key, &id, invitation).await.unwrap();
        let bob = fixture.holder(&bob_value).await;
        assert_eq!(get(&bob, &id).await.unwrap().total, 2);
        let error = update_name(&bob, &id, "Bob's".to_owned()).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserUnauthorized);
        assert_eq!(delete(&bob, &id).await.unwrap_err().fault(), Fault::UserUnauthorized);

        update_name(&ada, &id, "Alpinists".to_owned()).await.unwrap();
        update_prefs(&ada, &id, r#"{"peak":8849}"#.to_owned()).await.unwrap();
        let found = get(&bob, &id).await.unwrap();
        assert_eq!((found.name.as_str(), found.prefs.as_str()), ("Alpinists", r#"{"peak":8849}"#));
        delete(&ada, &id).await.unwrap();
        let bob = fixture.holder(&bob_value).await;
        assert!(bob.identity().unwrap().memberships.is_empty(), "memberships end with their team");
        assert_eq!(get(&key, &id).await.unwrap_err().fault(), Fault::TeamNotFound);
    })
    .await;
}

/// A console user who makes an organization; the same user with the organization's rights.
async fn organizer(fixture: &Fixture, name: &str) -> Cx {
    let guest = fixture.console_guest().await;
    accounts::create(&guest, new_account(name)).await.unwrap();
    let credentials = EmailSession { email: format!("{name}@example.com"), password: PASSWORD.to_owned() };
    let value = create_with_password(&guest, credentials).await.unwrap().value;
    let user = fixture.holder_at(ProjectRef::CONSOLE_ID, &value).await;
    create(&user, team(&format!("{name}-org"))).await.unwrap();
    let project = auth::project(&fixture.app, ProjectRef::CONSOLE_ID).await.unwrap();
    let credentials = Credentials { sessions: vec![value], ..Credentials::default() };
    let admin = AdminTarget { team_id: Some(format!("{name}-org")), ..AdminTarget::default() };
    let access = Access { scopes: &[], service: "teams", is_reading: true };
    auth::resolve(&fixture.app, project, &credentials, &admin, access, RequestInfo::default()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_opens_no_other_one() {
    let mut options = Options::default();
    options.console.is_root_only = false;
    on_both_with("organizations", options, |fixture| async move {
        let ada = organizer(&fixture, "ada").await;
        let eve = organizer(&fixture, "eve").await;
        assert!(eve.has_scope("projects.write"), "eve asks with the rights of her own organization");
        assert_eq!(seen(&eve).await, ["eve-org"]);
        let other = TeamId::from("ada-org");
        assert_eq!(get(&eve, &other).await.unwrap_err().fault(), Fault::TeamNotFound);
        let error = update_name(&eve, &other, "Eve's".to_owned()).await.unwrap_err();
        assert_eq!(error.fault(), Fault::TeamNotFound);
        let error = memberships::list(&eve, &other, &ListRequest::default()).await.unwrap_err();
        assert_eq!(error.fault(), Fault::TeamNotFound);
        let error = crate::users::list(&eve, &ListRequest::default()).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserUnauthorized, "nobody lists the console's users");
        let made = create(&eve, team("second")).await.unwrap();
        assert_eq!(made.total, 1, "at the console an admin is a person, who owns what she makes");
        assert_eq!(get(&ada, &other).await.unwrap().name, "Team ada-org");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_takes_its_projects_along() {
    let mut options = Options::default();
    options.console.is_root_only = false;
    on_both_with("projects_go", options, |fixture| async move {
        let guest = fixture.console_guest().await;
        accounts::create(&guest, new_account("ada")).await.unwrap();
        let credentials = EmailSession { email: "ada@example.com".to_owned(), password: PASSWORD.to_owned() };
        let value = create_with_password(&guest, credentials).await.unwrap().value;
        create(&fixture.holder_at(ProjectRef::CONSOLE_ID, &value).await, team("owners")).await.unwrap();
        fixture.make_project("blog", "owners").await.unwrap();
        accounts::create(&fixture.guest_at("blog").await.unwrap(), new_account("emma")).await.unwrap();
        let ada = fixture.holder_at(ProjectRef::CONSOLE_ID, &value).await;
        delete(&ada, &TeamId::from("owners")).await.unwrap();
        assert_eq!(fixture.guest_at("blog").await.map(drop), Err(Fault::ProjectUnknown));
    })
    .await;
}
