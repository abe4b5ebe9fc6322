//! The bodies of documents, written straight from the values in the order of the schema.

use std::io::Write as _;
use std::ops::Range;

use cairn_core::Cx;
use cairn_core::claims::Written;
use cairn_core::documents::Grouped;
use cairn_core::found::{Branch, Found, Listed, Shown};
use cairn_faults::Vocabulary;
use cairn_http::Answer;
use cairn_http::exchange::Exchange;
use cairn_http::wire_version::WireVersion;
use cairn_model::permissions::Permission;
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
        let mut telling = Telling::new(self, &found.table, (select.as_deref(), branches), None);
        telling.document(&mut body, &found.document, 0);
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
        let shown = (listed.select.as_deref(), &*listed.branches);
        let mut telling = Telling::new(self, &listed.table, shown, None);
        for (place, document) in listed.page.items.iter().enumerate() {
            if place > 0 {
                body.push(b',');
            }
            telling.document(&mut body, document, place);
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
}

/// How the documents of one collection are told: what is the same in all that an answer has of it is worked out once.
struct Telling<'a> {
    is_sequence_text: bool,
    /// What is written alike in each of them, one piece behind the other.
    pieces: Vec<u8>,
    /// The piece between `$sequence` and the instant of creation.
    head: Range<usize>,
    members: Vec<Member<'a>>,
    /// The permissions that were told last, and where in the body: mostly the next document has the same ones.
    permissions: (&'a [Permission], Range<usize>),
}

/// One attribute that is told.
struct Member<'a> {
    place: usize,
    /// The piece in front of its value.
    key: Range<usize>,
    /// The related documents that are told as its value.
    related: Option<(&'a Branch, Telling<'a>)>,
}

impl<'a> Telling<'a> {
    /// For documents of `table`, of which these attributes are told, or all, and these related documents; `back` is the
    /// attribute that leads back to where related ones were found.
    fn new(
        form: Form,
        table: &Table,
        (select, branches): (Option<&[Field]>, &'a [Branch]),
        back: Option<usize>,
    ) -> Self {
        let mut pieces = Vec::with_capacity(BODY_BYTES);
        pieces.extend_from_slice(b",\"");
        pieces.extend_from_slice(names(form.words).0.as_bytes());
        pieces.extend_from_slice(b"\":");
        text(&mut pieces, table.id.as_str());
        pieces.extend_from_slice(b",\"$databaseId\":");
        text(&mut pieces, table.database_id.as_str());
        pieces.extend_from_slice(b",\"$createdAt\":\"");
        let head = 0..pieces.len();
        let mut members = Vec::with_capacity(table.attributes.len());
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
            let begin = pieces.len();
            pieces.push(b',');
            text(&mut pieces, &attribute.key);
            pieces.push(b':');
            let related = branch.map(|branch| {
                let Shown { select, branches } = &branch.shown;
                (branch, Self::new(form, &branch.table, (select.as_deref(), branches), branch.back))
            });
            members.push(Member { place, key: begin..pieces.len(), related });
        }
        let permissions = (&[] as &[Permission], 0..0);
        Self { is_sequence_text: form.is_sequence_text, pieces, head, members, permissions }
    }

    /// One document, the one at `at` of those whose related documents are told with them.
    fn document(&mut self, body: &mut Vec<u8>, document: &'a Document, at: usize) {
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
        body.extend_from_slice(&self.pieces[self.head.clone()]);
        let Document { created, updated, .. } = document;
        let made = created.wire_bytes();
        body.extend_from_slice(&made);
        body.extend_from_slice(b"\",\"$updatedAt\":\"");
        body.extend_from_slice(&if updated == created { made } else { updated.wire_bytes() });
        body.extend_from_slice(b"\",\"$permissions\":[");
        self.permissions(body, &document.permissions);
        body.push(b']');
        for Member { place, key, related } in &mut self.members {
            body.extend_from_slice(&self.pieces[key.clone()]);
            match related {
                Some((branch, telling)) => telling.related(body, branch, at),
                None => value(body, document.values.get(*place).unwrap_or(&Value::Null)),
            }
        }
        body.push(b'}');
    }

    fn permissions(&mut self, body: &mut Vec<u8>, permissions: &'a [Permission]) {
        let (last, told) = &self.permissions;
        if std::ptr::eq(*last, permissions) {
            return body.extend_from_within(told.clone());
        }
        let begin = body.len();
        for (place, permission) in permissions.iter().enumerate() {
            if place > 0 {
                body.push(b',');
            }
            // A role has nothing that JSON would escape, so that the quotes around it are all.
            let _ = write!(body, "\"{}(\\\"{}\\\")\"", permission.action.name(), permission.role);
        }
        self.permissions = (permissions, begin..body.len());
    }

    /// The documents that a relationship leads to from the document at `at`.
    fn related(&mut self, body: &mut Vec<u8>, branch: &'a Branch, at: usize) {
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
            self.document(body, &branch.page.documents[*place], *place);
        }
        if branch.is_many {
            body.push(b']');
        }
    }
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
    if has_escapes(text) {
        serde_json::to_writer(body, text).expect("text is written to memory");
        return;
    }
    body.push(b'"');
    body.extend_from_slice(text.as_bytes());
    body.push(b'"');
}

/// Whether JSON escapes some of the text, which for most texts it does not.
///
/// It looks at all of it and branches nowhere, so that the compiler looks at sixteen bytes at once.
fn has_escapes(text: &str) -> bool {
    let is_escaped = |byte| u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\');
    text.bytes().fold(0, |found, byte| found | is_escaped(byte)) != 0
}
