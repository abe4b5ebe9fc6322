//! Second factors: enrolment, challenges, recovery codes, and what each of them ends.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::mfa::{
    CHALLENGE_ATTEMPTS_MAX, CHALLENGE_SECONDS, CHALLENGES_PER_USER_MAX, FRESH_SECONDS, Factor,
};
use cairn_model::sessions::Session;

use super::challenges::{answer, create, get_of};
use super::recovery::{self, Keeping};
use super::totp::{STEP_SECONDS, code_at};
use super::{
    Factors, Second, create_authenticator, delete_authenticator, delete_authenticator_of, factors,
    factors_of, update, update_of, verify_authenticator,
};
use crate::Cx;
use crate::auth::require_factors;
use crate::fixture::{Fixture, on_both};

/// The code that an authenticator shows now.
fn code(fixture: &Fixture, secret: &str) -> String {
    code_at(secret, fixture.clock.now()).unwrap()
}

fn step(fixture: &Fixture) {
    fixture.clock.advance_ms(STEP_SECONDS * 1_000);
}

/// Someone with a verified authenticator: the session's value and the secret.
async fn enrolled(fixture: &Fixture, name: &str) -> (String, String) {
    fixture.sign_up(name).await;
    let value = fixture.sign_in(name).await;
    let cx = fixture.holder(&value).await;
    let secret = create_authenticator(&cx).await.unwrap().secret;
    verify_authenticator(&cx, &code(fixture, &secret)).await.unwrap();
    step(fixture);
    (value, secret)
}

async fn challenged(cx: &Cx, factor: Factor, code: &str) -> Result<Session, Error> {
    let challenge = create(cx, factor).await.unwrap();
    answer(cx, &challenge.id, code).await
}

