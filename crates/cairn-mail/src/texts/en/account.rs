//! The words of the account API's mails.

use super::BLANK;
use crate::texts::Text;

pub(super) static SIGN_UP: Text = Text {
    subject: "Confirm your address for {{project}}",
    preview: "One step is left to your account at {{project}}.",
    lead: "please confirm that this is your e-mail address at {{project}}. The link works once, within 15 minutes.",
    button: "Confirm the address",
    note: "If you did not ask for this, there is nothing to do.",
    ..BLANK
};

pub(super) static EXISTS: Text = Text {
    subject: "You have an account at {{project}}",
    preview: "Somebody signed up at {{project}} with your address.",
    lead: "somebody signed up at {{project}} with this e-mail address, which has an account or a sign-up that waits.",
    note: "If that was you, sign in, or ask for a new password. If not, there is nothing to do.",
    ..BLANK
};

pub(super) static NOTHING: Text = Text {
    subject: "Your request at {{project}}",
    preview: "Nothing at {{project}} waits for this address.",
    lead: "somebody asked {{project}} for a link for this e-mail address, and nothing there has a use for one.",
    note: "You may have signed up with another address. If you did not ask, there is nothing to do.",
    ..BLANK
};

pub(super) static RESET: Text = Text {
    subject: "Choose a new password for {{project}}",
    preview: "Your link for a new password at {{project}}.",
    lead: "with this link you choose a new password for your account at {{project}}. It works once, within 15 minutes.",
    button: "Choose a new password",
    note: "If you did not ask for this, your password stays as it is.",
    ..BLANK
};

pub(super) static EMAIL_CHANGE: Text = Text {
    subject: "Confirm your new address for {{project}}",
    preview: "Your account at {{project}} moves to this address.",
    lead: "with this link your account at {{project}} moves to this e-mail address. It works once, within 15 minutes.",
    button: "Move the account",
    note: "If you did not ask for this, there is nothing to do.",
    ..BLANK
};

pub(super) static DEVICE: Text = Text {
    subject: "A new device at {{project}}",
    preview: "Somebody signs in to your account from a new device.",
    lead: "somebody signs in to your account at {{project}} from a device that it does not know. The link finishes the sign-in. It works once, within 30 minutes.",
    button: "That is me",
    note: "If that is not you, change your password.",
    ..BLANK
};

pub(super) static DELETION: Text = Text {
    subject: "Delete your account at {{project}}",
    preview: "The last step before your account is gone.",
    lead: "with this link your account at {{project}} is deleted for ever. It works once, within 30 minutes.",
    button: "Delete the account",
    note: "If you did not ask for this, end your other sessions.",
    ..BLANK
};

pub(super) static ALERT: Text = Text {
    subject: "News of your account at {{project}}",
    preview: "Something happened to your account at {{project}}.",
    lead: "this happened to your account at {{project}}: {{event}}",
    note: "If that was you, there is nothing to do. If not, set a new password.",
    ..BLANK
};
