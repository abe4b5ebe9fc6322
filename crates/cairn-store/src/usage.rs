//! How much is used: sums by hours, days and ever since.

use cairn_model::schema::{Attribute, AttributeType, Collection, Database};
use cairn_model::usage::{Count, Metric, Step, Subject};
use cairn_std::Timestamp;

use crate::sql::{Row, params};
use crate::tables::column_name;
use crate::{StoreError, Tx};

/// The step that never ends.
const EVER: &str = "ever";
/// A collection, as something of which things are counted.
fn subject_of(collection: &Collection) -> Subject {
    Subject::Collection { database: collection.database_number, number: collection.number }
}

impl Tx {
    /// Count that `documents` documents came or went and one was written, with this change of bytes.
    pub(crate) fn meter_document(&self, collection: &Collection, documents: i64, bytes: i64) {
        let subject = subject_of(collection);
        self.meter(Count { subject, metric: Metric::DatabaseWrites, amount: 1 });
        self.meter(Count { subject, metric: Metric::Documents, amount: documents });
        self.meter(Count { subject, metric: Metric::Storage, amount: bytes });
    }

    /// Count that a database came (1) or went (-1).
    pub(crate) fn meter_database(&self, by: i64) {
        self.meter(Count { subject: Subject::Project, metric: Metric::Databases, amount: by });
    }

    /// Count that a collection came (1) or went (-1).
    pub(crate) fn meter_collection(&self, database: i64, by: i64) {
        self.meter(Count { subject: Subject::Database(database), metric: Metric::Collections, amount: by });
    }

    /// Count the bytes of a column that is about to go.
    pub(crate) async fn meter_column(
        &self,
        collection: &Collection,
        attribute: &Attribute,
    ) -> Result<(), StoreError> {
        // Links are not weighed.
        if attribute.kind == AttributeType::Relationship {
            return Ok(());
        }
        let (table, column) = (self.table_name(collection.number).documents(), column_name(attribute));
        let width = match attribute.kind {
            _ if attribute.is_array => None,
            AttributeType::Boolean => Some(1),
            AttributeType::Integer
            | AttributeType::Bigint
            | AttributeType::Float
            | AttributeType::Datetime => Some(8),
            _ => None,
        };
        let bytes = match width {
            Some(width) => format!("count({column}) * {width}"),
            None => format!("coalesce(sum(octet_length({column})), 0)"),
        };
        let bytes = self.row(&format!("SELECT {bytes} FROM {table}"), &[], |row| row.int(0)).await?;
        let amount = -bytes.unwrap_or(0);
        self.meter(Count { subject: subject_of(collection), metric: Metric::Storage, amount });
        Ok(())
    }

    /// Take what is there of a collection that goes off its database, and forget its figures.
    pub(crate) async fn usage_of_collection_ends(&self, collection: &Collection) -> Result<(), StoreError> {
        let database = collection.database_number;
        self.meter_collection(database, -1);
        self.usage_ends(subject_of(collection), Subject::Database(database)).await
    }

    /// Take what is there of a database that goes off the project, and forget its figures and those of its collections.
    pub(crate) async fn usage_of_database_ends(
        &self,
        database: &Database,
        collections: &[i64],
    ) -> Result<(), StoreError> {
        self.meter_database(-1);
        for number in collections {
            self.usage_delete(Subject::Collection { database: database.number, number: *number }).await?;
        }
        self.usage_ends(Subject::Database(database.number), Subject::Project).await
    }

    async fn usage_ends(&self, subject: Subject, whole: Subject) -> Result<(), StoreError> {
        for metric in [Metric::Collections, Metric::Documents, Metric::Storage] {
            let amount = -self.usage_ever(subject, metric).await?;
            self.meter(Count { subject: whole, metric, amount });
        }
        self.usage_delete(subject).await
    }

