//! The bodies of documents, written straight from the values in the order of the schema.

use std::io::Write as _;

use cairn_core::Cx;
use cairn_core::documents::{Branch, Found, Grouped, Listed, Shown};
use cairn_core::idempotency::Written;
use cairn_faults::Vocabulary;
use cairn_http::Answer;
use cairn_http::exchange::Exchange;
use cairn_http::wire_version::WireVersion;
use cairn_model::schema::{Document, Status};
use cairn_model::value::Value;
use cairn_query::json::json_of;
use cairn_query::{Field, Group, Measure, RELEVANCE};
use cairn_store::Table;
use serde_json::Value as Json;

use super::names;
use crate::wire::{Object, told};

/// Bytes that a body is likely to stay below.
const BODY_BYTES: usize = 512;
/// From this version on `$sequence` is text.
const SEQUENCE_IS_TEXT: WireVersion = WireVersion::new(1, 9, 0);

/// In which words and version documents are told.
#[derive(Clone, Copy)]
pub(super) struct Form {
    words: Vocabulary,
    is_sequence_text: bool,
}

impl Form {
    pub(super) fn of(exchange: &Exchange) -> Self {
        Self { words: exchange.vocabulary(), is_sequence_text: !exchange.is_below(SEQUENCE_IS_TEXT) }
    }

    /// The same, having said how the answer of a write is told: should the caller repeat it, it is kept.
    pub(super) fn told_by(self, cx: &Cx, status: u16) -> Self {
        cx.telling(move |written| {
            let answer = match written {
                _ if status == 204 => Answer::no_content(),
                Written::Document(found) => self.answer(status, found),
                Written::Documents(listed) => Answer { status, ..self.list(listed) },
                Written::Transaction(_) | Written::Nothing => Answer::no_content(),
            };
            told(answer)
        });
        self
    }

    /// An answer with one document.
    pub(super) fn answer(self, status: u16, found: &Found) -> Answer {
        let mut body = Vec::with_capacity(BODY_BYTES);
        let Shown { select, branches } = &found.shown;
        let view = View { table: &found.table, select: select.as_deref(), branches, back: None };
        self.document(&mut body, view, &found.document, 0);
        Answer::json_bytes(status, body)
    }

    /// An answer with a page of documents.
    pub(super) fn list(self, listed: &Listed) -> Answer {
        let mut body = Vec::with_capacity(BODY_BYTES * (listed.page.items.len() + 1));
        body.extend_from_slice(b"{\"total\":");
        int(&mut body, listed.page.total);
        body.extend_from_slice(b",\"");
        body.extend_from_slice(names(self.words).1.as_bytes());
        body.extend_from_slice(b"\":[");
        let (select, branches) = (listed.select.as_deref(), &*listed.branches);
        let view = View { table: &listed.table, select, branches, back: None };
        for (place, document) in listed.page.items.iter().enumerate() {
            if place > 0 {
                body.push(b',');
            }
            self.document(&mut body, view, document, place);
        }
        body.extend_from_slice(b"]}");
        Answer::json_bytes(200, body)
    }

    /// An answer with a page of groups: the values that make each, and what was computed of it, the number of its
    /// documents as `$count`, the rest under `$sum` and so on by the name of the attribute.
    pub(super) fn groups(self, grouped: &Grouped) -> Answer {
        let mut body = Vec::with_capacity(BODY_BYTES);
        body.extend_from_slice(b"{\"total\":");
        int(&mut body, grouped.total);
        body.extend_from_slice(b",\"");
        body.extend_from_slice(names(self.words).1.as_bytes());
        body.extend_from_slice(b"\":");
        let groups = grouped.groups.iter().map(|group| group_of(grouped, group)).collect();
        body.extend_from_slice(Json::Array(groups).to_string().as_bytes());
        body.push(b'}');
        Answer::json_bytes(200, body)
    }

