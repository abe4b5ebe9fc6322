//! Every row of the table, spoken to a provider on loopback: what it is asked, and whom it is understood to tell of.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use cairn_model::oauth::{
    Authorize, CallbackTold, ClientProof, Exchange, FieldKind, Profile, Provider, ProviderKind, Source,
    Verified, providers,
};
use cairn_testkit::provider::{Asked, Provider as Fake};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};
use serde_json::{Value, json};
use url::Url;

use super::{BASE, BROWSER, enter, options, parameter};
use crate::Cx;
use crate::fixture::on_both_with;
use crate::oauth::{Begin, Person, apple, begin, identify, take_state};

/// A key file made for this run.
fn key_file() -> &'static str {
    static MADE: OnceLock<String> = OnceLock::new();
    MADE.get_or_init(|| {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        let body = STANDARD.encode(der.expect("a key"));
        let lines: Vec<&str> =
            body.as_bytes().chunks(64).map(|line| str::from_utf8(line).expect("ASCII")).collect();
        format!(
            "-----BEGIN PRIVATE KEY-----
{}
-----END PRIVATE KEY-----
",
            lines.join(
                "
"
            )
        )
    })
}

/// The row with its endpoints on loopback; everything else is what it is.
fn at(fake: &Fake, row: &Provider) -> &'static Provider {
    let at = |path: &str, url: &'static str| -> &'static str {
        // What stands in the row's query or path as a placeholder must still be filled in.
        let (_, rest) = url.split_once('{').unwrap_or_default();
        let kept = if url.contains("{token:") || url.contains("{client") {
            format!("/{{{rest}")
        } else {
            String::new()
        };
        let kept = url.find('?').map_or(kept, |place| url[place..].to_owned());
        format!("{}{path}{kept}", fake.origin()).leak()
    };
    let more: Vec<(&str, &str)> =
        row.profile.more.iter().map(|(name, url)| (*name, at(&format!("/more-{name}"), url))).collect();
    Box::leak(Box::new(Provider {
        authorize: Authorize { url: at("/authorize", row.authorize.url), ..row.authorize },
        token: Exchange { url: at("/token", row.token.url), refresh_url: "", ..row.token },
        profile: Profile { url: at("/profile", row.profile.url), more: more.leak(), ..row.profile },
        ..*row
    }))
}

/// Write a value where a pointer points.
fn put(document: &mut Value, pointer: &str, value: Value) {
    let Some((before, last)) = pointer.rsplit_once('/') else {
        if value.is_object() {
            *document = value;
        }
        return;
    };
    if document.pointer(before).is_none() {
        put(document, before, json!({}));
    }
    // A number names a place in a list.
    if last == "0" {
        put(document, before, json!([value]));
    } else if let Some(object) = document.pointer_mut(before).and_then(Value::as_object_mut) {
        object.insert(last.to_owned(), value);
    }
}

/// What such a provider tells of Ada, the address proved where it tells proofs at all.
fn ada(row: &Provider) -> Value {
    let (mut user, profile) = (json!({}), &row.profile);
    put(&mut user, profile.id, json!("ada-1"));
    match &profile.emails {
        None => put(&mut user, profile.email, json!("Ada@Example.com")),
        Some(emails) => {
            let entry = |address: &str, is_proved: bool| {
                let mut entry = json!({});
                put(&mut entry, emails.address, json!(address));
                put(&mut entry, emails.verified, json!(is_proved));
                put(&mut entry, emails.primary, json!(is_proved));
                entry
            };
            let list = json!([entry("other@example.com", false), entry("ada@example.com", true)]);
            put(&mut user, emails.list, list);
        }
    }
    match profile.verified {
        Verified::Never => {}
        Verified::Flag(pointer) => put(&mut user, pointer, json!(true)),
        Verified::One(pointer) => put(&mut user, pointer, json!(1)),
        Verified::Present(pointer) if pointer == profile.email => {}
        Verified::Present(pointer) => put(&mut user, pointer, json!("2020-01-01")),
    }
    for (place, pointer) in profile.name.iter().enumerate() {
        put(&mut user, pointer, json!(["Ada", "Lovelace"][place]));
    }
    let mut whole = json!({});
    // Further documents are put into the whole by the code under test.
    for (name, _) in profile.more {
        user.as_object_mut().expect("an object").remove(*name);
    }
    if profile.root.is_empty() {
        return user;
    }
    put(&mut whole, profile.root, user);
    whole
}

async fn person(cx: &Cx, row: &'static Provider) -> (String, Person) {
    let wanted = Begin {
        provider: row,
        scopes: &["extra".to_owned()],
        memo: "memo".to_owned(),
        base: BASE,
        callback: format!("{BASE}/callback"),
        browser: Some(BROWSER),
    };
    let address = Box::pin(begin(cx, wanted)).await.unwrap_or_else(|error| panic!("{}: {error}", row.id));
    let state = parameter(&address, "state").expect("a state");
    let state = take_state(cx, row, &state, Some(BROWSER)).await.expect("is recognized");
    assert_eq!(state.memo, "memo");
    let person = Box::pin(identify(cx, row, &state, "the code", BASE)).await;
    (address, person.unwrap_or_else(|error| panic!("{}: {error} {}", row.id, error.private_text())))
}

