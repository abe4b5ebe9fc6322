//! What others see of a user on the account API: a handle, a few words, pictures.
//!
//! A user of whatever surface gets a persona at the first sign-in to that API. It outlives the account, so that a handle
//! is never given to somebody else.

use cairn_std::Timestamp;
use unicode_general_category::{GeneralCategory, get_general_category};

use crate::ids::UserId;
use crate::reason::Reason;

#[cfg(test)]
mod tests;

/// Characters of a handle at least.
pub const HANDLE_CHARS_MIN: usize = 4;
/// Characters of a handle at most.
pub const HANDLE_CHARS_MAX: usize = 15;
/// Characters of a name that is shown at most.
pub const DISPLAY_NAME_CHARS_MAX: usize = 50;
/// Characters of a biography at most.
pub const BIO_CHARS_MAX: usize = 160;
/// Marks that may follow one another in a name: more climb over the lines around.
const MARKS_IN_A_ROW_MAX: usize = 2;

/// Handles that would be taken for the people who run the service, or for its pages.
const RESERVED: [&str; 26] = [
    "about",
    "account",
    "admin",
    "administrator",
    "api",
    "contact",
    "help",
    "info",
    "login",
    "logout",
    "mail",
    "mod",
    "moderator",
    "null",
    "official",
    "owner",
    "root",
    "security",
    "settings",
    "signup",
    "staff",
    "support",
    "system",
    "test",
    "undefined",
    "user",
];

/// The public face of a user.
#[derive(Clone, Debug, PartialEq)]
pub struct Persona {
    /// Whose it is.
    pub user_id: UserId,
    /// The name in addresses; told apart by case, and unique in a project for ever.
    pub handle: String,
    /// The name that is shown, as it was when the account was deleted; the account's own name before.
    pub last_name: String,
    /// A few words.
    pub bio: Option<String>,
    /// The name of the picture's file.
    pub profile_image: Option<String>,
    /// The name of the banner's file.
    pub banner_image: Option<String>,
    /// When the account was deleted.
    pub deleted: Option<Timestamp>,
    /// When the user first came to this surface.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// Check a handle: 4 to 15 ASCII letters, digits and single underscores between them, and none that is reserved.
pub fn check_handle(handle: &str) -> Result<(), Reason> {
    let length = handle.len();
    if !(HANDLE_CHARS_MIN..=HANDLE_CHARS_MAX).contains(&length) {
        return Err(Reason::new(format!("must have {HANDLE_CHARS_MIN} to {HANDLE_CHARS_MAX} characters")));
    }
    if !handle.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Err(Reason::new("must consist of letters, digits and underscores"));
    }
    if handle.starts_with('_') || handle.ends_with('_') || handle.contains("__") {
        return Err(Reason::new("must have its underscores one by one between other characters"));
    }
    if RESERVED.contains(&handle.to_ascii_lowercase().as_str()) {
        return Err(Reason::new("is reserved"));
    }
    Ok(())
}

/// Check a name that is shown: 1 to 50 characters, not blank, no markup, nothing invisible, no pictograms.
pub fn check_display_name(name: &str) -> Result<(), Reason> {
    if name.trim().is_empty() {
        return Err(Reason::new("must not be blank"));
    }
    if name.chars().count() > DISPLAY_NAME_CHARS_MAX {
        return Err(Reason::new(format!("must have at most {DISPLAY_NAME_CHARS_MAX} characters")));
    }
    let mut marks = 0;
    for c in name.chars() {
        let category = get_general_category(c);
        if matches!(c, '<' | '>') || is_unfit(category) {
            return Err(Reason::new("must not hold markup, invisible characters or pictograms"));
        }
        marks = if is_mark(category) { marks + 1 } else { 0 };
        if marks > MARKS_IN_A_ROW_MAX {
            return Err(Reason::new(format!(
                "must not stack more than {MARKS_IN_A_ROW_MAX} marks on a character"
            )));
        }
    }
    Ok(())
}

/// Check a biography: 1 to 160 characters, not blank.
pub fn check_bio(bio: &str) -> Result<(), Reason> {
    if bio.trim().is_empty() {
        return Err(Reason::new("must not be blank"));
    }
    if bio.chars().count() > BIO_CHARS_MAX {
        return Err(Reason::new(format!("must have at most {BIO_CHARS_MAX} characters")));
    }
    Ok(())
}

fn is_unfit(category: GeneralCategory) -> bool {
    matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
            | GeneralCategory::Surrogate
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::OtherSymbol
    )
}

fn is_mark(category: GeneralCategory) -> bool {
    matches!(
        category,
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark
    )
}
