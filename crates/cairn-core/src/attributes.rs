//! Attributes of collections: stored as `processing`, made in the background.

use cairn_faults::{Error, Fault};
use cairn_model::schema::{Attribute, AttributeType, Collection, Range, Status};
use cairn_model::value::Value;
use cairn_query::{Field, FieldType, NounField, NounFields};
use cairn_store::{JobKind, Page, Task, Tx};

use crate::listing::{ListRequest, Listed, PAGE_DEFAULT};
use crate::schemas::{Place, find, refused};
use crate::{Cx, jobs, relationships};

/// New values of an attribute.
#[derive(Clone, Debug)]
pub struct AttributePatch {
    /// The type that the caller believes it to have.
    pub kind: AttributeType,
    /// Whether a document must have a value.
    pub is_required: bool,
    /// What a new document gets that has no value.
    pub default: Value,
    /// The size of text; `None` leaves it alone.
    pub size: Option<u32>,
    /// The bounds of a number; an open end leaves that one alone.
    pub bounds: Bounds,
    /// What an enum may be; `None` leaves it alone.
    pub elements: Option<Vec<String>>,
    /// Another key.
    pub new_key: Option<String>,
}

/// Bounds as a client gives them.
#[derive(Clone, Copy, Debug, Default)]
pub enum Bounds {
    /// The attribute is no number.
    #[default]
    None,
    /// Of an integer.
    Int(Option<i64>, Option<i64>),
    /// Of a float.
    Float(Option<f64>, Option<f64>),
}

impl Bounds {
    /// The bounds of a new attribute, an open end being the type's own.
    pub fn of_new(self) -> Range {
        match self {
            Self::None => Range::None,
            Self::Int(min, max) => Range::Int(min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX)),
            Self::Float(min, max) => Range::Float(min.unwrap_or(-f64::MAX), max.unwrap_or(f64::MAX)),
        }
    }

    fn over(self, range: Range) -> Range {
        match (self, range) {
            (Self::Int(min, max), Range::Int(old_min, old_max)) => {
                Range::Int(min.unwrap_or(old_min), max.unwrap_or(old_max))
            }
            (Self::Float(min, max), Range::Float(old_min, old_max)) => {
                Range::Float(min.unwrap_or(old_min), max.unwrap_or(old_max))
            }
            (bounds, Range::None) => bounds.of_new(),
            (_, range) => range,
        }
    }
}

const FIELDS: &[NounField] = &[
    NounField::one("key", FieldType::Text),
    NounField::one("type", FieldType::Text),
    NounField::one("size", FieldType::Int),
    NounField::one("required", FieldType::Bool),
    NounField::one("array", FieldType::Bool),
    NounField::one("status", FieldType::Text),
    NounField::one("error", FieldType::Text),
];

const LISTED: Listed<Attribute> = Listed {
    fields: NounFields(FIELDS),
    value: |attribute, field| match field {
        Field::Id | Field::Attribute(0) => Value::Text(attribute.key.clone()),
        Field::Sequence => Value::Int(attribute.column),
        Field::Created => attribute.created.into(),
        Field::Updated => attribute.updated.into(),
        Field::Attribute(1) => attribute.kind.name().into(),
        Field::Attribute(2) => Value::Int(attribute.size.into()),
        Field::Attribute(3) => attribute.is_required.into(),
        Field::Attribute(4) => attribute.is_array.into(),
        Field::Attribute(5) => attribute.status.name().into(),
        Field::Attribute(6) => Value::Text(attribute.error.clone()),
        Field::Attribute(_) | Field::Permissions | Field::Relevance => Value::Null,
    },
    page_default: PAGE_DEFAULT,
};

/// Ask for an attribute. It is `processing` until the background work has made its column.
pub async fn create(cx: &Cx, place: Place, new: Attribute) -> Result<Attribute, Error> {
    let now = cx.now();
    jobs::write(cx, move |tx: Tx| async move {
        let collection = find(&tx, &place).await?;
        let column = tx.counter_next("columns").await?;
        let attribute = Attribute { column, status: Status::Processing, created: now, updated: now, ..new };
        collection.check_new_attribute(&attribute).map_err(refused)?;
        tx.attribute_insert(&collection, &attribute).await?;
        let task = Task { kind: JobKind::AttributeCreate, collection: collection.number, part: column };
        tx.job_insert(&task).await?;
        Ok::<_, Error>(attribute)
    })
    .await
}

