//! What a client asks of a list, checked.

use cairn_faults::{Error, Fault};
use cairn_query::{Fields, Kind, Limits, QueryError, build};
use cairn_store::{Counting, Listing};

/// What a client asks of a list, as it wrote it.
#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    /// Queries as texts.
    pub queries: Vec<String>,
    /// Words to look for; may be empty.
    pub search: String,
    /// Whether the whole number is told.
    pub counting: Counting,
}

impl ListRequest {
    /// The list that is meant, over these fields.
    ///
    /// # Errors
    /// `general_query_invalid` and its kin when a query is malformed or does not fit the fields.
    pub fn listing(&self, fields: &dyn Fields) -> Result<Listing, Error> {
        let query = build(&self.queries, fields, Limits::CURRENT).map_err(refused)?;
        Ok(Listing { query, search: self.search.clone(), counting: self.counting })
    }
}

/// The fault of a refused query.
#[track_caller]
pub(crate) fn refused(error: QueryError) -> Error {
    match error.kind {
        Kind::Invalid | Kind::TooManyValues => Fault::GeneralQueryInvalid.with("reason", error.reason),
        Kind::Argument => Error::invalid_param("queries", error.reason),
        Kind::OrderNull => Fault::DatabaseQueryOrderNull.error(),
    }
}
