//! What the server says of itself.

use cairn_http::model;
use cairn_http::model::Kind::{Boolean, Integer, List, Of, Text};

model! {
    /// What this server can do, for consoles.
    pub(crate) CONSOLE_VARIABLES = "consoleVariables" {
        "_APP_DOMAIN_TARGET_CNAME": Text,
        "_APP_DOMAIN_TARGET_A": Text,
        "_APP_DOMAIN_TARGET_AAAA": Text,
        "_APP_DOMAIN_TARGET_CAA": Text,
        "_APP_STORAGE_LIMIT": Integer,
        "_APP_COMPUTE_BUILD_TIMEOUT": Integer,
        "_APP_COMPUTE_SIZE_LIMIT": Integer,
        "_APP_USAGE_STATS": Text,
        "_APP_VCS_ENABLED": Boolean,
        "_APP_VCS_PROVIDERS": List(&Text),
        "_APP_VCS_PROVIDERS_WITH_REPOSITORY_CREATION": List(&Text),
        "_APP_VCS_PROVIDERS_WITH_PUBLIC_REPOSITORIES": List(&Text),
        "_APP_DOMAIN_ENABLED": Boolean,
        "_APP_ASSISTANT_ENABLED": Boolean,
        "_APP_DOMAIN_SITES": Text,
        "_APP_DOMAIN_FUNCTIONS": Text,
        "_APP_OPTIONS_FORCE_HTTPS": Text,
        "_APP_DOMAINS_NAMESERVERS": Text,
        "_APP_DB_ADAPTER": Text,
        "supportForRelationships": Boolean,
        "supportForOperators": Boolean,
        "supportForSpatials": Boolean,
        "supportForSpatialIndexNull": Boolean,
        "supportForFulltextWildcard": Boolean,
        "supportForMultipleFulltextIndexes": Boolean,
        "supportForAttributeResizing": Boolean,
        "supportForSchemas": Boolean,
        "maxIndexLength": Integer,
        "supportForIntegerIds": Boolean,
    }
}

model! {
    /// Something that a key may be given.
    pub(crate) KEY_SCOPE = "consoleKeyScope" { "$id": Text, "description": Text, "category": Text, "deprecated": Boolean }
}

model! {
    /// How a part of the server is.
    pub(crate) HEALTH_STATUS = "healthStatus" { "name": Text, "status": Text, "ping": Integer }
}

model! {
    /// The version of the server.
    pub(crate) HEALTH_VERSION = "healthVersion" { "version": Text }
}

model! {
    /// The versions of the API and of the SDKs that it was made for.
    pub(crate) VERSIONS = "versions" { "server": Text, "client-web": Text, "server-nodejs": Text, "console-web": Text }
}

model! {
    /// Whatever a test asks for.
    pub(crate) ANY = "any" open {}
}

model! {
    /// What a provider of sign-in has to be told.
    pub(crate) PROVIDER_FORM = "consoleOAuth2Provider" { "$id": Text, "parameters": List(&Of(&PROVIDER_FIELD)) }
}

model! {
    /// One thing that a provider of sign-in has to be told.
    pub(crate) PROVIDER_FIELD = "consoleOAuth2ProviderParameter" {
        "$id": Text,
        "name": Text,
        "example": Text,
        "hint": Text,
    }
}
