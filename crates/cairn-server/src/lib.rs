//! The server around the use cases: settings, wiring, lifecycle, operations.
//!
//! [`Server::start`] puts everything together and listens; [`Server::run`] serves until it is told to stop, then
//! finishes what it accepted and closes the store last.

pub mod admin;
pub mod config;
mod connections;
mod front;
pub mod logging;
mod metrics;
mod operations;
mod server;
pub mod setup;
mod site;
mod start;
mod start_error;
mod worker;

pub use server::Server;
pub use site::SURFACES;
pub use start_error::StartError;
pub use worker::WorkerServer;
