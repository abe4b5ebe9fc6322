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
mod worker;

pub use server::Server;
pub use site::SURFACES;
pub use start::StartError;
pub use worker::WorkerServer;