    /// One document, the one at `at` of those whose related documents the view has.
    fn document(self, body: &mut Vec<u8>, view: View<'_>, document: &Document, at: usize) {
        let View { table, select, branches, back } = view;
        body.extend_from_slice(b"{\"$id\":");
        text(body, document.id.as_str());
        body.extend_from_slice(b",\"$sequence\":");
        if self.is_sequence_text {
            body.push(b'"');
        }
        int(body, document.seq);
        if self.is_sequence_text {
            body.push(b'"');
        }
        body.extend_from_slice(b",\"");
        body.extend_from_slice(names(self.words).0.as_bytes());
        body.extend_from_slice(b"\":");
        text(body, table.id.as_str());
        body.extend_from_slice(b",\"$databaseId\":");
        text(body, table.database_id.as_str());
        body.extend_from_slice(b",\"$createdAt\":\"");
        body.extend_from_slice(&document.created.wire_bytes());
        body.extend_from_slice(b"\",\"$updatedAt\":\"");
        body.extend_from_slice(&document.updated.wire_bytes());
        body.extend_from_slice(b"\",\"$permissions\":[");
        for (place, permission) in document.permissions.iter().enumerate() {
            if place > 0 {
                body.push(b',');
            }
            // A role has nothing that JSON would escape, so that the quotes around it are all.
            let _ = write!(body, "\"{}(\\\"{}\\\")\"", permission.action.name(), permission.role);
        }
        body.push(b']');
        for (place, attribute) in table.attributes.iter().enumerate() {
            if attribute.status != Status::Available || back == Some(place) {
                continue;
            }
            let branch = branches.iter().find(|branch| branch.place == place);
            let is_selected = select.is_none_or(|fields| fields.contains(&Field::Attribute(place)));
            // Links that are not in the row are shown with what they lead to, or not at all.
            if branch.is_none() && (!is_selected || attribute.is_virtual()) {
                continue;
            }
            body.push(b',');
            text(body, &attribute.key);
            body.push(b':');
            match branch {
                Some(branch) => self.related(body, branch, at),
                None => value(body, document.values.get(place).unwrap_or(&Value::Null)),
            }
        }
        body.push(b'}');
    }

    /// The documents that a relationship leads to from the document at `at`.
    fn related(self, body: &mut Vec<u8>, branch: &Branch, at: usize) {
        let Shown { select, branches } = &branch.shown;
        let view = View { table: &branch.table, select: select.as_deref(), branches, back: branch.back };
        let places = branch.page.places.get(at).map_or(&[] as &[usize], Vec::as_slice);
        if branch.is_many {
            body.push(b'[');
        } else if places.is_empty() {
            body.extend_from_slice(b"null");
        }
        for (count, place) in places.iter().enumerate() {
            if count > 0 {
                body.push(b',');
            }
            self.document(body, view, &branch.page.documents[*place], *place);
        }
        if branch.is_many {
            body.push(b']');
        }
    }
}

/// What is told of documents of one collection.
#[derive(Clone, Copy)]
struct View<'a> {
    table: &'a Table,
    /// The attributes to tell; all when `None`.
    select: Option<&'a [Field]>,
    branches: &'a [Branch],
    /// The attribute that leads back to where a related document was found.
    back: Option<usize>,
}

fn group_of(grouped: &Grouped, group: &Group) -> Json {
    let name = |field: &Field| match field {
        Field::Attribute(place) => grouped.table.attributes[*place].key.clone(),
        Field::Id => "$id".to_owned(),
        Field::Sequence => "$sequence".to_owned(),
        Field::Created => "$createdAt".to_owned(),
        Field::Updated => "$updatedAt".to_owned(),
        Field::Permissions => "$permissions".to_owned(),
        Field::Relevance => RELEVANCE.to_owned(),
    };
    let aggregates = &grouped.aggregates;
    let keys = aggregates.groups.iter().zip(&group.key);
    let mut shown: Object = keys.map(|(field, value)| (name(field), json_of(value))).collect();
    for ((measure, field), value) in aggregates.measures.iter().zip(&group.measured) {
        let word = match measure {
            Measure::Count => "$counted",
            Measure::Sum => "$sum",
            Measure::Avg => "$avg",
            Measure::Min => "$min",
            Measure::Max => "$max",
        };
        let Some(field) = field else {
            shown.insert("$count".to_owned(), json_of(value));
            continue;
        };
        let members = shown.entry(word).or_insert_with(|| Json::Object(Object::new()));
        if let Json::Object(members) = members {
            members.insert(name(field), json_of(value));
        }
    }
    Json::Object(shown)
}

fn value(body: &mut Vec<u8>, of: &Value) {
    match of {
        Value::Null | Value::Object(_) => body.extend_from_slice(b"null"),
        Value::Bool(true) => body.extend_from_slice(b"true"),
        Value::Bool(false) => body.extend_from_slice(b"false"),
        Value::Int(number) => int(body, *number),
        Value::Float(number) => body.extend_from_slice(ryu::Buffer::new().format(*number).as_bytes()),
        Value::Text(of) => text(body, of),
        Value::Datetime(at) => {
            body.push(b'"');
            body.extend_from_slice(&at.wire_bytes());
            body.push(b'"');
        }
        Value::Array(items) => {
            body.push(b'[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    body.push(b',');
                }
                value(body, item);
            }
            body.push(b']');
        }
    }
}

fn int(body: &mut Vec<u8>, number: i64) {
    body.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

fn text(body: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(body, text).expect("text is written to memory");
}
