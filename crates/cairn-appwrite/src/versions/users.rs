//! Accounts, users, sessions and memberships in older forms.

use cairn_http::wire_version::{ResponseStep, WireVersion};

use crate::wire::Object;

const fn step(below: (u16, u16), patch: u16, model: &'static str, apply: fn(&mut Object)) -> ResponseStep {
    ResponseStep { below: WireVersion::new(below.0, below.1, patch), model, apply }
}

fn without(object: &mut Object, members: &[&str]) {
    for member in members {
        object.shift_remove(*member);
    }
}

/// Answers, newest first.
pub(super) const RESPONSES: &[ResponseStep] =
    &[MEMBERSHIP_1_9_2, USER_1_9_0, ACCOUNT_1_9_0, USER_1_5_0, MEMBERSHIP_1_5_0, SESSION_1_5_0, TOKEN_1_5_0];

const TOKEN_1_5_0: ResponseStep = step((1, 5), 0, "token", |object| without(object, &["phrase"]));
const MEMBERSHIP_1_9_2: ResponseStep =
    step((1, 9), 2, "membership", |object| without(object, &["userPhone"]));
const USER_1_9_0: ResponseStep = step((1, 9), 0, "user", without_impersonation);
const ACCOUNT_1_9_0: ResponseStep = step((1, 9), 0, "account", without_impersonation);
const USER_1_5_0: ResponseStep = step((1, 5), 0, "user", |object| without(object, &["targets", "mfa"]));
const MEMBERSHIP_1_5_0: ResponseStep = step((1, 5), 0, "membership", |object| without(object, &["mfa"]));
const SESSION_1_5_0: ResponseStep =
    step((1, 5), 0, "session", |object| without(object, &["factors", "secret"]));

fn without_impersonation(object: &mut Object) {
    without(object, &["impersonator", "impersonatorUserId"]);
}
