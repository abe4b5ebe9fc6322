//! What every row of the table must keep.

use std::collections::BTreeSet;

use super::{ClientProof, FieldKind, ProviderKind, ProviderSettings, Source, Verified, provider, providers};

#[test]
fn rows_are_whole_and_in_order() {
    let ids: Vec<&str> = providers().map(|provider| provider.id).collect();
    let sorted: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids, sorted.into_iter().collect::<Vec<_>>(), "sorted, and each id once");
    assert_eq!(ids.len(), 47);
    for provider in providers() {
        let id = provider.id;
        let of = |kinds: &[FieldKind]| provider.fields.iter().filter(|f| kinds.contains(&f.kind)).count();
        assert_eq!(of(&[FieldKind::ClientId]), 1, "{id}");
        assert_eq!(of(&[FieldKind::Secret, FieldKind::KeyFile]), 1, "{id}");
        assert!(!provider.name.is_empty() && !provider.authorize.url.is_empty(), "{id}");
        assert!(!provider.token.url.is_empty() && !provider.profile.id.is_empty(), "{id}");
        assert_eq!(provider.profile.url.is_empty(), provider.profile.source == Source::IdToken, "{id}");
        let public = provider.token.client == ClientProof::Public;
        assert!(!public || provider.authorize.has_pkce, "{id}: nothing binds its code");
        assert_eq!(provider.kind == ProviderKind::Mock, id.starts_with("mock"), "{id}");
    }
}

#[test]
fn every_address_is_encrypted_or_the_projects_own() {
    for provider in providers() {
        let profile = &provider.profile;
        let more = profile.more.iter().map(|(_, url)| *url);
        let own = [provider.authorize.url, provider.token.url, provider.token.refresh_url, profile.url];
        for url in own.into_iter().chain(more).filter(|url| !url.is_empty()) {
            assert!(url.starts_with("https://") || url.starts_with('{'), "{}: {url}", provider.id);
        }
    }
}

#[test]
fn placeholders_name_fields() {
    for provider in providers() {
        let known = |name: &str| {
            ["base", "client_id", "client_secret"].contains(&name)
                || name.starts_with("token:")
                || provider.parts().any(|field| field.name == name)
        };
        let params = provider.authorize.params.iter().map(|(_, value)| *value);
        let urls = [provider.authorize.url, provider.token.url, provider.profile.url];
        for text in urls.into_iter().chain(params) {
            for part in text.split('{').skip(1) {
                let name = part.split('}').next().unwrap_or_default();
                assert!(known(name), "{}: {text}", provider.id);
            }
        }
    }
}

#[test]
fn who_tells_no_proof_is_believed_none() {
    // A list that only a change of the provider's own documentation may make longer.
    let believed: Vec<&str> = providers()
        .filter(|row| row.profile.verified != Verified::Never || row.profile.emails.is_some())
        .map(|row| row.id)
        .collect();
    let expected = [
        "apple",
        "appwrite",
        "auth0",
        "authentik",
        "autodesk",
        "bitbucket",
        "bitly",
        "discord",
        "dropbox",
        "fusionauth",
        "github",
        "gitlab",
        "google",
        "huggingface",
        "keycloak",
        "linkedin",
        "mock",
        "mock-unverified",
        "oidc",
        "okta",
        "paypal",
        "paypalSandbox",
        "podio",
        "salesforce",
        "wordpress",
        "x",
        "yahoo",
        "zoho",
        "zoom",
    ];
    assert_eq!(believed, expected);
}

#[test]
fn complete_is_what_a_sign_in_needs() {
    let settings = |id: &str, secret: &str, parts: &[(&str, &str)]| ProviderSettings {
        is_enabled: false,
        client_id: id.to_owned(),
        sealed_secret: secret.to_owned(),
        parts: parts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    let urls = [("authorizationURL", "a"), ("tokenURL", "b"), ("userInfoURL", "c")];
    let cases: [(&str, ProviderSettings, bool); 11] = [
        ("github", settings("", "", &[]), false),
        ("github", settings("a", "", &[]), false),
        ("github", settings("", "b", &[]), false),
        ("github", settings("a", "b", &[]), true),
        ("gitlab", settings("a", "b", &[]), true),
        ("auth0", settings("a", "b", &[]), false),
        ("auth0", settings("a", "b", &[("endpoint", "x")]), true),
        ("keycloak", settings("a", "b", &[("endpoint", "x")]), false),
        ("oidc", settings("a", "b", &urls[..2]), false),
        ("oidc", settings("a", "b", &urls), true),
        ("oidc", settings("a", "b", &[("wellKnownURL", "x")]), true),
    ];
    for (id, settings, is_complete) in cases {
        let row = provider(id).expect("a row");
        assert_eq!(settings.is_complete(row), is_complete, "{id} {settings:?}");
    }
}
