//! Scenarios: requests through the whole server and what comes of them, on every engine.
//!
//! A module per capability and surface. A scenario names the rows of the contract that it proves; the ratchet
//! (`contract.rs`) compares them with `contract/`, and another one (`routes.rs`) asks every route who may use it.

// A scenario is one future with those of all its requests inside.
#![recursion_limit = "256"]

mod accounts;
mod anything;
mod ask;
mod bad_input;
mod chat;
mod contract;
mod databases;
mod everlive;
mod failures;
mod formats;
mod general;
mod keys;
mod oauth;
