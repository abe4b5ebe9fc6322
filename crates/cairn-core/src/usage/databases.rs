//! Figures of databases and collections.

use cairn_faults::Error;
use cairn_model::usage::{Metric, Subject};
use cairn_store::Tx;

use super::{Figure, Steps, UsageRange, admit};
use crate::meter::write_waiting;
use crate::schemas::{Place, find};
use crate::{Cx, databases as nouns};

/// The figures of all databases of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabasesUsage {
    /// Databases.
    pub databases: Figure,
    /// What is in them and what was done with it.
    pub all: DatabaseUsage,
}

/// The figures of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseUsage {
    /// Collections.
    pub collections: Figure,
    /// Documents.
    pub documents: Figure,
    /// Bytes of documents.
    pub storage: Figure,
    /// Documents read.
    pub reads: Figure,
    /// Documents written.
    pub writes: Figure,
}

/// The figures of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectionUsage {
    /// Documents.
    pub documents: Figure,
}

/// The figures of all databases.
///
/// # Errors
/// `user_unauthorized`, `general_usage_disabled`.
pub async fn databases(cx: &Cx, range: UsageRange) -> Result<DatabasesUsage, Error> {
    admit(cx)?;
    write_waiting(&cx.app, Some(cx.project_ref())).await;
    let steps = range.steps(cx);
    let read = |tx: Tx| async move {
        let points = steps.read(&tx, Subject::Project, Metric::Databases).await?;
        let databases = Figure { total: tx.database_count().await?, points };
        Ok(DatabasesUsage { databases, all: read(&tx, steps, None).await? })
    };
    cx.store().read_long(cx.project_ref(), read).await
}

/// The figures of a database.
///
/// # Errors
/// `database_not_found`, `user_unauthorized`, `general_usage_disabled`.
pub async fn database(cx: &Cx, id: &str, range: UsageRange) -> Result<DatabaseUsage, Error> {
    admit(cx)?;
    let database = nouns::get(cx, id).await?;
    write_waiting(&cx.app, Some(cx.project_ref())).await;
    let steps = range.steps(cx);
    let read = |tx: Tx| async move { read(&tx, steps, Some(database.number)).await };
    cx.store().read_long(cx.project_ref(), read).await
}

/// The figures of a collection.
///
/// # Errors
/// `database_not_found`, `collection_not_found`, `user_unauthorized`, `general_usage_disabled`.
pub async fn collection(cx: &Cx, place: &Place, range: UsageRange) -> Result<CollectionUsage, Error> {
    admit(cx)?;
    write_waiting(&cx.app, Some(cx.project_ref())).await;
    let steps = range.steps(cx);
    let read = |tx: Tx| async move {
        let found = find(&tx, place).await?;
        let subject = Subject::Collection { database: found.database_number, number: found.number };
        let points = steps.read(&tx, subject, Metric::Documents).await?;
        let total = tx.document_total(found.number).await?;
        Ok(CollectionUsage { documents: Figure { total, points } })
    };
    cx.store().read_long(cx.project_ref(), read).await
}

/// The figures of a database, or of all.
async fn read(tx: &Tx, steps: Steps, database: Option<i64>) -> Result<DatabaseUsage, Error> {
    let subject = database.map_or(Subject::Project, Subject::Database);
    let collections = tx.collection_numbers(database).await?;
    let points = steps.read(tx, subject, Metric::Documents).await?;
    let documents = Figure { total: document_count(tx, &collections).await?, points };
    let points = steps.read(tx, subject, Metric::Collections).await?;
    let total = i64::try_from(collections.len()).unwrap_or(i64::MAX);
    Ok(DatabaseUsage {
        collections: Figure { total, points },
        documents,
        storage: metered(tx, steps, subject, Metric::Storage).await?,
        reads: metered(tx, steps, subject, Metric::DatabaseReads).await?,
        writes: metered(tx, steps, subject, Metric::DatabaseWrites).await?,
    })
}

/// How many documents some collections have together.
pub(super) async fn document_count(tx: &Tx, collections: &[i64]) -> Result<i64, Error> {
    let mut count = 0;
    for number in collections {
        count += tx.document_total(*number).await?;
    }
    Ok(count)
}

/// What only the meter knows. A crash may have lost what came and not what went.
pub(super) async fn metered(
    tx: &Tx,
    steps: Steps,
    subject: Subject,
    metric: Metric,
) -> Result<Figure, Error> {
    let total = tx.usage_ever(subject, metric).await?.max(0);
    Ok(Figure { total, points: steps.read(tx, subject, metric).await? })
}
