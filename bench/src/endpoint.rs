//! One collection of one server, as one signed-in user sees it, and the bytes of each operation on it.
//!
//! What differs between the servers' APIs is here and in the modules that prepare them, nowhere else.

use crate::http::write_request;
use crate::record::{Dice, PAGE, category, changes, record};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// The servers that can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// The project's server.
    Cairn,
    /// Same HTTP stack and SQLite with group commit, no product in it.
    Minimal,
    /// The peer.
    Pocketbase,
}

impl Kind {
    /// The name in tables and directories.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cairn => "cairn",
            Self::Minimal => "minimal",
            Self::Pocketbase => "pocketbase",
        }
    }

    /// Where a record keeps its id.
    fn id_field(self) -> &'static str {
        match self {
            Self::Cairn => "$id",
            Self::Minimal | Self::Pocketbase => "id",
        }
    }

    /// Where a list's answer keeps its records and their number.
    pub(crate) fn list_members(self) -> (&'static str, &'static str) {
        match self {
            Self::Cairn => ("documents", "total"),
            Self::Minimal => ("records", "total"),
            Self::Pocketbase => ("items", "totalItems"),
        }
    }
}

/// One collection with the caller's credentials.
pub(crate) struct Endpoint {
    /// Whose API it is.
    pub(crate) kind: Kind,
    /// Path of the collection's records.
    pub(crate) path: String,
    /// Credentials and format, each line ending in a line break.
    pub(crate) headers: String,
    /// Ids of records that exist.
    pub(crate) ids: Vec<String>,
}

impl Endpoint {
    /// Append a request that creates a record under an id of the server's choice.
    pub(crate) fn create(&self, out: &mut Vec<u8>, dice: &mut Dice) {
        let record = record(dice);
        let body = match self.kind {
            Kind::Cairn => format!("{{\"documentId\":\"unique()\",\"data\":{record}}}"),
            Kind::Minimal | Kind::Pocketbase => record,
        };
        write_request(out, "POST", &self.path, &self.headers, body.as_bytes());
    }

    /// Append a request that reads one of the known records.
    pub(crate) fn read(&self, out: &mut Vec<u8>, dice: &mut Dice) {
        write_request(out, "GET", &self.member(dice), &self.headers, b"");
    }

    /// Append a request that changes two fields of one of the known records, one of them indexed.
    pub(crate) fn update(&self, out: &mut Vec<u8>, dice: &mut Dice) {
        let changes = changes(dice);
        let body = match self.kind {
            Kind::Cairn => format!("{{\"data\":{{{changes}}}}}"),
            Kind::Minimal | Kind::Pocketbase => format!("{{{changes}}}"),
        };
        write_request(out, "PATCH", &self.member(dice), &self.headers, body.as_bytes());
    }

    /// Append a request for the first page of a category by falling rank, with the total.
    pub(crate) fn list(&self, out: &mut Vec<u8>, dice: &mut Dice) {
        let category = category(dice);
        let query = match self.kind {
            Kind::Cairn => [
                format!(r#"{{"method":"equal","attribute":"category","values":["{category}"]}}"#),
                r#"{"method":"orderDesc","attribute":"rank"}"#.to_owned(),
                format!(r#"{{"method":"limit","values":[{PAGE}]}}"#),
            ]
            .iter()
            .enumerate()
            .map(|(place, query)| format!("queries%5B{place}%5D={}", escape(query)))
            .collect::<Vec<_>>()
            .join("&"),
            Kind::Minimal => format!("category={category}&limit={PAGE}"),
            Kind::Pocketbase => {
                format!("perPage={PAGE}&sort=-rank&filter={}", escape(&format!("category='{category}'")))
            }
        };
        write_request(out, "GET", &format!("{}?{query}", self.path), &self.headers, b"");
    }

    /// The id in the answer to a creation.
    pub(crate) fn created_id(&self, body: &[u8]) -> Option<String> {
        let answer: serde_json::Value = serde_json::from_slice(body).ok()?;
        Some(answer[self.kind.id_field()].as_str()?.to_owned())
    }

    fn member(&self, dice: &mut Dice) -> String {
        format!("{}/{}", self.path, self.ids[dice.index(self.ids.len())])
    }
}

fn escape(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests;
