//! Invitations reach whom they are for, and are accepted once.

use cairn_faults::Fault;
use cairn_model::ids::{MembershipId, TeamId};
use cairn_model::permissions::Role;
use cairn_model::projects::Settings;
use cairn_testkit::smtp::{Mail, Sink};

use crate::fixture::{Fixture, fault, on_both_with};
use crate::memberships::{Acceptance, Invitation, accept, create};
use crate::sms::{SmsOptions, SmsProvider};
use crate::teams::{self, NewTeam};
use crate::{Cx, Options, mail, users};

const PAGE: &str = "https://shop.example.com/join";

fn options(sink: &Sink) -> Options {
    Options { sms: SmsOptions { provider: Some(SmsProvider::Mock) }, ..mail::tests::options(sink) }
}

/// The owner of a team.
async fn owner(fixture: &Fixture) -> Cx {
    let ada = fixture.signed_up("ada").await;
    let new = NewTeam {
        id: "climbers".to_owned(),
        name: "Climbers\r\nBcc: x@example.com".to_owned(),
        roles: Vec::new(),
    };
    teams::create(&ada, new).await.expect("a team");
    fixture.holder(&fixture.sign_in("ada").await).await
}

fn by_email(email: &str) -> Invitation {
    Invitation {
        email: Some(email.to_owned()),
        roles: vec!["guide".to_owned()],
        url: Some(PAGE.to_owned()),
        name: "<b>Bob</b>".to_owned(),
        ..Invitation::default()
    }
}

