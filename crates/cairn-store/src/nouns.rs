//! Lists of system nouns: the query language over a fixed table.

use cairn_model::value::Value;
use cairn_query::{Field, FieldType, NounField, Query};
use cairn_std::Timestamp;

use crate::compile::{Column, Columns, Sql};
use crate::sql::{Param, Row};
use crate::{StoreError, Tx};

/// What a list of a system noun reads.
pub(crate) struct NounTable {
    /// The table.
    pub table: &'static str,
    /// The columns that the noun's row mapping reads.
    pub select: &'static str,
    /// The column behind `$sequence`.
    pub seq: &'static str,
    /// The fields that clients may query, each with its column.
    pub fields: &'static [(NounField, &'static str)],
}

/// What narrows a list beside its query.
#[derive(Default)]
pub(crate) struct NounScope<'a> {
    /// Columns that have a value, behind `project`.
    pub keys: Vec<(&'static str, Param<'static>)>,
    /// Words that the column `search` holds, all of them.
    pub search: &'a str,
}

impl Columns for NounTable {
    fn column(&self, field: Field) -> Column {
        let (name, is_nullable) = match field {
            Field::Id => ("id", false),
            Field::Sequence | Field::Permissions => (self.seq, false),
            Field::Created => ("created", false),
            Field::Updated => ("updated", false),
            Field::Attribute(place) => {
                self.fields.get(place).map_or((self.seq, false), |(_, name)| (*name, true))
            }
        };
        Column { name: name.to_owned(), is_nullable }
    }
}

impl NounTable {
    fn kind(&self, field: Field) -> FieldType {
        match field {
            Field::Id | Field::Permissions => FieldType::Text,
            Field::Sequence => FieldType::Bigint,
            Field::Created | Field::Updated => FieldType::Datetime,
            Field::Attribute(place) => {
                self.fields.get(place).map_or(FieldType::Text, |(field, _)| field.kind)
            }
        }
    }
}

impl Tx {
    /// One page of a noun. `Ok(Err(id))` when the cursor's row is not there.
    pub(crate) async fn noun_list<T: Send>(
        &self,
        noun: &NounTable,
        scope: &NounScope<'_>,
        query: &Query,
        default_limit: u64,
        map: impl Fn(&Row<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<Option<Vec<T>>, StoreError> {
        let position = match &query.cursor {
            None => Vec::new(),
            Some(cursor) => match self.noun_position(noun, scope, query, &cursor.id).await? {
                None => return Ok(None),
                Some(position) => position,
            },
        };
        let mut sql = Sql::new(self.dialect(), format!("SELECT {} FROM {} WHERE ", noun.select, noun.table));
        self.noun_scope(&mut sql, scope);
        sql.filters(&query.filters, noun).beyond(query, &position, noun).order_by(query, 1, noun);
        sql.page(query, default_limit);
        let mut page = self.rows(&sql.text, &sql.params, map).await?;
        if query.is_backward() {
            page.reverse();
        }
        Ok(Some(page))
    }

    /// How many rows of a noun a query finds, counting no further than `max`.
    pub(crate) async fn noun_count(
        &self,
        noun: &NounTable,
        scope: &NounScope<'_>,
        query: &Query,
        max: i64,
    ) -> Result<i64, StoreError> {
        let mut sql =
            Sql::new(self.dialect(), format!("SELECT count(*) FROM (SELECT 1 FROM {} WHERE ", noun.table));
        self.noun_scope(&mut sql, scope);
        sql.filters(&query.filters, noun).push(" LIMIT ").bind(max).push(") AS counted");
        Ok(self.row(&sql.text, &sql.params, |row| row.int(0)).await?.unwrap_or(0))
    }

    /// The values of the cursor's row, one per order; its nulls sort as the smallest value of their type.
    async fn noun_position(
        &self,
        noun: &NounTable,
        scope: &NounScope<'_>,
        query: &Query,
        id: &str,
    ) -> Result<Option<Vec<Value>>, StoreError> {
        let columns: Vec<_> = query.orders.iter().map(|by| noun.column(by.field).name).collect();
        let text = format!("SELECT {} FROM {} WHERE ", columns.join(", "), noun.table);
        let mut sql = Sql::new(self.dialect(), text);
        self.noun_scope(&mut sql, &NounScope { keys: scope.keys.clone(), search: "" });
        sql.push(" AND id = ").bind(id.to_owned());
        self.row(&sql.text, &sql.params, |row| {
            let value = |(place, by): (usize, &cairn_query::OrderBy)| read(row, place, noun.kind(by.field));
            query.orders.iter().enumerate().map(value).collect()
        })
        .await
    }

    fn noun_scope(&self, sql: &mut Sql, scope: &NounScope<'_>) {
        sql.push("project = ").bind(self.scope());
        for (column, value) in &scope.keys {
            sql.push(" AND ").push(column).push(" = ").bind(value.clone());
        }
        for word in scope.search.split_whitespace() {
            sql.push(" AND search LIKE ").bind(containing(&word.to_lowercase())).push(" ESCAPE '\\'");
        }
    }
}

/// A pattern of LIKE for text with `part` in it.
fn containing(part: &str) -> String {
    let mut pattern = String::from("%");
    for c in part.chars() {
        if matches!(c, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern + "%"
}

fn read(row: &Row<'_>, place: usize, kind: FieldType) -> Result<Value, StoreError> {
    Ok(match kind {
        FieldType::Text | FieldType::Shape(_) | FieldType::Unusable => {
            row.text_opt(place)?.unwrap_or_default().into()
        }
        FieldType::Int | FieldType::Bigint => row.int_opt(place)?.unwrap_or(i64::MIN).into(),
        FieldType::Float => row.float_opt(place)?.unwrap_or(f64::MIN).into(),
        FieldType::Bool => row.bool_opt(place)?.unwrap_or_default().into(),
        FieldType::Datetime => Timestamp(row.int_opt(place)?.unwrap_or(i64::MIN)).into(),
    })
}
