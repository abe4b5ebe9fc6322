//! Reading related documents: one statement per relationship and level, however many documents there are.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::schema::{Document, Link, RELATION_LEVELS_MAX, Relation, Status};
use cairn_model::value::Value;
use cairn_query::{Field, Query, Selection};
use cairn_store::{Readable, RelatedList, RelatedPage, Table, Tx};

use super::{Family, Plan, linked_id};
use crate::documents::{Refused, sealed};
use crate::found::{Branch, Shown};

/// Most links of one relationship that are read for one page.
pub(super) const LINKS_MAX: usize = 10_000;

/// What is wanted of related documents.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// What was selected.
    These(&'a [Selection]),
    /// All, as far as levels go.
    All,
}

/// Where a level of documents stands.
#[derive(Clone, Copy)]
struct Level<'a> {
    table: &'a Arc<Table>,
    wanted: Wanted<'a>,
    /// The documents' own fields to answer.
    select: Option<&'a [Field]>,
    /// The relationship that led here.
    from: Option<&'a Relation>,
    number: usize,
    /// Whether a relationship with too many links is left out instead of refused.
    is_lenient: bool,
}

type Loading<'a> = Pin<Box<dyn Future<Output = Result<Vec<Branch>, Refused>> + Send + 'a>>;

impl Family {
    /// What a query shows of documents. Links that stand in their rows and lead to hidden documents are taken out.
    pub(in crate::documents) async fn show(
        &self,
        tx: &Tx,
        table: &Arc<Table>,
        documents: &mut [Document],
        query: &Query,
    ) -> Result<Vec<Branch>, Refused> {
        let wanted = if query.selects_related { Wanted::All } else { Wanted::These(&query.related) };
        let (select, number) = (query.select.as_deref(), 1);
        self.load(tx, documents, Level { table, wanted, select, from: None, number, is_lenient: false }).await
    }

    /// What the answer to a write shows: everything, as far as levels go.
    pub(super) async fn shown(
        &self,
        tx: &Tx,
        plan: &Plan,
        document: Document,
    ) -> Result<(Document, Shown), Error> {
        // What was nested may have changed this document's row.
        let read = tx.document_by_id(&plan.table, document.id.as_str()).await?;
        let mut document = read.unwrap_or(document);
        let documents = std::slice::from_mut(&mut document);
        sealed::open_all(&self.cx, &plan.table, documents)?;
        let (table, wanted) = (&plan.table, Wanted::All);
        let level = Level { table, wanted, select: None, from: None, number: 1, is_lenient: true };
        let branches = self.load(tx, documents, level).await?;
        Ok((document, Shown { select: None, branches }))
    }

    fn load<'a>(&'a self, tx: &'a Tx, documents: &'a mut [Document], level: Level<'a>) -> Loading<'a> {
        Box::pin(async move {
            let mut branches = Vec::new();
            if documents.is_empty() {
                return Ok(branches);
            }
            for (place, attribute) in level.table.attributes.iter().enumerate() {
                let relation =
                    attribute.relation.as_deref().filter(|_| attribute.status == Status::Available);
                let Some(relation) = relation else { continue };
                if level.from.is_some_and(|from| from.is_other_side_of(relation)) {
                    continue;
                }
                let selection = match level.wanted {
                    Wanted::These(selections) => selections.iter().find(|selection| selection.place == place),
                    Wanted::All => None,
                };
                let is_wanted = selection.is_some() || matches!(level.wanted, Wanted::All);
                if is_wanted && level.number < RELATION_LEVELS_MAX {
                    branches.extend(self.branch(tx, documents, level, (place, relation, selection)).await?);
                } else if relation.link() == Link::Own && is_shown(level.select, place) {
                    self.hide(tx, documents, level, (place, relation)).await?;
                }
            }
            Ok(branches)
        })
    }

    /// Follow one relationship. `None` when it has too many links and that is no fault.
    async fn branch(
        &self,
        tx: &Tx,
        documents: &[Document],
        level: Level<'_>,
        (place, relation, selection): (usize, &Relation, Option<&Selection>),
    ) -> Result<Option<Branch>, Refused> {
        let is_many = relation.is_many();
        let select = selection.and_then(|selection| selection.select.clone());
        let Some((table, readable)) = self.relatives.0.get(&relation.related) else {
            return Ok(self.tables.get(&relation.related).map(|table| Branch {
                place,
                is_many,
                table: Arc::clone(table),
                page: RelatedPage { documents: Vec::new(), places: vec![Vec::new(); documents.len()] },
                back: None,
                shown: Shown::default(),
            }));
        };
        let read = selection.and_then(|selection| fields_read(table, selection));
        let list = RelatedList {
            near: level.table,
            relation,
            place,
            far: table,
            readable,
            select: read.as_deref(),
            links_max: LINKS_MAX,
        };
        let Some(mut page) = tx.related_list(documents, list).await? else {
            return if level.is_lenient { Ok(None) } else { Err(too_many(level.table, place).into()) };
        };
        sealed::open_all(&self.cx, table, &mut page.documents)?;
        let next = Level {
            table,
            wanted: selection.map_or(Wanted::All, |selection| Wanted::These(&selection.related)),
            select: select.as_deref(),
            from: Some(relation),
            number: level.number + 1,
            is_lenient: level.is_lenient,
        };
        let branches = self.load(tx, &mut page.documents, next).await?;
        let back = table.attributes.iter().position(|attribute| {
            attribute.relation.as_deref().is_some_and(|back| relation.is_other_side_of(back))
        });
        let shown = Shown { select, branches };
        Ok(Some(Branch { place, is_many, table: Arc::clone(table), page, back, shown }))
    }

    /// Take links out that lead to documents which the caller may not read.
    async fn hide(
        &self,
        tx: &Tx,
        documents: &mut [Document],
        level: Level<'_>,
        (place, relation): (usize, &Relation),
    ) -> Result<(), Refused> {
        let shown = match self.relatives.0.get(&relation.related) {
            Some((_, Readable::All)) => return Ok(()),
            None => None,
            Some((far, readable)) => {
                let (near, select) = (&**level.table, Some(&[] as &[Field]));
                let links_max = usize::MAX >> 1;
                let list = RelatedList { near, relation, place, far, readable, select, links_max };
                tx.related_list(documents, list).await?
            }
        };
        for (at, document) in documents.iter_mut().enumerate() {
            let is_readable = shown.as_ref().is_some_and(|page| !page.places[at].is_empty());
            if !is_readable && linked_id(document, place).is_some() {
                document.values[place] = Value::Null;
            }
        }
        Ok(())
    }
}

/// The fields to read: those to answer, and those that have the links of the next level.
fn fields_read(table: &Table, selection: &Selection) -> Option<Vec<Field>> {
    let mut fields = selection.select.clone()?;
    fields.extend(selection.related.iter().map(|next| Field::Attribute(next.place)));
    fields.retain(|field| match field {
        Field::Attribute(place) => *place < table.attributes.len(),
        _ => true,
    });
    Some(fields)
}

fn is_shown(select: Option<&[Field]>, place: usize) -> bool {
    select.is_none_or(|fields| fields.contains(&Field::Attribute(place)))
}

#[track_caller]
fn too_many(table: &Table, place: usize) -> Error {
    let key = &table.attributes[place].key;
    let reason = format!(
        "The attribute \"{key}\" leads to more than {LINKS_MAX} documents on this page; list them by themselves"
    );
    Fault::GeneralQueryInvalid.with("reason", reason)
}
