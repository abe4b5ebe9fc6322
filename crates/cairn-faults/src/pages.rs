//! The catalogue for people: Markdown for the repository, HTML and JSON for a running server.
//!
//! Planned rows are absent: a page promises that the fault can happen.

mod html;

use crate::format::{ContractAge, Format, Vocabulary};
use crate::render::{CODE_MEMBERS, code_value};
use crate::table::Fault;
use crate::{Kind, Retry};
pub use html::{fault_html, index_html};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// The contracts as the columns of a page.
pub(crate) const CONTRACT_COLUMNS: &[(&str, Format)] = &[
    ("appwrite", Format::Appwrite(ContractAge::V1_9)),
    ("appwrite 1.0", Format::Appwrite(ContractAge::V1_0)),
    ("reason", Format::Reason),
    ("everlive", Format::Everlive),
    ("discord", Format::Discord),
    ("problem", Format::Problem),
];

/// What says that a file is not to be edited.
const GENERATED: &str =
    "<!-- Generated from crates/cairn-faults by `cargo xtask generate`; do not edit. -->\n";

/// The faults that have a page, by id.
pub fn live_faults() -> Vec<Fault> {
    let mut faults: Vec<Fault> = Fault::ALL.iter().copied().filter(|fault| !fault.is_planned()).collect();
    faults.sort_by_key(|fault| fault.id());
    faults
}

/// The files that `cargo xtask generate` writes or compares: repository-relative path and content.
pub fn generated_files() -> Vec<(String, String)> {
    let mut files = vec![
        ("crates/cairn-faults/codes.txt".to_owned(), code_table()),
        ("docs/errors/index.md".to_owned(), index_markdown()),
    ];
    for fault in live_faults() {
        files.push((format!("docs/errors/{}.md", fault.id()), fault_markdown(fault)));
    }
    files
}

/// The whole table as text, one fault a line, so that a changed code shows in a diff.
pub fn code_table() -> String {
    let mut table = String::from(
        "# fault kind | appwrite 1.9 | appwrite 1.0 | reason | everlive | discord | problem; `~` marks a fallback\n",
    );
    for &fault in Fault::ALL {
        let mark = if fault.is_planned() { " planned" } else { "" };
        let _ = write!(table, "{} {:?}{mark}", fault.id(), fault.kind());
        for (_, format) in CONTRACT_COLUMNS {
            let tilde = if fault.has_own_code(*format) { "" } else { "~" };
            let _ = write!(table, " | {tilde}{} {}", fault.status(*format), codes(fault, *format));
        }
        table.push('\n');
    }
    table
}

/// Both names of a code where the vocabularies differ.
fn codes(fault: Fault, format: Format) -> String {
    let code = fault.code(format, Vocabulary::Documents);
    let other = fault.code(format, Vocabulary::Tables);
    if code == other { code.to_string() } else { format!("{code} / {other}") }
}

impl Fault {
    /// Whether the row itself names a code in this format.
    pub(crate) fn has_own_code(self, format: Format) -> bool {
        let row = self.row();
        match format {
            Format::Appwrite(ContractAge::V1_9) => row.appwrite.is_some(),
            Format::Appwrite(_) => row.appwrite_1_0.is_some(),
            Format::Reason => row.reason.is_some(),
            Format::Everlive => row.everlive.is_some(),
            Format::Discord => row.discord.is_some(),
            Format::Problem => true,
        }
    }
}

/// What the list of all pages begins with.
const INTRODUCTION: &str = "Every failure that Cairn reports, by its name. A page says why it happens, what to do, and the \
                            status and code that each error format tells; `cairn explain CODE` finds it by any of them.";
/// What a page says of the formats.
const FORMATS: &str = "`appwrite 1.0` is told to clients that send no `X-Appwrite-Response-Format` or one up to 1.0; \
                       `X-Error-Format` asks for another format.";

/// The list of all pages.
pub fn index_markdown() -> String {
    let mut text = format!("{GENERATED}\n# Errors\n\n{INTRODUCTION}\n");
    for &kind in Kind::ALL {
        let faults: Vec<Fault> = live_faults().into_iter().filter(|fault| fault.kind() == kind).collect();
        if faults.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## {}\n\n", capitalized(kind.label()));
        for fault in faults {
            let _ = writeln!(text, "- [`{}`]({}.md): {}", fault.id(), fault.id(), fault.summary());
        }
    }
    text
}

/// One page.
pub fn fault_markdown(fault: Fault) -> String {
    let mut text = format!("{GENERATED}\n# {}\n\n{}\n\n", fault.id(), fault.page());
    let _ = writeln!(text, "Message: `` {} ``\n", fault.message());
    let _ = writeln!(text, "{}\n", retry_sentence(fault));
    text.push_str("| format | status | code |\n|---|---|---|\n");
    for (label, format) in CONTRACT_COLUMNS {
        let code = codes(fault, *format).replace(" / ", "` / `");
        let _ = writeln!(text, "| {label} | {} | `{code}` |", fault.status(*format));
    }
    let _ = writeln!(text, "\n{FORMATS}");
    text
}

/// What a client may do about it on its own.
fn retry_sentence(fault: Fault) -> &'static str {
    match fault.kind().retry() {
        Retry::Never => "Sending the same request again does not help.",
        Retry::Later => "The same request can succeed later.",
    }
}

/// The catalogue as JSON: the answer of `/errors`.
pub fn index_json() -> Value {
    let faults: Vec<Value> = live_faults().into_iter().map(fault_json).collect();
    json!({ "total": faults.len(), "errors": faults })
}

/// One fault as JSON: the answer of `/errors/{id}`.
pub fn fault_json(fault: Fault) -> Value {
    let mut contracts = Map::new();
    for (name, format) in CODE_MEMBERS {
        contracts.insert((*name).into(), contract_json(fault, *format));
    }
    contracts.insert("appwrite_1_0".into(), contract_json(fault, Format::Appwrite(ContractAge::V1_0)));
    json!({
        "id": fault.id(),
        "page": format!("/errors/{}", fault.id()),
        "kind": fault.kind().label(),
        "status": fault.status(Format::Problem),
        "summary": fault.summary(),
        "description": fault.page().split_once("\n\n").map_or("", |(_, rest)| rest),
        "message": fault.message(),
        "isRetryable": fault.kind().retry() == Retry::Later,
        "isPlanned": fault.is_planned(),
        "contracts": contracts,
    })
}

fn contract_json(fault: Fault, format: Format) -> Value {
    let code = fault.code(format, Vocabulary::Documents);
    let other = fault.code(format, Vocabulary::Tables);
    let mut entry = Map::new();
    entry.insert("status".into(), fault.status(format).into());
    entry.insert("code".into(), code_value(code));
    if other != code {
        entry.insert("tableCode".into(), code_value(other));
    }
    Value::Object(entry)
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

#[cfg(test)]
mod tests;
