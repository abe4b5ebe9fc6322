//! How far a caller's list reaches: what may be read of a table and of those that its relationships lead to, and
//! conditions on these, `EXISTS` over the links.

use std::collections::HashMap;
use std::sync::Arc;

use cairn_model::schema::{Link, Relation};
use cairn_query::{Field, Filter, Related};

use crate::compile::{Column, Columns, Sql, Words};
use crate::names::{pair_columns, pairs_name};
use crate::sql::Param;
use crate::tables::Table;

/// Which documents a list may show.
#[derive(Clone, Debug)]
pub enum Readable {
    /// All of the collection.
    All,
    /// Those that give read permission to one of these roles.
    ByRoles(Vec<String>),
}

/// Collections that relationships lead to, with what the caller may read of them. One that is not here may not be read.
#[derive(Clone, Debug, Default)]
pub struct Relatives(pub HashMap<i64, (Arc<Table>, Readable)>);

/// A table with those that its relationships lead to.
pub(crate) struct Reach<'a> {
    table: &'a Table,
    relatives: &'a Relatives,
    /// What the statement calls the table.
    alias: String,
    level: usize,
    scope: i64,
}

impl<'a> Reach<'a> {
    /// The table of a list, which calls it `d`.
    pub(crate) fn of_list(table: &'a Table, relatives: &'a Relatives, scope: i64) -> Self {
        Self { table, relatives, alias: "d".to_owned(), level: 0, scope }
    }
}

impl Columns for Reach<'_> {
    fn column(&self, field: Field) -> Column {
        self.table.column(field)
    }

    fn words(&self, field: Field) -> Option<Words> {
        self.table.words(field)
    }

    fn related(&self, sql: &mut Sql, related: &Related) {
        let relation =
            self.table.attributes.get(related.place).and_then(|attribute| attribute.relation.as_deref());
        let found = relation.and_then(|relation| Some((relation, self.relatives.0.get(&relation.related)?)));
        let Some((relation, (far, readable))) = found else {
            // Of what may not be read there is nothing.
            sql.push(if related.is_none { "TRUE" } else { "FALSE" });
            return;
        };
        if relation.link() == Link::Own && matches!(readable, Readable::All) && are_on_id(&related.filters) {
            return self.on_column(sql, relation, related);
        }
        sql.push(if related.is_none { "NOT EXISTS (SELECT 1 FROM " } else { "EXISTS (SELECT 1 FROM " });
        let alias = format!("f{}", self.level);
        self.joined(sql, relation, far, &alias);
        sql.readable(far, readable, &alias, self.scope);
        let (relatives, level, scope) = (self.relatives, self.level + 1, self.scope);
        let beyond = Reach { table: far, relatives, alias, level, scope };
        sql.filters(&related.filters, &beyond).push(")");
    }
}

impl Reach<'_> {
    /// The id of the related document is in the row, and every such document may be read.
    fn on_column(&self, sql: &mut Sql, relation: &Relation, related: &Related) {
        let column = format!("{}.c{}", self.alias, relation.number);
        if related.filters.is_empty() {
            let word = if related.is_none { " IS NULL" } else { " IS NOT NULL" };
            sql.push(&column).push(word);
            return;
        }
        sql.push("(");
        for (place, filter) in related.filters.iter().enumerate() {
            if place > 0 {
                sql.push(" AND ");
            }
            if let Filter::Test(test) = filter {
                sql.test(test, &column);
            }
        }
        sql.push(")");
    }

    fn joined(&self, sql: &mut Sql, relation: &Relation, far: &Table, alias: &str) {
        let (number, near, table) = (relation.number, &self.alias, far.name.documents());
        let text = match relation.link() {
            Link::Own => format!("{table} AS {alias} WHERE {alias}.uid = {near}.c{number}"),
            Link::Theirs => format!("{table} AS {alias} WHERE {alias}.c{number} = {near}.uid"),
            Link::Pairs => {
                let (near_column, far_column) = pair_columns(relation.side);
                let pairs = pairs_name(sql.dialect(), self.scope, number);
                format!(
                    "{pairs} AS j{alias} JOIN {table} AS {alias} ON {alias}.seq = j{alias}.{far_column} \
                     WHERE j{alias}.{near_column} = {near}.seq"
                )
            }
        };
        sql.push(&text);
    }
}

fn are_on_id(filters: &[Filter]) -> bool {
    filters.iter().all(|filter| matches!(filter, Filter::Test(test) if test.field == Field::Id))
}

impl Sql {
    /// Add ` AND ..`: only documents of `table`, called `alias`, that these may read.
    pub(crate) fn readable(
        &mut self,
        table: &Table,
        readable: &Readable,
        alias: &str,
        scope: i64,
    ) -> &mut Self {
        let Readable::ByRoles(roles) = readable else { return self };
        self.push(" AND EXISTS (SELECT 1 FROM ").push(&table.name.roles());
        self.push(" AS r WHERE r.seq = ").push(alias).push(".seq AND r.role IN ");
        self.push("(SELECT number FROM cairn_roles WHERE project = ").bind(scope).push(" AND name IN ");
        self.bind_list(roles.iter().map(|role| Param::from(role.clone()))).push("))")
    }
}
