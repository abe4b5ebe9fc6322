//! `elemMatch`: conditions that one element of a list satisfies together.
//!
//! The reference asks this of lists of objects, which have no place in a schema. Of a list of plain values it asks the same
//! in the words of the other queries; each names the list's own attribute and means the element.

use super::{Builder, find_in, related};
use crate::ast::{Element, Filter, Op, Query};
use crate::error::QueryError;
use crate::fields::{FieldDef, FieldType, Fields};
use crate::raw::{Raw, RawValue};

/// The one field that an element has: itself.
struct ElementFields<'a> {
    name: &'a str,
    def: FieldDef,
}

impl Fields for ElementFields<'_> {
    fn find(&self, name: &str) -> Option<FieldDef> {
        (name == self.name).then_some(self.def)
    }

    fn allows_select(&self) -> bool {
        false
    }
}

impl Builder<'_> {
    pub(super) fn element(&mut self, raw: Raw) -> Result<Filter, QueryError> {
        let attribute = raw.attribute.clone();
        if raw.values.is_empty() {
            return Err(refused(&attribute, "needs at least one query"));
        }
        let fields = self.fields;
        // Asked of a relationship it is refused as `contains` is.
        related::through(fields, &attribute, Op::ContainsAny, |fields, last| {
            let def = find_in(fields, last, &attribute)?;
            if !def.is_array || matches!(def.kind, FieldType::Shape(_) | FieldType::Unusable) {
                return Err(refused(&attribute, "needs an attribute that is an array"));
            }
            let def = FieldDef { is_array: false, has_words: false, ..def };
            let filters = self.of_element(raw, &ElementFields { name: &attribute, def })?;
            Ok(Filter::Element(Element { field: def.field, kind: def.kind, filters }))
        })
    }

    fn of_element(&mut self, raw: Raw, fields: &ElementFields<'_>) -> Result<Vec<Filter>, QueryError> {
        let mut inner = Builder {
            fields,
            limits: self.limits,
            conditions: self.conditions,
            values: self.values,
            offset: None,
            selects_all: false,
            selects_one: false,
            query: Query::default(),
        };
        let mut filters = Vec::with_capacity(raw.values.len());
        for value in raw.values {
            let filter = match value {
                RawValue::Query(query) if query.method.is_filter() => inner.filter(query)?,
                _ => return Err(refused(fields.name, "may hold filters only")),
            };
            if !is_of_element(&filter, fields.def) {
                return Err(refused(
                    fields.name,
                    "may ask of the elements only, by the name of the attribute",
                ));
            }
            filters.push(filter);
        }
        (self.conditions, self.values) = (inner.conditions, inner.values);
        Ok(filters)
    }
}

/// Whether a condition is about the element alone.
fn is_of_element(filter: &Filter, def: FieldDef) -> bool {
    match filter {
        Filter::And(inner) | Filter::Or(inner) => inner.iter().all(|filter| is_of_element(filter, def)),
        Filter::Test(test) => test.field == def.field,
        Filter::Related(_) | Filter::Element(_) => false,
    }
}

fn refused(attribute: &str, why: &str) -> QueryError {
    QueryError::invalid(format!("The query elemMatch on attribute \"{attribute}\" {why}")).of(attribute)
}
