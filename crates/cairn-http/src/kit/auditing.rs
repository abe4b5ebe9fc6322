//! What the log says of a request that was answered.

use cairn_core::Cx;
use cairn_core::logs::{self, Entry};

use crate::answer::{Answer, Body};
use crate::params::ParamMap;
use crate::route::{Audit, Pace};

/// What of a request the log needs once it is answered.
pub(super) struct Asked {
    audit: Audit,
    /// The parameters that `resource` and `subject` speak of, before a handler takes them.
    params: Vec<(&'static str, String)>,
}

impl Asked {
    /// `None` where the log has enough of its kind, and for changes that are only staged: their commit tells of them.
    pub(super) fn new(audit: Audit, cx: &Cx, params: &ParamMap) -> Option<Self> {
        let is_told = || params.text("transactionId").is_none() && logs::has_room(cx);
        if audit.pace == Pace::Often && !is_told() {
            return None;
        }
        let names =
            [audit.resource, audit.subject].into_iter().flat_map(places).filter_map(|place| match place {
                Place::Request(name) => Some(name),
                Place::Response(_) | Place::User | Place::Plain(_) => None,
            });
        let text = |name| params.text(name).unwrap_or_default().to_owned();
        Some(Self { audit, params: names.map(|name| (name, text(name))).collect() })
    }

    pub(super) fn note(&self, cx: &Cx, answer: &Answer) {
        let Audit { event, resource, subject, pace } = self.audit;
        let subject = match subject {
            "" => cx.user_id().map(|id| id.as_str().to_owned()).unwrap_or_default(),
            text => self.fill(text, cx, answer),
        };
        let resource = self.fill(resource, cx, answer);
        logs::note(
            cx,
            Entry { event: event.to_owned(), resource, subject, is_frequent: pace == Pace::Often },
        );
    }

    /// The text with what its places stand for.
    fn fill(&self, text: &'static str, cx: &Cx, answer: &Answer) -> String {
        let param = |name: &str| self.params.iter().find(|(known, _)| *known == name);
        let told = |place| match place {
            Place::Plain(text) => text,
            Place::Response(name) => told(answer, name),
            Place::Request(name) => param(name).map_or("", |(_, text)| text.as_str()),
            Place::User => cx.user_id().map_or("", |id| id.as_str()),
        };
        places(text).map(told).collect()
    }
}

/// A part of a text: itself, or a place for something.
#[derive(Clone, Copy)]
enum Place<'a> {
    Plain(&'a str),
    Response(&'a str),
    Request(&'a str),
    User,
}

/// The parts of a text with places in braces.
fn places(text: &'static str) -> impl Iterator<Item = Place<'static>> {
    text.split_inclusive(['{', '}']).map(|part| match part.strip_suffix('}') {
        None => Place::Plain(part.trim_end_matches('{')),
        Some(name) => match name.split_once('.') {
            Some(("response", name)) => Place::Response(name),
            Some(("request", name)) => Place::Request(name),
            _ => Place::User,
        },
    })
}

fn told<'a>(answer: &'a Answer, name: &str) -> &'a str {
    match &answer.body {
        Body::Model { object, .. } => object.get(name).and_then(|value| value.as_str()).unwrap_or_default(),
        Body::Empty | Body::List { .. } | Body::Raw { .. } => "",
    }
}
