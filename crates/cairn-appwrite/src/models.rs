//! What answers look like, as data: one declaration for each model that wire functions build.
//!
//! Route rows name them. Every scenario compares its answers with them, so a wire function and its model change
//! together.

mod apps;
mod databases;
mod mfa;
mod platform;
mod server;
mod usage;
mod users;

pub(crate) use apps::*;
pub(crate) use databases::*;
pub(crate) use mfa::*;
pub(crate) use platform::*;
pub(crate) use server::*;
pub(crate) use usage::*;
pub(crate) use users::*;
