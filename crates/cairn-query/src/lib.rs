//! The query language of lists: what a client's query strings mean, without any I/O.
//!
//! [`Raw`] is one query as the SDKs write it. [`build`] checks a list of them against the fields of a collection or
//! of a system noun and gives a typed [`Query`]. The store compiles that to SQL; [`eval`] says what the SQL must
//! answer, and tests compare the two.
//!
//! The text of compiled SQL may depend on the shape of a [`Query`] (fields, operations, how many values), never on
//! the values, which stand typed and in order in [`Test::values`].
//!
//! This crate knows no fault: a [`QueryError`] has a kind that core maps, and a reason that goes behind `Invalid query: `.

mod aggregates;
mod ast;
mod build;
mod error;
pub mod eval;
mod fields;
pub mod json;
mod method;
mod operators;
pub mod pattern;
mod raw;
pub mod relevance;
mod row;
pub mod spatial;
pub mod words;

pub use aggregates::{Aggregates, Group, Measure};
pub use ast::{Cursor, CursorSide, Element, Filter, Op, OrderBy, Query, Related, Selection, Test};
pub use build::{Limits, build};
pub use error::{Kind, QueryError};
pub use fields::{
    Beyond, DocumentFields, Field, FieldDef, FieldType, Fields, NounField, NounFields, RelatedFields, Schemas,
};
pub use method::Method;
pub use operators::operator_of;
pub use raw::{Raw, RawValue};
pub use relevance::RELEVANCE;
