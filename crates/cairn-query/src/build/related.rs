//! Paths through relationships: `author.name` in a filter or a select.
//!
//! Filters that stand side by side and go through one relationship hold for one related document. Only documents
//! that the caller may read count; what reads and what is hidden is the store's business.

#[cfg(test)]
mod tests;

use cairn_model::schema::{Link, RELATION_LEVELS_MAX, Relation};
use cairn_model::value::Value;

use super::find_in;
use crate::ast::{Filter, Op, Related, Selection, Test};
use crate::error::QueryError;
use crate::fields::{Beyond, Field, Fields, of_every_row};

/// Most relationships on the path of a filter.
const PATH_LINKS_MAX: usize = 5;

/// Whether a name leads through a relationship. An attribute may have a dot in its key.
pub(super) fn is_path(fields: &dyn Fields, name: &str) -> bool {
    split(fields, name).is_some()
}

fn split<'a, 'n>(fields: &'a dyn Fields, name: &'n str) -> Option<(Beyond<'a>, &'n str)> {
    if !name.contains('.') || fields.find(name).is_some() {
        return None;
    }
    // Keys may hold dots, so each dot may be the one behind the relationship's key.
    let mut dots = name.match_indices('.');
    dots.find_map(|(dot, _)| Some((fields.related(&name[..dot])?, &name[dot + 1..])))
}

/// Follow a path and wrap what `test` makes of its last field.
pub(super) fn through<F>(fields: &dyn Fields, path: &str, op: Op, test: F) -> Result<Filter, QueryError>
where
    F: FnOnce(&dyn Fields, &str) -> Result<Filter, QueryError>,
{
    walk(fields, (path, path), op, test, 0)
}

fn walk<F>(
    fields: &dyn Fields,
    (path, rest): (&str, &str),
    op: Op,
    test: F,
    links: usize,
) -> Result<Filter, QueryError>
where
    F: FnOnce(&dyn Fields, &str) -> Result<Filter, QueryError>,
{
    if let Some((beyond, rest)) = split(fields, rest) {
        if links == PATH_LINKS_MAX {
            let reason =
                format!("The attribute \"{path}\" leads through more than {PATH_LINKS_MAX} relationships");
            return Err(QueryError::invalid(reason).of(path));
        }
        if op.is_on_shapes() {
            let reason = format!(
                "The attribute \"{path}\" leads through a relationship; shapes are not compared there"
            );
            return Err(QueryError::invalid(reason).of(path));
        }
        let inner = walk(&*beyond.fields, (path, rest), op, test, links + 1)?;
        return Ok(lift(beyond.place, inner));
    }
    if of_every_row(rest).is_none()
        && let Some(beyond) = fields.related(rest)
    {
        return itself(&beyond, path, op, test);
    }
    test(fields, rest)
}

/// A condition on related documents, which related ones may satisfy one value each when all are asked for.
fn lift(place: usize, inner: Filter) -> Filter {
    let one = |filter| Filter::Related(Related { place, filters: vec![filter], is_none: false });
    match inner {
        Filter::Test(test) if test.op == Op::ContainsAll && !test.is_array && test.values.len() > 1 => {
            let each =
                |value: Value| one(Filter::Test(Test { op: Op::Equal, values: vec![value], ..test.clone() }));
            Filter::And(test.values.iter().cloned().map(each).collect())
        }
        Filter::And(all) => Filter::And(all.into_iter().map(one).collect()),
        inner => one(inner),
    }
}

/// A condition on the relationship itself compares the id of the related document.
fn itself<F>(beyond: &Beyond<'_>, path: &str, op: Op, test: F) -> Result<Filter, QueryError>
where
    F: FnOnce(&dyn Fields, &str) -> Result<Filter, QueryError>,
{
    // COMPAT(appwrite): clients compare this text, and use dotted paths for these.
    if beyond.relation.link() != Link::Own {
        return Err(QueryError::invalid("Cannot query on virtual relationship attribute").of(path));
    }
    if matches!(op, Op::ContainsAny | Op::ContainsAll | Op::NotContains) {
        let reason = format!(
            "Cannot query contains on attribute \"{path}\" because it is not an array, string, or object."
        );
        return Err(QueryError::invalid(reason).of(path));
    }
    let (place, is_none) = (beyond.place, op == Op::IsNull);
    if matches!(op, Op::IsNull | Op::IsNotNull) {
        return Ok(Filter::Related(Related { place, filters: Vec::new(), is_none }));
    }
    let filters = vec![test(&*beyond.fields, "$id")?];
    Ok(Filter::Related(Related { place, filters, is_none }))
}

/// Add a filter to a list of which all must hold: what it says of a relationship joins what was said before.
pub(super) fn join(filters: &mut Vec<Filter>, filter: Filter) {
    let Filter::Related(Related { place, filters: inner, is_none: false }) = filter else {
        return filters.push(filter);
    };
    let known = filters.iter_mut().find_map(|filter| match filter {
        Filter::Related(known) if known.place == place && !known.is_none => Some(known),
        _ => None,
    });
    match known {
        Some(known) => inner.into_iter().for_each(|filter| join(&mut known.filters, filter)),
        None => filters.push(Filter::Related(Related { place, filters: inner, is_none: false })),
    }
}

/// Add the path of a select. Whether the relationship at its beginning leads to a list.
pub(super) fn select(
    selections: &mut Vec<Selection>,
    fields: &dyn Fields,
    path: &str,
) -> Result<bool, QueryError> {
    descend(selections, fields, (path, path), None, 1)?;
    Ok(split(fields, path).is_some_and(|(beyond, _)| beyond.relation.is_many()))
}

fn descend(
    selections: &mut Vec<Selection>,
    fields: &dyn Fields,
    (path, rest): (&str, &str),
    from: Option<&Relation>,
    level: usize,
) -> Result<(), QueryError> {
    let Some((beyond, rest)) = split(fields, rest) else {
        find_in(fields, rest, path)?;
        return Ok(());
    };
    let is_back = from.is_some_and(|from| from.is_other_side_of(beyond.relation));
    // COMPAT(appwrite): the way back and what lies too deep are left out without a word.
    let mut left_out = Vec::new();
    let selections = if is_back || level >= RELATION_LEVELS_MAX { &mut left_out } else { selections };
    let known = selections.iter().position(|selection| selection.place == beyond.place);
    let at = known.unwrap_or_else(|| {
        selections.push(Selection { place: beyond.place, select: Some(Vec::new()), related: Vec::new() });
        selections.len() - 1
    });
    let Selection { select, related, .. } = &mut selections[at];
    if is_path(&*beyond.fields, rest) {
        let many = split(&*beyond.fields, rest).is_some_and(|(next, _)| next.relation.is_many());
        descend(related, &*beyond.fields, (path, rest), Some(beyond.relation), level + 1)?;
        // COMPAT(appwrite): who selects nothing but lists of related documents gets the rest too.
        if many && known.is_none() {
            *select = None;
        }
        return Ok(());
    }
    let field = match rest {
        "*" | "" => {
            *select = None;
            return Ok(());
        }
        "$permissions" => Field::Permissions,
        "$collection" | "$tenant" => return Ok(()),
        _ => find_in(&*beyond.fields, rest, path)?.field,
    };
    if let Some(fields) = select
        && !fields.contains(&field)
    {
        fields.push(field);
    }
    Ok(())
}
