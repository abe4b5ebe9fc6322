//! Conditions on shapes: the rows that each is about, found before the list is read.
//!
//! Neither engine computes with shapes here. Rows are narrowed by the frames of a spatial index, by the other conditions
//! of the query and by what the caller may read, and the rest is asked of [`Near`] in this process, so that both engines
//! answer alike. What a caller may not read takes no part, not even in how many there are.

use std::sync::Arc;

use cairn_model::schema::IndexType;
use cairn_model::shape::Frame;
use cairn_query::spatial::Near;
use cairn_query::{Field, Filter, Test};

use super::{Access, ROWS_MAX, restrict, values};
use crate::compile::Sql;
use crate::reach::{Reach, Relatives};
use crate::sql::{Dialect, to_json};
use crate::tables::{Table, available, column_name};
use crate::{StoreError, StoreErrorKind, Tx};

impl Tx {
    /// The rows for each condition on shapes, in their order; nothing where there is none.
    pub(super) async fn shapes(
        &self,
        table: &Table,
        filters: &[Filter],
        (access, relatives): (&Access, &Relatives),
    ) -> Result<Arc<[String]>, StoreError> {
        let mut tests = Vec::new();
        for filter in filters {
            collect(filter, &mut tests);
        }
        if tests.is_empty() {
            return Ok(Arc::default());
        }
        let mut others = Vec::new();
        for filter in filters {
            let mut inner = Vec::new();
            collect(filter, &mut inner);
            if inner.is_empty() {
                others.push(filter.clone());
            }
        }
        let mut found = Vec::with_capacity(tests.len());
        for test in tests {
            let rows = self.shapes_of(table, test, &others, (access, relatives)).await?;
            found.push(to_json(&rows));
        }
        Ok(found.into())
    }

    /// The rows that satisfy a test or, where it holds for all that are far away, those that do not.
    async fn shapes_of(
        &self,
        table: &Table,
        test: &Test,
        others: &[Filter],
        (access, relatives): (&Access, &Relatives),
    ) -> Result<Vec<i64>, StoreError> {
        let (Field::Attribute(place), Some(near)) = (test.field, Near::of(test)) else {
            return Ok(Vec::new());
        };
        let Some(attribute) = table.attributes.get(place) else { return Ok(Vec::new()) };
        let column = column_name(attribute);
        let text = format!(
            "SELECT d.seq, d.{column} FROM {} AS d WHERE d.{column} IS NOT NULL",
            table.name.documents()
        );
        let mut sql = Sql::new(self.dialect(), text);
        restrict(&mut sql, table, access);
        sql.filters(others, &Reach::of_list(table, relatives, self.scope()));
        let index =
            available(table, IndexType::Spatial).find(|index| index.attributes.contains(&attribute.key));
        if let Some(index) = index {
            sql.push(" AND d.seq IN (SELECT g.seq FROM ").push(&table.name.frames(index.number));
            sql.push(" AS g WHERE ").frame(near.frame()).push(")");
        }
        sql.push(" LIMIT ").bind(ROWS_MAX + 1);
        let rows = self
            .rows(&sql.text, &sql.params, |row| {
                Ok((row.int(0)?, near.holds(&values::read(row, 1, attribute)?)))
            })
            .await?;
        if i64::try_from(rows.len()).map_or(true, |found| found > ROWS_MAX) {
            return Err(StoreError::new(StoreErrorKind::TooBroad));
        }
        let wanted = !test.op.is_outside();
        Ok(rows.into_iter().filter(|(_, holds)| *holds == wanted).map(|(seq, _)| seq).collect())
    }
}

impl Sql {
    /// Add what is true of frames that may meet this one.
    fn frame(&mut self, frame: Frame) -> &mut Self {
        let Frame { west, south, east, north } = frame;
        match self.dialect() {
            Dialect::Sqlite => {
                self.push("g.west <= ").bind(east).push(" AND g.east >= ").bind(west);
                self.push(" AND g.south <= ").bind(north).push(" AND g.north >= ").bind(south)
            }
            Dialect::Postgres => {
                self.push("box(point(g.east, g.north), point(g.west, g.south)) && box(point(");
                self.bind(east).push(", ").bind(north).push("), point(");
                self.bind(west).push(", ").bind(south).push("))")
            }
        }
    }
}

/// The conditions on shapes, in the order in which they are compiled.
fn collect<'a>(filter: &'a Filter, tests: &mut Vec<&'a Test>) {
    match filter {
        Filter::And(inner) | Filter::Or(inner) => {
            for filter in inner {
                collect(filter, tests);
            }
        }
        Filter::Test(test) if test.op.is_on_shapes() => tests.push(test),
        // Nobody asks for shapes through a relationship, nor are they elements.
        Filter::Test(_) | Filter::Related(_) | Filter::Element(_) => {}
    }
}
