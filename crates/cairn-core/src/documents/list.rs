//! Reading documents, with those that they relate to: one, or a page of them.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::permissions::{Action, permits};
use cairn_model::schema::Document;
use cairn_query::{DocumentFields, Field, Query, RelatedFields, build, eval};
use cairn_store::{DocumentList, Page, Readable, Relatives, TOTAL_MAX, Table, Tx};

use super::relations::{Family, has_any};
use super::{DOCUMENTS_DEFAULT, Refused, access, by_schema, not_found, sealed};
use crate::found::{Branch, Found, Listed, Shown};
use crate::listing::{ListRequest, query_error};
use crate::schemas::Place;
use crate::{Cx, meter};

/// What a request asks of a collection's documents, checked against the schema, and what it leads to.
pub(crate) struct Asked {
    pub(super) query: Query,
    /// Where the collection has relationships.
    family: Option<Family>,
    pub(super) relatives: Relatives,
}

impl Asked {
    /// Check what a client asks to be shown.
    pub(crate) async fn new(
        cx: &Cx,
        place: &Place,
        table: &Arc<Table>,
        request: &ListRequest,
    ) -> Result<Self, Error> {
        let asked = Self::shown_or_computed(cx, place, table, request).await?;
        if asked.query.aggregates.is_some() {
            let reason = "Counts, sums and groups can be asked of a list only, and not in a transaction";
            return Err(Fault::GeneralQueryInvalid.with("reason", reason));
        }
        Ok(asked)
    }

    /// Check what a client asks for, be it documents or what is computed of them.
    pub(super) async fn shown_or_computed(
        cx: &Cx,
        place: &Place,
        table: &Arc<Table>,
        request: &ListRequest,
    ) -> Result<Self, Error> {
        let family =
            if has_any(table) { Some(Family::open(cx, &place.database, table).await?) } else { None };
        let collection = table.collection();
        let query = match &family {
            _ if request.queries.is_empty() => Ok(Query::default()),
            Some(family) => {
                build(&request.queries, &RelatedFields { collection, schemas: family }, request.limits)
            }
            None => build(&request.queries, &DocumentFields(collection), request.limits),
        };
        let relatives = family.as_ref().map(|family| family.relatives().clone()).unwrap_or_default();
        Ok(Self { query: query.map_err(query_error)?, family, relatives })
    }

    /// One document that the caller may read, in a transaction of whoever asks.
    pub(crate) async fn one(
        &self,
        cx: &Cx,
        tx: &Tx,
        table: &Arc<Table>,
        id: &str,
    ) -> Result<(Document, Shown), Refused> {
        let found = tx.document_by_id(table, id).await?;
        let found = found.filter(|document| access::may(cx, table, document, Action::Read));
        let Some(mut document) = found else { return Err(Refused::Caller(not_found(id))) };
        let documents = std::slice::from_mut(&mut document);
        let branches = self.branches(tx, table, documents).await?;
        sealed::open_all(cx, table, documents)?;
        Ok((document, Shown { select: self.query.select.clone(), branches }))
    }

    async fn branches(
        &self,
        tx: &Tx,
        table: &Arc<Table>,
        documents: &mut [Document],
    ) -> Result<Vec<Branch>, Refused> {
        match &self.family {
            Some(family) => family.show(tx, table, documents, &self.query).await,
            None => Ok(Vec::new()),
        }
    }
}

/// A page of the documents that the caller may read.
///
/// # Errors
/// `user_unauthorized` where neither the collection nor, while document security is on, any document can allow it.
pub async fn list(cx: &Cx, place: &Place, request: ListRequest) -> Result<Listed, Error> {
    let request = &request;
    by_schema(cx, place, |table| async move {
        let listing = Listing::new(cx, place, &table, request).await?;
        let read = async |tx: Tx| listing.page(cx, &tx, &table).await;
        let listed = cx.store().read_long(cx.project_ref(), read).await?;
        meter::note_reads(cx, &table, listed.document_count());
        Ok(listed)
    })
    .await
}

/// A list that was checked against the schema and the caller's rights.
pub(crate) struct Listing {
    asked: Asked,
    readable: Readable,
    seed: i64,
    count_max: Option<i64>,
}

impl Listing {
    /// Check what a client asks for.
    pub(crate) async fn new(
        cx: &Cx,
        place: &Place,
        table: &Arc<Table>,
        request: &ListRequest,
    ) -> Result<Self, Error> {
        let asked = Asked::new(cx, place, table, request).await?;
        let seed = if asked.query.is_random { cx.app.ids.rng().u64() } else { 0 };
        Ok(Self {
            asked,
            readable: readable(cx, table)?,
            seed: i64::from_ne_bytes(seed.to_ne_bytes()),
            count_max: request.counts_total.then_some(TOTAL_MAX),
        })
    }

    /// The page and its total, in a transaction of whoever asks.
    pub(crate) async fn page(&self, cx: &Cx, tx: &Tx, table: &Arc<Table>) -> Result<Listed, Refused> {
        let Asked { query, relatives, .. } = &self.asked;
        let position = position(cx, tx, table, query).await?;
        let list = DocumentList {
            query,
            readable: &self.readable,
            relatives,
            position: &position,
            seed: self.seed,
            default_limit: DOCUMENTS_DEFAULT,
            count_max: self.count_max,
        };
        let (mut items, total) = tx.document_list(table, list).await?;
        let branches = self.asked.branches(tx, table, &mut items).await?;
        sealed::open_all(cx, table, &mut items)?;
        let (table, page, select) = (Arc::clone(table), Page { items, total }, query.select.clone());
        Ok(Listed { table, page, select, branches })
    }
}

/// The document called `id`, with what the request's queries select.
pub async fn get_with(cx: &Cx, place: &Place, id: &str, request: &ListRequest) -> Result<Found, Error> {
    by_schema(cx, place, |table| async move {
        let asked = Asked::new(cx, place, &table, request).await?;
        let read = async |tx: Tx| asked.one(cx, &tx, &table, id).await;
        let (document, shown) = cx.store().read(cx.project_ref(), read).await?;
        meter::note_reads(cx, &table, 1 + shown.document_count());
        Ok(Found { table, document, shown })
    })
    .await
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

/// The values of the cursor's document, one per order.
async fn position(
    cx: &Cx,
    tx: &Tx,
    table: &Table,
    query: &Query,
) -> Result<Vec<cairn_model::value::Value>, Refused> {
    let Some(cursor) = &query.cursor else { return Ok(Vec::new()) };
    let found = tx.document_by_id(table, &cursor.id).await?;
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
