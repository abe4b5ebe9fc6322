//! The rows from `amazon` to `etsy`.

use super::{
    Authorize, Basic, Exchange, Flag, Host, ID, IdToken, KeyFile, Never, OPENID, OPENID_OFFLINE, PLAIN,
    PostBearer, Profile, Provider, Public, Query, SECRET, SignedKey, Text, emails, field, id, old, required,
    secret,
};

pub(super) const ROWS: &[Provider] = &[
    Provider {
        id: "amazon",
        name: "Amazon",
        method: Some("updateOAuth2Amazon"),
        authorize: Authorize { url: "https://www.amazon.com/ap/oa", scopes: &["profile"], ..PLAIN.authorize },
        token: Exchange { url: "https://api.amazon.com/auth/o2/token", ..PLAIN.token },
        profile: Profile { url: "https://api.amazon.com/user/profile", id: "/user_id", ..PLAIN.profile },
        ..PLAIN
    },
    Provider {
        id: "apple",
        name: "Apple",
        method: Some("updateOAuth2Apple"),
        fields: &[
            id("serviceId", "Service ID"),
            required(old(field("keyId", "Key ID", "K3Y1D00000", Text), "keyID")),
            required(old(field("teamId", "Team ID", "T3AM1D0000", Text), "teamID")),
            old(field("p8File", "P8 File", "-----BEGIN PRIVATE KEY-----", KeyFile), "p8"),
        ],
        authorize: Authorize {
            url: "https://appleid.apple.com/auth/authorize",
            scopes: &["name", "email"],
            params: &[("response_mode", "form_post")],
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://appleid.apple.com/auth/token", client: SignedKey, ..PLAIN.token },
        profile: Profile { source: IdToken, name: &[], ..OPENID.profile },
        ..PLAIN
    },
    Provider {
        id: "appwrite",
        name: "Appwrite",
        method: Some("updateOAuth2Appwrite"),
        authorize: Authorize {
            url: "https://cloud.appwrite.io/v1/oauth2/console/authorize",
            ..OPENID.authorize
        },
        token: Exchange { url: "https://cloud.appwrite.io/v1/oauth2/console/token", ..PLAIN.token },
        profile: Profile { url: "https://cloud.appwrite.io/v1/oauth2/console/userinfo", ..OPENID.profile },
        ..PLAIN
    },
    Provider {
        id: "auth0",
        name: "Auth0",
        method: Some("updateOAuth2Auth0"),
        fields: &[
            ID,
            SECRET,
            required(old(field("endpoint", "Domain", "example.us.auth0.com", Host), "auth0Domain")),
        ],
        authorize: Authorize { url: "{endpoint}/authorize", ..OPENID_OFFLINE },
        token: Exchange { url: "{endpoint}/oauth/token", ..PLAIN.token },
        profile: Profile { url: "{endpoint}/userinfo", ..OPENID.profile },
        ..PLAIN
    },
    Provider {
        id: "authentik",
        name: "Authentik",
        method: Some("updateOAuth2Authentik"),
        fields: &[
            ID,
            SECRET,
            required(old(field("endpoint", "Domain", "authentik.example.com", Host), "authentikDomain")),
        ],
        authorize: Authorize { url: "{endpoint}/application/o/authorize/", ..OPENID_OFFLINE },
        token: Exchange { url: "{endpoint}/application/o/token/", ..PLAIN.token },
        profile: Profile { url: "{endpoint}/application/o/userinfo/", ..OPENID.profile },
        ..PLAIN
    },
    Provider {
        id: "autodesk",
        name: "Autodesk",
        method: Some("updateOAuth2Autodesk"),
        authorize: Authorize {
            url: "https://developer.api.autodesk.com/authentication/v1/authorize",
            scopes: &["user-profile:read"],
            ..PLAIN.authorize
        },
        token: Exchange {
            url: "https://developer.api.autodesk.com/authentication/v1/gettoken",
            refresh_url: "https://developer.api.autodesk.com/authentication/v1/refreshtoken",
            ..PLAIN.token
        },
        profile: Profile {
            url: "https://developer.api.autodesk.com/userprofile/v1/users/@me",
            id: "/userId",
            email: "/emailId",
            verified: Flag("/emailVerified"),
            name: &["/userName"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "bitbucket",
        name: "BitBucket",
        method: Some("updateOAuth2Bitbucket"),
        fields: &[id("key", "Key"), secret("secret", "Secret")],
        authorize: Authorize {
            url: "https://bitbucket.org/site/oauth2/authorize",
            callback: Never,
            ..PLAIN.authorize
        },
        token: Exchange {
            url: "https://bitbucket.org/site/oauth2/access_token",
            client: Basic,
            ..PLAIN.token
        },
        profile: Profile {
            url: "https://api.bitbucket.org/2.0/user",
            more: &[("emails", "https://api.bitbucket.org/2.0/user/emails")],
            id: "/uuid",
            emails: Some(emails("/emails/values", "/email", "/is_confirmed", "/is_primary")),
            name: &["/display_name"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "bitly",
        name: "Bitly",
        method: Some("updateOAuth2Bitly"),
        authorize: Authorize { url: "https://bitly.com/oauth/authorize", scope_param: "", ..PLAIN.authorize },
        token: Exchange { url: "https://api-ssl.bitly.com/oauth/access_token", ..PLAIN.token },
        profile: Profile {
            url: "https://api-ssl.bitly.com/v4/user",
            headers: &[("accept", "application/json")],
            id: "/login",
            email: "",
            emails: Some(emails("/emails", "/email", "/is_verified", "/is_primary")),
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "box",
        name: "Box",
        method: Some("updateOAuth2Box"),
        authorize: Authorize {
            url: "https://account.box.com/api/oauth2/authorize",
            scopes: &["manage_app_users"],
            separator: ",",
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://account.box.com/api/oauth2/token", ..PLAIN.token },
        profile: Profile { url: "https://api.box.com/2.0/me", email: "/login", ..PLAIN.profile },
        ..PLAIN
    },
    Provider {
        id: "dailymotion",
        name: "Dailymotion",
        method: Some("updateOAuth2Dailymotion"),
        fields: &[id("apiKey", "API Key"), secret("apiSecret", "API Secret")],
        authorize: Authorize {
            url: "https://www.dailymotion.com/oauth/authorize",
            scopes: &["userinfo", "email"],
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://api.dailymotion.com/oauth/token", ..PLAIN.token },
        // Its `verified` is a badge of the channel and says nothing about the address.
        profile: Profile {
            url: "https://api.dailymotion.com/user/me?fields=email,id,fullname",
            name: &["/fullname"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "discord",
        name: "Discord",
        method: Some("updateOAuth2Discord"),
        authorize: Authorize {
            url: "https://discordapp.com/api/oauth2/authorize",
            scopes: &["identify", "email"],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://discordapp.com/api/oauth2/token", ..PLAIN.token },
        profile: Profile {
            url: "https://discordapp.com/api/users/@me",
            verified: Flag("/verified"),
            name: &["/username"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "disqus",
        name: "Disqus",
        method: Some("updateOAuth2Disqus"),
        fields: &[
            id("publicKey", "Public Key, also known as API Key"),
            secret("secretKey", "Secret Key, also known as API Secret"),
        ],
        authorize: Authorize {
            url: "https://disqus.com/api/oauth/2.0/authorize/",
            scopes: &["read", "email"],
            separator: ",",
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://disqus.com/api/oauth/2.0/access_token/", ..PLAIN.token },
        profile: Profile {
            url: "https://disqus.com/api/3.0/users/details.json?api_key={client_id}&api_secret={client_secret}",
            source: Query("access_token"),
            root: "/response",
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "dropbox",
        name: "Dropbox",
        method: Some("updateOAuth2Dropbox"),
        fields: &[id("appKey", "App Key"), secret("appSecret", "App Secret")],
        authorize: Authorize {
            url: "https://www.dropbox.com/oauth2/authorize",
            scope_param: "",
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://api.dropboxapi.com/oauth2/token", ..PLAIN.token },
        profile: Profile {
            url: "https://api.dropboxapi.com/2/users/get_current_account",
            source: PostBearer,
            id: "/account_id",
            verified: Flag("/email_verified"),
            name: &["/name/display_name"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
    Provider {
        id: "etsy",
        name: "Etsy",
        method: Some("updateOAuth2Etsy"),
        fields: &[id("keyString", "Keystring"), secret("sharedSecret", "Shared Secret")],
        authorize: Authorize {
            url: "https://www.etsy.com/oauth/connect",
            scopes: &["email_r", "profile_r"],
            has_pkce: true,
            ..PLAIN.authorize
        },
        token: Exchange { url: "https://api.etsy.com/v3/public/oauth/token", client: Public, ..PLAIN.token },
        profile: Profile {
            // The number in front of the token's first dot is the user's.
            url: "https://api.etsy.com/v3/application/users/{token:prefix}",
            headers: &[("x-api-key", "{client_id}")],
            id: "/user_id",
            email: "/primary_email",
            name: &["/first_name", "/last_name"],
            ..PLAIN.profile
        },
        ..PLAIN
    },
];