fn check_address(row: &Provider, address: &str) {
    let has = |name: &str| parameter(address, name);
    assert_eq!(has("client_id").as_deref(), Some("app"), "{}", row.id);
    assert_eq!(has("response_type").as_deref(), Some("code"), "{}", row.id);
    assert_eq!(has("redirect_uri").is_some(), row.authorize.callback != CallbackTold::Never, "{}", row.id);
    assert_eq!(has("code_challenge").is_some(), row.authorize.has_pkce, "{}", row.id);
    if !row.authorize.scope_param.is_empty() {
        let scope = has(row.authorize.scope_param).unwrap_or_default();
        assert!(scope.ends_with("extra"), "{}: {scope}", row.id);
        assert!(row.authorize.scopes.iter().all(|own| scope.contains(own)), "{}: {scope}", row.id);
    }
    assert!(has("state").is_some_and(|state| state.len() <= 64), "{}: some take no long ones", row.id);
}

fn check_exchange(row: &Provider, asked: &Asked) {
    let id = row.id;
    let form = if row.token.client == ClientProof::Query {
        assert_eq!(asked.method, "GET", "{id}");
        asked.target.clone()
    } else {
        assert_eq!((asked.method.as_str(), asked.target.as_str()), ("POST", "/token"), "{id}");
        format!("?{}", asked.body)
    };
    let form = Url::parse(&format!("http://form{form}")).expect("a form");
    let field =
        |name: &str| form.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(field("code").as_deref(), Some("the code"), "{id}");
    assert_eq!(field("redirect_uri").is_some(), row.authorize.callback == CallbackTold::Twice, "{id}");
    assert_eq!(field("code_verifier").is_some(), row.authorize.has_pkce, "{id}");
    let is_basic = asked.headers.contains("authorization: basic yxbwonmzy3jlda==");
    let (has_id, has_secret) = (field("client_id").is_some(), field("client_secret").is_some());
    let expected = match row.token.client {
        ClientProof::Form | ClientProof::Query | ClientProof::SignedKey => (false, true, true),
        ClientProof::Basic => (true, false, false),
        ClientProof::BasicAndId => (true, true, false),
        ClientProof::Public => (false, true, false),
    };
    assert_eq!((is_basic, has_id, has_secret), expected, "{id}: {asked:?}");
}

