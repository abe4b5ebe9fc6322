//! Applications of others, and the project as their OAuth2 server.

use cairn_http::model;
use cairn_http::model::Kind::{Any, Boolean, Integer, List, Maybe, Of, OrNull, Text, Time};

/// What an application proves itself with.
macro_rules! credential {
    ($(#[doc = $doc:literal])* $const:ident = $name:literal) => {
        model! {
            $(#[doc = $doc])*
            pub(crate) $const = $name {
                "$id": Text,
                "$createdAt": Time,
                "$updatedAt": Time,
                "appId": Text,
                "secret": Text,
                "hint": Text,
                "createdById": Text,
                "createdByName": Text,
                "lastAccessedAt": OrNull(&Time),
            }
        }
    };
}

credential! {
    /// A client secret of an application; the secret itself is told when it is made and never again.
    APP_SECRET = "appSecret"
}

credential! {
    /// A key of an application; the secret itself is told when it is made and never again.
    APP_KEY = "appKey"
}

model! {
    /// An application of others: an OAuth2 client.
    pub(crate) APP = "app" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "name": Text,
        "description": Text,
        "clientUri": Text,
        "logoUri": Text,
        "privacyPolicyUrl": Text,
        "termsUrl": Text,
        "contacts": List(&Text),
        "tagline": Text,
        "tags": List(&Text),
        "labels": List(&Text),
        "images": List(&Text),
        "supportUrl": Text,
        "dataDeletionUrl": Text,
        "redirectUris": List(&Text),
        "postLogoutRedirectUris": List(&Text),
        "enabled": Boolean,
        "type": Text,
        "deviceFlow": Boolean,
        "teamId": Text,
        "userId": Text,
        "installationScopes": List(&Text),
        "installationRedirectUrl": Text,
        "secrets": List(&Of(&APP_SECRET)),
    }
}

model! {
    /// A scope that an application can be given.
    pub(crate) APP_SCOPE = "appScope" {
        "value": Text,
        "description": Text,
        "type": Text,
        "category": Text,
        "deprecated": Boolean,
    }
}

model! {
    /// An application's place in a team.
    pub(crate) APP_INSTALLATION = "appInstallation" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "appId": Text,
        "teamId": Text,
        "scopes": List(&Text),
        "authorizationDetails": List(&Any),
        "createdById": Text,
        "createdByName": Text,
        "lastAccessedAt": OrNull(&Time),
    }
}

model! {
    /// Where an authorization goes on: to a question, or to an address.
    pub(crate) OAUTH2_AUTHORIZE = "oauth2Authorize" { "grantId": Text, "redirectUrl": Text }
}

model! {
    /// Where a user goes after a decision.
    pub(crate) OAUTH2_REDIRECT = "oauth2Redirect" { "redirectUrl": Text }
}

model! {
    /// What an application asks of a user.
    pub(crate) OAUTH2_GRANT = "oauth2Grant" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "userId": Text,
        "appId": Text,
        "scopes": List(&Text),
        "resources": List(&Text),
        "authorizationDetails": Text,
        "prompt": Text,
        "redirectUri": Text,
        "authTime": Integer,
        "expire": Time,
    }
}

model! {
    /// The handle of a request that was pushed.
    pub(crate) OAUTH2_PAR = "oauth2PAR" { "request_uri": Text, "expires_in": Integer }
}

model! {
    /// What a device shows its user, and what it asks with.
    pub(crate) OAUTH2_DEVICE = "oauth2DeviceAuthorization" {
        "device_code": Text,
        "user_code": Text,
        "verification_uri": Text,
        "verification_uri_complete": Text,
        "expires_in": Integer,
        "interval": Integer,
    }
}

model! {
    /// Tokens of an application.
    pub(crate) OAUTH2_TOKEN = "oauth2Token" {
        "access_token": Text,
        "token_type": Text,
        "expires_in": Integer,
        "refresh_token": Text,
        "scope": Text,
        "authorization_details": Maybe(&Text),
        "id_token": Maybe(&Text),
    }
}

model! {
    /// Nothing is told.
    pub(crate) OAUTH2_DONE = "oauth2Done" {}
}

model! {
    /// What an application may know of its user.
    pub(crate) OAUTH2_USER_INFO = "oauth2UserInfo" open { "sub": Text }
}

model! {
    /// What clients need to know of the server (RFC 8414, OpenID Connect Discovery).
    pub(crate) OAUTH2_METADATA = "oauth2Metadata" open { "issuer": Text }
}

model! {
    /// The keys by which others check what the server signs.
    pub(crate) OAUTH2_KEYS = "oauth2Keys" { "keys": List(&Any) }
}

model! {
    /// A team that an application's token names.
    pub(crate) OAUTH2_ORGANIZATION = "oauth2Organization" { "$id": Text }
}

model! {
    /// A project that an application's token names.
    pub(crate) OAUTH2_PROJECT = "oauth2Project" { "$id": Text, "region": Text, "endpoint": Text }
}

model! {
    /// What a user has allowed an application.
    pub(crate) OAUTH2_CONSENT = "oauth2Consent" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "userId": Text,
        "appId": Text,
        "cimdUrl": Text,
        "scopes": List(&Text),
        "resources": List(&Text),
        "authorizationDetails": Text,
        "expire": Time,
    }
}

model! {
    /// The tokens of one device under a consent.
    pub(crate) OAUTH2_CONSENT_TOKEN = "oauth2ConsentToken" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "consentId": Text,
        "userId": Text,
        "appId": Text,
        "cimdUrl": Text,
        "scopes": List(&Text),
        "resources": List(&Text),
        "authorizationDetails": Text,
        "expire": Time,
    }
}
