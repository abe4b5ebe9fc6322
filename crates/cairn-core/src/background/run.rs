//! What each kind of job does.
//!
//! Work, status and the end of the job are one transaction. Where the work cannot be done at all, a second one says
//! so in the status.

use std::time::Duration;

use cairn_faults::Error;
use cairn_model::schema::{Attribute, Collection, Index, IndexType, Status};
use cairn_std::Timestamp;
use cairn_store::{Job, JobKind, ProjectRef, StoreError, StoreErrorKind, Tx};

use crate::{App, relationships};

/// How long one job may keep a project's writer. As long as the reference lets its workers' statements run.
const JOB_TIME_MAX: Duration = Duration::from_mins(5);

pub(super) async fn job(app: &App, project: &ProjectRef, job: Job) -> Result<(), Error> {
    let now = app.clock.now();
    let done: Result<(), StoreError> = app
        .store
        .write_long(project, JOB_TIME_MAX, move |tx: Tx| async move { work(&tx, job, now).await })
        .await;
    match done {
        Ok(()) => Ok(()),
        Err(error) if is_final(error.kind()) => {
            tell_failed(project, job, &error);
            let reason = match error.kind() {
                StoreErrorKind::Conflict(_) => {
                    "Documents have equal values where the index wants them unique."
                }
                StoreErrorKind::Timeout => "It took longer than a change of a schema may.",
                _ => "The store could not do it.",
            };
            app.store
                .write(project, move |tx: Tx| async move { give_up(&tx, job, reason, now).await })
                .await?;
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

fn tell_failed(project: &ProjectRef, job: Job, error: &StoreError) {
    let cause = match error.kind() {
        // The engine's words for it have the equal values in them, which are nobody's business.
        StoreErrorKind::Conflict(_) => None,
        _ => std::error::Error::source(error),
    };
    tracing::warn!(project = %project.id, kind = ?job.task.kind, %error, ?cause, "a job failed");
}

/// Whether trying again cannot help.
fn is_final(kind: &StoreErrorKind) -> bool {
    matches!(kind, StoreErrorKind::Conflict(_) | StoreErrorKind::Inconsistent(_) | StoreErrorKind::Timeout)
}

async fn work(tx: &Tx, job: Job, now: Timestamp) -> Result<(), StoreError> {
    let task = job.task;
    if task.kind == JobKind::TableRebuild {
        // It reads nothing before it has its lock.
        return tx.table_rebuild(&job).await;
    }
    match (task.kind, tx.collection_by_number(task.collection).await?) {
        (JobKind::TableDrop, None) => tx.table_drop(task.collection).await?,
        (JobKind::PairsDrop, _) => tx.pairs_drop(task.part).await?,
        (JobKind::TableDrop, Some(_)) | (JobKind::TableRebuild, _) | (_, None) => {}
        (JobKind::LinkDrop, Some(collection)) => tx.link_column_drop(collection.number, task.part).await?,
        (JobKind::AttributeCreate, Some(collection)) => {
            if let Some(attribute) = attribute(&collection, task.part, Status::Processing) {
                if let Some(relation) = &attribute.relation {
                    relationships::make(tx, &collection, attribute, relation, now).await?;
                } else {
                    tx.column_create(collection.number, attribute).await?;
                    let status = Status::Available;
                    tx.attribute_update(
                        &collection,
                        &Attribute { status, updated: now, ..attribute.clone() },
                    )
                    .await?;
                }
            }
        }
        (JobKind::AttributeDelete, Some(collection)) => {
            if let Some(attribute) = attribute(&collection, task.part, Status::Deleting) {
                if let Some(relation) = &attribute.relation {
                    relationships::unmake(tx, &collection, attribute, relation).await?;
                } else {
                    narrow_indexes(tx, &collection, attribute, now).await?;
                    tx.column_drop(&collection, attribute).await?;
                    tx.attribute_delete(&collection, attribute).await?;
                }
            }
        }
        (JobKind::IndexCreate, Some(collection)) => {
            if let Some(index) = index(&collection, task.part, Status::Processing) {
                tx.index_build(&collection, index).await?;
                let status = Status::Available;
                tx.index_update(&collection, &Index { status, updated: now, ..index.clone() }).await?;
            }
        }
        (JobKind::IndexDelete, Some(collection)) => {
            if let Some(index) = index(&collection, task.part, Status::Deleting) {
                tx.index_drop(collection.number, index).await?;
                tx.index_delete(&collection, index).await?;
            }
        }
    }
    tx.job_delete(&job).await
}

fn attribute(collection: &Collection, number: i64, status: Status) -> Option<&Attribute> {
    collection.attributes.iter().find(|attribute| attribute.column == number && attribute.status == status)
}

fn index(collection: &Collection, number: i64, status: Status) -> Option<&Index> {
    collection.indexes.iter().find(|index| index.number == number && index.status == status)
}

/// Take an attribute out of every index. One without attributes goes, as does one that equals another then. A unique
/// one over more attributes keeps its attribute from being deleted; where it was asked for later, it goes as a whole.
async fn narrow_indexes(
    tx: &Tx,
    collection: &Collection,
    attribute: &Attribute,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut others: Vec<Index> = collection.indexes.clone();
    for index in &collection.indexes {
        let Some(place) = index.attributes.iter().position(|key| *key == attribute.key) else { continue };
        let mut narrow = index.clone();
        narrow.attributes.remove(place);
        if place < narrow.orders.len() {
            narrow.orders.remove(place);
        }
        if place < narrow.lengths.len() {
            narrow.lengths.remove(place);
        }
        narrow.updated = now;
        others.retain(|other| other.number != index.number);
        let is_same = |other: &Index| other.kind == narrow.kind && other.attributes == narrow.attributes;
        let goes =
            narrow.attributes.is_empty() || narrow.kind == IndexType::Unique || others.iter().any(is_same);
        tx.index_drop(collection.number, index).await?;
        if goes {
            tx.index_delete(collection, index).await?;
            continue;
        }
        if index.status == Status::Available {
            tx.index_build(collection, &narrow).await?;
        }
        tx.index_update(collection, &narrow).await?;
        others.push(narrow);
    }
    Ok(())
}

async fn give_up(tx: &Tx, job: Job, reason: &str, now: Timestamp) -> Result<(), StoreError> {
    let task = job.task;
    if task.kind == JobKind::TableRebuild {
        // The next change of a column asks for it again.
        tx.table_rebuild_undo(task.collection).await?;
        return tx.job_delete(&job).await;
    }
    if let Some(collection) = tx.collection_by_number(task.collection).await? {
        let (asked, status) = match task.kind {
            JobKind::AttributeCreate | JobKind::IndexCreate => (Status::Processing, Status::Failed),
            JobKind::AttributeDelete
            | JobKind::IndexDelete
            | JobKind::TableDrop
            | JobKind::LinkDrop
            | JobKind::PairsDrop
            | JobKind::TableRebuild => (Status::Deleting, Status::Stuck),
        };
        let error = reason.to_owned();
        match task.kind {
            JobKind::AttributeCreate | JobKind::AttributeDelete => {
                if let Some(old) = attribute(&collection, task.part, asked) {
                    if let Some(relation) = &old.relation {
                        let stopped = (status, &*error, now);
                        relationships::set_status(tx, &collection, old, relation, stopped).await?;
                        return tx.job_delete(&job).await;
                    }
                    let stopped = Attribute { status, error, updated: now, ..old.clone() };
                    tx.attribute_update(&collection, &stopped).await?;
                }
            }
            JobKind::IndexCreate | JobKind::IndexDelete => {
                if let Some(old) = index(&collection, task.part, asked) {
                    tx.index_update(&collection, &Index { status, error, updated: now, ..old.clone() })
                        .await?;
                }
            }
            JobKind::TableDrop | JobKind::LinkDrop | JobKind::PairsDrop | JobKind::TableRebuild => {}
        }
    }
    tx.job_delete(&job).await
}
