//! Choices are kept, one change does not undo another, and the next request knows them.

use cairn_faults::Fault;

use super::{
    MembershipPrivacyPatch, PasswordStrengthPatch, PolicyChange, SmtpPatch, create_mock_phone,
    delete_mock_phone, mock_phone, replace_mock_phones, set_auth_method, set_policy, set_protocol,
    set_service, set_smtp, update_mock_phone,
};
use crate::fixture::{Fixture, fault};

#[tokio::test(flavor = "multi_thread")]
async fn choices_add_up() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    set_service(&cx, "teams", false).await.expect("off");
    set_service(&cx, "users", false).await.expect("off");
    set_service(&cx, "users", true).await.expect("on");
    set_protocol(&cx, "graphql", false).await.expect("off");
    set_auth_method(&cx, "jwt", false).await.expect("off");
    let changes = [
        PolicyChange::UserLimit(Some(0)),
        PolicyChange::SessionDuration(60),
        PolicyChange::SessionLimit(3),
        PolicyChange::SessionInvalidation(false),
        PolicyChange::PasswordHistory(Some(5)),
        PolicyChange::PasswordStrength(PasswordStrengthPatch {
            chars_min: Some(12),
            needs_number: Some(true),
            ..PasswordStrengthPatch::default()
        }),
        PolicyChange::MembershipPrivacy(MembershipPrivacyPatch {
            shows_name: Some(true),
            ..MembershipPrivacyPatch::default()
        }),
    ];
    for change in changes {
        set_policy(&cx, change).await.expect("changed");
    }
    let seen = fixture.guest_at("shop").await.expect("found").project.settings.clone();
    assert_eq!(seen.disabled_services.iter().collect::<Vec<_>>(), ["teams"]);
    assert_eq!(seen.disabled_protocols.iter().collect::<Vec<_>>(), ["graphql"]);
    assert_eq!(seen.disabled_auth_methods.iter().collect::<Vec<_>>(), ["jwt"]);
    let policies = &seen.policies;
    assert_eq!(
        (policies.users_max, policies.session_seconds(), policies.sessions_per_user_max()),
        (None, 60, 3)
    );
    assert_eq!((policies.ends_sessions_on_password_change, policies.password_history), (false, 5));
    let strength = &policies.password_strength;
    assert_eq!((strength.chars_min, strength.needs_number, strength.needs_symbol), (12, true, false));
    assert_eq!((policies.memberships.shows_name, policies.memberships.shows_email), (true, false));
    assert_eq!((policies.mfa_factors.totp, policies.mfa_factors.custom), (true, false));
    let console = fixture.console_guest().await.project.settings.policies.memberships.clone();
    assert!(console.shows_name, "members of an organization see each other");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_needs_host_port_and_sender() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    let on = SmtpPatch { is_enabled: Some(true), ..SmtpPatch::default() };
    assert_eq!(fault(set_smtp(&cx, on).await), Fault::GeneralArgumentInvalid);
    let patch = SmtpPatch {
        is_enabled: Some(false),
        host: Some("mail.example".to_owned()),
        port: Some(587),
        password: Some("secret".to_owned()),
        sender_email: Some("shop@example.com".to_owned()),
        ..SmtpPatch::default()
    };
    let smtp = set_smtp(&cx, patch).await.expect("changed").smtp;
    assert!(!smtp.is_enabled && !smtp.sealed_password.contains("secret"), "{smtp:?}");
    let cleared =
        SmtpPatch { is_enabled: Some(false), password: Some(String::new()), ..SmtpPatch::default() };
    assert_eq!(set_smtp(&cx, cleared).await.expect("changed").smtp.sealed_password, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn test_numbers_are_kept_once() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    let (number, otp) = ("+15551234", "123456");
    create_mock_phone(&cx, number.to_owned(), otp.to_owned()).await.expect("kept");
    let again = create_mock_phone(&cx, number.to_owned(), otp.to_owned()).await;
    assert_eq!(fault(again), Fault::MockNumberAlreadyExists);
    assert_eq!(update_mock_phone(&cx, number, "654321".to_owned()).await.expect("changed").otp, "654321");
    assert_eq!(mock_phone(&cx, number).await.expect("found").otp, "654321");
    delete_mock_phone(&cx, number).await.expect("forgotten");
    assert_eq!(fault(delete_mock_phone(&cx, number).await), Fault::MockNumberNotFound);
    let twice = vec![(number.to_owned(), otp.to_owned()), (number.to_owned(), otp.to_owned())];
    assert_eq!(fault(replace_mock_phones(&cx, twice).await), Fault::GeneralBadRequest);
}
