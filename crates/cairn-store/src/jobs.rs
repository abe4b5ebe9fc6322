//! Work that outlives its request, in the project's own scope, and the markers by which a start-up finds it.

use serde::{Deserialize, Serialize};

use crate::sql::{params, to_json};
use crate::{StoreError, Tx};

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobKind {
    /// Make the column of an attribute.
    AttributeCreate,
    /// Remove an attribute and its column.
    AttributeDelete,
    /// Build an index.
    IndexCreate,
    /// Remove an index.
    IndexDelete,
    /// Remove the table of a collection that is gone.
    TableDrop,
    /// Remove the column that has the links of a relationship that is gone.
    LinkDrop,
    /// Remove the table that has the links of a relationship that is gone.
    PairsDrop,
    /// Give a collection a new table, without the columns that it has dropped.
    TableRebuild,
}

/// What is to be done, and to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What to do.
    pub kind: JobKind,
    /// The number of the collection.
    pub collection: i64,
    /// The number of the attribute or index; 0 for the collection itself. Of a rebuild that has begun, the transaction that
    /// did.
    pub part: i64,
}

/// A piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its place in the order of work.
    pub number: i64,
    /// What is to be done.
    pub task: Task,
}

impl Tx {
    /// Add a job of this transaction's project.
    pub async fn job_insert(&self, task: &Task) -> Result<(), StoreError> {
        let number = self.counter_next("jobs").await?;
        let sql = "INSERT INTO cairn_jobs (project, number, definition) VALUES (?1, ?2, ?3)";
        self.run_one(sql, params![self.scope(), number, to_json(task)]).await
    }

    /// Whether a job of the project does this to the collection, to whichever part.
    pub(crate) async fn job_is_there(&self, kind: JobKind, collection: i64) -> Result<bool, StoreError> {
        // The part is written last.
        let whole = to_json(&Task { kind, collection, part: 0 });
        let pattern = format!("{}%", whole.trim_end_matches("0}"));
        let sql = "SELECT 1 FROM cairn_jobs WHERE project = ?1 AND definition LIKE ?2 LIMIT 1";
        Ok(self.row(sql, params![self.scope(), pattern], |_| Ok(())).await?.is_some())
    }

    /// The project's oldest job.
    pub async fn job_first(&self) -> Result<Option<Job>, StoreError> {
        let sql = "SELECT number, definition FROM cairn_jobs WHERE project = ?1 ORDER BY number LIMIT 1";
        self.row(sql, params![self.scope()], |row| {
            Ok(Job { number: row.int(0)?, task: row.json(1, "jobs")? })
        })
        .await
    }

    /// Write back a job that goes on.
    pub(crate) async fn job_update(&self, job: &Job) -> Result<(), StoreError> {
        let sql = "UPDATE cairn_jobs SET definition = ?3 WHERE project = ?1 AND number = ?2";
        self.run_one(sql, params![self.scope(), job.number, to_json(&job.task)]).await
    }

    /// Remove a job; in the transaction that does its work.
    pub async fn job_delete(&self, job: &Job) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_jobs WHERE project = ?1 AND number = ?2";
        self.run(sql, params![self.scope(), job.number]).await.map(drop)
    }

    /// Mark a project, in the platform's scope, as one that a start-up must look at.
    pub async fn marker_insert(&self, project: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO cairn_markers (project, id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.run(sql, params![self.scope(), project]).await.map(drop)
    }

    /// The marked projects.
    pub async fn marker_list(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT id FROM cairn_markers WHERE project = ?1 ORDER BY id";
        self.rows(sql, params![self.scope()], |row| row.text(0)).await
    }

    /// Remove a project's mark.
    pub async fn marker_delete(&self, project: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_markers WHERE project = ?1 AND id = ?2";
        self.run(sql, params![self.scope(), project]).await.map(drop)
    }
}
