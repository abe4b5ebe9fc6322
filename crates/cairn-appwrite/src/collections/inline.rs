//! Attributes and indexes that come with a new collection, as objects of one list each.

use cairn_core::attributes::Bounds;
use cairn_core::relationships::NewRelationship;
use cairn_faults::{Error, Fault, Vocabulary};
use cairn_http::rules::{Refusal, Rule, array_of, boolean, choices, float, integer, key, one_of, text, uid};
use cairn_model::schema::{Attribute, AttributeType, Index, OnDelete, Order};
use serde_json::Value;

use crate::schemas::{DELETE_RULES, INDEX_TYPES, ORDERS, RELATION_TYPES};
use crate::wire::Object;

const ELEMENTS_MAX: usize = 100;
/// Types that the reference knows, on engines of another kind.
const ELSEWHERE: &[&str] = &["vector", "object"];

/// One object of a list, read member by member.
struct Member<'a> {
    param: &'static str,
    place: usize,
    object: &'a Object,
}

impl Member<'_> {
    fn required<R: Rule>(&self, name: &str, rule: &R) -> Result<R::Output, Error> {
        let value = self.object.get(name).unwrap_or(&Value::Null);
        rule.check(value).map_err(|refusal| self.refused(name, refusal))
    }

    fn optional<R: Rule>(&self, name: &str, rule: &R) -> Result<Option<R::Output>, Error> {
        match self.object.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => rule.check(value).map(Some).map_err(|refusal| self.refused(name, refusal)),
        }
    }

    #[track_caller]
    fn refused(&self, name: &str, refusal: Refusal) -> Error {
        let reason = format!("The member \"{name}\" of element {}: {}", self.place, refusal.reason);
        Error::invalid_params(vec![Refusal { reason, ..refusal.at(self.place) }.of_param(self.param)])
    }
}

/// The attributes of the parameter `attributes` or `columns`, and the relationships among them.
pub(super) fn attributes(
    objects: &[Object],
    words: Vocabulary,
) -> Result<(Vec<Attribute>, Vec<NewRelationship>), Error> {
    let param = if words == Vocabulary::Tables { "columns" } else { "attributes" };
    let (mut attributes, mut relationships) = (Vec::new(), Vec::new());
    for (place, object) in objects.iter().enumerate() {
        let member = Member { param, place, object };
        if object.get("type").and_then(Value::as_str) == Some(AttributeType::Relationship.name()) {
            relationships.push(relationship(&member, words)?);
        } else {
            attributes.push(attribute(&member)?);
        }
    }
    Ok((attributes, relationships))
}

/// A relationship, with the members that it is shown with; the related collection may also be named as the parameter of
/// its own route has it.
fn relationship(member: &Member<'_>, words: Vocabulary) -> Result<NewRelationship, Error> {
    let (shown, asked) = match words {
        Vocabulary::Documents => ("relatedCollection", "relatedCollectionId"),
        Vocabulary::Tables => ("relatedTable", "relatedTableId"),
    };
    let related = if member.object.contains_key(asked) { asked } else { shown };
    Ok(NewRelationship {
        related: member.required(related, &uid())?.into(),
        kind: member.required("relationType", &choices(RELATION_TYPES))?,
        is_two_way: member.optional("twoWay", &boolean())?.unwrap_or(false),
        key: member.optional("key", &key())?,
        two_way_key: member.optional("twoWayKey", &key())?,
        on_delete: member.optional("onDelete", &choices(DELETE_RULES))?.unwrap_or(OnDelete::Restrict),
    })
}

fn attribute(member: &Member<'_>) -> Result<Attribute, Error> {
    let name = member.required("type", &text(1, 64))?;
    let format = member.optional("format", &text(0, 64))?.unwrap_or_default();
    let Some(kind) = kind_of(&name, &format) else {
        if AttributeType::from_wire(&name, "").is_some() {
            return Err(Fault::AttributeFormatUnsupported.with("format", format));
        }
        if ELSEWHERE.contains(&name.as_str()) {
            return Err(Fault::AttributeTypeNotSupported.with("type", name));
        }
        return Err(member.refused("type", Refusal::new(format!("\"{name}\" is not a type."))));
    };
    let size = member.optional("size", &integer(1, i64::from(u32::MAX)))?;
    let is_required = member.optional("required", &boolean())?.unwrap_or(false);
    let bounds = match kind {
        AttributeType::Integer | AttributeType::Bigint => {
            let any = integer(i64::MIN, i64::MAX);
            Bounds::Int(member.optional("min", &any)?, member.optional("max", &any)?)
        }
        AttributeType::Float => {
            let any = float(-f64::MAX, f64::MAX);
            Bounds::Float(member.optional("min", &any)?, member.optional("max", &any)?)
        }
        _ => Bounds::None,
    };
    let elements = array_of(text(1, 255), ELEMENTS_MAX);
    let key = member.required("key", &key())?;
    let made = Attribute::new(key, kind);
    Ok(Attribute {
        size: size
            .and_then(|size| u32::try_from(size).ok())
            .filter(|_| made.size == 0 && kind.is_text())
            .unwrap_or(made.size),
        is_required,
        is_array: member.optional("array", &boolean())?.unwrap_or(false),
        default: cairn_query::json::value_of(member.object.get("default").cloned().unwrap_or_default()),
        range: bounds.of_new(),
        elements: member.optional("elements", &elements)?.unwrap_or_default(),
        is_encrypted: member.optional("encrypt", &boolean())?.unwrap_or(false),
        ..made
    })
}

/// COMPAT(appwrite): here the formats of text may also stand as types.
fn kind_of(name: &str, format: &str) -> Option<AttributeType> {
    match name {
        "email" | "url" | "ip" | "enum" => AttributeType::from_wire("string", name),
        "string" => AttributeType::from_wire(name, format),
        _ if format.is_empty() => AttributeType::from_wire(name, ""),
        _ => None,
    }
}

/// The indexes of the parameter `indexes`.
pub(super) fn indexes(objects: &[Object], words: Vocabulary) -> Result<Vec<Index>, Error> {
    let param = "indexes";
    objects.iter().enumerate().map(|(place, object)| index(&Member { param, place, object }, words)).collect()
}

fn index(member: &Member<'_>, words: Vocabulary) -> Result<Index, Error> {
    let names = array_of(text(1, 36), ELEMENTS_MAX);
    let attributes = match words {
        Vocabulary::Tables if member.object.contains_key("columns") => member.required("columns", &names)?,
        _ => member.required("attributes", &names)?,
    };
    let key = member.required("key", &key())?;
    let kind = member.required("type", &choices(INDEX_TYPES))?;
    let orders = member.optional("orders", &array_of(one_of(ORDERS).nullable(), ELEMENTS_MAX))?;
    let lengths =
        member.optional("lengths", &array_of(integer(0, i64::from(u32::MAX)).nullable(), ELEMENTS_MAX))?;
    Ok(Index {
        orders: orders.unwrap_or_default().into_iter().map(|order| order.and_then(Order::by_name)).collect(),
        lengths: lengths
            .unwrap_or_default()
            .into_iter()
            .map(|length| length.and_then(|length| u32::try_from(length).ok()))
            .collect(),
        ..Index::new(key, kind, attributes)
    })
}