fn acceptance(mail: &Mail) -> Acceptance {
    Acceptance {
        team: TeamId::from(mail.link_param("teamId").as_str()),
        membership: MembershipId::from(mail.link_param("membershipId").as_str()),
        user: mail.link_param("userId").as_str().into(),
        secret: mail.link_param("secret"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_stranger_joins_and_is_signed_in() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("invite_mail", options(sink), |fixture| async move {
        let ada = owner(&fixture).await;
        let team = TeamId::from("climbers");
        let made = create(&ada, &team, by_email("Bob@example.com")).await.expect("invited");
        assert!(!made.membership.is_confirmed && made.membership.joined.is_none());
        assert_eq!(teams::get(&ada, &team).await.expect("found").total, 1, "who is invited is no member yet");
        let mail = sink.wait_for("bob@example.com", 1).pop().expect("a mail");
        assert_eq!(mail.header("subject"), "Join Climbers  Bcc: x@example.com at Shop");
        assert!(mail.html().contains("&lt;b&gt;Bob") && !mail.html().contains("<b>Bob"), "{}", mail.html());
        assert!(mail.text().contains("ada invites you"), "{}", mail.text());
        let guest = fixture.guest().await;
        let good = acceptance(&mail);
        let wrong = [
            (Acceptance { secret: "wrong".to_owned(), ..good.clone() }, Fault::TeamInvalidSecret),
            (Acceptance { secret: String::new(), ..good.clone() }, Fault::TeamInvalidSecret),
            (Acceptance { user: "ada".into(), ..good.clone() }, Fault::TeamInviteMismatch),
            (Acceptance { team: "none".into(), ..good.clone() }, Fault::TeamNotFound),
            (Acceptance { membership: "none".into(), ..good.clone() }, Fault::MembershipNotFound),
        ];
        for (wrong, expected) in wrong {
            assert_eq!(fault(accept(&guest, wrong).await), expected);
        }
        assert_eq!(
            fault(accept(&ada, good.clone()).await),
            Fault::TeamInviteMismatch,
            "it is for somebody else"
        );
        let accepted = accept(&guest, good.clone()).await.expect("accepted");
        let bob = fixture.holder(&accepted.session.expect("signed in").value).await;
        assert!(bob.has_role(&Role::Team("climbers".to_owned(), Some("guide".to_owned()))));
        assert!(bob.user().expect("signed in").is_email_verified);
        assert_eq!(teams::get(&bob, &team).await.expect("visible").total, 2);
        assert_eq!(fault(accept(&guest, good).await), Fault::MembershipAlreadyConfirmed);
        assert_eq!(
            fault(create(&ada, &team, by_email("bob@example.com")).await),
            Fault::MembershipAlreadyConfirmed
        );
        assert_eq!(
            fault(create(&bob, &team, by_email("cem@example.com")).await),
            Fault::UserUnauthorized,
            "no owner"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_opens_no_account_to_who_took_the_address_before() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("invite_pre_hijack", options(sink), |fixture| async move {
        let ada = owner(&fixture).await;
        let mallory = fixture.signed_up("bob").await;
        create(&ada, &"climbers".into(), by_email("bob@example.com")).await.expect("invited");
        let good = acceptance(&sink.last_to("bob@example.com"));
        let accepted = accept(&fixture.guest().await, good).await.expect("accepted");
        let bob = fixture.holder(&accepted.session.expect("signed in").value).await;
        let own = bob.user().expect("signed in");
        assert_eq!(
            (own.is_email_verified, &own.password_hash),
            (true, &None),
            "the key of who was first is gone"
        );
        let (id, session) = (own.id.clone(), mallory.session().expect("had one").id.clone());
        let left = bob.store().read(bob.project_ref(), |tx| async move { tx.session_list(&id).await }).await;
        let left: Vec<_> = left.expect("reads");
        assert!(left.len() == 1 && left[0].id != session, "and the session");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_200_uses_of_one_invitation_exactly_one_wins() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("invite_race", options(sink), |fixture| async move {
        let ada = owner(&fixture).await;
        create(&ada, &"climbers".into(), by_email("bob@example.com")).await.expect("invited");
        let good = acceptance(&sink.last_to("bob@example.com"));
        let guest = fixture.guest().await;
        let mut uses = tokio::task::JoinSet::new();
        for _ in 0..200 {
            let (guest, good) = (guest.clone(), good.clone());
            uses.spawn(async move { accept(&guest, good).await.is_ok() });
        }
        assert_eq!(uses.join_all().await.into_iter().filter(|won| *won).count(), 1);
        assert_eq!(teams::get(&ada, &"climbers".into()).await.expect("found").total, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_invitation_makes_the_first_link_void() {
    let sink = Sink::start();
    on_both_with("reinvite", options(&sink), |fixture| async move {
        let ada = owner(&fixture).await;
        let team = TeamId::from("climbers");
        let guest = fixture.guest().await;
        let invite =
            async || create(&ada, &team, by_email("bob@example.com")).await.expect("invited").membership;
        let first = invite().await;
        let second = invite().await;
        assert_eq!(first.id, second.id, "it is one membership");
        assert_ne!(first.secret_hash, second.secret_hash);
        let stale = Acceptance {
            team: team.clone(),
            membership: first.id,
            user: first.user_id,
            secret: first.secret_hash,
        };
        assert_eq!(
            fault(accept(&guest, stale).await),
            Fault::TeamInvalidSecret,
            "what is stored is no secret"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_address_is_invited_by_phone() {
    let sink = Sink::start();
    on_both_with("invite_phone", options(&sink), |fixture| async move {
        let ada = owner(&fixture).await;
        let number = "+4915112345678";
        let invitation = Invitation { email: None, phone: Some(number.to_owned()), ..by_email("") };
        create(&ada, &"climbers".into(), invitation).await.expect("invited");
        let sms = fixture.app.phones.sent().pop().expect("a message");
        assert!(sms.number == number && sms.text.starts_with(PAGE), "{}", sms.text);
        let nameless = users::NewUser { id: "eve".to_owned(), ..users::NewUser::default() };
        users::create(&fixture.key().await, nameless).await.expect("a user");
        let invitation = Invitation { email: None, user_id: Some("eve".into()), ..by_email("") };
        assert_eq!(fault(create(&ada, &"climbers".into(), invitation).await), Fault::GeneralArgumentInvalid);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invitations_obey_the_rules_of_the_project() {
    let sink = Sink::start();
    on_both_with("invite_rules", options(&sink), |fixture| async move {
        let ada = owner(&fixture).await;
        let under = async |change: &dyn Fn(&mut Settings), email: &str| {
            fixture.configure(|settings| change(settings)).await;
            let ada = Cx { project: fixture.guest().await.project.clone(), ..ada.clone() };
            create(&ada, &"climbers".into(), by_email(email)).await
        };
        let full = under(&|settings| settings.policies.users_max = Some(1), "bob@example.com").await;
        assert_eq!(fault(full), Fault::UserCountExceeded);
        let free = under(
            &|settings| {
                settings.policies.users_max = None;
                settings.policies.emails.denies_free = true;
            },
            "bob@gmail.com",
        )
        .await;
        assert_eq!(fault(free), Fault::UserEmailFree);
        let off = under(
            &|settings| {
                settings.disabled_auth_methods.insert("invites".to_owned());
            },
            "bob@example.com",
        )
        .await;
        assert_eq!(fault(off), Fault::UserAuthMethodUnsupported);
        let without = Invitation { url: None, ..by_email("bob@example.com") };
        fixture.configure(|settings| settings.disabled_auth_methods.clear()).await;
        let ada = Cx { project: fixture.guest().await.project.clone(), ..ada };
        assert_eq!(fault(create(&ada, &"climbers".into(), without).await), Fault::GeneralArgumentInvalid);
    })
    .await;
    assert!(sink.mails().is_empty());
}
