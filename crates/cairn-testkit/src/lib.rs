//! What tests of every layer share: real parts, started and ended with the test.
//!
//! Nothing here is part of the product, and nothing here is faked that can be had for real. Features keep the
//! crate light: without any, it offers [`mmdb`], [`postgres`], [`provider`], [`seeds`] and [`smtp`] alone; `store` adds a
//! store per test, `app` the in-process server.

#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "app")]
pub mod id_tokens;
pub mod mmdb;
pub mod postgres;
pub mod provider;
pub mod seeds;
pub mod smtp;
#[cfg(feature = "store")]
pub mod store;
