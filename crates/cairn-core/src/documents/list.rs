//! Lists of documents.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::permissions::{Action, permits};
use cairn_model::schema::Document;
use cairn_query::{DocumentFields, Field, Query, build, eval};
use cairn_store::{DocumentList, Page, Readable, TOTAL_MAX, Table, Tx};

use super::{DOCUMENTS_DEFAULT, RUNS_MAX, access, is_stale, sealed};
use crate::Cx;
use crate::collections::{Place, open};
use crate::listing::{ListRequest, query_error};

/// A page of documents.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The collection.
    pub table: Arc<Table>,
    /// The documents and how many there are.
    pub page: Page<Document>,
    /// The fields to answer; all when `None`.
    pub select: Option<Vec<Field>>,
}

/// A page of the documents that the caller may read.
///
/// # Errors
/// `user_unauthorized` where neither the collection nor, while document security is on, any document can allow it.
pub async fn list(cx: &Cx, place: &Place, request: ListRequest) -> Result<Listed, Error> {
    for _ in 0..RUNS_MAX {
        let table = open(cx, place).await?;
        let listing = Listing::new(cx, &table, &request)?;
        let read = {
            let (listing, table) = (&listing, &table);
            move |tx: Tx| async move {
                match listing.read(cx, &tx, table).await {
                    Ok(page) => Ok(Ok(page)),
                    Err(Refused::Store(error)) => Err(error),
                    Err(Refused::Caller(error)) => Ok(Err(error)),
                }
            }
        };
        match cx.store().read_long(cx.project_ref(), read).await {
            Ok(Err(error)) => return Err(error),
            Ok(Ok((mut items, total))) => {
                sealed::open_all(cx, &table, &mut items)?;
                return Ok(Listed { table, page: Page { items, total }, select: listing.query.select });
            }
            Err(error) if is_stale(cx, place, &table, &error).await => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Fault::GeneralServerError.error().detail("the schema kept changing"))
}

/// A list that was checked against the schema and the caller's rights.
pub(crate) struct Listing {
    pub(crate) query: Query,
    readable: Readable,
    seed: i64,
    count_max: Option<i64>,
}

impl Listing {
    /// Check what a client asks for.
    pub(crate) fn new(cx: &Cx, table: &Table, request: &ListRequest) -> Result<Self, Error> {
        let query = build(&request.queries, &DocumentFields(table.collection()), request.limits)
            .map_err(query_error)?;
        if query.aggregates.is_some() {
            let reason = "Counts, sums and groups cannot be asked for in a transaction";
            return Err(Fault::GeneralQueryInvalid.with("reason", reason));
        }
        Ok(Self {
            query,
            readable: readable(cx, table)?,
            seed: i64::from_ne_bytes(cx.app.ids.rng().u64().to_ne_bytes()),
            count_max: request.counts_total.then_some(TOTAL_MAX),
        })
    }

    /// The page and its total, in a transaction of whoever asks.
    pub(crate) async fn page(&self, cx: &Cx, tx: &Tx, table: &Table) -> Result<(Vec<Document>, i64), Error> {
        self.read(cx, tx, table).await.map_err(|refused| match refused {
            Refused::Store(error) => error.into(),
            Refused::Caller(error) => error,
        })
    }

    async fn read(&self, cx: &Cx, tx: &Tx, table: &Table) -> Result<(Vec<Document>, i64), Refused> {
        let position = position(cx, tx, table, &self.query).await?;
        let list = DocumentList {
            query: &self.query,
            readable: &self.readable,
            position: &position,
            seed: self.seed,
            default_limit: DOCUMENTS_DEFAULT,
            count_max: self.count_max,
        };
        tx.document_list(table, list).await.map_err(Refused::Store)
    }
}

pub(super) fn readable(cx: &Cx, table: &Table) -> Result<Readable, Error> {
    if cx.is_privileged() || permits(&table.permissions, Action::Read, &cx.roles) {
        return Ok(Readable::All);
    }
    if table.document_security {
        return Ok(Readable::ByRoles(cx.roles.sorted()));
    }
    Err(access::unauthorized(cx, table, Action::Read))
}

/// Why a list has no position.
enum Refused {
    Store(cairn_store::StoreError),
    Caller(Error),
}

/// The values of the cursor's document, one per order.
async fn position(
    cx: &Cx,
    tx: &Tx,
    table: &Table,
    query: &Query,
) -> Result<Vec<cairn_model::value::Value>, Refused> {
    let Some(cursor) = &query.cursor else { return Ok(Vec::new()) };
    let found = tx.document_by_id(table, &cursor.id).await.map_err(Refused::Store)?;
    let found = found.filter(|document| access::may(cx, table, document, Action::Read));
    let Some(document) = found else {
        return Err(Refused::Caller(Fault::GeneralCursorNotFound.with("cursor", &cursor.id)));
    };
    eval::position(query, &document).map_err(|field| {
        let name = match field {
            Field::Attribute(place) => table.attributes[place].key.clone(),
            _ => "$sequence".to_owned(),
        };
        Refused::Caller(Fault::DatabaseQueryOrderNull.with("attribute", name))
    })
}

/// The fields that the queries of a single read select; all when `None`.
pub fn selected(table: &Table, request: &ListRequest) -> Result<Option<Vec<Field>>, Error> {
    let query =
        build(&request.queries, &DocumentFields(table.collection()), request.limits).map_err(query_error)?;
    Ok(query.select)
}
