//! What one row of the table becomes: a variant of [`Fault`] and its facts.
//!
//! The rows stand in `rows/*.rs`, one file per area. Adding an error is adding one row there:
//!
//! ```text
//! /// One line that says what happened.
//! ///
//! /// Why, when, and what to do next.
//! UserBlocked {
//!     kind: Forbidden,
//!     message: "The account is blocked.",
//!     appwrite_1_0: 401 "user_blocked",
//!     appwrite: 403 "user_blocked",
//!     reason: 403 "user:banned",
//!     everlive: 403 603 "Access Denied",
//!     discord: 403 20013,
//! }
//! ```
//!
//! The columns stand in this order, each may be left out after `message`:
//!
//! - `status`: the status in the `problem` format, where the kind's default does not fit;
//! - `like`: another row whose columns stand in for those that this one lacks; without it, the kind's fallback does;
//! - `appwrite: 404 "document_not_found" | "row_not_found"`: the second name is for the table vocabulary.
//!
//! `planned` after the name marks a row whose feature does not exist yet: known to `explain`, absent from the pages.
//! A `{placeholder}` in a message is filled from the error's parameters; when one is missing, the first line of the
//! comment is the message. Every (contract, code) belongs to exactly one row, which a test checks.

use crate::error::Error;
use crate::format::{Code, ContractAge, Format, Vocabulary};
use crate::kind::{Kind, number, text};
use std::fmt::Display;
use std::sync::LazyLock;

