//! Documents: rows of the tables that collections have.
//!
//! INVARIANT: while document security is on, and only then, the side table holds the roles with read permission of
//! every document. Other rights are checked on the row by whoever changes it.

mod scan;
mod shapes;
mod sides;

use std::sync::Arc;

use cairn_model::permissions::{Action, Permission};
use cairn_model::schema::Document;
use cairn_model::value::Value;
use cairn_query::relevance::is_ranked;
use cairn_query::{Field, Query};

use crate::compile::{Sql, limit_of};
use crate::reach::{Reach, Readable, Relatives};
use crate::sql::{Dialect, Param, params};
use crate::tables::{SYSTEM_COLUMNS, Table, column_name, stored};
use crate::values::{self, Decoder};
use crate::{StoreError, Tx};

/// Fewer readable rows than this are looked up first and then filtered; more are checked row by row on the way.
const READABLE_ROWS_FEW: i64 = 2_000;
/// Documents that one query may look at beside those that it shows: their shapes, or what is computed of them.
pub(crate) const ROWS_MAX: i64 = 50_000;
/// Documents whose roles are written in one step when document security is switched on.
const ROLES_BATCH: i64 = 1_000;

/// [`Readable`] as a condition.
enum Access {
    All,
    None,
    /// Roles by their numbers, and whether few rows are behind them.
    Roles {
        numbers: Vec<i64>,
        are_few: bool,
    },
}

impl Tx {
    /// Whether the schema and permissions are still those that the caller works with.
    pub async fn table_is_current(&self, table: &Table) -> Result<bool, StoreError> {
        let sql = "SELECT version FROM cairn_collections WHERE project = ?1 AND number = ?2";
        let version = self.row(sql, params![self.scope(), table.number], |row| row.int(0)).await?;
        Ok(version == Some(table.version))
    }

    /// Add a document and give it its `$sequence`. Conflicts on [`crate::DOCUMENTS_ID_KEY`], or on other names when
    /// a unique index refuses it.
    pub async fn document_insert(&self, table: &Table, document: &Document) -> Result<i64, StoreError> {
        let mut row = Vec::with_capacity(4 + table.attributes.len());
        row.push(Param::from(document.id.as_str()));
        values::push_row(&mut row, table, document);
        let seq = self.insert(&table.sql.insert, &row, "seq").await?;
        let seq = seq.ok_or_else(|| StoreError::inconsistent("documents", "seq", &document.id))?;
        self.meter_document(table, 1, values::bytes(table, document, &row));
        if table.document_security {
            for role in reading(&document.permissions) {
                let number = self.role_number(&role).await?;
                self.run(&table.sql.role_insert, params![number, seq]).await?;
            }
        }
        self.sides_insert(table, seq, document).await?;
        Ok(seq)
    }

    /// The document with this id, whoever may read it.
    pub async fn document_by_id(&self, table: &Table, id: &str) -> Result<Option<Document>, StoreError> {
        let mut decoder = Decoder::new(table, stored(table));
        self.row(&table.sql.by_id, params![id], |row| decoder.document(row)).await
    }

    /// Write back a document that was read in this transaction as `old`. Conflicts as in [`Tx::document_insert`].
    pub async fn document_update(
        &self,
        table: &Table,
        old: &Document,
        document: &Document,
    ) -> Result<(), StoreError> {
        let mut row = Vec::with_capacity(4 + table.attributes.len());
        row.push(Param::from(document.seq));
        values::push_row(&mut row, table, document);
        self.run_one(&table.sql.update, &row).await?;
        let bytes = values::bytes(table, document, &row) - values::bytes_of(table, old);
        self.meter_document(table, 0, bytes);
        self.sides_update(table, old, document).await?;
        if table.document_security && old.permissions != document.permissions {
            let (before, after) = (reading(&old.permissions), reading(&document.permissions));
            for role in before.iter().filter(|role| !after.contains(role)) {
                let number = self.role_number(role).await?;
                self.run(&table.sql.role_delete, params![number, document.seq]).await?;
            }
            for role in after.iter().filter(|role| !before.contains(role)) {
                let number = self.role_number(role).await?;
                self.run(&table.sql.role_insert, params![number, document.seq]).await?;
            }
        }
        Ok(())
    }

    /// Remove a document that was read in this transaction.
    pub async fn document_delete(&self, table: &Table, document: &Document) -> Result<(), StoreError> {
        self.run_one(&table.sql.delete, params![document.seq]).await?;
        self.meter_document(table, -1, -values::bytes_of(table, document));
        self.sides_delete(table, document).await?;
        if table.document_security {
            for role in reading(&document.permissions) {
                let number = self.role_number(&role).await?;
                self.run(&table.sql.role_delete, params![number, document.seq]).await?;
            }
        }
        Ok(())
    }