    async fn usage_delete(&self, subject: Subject) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_usage WHERE project = ?1 AND subject = ?2";
        self.run(sql, params![self.scope(), subject.name()]).await.map(drop)
    }

    /// Write counts down, of what they are counted of and of the wholes that it is part of.
    ///
    /// What is counted of something that has gone counts of the whole alone; what was there of it went with it.
    pub async fn usage_add(&self, counts: &[Count], now: Timestamp) -> Result<(), StoreError> {
        for count in counts {
            if !self.usage_subject_is_there(count.subject).await? {
                if count.metric.is_level() {
                    continue;
                }
            } else if count.metric.is_of_collections() || !matches!(count.subject, Subject::Collection { .. })
            {
                self.usage_add_one(count.subject, count, now).await?;
            }
            let mut whole = count.subject.whole();
            while let Some(subject) = whole {
                if self.usage_subject_is_there(subject).await? {
                    self.usage_add_one(subject, count, now).await?;
                }
                whole = subject.whole();
            }
        }
        Ok(())
    }

    async fn usage_subject_is_there(&self, subject: Subject) -> Result<bool, StoreError> {
        let (table, number) = match subject {
            Subject::Project => return Ok(true),
            Subject::Database(number) => ("cairn_databases", number),
            Subject::Collection { number, .. } => ("cairn_collections", number),
        };
        let sql = format!("SELECT 1 FROM {table} WHERE project = ?1 AND number = ?2");
        Ok(self.row(&sql, params![self.scope(), number], |_| Ok(())).await?.is_some())
    }

    async fn usage_add_one(&self, subject: Subject, count: &Count, now: Timestamp) -> Result<(), StoreError> {
        let (subject, metric) = (subject.name(), count.metric.name());
        let add = "INSERT INTO cairn_usage (project, subject, metric, step, began, amount) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (project, subject, metric, step, began) \
                   DO UPDATE SET amount = cairn_usage.amount + excluded.amount";
        let row = params![self.scope(), &subject, metric, EVER, 0, count.amount];
        self.run(add, row).await?;
        for step in [Step::Hour, Step::Day] {
            let began = now.0 - now.0.rem_euclid(step.millis());
            let row = params![self.scope(), &subject, metric, step.name(), began, count.amount];
            self.run(add, row).await?;
            let sql = "DELETE FROM cairn_usage WHERE project = ?1 AND subject = ?2 AND metric = ?3 AND step = ?4 \
                       AND began < ?5";
            let row = params![self.scope(), &subject, metric, step.name(), began - step.kept_ms()];
            self.run(sql, row).await?;
        }
        Ok(())
    }

    /// The sum ever since.
    pub async fn usage_ever(&self, subject: Subject, metric: Metric) -> Result<i64, StoreError> {
        let sql = "SELECT amount FROM cairn_usage WHERE project = ?1 AND subject = ?2 AND metric = ?3 AND step = ?4";
        let row = params![self.scope(), subject.name(), metric.name(), EVER];
        Ok(self.row(sql, row, |row| row.int(0)).await?.unwrap_or(0))
    }

    /// The sums of the steps that began between two instants, the first included: when each began, and its sum.
    pub async fn usage_steps(
        &self,
        subject: Subject,
        metric: Metric,
        step: Step,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Vec<(Timestamp, i64)>, StoreError> {
        let sql = "SELECT began, amount FROM cairn_usage WHERE project = ?1 AND subject = ?2 AND metric = ?3 \
                   AND step = ?4 AND began >= ?5 AND began < ?6 ORDER BY began";
        let row = params![self.scope(), subject.name(), metric.name(), step.name(), from, until];
        self.rows(sql, row, |row| Ok((row.time(0)?, row.int(1)?))).await
    }

    /// The sums ever since of every database that has one, the largest first: its id, its name, the sum.
    pub async fn usage_by_database(
        &self,
        metric: Metric,
        count: i64,
    ) -> Result<Vec<(String, String, i64)>, StoreError> {
        let sql = "SELECT d.id, d.name, u.amount FROM cairn_databases AS d JOIN cairn_usage AS u \
                   ON u.project = d.project AND u.subject = 'database/' || d.number \
                   WHERE d.project = ?1 AND u.metric = ?2 AND u.step = ?3 ORDER BY u.amount DESC, d.number LIMIT ?4";
        let row = params![self.scope(), metric.name(), EVER, count];
        self.rows(sql, row, |row| Ok((row.text(0)?, row.text(1)?, row.int(2)?))).await
    }

    /// How many of the users there are came in each step since an instant: when it began, and how many.
    pub async fn users_by_step(
        &self,
        since: Timestamp,
        step: Step,
    ) -> Result<Vec<(Timestamp, i64)>, StoreError> {
        self.rows_by_step("cairn_users", since, step).await
    }

    /// As [`Tx::users_by_step`], of the sessions.
    pub async fn sessions_by_step(
        &self,
        since: Timestamp,
        step: Step,
    ) -> Result<Vec<(Timestamp, i64)>, StoreError> {
        self.rows_by_step("cairn_sessions", since, step).await
    }

    async fn rows_by_step(
        &self,
        table: &str,
        since: Timestamp,
        step: Step,
    ) -> Result<Vec<(Timestamp, i64)>, StoreError> {
        let sql = format!(
            "SELECT created / ?3 * ?3, count(*) FROM {table} WHERE project = ?1 AND created >= ?2 GROUP BY 1"
        );
        let row = params![self.scope(), since, step.millis()];
        self.rows(&sql, row, |row| Ok((row.time(0)?, row.int(1)?))).await
    }

    /// How many databases the project has.
    pub async fn database_count(&self) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM cairn_databases WHERE project = ?1";
        Ok(self.row(sql, params![self.scope()], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// The numbers of a database's collections, or of all.
    pub async fn collection_numbers(&self, database: Option<i64>) -> Result<Vec<i64>, StoreError> {
        let number = |row: &Row<'_>| row.int(0);
        let sql = "SELECT number FROM cairn_collections WHERE project = ?1";
        match database {
            None => self.rows(sql, params![self.scope()], number).await,
            Some(database) => {
                let sql = format!("{sql} AND database_number = ?2");
                self.rows(&sql, params![self.scope(), database], number).await
            }
        }
    }

    /// How many documents a collection has.
    pub async fn document_total(&self, collection: i64) -> Result<i64, StoreError> {
        let sql = format!("SELECT count(*) FROM {}", self.table_name(collection).documents());
        Ok(self.row(&sql, &[], |row| row.int(0)).await?.unwrap_or(0))
    }
}
