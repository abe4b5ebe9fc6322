//! A new table for a collection on PostgreSQL whose attributes have come and gone too often.
//!
//! PostgreSQL numbers the columns of a table up to 1,600 and never gives the number of a dropped one again. Before they run
//! out the rows move to another table, while documents are read and written, in two transactions of one job:
//!
//! 1. Writers wait; a copy with all indexes is made, and a trigger that repeats every later change in it.
//! 2. Once nobody has a snapshot from before the first, the copy takes the table's name.
//!
//! INVARIANT: a transaction whose snapshot is older than the copy never meets it: to that one it would be empty. That is why
//! there are two.

use std::fmt::Write as _;

use crate::jobs::{Job, JobKind, Task};
use crate::names::TableName;
use crate::sql::Dialect;
use crate::{StoreError, StoreErrorKind, Tx};

/// A rebuild must win at least this part of the bound back, or a table that is nearly full of columns in use would be
/// rebuilt again and again.
const DROPPED_PART: i64 = 8;

/// What the copy and its helpers are called.
struct Copy {
    /// The table as it is used.
    table: String,
    /// The new one, until it is used.
    table_new: String,
    /// The trigger's function.
    mirror: String,
}

impl Copy {
    fn of(name: &TableName) -> Self {
        let table = name.documents();
        Self { table_new: format!("{table}_n"), mirror: format!("{table}_mirror"), table }
    }
}

impl Tx {
    /// Before a table's columns or indexes change: a copy that is being made would lack the change, so it is made anew.
    pub(crate) async fn columns_changing(&self, collection: i64) -> Result<(), StoreError> {
        self.table_rebuild_undo(collection).await
    }

    /// Ask for a new table when this one has used up many of its columns' numbers; after every change of columns.
    pub(crate) async fn columns_changed(&self, collection: i64) -> Result<(), StoreError> {
        let task = Task { kind: JobKind::TableRebuild, collection, part: 0 };
        if self.is_rebuild_due(&self.table_name(collection)).await?
            && !self.job_is_there(task.kind, collection).await?
        {
            self.job_insert(&task).await?;
        }
        Ok(())
    }

    async fn is_rebuild_due(&self, name: &TableName) -> Result<bool, StoreError> {
        let Some(bound) = self.columns_max() else { return Ok(false) };
        let sql = format!(
            "SELECT count(*), count(*) FILTER (WHERE attisdropped) FROM pg_attribute \
             WHERE attrelid = '{}'::regclass AND attnum > 0",
            name.documents()
        );
        let counts = self.row(&sql, &[], |row| Ok((row.int(0)?, row.int(1)?))).await?;
        Ok(counts.is_some_and(|(used, dropped)| used >= bound && dropped >= (bound / DROPPED_PART).max(1)))
    }

