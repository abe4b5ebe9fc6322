//! The rows from `oidc` to `zoom`.

use super::{
    Authorize, Basic, BasicAndId, Exchange, Flag, Host, ID, IdToken, Never, OPENID, OPENID_OFFLINE, Once,
    One, PLAIN, Present, Profile, Prompt, Provider, SECRET, Scheme, Seconds, Text, Url, emails, field, id,
    old, or, paypal, required, secret, tradeshift,
};

pub(super) const ROWS: &[Provider] = &[
    Provider {
        id: "oidc",
        name: "OpenID Connect",
        method: Some("updateOAuth2Oidc"),
        fields: &[
            ID,
            SECRET,
            old(
                field(
                    "wellKnownURL",
                    "Well-known URL",
                    "https://id.example.com/.well-known/openid-configuration",
                    Url,
                ),
                "wellKnownEndpoint",
            ),
            old(
                field("authorizationURL", "Authorization URL", "https://id.example.com/authorize", Url),
                "authorizationEndpoint",
            ),
            old(field("tokenURL", "Token URL", "https://id.example.com/token", Url), "tokenEndpoint"),
            old(
                field("userInfoURL", "User Info URL", "https://id.example.com/userinfo", Url),
                "userInfoEndpoint",
            ),
            field("prompt", "Prompt", "[\"consent\"]", Prompt),
            field("maxAge", "Max Age", "3600", Seconds),
        ],
        authorize: Authorize {
            url: "{authorizationURL}",
            params: &[("prompt", "{prompt}"), ("max_age", "{maxAge}")],
            ..OPENID.authorize
        },
        token: Exchange { url: "{tokenURL}", ..PLAIN.token },
        profile: Profile { url: "{userInfoURL}", ..OPENID.profile },
        ..PLAIN
    },
    Provider {
        id: "okta",
        name: "Okta",
        method: Some("updateOAuth2Okta"),
        fields: &[
            ID,
            SECRET,
            required(old(field("domain", "Domain", "example.okta.com", Host), "oktaDomain")),
            or(field("authorizationServerId", "Authorization Server ID", "aus0example", Text), "default"),
        ],
        authorize: Authorize {
            url: "{domain}/oauth2/{authorizationServerId}/v1/authorize",
            ..OPENID_OFFLINE
        },
        token: Exchange { url: "{domain}/oauth2/{authorizationServerId}/v1/token", ..PLAIN.token },
        profile: Profile { url: "{domain}/oauth2/{authorizationServerId}/v1/userinfo", ..OPENID.profile },
        ..PLAIN
    },
    paypal(
        "paypal",
        "PayPal",
        "updateOAuth2Paypal",
        [
            "https://www.paypal.com/connect/",
            "https://api.paypal.com/v1/oauth2/token",
            "https://api.paypal.com/v1/identity/oauth2/userinfo?schema=paypalv1.1",
        ],
    ),
    paypal(
        "paypalSandbox",
        "PayPal Sandbox",
        "updateOAuth2PaypalSandbox",
        [
            "https://www.sandbox.paypal.com/connect/",
            "https://api.sandbox.paypal.com/v1/oauth2/token",
            "https://api.sandbox.paypal.com/v1/identity/oauth2/userinfo?schema=paypalv1.1",
        ],
    ),
    Provider {
        id: "podio",
        name: "Podio",
        method: Some("updateOAuth2Podio"),
        authorize: Authorize { url: "https://podio.com/oauth/authorize", scope_param: "", ..PLAIN.authorize },
        token: Exchange { url: "https://api.podio.com/oauth/token", ..PLAIN.token },
        profile: Profile {
            url: "https://api.podio.com/user",
            more: &[("profile", "https://api.podio.com/user/profile")],
            id: "/user_id",
            email: "/mail",
            emails: Some(emails("/mails", "/mail", "/verified", "/primary")),
            name: &["/profile/name"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "salesforce",
        name: "Salesforce",
        method: Some("updateOAuth2Salesforce"),
        fields: &[id("customerKey", "Consumer Key"), secret("customerSecret", "Consumer Secret")],
        authorize: Authorize {
            url: "https://login.salesforce.com/services/oauth2/authorize",
            scopes: &["openid"],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange {
            url: "https://login.salesforce.com/services/oauth2/token",
            client: Basic,
            ..PLAIN.token
        },
        profile: Profile {
            url: "https://login.salesforce.com/services/oauth2/userinfo",
            id: "/user_id",
            verified: Flag("/email_verified"),
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "slack",
        name: "Slack",
        method: Some("updateOAuth2Slack"),
        authorize: Authorize {
            url: "https://slack.com/oauth/v2/authorize",
            scopes: &["openid", "email", "profile"],
            scope_param: "user_scope",
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://slack.com/api/oauth.v2.access", root: "/authed_user", ..PLAIN.token },
        profile: Profile { url: "https://slack.com/api/users.identity", root: "/user", ..PLAIN.profile },
        ..PLAIN
    },
    Provider {
        id: "spotify",
        name: "Spotify",
        method: Some("updateOAuth2Spotify"),
        authorize: Authorize {
            url: "https://accounts.spotify.com/authorize",
            scopes: &["user-read-email"],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://accounts.spotify.com/api/token", client: Basic, ..PLAIN.token },
        profile: Profile { url: "https://api.spotify.com/v1/me", name: &["/display_name"], ..PLAIN.profile },
        ..PLAIN
    },
    Provider {
        id: "stripe",
        name: "Stripe",
        method: Some("updateOAuth2Stripe"),
        fields: &[ID, secret("apiSecretKey", "API Secret Key")],
        authorize: Authorize {
            url: "https://connect.stripe.com/oauth/authorize",
            scopes: &["read_write"],
            callback: Once,
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://connect.stripe.com/oauth/token", ..PLAIN.token },
        profile: Profile {
            url: "https://api.stripe.com/v1/accounts/{token:/stripe_user_id}",
            ..PLAIN.profile
        },
        ..PLAIN
    },
    tradeshift(
        "tradeshift",
        "Tradeshift",
        "updateOAuth2Tradeshift",
        [
            "https://api.tradeshift.com/tradeshift/auth/login",
            "https://api.tradeshift.com/tradeshift/auth/token",
            "https://api.tradeshift.com/tradeshift/rest/external/account/info/user",
        ],
    ),
    tradeshift(
        "tradeshiftBox",
        "Tradeshift Sandbox",
        "updateOAuth2TradeshiftSandbox",
        [
            "https://api-sandbox.tradeshift.com/tradeshift/auth/login",
            "https://api-sandbox.tradeshift.com/tradeshift/auth/token",
            "https://api-sandbox.tradeshift.com/tradeshift/rest/external/account/info/user",
        ],
    ),
    Provider {
        id: "twitch",
        name: "Twitch",
        method: Some("updateOAuth2Twitch"),
        authorize: Authorize {
            url: "https://id.twitch.tv/oauth2/authorize",
            scopes: &["user:read:email"],
            params: &[("force_verify", "true")],
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://id.twitch.tv/oauth2/token", ..PLAIN.token },
        profile: Profile {
            url: "https://api.twitch.tv/helix/users",
            headers: &[("client-id", "{client_id}")],
            root: "/data/0",
            name: &["/display_name"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "wordpress",
        name: "WordPress",
        method: Some("updateOAuth2WordPress"),
        authorize: Authorize {
            url: "https://public-api.wordpress.com/oauth2/authorize",
            scopes: &["auth"],
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://public-api.wordpress.com/oauth2/token", ..PLAIN.token },
        profile: Profile {
            url: "https://public-api.wordpress.com/rest/v1/me",
            id: "/ID",
            verified: Flag("/email_verified"),
            name: &["/username"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "x",
        name: "X",
        method: Some("updateOAuth2X"),
        fields: &[id("customerKey", "Customer Key"), secret("secretKey", "Secret Key")],
        authorize: Authorize {
            url: "https://x.com/i/oauth2/authorize",
            scopes: &["tweet.read", "users.read", "users.email", "offline.access"],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://api.x.com/2/oauth2/token", client: BasicAndId, ..PLAIN.token },
        profile: Profile {
            url: "https://api.x.com/2/users/me?user.fields=confirmed_email",
            root: "/data",
            email: "/confirmed_email",
            verified: Present("/confirmed_email"),
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "yahoo",
        name: "Yahoo",
        method: Some("updateOAuth2Yahoo"),
        fields: &[
            id("clientId", "Client ID, also known as Customer Key"),
            secret("clientSecret", "Client Secret, also known as Customer Secret"),
        ],
        authorize: Authorize { url: "https://api.login.yahoo.com/oauth2/request_auth", ..OPENID.authorize },
        token: Exchange { url: "https://api.login.yahoo.com/oauth2/get_token", client: Basic, ..PLAIN.token },
        profile: Profile { url: "https://api.login.yahoo.com/openid/v1/userinfo", ..OPENID.profile },
        ..PLAIN
    },
    Provider {
        id: "yammer",
        name: "Yammer",
        authorize: Authorize {
            url: "https://www.yammer.com/oauth2/authorize",
            scope_param: "",
            callback: Once,
            ..PLAIN.authorize
        },
        token: Exchange {
            url: "https://www.yammer.com/oauth2/access_token",
            access: "/access_token/token",
            ..PLAIN.token
        },
        profile: Profile {
            url: "https://www.yammer.com/api/v1/users/current.json",
            name: &["/full_name"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "yandex",
        name: "Yandex",
        method: Some("updateOAuth2Yandex"),
        authorize: Authorize {
            url: "https://oauth.yandex.com/authorize",
            callback: Never,
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://oauth.yandex.com/token", client: Basic, ..PLAIN.token },
        profile: Profile {
            url: "https://login.yandex.ru/info?format=json",
            source: Scheme("OAuth"),
            email: "/default_email",
            name: &["/display_name"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "zoho",
        name: "Zoho",
        method: Some("updateOAuth2Zoho"),
        authorize: Authorize {
            url: "https://accounts.zoho.com/oauth/v2/auth",
            scopes: &["email", "profile"],
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://accounts.zoho.com/oauth/v2/token", ..PLAIN.token },
        profile: Profile { source: IdToken, ..OPENID.profile },
        ..PLAIN
    },
    Provider {
        id: "zoom",
        name: "Zoom",
        method: Some("updateOAuth2Zoom"),
        authorize: Authorize {
            url: "https://zoom.us/oauth/authorize",
            scopes: &["user_info:read"],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://zoom.us/oauth/token", client: Basic, ..PLAIN.token },
        profile: Profile {
            url: "https://api.zoom.us/v2/users/me",
            verified: One("/verified"),
            name: &["/first_name", "/last_name"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
];
