//! The two outbound HTTP clients: everything that leaves the server over HTTP leaves through here.
//!
//! - *Configured*: endpoints that the operator wrote into the server's own configuration. Any address.
//! - *Foreign*: addresses that users, projects or remote answers supply. Each name is resolved and each address
//!   checked before a connection is made, for every hop of a redirect again; only public addresses are reached, and
//!   those that the operator opened.
//!
//! INVARIANT: neither client reads a proxy from the environment, keeps a cookie, follows a redirect that was not asked
//! for, or reads more than the request allows.

mod addresses;
mod client;
mod error;
mod request;
mod resolve;

pub use addresses::Allowed;
pub use client::{Client, Net};
pub use error::{NetError, NetErrorKind};
pub use http::{HeaderMap, Method};
pub use request::{Request, Response};
pub use resolve::addresses;
pub use url::Url;
