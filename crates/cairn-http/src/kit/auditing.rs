//! What the log says of a request that was answered.

use cairn_core::Cx;
use cairn_core::logs::{self, Entry};

use crate::answer::{Answer, Body};
use crate::params::ParamMap;
use crate::route::Audit;

/// What of a request the log needs once it is answered.
pub(super) struct Asked {
    audit: Audit,
    /// The parameter that `resource` and `subject` speak of, before a handler takes it.
    param: String,
}

impl Asked {
    pub(super) fn new(audit: Audit, params: &ParamMap) -> Self {
        let name = [audit.resource, audit.subject].into_iter().find_map(|text| placed(text, "request."));
        let param = name.and_then(|name| params.text(name)).unwrap_or_default().to_owned();
        Self { audit, param }
    }

    pub(super) fn note(&self, cx: &Cx, answer: &Answer) {
        let resource = self.fill(self.audit.resource, cx, answer);
        let subject = match self.audit.subject {
            "" => cx.user_id().map(|id| id.as_str().to_owned()).unwrap_or_default(),
            text => self.fill(text, cx, answer),
        };
        logs::note(cx, Entry { event: self.audit.event.to_owned(), resource, subject });
    }

    /// The text with what its place stands for.
    fn fill(&self, text: &str, cx: &Cx, answer: &Answer) -> String {
        let (Some(start), Some(end)) = (text.find('{'), text.find('}')) else { return text.to_owned() };
        let value = if let Some(name) = placed(text, "response.") {
            told(answer, name)
        } else if placed(text, "request.").is_some() {
            self.param.as_str()
        } else {
            cx.user_id().map_or("", |id| id.as_str())
        };
        format!("{}{value}{}", &text[..start], &text[end + 1..])
    }
}

/// The name in `{kind.name}`.
fn placed<'a>(text: &'a str, kind: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once('{')?;
    let (inner, _) = rest.split_once('}')?;
    inner.strip_prefix(kind)
}

fn told<'a>(answer: &'a Answer, name: &str) -> &'a str {
    match &answer.body {
        Body::Model { object, .. } => object.get(name).and_then(|value| value.as_str()).unwrap_or_default(),
        Body::Empty | Body::List { .. } | Body::Raw { .. } => "",
    }
}
