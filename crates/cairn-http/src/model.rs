//! The shapes of answers as data: what a route gives back when all goes well.
//!
//! A route row names its [`Success`]; from there the API description has its schemas, and every scenario's answers are
//! compared with them, so that neither can say what the other does not.

use serde_json::{Map, Value, json};

#[cfg(test)]
mod tests;

/// The shape of one object of answers, in its native form; made by [`model!`](crate::model!).
#[derive(Debug)]
pub struct Model {
    /// Its name in the API description.
    pub name: &'static str,
    /// What it is, for people: the lines of its doc comment.
    pub about: &'static [&'static str],
    /// Its members, in their order on the wire.
    pub members: &'static [Member],
    /// Whether clients find members beside these: the attributes of a document, preferences.
    pub is_open: bool,
}

/// One member of a model.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// What a member holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A text.
    Text,
    /// An instant as text; empty where there is none.
    Time,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// An object whose members nobody promises.
    Object,
    /// Anything.
    Any,
    /// An object of this model.
    Of(&'static Model),
    /// A list of these.
    List(&'static Kind),
    /// One of these, or null.
    OrNull(&'static Kind),
    /// One of these; some objects do without the member.
    Maybe(&'static Kind),
}

/// Declare a model as `"member": Kind`; it is `open` where clients find other members beside these.
#[macro_export]
macro_rules! model {
    ($(#[doc = $doc:literal])* $vis:vis $const:ident = $name:literal $($open:ident)? {
        $($member:literal: $kind:expr),* $(,)?
    }) => {
        $(#[doc = $doc])*
        $vis const $const: $crate::model::Model = $crate::model::Model {
            name: $name,
            about: &[$($doc),*],
            members: &[$($crate::model::Member {
                name: $member,
                kind: $kind,
            }),*],
            is_open: !stringify!($($open)?).is_empty(),
        };
    };
}

/// What a route gives back when all goes well.
#[derive(Clone, Copy, Debug)]
pub struct Success {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Shape,
}

/// The body of a [`Success`].
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// None.
    Nothing,
    /// One object.
    One(&'static Model),
    /// A page of objects: `{total, <name>: [..]}`.
    Page {
        /// The member that holds them.
        name: &'static str,
        /// What each is.
        model: &'static Model,
    },
    /// A text or a file.
    Bytes,
}

impl Success {
    /// One object, 200.
    pub const fn ok(model: &'static Model) -> Self {
        Self { status: 200, body: Shape::One(model) }
    }

    /// One object that is not the end of it, 202.
    pub const fn accepted(model: &'static Model) -> Self {
        Self { status: 202, body: Shape::One(model) }
    }

    /// Nothing, 204.
    pub const fn nothing() -> Self {
        Self { status: 204, body: Shape::Nothing }
    }

    /// Nothing, because the rest comes by mail, 202.
    pub const fn mailed() -> Self {
        Self { status: 202, body: Shape::Nothing }
    }

    /// What is wrong with an answer in its native form, if anything is; no body is null.
    pub fn problem(&self, status: u16, body: &Value) -> Option<String> {
        if status != self.status {
            return Some(format!("the status is {status}, declared is {}", self.status));
        }
        match self.body {
            Shape::Bytes => None,
            Shape::Nothing => (!body.is_null()).then(|| "there is a body, declared is none".to_owned()),
            Shape::One(model) => model.problem("", body),
            Shape::Page { name, model } => page_problem(name, model, body),
        }
    }

    /// The schema of the body; `None` where that is no JSON.
    pub(crate) fn schema(&self) -> Option<Value> {
        match self.body {
            Shape::Nothing | Shape::Bytes => None,
            Shape::One(model) => Some(reference(model)),
            Shape::Page { name, model } => Some(json!({
                "type": "object",
                "required": ["total", name],
                "properties": { "total": { "type": "integer" }, name: { "type": "array", "items": reference(model) } },
            })),
        }
    }

    /// The model that the body is made of.
    pub(crate) fn model(&self) -> Option<&'static Model> {
        match self.body {
            Shape::Nothing | Shape::Bytes => None,
            Shape::One(model) | Shape::Page { model, .. } => Some(model),
        }
    }
}

fn page_problem(name: &str, model: &Model, body: &Value) -> Option<String> {
    let members: Vec<&str> = body.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
    if members != ["total", name] || !body["total"].is_i64() {
        return Some(format!("a page has the members {members:?}, declared are total and {name}"));
    }
    let items = body[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let problem = |(place, item): (usize, &Value)| model.problem(&format!("/{name}/{place}"), item);
    items.iter().enumerate().find_map(problem)
}

impl Model {
    /// What is wrong with an object at `at`, if anything is.
    fn problem(&self, at: &str, value: &Value) -> Option<String> {
        let Value::Object(object) = value else { return Some(format!("{at}: {value} is no {}", self.name)) };
        let of_member = |member: &Member| match object.get(member.name) {
            Some(value) => member.kind.problem(&format!("{at}/{}", member.name), value),
            None if member.is_optional() => None,
            None => Some(format!("{at}/{}: missing from this {}", member.name, self.name)),
        };
        let is_declared = |name: &&String| self.is_open || self.members.iter().any(|m| m.name == **name);
        let undeclared = || object.keys().find(|name| !is_declared(name));
        let of_object = || Some(format!("{at}/{}: not declared in the model {}", undeclared()?, self.name));
        self.members.iter().find_map(of_member).or_else(of_object)
    }

    pub(crate) fn schema(&self) -> Value {
        let required: Vec<&str> =
            self.members.iter().filter(|member| !member.is_optional()).map(|member| member.name).collect();
        let properties: Map<String, Value> =
            self.members.iter().map(|member| (member.name.to_owned(), member.kind.schema())).collect();
        let about: Vec<&str> = self.about.iter().map(|line| line.trim()).collect();
        json!({
            "type": "object",
            "description": about.join(" "),
            "required": required,
            "properties": properties,
            "additionalProperties": self.is_open,
        })
    }

    /// The models that its members are made of.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &'static Model> {
        self.members.iter().filter_map(|member| member.kind.model())
    }
}

impl Member {
    fn is_optional(&self) -> bool {
        matches!(self.kind, Kind::Maybe(_))
    }
}

impl Kind {
    fn problem(self, at: &str, value: &Value) -> Option<String> {
        let is_right = match self {
            Self::Text | Self::Time => value.is_string(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::Boolean => value.is_boolean(),
            Self::Object => value.is_object(),
            Self::Any => true,
            Self::Of(model) => return model.problem(at, value),
            Self::Maybe(kind) => return kind.problem(at, value),
            Self::OrNull(kind) => return if value.is_null() { None } else { kind.problem(at, value) },
            Self::List(kind) => {
                let Value::Array(items) = value else { return Some(format!("{at}: {value} is no list")) };
                let problem = |(place, item): (usize, &Value)| kind.problem(&format!("{at}/{place}"), item);
                return items.iter().enumerate().find_map(problem);
            }
        };
        (!is_right).then(|| format!("{at}: {value} is not as declared ({self:?})"))
    }

    fn schema(self) -> Value {
        match self {
            Self::Text => json!({ "type": "string" }),
            Self::Time => {
                json!({ "type": "string", "description": "A date and time of ISO 8601, or empty." })
            }
            Self::Integer => json!({ "type": "integer" }),
            Self::Number => json!({ "type": "number" }),
            Self::Boolean => json!({ "type": "boolean" }),
            Self::Object => json!({ "type": "object" }),
            Self::Any => json!({}),
            Self::Of(model) => reference(model),
            Self::Maybe(kind) => kind.schema(),
            Self::List(kind) => json!({ "type": "array", "items": kind.schema() }),
            Self::OrNull(kind) => json!({ "anyOf": [kind.schema(), { "type": "null" }] }),
        }
    }

    fn model(self) -> Option<&'static Model> {
        match self {
            Self::Of(model) => Some(model),
            Self::List(kind) | Self::OrNull(kind) | Self::Maybe(kind) => kind.model(),
            _ => None,
        }
    }
}

fn reference(model: &Model) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", model.name) })
}
