//! Accounts, sessions, teams and what belongs to them.

use cairn_http::model;
use cairn_http::model::Kind::{Any, Boolean, Integer, List, Object, Of, OrNull, Text, Time};

model! {
    /// An address at which a user is reached.
    pub(crate) TARGET = "target" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "name": Text,
        "userId": Text,
        "providerId": OrNull(&Text),
        "providerType": Text,
        "identifier": Text,
        "expired": Boolean,
    }
}

model! {
    /// The account of the one who asks.
    pub(crate) OWN_ACCOUNT = "account" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "name": Text,
        "registration": Time,
        "status": Boolean,
        "labels": List(&Text),
        "passwordUpdate": Time,
        "email": Text,
        "phone": Text,
        "emailVerification": Boolean,
        "emailCanonical": OrNull(&Text),
        "emailIsFree": OrNull(&Boolean),
        "emailIsDisposable": OrNull(&Boolean),
        "emailIsCorporate": OrNull(&Boolean),
        "emailIsCanonical": OrNull(&Boolean),
        "phoneVerification": Boolean,
        "mfa": Boolean,
        "prefs": Object,
        "targets": List(&Of(&TARGET)),
        "accessedAt": Time,
        "impersonator": Boolean,
        "impersonatorUserId": OrNull(&Text),
    }
}

model! {
    /// A user, as administrators see them.
    pub(crate) USER = "user" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "name": Text,
        "password": OrNull(&Text),
        "hash": OrNull(&Text),
        "hashOptions": OrNull(&Any),
        "registration": Time,
        "status": Boolean,
        "labels": List(&Text),
        "passwordUpdate": Time,
        "email": Text,
        "phone": Text,
        "emailVerification": Boolean,
        "emailCanonical": OrNull(&Text),
        "emailIsFree": OrNull(&Boolean),
        "emailIsDisposable": OrNull(&Boolean),
        "emailIsCorporate": OrNull(&Boolean),
        "emailIsCanonical": OrNull(&Boolean),
        "phoneVerification": Boolean,
        "mfa": Boolean,
        "prefs": Object,
        "targets": List(&Of(&TARGET)),
        "accessedAt": Time,
        "impersonator": Boolean,
        "impersonatorUserId": OrNull(&Text),
    }
}

model! {
    /// A session of a user.
    pub(crate) SESSION = "session" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "userId": Text,
        "expire": Time,
        "provider": Text,
        "providerUid": Text,
        "providerAccessToken": Text,
        "providerAccessTokenExpiry": Time,
        "providerRefreshToken": Text,
        "ip": Text,
        "osCode": Text,
        "osName": Text,
        "osVersion": Text,
        "clientType": Text,
        "clientCode": Text,
        "clientName": Text,
        "clientVersion": Text,
        "clientEngine": Text,
        "clientEngineVersion": Text,
        "deviceName": Text,
        "deviceBrand": Text,
        "deviceModel": Text,
        "countryCode": Text,
        "countryName": Text,
        "current": Boolean,
        "factors": List(&Text),
        "secret": Text,
        "mfaUpdatedAt": Time,
    }
}

model! {
    /// A token that stands for a user.
    pub(crate) JWT = "jwt" { "jwt": Text }
}

model! {
    /// What a client keeps with a user or a team.
    pub(crate) PREFERENCES = "preferences" open {}
}

model! {
    /// A group of users.
    pub(crate) TEAM = "team" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "name": Text,
        "total": Integer,
        "prefs": Object,
    }
}

model! {
    /// A user's place in a team.
    pub(crate) MEMBERSHIP = "membership" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "userId": Text,
        "userName": Text,
        "userEmail": Text,
        "userPhone": Text,
        "teamId": Text,
        "teamName": Text,
        "invited": Time,
        "joined": Time,
        "confirm": Boolean,
        "mfa": Boolean,
        "userAccessedAt": Time,
        "roles": List(&Text),
    }
}

model! {
    /// A user's account at a provider.
    pub(crate) IDENTITY = "identity" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "userId": Text,
        "provider": Text,
        "providerUid": Text,
        "providerEmail": Text,
        "providerAccessToken": Text,
        "providerAccessTokenExpiry": Time,
        "providerRefreshToken": Text,
    }
}

model! {
    /// A secret that was sent to a user, who proves an address or signs in with it.
    pub(crate) TOKEN = "token" {
        "$id": Text,
        "$createdAt": Time,
        "userId": Text,
        "secret": Text,
        "expire": Time,
        "phrase": Text,
    }
}

model! {
    /// Something that somebody did.
    pub(crate) LOG = "log" {
        "event": Text,
        "userId": Text,
        "userEmail": Text,
        "userName": Text,
        "mode": Text,
        "userType": Text,
        "ip": Text,
        "time": Time,
        "osCode": Text,
        "osName": Text,
        "osVersion": Text,
        "clientType": Text,
        "clientCode": Text,
        "clientName": Text,
        "clientVersion": Text,
        "clientEngine": Text,
        "clientEngineVersion": Text,
        "deviceName": Text,
        "deviceBrand": Text,
        "deviceModel": Text,
        "countryCode": Text,
        "countryName": Text,
    }
}

model! {
    /// A figure at a time.
    pub(crate) METRIC = "metric" {
        "value": Integer,
        "date": Time,
    }
}

model! {
    /// How many users and sessions a project has.
    pub(crate) USAGE_USERS = "usageUsers" {
        "range": Text,
        "usersTotal": Integer,
        "sessionsTotal": Integer,
        "users": List(&Of(&METRIC)),
        "sessions": List(&Of(&METRIC)),
    }
}
