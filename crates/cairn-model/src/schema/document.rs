//! One document, and how its values come from what a client sent.

use std::sync::Arc;

use cairn_std::time::Timestamp;

use super::{Attribute, Collection, DocumentId, Status};
use crate::permissions::Permission;
use crate::reason::Reason;
use crate::value::Value;

/// A document: one value per attribute of its collection, in that order.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// `$sequence`: the number behind the id; grows and is never used again.
    pub seq: i64,
    /// `$id`, unique within the collection.
    pub id: DocumentId,
    /// `$createdAt`.
    pub created: Timestamp,
    /// `$updatedAt`.
    pub updated: Timestamp,
    /// `$permissions`, as given; documents that are read together share equal lists.
    pub permissions: Arc<[Permission]>,
    /// The values, parallel to [`Collection::attributes`]; an attribute that is not available has null.
    pub values: Vec<Value>,
}

/// A document to make, or what an upsert sets.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDocument {
    /// Its id, or `unique()`.
    pub id: String,
    /// Its members as they came in, system ones too.
    pub data: Vec<(String, Value)>,
    /// Its permissions; `None` when the client left them to the server.
    pub permissions: Option<Vec<Permission>>,
}

/// What is added to a number of a document, and the bound that the sum must keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The attribute.
    pub attribute: String,
    /// What is added; negative to take away.
    pub by: Value,
    /// The bound.
    pub bound: Option<f64>,
}

impl Collection {
    /// The values of a new document out of the members that a client sent, without those that begin with `$`.
    ///
    /// Attributes without a value, or with null, get their default. The reason goes behind
    /// `Invalid document structure: `; what is missing is reported before what is unknown, and that before what is wrong.
    pub fn values_of_new(&self, members: Vec<(String, Value)>) -> Result<Vec<Value>, Reason> {
        let given = self.sort_in(members);
        self.required(&given.values, |_| false)?;
        given.unknown()?;
        let Given { mut values, order, .. } = given;
        for &at in &order {
            values[at] = Some(self.accept_at(at, values[at].take())?);
        }
        let filled = values.into_iter().zip(&self.attributes).map(|(value, attribute)| match value {
            // A default may be kept as it was given, so it gets its type here.
            None | Some(Value::Null) if attribute.status == Status::Available => {
                if attribute.default.is_null() {
                    Ok(Value::Null)
                } else {
                    attribute.accept(attribute.default.clone())
                }
            }
            None => Ok(Value::Null),
            Some(value) => Ok(value),
        });
        filled.collect()
    }

    /// The values of a changed document: `current` with the members that a client sent put in their places.
    ///
    /// Null clears an optional attribute; defaults do not come back. Reasons as in [`Collection::values_of_new`].
    pub fn values_of_changed(
        &self,
        current: &[Value],
        members: Vec<(String, Value)>,
    ) -> Result<Vec<Value>, Reason> {
        let given = self.sort_in(members);
        // A required attribute that was added later may be null in an older document; only a given null counts,
        // so that such a document stays editable.
        self.required(&given.values, |at| given.values[at].is_none())?;
        given.unknown()?;
        let mut values = current.to_vec();
        values.resize(self.attributes.len(), Value::Null);
        let Given { values: mut new, order, .. } = given;
        for &at in &order {
            values[at] = self.accept_at(at, new[at].take())?;
        }
        Ok(values)
    }

    fn accept_at(&self, at: usize, value: Option<Value>) -> Result<Value, Reason> {
        self.attributes[at].accept(value.unwrap_or_default())
    }

    /// Put members at the places of their attributes, the last of a name counting, and remember what has no place.
    fn sort_in(&self, members: Vec<(String, Value)>) -> Given {
        let mut given = Given { values: vec![None; self.attributes.len()], order: Vec::new(), unknown: None };
        for (key, value) in members {
            match self.attribute(&key) {
                Some((at, attribute)) if attribute.status == Status::Available => {
                    if given.values[at].replace(value).is_none() {
                        given.order.push(at);
                    }
                }
                _ => given.unknown = given.unknown.or(Some(key)),
            }
        }
        given
    }

    fn required(&self, values: &[Option<Value>], is_exempt: impl Fn(usize) -> bool) -> Result<(), Reason> {
        let has_none = |value: &Option<Value>| value.as_ref().is_none_or(Value::is_null);
        let is_missing = |(at, attribute): &(usize, &Attribute)| {
            attribute.is_required
                && attribute.status == Status::Available
                && has_none(&values[*at])
                && !is_exempt(*at)
        };
        match self.attributes.iter().enumerate().find(is_missing) {
            Some((_, attribute)) => {
                Err(Reason::new(format!("Missing required attribute \"{}\"", attribute.key)))
            }
            None => Ok(()),
        }
    }
}

/// Members by the place of their attribute.
struct Given {
    values: Vec<Option<Value>>,
    /// Places in the order in which members were given.
    order: Vec<usize>,
    /// The first member that has no attribute.
    unknown: Option<String>,
}

impl Given {
    fn unknown(&self) -> Result<(), Reason> {
        match &self.unknown {
            Some(key) => Err(Reason::new(format!("Unknown attribute: \"{key}\""))),
            None => Ok(()),
        }
    }
}
