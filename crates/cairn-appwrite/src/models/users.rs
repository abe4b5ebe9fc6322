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

/// A model of a user; the members of its own stand behind the name.
macro_rules! user {
    ($(#[doc = $doc:literal])* $const:ident = $name:literal { $($own:literal: $kind:expr),* $(,)? }) => {
        model! {
            $(#[doc = $doc])*
            pub(crate) $const = $name {
                "$id": Text,
                "$createdAt": Time,
                "$updatedAt": Time,
                "name": Text,
                $($own: $kind,)*
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
    };
}

user! {
    /// The account of the one who asks.
    OWN_ACCOUNT = "account" {}
}

user! {
    /// A user, as administrators see them.
    USER = "user" { "password": OrNull(&Text), "hash": OrNull(&Text), "hashOptions": OrNull(&Any) }
}

/// A model of something that a client did: the client is described behind the members of its own.
macro_rules! of_client {
    ($(#[doc = $doc:literal])* $const:ident = $name:literal { $($own:literal: $kind:expr),* $(,)? }) => {
        model! {
            $(#[doc = $doc])*
            pub(crate) $const = $name {
                $($own: $kind,)*
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
    };
}

of_client! {
    /// A session of a user.
    SESSION = "session" {
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

of_client! {
    /// Something that was done.
    LOG = "log" {
        "event": Text,
        "userId": Text,
        "userEmail": Text,
        "userName": Text,
        "mode": Text,
        "userType": Text,
        "ip": Text,
        "time": Time,
    }
}
