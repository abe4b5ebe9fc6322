//! Relationships between collections: made, changed and removed on both sides at once.
//!
//! What keeps the links (a column and its index, or a table of pairs) is made and removed in the background, as the
//! columns of other attributes are. INVARIANT: both attributes of a two-way relationship change in one transaction.

use std::collections::BTreeMap;

use cairn_faults::{Error, Fault};
use cairn_model::ids::CollectionId;
use cairn_model::schema::{
    Attribute, AttributeType, Collection, Link, OnDelete, Relation, RelationType, Side, Status,
};
use cairn_std::Timestamp;
use cairn_store::{JobKind, StoreError, Task, Tx};

use crate::schemas::{Place, find, refused};
use crate::{Cx, jobs};

/// A relationship to make.
#[derive(Clone, Debug)]
pub struct NewRelationship {
    /// The collection to relate to; may be the same.
    pub related: CollectionId,
    /// How many documents stand on each side.
    pub kind: RelationType,
    /// Whether the related collection gets an attribute too.
    pub is_two_way: bool,
    /// The key of the attribute; the related collection's id where the client names none.
    pub key: Option<String>,
    /// The key of the attribute on the other side; this collection's id where the client names none.
    pub two_way_key: Option<String>,
    /// What deleting a document does to those that it relates to.
    pub on_delete: OnDelete,
}

/// Ask for a relationship. Its attributes are `processing` until the background work has made its place.
pub async fn create(cx: &Cx, place: Place, new: NewRelationship) -> Result<Attribute, Error> {
    let now = cx.now();
    jobs::write(cx, move |tx: Tx| async move {
        let collection = find(&tx, &place).await?;
        let (made, collection) = add(&tx, &place, collection, new, now).await?;
        let task = Task { kind: JobKind::AttributeCreate, collection: collection.number, part: made.column };
        tx.job_insert(&task).await?;
        Ok::<_, Error>(made)
    })
    .await
}

/// Make a relationship of a collection that has no documents yet. Its attributes are available at once.
pub(crate) async fn create_in(
    tx: &Tx,
    place: &Place,
    new: NewRelationship,
    now: Timestamp,
) -> Result<(), Error> {
    let collection = find(tx, place).await?;
    let (made, collection) = add(tx, place, collection, new, now).await?;
    if let Some(relation) = &made.relation {
        make(tx, &collection, &made, relation, now).await?;
    }
    Ok(())
}

/// Add the attributes of a relationship; the one that was asked for, and the collection with it.
async fn add(
    tx: &Tx,
    place: &Place,
    mut collection: Collection,
    new: NewRelationship,
    now: Timestamp,
) -> Result<(Attribute, Collection), Error> {
    let there = Place { database: place.database.clone(), collection: new.related.clone() };
    let mut related = find(tx, &there).await?;
    let number = tx.counter_next("columns").await?;
    let relation = Relation {
        number,
        related: related.number,
        related_id: related.id.clone(),
        kind: new.kind,
        side: Side::Parent,
        is_two_way: new.is_two_way,
        two_way_key: new.two_way_key.unwrap_or_else(|| collection.id.to_string()),
        on_delete: new.on_delete,
    };
    let of = |key: String, column, relation: Relation| Attribute {
        column,
        status: Status::Processing,
        relation: Some(Box::new(relation)),
        created: now,
        updated: now,
        ..Attribute::new(key, AttributeType::Relationship)
    };
    let key = new.key.unwrap_or_else(|| related.id.to_string());
    let made = of(key, number, relation.clone());
    collection.check_new_relation(&made).map_err(refused)?;
    tx.attribute_insert(&collection, &made).await?;
    if new.is_two_way {
        let column = tx.counter_next("columns").await?;
        let two_way_key = relation.two_way_key.clone();
        let other = of(two_way_key, column, relation.seen_from_there(&collection, &made.key));
        if related.number == collection.number {
            collection.attributes.push(made.clone());
            related = collection;
        }
        related.check_new_attribute(&other).map_err(refused)?;
        tx.attribute_insert(&related, &other).await?;
    }
    Ok((made, find(tx, place).await?))
}

/// Change what a deletion does, or the key. Both sides follow.
pub async fn update(
    cx: &Cx,
    place: Place,
    key: &str,
    on_delete: Option<OnDelete>,
    new_key: Option<String>,
) -> Result<Attribute, Error> {
    let (key, now) = (key.to_owned(), cx.now());
    let write = move |tx: Tx| async move {
        let collection = find(&tx, &place).await?;
        let found =
            collection.attribute(&key).ok_or_else(|| Fault::AttributeNotFound.with("attribute", &key));
        let (at, old) = found?;
        if old.status != Status::Available {
            return Err(Fault::AttributeNotAvailable.with("attribute", &key));
        }
        let Some(relation) = &old.relation else {
            return Err(Fault::AttributeTypeInvalid.with("attribute", &key));
        };
        let mut relation = Relation::clone(relation);
        relation.on_delete = on_delete.unwrap_or(relation.on_delete);
        let key = new_key.unwrap_or(key);
        let other = other_side(&tx, &relation).await?;
        if let Some((related, other)) = other {
            let mut theirs = other.relation.clone();
            if let Some(theirs) = &mut theirs {
                theirs.on_delete = relation.on_delete;
                theirs.two_way_key.clone_from(&key);
            }
            tx.attribute_update(&related, &Attribute { relation: theirs, updated: now, ..other }).await?;
        } else {
            related_changed(&tx, &relation).await?;
        }
        let relation = Some(Box::new(relation));
        let changed = Attribute { key, relation, updated: now, ..old.clone() };
        collection.check_changed_attribute(at, &changed).map_err(refused)?;
        tx.attribute_update(&collection, &changed).await?;
        Ok(changed)
    };
    cx.store().write(cx.project_ref(), write).await
}

