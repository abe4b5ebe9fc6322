//! The error catalogue: every client-visible failure, and its status and code in every contract that Cairn speaks.
//!
//! - [`Fault`] is the condition: one row of the table in `rows/`, one page for people.
//! - [`Error`] is one occurrence of it: public parameters, broken rules, private detail and cause, location.
//! - [`Format`] is how it is told; [`render`] makes the bytes.
//! - [`explain`] finds a fault by any code of any contract; [`pages`] makes the catalogue that people read.
//!
//! Nothing here does I/O, logs or knows a web framework.

#[macro_use]
mod rows;

mod error;
mod explain;
mod format;
mod kind;
mod oauth2;
pub mod pages;
mod render;
mod table;
mod violation;

pub use error::Error;
pub use explain::{Explanation, Match, explain};
pub use format::{Code, ContractAge, Format, Vocabulary};
pub use kind::{Kind, LogLevel, Retry};
pub use oauth2::oauth_code;
pub use pages::{code_table, generated_files};
pub use render::{RenderContext, Rendered, render};
pub use table::Fault;
pub use violation::{Rule, Violation};
