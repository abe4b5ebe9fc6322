//! What answers look like, as data; route rows name them, and every scenario's answers are compared with them.

use cairn_http::model;
use cairn_http::model::Kind::{Any, Boolean, Integer, List, Maybe, Object, Of, OrNull, Text, Time};
use cairn_http::model::Success;

/// Beside cookies: an application's way to go on, or a browser's.
pub(crate) const OR_STEP: &[Success] = &[Success::accepted(&STEP)];
/// Beside a session: nothing, where there was one already.
pub(crate) const OR_NOTHING: &[Success] = &[Success::nothing()];
/// Beside a session: a sign-up that goes on.
pub(crate) const OR_PENDING: &[Success] = &[Success::ok(&PENDING)];
/// Beside an end at once: one by mail.
pub(crate) const OR_MAILED: &[Success] = &[Success::mailed()];

model! {
    /// What holds an application's session.
    pub(crate) TOKENS = "tokens" {
        "token": Text,
        "refresh_token": Text,
        "device_token": Maybe(&Text),
        "expires_at": Time,
    }
}

model! {
    /// What is missing from a sign-in: the second factor, for which the token stands, or a link that was mailed.
    pub(crate) STEP = "step" {
        "temp_token": Maybe(&Text),
        "status": Maybe(&Text),
    }
}

model! {
    /// A provider's identity that is new: its owner chooses a handle with the token.
    pub(crate) PENDING = "pendingSignUp" {
        "pending_token": Text,
        "email": Text,
    }
}

model! {
    /// What an application gets of a provider's token: its own tokens, or one with which its owner chooses a handle.
    pub(crate) TOKENS_OR_PENDING = "tokensOrPendingSignUp" {
        "token": Maybe(&Text),
        "refresh_token": Maybe(&Text),
        "expires_at": Maybe(&Time),
        "pending_token": Maybe(&Text),
        "email": Maybe(&Text),
    }
}

model! {
    /// A sentence for people.
    pub(crate) MESSAGE = "message" { "message": Text }
}

model! {
    /// Where a browser goes to sign in at a provider.
    pub(crate) AUTH_URL = "authUrl" { "auth_url": Text }
}

model! {
    /// What one id token is asked for with.
    pub(crate) NONCE = "nonce" { "nonce": Text }
}

model! {
    /// A provider that an account is connected to.
    pub(crate) CONNECTION = "connection" {
        "provider": Text,
        "created_at": Time,
    }
}

model! {
    /// The providers that an account is connected to.
    pub(crate) CONNECTIONS = "connections" { "connections": List(&Of(&CONNECTION)) }
}

model! {
    /// Where somebody is signed in.
    pub(crate) HELD_SESSION = "heldSession" {
        "management_id": Text,
        "created_at": Time,
        "expires_at": Time,
        "max_expires_at": Time,
        "user_agent": Maybe(&Text),
        "ip_address": Maybe(&Text),
        "is_current": Boolean,
    }
}

model! {
    /// Where the caller is signed in.
    pub(crate) HELD_SESSIONS = "heldSessions" { "sessions": List(&Of(&HELD_SESSION)) }
}

model! {
    /// Whether the second factor is on.
    pub(crate) TOTP_STATUS = "totpStatus" {
        "enabled": Boolean,
        "enabled_at": Maybe(&Time),
        "backup_codes_remaining": Maybe(&Integer),
    }
}

model! {
    /// What an authenticator is set up with.
    pub(crate) TOTP_SETUP = "totpSetup" {
        "qr_code_base64": Text,
        "qr_code_uri": Text,
    }
}

model! {
    /// Codes that stand in for the second factor, each once.
    pub(crate) BACKUP_CODES = "backupCodes" { "backup_codes": List(&Text) }
}

model! {
    /// What a user sees of themselves.
    pub(crate) OWN_PROFILE = "ownProfile" {
        "id": Text,
        "handle": Text,
        "display_name": Text,
        "is_banned": Boolean,
        "created_at": Time,
        "bio": Maybe(&Text),
        "profile_image": Maybe(&Text),
        "banner_image": Maybe(&Text),
        "roles": Maybe(&List(&Text)),
        "email": Maybe(&OrNull(&Text)),
        "has_password": Maybe(&Boolean),
    }
}

