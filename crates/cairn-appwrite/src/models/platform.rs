//! Projects and what belongs to them.

use cairn_http::model;
use cairn_http::model::Kind::{Any, Boolean, Integer, List, Maybe, Object, Of, OrNull, Text, Time};

model! {
    /// A key that developers' clients show.
    pub(crate) DEV_KEY = "devKey" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "name": Text,
        "expire": Time,
        "secret": Text,
        "accessedAt": Time,
        "sdks": List(&Text),
    }
}

model! {
    /// A key of a project, of a console user or of an organization.
    pub(crate) KEY = "key" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "name": Text,
        "expire": Time,
        "secret": Text,
        "accessedAt": Time,
        "sdks": List(&Text),
        "scopes": List(&Text),
    }
}

model! {
    /// Something that can be switched off.
    pub(crate) TOGGLE = "toggle" { "$id": Text, "enabled": Boolean }
}

model! {
    /// A project.
    pub(crate) PROJECT = "project" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "name": Text,
        "teamId": Text,
        "region": Text,
        "devKeys": List(&Of(&DEV_KEY)),
        "smtpEnabled": Boolean,
        "smtpSenderName": Text,
        "smtpSenderEmail": Text,
        "smtpReplyToName": Text,
        "smtpReplyToEmail": Text,
        "smtpHost": Text,
        "smtpPort": Integer,
        "smtpUsername": Text,
        "smtpPassword": Text,
        "smtpSecure": Text,
        "pingCount": Integer,
        "pingedAt": Time,
        "labels": List(&Text),
        "status": Text,
        "onboarding": Object,
        "authMethods": List(&Of(&TOGGLE)),
        "services": List(&Of(&TOGGLE)),
        "protocols": List(&Of(&TOGGLE)),
        "blocks": List(&Any),
        "consoleAccessedAt": Time,
        "wafEnabled": Boolean,
        "oAuth2ServerEnabled": Boolean,
        "oAuth2ServerAuthorizationUrl": Text,
        "oAuth2ServerScopes": List(&Text),
        "oAuth2ServerDefaultScopes": List(&Text),
        "oAuth2ServerAuthorizationDetailsTypes": List(&Text),
        "oAuth2ServerAccessTokenDuration": Integer,
        "oAuth2ServerRefreshTokenDuration": Integer,
        "oAuth2ServerPublicAccessTokenDuration": Integer,
        "oAuth2ServerPublicRefreshTokenDuration": Integer,
        "oAuth2ServerInstallationAccessTokenDuration": Integer,
        "oAuth2ServerConfidentialPkce": Boolean,
        "oAuth2ServerVerificationUrl": Text,
        "oAuth2ServerUserCodeLength": Integer,
        "oAuth2ServerUserCodeFormat": Text,
        "oAuth2ServerDeviceCodeDuration": Integer,
        "oAuth2ServerDiscoveryUrl": Text,
    }
}

model! {
    /// An application that a project's clients run in; each type names it otherwise.
    pub(crate) PLATFORM = "platform" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "name": Text,
        "type": Text,
        "hostname": Maybe(&Text),
        "bundleIdentifier": Maybe(&Text),
        "applicationId": Maybe(&Text),
        "packageIdentifierName": Maybe(&Text),
        "packageName": Maybe(&Text),
        "key": Maybe(&Text),
    }
}

model! {
    /// What a project asks of passwords, sessions and users; each policy has members of its own.
    pub(crate) POLICY = "policy" open { "$id": Text }
}

model! {
    /// A telephone number whose code is always the same.
    pub(crate) MOCK_NUMBER = "mockNumber" { "number": Text, "otp": Text, "$createdAt": Time, "$updatedAt": Time }
}

model! {
    /// A variable.
    pub(crate) VARIABLE = "variable" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "key": Text,
        "value": Text,
        "secret": Boolean,
        "resourceType": Text,
        "resourceId": Text,
    }
}

model! {
    /// An address that is told of events.
    pub(crate) WEBHOOK = "webhook" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "name": Text,
        "url": Text,
        "events": List(&Text),
        "tls": Boolean,
        "authUsername": Text,
        "authPassword": Text,
        "secret": OrNull(&Text),
        "enabled": Boolean,
        "logs": Text,
        "attempts": Integer,
    }
}

model! {
    /// A provider of sign-in as a project has it; each has fields of its own.
    pub(crate) PROVIDER = "oAuth2Provider" open { "$id": Text, "enabled": Boolean }
}

model! {
    /// Words of a kind of mail in a language.
    pub(crate) EMAIL_TEMPLATE = "emailTemplate" {
        "templateId": Text,
        "locale": Text,
        "message": Text,
        "senderName": Text,
        "senderEmail": Text,
        "replyToEmail": Text,
        "replyToName": Text,
        "subject": Text,
    }
}
