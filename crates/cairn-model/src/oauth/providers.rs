//! The table of providers, in the order of their ids, and what rows have in common: a row differs from [`PLAIN`] or
//! [`OPENID`] where the provider does.

mod amazon_to_etsy;
mod facebook_to_notion;
mod oidc_to_zoom;

use super::CallbackTold::{Never, Once, Twice};
use super::ClientProof::{Basic, BasicAndId, Form, Public, Query as InQuery, SignedKey};
use super::FieldKind::{ClientId, Host, KeyFile, Prompt, Seconds, Secret, Text, Url};
use super::Source::{Bearer, IdToken, PostBearer, Query, Scheme};
use super::Verified::{Flag, One, Present};
use super::{Authorize, Emails, Exchange, Field, FieldKind, Profile, Provider, ProviderKind, Verified};

const fn field(name: &'static str, label: &'static str, example: &'static str, kind: FieldKind) -> Field {
    Field { name, old: name, label, example, hint: "", kind, default: "", is_required: false }
}

const fn required(mut field: Field) -> Field {
    field.is_required = true;
    field
}

const fn old(mut field: Field, old: &'static str) -> Field {
    field.old = old;
    field
}

const fn or(mut field: Field, default: &'static str) -> Field {
    field.default = default;
    field
}

const fn id(name: &'static str, label: &'static str) -> Field {
    field(name, label, "0a1b2c3d4e5f", ClientId)
}

const fn secret(name: &'static str, label: &'static str) -> Field {
    old(field(name, label, "s3cr3t0a1b2c3d4e5f", Secret), "clientSecret")
}

const ID: Field = id("clientId", "Client ID");
const SECRET: Field = secret("clientSecret", "Client Secret");
const CLIENT: &[Field] = &[ID, SECRET];
const PAYPAL: &[Field] = &[ID, secret("secretKey", "Secret Key 1 or Secret Key 2")];
const TRADESHIFT: &[Field] =
    &[id("oauth2ClientId", "OAuth2 Client ID"), secret("oauth2ClientSecret", "OAuth2 Client Secret")];

const PLAIN: Provider = Provider {
    id: "",
    name: "",
    method: None,
    kind: ProviderKind::Real,
    fields: CLIENT,
    authorize: Authorize {
        url: "",
        scopes: &[],
        scope_param: "scope",
        separator: " ",
        params: &[],
        callback: Twice,
        is_callback_numeric: false,
        has_pkce: false,
    },
    token: Exchange { url: "", refresh_url: "", client: Form, root: "", access: "/access_token" },
    profile: Profile {
        url: "",
        source: Bearer,
        headers: &[],
        more: &[],
        root: "",
        id: "/id",
        email: "/email",
        emails: None,
        verified: Verified::Never,
        name: &["/name"],
    },
};

/// OpenID Connect (Core 1.0, sections 3.1 and 5.1), with PKCE: who does not know it ignores it (RFC 6749, 3.1).
const OPENID: Provider = Provider {
    authorize: Authorize { scopes: &["openid", "profile", "email"], has_pkce: true, ..PLAIN.authorize },
    profile: Profile { id: "/sub", verified: Flag("/email_verified"), ..PLAIN.profile },
    ..PLAIN
};

/// The same where a refresh token takes a scope of its own.
const OPENID_OFFLINE: Authorize =
    Authorize { scopes: &["openid", "profile", "email", "offline_access"], ..OPENID.authorize };

const fn emails(
    list: &'static str,
    address: &'static str,
    verified: &'static str,
    primary: &'static str,
) -> Emails {
    Emails { list, address, verified, primary }
}

const fn paypal(
    id: &'static str,
    name: &'static str,
    method: &'static str,
    urls: [&'static str; 3],
) -> Provider {
    Provider {
        id,
        name,
        method: Some(method),
        fields: PAYPAL,
        authorize: Authorize {
            url: urls[0],
            params: &[("flowEntry", "static")],
            callback: Once,
            is_callback_numeric: true,
            has_pkce: false,
            ..OPENID.authorize
        },
        token: Exchange { url: urls[1], client: Basic, ..PLAIN.token },
        profile: Profile {
            url: urls[2],
            id: "/payer_id",
            emails: Some(emails("/emails", "/value", "/confirmed", "/primary")),
            ..PLAIN.profile
        },
        ..PLAIN
    }
}

const fn tradeshift(
    id: &'static str,
    name: &'static str,
    method: &'static str,
    urls: [&'static str; 3],
) -> Provider {
    Provider {
        id,
        name,
        method: Some(method),
        fields: TRADESHIFT,
        authorize: Authorize {
            url: urls[0],
            scopes: &["openid", "offline"],
            callback: Once,
            is_callback_numeric: true,
            ..PLAIN.authorize
        },
        token: Exchange { url: urls[1], client: Basic, ..PLAIN.token },
        profile: Profile {
            url: urls[2],
            headers: &[("accept", "application/json")],
            id: "/Id",
            email: "/Username",
            name: &["/FirstName", "/LastName"],
            ..PLAIN.profile
        },
        ..PLAIN
    }
}

const fn mock(id: &'static str, name: &'static str, profile: &'static str) -> Provider {
    Provider {
        id,
        name,
        kind: ProviderKind::Mock,
        authorize: Authorize {
            url: "{base}/v1/mock/tests/general/oauth2",
            scopes: &["email"],
            ..PLAIN.authorize
        },
        token: Exchange { url: "{base}/v1/mock/tests/general/oauth2/token", client: InQuery, ..PLAIN.token },
        profile: Profile {
            url: profile,
            source: Query("token"),
            verified: Flag("/verified"),
            ..PLAIN.profile
        },
        ..PLAIN
    }
}

/// Every provider, in the order of their ids.
pub fn providers() -> impl Iterator<Item = &'static Provider> {
    [amazon_to_etsy::ROWS, facebook_to_notion::ROWS, oidc_to_zoom::ROWS].into_iter().flatten()
}