    /// One page and the number of documents in all, counting no further than `count_max`; 0 when that is `None`.
    pub async fn document_list(
        &self,
        table: &Table,
        list: DocumentList<'_>,
    ) -> Result<(Vec<Document>, i64), StoreError> {
        let access = self.access(table, list.readable).await?;
        if matches!(access, Access::None) {
            return Ok((Vec::new(), 0));
        }
        let shapes = self.shapes(table, &list.query.filters, (&access, list.relatives)).await?;
        let page = self.document_page(table, &list, &access, &shapes).await?;
        let query = list.query;
        let Some(max) = list.count_max else { return Ok((page, 0)) };
        let is_short = (page.len() as u64) < limit_of(query, list.default_limit);
        let is_whole = query.cursor.is_none() && query.offset == 0 && is_short;
        if is_whole && let Ok(total) = i64::try_from(page.len()) {
            return Ok((page, total.min(max)));
        }
        let name = table.name.documents();
        if self.dialect() == Dialect::Sqlite && matches!(access, Access::All) && query.filters.is_empty() {
            return Ok((page, self.rows_counted(&name, max).await?));
        }
        let mut sql =
            Sql::new(self.dialect(), format!("SELECT count(*) FROM (SELECT 1 FROM {name} AS d WHERE TRUE"))
                .with_shapes(&shapes);
        restrict(&mut sql, table, &access);
        let reach = Reach::of_list(table, list.relatives, self.scope());
        // Those up to the page's end are known to be there: to pass them over costs less than to count them.
        let known = if page.is_empty() || query.cursor.is_some() { 0 } else { end_of(query, page.len()) };
        let known = known.min(max);
        sql.filters(&query.filters, &reach).push(" LIMIT ").bind(max - known).push(" OFFSET ").bind(known);
        sql.push(") AS counted");
        let total = self.row(&sql.text, &sql.params, |row| row.int(0)).await?;
        Ok((page, known + total.unwrap_or(0)))
    }

