//! German.

use super::Text;
use crate::Kind;

const BLANK: Text = Text {
    subject: "",
    preview: "",
    hello: "Hallo {{user}},",
    lead: "",
    button: "",
    link: "Wenn der Knopf nicht geht, öffne diese Adresse:",
    facts: &[],
    client: "Angefordert mit {{agentClient}} auf {{agentDevice}} {{agentOs}}. Wenn du das nicht warst, ist nichts zu tun.",
    phrase: "Der Sicherheitssatz dieser Nachricht ist {{phrase}}. Mach nur weiter, wenn dir derselbe gezeigt wurde.",
    note: "",
    thanks: "Viele Grüße",
    signature: "{{project}}",
};

static VERIFICATION: Text = Text {
    subject: "Bestätige deine Adresse für {{project}}",
    preview: "Ein Schritt fehlt noch für dein Konto bei {{project}}.",
    lead: "bitte bestätige, dass dies die E-Mail-Adresse deines Kontos bei {{project}} ist. Der Link gilt eine Stunde.",
    button: "Adresse bestätigen",
    note: "Wenn du das nicht angefordert hast, ist nichts zu tun.",
    ..BLANK
};

static MAGIC_SESSION: Text = Text {
    subject: "Anmelden bei {{project}}",
    preview: "Dein Link für {{project}}. Er gilt einmal und eine Stunde lang.",
    lead: "dieser Link meldet dich bei {{project}} an. Er gilt einmal und eine Stunde lang.",
    button: "Anmelden bei {{project}}",
    ..BLANK
};

static RECOVERY: Text = Text {
    subject: "Neues Passwort für {{project}}",
    preview: "Dein Link für ein neues Passwort bei {{project}}.",
    lead: "mit diesem Link setzt du ein neues Passwort für dein Konto bei {{project}}. Er gilt einmal und eine Stunde lang.",
    button: "Neues Passwort setzen",
    note: "Wenn du das nicht angefordert hast, bleibt dein Passwort, wie es ist.",
    ..BLANK
};

static OTP_SESSION: Text = Text {
    subject: "Dein Code für {{project}}",
    preview: "Melde dich damit innerhalb von 15 Minuten bei {{project}} an.",
    lead: "dieser Code meldet dich bei {{project}} an. Er gilt einmal und 15 Minuten lang.",
    ..BLANK
};

/// The words of a kind, where this language has them.
pub(super) fn text(kind: Kind) -> Option<&'static Text> {
    match kind {
        Kind::Verification => Some(&VERIFICATION),
        Kind::MagicSession => Some(&MAGIC_SESSION),
        Kind::Recovery => Some(&RECOVERY),
        Kind::OtpSession => Some(&OTP_SESSION),
        _ => None,
    }
}
