//! Races for codes, and what is drawn.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_faults::{Error, Fault};
use cairn_model::apps::{AppAbout, ClientKind};
use cairn_model::oauth2::Oauth2Server;
use cairn_testkit::smtp::Sink;
use sha2::{Digest as _, Sha256};

use super::authorize::{Ask, Reader, authorize};
use super::devices::{self, DeviceAsk};
use super::grants::{Allowed, approve};
use super::settings::{ServerPatch, update};
use super::tokens::{DEVICE_CODE, Issued, TokenAsk, exchange};
use super::with_query;
use crate::apps::{self, NewApp};
use crate::fixture::{Fixture, PROJECT, on_both, on_both_with};
use crate::listing::ListRequest;
use crate::one_time_tokens::{NewSignIn, create_email_code, create_session};
use crate::{Cx, auth, consents, mail};

const CALLBACK: &str = "https://planner.example/callback";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123";

/// The project as a server with one public application.
pub(crate) async fn serve(fixture: &Fixture) {
    let key = fixture.key().await;
    let patch = ServerPatch {
        is_enabled: true,
        authorization_url: "https://shop.example/consent".to_owned(),
        verification_url: Some("https://shop.example/device".to_owned()),
        ..ServerPatch::default()
    };
    update(&key, patch).await.expect("a server");
    let app = NewApp {
        id: "planner".to_owned(),
        name: "Planner".to_owned(),
        kind: ClientKind::Public,
        is_enabled: true,
        has_device_flow: true,
        team_id: None,
        redirect_uris: vec![CALLBACK.to_owned()],
        about: AppAbout::default(),
    };
    apps::create(&key, app).await.expect("an application");
}

/// The same caller with the project as it is now.
pub(crate) async fn now(cx: &Cx) -> Cx {
    let project = auth::project(&cx.app, PROJECT).await.expect("a project");
    Cx { project, ..cx.clone() }
}

pub(crate) async fn code(user: &Cx) -> String {
    let ask = Ask {
        client_id: "planner".to_owned(),
        redirect_uri: CALLBACK.to_owned(),
        response_type: "code".to_owned(),
        scope: "openid".to_owned(),
        code_challenge: URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER.as_bytes())),
        code_challenge_method: "S256".to_owned(),
        ..Ask::default()
    };
    let authorized = authorize(user, ask, Reader::Program).await.expect("authorized");
    let redirect = match authorized.grant_id {
        Some(grant) => approve(user, &grant, Allowed::default()).await.expect("approved"),
        None => authorized.redirect,
    };
    let (_, query) = redirect.split_once('?').expect("a query");
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "code").expect("a code").1.into_owned()
}

pub(crate) fn of_code(code: &str) -> TokenAsk {
    TokenAsk {
        grant_type: "authorization_code".to_owned(),
        code: code.to_owned(),
        client_id: "planner".to_owned(),
        redirect_uri: CALLBACK.to_owned(),
        code_verifier: VERIFIER.to_owned(),
        ..TokenAsk::default()
    }
}

pub(crate) fn of_refresh_token(token: &str) -> TokenAsk {
    TokenAsk {
        grant_type: "refresh_token".to_owned(),
        refresh_token: token.to_owned(),
        client_id: "planner".to_owned(),
        ..TokenAsk::default()
    }
}

