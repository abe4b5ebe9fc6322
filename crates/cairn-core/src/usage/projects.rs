//! Figures of a project as a whole.

use cairn_faults::Error;
use cairn_model::usage::{Metric, Step, Subject};
use cairn_std::Timestamp;
use cairn_store::Tx;

use super::databases::{document_count, metered};
use super::users::users_that_came;
use super::{Figure, Steps, admit};
use crate::Cx;
use crate::meter::write_waiting;

/// Steps that one request may ask for.
const STEPS_MAX: i64 = 2_400;
/// Databases of which a breakdown tells, the largest.
const BREAKDOWN_MAX: i64 = 1_000;

/// From when until when figures are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The step in which this instant lies is the first.
    pub from: Timestamp,
    /// The step in which this instant lies is the last.
    pub until: Timestamp,
    /// By hours or days.
    pub step: Step,
}

impl Span {
    fn steps(self) -> Result<Steps, Error> {
        let number = |at: Timestamp| at.0.div_euclid(self.step.millis());
        let (first, last) = (number(self.from), number(self.until));
        if self.until < self.from {
            return Err(Error::invalid_param("endDate", "must not be before startDate"));
        }
        if last - first >= STEPS_MAX {
            let reason = format!("the time since startDate must have at most {STEPS_MAX} steps");
            return Err(Error::invalid_param("endDate", reason));
        }
        Ok(Steps { step: self.step, first, count: last - first + 1 })
    }
}

/// The part of a figure that one thing has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// The thing's id.
    pub id: String,
    /// The name that people give it.
    pub name: String,
    /// Its part.
    pub value: i64,
}

/// The figures of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectUsage {
    /// Requests that were answered.
    pub requests: Figure,
    /// Bytes of their bodies and of the answers'.
    pub network: Figure,
    /// Users.
    pub users: Figure,
    /// Documents of all databases.
    pub documents_total: i64,
    /// Databases.
    pub databases_total: i64,
    /// Bytes of documents.
    pub storage: Figure,
    /// The bytes of each database.
    pub storage_by_database: Vec<Breakdown>,
    /// Documents read.
    pub reads: Figure,
    /// Documents written.
    pub writes: Figure,
}

/// The figures of the project.
///
/// # Errors
/// `general_argument_invalid` for a time that ends before it begins or has too many steps; `user_unauthorized`,
/// `general_usage_disabled`.
pub async fn project(cx: &Cx, span: Span) -> Result<ProjectUsage, Error> {
    admit(cx)?;
    let steps = span.steps()?;
    write_waiting(&cx.app, Some(cx.project_ref())).await;
    cx.store().read_long(cx.project_ref(), |tx| async move { read(&tx, steps).await }).await
}

async fn read(tx: &Tx, steps: Steps) -> Result<ProjectUsage, Error> {
    let figure = |metric| metered(tx, steps, Subject::Project, metric);
    let collections = tx.collection_numbers(None).await?;
    let parts = tx.usage_by_database(Metric::Storage, BREAKDOWN_MAX).await?;
    let part = |(id, name, value): (String, String, i64)| Breakdown { id, name, value: value.max(0) };
    Ok(ProjectUsage {
        requests: figure(Metric::Requests).await?,
        network: figure(Metric::Network).await?,
        users: users_that_came(tx, steps).await?,
        documents_total: document_count(tx, &collections).await?,
        databases_total: tx.database_count().await?,
        storage: figure(Metric::Storage).await?,
        storage_by_database: parts.into_iter().map(part).collect(),
        reads: figure(Metric::DatabaseReads).await?,
        writes: figure(Metric::DatabaseWrites).await?,
    })
}