/// The attribute called `key`.
pub async fn get(cx: &Cx, place: Place, key: &str) -> Result<Attribute, Error> {
    let collection = crate::collections::get(cx, place).await?;
    Ok(find_attribute(&collection, key)?.1.clone())
}

fn find_attribute<'a>(collection: &'a Collection, key: &str) -> Result<(usize, &'a Attribute), Error> {
    collection.attribute(key).ok_or_else(|| Fault::AttributeNotFound.with("attribute", key))
}

/// A page of a collection's attributes.
pub async fn list(cx: &Cx, place: Place, request: ListRequest) -> Result<Page<Attribute>, Error> {
    let collection = crate::collections::get(cx, place).await?;
    LISTED.page(
        &LISTED.query(&request)?,
        request.counts_total,
        &collection.own_attributes().cloned().collect::<Vec<_>>(),
    )
}

/// Change an attribute; at once, because its column stays as it is.
pub async fn update(cx: &Cx, place: Place, key: &str, patch: AttributePatch) -> Result<Attribute, Error> {
    let (key, now) = (key.to_owned(), cx.now());
    let write = move |tx: Tx| async move {
        let collection = find(&tx, &place).await?;
        let (at, old) = find_attribute(&collection, &key)?;
        if old.status != Status::Available {
            return Err(Fault::AttributeNotAvailable.with("attribute", &key));
        }
        if old.kind != patch.kind {
            return Err(Fault::AttributeTypeInvalid.with("attribute", &key));
        }
        let changed = Attribute {
            key: patch.new_key.unwrap_or_else(|| key.clone()),
            is_required: patch.is_required,
            default: patch.default,
            size: patch.size.unwrap_or(old.size),
            range: patch.bounds.over(old.range),
            elements: patch.elements.unwrap_or_else(|| old.elements.clone()),
            updated: now,
            ..old.clone()
        };
        collection.check_changed_attribute(at, &changed).map_err(refused)?;
        if changed.size < old.size && tx.column_has_longer(&collection, old, changed.size).await? {
            return Err(Fault::AttributeInvalidResize.with("attribute", &key));
        }
        tx.attribute_update(&collection, &changed).await?;
        if changed.key != key {
            for index in collection.indexes.iter().filter(|index| index.attributes.contains(&key)) {
                let mut renamed = index.clone();
                for name in renamed.attributes.iter_mut().filter(|name| **name == key) {
                    name.clone_from(&changed.key);
                }
                tx.index_update(&collection, &renamed).await?;
            }
        }
        Ok(changed)
    };
    cx.store().write(cx.project_ref(), write).await
}

/// Remove an attribute; its column and the indexes on it alone go in the background, others become narrower.
///
/// # Errors
/// `index_dependency` where a unique index has other attributes too: over those alone it would be another promise.
pub async fn delete(cx: &Cx, place: Place, key: &str) -> Result<(), Error> {
    let (key, now) = (key.to_owned(), cx.now());
    jobs::write(cx, move |tx: Tx| async move {
        let collection = find(&tx, &place).await?;
        let (_, attribute) = find_attribute(&collection, &key)?;
        if let Some(relation) = &attribute.relation {
            return relationships::delete(&tx, &collection, attribute, relation, now).await;
        }
        if let Some(index) = collection.unique_index_over(attribute) {
            return Err(Fault::IndexDependency.with("index", &index.key).with("attribute", &key));
        }
        match attribute.status {
            // There is no column.
            Status::Processing | Status::Failed => tx.attribute_delete(&collection, attribute).await?,
            Status::Available | Status::Deleting | Status::Stuck => {
                let status = Status::Deleting;
                let going = Attribute { status, updated: now, ..attribute.clone() };
                tx.attribute_update(&collection, &going).await?;
                let part = attribute.column;
                let task = Task { kind: JobKind::AttributeDelete, collection: collection.number, part };
                tx.job_insert(&task).await?;
            }
        }
        Ok::<_, Error>(())
    })
    .await
}
