//! The rows from `facebook` to `notion`.

use super::{
    Authorize, Basic, BasicAndId, Exchange, Field, Host, ID, InQuery, OPENID, OPENID_OFFLINE, PLAIN, Present,
    Profile, Prompt, Provider, Query, SECRET, Scheme, Text, Url, emails, field, id, mock, old, or, required,
    secret,
};

pub(super) const ROWS: &[Provider] = &[
    Provider {
        id: "facebook",
        name: "Facebook",
        method: Some("updateOAuth2Facebook"),
        fields: &[id("appId", "App ID"), secret("appSecret", "App Secret")],
        authorize: Authorize {
            url: "https://www.facebook.com/v2.8/dialog/oauth",
            scopes: &["email"],
            ..PLAIN.authorize
        },
        token: Exchange {
            url: "https://graph.facebook.com/v2.8/oauth/access_token",
            client: InQuery,
            ..PLAIN.token
        },
        profile: Profile {
            url: "https://graph.facebook.com/v2.8/me?fields=email,name",
            source: Query("access_token"),
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "figma",
        name: "Figma",
        method: Some("updateOAuth2Figma"),
        authorize: Authorize {
            url: "https://www.figma.com/oauth",
            scopes: &["current_user:read"],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange {
            url: "https://api.figma.com/v1/oauth/token",
            refresh_url: "https://api.figma.com/v1/oauth/refresh",
            client: Basic,
            ..PLAIN.token
        },
        profile: Profile { url: "https://api.figma.com/v1/me", name: &["/handle"], ..PLAIN.profile },
        ..PLAIN
    },
    Provider {
        id: "fusionauth",
        name: "FusionAuth",
        method: Some("updateOAuth2FusionAuth"),
        fields: &[
            ID,
            SECRET,
            required(old(field("endpoint", "Domain", "example.fusionauth.io", Host), "fusionAuthDomain")),
        ],
        authorize: Authorize { url: "{endpoint}/oauth2/authorize", ..OPENID_OFFLINE },
        token: Exchange { url: "{endpoint}/oauth2/token", ..PLAIN.token },
        profile: Profile { url: "{endpoint}/oauth2/userinfo", ..OPENID.profile },
        ..PLAIN
    },
    Provider {
        id: "github",
        name: "GitHub",
        method: Some("updateOAuth2GitHub"),
        fields: &[
            Field {
                hint: "Not the number of a GitHub App.",
                ..id("clientId", "Client ID of an OAuth app, or of a GitHub App")
            },
            SECRET,
        ],
        authorize: Authorize {
            url: "https://github.com/login/oauth/authorize",
            scopes: &["user:email"],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://github.com/login/oauth/access_token", ..PLAIN.token },
        profile: Profile {
            url: "https://api.github.com/user",
            source: Scheme("token"),
            more: &[("emails", "https://api.github.com/user/emails")],
            emails: Some(emails("/emails", "/email", "/verified", "/primary")),
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "gitlab",
        name: "GitLab",
        method: Some("updateOAuth2Gitlab"),
        fields: &[
            id("applicationId", "Application ID"),
            secret("secret", "Secret"),
            or(field("endpoint", "Endpoint", "https://gitlab.com", Url), "https://gitlab.com"),
        ],
        authorize: Authorize {
            url: "{endpoint}/oauth/authorize",
            scopes: &["read_user"],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange { url: "{endpoint}/oauth/token", ..PLAIN.token },
        profile: Profile {
            url: "{endpoint}/api/v4/user",
            verified: Present("/confirmed_at"),
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "google",
        name: "Google",
        method: Some("updateOAuth2Google"),
        fields: &[ID, SECRET, or(field("prompt", "Prompt", "[\"consent\"]", Prompt), "consent")],
        authorize: Authorize {
            url: "https://accounts.google.com/o/oauth2/v2/auth",
            scopes: &[
                "https://www.googleapis.com/auth/userinfo.email",
                "https://www.googleapis.com/auth/userinfo.profile",
                "openid",
            ],
            params: &[("access_type", "offline"), ("prompt", "{prompt}")],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://oauth2.googleapis.com/token", ..PLAIN.token },
        profile: Profile { url: "https://www.googleapis.com/oauth2/v3/userinfo", ..OPENID.profile },
        ..PLAIN
    },
    Provider {
        id: "huggingface",
        name: "Hugging Face",
        method: Some("updateOAuth2HuggingFace"),
        authorize: Authorize { url: "https://huggingface.co/oauth/authorize", ..OPENID.authorize },
        token: Exchange { url: "https://huggingface.co/oauth/token", client: BasicAndId, ..PLAIN.token },
        profile: Profile { url: "https://huggingface.co/oauth/userinfo", ..OPENID.profile },
        ..PLAIN
    },
    Provider {
        id: "keycloak",
        name: "Keycloak",
        method: Some("updateOAuth2Keycloak"),
        fields: &[
            ID,
            SECRET,
            required(old(field("endpoint", "Domain", "keycloak.example.com", Host), "keycloakDomain")),
            required(old(field("realmName", "Realm name", "example", Text), "keycloakRealm")),
        ],
        authorize: Authorize {
            url: "{endpoint}/realms/{realmName}/protocol/openid-connect/auth",
            ..OPENID_OFFLINE
        },
        token: Exchange { url: "{endpoint}/realms/{realmName}/protocol/openid-connect/token", ..PLAIN.token },
        profile: Profile {
            url: "{endpoint}/realms/{realmName}/protocol/openid-connect/userinfo",
            ..OPENID.profile
        },
        ..PLAIN
    },
    Provider {
        id: "kick",
        name: "Kick",
        method: Some("updateOAuth2Kick"),
        authorize: Authorize {
            url: "https://id.kick.com/oauth/authorize",
            scopes: &["user:read"],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://id.kick.com/oauth/token", ..PLAIN.token },
        profile: Profile {
            url: "https://api.kick.com/public/v1/users",
            root: "/data/0",
            id: "/user_id",
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "linkedin",
        name: "LinkedIn",
        method: Some("updateOAuth2Linkedin"),
        fields: &[ID, secret("primaryClientSecret", "Primary Client Secret or Secondary Client Secret")],
        authorize: Authorize {
            url: "https://www.linkedin.com/oauth/v2/authorization",
            has_pkce: false,
            ..OPENID.authorize
        },
        token: Exchange { url: "https://www.linkedin.com/oauth/v2/accessToken", ..PLAIN.token },
        profile: Profile { url: "https://api.linkedin.com/v2/userinfo", ..OPENID.profile },
        ..PLAIN
    },
    Provider {
        id: "microsoft",
        name: "Microsoft",
        method: Some("updateOAuth2Microsoft"),
        fields: &[
            id("applicationId", "Entra ID Application ID, also known as Client ID"),
            secret("applicationSecret", "Entra ID Application Secret, also known as Client Secret"),
            required(old(field("tenant", "Tenant", "common", Text), "tenantID")),
        ],
        authorize: Authorize {
            url: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
            scopes: &["offline_access", "user.read"],
            params: &[("response_mode", "query")],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange {
            url: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
            ..PLAIN.token
        },
        profile: Profile {
            url: "https://graph.microsoft.com/v1.0/me",
            email: "/userPrincipalName",
            name: &["/displayName"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
    mock("mock", "Mock", "{base}/v1/mock/tests/general/oauth2/user"),
    mock("mock-unverified", "MockUnverified", "{base}/v1/mock/tests/general/oauth2/user-unverified"),
    Provider {
        id: "notion",
        name: "Notion",
        method: Some("updateOAuth2Notion"),
        fields: &[id("oauthClientId", "OAuth Client ID"), secret("oauthClientSecret", "OAuth Client Secret")],
        authorize: Authorize {
            url: "https://api.notion.com/v1/oauth/authorize",
            scope_param: "",
            params: &[("owner", "user")],
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://api.notion.com/v1/oauth/token", client: Basic, ..PLAIN.token },
        profile: Profile {
            url: "https://api.notion.com/v1/users/me",
            headers: &[("notion-version", "2021-08-16")],
            root: "/bot/owner/user",
            email: "/person/email",
            ..PLAIN.profile
        },
        ..PLAIN
    },
];
