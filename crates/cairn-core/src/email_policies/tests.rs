//! What each rule refuses, and where it is asked.

use cairn_faults::Fault;
use cairn_model::projects::EmailPolicies;

use super::Check;
use crate::accounts::{self, NewAccount};
use crate::fixture::{PASSWORD, new_account, on_both};
use crate::recoveries;
use crate::signups::{self, NewSignup};
use crate::users::{self, NewUser};

#[test]
fn each_rule_refuses_its_own() {
    let none = EmailPolicies::default();
    let cases = [
        (
            EmailPolicies { denies_disposable: true, ..none.clone() },
            "a@mailinator.com",
            Fault::UserEmailDisposable,
        ),
        (
            EmailPolicies { denies_aliased: true, ..none.clone() },
            "a.b+c@gmail.com",
            Fault::UserEmailNotCanonical,
        ),
        (EmailPolicies { denies_free: true, ..none.clone() }, "ab@gmail.com", Fault::UserEmailFree),
        (
            EmailPolicies { is_corporate_only: true, ..none.clone() },
            "ab@gmail.com",
            Fault::UserEmailNotCorporate,
        ),
        (
            EmailPolicies { is_corporate_only: true, ..none.clone() },
            "a@yopmail.com",
            Fault::UserEmailNotCorporate,
        ),
    ];
    for (policies, email, fault) in cases {
        let check = Check(policies.clone());
        assert_eq!(check.admit(Some(email)).err().map(|error| error.fault()), Some(fault), "{email}");
        for fine in [None, Some("ada@example.com")] {
            assert!(check.admit(fine).is_ok(), "{policies:?} {fine:?}");
        }
        assert!(Check(none.clone()).admit(Some(email)).is_ok(), "{email}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_an_address_asks() {
    on_both("email_policies", |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        fixture.configure(|settings| settings.policies.emails.denies_free = true).await;
        let ada = fixture.holder(&fixture.sign_in("ada").await).await.on_project(ada.project.clone());
        let ada = crate::Cx { project: fixture.guest().await.project.clone(), ..ada };
        let (guest, key) = (fixture.guest().await, fixture.key().await);
        let free = "eve@gmail.com";
        let new = NewAccount { email: free.to_owned(), ..new_account("eve") };
        let user = NewUser { id: "eve".to_owned(), email: Some(free.to_owned()), ..NewUser::default() };
        let signup = NewSignup {
            email: free.to_owned(),
            handle: "eve".to_owned(),
            name: "Eve".to_owned(),
            password: PASSWORD.to_owned(),
        };
        let refused = [
            accounts::create(&guest, new).await.err(),
            accounts::update_email(&ada, free, PASSWORD).await.err(),
            users::create(&key, user).await.err(),
            users::update_email(&key, &"ada".into(), free).await.err(),
            signups::create(&guest, signup).await.err(),
            recoveries::request_email_change(&ada, PASSWORD, free).await.err(),
        ];
        for error in refused {
            assert_eq!(error.map(|error| error.fault()), Some(Fault::UserEmailFree));
        }
    })
    .await;
}