    /// How many rows a table has, counting no further than `max`.
    ///
    /// SQLite counts a whole table by its pages and passes rows over much faster than it counts them, so that this takes
    /// a fraction of what the general statement does.
    async fn rows_counted(&self, table: &str, max: i64) -> Result<i64, StoreError> {
        let sql = format!(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM {table} LIMIT 1 OFFSET ?1 - 1) THEN ?1 \
             ELSE (SELECT count(*) FROM {table}) END"
        );
        Ok(self.row(&sql, params![max], |row| row.int(0)).await?.unwrap_or(0))
    }

    async fn document_page(
        &self,
        table: &Table,
        list: &DocumentList<'_>,
        access: &Access,
        shapes: &Arc<[String]>,
    ) -> Result<Vec<Document>, StoreError> {
        let query = list.query;
        let (mut sql, mut decoder) = self.document_select(table, query, (access, list.relatives), shapes);
        sql.beyond(query, list.position, table).order_by(query, list.seed, table);
        sql.page(query, list.default_limit);
        let mut page = self.rows(&sql.text, &sql.params, |row| decoder.document(row)).await?;
        if query.is_backward() {
            page.reverse();
        }
        Ok(page)
    }

    /// SELECT, FROM and all conditions of a query, and what reads its rows.
    fn document_select<'a>(
        &self,
        table: &'a Table,
        query: &Query,
        (access, relatives): (&Access, &Relatives),
        shapes: &Arc<[String]>,
    ) -> (Sql, Decoder<'a>) {
        let decoder = Decoder::new(table, stored(table).filter(|(place, _)| is_selected(query, *place)));
        let text = if query.select.is_none() {
            table.sql.all.clone()
        } else {
            let mut columns = vec![SYSTEM_COLUMNS.to_owned()];
            columns.extend(decoder.attributes().map(column_name));
            format!("SELECT {} FROM {} AS d", columns.join(", "), table.name.documents())
        };
        let mut sql = Sql::new(self.dialect(), text).with_shapes(shapes);
        if is_ranked(query) {
            sql.ranked(query, table);
        }
        sql.push(" WHERE TRUE");
        restrict(&mut sql, table, access);
        sql.filters(&query.filters, &Reach::of_list(table, relatives, self.scope()));
        (sql, decoder)
    }

    async fn access(&self, table: &Table, readable: &Readable) -> Result<Access, StoreError> {
        let Readable::ByRoles(roles) = readable else { return Ok(Access::All) };
        let mut sql = Sql::new(self.dialect(), "SELECT number FROM cairn_roles WHERE project = ");
        sql.bind(self.scope()).push(" AND name IN ");
        sql.bind_list(roles.iter().map(|role| Param::from(role.clone())));
        let numbers = self.rows(&sql.text, &sql.params, |row| row.int(0)).await?;
        if numbers.is_empty() {
            return Ok(Access::None);
        }
        let text = format!("SELECT count(*) FROM (SELECT 1 FROM {} WHERE role IN ", table.name.roles());
        let mut sql = Sql::new(self.dialect(), text);
        sql.bind_list(numbers.iter().map(|number| Param::Int(*number)));
        sql.push(" LIMIT ").bind(READABLE_ROWS_FEW).push(") AS counted");
        let rows = self.row(&sql.text, &sql.params, |row| row.int(0)).await?.unwrap_or(0);
        Ok(Access::Roles { numbers, are_few: rows < READABLE_ROWS_FEW })
    }

    /// The number that stands for a role in side tables; made at its first use.
    async fn role_number(&self, role: &str) -> Result<i64, StoreError> {
        let sql = "SELECT number FROM cairn_roles WHERE project = ?1 AND name = ?2";
        if let Some(number) = self.row(sql, params![self.scope(), role], |row| row.int(0)).await? {
            return Ok(number);
        }
        let number = self.counter_next("roles").await?;
        let sql = "INSERT INTO cairn_roles (project, name, number) VALUES (?1, ?2, ?3)";
        self.run_one(sql, params![self.scope(), role, number]).await?;
        Ok(number)
    }

    /// Fill the side table of a collection whose document security was switched on.
    pub async fn roles_fill(&self, table: &Table) -> Result<(), StoreError> {
        let name = table.name.documents();
        let sql = format!("SELECT seq, permissions FROM {name} WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        let mut last = 0;
        loop {
            let rows = self
                .rows(&sql, params![last, ROLES_BATCH], |row| {
                    Ok((row.int(0)?, values::read_permissions(row.str(1)?)?))
                })
                .await?;
            for (seq, permissions) in &rows {
                for role in reading(permissions) {
                    let number = self.role_number(&role).await?;
                    self.run(&table.sql.role_insert, params![number, *seq]).await?;
                }
            }
            match rows.last() {
                Some((seq, _)) => last = *seq,
                None => return Ok(()),
            }
        }
    }

    /// Empty the side table of a collection whose document security was switched off.
    pub async fn roles_clear(&self, table: &Table) -> Result<(), StoreError> {
        self.run(&format!("DELETE FROM {}", table.name.roles()), &[]).await.map(drop)
    }
}

/// A list of documents, beside its table.
pub struct DocumentList<'a> {
    /// What to list and how.
    pub query: &'a Query,
    /// Which documents it may show.
    pub readable: &'a Readable,
    /// The collections that filters lead to through relationships.
    pub relatives: &'a Relatives,
    /// The values of the cursor's document, one per order ([`cairn_query::eval::position`]).
    pub position: &'a [Value],
    /// Makes a random order.
    pub seed: i64,
    /// Rows of a page when the query does not say.
    pub default_limit: u64,
    /// How far to count, if at all.
    pub count_max: Option<i64>,
}

fn restrict(sql: &mut Sql, table: &Table, access: &Access) {
    let Access::Roles { numbers, are_few } = access else { return };
    let roles = table.name.roles();
    let numbers = numbers.iter().map(|number| Param::Int(*number));
    if *are_few {
        sql.push(" AND seq IN (SELECT r.seq FROM ").push(&roles).push(" AS r WHERE r.role IN ");
        sql.bind_list(numbers).push(")");
    } else {
        sql.push(" AND EXISTS (SELECT 1 FROM ").push(&roles).push(" AS r WHERE r.role IN ");
        sql.bind_list(numbers).push(" AND r.seq = d.seq)");
    }
}

/// How many rows a page of so many ends behind.
fn end_of(query: &Query, rows: usize) -> i64 {
    i64::try_from(query.offset).unwrap_or(i64::MAX).saturating_add(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// Whether a list answers, and so reads, the attribute at this place.
fn is_selected(query: &Query, place: usize) -> bool {
    query.select.as_ref().is_none_or(|fields| fields.contains(&Field::Attribute(place)))
}

/// The roles that may read, each once.
fn reading(permissions: &[Permission]) -> Vec<String> {
    let readers = permissions.iter().filter(|permission| permission.action == Action::Read);
    let mut roles: Vec<_> = readers.map(|permission| permission.role.to_string()).collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}
