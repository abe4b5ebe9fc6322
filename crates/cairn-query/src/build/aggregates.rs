//! Queries for counts, sums and the like.

use cairn_model::value::Value;

use super::Builder;
use crate::aggregates::Measure;
use crate::error::QueryError;
use crate::fields::{FieldDef, FieldType};
use crate::method::Method;
use crate::raw::{Raw, RawValue};

/// Most attributes that make a group.
const GROUPS_MAX: usize = 8;
/// Most things that are computed of a group.
const MEASURES_MAX: usize = 32;

impl Builder<'_> {
    pub(super) fn aggregate(&mut self, raw: Raw) -> Result<(), QueryError> {
        let name = raw.method.name();
        if !self.fields.allows_select() {
            return Err(QueryError::invalid(format!("Invalid query method: {name}")));
        }
        let measure = match raw.method {
            Method::Count => Measure::Count,
            Method::Sum => Measure::Sum,
            Method::Avg => Measure::Avg,
            Method::Min => Measure::Min,
            Method::Max => Measure::Max,
            _ => return self.group_by(raw),
        };
        let field = if raw.attribute.is_empty() && measure == Measure::Count {
            None
        } else {
            let def = self.find(&raw.attribute)?;
            let fits = match measure {
                // Links to what the caller may not read must not count, so links do not count at all.
                Measure::Count => def.kind != FieldType::Unusable,
                Measure::Sum | Measure::Avg => is_number(def.kind),
                Measure::Min | Measure::Max => is_ordered(def) && def.kind != FieldType::Bool,
            };
            if !fits || def.is_array || def.is_encrypted {
                return Err(unfit(name, &raw.attribute));
            }
            Some(def.field)
        };
        let measures = &mut self.query.aggregates.get_or_insert_default().measures;
        if !measures.contains(&(measure, field)) {
            measures.push((measure, field));
        }
        if measures.len() > MEASURES_MAX {
            return Err(QueryError::invalid(format!("A list may compute up to {MEASURES_MAX} aggregates")));
        }
        Ok(())
    }

    fn group_by(&mut self, raw: Raw) -> Result<(), QueryError> {
        let name = raw.method.name();
        let mut attributes = Vec::new();
        if !raw.attribute.is_empty() {
            attributes.push(raw.attribute);
        }
        for value in raw.values {
            let RawValue::Value(Value::Text(attribute)) = value else {
                return Err(QueryError::invalid(format!("The values of the query {name} must be strings")));
            };
            attributes.push(attribute);
        }
        if attributes.is_empty() {
            return Err(QueryError::invalid(format!("The query {name} names no attribute")));
        }
        for attribute in attributes {
            let def = self.find(&attribute)?;
            if !is_ordered(def) {
                return Err(unfit(name, &attribute));
            }
            let groups = &mut self.query.aggregates.get_or_insert_default().groups;
            if !groups.contains(&def.field) {
                groups.push(def.field);
            }
            if groups.len() > GROUPS_MAX {
                return Err(QueryError::invalid(format!(
                    "A list may be grouped by up to {GROUPS_MAX} attributes"
                )));
            }
        }
        Ok(())
    }

    /// What has no meaning beside aggregates.
    pub(super) fn check_aggregates(&self) -> Result<(), QueryError> {
        let query = &self.query;
        let what = if query.aggregates.is_none() {
            return Ok(());
        } else if query.cursor.is_some() {
            "a cursor"
        } else if query.select.is_some() || self.selects_all {
            "select"
        } else if query.is_random || !query.orders.is_empty() {
            "an order: groups come in the order of their values"
        } else {
            return Ok(());
        };
        Err(QueryError::invalid(format!("A list of aggregates cannot have {what}")))
    }
}

fn is_number(kind: FieldType) -> bool {
    matches!(kind, FieldType::Int | FieldType::Bigint | FieldType::Float)
}

fn is_ordered(def: FieldDef) -> bool {
    !def.is_array && !def.is_encrypted && !matches!(def.kind, FieldType::Shape(_) | FieldType::Unusable)
}

fn unfit(name: &str, attribute: &str) -> QueryError {
    QueryError::invalid(format!(
        "Cannot compute {name} of the attribute \"{attribute}\" because of its type."
    ))
    .of(attribute)
}