model! {
    /// What everybody may see of a user.
    pub(crate) PUBLIC_PROFILE = "publicProfile" {
        "id": Text,
        "handle": Text,
        "display_name": Text,
        "is_banned": Boolean,
        "deactivated": Boolean,
        "created_at": Time,
        "bio": Maybe(&Text),
        "profile_image": Maybe(&Text),
        "banner_image": Maybe(&Text),
        "roles": Maybe(&List(&Text)),
        "ban_reason": Maybe(&Text),
        "banned_until": Maybe(&Time),
    }
}

model! {
    /// A user in the results of a search.
    pub(crate) FOUND_USER = "foundUser" {
        "id": Text,
        "handle": Text,
        "display_name": Text,
        "bio": Maybe(&Text),
        "profile_image": Maybe(&Text),
    }
}

model! {
    /// A page of a search for users.
    pub(crate) FOUND_USERS = "foundUsers" {
        "users": List(&Of(&FOUND_USER)),
        "page": Integer,
        "page_size": Integer,
        "total_hits": Integer,
        "total_pages": Integer,
    }
}

model! {
    /// Whether nobody has a handle.
    pub(crate) AVAILABLE = "available" { "available": Boolean }
}

model! {
    /// Where a picture is found.
    pub(crate) PICTURE = "picture" { "image_url": Text }
}

model! {
    /// Names of permissions.
    pub(crate) PERMISSION_NAMES = "permissionNames" { "permissions": List(&Text) }
}

model! {
    /// What was done to a user.
    pub(crate) MEASURE = "measure" {
        "user_id": Text,
        "role": Maybe(&Text),
        "expires_at": Maybe(&OrNull(&Time)),
    }
}

model! {
    /// A group of users with permissions.
    pub(crate) GROUP = "group" {
        "id": Text,
        "name": Text,
        "description": OrNull(&Text),
        "is_system": Boolean,
        "created_at": Time,
    }
}

model! {
    /// The groups.
    pub(crate) GROUPS = "groups" { "groups": List(&Of(&GROUP)) }
}

model! {
    /// The permissions that a group gives.
    pub(crate) GROUP_PERMISSIONS = "groupPermissions" {
        "group_id": Text,
        "permissions": List(&Text),
    }
}

model! {
    /// A user's place in a group.
    pub(crate) GROUP_MEMBER = "groupMember" {
        "id": Text,
        "group_id": Text,
        "user_id": Text,
        "reason": OrNull(&Text),
        "expires_at": OrNull(&Time),
        "created_by": OrNull(&Text),
        "created_at": Time,
    }
}

model! {
    /// A part of the members of a group.
    pub(crate) GROUP_MEMBERS = "groupMembers" {
        "data": List(&Of(&GROUP_MEMBER)),
        "has_more": Boolean,
    }
}

model! {
    /// Something that somebody did.
    pub(crate) DEED = "deed" {
        "id": Text,
        "action": Text,
        "actor_id": OrNull(&Text),
        "resource_type": Text,
        "resource_id": OrNull(&Text),
        "summary": OrNull(&Text),
        "metadata": Any,
        "created_at": Time,
    }
}

model! {
    /// A part of a log.
    pub(crate) DEEDS = "deeds" {
        "data": List(&Of(&DEED)),
        "has_newer": Boolean,
        "has_older": Boolean,
    }
}

model! {
    /// Something that the caller is told.
    pub(crate) NOTICE = "notice" {
        "id": Text,
        "actor_id": OrNull(&Text),
        "actor": OrNull(&Object),
        "notification_type": Text,
        "action": Text,
        "board_id": OrNull(&Text),
        "post_id": OrNull(&Text),
        "comment_id": OrNull(&Text),
        "additional_data": Any,
        "is_read": Boolean,
        "created_at": Time,
        "read_at": OrNull(&Time),
    }
}

model! {
    /// A part of what the caller is told.
    pub(crate) NOTICES = "notices" {
        "data": List(&Of(&NOTICE)),
        "has_newer": Boolean,
        "has_older": Boolean,
    }
}

model! {
    /// A number of things.
    pub(crate) COUNT = "count" { "count": Integer }
}

model! {
    /// By which ways the caller is told.
    pub(crate) NOTICE_PREFERENCES = "noticePreferences" {
        "email_enabled": Boolean,
        "push_enabled": Boolean,
        "updated_at": OrNull(&Time),
    }
}

model! {
    /// Of what the caller wants to hear.
    pub(crate) NOTICE_ACTION = "noticeAction" {
        "action": Text,
        "enabled": Boolean,
    }
}

model! {
    /// Of what the caller wants to hear, everything there is.
    pub(crate) NOTICE_SWITCHES = "noticeSwitches" { "preferences": List(&Of(&NOTICE_ACTION)) }
}