/// The facts of one row.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static [&'static str],
    pub(crate) is_planned: bool,
    pub(crate) kind: Kind,
    pub(crate) message: &'static str,
    pub(crate) status: Option<u16>,
    pub(crate) like: Option<Fault>,
    pub(crate) appwrite_1_0: Option<(u16, &'static str)>,
    pub(crate) appwrite: Option<(u16, &'static str, Option<&'static str>)>,
    pub(crate) reason: Option<(u16, &'static str)>,
    pub(crate) everlive: Option<(u16, u32, &'static str)>,
    pub(crate) discord: Option<(u16, u32)>,
}

/// An optional column: its value, or nothing.
macro_rules! column {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

/// Turn rows into the enum and its table.
macro_rules! faults {
    (; $(
        $(#[doc = $doc:literal])+
        $name:ident $($mark:ident)? {
            kind: $kind:ident,
            message: $message:literal,
            $(status: $status:literal,)?
            $(like: $like:ident,)?
            $(appwrite_1_0: $old_status:literal $old_type:literal,)?
            $(appwrite: $new_status:literal $new_type:literal $(| $table_type:literal)?,)?
            $(reason: $reason_status:literal $reason_code:literal,)?
            $(everlive: $everlive_status:literal $everlive_code:literal $everlive_text:literal,)?
            $(discord: $discord_status:literal $discord_code:literal,)?
        }
    )+) => {
        /// A condition that a client can see: one row of the catalogue.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        pub enum Fault {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Fault {
            /// Every fault, in the order of the table.
            pub const ALL: &[Fault] = &[$(Fault::$name,)+];
        }

        static ROWS: &[Row] = &[$(
            Row {
                name: stringify!($name),
                doc: &[$($doc),+],
                is_planned: is_planned_mark(&[$(stringify!($mark))?]),
                kind: Kind::$kind,
                message: $message,
                status: column!($($status)?),
                like: column!($(Fault::$like)?),
                appwrite_1_0: column!($(($old_status, $old_type))?),
                appwrite: column!($(($new_status, $new_type, column!($($table_type)?)))?),
                reason: column!($(($reason_status, $reason_code))?),
                everlive: column!($(($everlive_status, $everlive_code, $everlive_text))?),
                discord: column!($(($discord_status, $discord_code))?),
            },
        )+];
    };
}

/// Whether the words after a row's name say `planned`; any other word stops the build.
const fn is_planned_mark(marks: &[&str]) -> bool {
    match marks {
        [] => false,
        [mark] => {
            assert!(matches!(mark.as_bytes(), b"planned"), "the only mark of a row is `planned`");
            true
        }
        _ => panic!("a row has one mark at most"),
    }
}

// Each area hands what it got plus its own rows to the next one; `faults!` gets them all.
rows_general! { rows_account rows_users rows_teams rows_oauth2 rows_platform rows_databases rows_storage rows_functions rows_messaging rows_operations rows_reason rows_community rows_everlive rows_chat faults ; }

/// What is derived from a row once.
struct Text {
    id: String,
    summary: String,
    page: String,
}

static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(|| ROWS.iter().map(Text::of_row).collect());

impl Text {
    fn of_row(row: &Row) -> Text {
        let lines: Vec<&str> = row.doc.iter().map(|line| line.trim()).collect();
        Text { id: snake_case(row.name), summary: lines[0].to_owned(), page: lines.join("\n") }
    }
}

/// `UserBlocked` -> `user_blocked`.
fn snake_case(name: &str) -> String {
    let mut id = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !id.is_empty() {
            id.push('_');
        }
        id.push(c.to_ascii_lowercase());
    }
    id
}

impl Fault {
    pub(crate) fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The stable name: `user_blocked`. It is the last segment of the fault's page.
    pub fn id(self) -> &'static str {
        &TEXTS[self as usize].id
    }

    /// The fault with this id.
    pub fn by_id(id: &str) -> Option<Fault> {
        Fault::ALL.iter().copied().find(|fault| fault.id() == id)
    }

    /// The kind.
    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// The message, perhaps with `{placeholders}`.
    pub fn message(self) -> &'static str {
        self.row().message
    }

    /// The first line of the page: one sentence.
    pub fn summary(self) -> &'static str {
        &TEXTS[self as usize].summary
    }

    /// The page that people read: the summary, a blank line, then why, when and what to do next.
    pub fn page(self) -> &'static str {
        &TEXTS[self as usize].page
    }

    /// Whether the feature that raises this does not exist yet.
    pub fn is_planned(self) -> bool {
        self.row().is_planned
    }

    /// An error of this fault.
    #[track_caller]
    pub fn error(self) -> Error {
        Error::new(self)
    }

    /// An error of this fault with one public parameter.
    #[track_caller]
    pub fn with(self, key: &'static str, value: impl Display) -> Error {
        Error::new(self).with(key, value)
    }

    /// The status in a format.
    pub fn status(self, format: Format) -> u16 {
        match format {
            Format::Problem => self.row().status.unwrap_or_else(|| self.kind().status()),
            _ => self.status_and_code(format, Vocabulary::Documents).0,
        }
    }

    /// The code in a format; the fault's id in the `problem` format.
    pub fn code(self, format: Format, vocabulary: Vocabulary) -> Code {
        self.status_and_code(format, vocabulary).1
    }

    /// The row's own column, else that of the row it is like, else the kind's fallback.
    fn status_and_code(self, format: Format, vocabulary: Vocabulary) -> (u16, Code) {
        if format == Format::Problem {
            return (self.status(format), Code::Text(self.id()));
        }
        let fallback = self.kind().fallback();
        // A row that names its own status keeps it beside the general type.
        let with_own_status = |(status, name)| text((self.row().status.unwrap_or(status), name));
        self.column(format, vocabulary).unwrap_or_else(|| match format {
            Format::Appwrite(ContractAge::V1_9) => with_own_status(fallback.appwrite),
            Format::Appwrite(_) => with_own_status(fallback.appwrite_1_0),
            Format::Reason => text(fallback.reason),
            Format::Everlive => number(fallback.everlive),
            Format::Discord | Format::Problem => number(fallback.discord),
        })
    }

    fn column(self, format: Format, vocabulary: Vocabulary) -> Option<(u16, Code)> {
        let row = self.row();
        let own = match format {
            Format::Appwrite(age) => self.appwrite_column(age, vocabulary),
            Format::Reason => row.reason.map(text),
            Format::Everlive => row.everlive.map(|(status, code, _)| number((status, code))),
            Format::Discord => row.discord.map(number),
            Format::Problem => None,
        };
        let borrowed = || row.like.and_then(|like| like.column(format, vocabulary));
        // A type that the chosen contract lacks is told by the other contract's name.
        let other_age = || match format {
            Format::Appwrite(ContractAge::V1_9) => self.appwrite_column(ContractAge::V1_0, vocabulary),
            Format::Appwrite(_) => self.appwrite_column(ContractAge::V1_9, vocabulary),
            _ => None,
        };
        own.or_else(borrowed).or_else(other_age)
    }

    fn appwrite_column(self, age: ContractAge, vocabulary: Vocabulary) -> Option<(u16, Code)> {
        let row = self.row();
        // The table vocabulary is younger than the 1.0 contract: its names are the newer contract's.
        if let (Vocabulary::Tables, Some((status, _, Some(name)))) = (vocabulary, row.appwrite) {
            return Some(text((status, name)));
        }
        match age {
            ContractAge::V1_9 => row.appwrite.map(|(status, name, _)| text((status, name))),
            ContractAge::Oldest | ContractAge::V1_0 => row.appwrite_1_0.map(text),
        }
    }
}

#[cfg(test)]
mod tests;
