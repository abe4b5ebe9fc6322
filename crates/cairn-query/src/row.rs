//! What queries are asked of.

use std::borrow::Cow;

use cairn_model::schema::Document;
use cairn_model::value::Value;

use crate::fields::Field;

/// Something with fields.
pub trait Row {
    /// The typed value of a field; null for none.
    fn value(&self, field: Field) -> Cow<'_, Value>;

    /// The rows that the relationship at this place leads to, as far as the reader may see them.
    fn related(&self, _place: usize) -> Vec<&dyn Row> {
        Vec::new()
    }
}

impl Row for Document {
    fn value(&self, field: Field) -> Cow<'_, Value> {
        match field {
            Field::Id => Cow::Owned(self.id.as_str().into()),
            Field::Sequence => Cow::Owned(self.seq.into()),
            Field::Created => Cow::Owned(self.created.into()),
            Field::Updated => Cow::Owned(self.updated.into()),
            Field::Permissions => {
                Cow::Owned(self.permissions.iter().map(ToString::to_string).collect::<Vec<_>>().into())
            }
            // Of a query's searches too; see [`crate::eval::position`].
            Field::Relevance => Cow::Owned(Value::Null),
            Field::Attribute(place) => self.values.get(place).map_or(Cow::Owned(Value::Null), Cow::Borrowed),
        }
    }
}
