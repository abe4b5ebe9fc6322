//! All documents that a query finds, for what is computed of them rather than shown.

use cairn_model::schema::Document;
use cairn_query::Query;

use super::{Access, ROWS_MAX, restrict};
use crate::compile::Sql;
use crate::reach::{Reach, Readable, Relatives};
use crate::tables::Table;
use crate::{StoreError, StoreErrorKind, Tx};

impl Tx {
    /// The documents that the filters of a query find, with what it selects, in the order of `$sequence`.
    ///
    /// # Errors
    /// [`StoreErrorKind::TooBroad`] where there are more than may be looked at.
    pub async fn document_scan(
        &self,
        table: &Table,
        query: &Query,
        (readable, relatives): (&Readable, &Relatives),
    ) -> Result<Vec<Document>, StoreError> {
        let access = self.access(table, readable).await?;
        if matches!(access, Access::None) {
            return Ok(Vec::new());
        }
        let shapes = self.shapes(table, &query.filters, (&access, relatives)).await?;
        let (mut sql, mut decoder) = self.document_select(table, query, (&access, relatives), &shapes);
        sql.push(" ORDER BY seq LIMIT ").bind(ROWS_MAX + 1);
        let rows = self.rows(&sql.text, &sql.params, |row| decoder.document(row)).await?;
        if i64::try_from(rows.len()).map_or(true, |found| found > ROWS_MAX) {
            return Err(StoreError::new(StoreErrorKind::TooBroad));
        }
        Ok(rows)
    }

    /// How many documents the filters of a query find, however many these are.
    pub async fn document_count(
        &self,
        table: &Table,
        query: &Query,
        (readable, relatives): (&Readable, &Relatives),
    ) -> Result<i64, StoreError> {
        let access = self.access(table, readable).await?;
        if matches!(access, Access::None) {
            return Ok(0);
        }
        let shapes = self.shapes(table, &query.filters, (&access, relatives)).await?;
        let text = format!("SELECT count(*) FROM {} AS d WHERE TRUE", table.name.documents());
        let mut sql = Sql::new(self.dialect(), text).with_shapes(&shapes);
        restrict(&mut sql, table, &access);
        sql.filters(&query.filters, &Reach::of_list(table, relatives, self.scope()));
        Ok(self.row(&sql.text, &sql.params, |row| row.int(0)).await?.unwrap_or(0))
    }
}