    /// Do the next step of a rebuild, and remove the job with the last one.
    ///
    /// # Errors
    /// [`StoreErrorKind::Busy`] while somebody has a snapshot that is too old.
    pub async fn table_rebuild(&self, job: &Job) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Sqlite {
            return self.job_delete(job).await;
        }
        let name = self.table_name(job.task.collection);
        match job.task.part {
            0 => self.copy_make(&name, job).await,
            made_by => self.copy_use(&name, made_by, job).await,
        }
    }

    /// Remove what a rebuild has made that was given up.
    pub async fn table_rebuild_undo(&self, collection: i64) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        let Copy { table_new, mirror, .. } = Copy::of(&self.table_name(collection));
        self.batch(&format!("DROP FUNCTION IF EXISTS {mirror}() CASCADE; DROP TABLE IF EXISTS {table_new}"))
            .await
    }

    async fn copy_make(&self, name: &TableName, job: &Job) -> Result<(), StoreError> {
        let Copy { table, table_new, mirror } = Copy::of(name);
        // The first statement of its transaction: the snapshot that the rows are copied from is taken after it.
        self.batch(&format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")).await?;
        if !self.is_rebuild_due(name).await? {
            return self.job_delete(job).await;
        }
        self.table_rebuild_undo(job.task.collection).await?;
        let columns = self
            .texts(&format!(
                "SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 \
                 AND NOT attisdropped ORDER BY attnum"
            ))
            .await?;
        let (list, new_list) = (columns.join(", "), format!("NEW.{}", columns.join(", NEW.")));
        let mut sql = format!(
            "CREATE TABLE {table_new} (LIKE {table} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING STORAGE);
             INSERT INTO {table_new} ({list}) SELECT {list} FROM {table};
             ALTER TABLE {table_new} ADD PRIMARY KEY (seq), ADD UNIQUE (uid);
             CREATE FUNCTION {mirror}() RETURNS trigger LANGUAGE plpgsql AS $mirror$ BEGIN
                 IF TG_OP <> 'INSERT' THEN DELETE FROM {table_new} WHERE seq = OLD.seq; END IF;
                 IF TG_OP <> 'DELETE' THEN INSERT INTO {table_new} ({list}) VALUES ({new_list}); END IF;
                 RETURN NULL;
             END $mirror$;
             CREATE TRIGGER mirror AFTER INSERT OR UPDATE OR DELETE ON {table}
                 FOR EACH ROW EXECUTE FUNCTION {mirror}();"
        );
        for (index, definition) in self.indexes_of(&table).await? {
            let (from, to) = (format!(" {index} ON {table} "), format!(" {index}_n ON {table_new} "));
            let _ = write!(sql, "{};", definition.replacen(&from, &to, 1));
        }
        for grant in self.grants_of(&table, &table_new).await? {
            let _ = write!(sql, "{grant};");
        }
        self.batch(&sql).await?;
        let xid = "SELECT pg_current_xact_id()::text::bigint";
        let made_by = self.row(xid, &[], |row| row.int(0)).await?;
        let made_by = made_by.ok_or_else(|| StoreError::inconsistent("jobs", "definition", job.number))?;
        self.job_update(&Job { task: Task { part: made_by, ..job.task }, ..*job }).await
    }

    async fn copy_use(&self, name: &TableName, made_by: i64, job: &Job) -> Result<(), StoreError> {
        let Copy { table, table_new, mirror } = Copy::of(name);
        // Numbers of transactions have 32 bits in this view and run in a circle.
        let circle = made_by.rem_euclid(1 << 32);
        let older = format!(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' \
             AND pid <> pg_backend_pid() AND age(backend_xmin) >= age('{circle}'::xid) LIMIT 1"
        );
        if self.row(&older, &[], |_| Ok(())).await?.is_some() {
            let what = "somebody still has a snapshot from before the copy";
            return Err(StoreError::caused(StoreErrorKind::Busy, what));
        }
        self.batch(&format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).await?;
        let copy = format!("SELECT 1 WHERE to_regclass('{table_new}') IS NOT NULL");
        if self.row(&copy, &[], |_| Ok(())).await?.is_none() {
            // The table changed meanwhile.
            return self.job_update(&Job { task: Task { part: 0, ..job.task }, ..*job }).await;
        }
        let sequence = |table: &str| format!("SELECT pg_get_serial_sequence('{table}', 'seq')");
        let (old, new) = (self.texts(&sequence(&table)).await?, self.texts(&sequence(&table_new)).await?);
        let (Some(old), Some(new)) = (old.first(), new.first()) else {
            return Err(StoreError::inconsistent("documents", "seq", table));
        };
        let go_on = format!("SELECT setval('{new}', last_value, is_called) FROM {old}");
        self.row(&go_on, &[], |_| Ok(())).await?;
        let (schema, base) = (name.schema(), name.base());
        let mut sql = format!(
            "DROP TABLE {table}; DROP FUNCTION {mirror}(); ALTER TABLE {table_new} RENAME TO {base};
             ALTER SEQUENCE {new} RENAME TO {};
             ALTER INDEX {schema}{base}_n_pkey RENAME TO {base}_pkey;
             ALTER INDEX {schema}{base}_n_uid_key RENAME TO {base}_uid_key;",
            old.rsplit('.').next().unwrap_or(old)
        );
        for (index, _) in self.indexes_of(&table_new).await? {
            let own = index.strip_suffix("_n").unwrap_or(&index);
            let _ = write!(sql, "ALTER INDEX {schema}{index} RENAME TO {own};");
        }
        self.batch(&sql).await?;
        self.job_delete(job).await
    }

    /// The names and texts of a table's indexes, apart from those of its keys.
    async fn indexes_of(&self, table: &str) -> Result<Vec<(String, String)>, StoreError> {
        let sql = format!(
            "SELECT c.relname::text, pg_get_indexdef(i.indexrelid) FROM pg_index i \
             JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = '{table}'::regclass \
             AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1"
        );
        self.rows(&sql, &[], |row| Ok((row.text(0)?, row.text(1)?))).await
    }

    /// What gives others the same rights on the new table as on the old one.
    async fn grants_of(&self, table: &str, table_new: &str) -> Result<Vec<String>, StoreError> {
        self.texts(&format!(
            "SELECT 'GRANT ' || a.privilege_type || ' ON {table_new} TO ' \
             || CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END \
             || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END \
             FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = '{table}'::regclass AND a.grantee <> c.relowner"
        ))
        .await
    }

    async fn texts(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        self.rows(sql, &[], |row| row.text(0)).await
    }
}
