//! Values that go into statements and come out of rows, alike on both engines.

use std::borrow::Cow;
use std::fmt::Write as _;

use bytes::BytesMut;
use cairn_std::Timestamp;
use postgres_types::{Format, IsNull, ToSql, Type, to_sql_checked};

use crate::{StoreError, StoreErrorKind};

/// Which SQL dialect a generated statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// A value bound to a placeholder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Param<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
}

impl Param<'_> {
    /// The same value, borrowing nothing.
    pub(crate) fn into_owned(self) -> Param<'static> {
        match self {
            Self::Null => Param::Null,
            Self::Bool(value) => Param::Bool(value),
            Self::Int(value) => Param::Int(value),
            Self::Float(value) => Param::Float(value),
            Self::Text(text) => Param::Text(Cow::Owned(text.into_owned())),
        }
    }
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Param<'_> {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<Timestamp> for Param<'_> {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.0)
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Param<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<'a> From<&'a Option<String>> for Param<'a> {
    fn from(value: &'a Option<String>) -> Self {
        value.as_ref().map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Bool(value) => ValueRef::Integer(i64::from(*value)),
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Float(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
        }))
    }
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        #[expect(clippy::cast_precision_loss, reason = "an integer compared with a float column is a float")]
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Bool(value), &Type::BOOL) => value.to_sql(ty, out),
            (Self::Int(value), &Type::FLOAT8) => (*value as f64).to_sql(ty, out),
            (Self::Int(value), &Type::INT4) => i32::try_from(*value)?.to_sql(ty, out),
            (Self::Int(value), &Type::BOOL) => (*value != 0).to_sql(ty, out),
            (Self::Int(value), &Type::INT8) => value.to_sql(ty, out),
            (Self::Float(value), &Type::FLOAT8) => value.to_sql(ty, out),
            (Self::Text(value), &Type::TEXT | &Type::VARCHAR) => value.as_ref().to_sql(ty, out),
            // Written as it is, the value would be read as something else.
            (value, ty) => Err(format!("{value:?} bound where {ty} is wanted").into()),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::BOOL, Type::INT4, Type::INT8, Type::FLOAT8, Type::TEXT, Type::VARCHAR].contains(ty)
    }

    to_sql_checked!();
}

/// A value in PostgreSQL's text form, whose type the engine infers from where it stands, as it does for a prepared
/// statement.
#[derive(Debug)]
pub(crate) struct AsText<'a>(pub(crate) &'a Param<'a>);

impl ToSql for AsText<'_> {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.0 {
            Param::Null => return Ok(IsNull::Yes),
            Param::Bool(value) => write!(out, "{value}")?,
            Param::Int(value) => write!(out, "{value}")?,
            // The shortest text that reads back as this very float.
            Param::Float(value) => write!(out, "{value:?}")?,
            Param::Text(value) => out.extend_from_slice(value.as_bytes()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// Refuse what one engine takes and the other does not, or silently changes.
pub(crate) fn check(params: &[Param<'_>]) -> Result<(), StoreError> {
    for param in params {
        let what = match param {
            Param::Text(text) if text.as_bytes().contains(&0) => "U+0000",
            Param::Float(value) if !value.is_finite() => "a float that is not finite",
            _ => continue,
        };
        return Err(StoreError::new(StoreErrorKind::Unstorable(what)));
    }
    Ok(())
}

/// A row of either engine; columns are numbered from 0.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    pub(crate) fn int(&self, column: usize) -> Result<i64, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    pub(crate) fn int_opt(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    pub(crate) fn bool(&self, column: usize) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    pub(crate) fn bool_opt(&self, column: usize) -> Result<Option<bool>, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    pub(crate) fn float_opt(&self, column: usize) -> Result<Option<f64>, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    pub(crate) fn str(&self, column: usize) -> Result<&str, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    pub(crate) fn str_opt(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    pub(crate) fn text(&self, column: usize) -> Result<String, StoreError> {
        self.str(column).map(str::to_owned)
    }

    pub(crate) fn text_opt(&self, column: usize) -> Result<Option<String>, StoreError> {
        Ok(self.str_opt(column)?.map(str::to_owned))
    }

    pub(crate) fn time(&self, column: usize) -> Result<Timestamp, StoreError> {
        self.int(column).map(Timestamp)
    }

    pub(crate) fn time_opt(&self, column: usize) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.int_opt(column)?.map(Timestamp))
    }

    /// The value of a column whatever its type, to be bound again.
    pub(crate) fn any(&self, column: usize) -> Result<Param<'static>, StoreError> {
        match self {
            Self::Sqlite(row) => {
                use rusqlite::types::Value;
                Ok(match row.get(column)? {
                    Value::Null | Value::Blob(_) => Param::Null,
                    Value::Integer(value) => Param::Int(value),
                    Value::Real(value) => Param::Float(value),
                    Value::Text(value) => Param::from(value),
                })
            }
            Self::Postgres(row) => Ok(match *row.columns()[column].type_() {
                Type::BOOL => self.bool_opt(column)?.into(),
                Type::INT4 => row.try_get::<_, Option<i32>>(column)?.map(i64::from).into(),
                Type::INT8 => self.int_opt(column)?.into(),
                Type::FLOAT8 => self.float_opt(column)?.into(),
                _ => self.text_opt(column)?.into(),
            }),
        }
    }

    /// JSON that the store wrote into a text column.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(
        &self,
        column: usize,
        table: &str,
    ) -> Result<T, StoreError> {
        serde_json::from_str(self.str(column)?).map_err(|error| {
            StoreError::caused(
                StoreErrorKind::Inconsistent(format!(
                    "{table}: column {column} is not the JSON it was written as"
                )),
                error,
            )
        })
    }
}

/// The array of bound values of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::sql::Param::from($value)),*] };
}
pub(crate) use params;

/// A statement's text for PostgreSQL: `?1` becomes `$1`, and `cairn_users` the qualified `cairn.users`.
///
/// SQLite takes the text as it stands. Texts of this crate hold no string literal with a question mark.
pub(crate) fn for_postgres(sql: &str) -> String {
    sql.replace('?', "$").replace("cairn_", "cairn.")
}

/// A value of this crate's own row types as JSON text.
pub(crate) fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("row types have string keys only")
}
