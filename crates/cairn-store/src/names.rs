//! What the tables of documents are called: names are made of numbers, never of what clients choose.
//!
//! On PostgreSQL the tables of all projects lie in [`SCHEMAS`] schemas and are always named with theirs; on SQLite each
//! project has a file of its own.

use cairn_model::schema::Side;

use crate::sql::Dialect;

/// Schemas of PostgreSQL that hold the tables of documents.
pub(crate) const SCHEMAS: i64 = 16;

/// What a table and its indexes are called.
#[derive(Clone, Debug)]
pub(crate) struct TableName {
    /// `schema.` or nothing.
    pub(crate) schema: String,
    /// The table without its schema.
    pub(crate) base: String,
}

impl TableName {
    pub(crate) fn new(dialect: Dialect, project: i64, collection: i64) -> Self {
        match dialect {
            Dialect::Sqlite => Self { schema: String::new(), base: format!("d{collection}") },
            Dialect::Postgres => Self {
                schema: format!("{}.", schema((project + collection).rem_euclid(SCHEMAS))),
                base: format!("p{project}_d{collection}"),
            },
        }
    }

    pub(crate) fn documents(&self) -> String {
        format!("{}{}", self.schema, self.base)
    }

    pub(crate) fn roles(&self) -> String {
        format!("{}{}_r", self.schema, self.base)
    }

    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The words of all searched attributes.
    pub(crate) fn words(&self) -> String {
        format!("{}{}_w", self.schema, self.base)
    }

    /// The frames of the shapes of one index.
    pub(crate) fn frames(&self, index: i64) -> String {
        format!("{}{}_g{index}", self.schema, self.base)
    }

    pub(crate) fn index(&self, number: i64) -> String {
        format!("{}_i{number}", self.base)
    }
}

/// A schema of PostgreSQL for tables of documents.
pub(crate) fn schema(number: i64) -> String {
    format!("documents_{number:02}")
}

/// The table that has the links of a relationship between many and many.
pub(crate) fn pairs_name(dialect: Dialect, project: i64, relation: i64) -> String {
    match dialect {
        Dialect::Sqlite => format!("j{relation}"),
        Dialect::Postgres => {
            format!("{}.p{project}_j{relation}", schema((project + relation).rem_euclid(SCHEMAS)))
        }
    }
}

/// The columns of a table of pairs that have the near and the far documents.
pub(crate) fn pair_columns(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Parent => ("parent", "child"),
        Side::Child => ("child", "parent"),
    }
}