fn check_profile(row: &Provider, asked: &Asked) {
    let how = match row.profile.source {
        Source::Query(name) => asked.target.contains(&format!("{name}=12345.at")),
        Source::Scheme(word) => {
            asked.headers.contains(&format!("authorization: {} 12345.at", word.to_ascii_lowercase()))
        }
        Source::PostBearer => {
            asked.method == "POST" && asked.headers.contains("authorization: bearer 12345.at")
        }
        Source::Bearer | Source::IdToken => asked.headers.contains("authorization: bearer 12345.at"),
    };
    assert!(how, "{}: {asked:?}", row.id);
    assert!(!asked.target.contains('{') && !asked.headers.contains('{'), "{}: {asked:?}", row.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_provider_is_spoken_to_as_its_row_says() {
    on_both_with("oauth_protocol", options(), |f| async move {
        let cx = f.guest().await;
        for row in providers().filter(|row| row.kind == ProviderKind::Real) {
            let fake = Fake::start();
            let mut values: Vec<(&str, &str)> =
                row.parts().filter(|field| field.is_required).map(|field| (field.name, "a.b")).collect();
            if row.id == "oidc" {
                values = vec![
                    ("authorizationURL", "https://x"),
                    ("tokenURL", "https://x"),
                    ("userInfoURL", "https://x"),
                ];
            }
            enter(&cx, row.id, &values).await;
            if row.secret().kind == FieldKind::KeyFile {
                enter_key(&cx, row).await;
            }
            let row = at(&fake, row);
            answer(&fake, row);
            let (address, person) = person(&cx, row).await;
            check_address(row, &address);
            let asked = fake.asked();
            check_exchange(row, &asked[0]);
            let rest = &asked[1..];
            let expected = if row.profile.source == Source::IdToken { 0 } else { 1 + row.profile.more.len() };
            assert_eq!(rest.len(), expected, "{}", row.id);
            for asked in rest {
                check_profile(row, asked);
            }
            check_person(row, &person);
        }
    })
    .await;
}

async fn enter_key(cx: &Cx, row: &'static Provider) {
    let values = vec![(row.secret(), key_file().to_owned())];
    crate::oauth::update(cx, row, crate::oauth::Patch { is_enabled: None, values })
        .await
        .expect("is entered");
}

/// Let the fake provider answer as this one would.
fn answer(fake: &Fake, row: &Provider) {
    let mut claims = ada(row);
    let mut tokens = json!({});
    let inner = format!("{}{}", row.token.root, row.token.access);
    put(&mut tokens, &inner, json!("12345.at"));
    put(&mut tokens, &format!("{}/refresh_token", row.token.root), json!("rt"));
    put(&mut tokens, &format!("{}/expires_in", row.token.root), json!(3_600));
    tokens["stripe_user_id"] = json!("acct_1");
    if row.profile.source == Source::IdToken {
        claims["aud"] = json!("app");
        let body = URL_SAFE_NO_PAD.encode(claims.to_string());
        tokens["id_token"] = json!(format!("e30.{body}.c2ln"));
    }
    fake.answer("/token", 200, &tokens);
    for path in ["/profile", "/profile/12345", "/profile/acct_1"] {
        fake.answer(path, 200, &claims);
    }
    for (name, _) in row.profile.more {
        // The document of that name is what the pointers below it say.
        let mut whole = json!({});
        let proved = json!({ "address": "ada@example.com" });
        if let Some(emails) = row.profile.emails {
            let mut entry = json!({});
            put(&mut entry, emails.address, proved["address"].clone());
            put(&mut entry, emails.verified, json!(true));
            put(&mut entry, emails.primary, json!(true));
            put(&mut whole, emails.list, json!([entry]));
        }
        for pointer in row.profile.name {
            put(&mut whole, pointer, json!("Ada"));
        }
        fake.answer(&format!("/more-{name}"), 200, whole.get(*name).cloned().unwrap_or_default());
    }
}

fn check_person(row: &Provider, person: &Person) {
    let id = row.id;
    assert_eq!((person.uid.as_str(), person.email.as_deref()), ("ada-1", Some("ada@example.com")), "{id}");
    let tells = row.profile.verified != Verified::Never || row.profile.emails.is_some();
    assert_eq!(person.is_email_verified, tells, "{id}");
    let name = match row.profile.name.len() {
        0 => "",
        1 => "Ada",
        _ => "Ada Lovelace",
    };
    assert_eq!(person.name, name, "{id}");
    assert_eq!((person.tokens.access.as_str(), person.tokens.refresh.as_str()), ("12345.at", "rt"), "{id}");
    assert!(person.tokens.expires.is_some(), "{id}");
    assert!(!format!("{person:?}").contains("12345.at"), "tokens are not for logs");
}

#[tokio::test(flavor = "multi_thread")]
async fn apples_secret_is_signed_with_the_key_file() {
    on_both_with("oauth_apple", options(), |f| async move {
        let cx = f.guest().await;
        let row = cairn_model::oauth::provider("apple").expect("a row");
        enter(&cx, "apple", &[("keyId", "KEY"), ("teamId", "TEAM")]).await;
        enter_key(&cx, row).await;
        let client = crate::oauth::Client::load(&cx, row, BASE).await.expect("loads");
        let secret = apple::client_secret(&cx, &client).expect("signs");
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).expect("decodes");
        let parts: Vec<&str> = secret.split('.').collect();
        let claims: Value = serde_json::from_slice(&decode(parts[1])).expect("claims");
        let header: Value = serde_json::from_slice(&decode(parts[0])).expect("a header");
        assert_eq!(header, json!({ "alg": "ES256", "kid": "KEY" }));
        let now = cx.now().epoch_seconds();
        let expected = json!({
            "iss": "TEAM", "iat": now, "exp": now + 300, "aud": "https://appleid.apple.com", "sub": "app",
        });
        assert_eq!(claims, expected);
        let public = public_key();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public);
        let signed = format!("{}.{}", parts[0], parts[1]);
        key.verify(signed.as_bytes(), &decode(parts[2])).expect("the signature is the key's");
    })
    .await;
}

/// The public half of [`key_file`].
fn public_key() -> Vec<u8> {
    let body: String = key_file().lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(body).expect("base64");
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &SystemRandom::new());
    pair.expect("a key").public_key().as_ref().to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn open_id_endpoints_are_discovered() {
    on_both_with("oauth_discovery", options(), |f| async move {
        let (cx, fake) = (f.guest().await, Fake::start());
        let origin = fake.origin();
        enter(&cx, "oidc", &[("wellKnownURL", &format!("{origin}/.well-known/openid-configuration"))]).await;
        fake.answer(
            "/.well-known/openid-configuration",
            200,
            json!({
                "authorization_endpoint": format!("{origin}/a"),
                "token_endpoint": format!("{origin}/t"),
                "userinfo_endpoint": format!("{origin}/u"),
            }),
        );
        fake.answer("/t", 200, json!({ "access_token": "at" }));
        fake.answer("/u", 200, json!({ "sub": 42, "email": "ada@example.com", "email_verified": "true" }));
        let row = cairn_model::oauth::provider("oidc").expect("a row");
        let (address, person) = person(&cx, row).await;
        assert!(address.starts_with(&format!("{origin}/a?")), "{address}");
        assert_eq!((person.uid.as_str(), person.is_email_verified), ("42", true));
    })
    .await;
}
