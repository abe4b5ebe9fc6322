//! Counts, sums and the like over the documents that the caller may read.

use std::sync::Arc;

use cairn_faults::Error;
use cairn_model::value::Value;
use cairn_query::{Aggregates, Field, Group, Method, Query};
use cairn_store::{Readable, Table, Tx};

use super::list::{Asked, readable};
use super::{DOCUMENTS_DEFAULT, Refused, by_schema};
use crate::listing::ListRequest;
use crate::schemas::Place;
use crate::{Cx, meter};

/// A page of groups.
#[derive(Clone, Debug)]
pub struct Grouped {
    /// The collection.
    pub table: Arc<Table>,
    /// What the groups are of, and what was computed.
    pub aggregates: Aggregates,
    /// The groups of the page, in the order of their values.
    pub groups: Vec<Group>,
    /// How many groups there are in all.
    pub total: i64,
}

/// What a list's queries compute instead of showing documents; `None` where they show documents.
///
/// # Errors
/// As a list has them; `general_query_invalid` where too many documents would have to be looked at. Only what the caller
/// may read counts there too.
pub async fn aggregate(cx: &Cx, place: &Place, request: &ListRequest) -> Result<Option<Grouped>, Error> {
    // Most lists show documents, and are not checked twice.
    if !request.queries.iter().any(|query| may_compute(query)) {
        return Ok(None);
    }
    by_schema(cx, place, |table| async move {
        let asked = Asked::shown_or_computed(cx, place, &table, request).await?;
        let Some(aggregates) = asked.query.aggregates.clone() else { return Ok(None) };
        let readable = readable(cx, &table)?;
        let read = async |tx: Tx| groups(&tx, &table, &asked, (&aggregates, &readable)).await;
        let groups = cx.store().read_long(cx.project_ref(), read).await?;
        meter::note_reads(cx, &table, groups.len());
        Ok(Some(page(table, aggregates, groups, &asked.query)))
    })
    .await
}

/// Whether a query string could hold such a method.
fn may_compute(text: &str) -> bool {
    // In quotes, so that an attribute `country` is none.
    text.split('"').any(|part| Method::by_name(part).is_some_and(Method::is_aggregate))
}

async fn groups(
    tx: &Tx,
    table: &Table,
    asked: &Asked,
    (aggregates, readable): (&Aggregates, &Readable),
) -> Result<Vec<Group>, Refused> {
    let Asked { query, relatives, .. } = asked;
    if aggregates.is_count() {
        let number = tx.document_count(table, query, (readable, relatives)).await?;
        return Ok(vec![Group { key: Vec::new(), measured: vec![Value::Int(number)] }]);
    }
    let measured = aggregates.measures.iter().filter_map(|(_, field)| *field);
    let select: Vec<Field> = aggregates.groups.iter().copied().chain(measured).collect();
    let needed = Query { select: Some(select), ..query.clone() };
    Ok(aggregates.over(&tx.document_scan(table, &needed, (readable, relatives)).await?))
}

fn page(table: Arc<Table>, aggregates: Aggregates, groups: Vec<Group>, query: &Query) -> Grouped {
    let total = i64::try_from(groups.len()).unwrap_or(i64::MAX);
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let limit = query.limit.unwrap_or(DOCUMENTS_DEFAULT).min(cairn_store::PAGE_ROWS_MAX);
    let groups = groups.into_iter().skip(number(query.offset)).take(number(limit)).collect();
    Grouped { table, aggregates, groups, total }
}