fn fault<T: std::fmt::Debug>(result: Result<T, Error>) -> Fault {
    result.unwrap_err().fault()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authenticator_counts_once_a_code_was_shown() {
    on_both("mfa_enrol", |fixture| async move {
        fixture.sign_up("ada").await;
        let ada = fixture.holder(&fixture.sign_in("ada").await).await;
        assert_eq!(fault(verify_authenticator(&ada, "123456").await), Fault::UserAuthenticatorNotFound);
        let first = create_authenticator(&ada).await.unwrap();
        assert!(
            first.uri.starts_with("otpauth://totp/Shop%3Aada%40example.com?issuer=Shop&secret="),
            "{}",
            first.uri
        );
        let second = create_authenticator(&ada).await.unwrap();
        assert_ne!(first.secret, second.secret, "made anew as long as it does not count");
        assert!(!factors(&ada).await.unwrap().totp);
        let old = code(&fixture, &first.secret);
        assert_eq!(fault(verify_authenticator(&ada, &old).await), Fault::UserInvalidToken);
        verify_authenticator(&ada, &code(&fixture, &second.secret)).await.unwrap();
        assert_eq!(factors(&ada).await.unwrap(), Factors { totp: true, ..Factors::default() });
        let known = UserId::from("ada");
        assert!(factors_of(&fixture.key().await, &known).await.unwrap().totp);
        assert_eq!(fault(create_authenticator(&ada).await), Fault::UserAuthenticatorAlreadyVerified);
        assert_eq!(
            fault(verify_authenticator(&ada, "123456").await),
            Fault::UserAuthenticatorAlreadyVerified
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_an_authenticator_counts_once() {
    on_both("mfa_replay", |fixture| async move {
        let (value, secret) = enrolled(&fixture, "ada").await;
        let ada = fixture.holder(&value).await;
        let shown = code(&fixture, &secret);
        challenged(&ada, Factor::Totp, &shown).await.unwrap();
        assert_eq!(
            fault(challenged(&ada, Factor::Totp, &shown).await),
            Fault::UserInvalidToken,
            "it was used"
        );
        step(&fixture);
        let next = code(&fixture, &secret);
        challenged(&ada, Factor::Totp, &next).await.unwrap();
        assert_eq!(
            fault(challenged(&ada, Factor::Totp, &shown).await),
            Fault::UserInvalidToken,
            "it is older"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn enrolment_asks_every_other_session_at_once() {
    on_both("mfa_revoke", |fixture| async move {
        let (value, secret) = enrolled(&fixture, "ada").await;
        let other = fixture.sign_in("ada").await;
        require_factors(&fixture.holder(&other).await).unwrap();
        let changed = update(&fixture.holder(&value).await, Second::Asked).await.unwrap();
        assert!(changed.user.has_mfa);
        require_factors(&fixture.holder(&value).await).expect("who turned it on stays in");
        let asked = fixture.holder(&other).await;
        assert_eq!(fault(require_factors(&asked)), Fault::UserMoreFactorsRequired);
        assert!(factors(&asked).await.unwrap().totp, "the ways out are told");
        let session = challenged(&asked, Factor::Totp, &code(&fixture, &secret)).await.unwrap();
        assert_eq!(session.factors, ["password", "totp"]);
        assert_eq!(session.mfa_updated, Some(fixture.clock.now()));
        require_factors(&fixture.holder(&other).await).unwrap();

        let late = fixture.sign_in("ada").await;
        assert_eq!(fault(require_factors(&fixture.holder(&late).await)), Fault::UserMoreFactorsRequired);
        update_of(&fixture.key().await, &UserId::from("ada"), Second::Spared).await.unwrap();
        require_factors(&fixture.holder(&late).await).expect("nothing is asked any more");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_away_wants_a_fresh_challenge() {
    on_both("mfa_fresh", |fixture| async move {
        let (value, secret) = enrolled(&fixture, "ada").await;
        let holder = || fixture.holder(&value);
        assert_eq!(recovery::create(&holder().await).await.unwrap().len(), 6);
        assert_eq!(fault(recovery::create(&holder().await).await), Fault::UserRecoveryCodesAlreadyExists);
        for refused in [
            recovery::list(&holder().await).await.map(drop),
            recovery::regenerate(&holder().await).await.map(drop),
            delete_authenticator(&holder().await).await,
        ] {
            assert_eq!(fault(refused), Fault::UserChallengeRequired);
        }
        challenged(&holder().await, Factor::Totp, &code(&fixture, &secret)).await.unwrap();
        let shown = recovery::list(&holder().await).await.unwrap();
        let anew = recovery::regenerate(&holder().await).await.unwrap();
        assert!(anew.len() == 6 && anew.iter().all(|code| !shown.contains(code)));
        assert_eq!(recovery::list(&holder().await).await.unwrap(), anew);
        fixture.clock.advance_ms(FRESH_SECONDS * 1_000 + 1);
        assert_eq!(
            fault(recovery::list(&holder().await).await),
            Fault::UserChallengeRequired,
            "too long ago"
        );
        challenged(&holder().await, Factor::Totp, &code(&fixture, &secret)).await.unwrap();
        delete_authenticator(&holder().await).await.unwrap();
        assert_eq!(fault(delete_authenticator(&holder().await).await), Fault::UserAuthenticatorNotFound);
        let gone = create(&holder().await, Factor::Totp).await.unwrap();
        assert_eq!(
            fault(answer(&holder().await, &gone.id, "123456").await),
            Fault::UserAuthenticatorNotFound
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_codes_count_once_and_are_nobody_elses() {
    on_both("mfa_recovery", |fixture| async move {
        let key = fixture.key().await;
        fixture.sign_up("bob").await;
        let (bob, id) = (fixture.holder(&fixture.sign_in("bob").await).await, UserId::from("bob"));
        assert_eq!(fault(recovery::list_of(&key, &id).await), Fault::UserRecoveryCodesNotFound);
        assert_eq!(fault(recovery::regenerate_of(&key, &id).await), Fault::UserRecoveryCodesNotFound);
        let codes = recovery::create_of(&key, &id).await.unwrap();
        assert_eq!(fault(recovery::create_of(&key, &id).await), Fault::UserRecoveryCodesAlreadyExists);
        assert!(factors(&bob).await.unwrap().recovery_code);
        let eve = fixture.signed_up("eve").await;
        assert_eq!(fault(challenged(&eve, Factor::RecoveryCode, &codes[0]).await), Fault::UserInvalidToken);
        challenged(&bob, Factor::RecoveryCode, &codes[0]).await.unwrap();
        assert_eq!(fault(challenged(&bob, Factor::RecoveryCode, &codes[0]).await), Fault::UserInvalidToken);
        assert_eq!(recovery::list_of(&key, &id).await.unwrap(), codes[1..]);
        let anew = recovery::regenerate_of(&key, &id).await.unwrap();
        assert_eq!(fault(challenged(&bob, Factor::RecoveryCode, &codes[1]).await), Fault::UserInvalidToken);
        challenged(&bob, Factor::RecoveryCode, &anew[1]).await.unwrap();
        assert_eq!(fault(delete_authenticator_of(&key, &id).await), Fault::UserAuthenticatorNotFound);
        assert_eq!(fault(recovery::create_of(&bob, &id).await), Fault::UserUnauthorized);

        let shown: Vec<String> = (0..10).map(|number| format!("code-{number}")).collect();
        let kept = recovery::kept(&key, &id, &shown, Keeping::HashAlone);
        assert!(shown.len() == 10 && kept.iter().all(|code| code.sealed.is_empty()));
    })
    .await;
}

/// Two hundred at the same time: one wins.
#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_uses_of_a_recovery_code_one_wins() {
    on_both("mfa_race", |fixture| async move {
        let key = fixture.key().await;
        fixture.sign_up("bob").await;
        let bob = fixture.holder(&fixture.sign_in("bob").await).await;
        let codes = recovery::create_of(&key, &UserId::from("bob")).await.unwrap();
        let mut open = Vec::new();
        for _ in 0..CHALLENGES_PER_USER_MAX {
            open.push(create(&bob, Factor::RecoveryCode).await.unwrap().id);
        }
        let mut uses = tokio::task::JoinSet::new();
        for place in 0..200 {
            let (bob, code, id) = (bob.clone(), codes[0].clone(), open[place % open.len()].clone());
            uses.spawn(async move { answer(&bob, &id, &code).await.map_err(|error| error.fault()) });
        }
        let outcomes = uses.join_all().await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(won, 1);
        assert!(
            outcomes
                .iter()
                .all(|outcome| !matches!(outcome, Err(fault) if *fault != Fault::UserInvalidToken))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_ends_by_time_by_misses_and_by_its_answer() {
    on_both("mfa_challenge", |fixture| async move {
        fixture.configure(|settings| settings.policies.mfa_factors.custom = true).await;
        let (key, bob) = (fixture.key().await, fixture.signed_up("bob").await);
        let id = UserId::from("bob");
        let challenge = create(&bob, Factor::Custom).await.unwrap();
        let (found, code) = get_of(&key, &id, &challenge.id).await.unwrap();
        assert_eq!((found.id.clone(), code.len()), (challenge.id.clone(), 6));
        assert_eq!(fault(get_of(&bob, &id, &challenge.id).await), Fault::UserUnauthorized);
        let eve = fixture.signed_up("eve").await;
        assert_eq!(fault(answer(&eve, &challenge.id, &code).await), Fault::UserInvalidToken, "it is Bob's");
        let wrong = if code == "000000" { "000001" } else { "000000" };
        assert_eq!(fault(answer(&bob, &challenge.id, wrong).await), Fault::UserInvalidToken);
        answer(&bob, &challenge.id, &code).await.unwrap();
        assert_eq!(fault(answer(&bob, &challenge.id, &code).await), Fault::UserInvalidToken, "answered once");
        assert_eq!(fault(get_of(&key, &id, &challenge.id).await), Fault::UserInvalidToken);

        let guessed = create(&bob, Factor::Custom).await.unwrap();
        let (_, code) = get_of(&key, &id, &guessed.id).await.unwrap();
        for _ in 0..CHALLENGE_ATTEMPTS_MAX {
            answer(&bob, &guessed.id, "none").await.unwrap_err();
        }
        assert_eq!(fault(answer(&bob, &guessed.id, &code).await), Fault::UserInvalidToken, "too many misses");

        let late = create(&bob, Factor::Custom).await.unwrap();
        let (_, code) = get_of(&key, &id, &late.id).await.unwrap();
        fixture.clock.advance_ms(CHALLENGE_SECONDS * 1_000);
        assert_eq!(fault(answer(&bob, &late.id, &code).await), Fault::UserInvalidToken, "too late");
        let totp = create(&bob, Factor::Totp).await.unwrap();
        assert_eq!(
            fault(get_of(&key, &id, &totp.id).await),
            Fault::UserInvalidToken,
            "it has no code to tell"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_factor_counts_only_while_the_project_lets_it() {
    on_both("mfa_policy", |fixture| async move {
        let (value, secret) = enrolled(&fixture, "ada").await;
        let open = create(&fixture.holder(&value).await, Factor::Totp).await.unwrap();
        fixture.configure(|settings| settings.policies.mfa_factors.totp = false).await;
        let ada = fixture.holder(&value).await;
        assert!(!factors(&ada).await.unwrap().totp);
        for factor in [Factor::Totp, Factor::Custom] {
            assert_eq!(fault(create(&ada, factor).await), Fault::UserAuthMethodUnsupported);
        }
        let shown = code(&fixture, &secret);
        assert_eq!(fault(answer(&ada, &open.id, &shown).await), Fault::UserAuthMethodUnsupported);
        assert_eq!(fault(create(&ada, Factor::Email).await), Fault::GeneralSmtpDisabled);
        assert_eq!(fault(create(&ada, Factor::Phone).await), Fault::GeneralPhoneDisabled);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn factors_end_with_their_user() {
    on_both("mfa_delete", |fixture| async move {
        let (value, _) = enrolled(&fixture, "ada").await;
        let ada = fixture.holder(&value).await;
        recovery::create(&ada).await.unwrap();
        create(&ada, Factor::Totp).await.unwrap();
        let key = fixture.key().await;
        crate::users::delete(&key, &UserId::from("ada")).await.unwrap();
        fixture.sign_up("ada").await;
        let again = fixture.holder(&fixture.sign_in("ada").await).await;
        assert_eq!(factors(&again).await.unwrap(), Factors::default());
        create_authenticator(&again).await.expect("nothing is left of the old one");
    })
    .await;
}
