//! The use cases: every rule of the product, once, whatever surface asks.
//!
//! A module per capability, free functions over [`Cx`]: authorize, load, decide, write, emit, in that order, each
//! owning its transaction. No HTTP, no wire format, no SQL.

pub mod app;
pub mod auth;
pub mod cache;
pub mod cx;
pub mod passwords;
pub mod secrets;
pub mod tokens;

pub use app::{App, Options};
pub use cx::{Actor, Cx, RequestInfo};
