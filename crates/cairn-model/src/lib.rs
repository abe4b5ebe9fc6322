//! Domain types and the pure rules that need nothing but them.
//!
//! No type here is serializable: a surface has its own wire types, the store its own rows.

pub mod ids;
pub mod permissions;
pub mod reason;
pub mod schema;
pub mod value;