/// 200 at once: exactly one gets tokens.
async fn race(cx: &Cx, ask: &TokenAsk, what: &str) {
    let mut uses = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let (cx, ask) = (cx.clone(), ask.clone());
        uses.spawn(async move { exchange(&cx, ask).await });
    }
    let outcomes: Vec<Result<Issued, Error>> = uses.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{what}");
    for error in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(error.fault(), Fault::Oauth2InvalidGrant, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_200_uses_of_one_code_or_refresh_token_exactly_one_wins() {
    on_both("oauth2_races", |fixture| async move {
        serve(&fixture).await;
        let ada = now(&fixture.signed_up("ada").await).await;
        let guest = fixture.guest().await;
        race(&guest, &of_code(&code(&ada).await), "a code").await;

        let tokens = exchange(&guest, of_code(&code(&ada).await)).await.expect("tokens");
        let refresh = tokens.refresh_token.expect("a refresh token");
        race(&guest, &of_refresh_token(&refresh), "a refresh token").await;

        let ask =
            DeviceAsk { client_id: "planner".to_owned(), scope: "openid".to_owned(), ..DeviceAsk::default() };
        let codes = devices::begin(&guest, ask).await.expect("codes");
        let grant = devices::claim(&ada, &codes.user_code).await.expect("a grant");
        approve(&ada, &grant.id, Allowed::default()).await.expect("approved");
        let ask = TokenAsk {
            grant_type: DEVICE_CODE.to_owned(),
            device_code: codes.device_code,
            client_id: "planner".to_owned(),
            ..TokenAsk::default()
        };
        race(&guest, &ask, "a device code").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_200_decisions_on_one_grant_exactly_one_counts() {
    on_both("oauth2_decisions", |fixture| async move {
        serve(&fixture).await;
        let ada = now(&fixture.signed_up("ada").await).await;
        let guest = fixture.guest().await;
        let ask =
            DeviceAsk { client_id: "planner".to_owned(), scope: "openid".to_owned(), ..DeviceAsk::default() };
        let codes = devices::begin(&guest, ask).await.expect("codes");
        let grant = devices::claim(&ada, &codes.user_code).await.expect("a grant");
        let mut decisions = tokio::task::JoinSet::new();
        for _ in 0..200 {
            let (ada, id) = (ada.clone(), grant.id.clone());
            decisions.spawn(async move { approve(&ada, &id, Allowed::default()).await.is_ok() });
        }
        assert_eq!(decisions.join_all().await.into_iter().filter(|won| *won).count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_applications_were_allowed_goes_with_the_first_proof_of_an_address() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("oauth2_pre_hijack", mail::tests::options(sink), |fixture| async move {
        serve(&fixture).await;
        // Somebody takes the address and lets an application act for it, to come back later.
        let mallory = now(&fixture.signed_up("ada").await).await;
        let guest = fixture.guest().await;
        let tokens = exchange(&guest, of_code(&code(&mallory).await)).await.expect("tokens");
        let waiting = code(&mallory).await;
        let sign_in = NewSignIn {
            user_id: "unique()".to_owned(),
            address: "ada@example.com".to_owned(),
            has_phrase: false,
        };
        let secret = create_email_code(&guest, sign_in).await.expect("sent").secret;
        let issued = create_session(&guest, &"ada".into(), &secret).await.expect("the owner comes in");
        let owner = fixture.holder(&issued.value).await;
        let consents = consents::list(&owner, &ListRequest::default()).await.expect("listed");
        assert_eq!(consents.total, 0);
        for ask in [of_refresh_token(&tokens.refresh_token.expect("a token")), of_code(&waiting)] {
            let error = exchange(&guest, ask).await.expect_err("nothing is left");
            assert_eq!(error.fault(), Fault::Oauth2InvalidGrant);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_enabled_with_its_page_and_its_own_scopes() {
    on_both("oauth2_settings", |fixture| async move {
        let key = fixture.key().await;
        let refused = async |patch: ServerPatch| {
            let error = update(&key, patch).await.expect_err("refused");
            assert_eq!(error.fault(), Fault::GeneralArgumentInvalid);
        };
        refused(ServerPatch { is_enabled: true, ..ServerPatch::default() }).await;
        let scopes = Some(vec!["games.play".to_owned()]);
        refused(ServerPatch { default_scopes: scopes.clone(), ..ServerPatch::default() }).await;
        let patch = ServerPatch { scopes: scopes.clone(), default_scopes: scopes, ..ServerPatch::default() };
        let first = update(&key, patch).await.expect("saved").oauth2;
        assert_eq!(first.confidential, Oauth2Server::default().confidential);
        let second = update(&key, ServerPatch::default()).await.expect("saved").oauth2;
        assert_eq!((second.sealed_key, second.scopes), (first.sealed_key, first.scopes), "they stay");
    })
    .await;
}

#[test]
fn values_are_put_behind_an_address() {
    for (address, expected) in [
        ("https://a.example", "https://a.example?x=1+2"),
        ("https://a.example/?y=1", "https://a.example/?y=1&x=1+2"),
        ("https://a.example/#top", "https://a.example/?x=1+2#top"),
    ] {
        assert_eq!(with_query(address, &[("x", "1 2"), ("empty", "")]), expected);
    }
    assert_eq!(with_query("https://a.example", &[]), "https://a.example");
}