/// The attribute on the other side, where there is one.
async fn other_side(tx: &Tx, relation: &Relation) -> Result<Option<(Collection, Attribute)>, StoreError> {
    if !relation.is_two_way {
        return Ok(None);
    }
    let Some(related) = tx.collection_by_number(relation.related).await? else { return Ok(None) };
    let is_other = |attribute: &&Attribute| {
        attribute.relation.as_ref().is_some_and(|other| relation.is_other_side_of(other))
    };
    let other = related.attributes.iter().find(is_other).cloned();
    Ok(other.map(|other| (related, other)))
}

/// Writers of the related collection's documents work with what leads to it.
async fn related_changed(tx: &Tx, relation: &Relation) -> Result<(), StoreError> {
    match tx.collection_by_number(relation.related).await? {
        Some(related) => tx.schema_changed(&related).await,
        None => Ok(()),
    }
}

/// Remove a relationship from whichever side; the links go in the background.
pub(crate) async fn delete(
    tx: &Tx,
    collection: &Collection,
    attribute: &Attribute,
    relation: &Relation,
    now: Timestamp,
) -> Result<(), Error> {
    let other = other_side(tx, relation).await?;
    let sides = [Some((collection.clone(), attribute.clone())), other];
    if matches!(attribute.status, Status::Processing | Status::Failed) {
        // There are no links.
        for (collection, attribute) in sides.into_iter().flatten() {
            tx.attribute_delete(&collection, &attribute).await?;
        }
        return Ok(());
    }
    for (collection, attribute) in sides.into_iter().flatten() {
        let going = Attribute { status: Status::Deleting, updated: now, ..attribute };
        tx.attribute_update(&collection, &going).await?;
    }
    related_changed(tx, relation).await?;
    let (collection, part) = (collection.number, attribute.column);
    tx.job_insert(&Task { kind: JobKind::AttributeDelete, collection, part }).await?;
    Ok(())
}

/// Make the place of the links; the attributes become available. `attribute` is the one on the parent side.
pub(crate) async fn make(
    tx: &Tx,
    collection: &Collection,
    attribute: &Attribute,
    relation: &Relation,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.relation_create(collection.number, relation).await?;
    set_status(tx, collection, attribute, relation, (Status::Available, "", now)).await?;
    related_changed(tx, relation).await
}

/// Give both attributes a status.
pub(crate) async fn set_status(
    tx: &Tx,
    collection: &Collection,
    attribute: &Attribute,
    relation: &Relation,
    (status, error, updated): (Status, &str, Timestamp),
) -> Result<(), StoreError> {
    let other = other_side(tx, relation).await?;
    let sides = [Some((collection.clone(), attribute.clone())), other];
    for (collection, attribute) in sides.into_iter().flatten() {
        let changed = Attribute { status, error: error.to_owned(), updated, ..attribute };
        tx.attribute_update(&collection, &changed).await?;
    }
    Ok(())
}

/// Remove the links and both attributes.
pub(crate) async fn unmake(
    tx: &Tx,
    collection: &Collection,
    attribute: &Attribute,
    relation: &Relation,
) -> Result<(), StoreError> {
    match holder(collection.number, relation) {
        Some(holder) => tx.link_column_drop(holder, relation.number).await?,
        None => tx.pairs_drop(relation.number).await?,
    }
    if let Some((related, other)) = other_side(tx, relation).await? {
        tx.attribute_delete(&related, &other).await?;
    }
    tx.attribute_delete(collection, attribute).await?;
    related_changed(tx, relation).await
}

/// The collection whose rows have the links; `None` when a table of pairs has them.
fn holder(collection: i64, relation: &Relation) -> Option<i64> {
    match relation.link() {
        Link::Own => Some(collection),
        Link::Theirs => Some(relation.related),
        Link::Pairs => None,
    }
}

/// A collection goes: so do the relationships to it, and the links that other tables keep.
pub(crate) async fn collection_goes(tx: &Tx, collection: &Collection) -> Result<(), Error> {
    let mut all: BTreeMap<i64, (i64, Relation, Status)> = BTreeMap::new();
    for attribute in &collection.attributes {
        if let Some(relation) = &attribute.relation {
            all.insert(relation.number, (collection.number, Relation::clone(relation), attribute.status));
            related_changed(tx, relation).await?;
        }
    }
    for (number, attribute) in tx.relations_to(collection.number).await? {
        let Some(relation) = &attribute.relation else { continue };
        all.entry(relation.number).or_insert_with(|| (number, Relation::clone(relation), attribute.status));
        if number != collection.number
            && let Some(other) = tx.collection_by_number(number).await?
        {
            tx.attribute_delete(&other, &attribute).await?;
        }
    }
    for (number, (of, relation, status)) in all {
        if matches!(status, Status::Processing | Status::Failed) {
            continue;
        }
        let task = match holder(of, &relation) {
            Some(holder) if holder == collection.number => continue,
            Some(holder) => Task { kind: JobKind::LinkDrop, collection: holder, part: number },
            None => Task { kind: JobKind::PairsDrop, collection: 0, part: number },
        };
        tx.job_insert(&task).await?;
    }
    Ok(())
}
