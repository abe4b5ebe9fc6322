//! The rows of the catalogue, one file per area. [`crate::table`] says how a row is written.

#[macro_use]
mod account;
#[macro_use]
mod chat;
#[macro_use]
mod community;
#[macro_use]
mod databases;
#[macro_use]
mod everlive;
#[macro_use]
mod functions;
#[macro_use]
mod general;
#[macro_use]
mod messaging;
#[macro_use]
mod oauth2;
#[macro_use]
mod operations;
#[macro_use]
mod platform;
#[macro_use]
mod reason;
#[macro_use]
mod storage;
#[macro_use]
mod teams;
#[macro_use]
mod users;
